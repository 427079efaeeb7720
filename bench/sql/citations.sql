SELECT work_id AS citing_work_id, unnest(referenced_works) AS cited_work_id, pub_year AS citing_year
FROM parsed_works
