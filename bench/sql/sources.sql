SELECT try_cast(id[23:] AS BIGINT) AS source_id, display_name AS name, type AS source_type
FROM read_json(
    getvariable('files'),
    format = 'newline_delimited',
    hive_partitioning = false,
    ignore_errors = true,
    columns = {id: 'VARCHAR', display_name: 'VARCHAR', type: 'VARCHAR', updated_date: 'TIMESTAMP'}
)
WHERE source_id > 0
QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY updated_date DESC NULLS LAST) = 1
