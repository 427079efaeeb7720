WITH primary_years AS (
    SELECT author_id, pub_year, country_code, n_works FROM author_country_years WHERE is_primary
),
careers AS (
    SELECT
        author_id,
        min(country_code) AS country_code,
        min(country_code) = max(country_code) AS is_one_spell,
        min(pub_year) AS start_year,
        max(pub_year) AS end_year,
        sum(n_works)::BIGINT AS n_works
    FROM primary_years
    GROUP BY author_id
),
years_of_movers AS (
    SELECT *, lag(country_code) OVER (PARTITION BY author_id ORDER BY pub_year) AS country_before
    FROM primary_years
    SEMI JOIN (FROM careers WHERE NOT is_one_spell) USING (author_id)
),
numbered AS (
    -- A run starts where the country differs from the year before; the starts so far number the run, from 1.
    SELECT
        *,
        count(*) FILTER (country_before IS DISTINCT FROM country_code) OVER (
            PARTITION BY author_id ORDER BY pub_year ROWS UNBOUNDED PRECEDING
        )::INTEGER AS spell
    FROM years_of_movers
)
SELECT author_id, 1 AS spell, country_code, start_year, end_year, n_works FROM careers WHERE is_one_spell
UNION ALL
SELECT author_id, spell, any_value(country_code), min(pub_year), max(pub_year), sum(n_works)::BIGINT
FROM numbered
GROUP BY author_id, spell
