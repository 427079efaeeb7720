-- Country years: what each country led in each year of the period. A row only where it led a work.
WITH led AS (
    SELECT
        l.lead_country AS country_code,
        l.pub_year,
        len(f.lead_countries) AS n_leads,
        -- International: the work lists a second country, by whichever author.
        len(f.countries) > 1 AS is_international,
        c.c2,
        c.hit_1pct,
        c.hit_10pct,
        c.c2_complete
    FROM led_works AS l
    JOIN field_works AS f ON f.work_id = l.work_id
    JOIN citation_windows AS c ON c.work_id = l.work_id
    WHERE l.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
),
present AS (
    -- A scientist in several countries in a year is counted once in each.
    SELECT y.country_code, y.pub_year, count(DISTINCT y.author_id) AS n_scientists
    FROM author_country_years AS y
    JOIN scientists AS s ON s.author_id = y.author_id
    WHERE y.n_field_works > 0
    GROUP BY y.country_code, y.pub_year
),
totals AS (
    SELECT
        country_code,
        pub_year,
        count(*) AS n_works,
        sum(1 / n_leads::DOUBLE) AS n_works_fractional,
        sum(c2) AS total_c2,
        sum(hit_1pct) AS n_hits,
        sum(hit_10pct) AS n_hits_10pct,
        count(*) FILTER (is_international) AS n_international,
        bool_and(c2_complete) AS is_complete
    FROM led
    GROUP BY country_code, pub_year
)
SELECT
    t.country_code,
    t.pub_year,
    t.n_works,
    (t.n_works / (sum(t.n_works) OVER year)::DOUBLE) AS share_works,
    t.n_works_fractional,
    coalesce(p.n_scientists, 0) AS n_scientists,
    t.total_c2::BIGINT AS total_c2,
    t.total_c2::DOUBLE / t.n_works AS mean_c2,
    t.n_hits,
    -- Of the hits that some country led; undefined where nobody led one.
    t.n_hits / nullif(sum(t.n_hits) OVER year, 0) AS share_hits,
    t.n_hits / t.n_works AS pp_top_1pct,
    t.n_hits_10pct / t.n_works AS pp_top_10pct,
    t.n_international,
    t.is_complete
FROM totals AS t
LEFT JOIN present AS p ON p.country_code = t.country_code AND p.pub_year = t.pub_year
WINDOW year AS (PARTITION BY t.pub_year)
ORDER BY t.country_code, t.pub_year
