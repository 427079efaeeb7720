-- Any of the field's ids with at least the minimum score; a missing score counts as 0.
WITH members AS (
    SELECT DISTINCT work_id
    FROM work_fields
    WHERE scheme = getvariable('scheme')
      AND field_id IN getvariable('fields')
      AND coalesce(score, 0) >= getvariable('min_score')
),
located AS MATERIALIZED (
    SELECT work_id, author_position, country_code, is_last
    FROM authorships
    SEMI JOIN members USING (work_id)
    WHERE country_code IS NOT NULL
),
listed AS (
    SELECT
        work_id,
        country_code,
        coalesce(bool_or(is_last), false) AS leads,
        -- In a list that was cut nobody is known to be the last: all are partners.
        bool_or(is_last IS NOT TRUE) AS is_partner
    FROM located
    GROUP BY work_id, country_code
),
places AS (
    SELECT
        work_id,
        list(country_code ORDER BY country_code) FILTER (leads) AS lead_countries,
        list(country_code ORDER BY country_code) AS countries,
        list(country_code ORDER BY country_code) FILTER (is_partner) AS partner_countries
    FROM listed
    GROUP BY work_id
),
placed_authors AS (
    SELECT work_id, count(*) AS n_authors_with_country
    FROM (SELECT DISTINCT work_id, author_position FROM located)
    GROUP BY work_id
)
SELECT
    work_id,
    pub_year,
    source_id,
    n_authors,
    coalesce(n_authors_with_country, 0) AS n_authors_with_country,
    coalesce(lead_countries, []) AS lead_countries,
    coalesce(countries, []) AS countries,
    coalesce(partner_countries, []) AS partner_countries
FROM works
SEMI JOIN members USING (work_id)
LEFT JOIN places USING (work_id)
LEFT JOIN placed_authors USING (work_id)
