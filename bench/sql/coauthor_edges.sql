WITH listed AS (
    SELECT DISTINCT work_id, f.pub_year, a.author_id
    FROM authorships AS a
    JOIN field_works AS f USING (work_id)
    WHERE a.author_id IS NOT NULL
      AND f.n_authors BETWEEN 2 AND getvariable('max_team')
      AND f.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
)
SELECT
    a.author_id AS author_a,
    b.author_id AS author_b,
    min(a.pub_year) AS first_year,
    max(a.pub_year) AS last_year,
    count(*) AS n_works
FROM listed AS a
JOIN listed AS b ON b.work_id = a.work_id AND b.author_id > a.author_id
GROUP BY a.author_id, b.author_id
