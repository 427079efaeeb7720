-- Works of authors are counted only where the field works alone can make a scientist of them.
WITH field_authored AS (
    -- A work counts once for an author, however many affiliations or positions it lists for them.
    SELECT author_id, work_id, min(country_code) <> max(country_code) AS lists_countries
    FROM authorships
    SEMI JOIN field_works USING (work_id)
    WHERE author_id IS NOT NULL
    GROUP BY author_id, work_id
),
candidates AS (
    SELECT author_id, count(*) AS n_field_works, coalesce(bool_or(lists_countries), false) AS is_simultaneous
    FROM field_authored
    GROUP BY author_id
    HAVING n_field_works > getvariable('min_field_share') * getvariable('min_works')
),
authored AS (
    SELECT DISTINCT author_id, work_id, pub_year
    FROM authorships
    SEMI JOIN candidates USING (author_id)
),
careers AS (
    SELECT author_id, count(*) AS n_works, min(pub_year) AS first_pub_year, max(pub_year) AS last_pub_year
    FROM authored
    GROUP BY author_id
)
SELECT author_id, n_works, n_field_works, first_pub_year, last_pub_year, is_simultaneous
FROM careers
JOIN candidates USING (author_id)
WHERE n_works >= getvariable('min_works') AND n_field_works > getvariable('min_field_share') * n_works
