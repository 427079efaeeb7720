WITH totals AS (
    SELECT
        l.lead_country AS country_code,
        l.pub_year,
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
    WHERE l.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
    GROUP BY l.lead_country, l.pub_year
),
present AS (
    -- A scientist in several countries in a year counts once in each.
    SELECT country_code, pub_year, count(*) AS n_scientists
    FROM author_country_years
    SEMI JOIN scientists USING (author_id)
    WHERE n_field_works > 0
    GROUP BY country_code, pub_year
)
SELECT
    country_code,
    coalesce(country_name, country_code) AS country_name,
    pub_year,
    n_works,
    n_works / sum(n_works) OVER year AS share_works,
    n_works_fractional,
    coalesce(n_scientists, 0) AS n_scientists,
    total_c2,
    total_c2 / n_works AS mean_c2,
    n_hits,
    -- Of the hits that some country led; undefined where nobody led one.
    n_hits / nullif(sum(n_hits) OVER year, 0) AS share_hits,
    n_hits / n_works AS pp_top_1pct,
    n_hits_10pct / n_works AS pp_top_10pct,
    n_international,
    is_complete
FROM totals
LEFT JOIN present USING (country_code, pub_year)
LEFT JOIN countries USING (country_code)
WINDOW year AS (PARTITION BY pub_year)
