-- Records of parsed_works that are not the newest of their work: only works with several records are ranked.
WITH contested AS (
    SELECT work_id FROM parsed_works GROUP BY work_id HAVING count(*) > 1
)
SELECT p.rowid AS record
FROM parsed_works AS p
SEMI JOIN contested USING (work_id)
QUALIFY row_number() OVER (PARTITION BY work_id ORDER BY updated_date DESC NULLS LAST, filename DESC) > 1
