WITH directions AS (
    SELECT pair[1] AS lead_country, pair[2] AS partner_country FROM (SELECT unnest(getvariable('pairs')) AS pair)
    UNION
    SELECT pair[2], pair[1] FROM (SELECT unnest(getvariable('pairs')) AS pair)
),
kinds AS (
    -- Works led from both countries of the pair are left out; a lead in a third country is no bar.
    SELECT
        d.lead_country,
        d.partner_country,
        d.partner_country IN f.partner_countries AS collaborates,
        f.pub_year,
        f.n_authors,
        -- Null where the lead institution is unknown.
        l.lead_institution_id IN (SELECT institution_id FROM top_institutions) AS is_top,
        c.hit_1pct,
        c.c2_complete
    FROM directions AS d
    JOIN field_works AS f
        ON d.lead_country IN f.lead_countries AND d.partner_country NOT IN f.lead_countries
    JOIN led_works AS l ON l.work_id = f.work_id AND l.lead_country = d.lead_country
    JOIN citation_windows AS c ON c.work_id = f.work_id
    WHERE f.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
),
teams AS (
    -- By year and pooled; quartiles interpolated between order statistics.
    SELECT
        lead_country,
        partner_country,
        collaborates,
        pub_year,
        count(*) AS n_works,
        avg(n_authors) AS mean_team,
        quantile_cont(n_authors::DOUBLE, [0.25, 0.5, 0.75]) AS quartiles,
        count(is_top) AS n_with_institution,
        avg(is_top::INTEGER) AS share_top_institution,
        avg(hit_1pct) AS hit_rate,
        bool_and(c2_complete) AS is_complete
    FROM kinds
    GROUP BY lead_country, partner_country, collaborates, ROLLUP (pub_year)
)
SELECT
    lead_country,
    coalesce(l.country_name, lead_country) AS lead_country_name,
    partner_country,
    coalesce(p.country_name, partner_country) AS partner_country_name,
    collaborates,
    pub_year,
    n_works,
    mean_team,
    quartiles[1] AS team_q1,
    quartiles[2] AS team_median,
    quartiles[3] AS team_q3,
    n_with_institution,
    share_top_institution,
    hit_rate,
    is_complete
FROM teams
LEFT JOIN countries AS l ON l.country_code = lead_country
LEFT JOIN countries AS p ON p.country_code = partner_country
