-- Scientists of the field: at least min_works works, more than half of them field works.
WITH authored AS (
    -- A work counts once for an author, however many affiliations or positions it lists for them.
    SELECT DISTINCT a.author_id, w.work_id, w.pub_year, f.work_id IS NOT NULL AS is_field_work
    FROM authorships AS a
    JOIN works AS w ON w.work_id = a.work_id
    LEFT JOIN field_works AS f ON f.work_id = a.work_id
    WHERE a.author_id IS NOT NULL
),
output AS (
    SELECT
        author_id,
        -- as_of bounds what qualifies a scientist; the career itself is read from the whole snapshot.
        count(*) FILTER (pub_year <= coalesce(getvariable('as_of'), pub_year)) AS n_works,
        count(*) FILTER (is_field_work AND pub_year <= coalesce(getvariable('as_of'), pub_year)) AS n_field_works,
        min(pub_year) AS first_pub_year,
        max(pub_year) AS last_pub_year
    FROM authored
    GROUP BY author_id
),
simultaneous AS (
    -- Some single field work lists two countries or more for the author.
    SELECT DISTINCT a.author_id
    FROM authorships AS a
    JOIN field_works AS f ON f.work_id = a.work_id
    WHERE a.author_id IS NOT NULL
    GROUP BY a.author_id, a.work_id
    HAVING count(DISTINCT a.country_code) >= 2
)
SELECT
    o.author_id::BIGINT AS author_id,
    o.n_works,
    o.n_field_works,
    o.first_pub_year::INTEGER AS first_pub_year,
    o.last_pub_year::INTEGER AS last_pub_year,
    s.author_id IS NOT NULL AS is_simultaneous
FROM output AS o
LEFT JOIN simultaneous AS s ON s.author_id = o.author_id
WHERE o.n_works >= getvariable('min_works')
  AND 2 * o.n_field_works > o.n_works
ORDER BY o.author_id
