SELECT DISTINCT try_cast(split_part(work_id, '/', -1)[2:] AS BIGINT) AS work_id
FROM read_csv(getvariable('files'), header = true, delim = ',', columns = {work_id: 'VARCHAR', deleted_date: 'VARCHAR'})
