-- Coverage by year and country: a field work counts in each country it lists.
WITH listed AS (
    SELECT *, unnest(countries) AS country_code
    FROM field_works
    WHERE pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
)
SELECT
    l.pub_year,
    l.country_code,
    count(*) AS n_field_works,
    avg((len(l.lead_countries) > 0)::INTEGER) AS share_lead_country,
    avg((l.n_authors > 0 AND l.n_authors_with_country >= l.n_authors)::INTEGER) AS share_all_countries,
    avg((coalesce(w.n_references, 0) > 0)::INTEGER) AS share_references,
    avg((w.language IS NOT DISTINCT FROM 'en')::INTEGER) AS share_english
FROM listed AS l
JOIN works AS w ON w.work_id = l.work_id
GROUP BY l.pub_year, l.country_code
ORDER BY l.pub_year, l.country_code
