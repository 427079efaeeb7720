-- Each id once per work, with its highest score. Grouped scheme by scheme: several small keys are quicker than a wide.
WITH concepts AS (
    SELECT work_id, unnest(concepts, recursive := true) FROM parsed_works
),
topics AS (
    SELECT work_id, unnest(topics, recursive := true) FROM parsed_works
),
keywords AS (
    SELECT work_id, unnest(keywords, recursive := true) FROM parsed_works
)
SELECT work_id, 'concept' AS scheme, field_id, max(score) AS score, NULL::VARCHAR AS field_key
FROM concepts WHERE field_id > 0 GROUP BY work_id, field_id
UNION ALL
SELECT work_id, 'topic', topic, max(score), NULL FROM topics WHERE topic > 0 GROUP BY work_id, topic
UNION ALL
SELECT work_id, 'subfield', subfield, max(score), NULL FROM topics WHERE subfield > 0 GROUP BY work_id, subfield
UNION ALL
SELECT work_id, 'field', field, max(score), NULL FROM topics WHERE field > 0 GROUP BY work_id, field
UNION ALL
SELECT work_id, 'domain', domain, max(score), NULL FROM topics WHERE domain > 0 GROUP BY work_id, domain
UNION ALL
SELECT work_id, 'keyword', (hash(field_key) >> 1)::BIGINT, max(score), field_key
FROM keywords WHERE field_key <> '' GROUP BY work_id, field_key
