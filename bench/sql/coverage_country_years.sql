-- A field work counts in each country it lists.
WITH listed AS (
    SELECT *, unnest(countries) AS country_code
    FROM field_works
    WHERE pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
)
SELECT
    l.pub_year,
    l.country_code,
    coalesce(any_value(c.country_name), l.country_code) AS country_name,
    count(*) AS n_field_works,
    avg((len(l.lead_countries) > 0)::INTEGER) AS share_lead_country,
    avg((l.n_authors > 0 AND l.n_authors_with_country >= l.n_authors)::INTEGER) AS share_all_countries,
    avg((w.n_references > 0)::INTEGER) AS share_references,
    CASE WHEN count(w.language) > 0 THEN avg((w.language IS NOT DISTINCT FROM 'en')::INTEGER) END AS share_english
FROM listed AS l
JOIN works AS w USING (work_id)
LEFT JOIN countries AS c USING (country_code)
GROUP BY l.pub_year, l.country_code
