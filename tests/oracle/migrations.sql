-- Migrations: changes of the primary country in the field, between consecutive years that have one.
WITH residences AS (
    -- One primary country a year, for scientists never in two countries at once.
    SELECT y.author_id, y.pub_year, y.country_code
    FROM author_country_years AS y
    JOIN scientists AS s ON s.author_id = y.author_id
    WHERE y.is_primary_in_field AND NOT s.is_simultaneous
),
steps AS (
    SELECT
        author_id,
        lag(country_code) OVER career AS origin_country,
        country_code AS destination_country,
        pub_year AS move_year,
        lag(pub_year) OVER career AS last_origin_year
    FROM residences
    WINDOW career AS (PARTITION BY author_id ORDER BY pub_year)
),
moves AS (
    -- Numbered over the whole career, before the period is cut out.
    SELECT *, row_number() OVER (PARTITION BY author_id ORDER BY move_year) AS move_seq
    FROM steps
    WHERE origin_country <> destination_country
)
SELECT
    m.author_id,
    m.move_seq::INTEGER AS move_seq,
    m.origin_country,
    m.destination_country,
    m.move_year,
    m.last_origin_year,
    (m.move_year - m.last_origin_year - 1)::INTEGER AS gap_years,
    -- The destination was the primary country once before.
    EXISTS (
        FROM residences AS r
        WHERE r.author_id = m.author_id AND r.country_code = m.destination_country AND r.pub_year < m.move_year
    ) AS is_return,
    -- No field work from the destination in any earlier year, primary or not.
    NOT EXISTS (
        FROM author_country_years AS y
        WHERE y.author_id = m.author_id AND y.country_code = m.destination_country
          AND y.pub_year < m.move_year AND y.n_field_works > 0
    ) AS is_entry,
    -- Some field work from the origin in the move year or at any time after it.
    EXISTS (
        FROM author_country_years AS y
        WHERE y.author_id = m.author_id AND y.country_code = m.origin_country
          AND y.pub_year >= m.move_year AND y.n_field_works > 0
    ) AS overlaps_origin
FROM moves AS m
WHERE m.move_year BETWEEN getvariable('first_year') AND getvariable('last_year')
ORDER BY m.author_id, m.move_seq
