WITH cited AS (
    SELECT lead_institution_id AS institution_id, max(lead_country) AS lead_country, sum(c2)::BIGINT AS total_c2
    FROM led_works
    JOIN citation_windows USING (work_id)
    WHERE lead_institution_id IS NOT NULL
      AND led_works.pub_year BETWEEN getvariable('first_year') AND getvariable('last_year')
    GROUP BY lead_institution_id
)
SELECT
    row_number() OVER (ORDER BY total_c2 DESC, institution_id)::INTEGER AS rank,
    institution_id,
    name,
    -- An institution the snapshot does not list lies where the works it led say.
    coalesce(country_code, lead_country) AS country_code,
    total_c2
FROM cited
LEFT JOIN institutions USING (institution_id)
QUALIFY rank <= getvariable('top_n')
