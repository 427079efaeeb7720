-- Coauthor edges: pairs of authors with an id on field works of the period, teams up to max_team.
WITH listed AS (
    SELECT DISTINCT f.work_id, f.pub_year, a.author_id
    FROM field_works AS f
    JOIN authorships AS a ON a.work_id = f.work_id
    WHERE a.author_id IS NOT NULL
      AND f.n_authors <= getvariable('max_team')
      AND f.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
)
SELECT
    a.author_id::BIGINT AS author_a,
    b.author_id::BIGINT AS author_b,
    min(a.pub_year) AS first_year,
    max(a.pub_year) AS last_year,
    count(*) AS n_works
FROM listed AS a
JOIN listed AS b ON b.work_id = a.work_id AND a.author_id < b.author_id
GROUP BY a.author_id, b.author_id
ORDER BY a.author_id, b.author_id
