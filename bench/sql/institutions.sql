SELECT
    try_cast(id[23:] AS BIGINT) AS institution_id,
    display_name AS name,
    upper(country_code) AS country_code,
    split_part(ror, '/', -1) AS ror_id,
    type AS institution_type
FROM read_json(
    getvariable('files'),
    format = 'newline_delimited',
    hive_partitioning = false,
    ignore_errors = true,
    columns = {
        id: 'VARCHAR',
        display_name: 'VARCHAR',
        country_code: 'VARCHAR',
        ror: 'VARCHAR',
        type: 'VARCHAR',
        updated_date: 'TIMESTAMP'
    }
)
WHERE institution_id > 0
QUALIFY row_number() OVER (PARTITION BY institution_id ORDER BY updated_date DESC NULLS LAST) = 1
