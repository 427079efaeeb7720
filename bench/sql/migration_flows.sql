WITH residents AS (
    -- At risk: scientists, never in two countries at once, whose primary country in the field it was that year.
    SELECT country_code AS origin_country, pub_year + 1 AS move_year, count(*) AS n_residents
    FROM author_country_years
    SEMI JOIN (FROM scientists WHERE NOT is_simultaneous) USING (author_id)
    WHERE is_primary_in_field
    GROUP BY ALL
),
flows AS (
    SELECT
        origin_country,
        destination_country,
        move_year,
        count(*) AS n_moves,
        count(*) FILTER (is_entry) AS n_entries,
        count(DISTINCT author_id) AS n_scientists
    FROM migrations
    GROUP BY ALL
)
SELECT
    origin_country,
    coalesce(o.country_name, origin_country) AS origin_country_name,
    destination_country,
    coalesce(d.country_name, destination_country) AS destination_country_name,
    move_year,
    n_moves,
    n_entries,
    n_scientists,
    n_moves / n_residents AS rate
FROM flows
LEFT JOIN residents USING (origin_country, move_year)
LEFT JOIN countries AS o ON o.country_code = origin_country
LEFT JOIN countries AS d ON d.country_code = destination_country
