-- A row per author and institution; countries that no institution accounts for have a row of their own.
WITH listed AS (
    SELECT
        work_id,
        pub_year,
        is_cut,
        len(authorships) AS n_authors,
        generate_subscripts(authorships, 1)::INTEGER AS author_position,
        unnest(authorships) AS a
    FROM parsed_works
),
placed AS (
    SELECT
        * EXCLUDE (a),
        a.author_id AS author_id,
        a.is_corresponding AS is_corresponding,
        [i.country_code FOR i IN a.institutions] AS known,
        CASE WHEN list_has_all(known, a.countries) THEN a.institutions ELSE
            coalesce(a.institutions, []) || [
                {'institution_id': NULL::BIGINT, 'country_code': c}
                FOR c IN a.countries IF NOT coalesce(list_contains(known, c), false)
            ]
        END AS places
    FROM listed
),
rows AS (
    SELECT
        * EXCLUDE (known, places),
        unnest(CASE
            WHEN len(places) > 1 THEN list_distinct(places)
            WHEN len(places) = 1 THEN places
            ELSE [NULL]
        END) AS place
    FROM placed
)
SELECT
    work_id,
    author_position,
    author_id,
    place.institution_id AS institution_id,
    place.country_code AS country_code,
    pub_year,
    author_position = 1 AS is_first,
    CASE WHEN NOT is_cut THEN author_position = n_authors END AS is_last,
    is_corresponding
FROM rows
