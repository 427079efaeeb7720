SELECT
    work_id,
    pub_year,
    pub_date,
    title,
    work_type,
    source_id,
    language,
    coalesce(len(authorships), 0) AS n_authors,
    coalesce(len(referenced_works), 0) AS n_references,
    is_retracted
FROM parsed_works
