SELECT
    f.pub_year,
    count(*) AS n_field_works,
    avg((len(f.lead_countries) > 0)::INTEGER) AS share_lead_country,
    -- A work without authors has nobody whose country could be known.
    avg((f.n_authors > 0 AND f.n_authors_with_country >= f.n_authors)::INTEGER) AS share_all_countries,
    avg((w.n_references > 0)::INTEGER) AS share_references,
    -- Of all works; null where the language of none is known.
    CASE WHEN count(w.language) > 0 THEN avg((w.language IS NOT DISTINCT FROM 'en')::INTEGER) END AS share_english
FROM field_works AS f
JOIN works AS w USING (work_id)
WHERE f.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
GROUP BY f.pub_year
