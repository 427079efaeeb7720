-- What the part files of works say, one row a record, ids as numbers. Addresses are https://openalex.org/W…: the number
-- begins at character 23; of https://openalex.org/subfields/…, fields/… and domains/… at 32, 29 and 30. Records without
-- an id or a year (1000–2050) are refused, and so are lines that are no JSON.
SELECT
    try_cast(id[23:] AS BIGINT) AS work_id,
    updated_date,
    filename,
    publication_year::INTEGER AS pub_year,
    try_cast(publication_date AS DATE) AS pub_date,
    coalesce(title, display_name) AS title,
    type AS work_type,
    try_cast(primary_location.source.id[23:] AS BIGINT) AS source_id,
    language,
    coalesce(is_retracted, false) AS is_retracted,
    coalesce(is_paratext, false) OR type IS NOT DISTINCT FROM 'paratext' AS is_paratext,
    coalesce(is_xpac, false) AS is_xpac,
    -- Lists cut by the source, whose last author is unknown.
    coalesce(authorships_truncated, false)
        OR coalesce(is_authors_truncated, false)
        OR coalesce(len(authorships), 0) = 5000 AS is_cut,
    [{
        'author_id': try_cast(nullif(a.author.id, 'https://openalex.org/A9999999999')[23:] AS BIGINT),
        'institutions': [
            {'institution_id': try_cast(i.id[23:] AS BIGINT), 'country_code': upper(i.country_code)}
            FOR i IN a.institutions IF i.id <> 'https://openalex.org/I-1'
        ],
        'countries': [upper(c) FOR c IN a.countries],
        'is_corresponding': a.is_corresponding
    } FOR a IN authorships] AS authorships,
    -- Distinct, without itself.
    list_distinct([try_cast(w[23:] AS BIGINT) FOR w IN referenced_works IF w <> id]) AS referenced_works,
    [{'field_id': try_cast(c.id[23:] AS BIGINT), 'score': c.score} FOR c IN concepts] AS concepts,
    [{
        'topic': try_cast(t.id[23:] AS BIGINT),
        'subfield': try_cast(t.subfield.id[32:] AS BIGINT),
        'field': try_cast(t.field.id[29:] AS BIGINT),
        'domain': try_cast(t.domain.id[30:] AS BIGINT),
        'score': t.score
    } FOR t IN CASE WHEN len(topics) > 0 OR primary_topic IS NULL THEN topics ELSE [primary_topic] END] AS topics,
    [{'field_key': k.id[31:], 'score': k.score} FOR k IN keywords] AS keywords
FROM read_json(
    getvariable('files'),
    format = 'newline_delimited',
    hive_partitioning = false, -- the folders are named updated_date=… too, a day each: the record's own moment counts
    ignore_errors = true,
    columns = {
        id: 'VARCHAR',
        updated_date: 'TIMESTAMP',
        publication_year: 'BIGINT',
        publication_date: 'VARCHAR',
        title: 'VARCHAR',
        display_name: 'VARCHAR',
        type: 'VARCHAR',
        language: 'VARCHAR',
        is_retracted: 'BOOLEAN',
        is_paratext: 'BOOLEAN',
        is_xpac: 'BOOLEAN',
        authorships_truncated: 'BOOLEAN',
        is_authors_truncated: 'BOOLEAN',
        primary_location: 'STRUCT(source STRUCT(id VARCHAR))',
        authorships: 'STRUCT(
            author STRUCT(id VARCHAR),
            institutions STRUCT(id VARCHAR, country_code VARCHAR)[],
            countries VARCHAR[],
            is_corresponding BOOLEAN
        )[]',
        referenced_works: 'VARCHAR[]',
        concepts: 'STRUCT(id VARCHAR, score DOUBLE)[]',
        topics: 'STRUCT(
            id VARCHAR, score DOUBLE, subfield STRUCT(id VARCHAR), field STRUCT(id VARCHAR), domain STRUCT(id VARCHAR)
        )[]',
        primary_topic: 'STRUCT(
            id VARCHAR, score DOUBLE, subfield STRUCT(id VARCHAR), field STRUCT(id VARCHAR), domain STRUCT(id VARCHAR)
        )',
        keywords: 'STRUCT(id VARCHAR, score DOUBLE)[]'
    }
)
WHERE try_cast(id[23:] AS BIGINT) > 0 AND publication_year BETWEEN 1000 AND 2050
