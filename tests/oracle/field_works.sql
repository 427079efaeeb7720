-- Field works: one row per work of the field, with the countries its authors list.
WITH members AS (
    -- Any of the field's ids, attached with at least the minimum score. A row without a score attests nothing.
    SELECT DISTINCT work_id
    FROM work_fields
    WHERE scheme = getvariable('scheme')
      AND list_contains(getvariable('fields'), field_id)
      AND score >= getvariable('min_score')
),
located AS (
    SELECT work_id, author_position, author_id, country_code, is_last
    FROM authorships
    WHERE country_code IS NOT NULL
),
places AS (
    SELECT
        work_id,
        -- An author is an entry of the list, with or without an id; MAG may put two at one position.
        count(DISTINCT {'position': author_position, 'author': author_id}) AS n_authors_with_country,
        list(DISTINCT country_code) FILTER (is_last) AS lead_countries,
        list(DISTINCT country_code) AS countries,
        -- In a list that was cut nobody is known to be the last: everybody on it stays a partner.
        list(DISTINCT country_code) FILTER (is_last IS NOT TRUE) AS partner_countries
    FROM located
    GROUP BY work_id
)
SELECT
    w.work_id::BIGINT AS work_id,
    w.pub_year::INTEGER AS pub_year,
    w.source_id::BIGINT AS source_id,
    w.n_authors::BIGINT AS n_authors,
    coalesce(p.n_authors_with_country, 0)::BIGINT AS n_authors_with_country,
    list_sort(coalesce(p.lead_countries, []))::VARCHAR[] AS lead_countries,
    list_sort(coalesce(p.countries, []))::VARCHAR[] AS countries,
    list_sort(coalesce(p.partner_countries, []))::VARCHAR[] AS partner_countries
FROM works AS w
JOIN members AS m ON m.work_id = w.work_id
LEFT JOIN places AS p ON p.work_id = w.work_id
ORDER BY w.work_id
