-- Citation windows: every field work, zeros included; citing works of any field.
WITH works_by_year AS (
    SELECT pub_year, count(*) AS n_works
    FROM works
    GROUP BY pub_year
),
snapshot AS (
    -- Given, or the newest year with at least half as many works as the largest year.
    SELECT CASE
        WHEN getvariable('last_full_year') > 0 THEN getvariable('last_full_year')
        ELSE (
            SELECT max(pub_year)
            FROM works_by_year
            WHERE 2 * n_works >= (SELECT max(n_works) FROM works_by_year)
        )
    END AS last_full_year
),
received AS (
    SELECT f.work_id, c.citing_work_id, c.citing_year - f.pub_year AS age
    FROM field_works AS f
    JOIN citations AS c ON c.cited_work_id = f.work_id
),
counts AS (
    SELECT
        f.work_id,
        f.pub_year,
        len(f.lead_countries) > 0 AS has_lead_country,
        count(r.age) FILTER (r.age BETWEEN 0 AND 2) AS c2,
        count(r.age) FILTER (r.age BETWEEN 0 AND 3) AS c3,
        count(r.age) FILTER (r.age BETWEEN 0 AND 5) AS c5,
        count(r.age) FILTER (r.age BETWEEN 0 AND 10) AS c10,
        count(r.citing_work_id) AS c_all
    FROM field_works AS f
    LEFT JOIN received AS r ON r.work_id = f.work_id
    GROUP BY f.work_id, f.pub_year, f.lead_countries
),
citing_countries AS (
    SELECT work_id, country_code, coalesce(bool_or(is_last), false) AS is_lead
    FROM authorships
    WHERE country_code IS NOT NULL
    GROUP BY work_id, country_code
),
own_countries AS (
    SELECT work_id, unnest(lead_countries) AS country_code
    FROM field_works
),
citing AS (
    -- One row per citation of the two-year window: is the citing work placed, and does it share a country with
    -- the countries that lead the cited work?
    SELECT
        r.work_id,
        r.citing_work_id,
        count(c.country_code) > 0 AS is_known,
        count(c.country_code) FILTER (c.is_lead) > 0 AS is_lead_known,
        count(o.country_code) > 0 AS is_shared,
        count(o.country_code) FILTER (c.is_lead) > 0 AS is_lead_shared
    FROM received AS r
    LEFT JOIN citing_countries AS c ON c.work_id = r.citing_work_id
    LEFT JOIN own_countries AS o ON o.work_id = r.work_id AND o.country_code = c.country_code
    WHERE r.age BETWEEN 0 AND 2
    GROUP BY r.work_id, r.citing_work_id
),
foreigners AS (
    SELECT
        work_id,
        count(*) FILTER (is_lead_known AND NOT is_lead_shared) AS c2_foreign_lead,
        count(*) FILTER (NOT is_lead_known) AS c2_unknown_lead,
        count(*) FILTER (is_known AND NOT is_shared) AS c2_foreign_any,
        count(*) FILTER (NOT is_known) AS c2_unknown_any
    FROM citing
    GROUP BY work_id
),
standing AS (
    -- Where a work stands by c2 among the field works of its year.
    SELECT
        work_id,
        count(*) OVER (PARTITION BY pub_year) AS n_year,
        count(*) OVER (PARTITION BY pub_year, c2) AS n_equal,
        count(*) OVER (PARTITION BY pub_year ORDER BY c2 DESC RANGE UNBOUNDED PRECEDING) AS n_at_least,
        count(*) FILTER (c2 > 0) OVER (PARTITION BY pub_year) AS n_cited
    FROM counts
),
hits AS (
    -- Waltman & Schreiber (2013), doi:10.1002/asi.22812. The top percent of n works is k = percent × n / 100 of them,
    -- seldom a whole number. Works with the same c2 share the places they fill: (k − works above) ÷ works equal,
    -- within 0 and 1. The sum is k. With fewer than k cited works the threshold is 0 citations: undefined.
    SELECT
        s.work_id,
        p.percent,
        CASE WHEN 100 * s.n_cited >= p.percent * s.n_year THEN
            greatest(0, least(1,
                (p.percent * s.n_year - 100 * (s.n_at_least - s.n_equal)) / (100 * s.n_equal)::DOUBLE
            ))
        END AS weight
    FROM standing AS s
    CROSS JOIN (VALUES (1), (5), (10)) AS p(percent)
),
weights AS (
    SELECT
        work_id,
        max(weight) FILTER (percent = 1) AS hit_1pct,
        max(weight) FILTER (percent = 5) AS hit_5pct,
        max(weight) FILTER (percent = 10) AS hit_10pct
    FROM hits
    GROUP BY work_id
)
SELECT
    c.work_id,
    c.pub_year,
    c.c2,
    c.c3,
    c.c5,
    c.c10,
    c.c_all,
    -- Foreign to nobody where the countries that lead this work are unknown.
    CASE WHEN c.has_lead_country THEN coalesce(f.c2_foreign_lead, 0) END AS c2_foreign_lead,
    coalesce(f.c2_unknown_lead, 0) AS c2_unknown_lead,
    CASE WHEN c.has_lead_country THEN coalesce(f.c2_foreign_any, 0) END AS c2_foreign_any,
    coalesce(f.c2_unknown_any, 0) AS c2_unknown_any,
    w.hit_1pct,
    w.hit_5pct,
    w.hit_10pct,
    c.pub_year + 2 <= s.last_full_year AS c2_complete,
    c.pub_year + 5 <= s.last_full_year AS c5_complete
FROM counts AS c
JOIN weights AS w ON w.work_id = c.work_id
LEFT JOIN foreigners AS f ON f.work_id = c.work_id
CROSS JOIN snapshot AS s
ORDER BY c.work_id
