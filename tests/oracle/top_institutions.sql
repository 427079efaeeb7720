-- Top institutions: the most c2 over the works they led in the period; tie: smaller id.
WITH cited AS (
    SELECT l.lead_institution_id AS institution_id, min(l.lead_country) AS lead_country, sum(c.c2) AS total_c2
    FROM led_works AS l
    JOIN citation_windows AS c ON c.work_id = l.work_id
    WHERE l.lead_institution_id IS NOT NULL
      AND l.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
    GROUP BY l.lead_institution_id
)
SELECT
    (row_number() OVER (ORDER BY c.total_c2 DESC, c.institution_id))::INTEGER AS rank,
    c.institution_id,
    i.name::VARCHAR AS name,
    -- An institution the snapshot does not describe lies where the works it led say.
    coalesce(i.country_code, c.lead_country)::VARCHAR AS country_code,
    c.total_c2::BIGINT AS total_c2
FROM cited AS c
LEFT JOIN institutions AS i ON i.institution_id = c.institution_id
QUALIFY rank <= getvariable('top_n')
ORDER BY rank
