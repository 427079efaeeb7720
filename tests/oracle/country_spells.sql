-- Country spells: runs of the same primary country over an author's active years (a silent year ends no run).
WITH primary_years AS (
    SELECT
        author_id,
        pub_year,
        country_code,
        n_works,
        lag(country_code) OVER (PARTITION BY author_id ORDER BY pub_year) AS country_before
    FROM author_country_years
    WHERE is_primary
),
numbered AS (
    -- A run starts where the country differs from the year before; the starts so far number the run, from 1.
    SELECT
        *,
        count(*) FILTER (country_before IS DISTINCT FROM country_code) OVER (
            PARTITION BY author_id ORDER BY pub_year ROWS UNBOUNDED PRECEDING
        ) AS spell
    FROM primary_years
)
SELECT
    author_id,
    spell::INTEGER AS spell,
    country_code,
    min(pub_year) AS start_year,
    max(pub_year) AS end_year,
    sum(n_works)::BIGINT AS n_works
FROM numbered
GROUP BY author_id, spell, country_code
ORDER BY author_id, spell
