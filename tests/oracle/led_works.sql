-- Led works: a field work once for each country of its last author.
WITH leads AS (
    SELECT
        work_id,
        country_code AS lead_country,
        -- The smallest id among the last author's institutions in that country; null if only the country is known.
        min(institution_id) AS lead_institution_id
    FROM authorships
    WHERE is_last AND country_code IS NOT NULL
    GROUP BY work_id, country_code
)
SELECT
    f.work_id,
    l.lead_country::VARCHAR AS lead_country,
    f.pub_year,
    f.n_authors,
    l.lead_institution_id::BIGINT AS lead_institution_id,
    f.partner_countries,
    count(*) OVER (PARTITION BY f.work_id) > 1 AS is_dual
FROM leads AS l
JOIN field_works AS f ON f.work_id = l.work_id
ORDER BY f.work_id, l.lead_country
