-- Coverage by year of the period: what is known about the field works.
SELECT
    f.pub_year,
    count(*) AS n_field_works,
    avg((len(f.lead_countries) > 0)::INTEGER) AS share_lead_country,
    -- Every author has a country; a work without authors has nobody whose country could be known.
    avg((f.n_authors > 0 AND f.n_authors_with_country >= f.n_authors)::INTEGER) AS share_all_countries,
    avg((coalesce(w.n_references, 0) > 0)::INTEGER) AS share_references,
    -- Known to be in English: a work of unknown language is not.
    avg((w.language IS NOT DISTINCT FROM 'en')::INTEGER) AS share_english
FROM field_works AS f
JOIN works AS w ON w.work_id = f.work_id
WHERE f.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
GROUP BY f.pub_year
ORDER BY f.pub_year
