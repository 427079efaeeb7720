-- Country totals: the columns of country_years, pooled over the period and over its years with complete c2.
WITH years AS (
    SELECT DISTINCT pub_year, c2_complete
    FROM citation_windows
    WHERE pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
),
spans AS (
    SELECT 'period' AS years, pub_year FROM years
    UNION ALL
    SELECT 'complete' AS years, pub_year FROM years WHERE c2_complete
),
led AS (
    SELECT
        s.years,
        l.lead_country AS country_code,
        len(f.lead_countries) AS n_leads,
        len(f.countries) > 1 AS is_international,
        c.c2,
        c.hit_1pct,
        c.hit_10pct,
        c.c2_complete
    FROM spans AS s
    JOIN led_works AS l ON l.pub_year = s.pub_year
    JOIN field_works AS f ON f.work_id = l.work_id
    JOIN citation_windows AS c ON c.work_id = l.work_id
),
present AS (
    -- Distinct over the years: a scientist who stays is one.
    SELECT s.years, y.country_code, count(DISTINCT y.author_id) AS n_scientists
    FROM spans AS s
    JOIN author_country_years AS y ON y.pub_year = s.pub_year
    JOIN scientists AS q ON q.author_id = y.author_id
    WHERE y.n_field_works > 0
    GROUP BY s.years, y.country_code
),
totals AS (
    SELECT
        years,
        country_code,
        count(*) AS n_works,
        sum(1 / n_leads::DOUBLE) AS n_works_fractional,
        sum(c2) AS total_c2,
        -- Null only where every weight is: years without a threshold add nothing.
        sum(hit_1pct) AS n_hits,
        sum(hit_10pct) AS n_hits_10pct,
        count(*) FILTER (is_international) AS n_international,
        bool_and(c2_complete) AS is_complete
    FROM led
    GROUP BY years, country_code
),
counted AS (
    SELECT t.*, coalesce(p.n_scientists, 0) AS n_scientists
    FROM totals AS t
    LEFT JOIN present AS p ON p.years = t.years AND p.country_code = t.country_code
)
SELECT
    country_code,
    years,
    n_works,
    (n_works / (sum(n_works) OVER span)::DOUBLE) AS share_works,
    n_works_fractional,
    n_scientists,
    total_c2::BIGINT AS total_c2,
    total_c2::DOUBLE / n_works AS mean_c2,
    n_hits,
    n_hits / nullif(sum(n_hits) OVER span, 0) AS share_hits,
    n_hits / n_works AS pp_top_1pct,
    n_hits_10pct / n_works AS pp_top_10pct,
    n_international,
    is_complete,
    -- Equals share the better rank; rounded, because sums of fractions differ in their last digits.
    rank() OVER (PARTITION BY years ORDER BY n_works DESC)::INTEGER AS rank_works,
    rank() OVER (PARTITION BY years ORDER BY n_scientists DESC)::INTEGER AS rank_scientists,
    rank() OVER (PARTITION BY years ORDER BY total_c2 DESC)::INTEGER AS rank_c2,
    CASE WHEN n_hits IS NOT NULL THEN
        rank() OVER (PARTITION BY years ORDER BY round(n_hits, 9) DESC NULLS LAST)::INTEGER
    END AS rank_hits
FROM counted
WINDOW span AS (PARTITION BY years)
ORDER BY country_code, years
