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
        l.n_authors,
        -- Null where the institution is unknown.
        CASE
            WHEN l.lead_institution_id IS NOT NULL
                THEN l.lead_institution_id IN (SELECT institution_id FROM top_institutions)
        END AS is_top,
        c.hit_1pct,
        c.c2_complete
    FROM directions AS d
    JOIN led_works AS l ON l.lead_country = d.lead_country
    JOIN citation_windows AS c ON c.work_id = l.work_id
    -- Works led from both countries of the pair are left out; a lead in a third country is no bar.
    ANTI JOIN led_works AS other ON other.work_id = l.work_id AND other.lead_country = d.partner_country
    WHERE l.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
),
described AS (
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
        quantile_cont(n_authors::DOUBLE, 0.75) AS team_q3,
        count(is_top) AS n_with_institution,
        avg(is_top::INTEGER) AS share_top_institution,
        avg(hit_1pct) AS hit_rate,
        bool_and(c2_complete) AS is_complete
    FROM kinds
    GROUP BY GROUPING SETS (
        (lead_country, partner_country, collaborates, pub_year),
        (lead_country, partner_country, collaborates)
    )
)
SELECT
    w.*,
    -- Of all years: collaborating works less the others, null where there is one kind alone.
    t.hit_rate - f.hit_rate AS difference,
    t.share_top_institution - f.share_top_institution AS top_difference,
    t.mean_team - f.mean_team AS team_difference
FROM described AS w
LEFT JOIN described AS t
    ON w.pub_year IS NULL AND t.pub_year IS NULL AND t.collaborates
    AND t.lead_country = w.lead_country AND t.partner_country = w.partner_country
LEFT JOIN described AS f
    ON w.pub_year IS NULL AND f.pub_year IS NULL AND NOT f.collaborates
    AND f.lead_country = w.lead_country AND f.partner_country = w.partner_country
ORDER BY w.lead_country, w.partner_country, w.collaborates, w.pub_year NULLS FIRST
