-- Author, year, country: what each author published from where. Authors with an id, all fields, known countries.
WITH listed AS (
    SELECT DISTINCT a.author_id, w.pub_year, a.country_code, w.work_id, f.work_id IS NOT NULL AS is_field_work
    FROM authorships AS a
    JOIN works AS w ON w.work_id = a.work_id
    LEFT JOIN field_works AS f ON f.work_id = a.work_id
    WHERE a.author_id IS NOT NULL AND a.country_code IS NOT NULL
),
yearly AS (
    SELECT
        author_id,
        pub_year,
        country_code,
        count(*) AS n_works,
        count(*) FILTER (is_field_work) AS n_field_works
    FROM listed
    GROUP BY author_id, pub_year, country_code
),
career AS (
    SELECT author_id, country_code, sum(n_works) AS n_works, sum(n_field_works) AS n_field_works
    FROM yearly
    GROUP BY author_id, country_code
),
ranked AS (
    -- Most works of the year; tie: most over the career; tie: first of the alphabet.
    SELECT
        y.*,
        row_number() OVER (
            PARTITION BY y.author_id, y.pub_year
            ORDER BY y.n_works DESC, c.n_works DESC, y.country_code
        ) AS place,
        row_number() OVER (
            PARTITION BY y.author_id, y.pub_year
            ORDER BY y.n_field_works DESC, c.n_field_works DESC, y.country_code
        ) AS place_in_field
    FROM yearly AS y
    JOIN career AS c ON c.author_id = y.author_id AND c.country_code = y.country_code
)
SELECT
    author_id::BIGINT AS author_id,
    pub_year::INTEGER AS pub_year,
    country_code::VARCHAR AS country_code,
    n_works,
    n_field_works,
    n_works > 0 AND place = 1 AS is_primary,
    n_field_works > 0 AND place_in_field = 1 AS is_primary_in_field
FROM ranked
ORDER BY author_id, pub_year, country_code
