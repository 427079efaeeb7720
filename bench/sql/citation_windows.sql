WITH works_by_year AS (
    SELECT pub_year, count(*) AS n_works FROM works GROUP BY pub_year
),
snapshot AS (
    -- Given, or the newest year with at least half as many works as the largest year.
    SELECT coalesce(nullif(getvariable('last_full_year'), 0), max(pub_year)) AS last_full_year
    FROM works_by_year
    WHERE 2 * n_works >= (SELECT max(n_works) FROM works_by_year)
),
received AS (
    SELECT f.work_id, f.lead_countries, c.citing_work_id, c.citing_year - f.pub_year AS age
    FROM citations AS c
    JOIN field_works AS f ON f.work_id = c.cited_work_id
),
located AS (
    SELECT work_id, country_code, coalesce(bool_or(is_last), false) AS leads
    FROM authorships
    SEMI JOIN (FROM received WHERE age BETWEEN 0 AND 2) AS r ON r.citing_work_id = authorships.work_id
    WHERE country_code IS NOT NULL
    GROUP BY work_id, country_code
),
citing_places AS (
    SELECT work_id, list(country_code) FILTER (leads) AS lead_countries, list(country_code) AS countries
    FROM located
    GROUP BY work_id
),
recent AS (
    SELECT
        r.work_id,
        count(*) FILTER (NOT list_has_any(p.lead_countries, r.lead_countries)) AS c2_foreign_lead,
        count(*) FILTER (p.lead_countries IS NULL) AS c2_unknown_lead,
        count(*) FILTER (NOT list_has_any(p.countries, r.lead_countries)) AS c2_foreign_any,
        count(*) FILTER (p.countries IS NULL) AS c2_unknown_any
    FROM received AS r
    LEFT JOIN citing_places AS p ON p.work_id = r.citing_work_id
    WHERE r.age BETWEEN 0 AND 2
    GROUP BY r.work_id
),
counts AS (
    SELECT
        work_id,
        count(*) FILTER (age BETWEEN 0 AND 2) AS c2,
        count(*) FILTER (age BETWEEN 0 AND 3) AS c3,
        count(*) FILTER (age BETWEEN 0 AND 5) AS c5,
        count(*) FILTER (age BETWEEN 0 AND 10) AS c10,
        count(*) AS c_all
    FROM received
    GROUP BY work_id
),
windows AS (
    SELECT
        f.work_id,
        f.pub_year,
        coalesce(c.c2, 0) AS c2,
        coalesce(c.c3, 0) AS c3,
        coalesce(c.c5, 0) AS c5,
        coalesce(c.c10, 0) AS c10,
        coalesce(c.c_all, 0) AS c_all,
        -- Foreign to nobody where the countries that lead this work are unknown.
        CASE WHEN len(f.lead_countries) > 0 THEN coalesce(r.c2_foreign_lead, 0) END AS c2_foreign_lead,
        coalesce(r.c2_unknown_lead, 0) AS c2_unknown_lead,
        CASE WHEN len(f.lead_countries) > 0 THEN coalesce(r.c2_foreign_any, 0) END AS c2_foreign_any,
        coalesce(r.c2_unknown_any, 0) AS c2_unknown_any
    FROM field_works AS f
    LEFT JOIN counts AS c USING (work_id)
    LEFT JOIN recent AS r USING (work_id)
),
distribution AS (
    -- One row per year and count: no work is ranked.
    SELECT
        pub_year,
        c2,
        count(*) AS n_at,
        sum(n_at) OVER (PARTITION BY pub_year ORDER BY c2 DESC) - n_at AS n_above,
        sum(n_at) OVER (PARTITION BY pub_year) AS n_year,
        n_year - coalesce(sum(n_at) FILTER (c2 = 0) OVER (PARTITION BY pub_year), 0) AS n_cited
    FROM windows
    GROUP BY pub_year, c2
),
hits AS (
    -- Works at the threshold share what the works above it leave (Waltman & Schreiber 2013, doi:10.1002/asi.22812);
    -- null for the whole year where the threshold falls on works without citations.
    SELECT
        pub_year,
        c2,
        CASE WHEN 100 * n_cited >= n_year
            THEN greatest(0, least(1, (n_year - 100 * n_above) / (100 * n_at))) END AS hit_1pct,
        CASE WHEN 100 * n_cited >= 5 * n_year
            THEN greatest(0, least(1, (5 * n_year - 100 * n_above) / (100 * n_at))) END AS hit_5pct,
        CASE WHEN 100 * n_cited >= 10 * n_year
            THEN greatest(0, least(1, (10 * n_year - 100 * n_above) / (100 * n_at))) END AS hit_10pct
    FROM distribution
)
SELECT
    w.*,
    h.hit_1pct,
    h.hit_5pct,
    h.hit_10pct,
    w.pub_year + 2 <= s.last_full_year AS c2_complete,
    w.pub_year + 5 <= s.last_full_year AS c5_complete
FROM windows AS w
JOIN hits AS h USING (pub_year, c2)
CROSS JOIN snapshot AS s
