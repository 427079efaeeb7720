WITH in_field AS (
    -- Of scientists never in two countries at once.
    SELECT author_id, pub_year, country_code, is_primary_in_field
    FROM author_country_years
    SEMI JOIN (FROM scientists WHERE NOT is_simultaneous) USING (author_id)
    WHERE n_field_works > 0
),
presence AS (
    SELECT
        author_id,
        country_code,
        min(pub_year) AS first_year,
        max(pub_year) AS last_year,
        min(pub_year) FILTER (is_primary_in_field) AS first_primary_year
    FROM in_field
    GROUP BY author_id, country_code
),
steps AS (
    SELECT
        author_id,
        lag(country_code) OVER career AS origin_country,
        country_code AS destination_country,
        pub_year AS move_year,
        lag(pub_year) OVER career AS last_origin_year
    FROM in_field
    WHERE is_primary_in_field
    WINDOW career AS (PARTITION BY author_id ORDER BY pub_year)
),
moves AS (
    -- Numbered over the whole career, before the period is cut out.
    SELECT *, row_number() OVER (PARTITION BY author_id ORDER BY move_year)::INTEGER AS move_seq
    FROM steps
    WHERE origin_country <> destination_country
)
SELECT
    m.author_id,
    m.move_seq,
    m.origin_country,
    m.destination_country,
    m.move_year,
    m.last_origin_year,
    m.move_year - m.last_origin_year - 1 AS gap_years,
    d.first_primary_year < m.move_year AS is_return,
    d.first_year >= m.move_year AS is_entry,
    o.last_year >= m.move_year AS overlaps_origin
FROM moves AS m
JOIN presence AS d ON d.author_id = m.author_id AND d.country_code = m.destination_country
JOIN presence AS o ON o.author_id = m.author_id AND o.country_code = m.origin_country
WHERE m.move_year BETWEEN getvariable('first_year') AND getvariable('last_year')
