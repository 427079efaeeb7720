-- Migration flows: moves of the period by origin, destination and year.
WITH residents AS (
    -- At risk: scientists, never in two countries at once, whose primary country in the field it was that year.
    SELECT y.country_code, y.pub_year, count(*) AS n_residents
    FROM author_country_years AS y
    JOIN scientists AS s ON s.author_id = y.author_id
    WHERE y.is_primary_in_field AND NOT s.is_simultaneous
    GROUP BY y.country_code, y.pub_year
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
    GROUP BY origin_country, destination_country, move_year
)
SELECT
    f.*,
    -- Per resident of the year before; null where nobody was active there. A mover with a gap is in the numerator only.
    f.n_moves / r.n_residents::DOUBLE AS rate
FROM flows AS f
LEFT JOIN residents AS r ON r.country_code = f.origin_country AND r.pub_year = f.move_year - 1
ORDER BY f.origin_country, f.destination_country, f.move_year
