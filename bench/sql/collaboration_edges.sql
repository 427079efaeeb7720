WITH listed AS (
    SELECT work_id, pub_year, unnest(countries) AS country_code, len(countries) AS k
    FROM field_works
    WHERE pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
),
years AS (
    SELECT pub_year, count(*) AS n_works FROM field_works GROUP BY pub_year
),
country_works AS (
    SELECT pub_year, country_code, count(*) AS n_works FROM listed GROUP BY pub_year, country_code
),
pairs AS (
    SELECT
        a.pub_year,
        a.country_code AS country_a,
        b.country_code AS country_b,
        count(*) AS n_works,
        sum(2 / (a.k * (a.k - 1))) AS n_works_fractional
    FROM listed AS a
    JOIN listed AS b ON b.work_id = a.work_id AND b.country_code > a.country_code
    GROUP BY a.pub_year, a.country_code, b.country_code
)
SELECT
    p.pub_year,
    p.country_a,
    p.country_b,
    p.n_works,
    p.n_works_fractional,
    p.n_works * y.n_works / (a.n_works * b.n_works) AS affinity
FROM pairs AS p
JOIN years AS y USING (pub_year)
JOIN country_works AS a ON a.pub_year = p.pub_year AND a.country_code = p.country_a
JOIN country_works AS b ON b.pub_year = p.pub_year AND b.country_code = p.country_b
