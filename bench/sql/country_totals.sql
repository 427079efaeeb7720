-- The columns of country_years, pooled over the period and over its years with complete c2.
WITH spans AS (
    SELECT DISTINCT pub_year, unnest(CASE WHEN c2_complete THEN ['period', 'complete'] ELSE ['period'] END) AS years
    FROM citation_windows
    WHERE pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
),
totals AS (
    SELECT
        s.years,
        l.lead_country AS country_code,
        count(*) AS n_works,
        sum(1 / len(f.lead_countries)) AS n_works_fractional,
        sum(c.c2)::BIGINT AS total_c2,
        sum(c.hit_1pct) AS n_hits,
        sum(c.hit_10pct) AS n_hits_10pct,
        count(*) FILTER (len(f.countries) > 1) AS n_international,
        bool_and(c.c2_complete) AS is_complete
    FROM led_works AS l
    JOIN field_works AS f USING (work_id)
    JOIN citation_windows AS c USING (work_id)
    JOIN spans AS s ON s.pub_year = l.pub_year
    GROUP BY s.years, l.lead_country
),
present AS (
    -- Distinct over the years: a scientist who stays is one.
    SELECT s.years, y.country_code, count(DISTINCT y.author_id) AS n_scientists
    FROM author_country_years AS y
    SEMI JOIN scientists AS q ON q.author_id = y.author_id
    JOIN spans AS s ON s.pub_year = y.pub_year
    WHERE y.n_field_works > 0
    GROUP BY s.years, y.country_code
),
counted AS (
    SELECT * REPLACE (coalesce(n_scientists, 0) AS n_scientists)
    FROM totals
    LEFT JOIN present USING (years, country_code)
)
SELECT
    country_code,
    coalesce(country_name, country_code) AS country_name,
    years,
    n_works,
    n_works / sum(n_works) OVER span AS share_works,
    n_works_fractional,
    n_scientists,
    total_c2,
    total_c2 / n_works AS mean_c2,
    n_hits,
    n_hits / nullif(sum(n_hits) OVER span, 0) AS share_hits,
    n_hits / n_works AS pp_top_1pct,
    n_hits_10pct / n_works AS pp_top_10pct,
    n_international,
    is_complete,
    -- Equals share the better rank; hits rounded, because sums of fractions differ in their last digits.
    rank() OVER (span ORDER BY n_works DESC)::INTEGER AS rank_works,
    rank() OVER (span ORDER BY n_scientists DESC)::INTEGER AS rank_scientists,
    rank() OVER (span ORDER BY total_c2 DESC)::INTEGER AS rank_c2,
    CASE WHEN n_hits IS NOT NULL
        THEN rank() OVER (span ORDER BY round(n_hits, 9) DESC NULLS LAST)::INTEGER END AS rank_hits
FROM counted
LEFT JOIN countries USING (country_code)
WINDOW span AS (PARTITION BY years)
