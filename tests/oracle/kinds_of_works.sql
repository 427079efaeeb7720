-- Kinds of works: led by one country of a pair, with or without a co-author in the other; by year and pooled.
WITH directions AS (
    SELECT country_a AS lead_country, country_b AS partner_country FROM pairs
    UNION
    SELECT country_b, country_a FROM pairs
),
kinds AS (
    SELECT
        d.lead_country,
        d.partner_country,
        -- A co-author of unknown country is no collaboration; nor is the last author's own second country.
        list_contains(l.partner_countries, d.partner_country) AS collaborates,
        l.pub_year,
        l.n_authors
    FROM directions AS d
    JOIN led_works AS l ON l.lead_country = d.lead_country
    -- Works led from both countries of the pair are left out; a lead in a third country is no bar.
    ANTI JOIN led_works AS other ON other.work_id = l.work_id AND other.lead_country = d.partner_country
    WHERE l.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
)
SELECT
    lead_country,
    partner_country,
    collaborates,
    pub_year,
    count(*) AS n_works,
    avg(n_authors) AS mean_team,
    -- Quartiles with linear interpolation between order statistics (type 7).
    quantile_cont(n_authors::DOUBLE, 0.25) AS team_q1,
    quantile_cont(n_authors::DOUBLE, 0.5) AS team_median,
    quantile_cont(n_authors::DOUBLE, 0.75) AS team_q3
FROM kinds
GROUP BY GROUPING SETS (
    (lead_country, partner_country, collaborates, pub_year),
    (lead_country, partner_country, collaborates)
)
ORDER BY lead_country, partner_country, collaborates, pub_year NULLS FIRST
