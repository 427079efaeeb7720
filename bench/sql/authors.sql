SELECT try_cast(id[23:] AS BIGINT) AS author_id, arg_max_null(display_name, updated_date) AS name
FROM read_json(
    getvariable('files'),
    format = 'newline_delimited',
    hive_partitioning = false,
    ignore_errors = true,
    columns = {id: 'VARCHAR', display_name: 'VARCHAR', updated_date: 'TIMESTAMP'}
)
WHERE author_id > 0 AND author_id <> 9999999999
GROUP BY author_id
