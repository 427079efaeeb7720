-- Field works of a scientist and year with another author in a country; an author without id is another author.
SELECT a.author_id, f.pub_year, o.country_code AS partner_country, count(DISTINCT f.work_id) AS n_field_works
FROM field_works AS f
JOIN authorships AS a ON a.work_id = f.work_id
SEMI JOIN scientists AS s ON s.author_id = a.author_id
JOIN authorships AS o ON o.work_id = f.work_id AND o.author_id IS DISTINCT FROM a.author_id
WHERE o.country_code IS NOT NULL
GROUP BY a.author_id, f.pub_year, o.country_code
ORDER BY a.author_id, f.pub_year, o.country_code
