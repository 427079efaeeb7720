"""The canonical layer: the same tables whichever source was read."""

from pyspark.sql.types import ArrayType, StructField, StructType

from scholarflow.tables.declaration import (
    BIGINT,
    BIGINTS,
    BOOLEAN,
    DATE,
    DOUBLE,
    INT,
    STRING,
    STRINGS,
    Table,
    optional,
    required,
)

#: One row of `authorships` as it rides along in its work's row.
AUTHORSHIP = StructType(
    [
        StructField("author_position", INT),
        StructField("author_id", BIGINT),
        StructField("institution_id", BIGINT),
        StructField("country_code", STRING),
        StructField("is_first", BOOLEAN),
        StructField("is_last", BOOLEAN),
        StructField("is_corresponding", BOOLEAN),
    ]
)

#: One row of `work_fields` as it rides along in its work's row.
FIELD = StructType(
    [
        StructField("scheme", STRING),
        StructField("field_id", BIGINT),
        StructField("score", DOUBLE),
        StructField("field_key", STRING),
    ]
)

#: An author of a work with one of the countries that the work lists for the author.
AUTHOR_COUNTRY = StructType([StructField("author_id", BIGINT), StructField("country_code", STRING)])

#: The sets of countries in a work's row, by column: whose countries they are.
COUNTRY_SETS = {
    "countries": "all authors",
    "first_countries": "the first author",
    "last_countries": "the last author",
    "corresponding_countries": "the corresponding authors",
}

WORKS = Table(
    "works",
    "Every work kept, once; its authorships, references and fields ride along in the row.",
    grain=("work_id",),
    columns=(
        required("work_id", BIGINT, "number of the work; OpenAlex W… and MAG PaperId share one number space"),
        required("pub_year", INT, "year of publication"),
        optional("pub_date", DATE, "date of publication; null where the source gives none"),
        optional("title", STRING, "title as the source writes it; null where it gives none"),
        optional("work_type", STRING, "the source's own word: OpenAlex type, MAG DocType; null: unknown"),
        optional("source_id", BIGINT, "journal, conference series or repository; null: unknown"),
        optional("language", STRING, "ISO 639-1 code; null: unknown (always in MAG)"),
        required("n_authors", BIGINT, "length of the author list"),
        required("n_references", BIGINT, "distinct works cited, without itself"),
        required("is_retracted", BOOLEAN, "retracted, or a retraction notice"),
        required(
            "authorships",
            ArrayType(AUTHORSHIP),
            "the rows of table authorships of this work, in their order; empty: no author known",
        ),
        required("referenced_works", BIGINTS, "works cited: distinct, ascending, without itself"),
        required(
            "fields",
            ArrayType(FIELD),
            "the rows of table work_fields of this work, in the order of scheme and id; empty: unclassified",
        ),
        *(
            required(name, STRINGS, f"countries of {whose}, ascending; empty: none known")
            for name, whose in COUNTRY_SETS.items()
        ),
        required("author_ids", BIGINTS, "authors with an id, distinct, ascending; empty: none known"),
        required(
            "author_countries",
            ArrayType(AUTHOR_COUNTRY),
            "distinct pairs of author and country where both are known, ascending",
        ),
        required("n_self_references", BIGINT, "references to itself, dropped"),
        required("n_repeated_references", BIGINT, "references named before in the same list, dropped"),
    ),
    checks={"work_id_positive": "work_id > 0", "counts_not_negative": "n_authors >= 0 AND n_references >= 0"},
    row_checks={
        "authorships_distinct": "size(array_distinct(authorships)) = size(authorships)",
        "references_distinct": "size(array_distinct(referenced_works)) = size(referenced_works)",
        # Nearly always the ids alone are distinct; else schemes share one.
        "fields_distinct": "CASE WHEN size(array_distinct(fields.field_id)) = size(fields) THEN true"
        " ELSE size(array_distinct(transform(fields, f -> struct(f.scheme, f.field_id)))) = size(fields) END",
    },
)

AUTHORSHIPS = Table(
    "authorships",
    "Who signed which work from where: a row per author, institution and country of a work.",
    grain=("work_id", "author_position", "author_id", "institution_id", "country_code"),
    unfolded_from="works",
    columns=(
        required("work_id", BIGINT, "the work"),
        required("author_position", INT, "place in the author list, from 1, in the source's order"),
        optional("author_id", BIGINT, "the author; null: the source names none"),
        optional("institution_id", BIGINT, "the institution; null: unknown, or only a country is known"),
        optional("country_code", STRING, "ISO 3166-1 alpha-2, of the institution where there is one; null: unknown"),
        required("pub_year", INT, "year of publication of the work"),
        required("is_first", BOOLEAN, "position 1"),
        optional("is_last", BOOLEAN, "highest position; null: the source cut the author list, the last is unknown"),
        optional("is_corresponding", BOOLEAN, "corresponding author; null: unknown (always in MAG)"),
    ),
    checks={
        "position_from_1": "author_position >= 1",
        "country_code_alpha_2": "country_code IS NULL OR country_code LIKE '__'",
    },
)

