WITH listed AS (
    SELECT DISTINCT author_id, pub_year, country_code, work_id
    FROM authorships
    WHERE author_id IS NOT NULL AND country_code IS NOT NULL
),
yearly AS (
    SELECT l.author_id, l.pub_year, l.country_code, count(*) AS n_works, count(f.work_id) AS n_field_works
    FROM listed AS l
    LEFT JOIN field_works AS f USING (work_id)
    GROUP BY l.author_id, l.pub_year, l.country_code
),
career AS (
    SELECT author_id, country_code, sum(n_works) AS career_works, sum(n_field_works) AS career_field_works
    FROM yearly
    GROUP BY author_id, country_code
),
contested AS (
    -- Years with several countries; of all others the only country is the primary one.
    SELECT author_id, pub_year FROM yearly GROUP BY author_id, pub_year HAVING count(*) > 1
)
SELECT *, true AS is_primary, n_field_works > 0 AS is_primary_in_field
FROM yearly
ANTI JOIN contested USING (author_id, pub_year)
UNION ALL
-- Most works of the year; tie: most over the career; tie: first of the alphabet.
SELECT
    author_id,
    pub_year,
    country_code,
    n_works,
    n_field_works,
    row_number() OVER (
        PARTITION BY author_id, pub_year ORDER BY n_works DESC, career_works DESC, country_code
    ) = 1,
    n_field_works > 0 AND row_number() OVER (
        PARTITION BY author_id, pub_year ORDER BY n_field_works DESC, career_field_works DESC, country_code
    ) = 1
FROM yearly
SEMI JOIN contested USING (author_id, pub_year)
JOIN career USING (author_id, country_code)
