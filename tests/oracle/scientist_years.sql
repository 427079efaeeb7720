-- Every year of a scientist from first to last publication.
WITH years AS (
    SELECT author_id, first_pub_year, unnest(generate_series(first_pub_year, last_pub_year))::INTEGER AS pub_year
    FROM scientists
),
signed AS (
    SELECT DISTINCT a.author_id, a.work_id, w.pub_year, f.work_id IS NOT NULL AS in_field
    FROM authorships AS a
    SEMI JOIN scientists AS s ON s.author_id = a.author_id
    JOIN works AS w ON w.work_id = a.work_id
    LEFT JOIN field_works AS f ON f.work_id = a.work_id
),
published AS (
    SELECT author_id, pub_year, count(*) AS n_works, count(*) FILTER (in_field) AS n_field_works
    FROM signed
    GROUP BY author_id, pub_year
),
cited AS (
    -- Once for each of the scientist's works that it cites, by the year of the citing work.
    SELECT s.author_id, c.citing_year, count(*) AS n
    FROM citations AS c
    JOIN signed AS s ON s.work_id = c.cited_work_id
    GROUP BY s.author_id, c.citing_year
)
SELECT
    y.author_id,
    y.pub_year,
    (
        SELECT arg_max(p.country_code, p.pub_year)
        FROM author_country_years AS p
        WHERE p.author_id = y.author_id AND p.is_primary_in_field AND p.pub_year <= y.pub_year
    ) AS country_code,
    y.pub_year - y.first_pub_year AS career_age,
    coalesce(p.n_works, 0) AS n_works,
    coalesce(p.n_field_works, 0) AS n_field_works,
    sum(coalesce(p.n_works, 0)) OVER career::BIGINT AS cum_works,
    coalesce(c.n, 0) AS citations_received,
    -- What cites from before the first publication counts too.
    coalesce((SELECT sum(b.n) FROM cited AS b WHERE b.author_id = y.author_id AND b.citing_year <= y.pub_year), 0)::BIGINT
        AS cum_citations
FROM years AS y
LEFT JOIN published AS p ON p.author_id = y.author_id AND p.pub_year = y.pub_year
LEFT JOIN cited AS c ON c.author_id = y.author_id AND c.citing_year = y.pub_year
WINDOW career AS (PARTITION BY y.author_id ORDER BY y.pub_year)
ORDER BY y.author_id, y.pub_year
