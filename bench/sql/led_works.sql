WITH leads AS (
    SELECT work_id, country_code AS lead_country, min(institution_id) AS lead_institution_id
    FROM authorships
    WHERE is_last AND country_code IS NOT NULL
    GROUP BY work_id, country_code
)
SELECT
    work_id,
    lead_country,
    pub_year,
    n_authors,
    lead_institution_id,
    partner_countries,
    len(lead_countries) > 1 AS is_dual
FROM leads
JOIN field_works USING (work_id)
