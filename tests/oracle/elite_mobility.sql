-- Elite mobility: first entries whose mover left, or was hired by, one of the top institutions.
WITH moves AS (FROM migrations WHERE is_entry),
signed AS (
    SELECT a.author_id, f.pub_year, a.country_code, a.institution_id
    FROM field_works AS f
    JOIN authorships AS a ON a.work_id = f.work_id
    WHERE a.institution_id IS NOT NULL
),
ends AS (
    -- Null where no institution is known there in that year.
    SELECT
        m.origin_country,
        m.destination_country,
        (
            SELECT bool_or(s.institution_id IN (SELECT institution_id FROM top_institutions)) FROM signed AS s
            WHERE s.author_id = m.author_id AND s.country_code = m.origin_country AND s.pub_year = m.last_origin_year
        ) AS left_top,
        (
            SELECT bool_or(s.institution_id IN (SELECT institution_id FROM top_institutions)) FROM signed AS s
            WHERE s.author_id = m.author_id AND s.country_code = m.destination_country AND s.pub_year = m.move_year
        ) AS hired_top
    FROM moves AS m
),
counted AS (
    SELECT
        origin_country,
        destination_country,
        count(*) AS n_moves,
        count(left_top) AS n_left_known,
        count(*) FILTER (left_top) AS n_left_top,
        count(hired_top) AS n_hired_known,
        count(*) FILTER (hired_top) AS n_hired_top
    FROM ends
    GROUP BY ALL
),
shares AS (
    -- Wilson's interval has its middle and half its width in closed form; z² for 95 %.
    SELECT
        *,
        3.841458820694124 AS zz,
        n_left_top / nullif(n_left_known, 0) AS l,
        n_hired_top / nullif(n_hired_known, 0) AS h
    FROM counted
)
SELECT
    origin_country,
    destination_country,
    n_moves,
    n_left_known,
    n_left_top::BIGINT AS n_left_top,
    l AS share_left_top,
    (l + zz / 2 / n_left_known - sqrt(zz * (l * (1 - l) + zz / 4 / n_left_known) / n_left_known))
        / (1 + zz / n_left_known) AS share_left_top_low,
    (l + zz / 2 / n_left_known + sqrt(zz * (l * (1 - l) + zz / 4 / n_left_known) / n_left_known))
        / (1 + zz / n_left_known) AS share_left_top_high,
    n_hired_known,
    n_hired_top::BIGINT AS n_hired_top,
    h AS share_hired_top,
    (h + zz / 2 / n_hired_known - sqrt(zz * (h * (1 - h) + zz / 4 / n_hired_known) / n_hired_known))
        / (1 + zz / n_hired_known) AS share_hired_top_low,
    (h + zz / 2 / n_hired_known + sqrt(zz * (h * (1 - h) + zz / 4 / n_hired_known) / n_hired_known))
        / (1 + zz / n_hired_known) AS share_hired_top_high
FROM shares
ORDER BY origin_country, destination_country