CITATIONS = Table(
    "citations",
    "Which work cites which; cited works outside the snapshot are kept.",
    grain=("citing_work_id", "cited_work_id"),
    unfolded_from="works",
    columns=(
        required("citing_work_id", BIGINT, "the work with the reference list; always in works"),
        required("cited_work_id", BIGINT, "the work it cites; may be absent from works"),
        required("citing_year", INT, "year of publication of the citing work"),
    ),
    checks={"no_self_loop": "citing_work_id <> cited_work_id"},
)

WORK_FIELDS = Table(
    "work_fields",
    "The classifications of a work.",
    grain=("work_id", "scheme", "field_id"),
    unfolded_from="works",
    columns=(
        required("work_id", BIGINT, "the work"),
        required("scheme", STRING, "concept (also MAG fields of study), topic, subfield, field, domain or keyword"),
        required("field_id", BIGINT, "number of the field in its scheme; of a keyword, xxhash64 of its slug"),
        optional("score", DOUBLE, "strength given by the source, highest if an id repeats; null: none given"),
        optional("field_key", STRING, "slug of the keyword; null in the other schemes"),
    ),
    checks={"scheme_known": "scheme IN ('concept', 'topic', 'subfield', 'field', 'domain', 'keyword')"},
)

INSTITUTIONS = Table(
    "institutions",
    "Institutions named by the source.",
    grain=("institution_id",),
    columns=(
        required("institution_id", BIGINT, "OpenAlex I…, MAG AffiliationId"),
        optional("name", STRING, "display name"),
        optional("country_code", STRING, "ISO 3166-1 alpha-2; null: unknown"),
        optional("ror_id", STRING, "ROR identifier, without the address before it; null: none"),
        optional("institution_type", STRING, "OpenAlex type; null: unknown (always in MAG)"),
    ),
    checks={"institution_id_positive": "institution_id > 0"},
)

SOURCES = Table(
    "sources",
    "Where works appear: journals, conferences, repositories; MAG journals and conference series together.",
    grain=("source_id",),
    columns=(
        required("source_id", BIGINT, "OpenAlex S…, MAG JournalId or ConferenceSeriesId"),
        optional("name", STRING, "display name"),
        optional("source_type", STRING, "journal, conference, repository, …; null: unknown"),
    ),
)

FIELDS = Table(
    "fields",
    "Names of the fields in work_fields.",
    grain=("scheme", "field_id"),
    columns=(
        required("scheme", STRING, "as in work_fields; keywords are not listed, their field_key names them"),
        required("field_id", BIGINT, "number of the field in its scheme"),
        optional("name", STRING, "display name"),
        optional(
            "level",
            INT,
            "depth of a concept, 0–5; null in the other schemes",
        ),
    ),
)

AUTHORS = Table(
    "authors",
    "Authors named by the source.",
    grain=("author_id",),
    columns=(
        required("author_id", BIGINT, "OpenAlex A…, MAG AuthorId; never mix those of two releases"),
        optional("name", STRING, "display name"),
    ),
)

REJECTS = Table(
    "rejects",
    "Every record refused, with the reason; none is lost silently.",
    grain=(),
    columns=(
        required("source_path", STRING, "the file it stood in, relative to the input"),
        required("reason", STRING, "why it was refused"),
        optional("record", STRING, "its first 2,000 characters; null for a file left out whole"),
    ),
)

INGEST_COUNTS = Table(
    "ingest_counts",
    "What became of the records of each file: n_read = n_kept + n_rejected + n_dropped + n_superseded.",
    grain=("source_path",),
    columns=(
        required("source_path", STRING, "the file, relative to the input"),
        required("entity", STRING, "what the file holds: works, authors, Papers, …"),
        required("n_read", BIGINT, "records in the file (blank lines are none)"),
        required("n_kept", BIGINT, "records that stand in a canonical table"),
        required("n_rejected", BIGINT, "records refused, each a row of rejects"),
        required("n_dropped", BIGINT, "records left out by a rule: the sum of the dropped_… columns"),
        required("n_superseded", BIGINT, "records that a newer or equal record of the same id replaces"),
        required("dropped_deleted", BIGINT, "works in deleted_ids"),
        required("dropped_merged", BIGINT, "records whose id was merged into another"),
        required("dropped_paratext", BIGINT, "covers, tables of contents and the like"),
        required("dropped_xpac", BIGINT, "OpenAlex works of the xpac extension, unless they are asked for"),
        required("dropped_document_type", BIGINT, "MAG document types left out: patents, data sets"),
        required("dropped_family", BIGINT, "MAG papers that are not their family's primary, if families count once"),
    ),
    checks={
        "counts_close": "n_read = n_kept + n_rejected + n_dropped + n_superseded",
        "dropped_is_the_sum": "n_dropped = dropped_deleted + dropped_merged + dropped_paratext + dropped_xpac"
        " + dropped_document_type + dropped_family",
    },
)

TABLES = (
    WORKS,
    AUTHORSHIPS,
    CITATIONS,
    WORK_FIELDS,
    INSTITUTIONS,
    SOURCES,
    FIELDS,
    AUTHORS,
    REJECTS,
    INGEST_COUNTS,
)
