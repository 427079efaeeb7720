-- What a country wins and loses by the moves of a year.
WITH residents AS (
    SELECT y.country_code, y.pub_year, count(*)::DOUBLE AS n_residents
    FROM author_country_years AS y
    JOIN scientists AS s ON s.author_id = y.author_id
    WHERE y.is_primary_in_field AND NOT s.is_simultaneous
    GROUP BY y.country_code, y.pub_year
),
balance AS (
    SELECT
        country_code,
        move_year,
        count(*) FILTER (came) AS n_in,
        count(*) FILTER (NOT came) AS n_out,
        count(*) FILTER (came AND is_entry) AS n_entries_in,
        count(*) FILTER (NOT came AND is_entry) AS n_entries_out
    FROM (
        SELECT destination_country AS country_code, move_year, is_entry, true AS came FROM migrations
        UNION ALL
        SELECT origin_country, move_year, is_entry, false FROM migrations
    )
    GROUP BY country_code, move_year
)
SELECT
    b.country_code,
    b.move_year,
    b.n_in,
    b.n_out,
    b.n_in - b.n_out AS net,
    b.n_entries_in,
    b.n_entries_out,
    b.n_in / r.n_residents AS rate_in,
    b.n_out / r.n_residents AS rate_out,
    (b.n_in - b.n_out) / r.n_residents AS rate_net
FROM balance AS b
LEFT JOIN residents AS r ON r.country_code = b.country_code AND r.pub_year = b.move_year - 1
ORDER BY b.country_code, b.move_year
