WITH concepts AS (
    SELECT try_cast(id[23:] AS BIGINT) AS field_id, display_name AS name, level
    FROM read_json(
        getvariable('concept_files'),
        format = 'newline_delimited',
        hive_partitioning = false,
        ignore_errors = true,
        columns = {id: 'VARCHAR', display_name: 'VARCHAR', level: 'INTEGER', updated_date: 'TIMESTAMP'}
    )
    WHERE field_id > 0
    QUALIFY row_number() OVER (PARTITION BY field_id ORDER BY updated_date DESC NULLS LAST) = 1
),
topics AS (
    FROM read_json(
        getvariable('topic_files'),
        format = 'newline_delimited',
        hive_partitioning = false,
        ignore_errors = true,
        columns = {
            id: 'VARCHAR',
            display_name: 'VARCHAR',
            updated_date: 'TIMESTAMP',
            subfield: 'STRUCT(id VARCHAR, display_name VARCHAR)',
            field: 'STRUCT(id VARCHAR, display_name VARCHAR)',
            domain: 'STRUCT(id VARCHAR, display_name VARCHAR)'
        }
    )
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY updated_date DESC NULLS LAST) = 1
),
named AS (
    SELECT 'topic' AS scheme, try_cast(id[23:] AS BIGINT) AS field_id, display_name AS name FROM topics
    UNION ALL
    SELECT 'subfield', try_cast(subfield.id[32:] AS BIGINT), subfield.display_name FROM topics
    UNION ALL
    SELECT 'field', try_cast(field.id[29:] AS BIGINT), field.display_name FROM topics
    UNION ALL
    SELECT 'domain', try_cast(domain.id[30:] AS BIGINT), domain.display_name FROM topics
)
SELECT 'concept' AS scheme, field_id, name, level FROM concepts
UNION ALL
SELECT scheme, field_id, min(name), NULL FROM named WHERE field_id > 0 GROUP BY scheme, field_id
