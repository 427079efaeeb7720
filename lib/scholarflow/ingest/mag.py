"""MAG: from parsed rows to the canonical tables.

Papers, authorships, references and fields of study are tables of their own in a dump. Each is gathered per paper, so
that the paper's row carries its lists; rows of papers that are not kept find no work.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.ingest.canonical import (
    FIELDS,
    MAX_LISTED_AUTHORS,
    ROWS,
    authorships,
    citations,
    reference_manifest,
    with_author_sets,
    with_reference_counts,
    work_fields,
    works_manifest,
)
from scholarflow.ingest.counts import ingest_counts, rejects
from scholarflow.ingest.newest import accepted, newest
from scholarflow.stage import Context, Stage
from scholarflow.tables import Table, canonical, parsed
from scholarflow.tables.declaration import BIGINTS

#: Stand for null while structs are sorted: the engines disagree about where nulls go. Ids are above 0.
_NO_ID, _NO_CODE = 0, ""


def works(
    papers: DataFrame,
    signed: DataFrame,
    references: DataFrame,
    classified: DataFrame,
    institutions: DataFrame,
    *,
    is_contested: bool,
    dropped_document_types: Sequence[str],
    families_once: bool,
) -> DataFrame:
    """One row per paper that no rule drops, with its authorships, references and fields of study.

    With `families_once` references to and from any member of a family are the primary's.
    """
    standing = newest(papers, is_contested=is_contested)
    decided = with_fate(standing, dropped_document_types=dropped_document_types, families_once=families_once)
    kept = decided.where("fate = 'kept'").drop("fate")
    cited = accepted(references).select("work_id", "referenced_work_id")
    if families_once:
        cited = of_families(cited, family_members(standing))
    lists = (author_lists(accepted(signed), institutions), reference_lists(cited), field_lists(accepted(classified)))
    joined = reduce(lambda left, right: left.join(right, on="work_id", how="left"), lists, kept)
    filled = joined.withColumns(
        {
            "language": F.lit(None).cast("string"),
            "n_authors": F.coalesce("n_authors", F.lit(0)).cast("bigint"),
            "authorships": F.coalesce("authorships", F.array().cast(ROWS)),
            "referenced_works": F.coalesce("referenced_works", F.array().cast(BIGINTS)),
            "fields": F.coalesce("fields", F.array().cast(FIELDS)),
        }
    )
    return with_reference_counts(with_author_sets(filled))


def with_fate(papers: DataFrame, *, dropped_document_types: Sequence[str], families_once: bool) -> DataFrame:
    """Adds `fate`: kept, or the first rule that drops the paper: paratext, document_type, family."""
    is_member = F.col("family_id") != F.col("work_id")
    fate = (
        F.when(F.col("is_paratext"), "paratext")
        .when(F.col("work_type").isin(*dropped_document_types), "document_type")
        .when(F.lit(families_once) & is_member, "family")
    )
    return papers.withColumn("fate", fate.otherwise("kept"))


def author_lists(signed: DataFrame, institutions: DataFrame) -> DataFrame:
    """work_id, n_authors, authorships: a row per paper, its distinct rows by position, author and institution.

    The list is as long as it has distinct pairs of position and author: MAG lists two authors at one position, and an
    author once more for each affiliation. The last position is unknown where MAG cut the list.
    """
    countries = institutions.where("country_code IS NOT NULL").select("institution_id", "country_code")
    entry = F.struct(
        "author_position",
        F.coalesce("author_id", F.lit(_NO_ID)).cast("bigint").alias("author_id"),
        F.coalesce("institution_id", F.lit(_NO_ID)).cast("bigint").alias("institution_id"),
        F.coalesce("country_code", F.lit(_NO_CODE)).alias("country_code"),
    )
    listed = (
        signed.join(F.broadcast(countries), on="institution_id", how="left")
        .groupBy("work_id")
        .agg(F.collect_list(entry).alias("entries"))
        .select("work_id", F.array_sort(F.array_distinct("entries")).alias("entries"))
    )
    signatures = F.transform("entries", lambda e: F.struct(e["author_position"], e["author_id"]))
    counted = listed.withColumns(
        {
            "n_authors": F.size(F.array_distinct(signatures)).cast("bigint"),
            "last_position": F.array_max(F.transform("entries", lambda e: e["author_position"])),
        }
    )
    return counted.select("work_id", "n_authors", F.transform("entries", _authorship).cast(ROWS).alias("authorships"))


def _authorship(entry: Column) -> Column:
    position = entry["author_position"]
    return F.struct(
        position.alias("author_position"),
        F.nullif(entry["author_id"], F.lit(_NO_ID).cast("bigint")).alias("author_id"),
        F.nullif(entry["institution_id"], F.lit(_NO_ID).cast("bigint")).alias("institution_id"),
        F.nullif(entry["country_code"], F.lit(_NO_CODE)).alias("country_code"),
        (position == 1).alias("is_first"),
        F.when(F.col("n_authors") != MAX_LISTED_AUTHORS, position == F.col("last_position")).alias("is_last"),
        F.lit(None).cast("boolean").alias("is_corresponding"),
    )


def reference_lists(cited: DataFrame) -> DataFrame:
    """work_id, referenced_works: as listed, repeats and the paper itself included."""
    return cited.groupBy("work_id").agg(F.collect_list("referenced_work_id").alias("referenced_works"))


def family_members(papers: DataFrame) -> DataFrame:
    """work_id, family_id of the papers that are not their family's primary."""
    return papers.where("family_id <> work_id").select("work_id", "family_id")


def of_families(cited: DataFrame, members: DataFrame) -> DataFrame:
    """References between families: both ends stand for their family's primary."""
    citing = members.withColumnRenamed("family_id", "citing_family")
    named = members.select(F.col("work_id").alias("referenced_work_id"), F.col("family_id").alias("cited_family"))
    joined = cited.join(citing, on="work_id", how="left").join(named, on="referenced_work_id", how="left")
    return joined.select(
        F.coalesce("citing_family", "work_id").alias("work_id"),
        F.coalesce("cited_family", "referenced_work_id").alias("referenced_work_id"),
    )


def field_lists(classified: DataFrame) -> DataFrame:
    """work_id, fields: a row per paper, ascending by id, the highest score where an id repeats.

    Spread by paper first, so that both groupings share one shuffle.
    """
    best = classified.repartition("work_id").groupBy("work_id", "field_id").agg(F.max("score").alias("score"))
    field = F.struct(
        F.lit("concept").alias("scheme"), "field_id", "score", F.lit(None).cast("string").alias("field_key")
    )
    return best.groupBy("work_id").agg(F.array_sort(F.collect_list(field)).cast(FIELDS).alias("fields"))


def institutions(affiliations: DataFrame, countries: DataFrame, *, is_contested: bool) -> DataFrame:
    """Every affiliation with its country: the dump's own, else by its id from the user's list, else by its GRID id."""
    listed = accepted(countries).groupBy("affiliation").agg(F.min("country_code").alias("country_code"))
    by_id = listed.select(F.col("affiliation").alias("id_text"), F.col("country_code").alias("country_by_id"))
    by_grid = listed.select(F.col("affiliation").alias("grid_text"), F.col("country_code").alias("country_by_grid"))
    rows = newest(affiliations, is_contested=is_contested).withColumns(
        {"id_text": F.col("institution_id").cast("string"), "grid_text": F.lower("grid_id")}
    )
    joined = rows.join(by_id, on="id_text", how="left").join(by_grid, on="grid_text", how="left")
    return joined.select(
        "institution_id",
        "name",
        F.coalesce("country_code", "country_by_id", "country_by_grid").alias("country_code"),
        "ror_id",
        F.lit(None).cast("string").alias("institution_type"),
    )


def sources(venues: DataFrame, *, is_contested: bool) -> DataFrame:
    """Journals and conference series."""
    return newest(venues, is_contested=is_contested).select(*canonical.SOURCES.column_names)


def fields(fields_of_study: DataFrame, *, is_contested: bool) -> DataFrame:
    """Fields of study, as concepts."""
    rows = newest(fields_of_study, is_contested=is_contested)
    return rows.select(F.lit("concept").alias("scheme"), "field_id", "name", "level")


def authors(records: DataFrame, *, is_contested: bool) -> DataFrame:
    """Authors by name."""
    return newest(records, is_contested=is_contested).select(*canonical.AUTHORS.column_names)


def counted(files: DataFrame, papers: DataFrame, *others: DataFrame, is_contested: bool, **rules: Any) -> DataFrame:
    """Rows of ingest_counts: of rows with one key the newest paper is kept, and of other tables one."""
    fates = [with_fate(newest(papers, is_contested=is_contested), **rules)]
    for (_, key), rows in zip(_KEYS, others, strict=True):
        distinct = accepted(rows).groupBy(*key).agg(F.min("source_path").alias("source_path"))
        fates.append(distinct.select("source_path", F.lit("kept").alias("fate")))
    return ingest_counts(files, [papers, *others], fates)


def _rules(context: Context) -> dict[str, Any]:
    ingest = context.config.ingest
    return {
        "is_contested": parsed.PAPERS.name in context.contested,
        "dropped_document_types": ingest.dropped_document_types,
        "families_once": ingest.families_once,
    }


#: What makes two rows of a table the same, for the tables beside Papers.
_KEYS: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (parsed.PAPER_AUTHOR_AFFILIATIONS, ("work_id", "author_position", "author_id", "institution_id")),
    (parsed.PAPER_REFERENCES, ("work_id", "referenced_work_id")),
    (parsed.PAPER_FIELDS_OF_STUDY, ("work_id", "field_id")),
    (parsed.AFFILIATIONS, ("institution_id",)),
    (parsed.MAG_AUTHORS, ("author_id",)),
    (parsed.VENUES, ("source_id",)),
    (parsed.FIELDS_OF_STUDY, ("field_id",)),
    (parsed.AFFILIATION_COUNTRIES, ("affiliation",)),
)

_LISTS = (parsed.PAPER_AUTHOR_AFFILIATIONS, parsed.PAPER_REFERENCES, parsed.PAPER_FIELDS_OF_STUDY)


def _of_newest(table: Table, make: Callable[..., DataFrame], records: Table, *others: Table) -> Stage:
    return Stage(table, make, (records, *others), lambda context: {"is_contested": records.name in context.contested})


#: How the canonical tables are made of parsed MAG rows; works takes the countries of its authorships from institutions.
#: Of several rows of an id the newest stands; only the OpenAlex MAG format dates its rows.
STAGES = (
    _of_newest(canonical.INSTITUTIONS, institutions, parsed.AFFILIATIONS, parsed.AFFILIATION_COUNTRIES),
    Stage(canonical.WORKS, works, (parsed.PAPERS, *_LISTS, canonical.INSTITUTIONS), _rules, manifest=works_manifest),
    Stage(canonical.AUTHORSHIPS, authorships, (canonical.WORKS,)),
    Stage(canonical.CITATIONS, citations, (canonical.WORKS,), manifest=reference_manifest),
    Stage(canonical.WORK_FIELDS, work_fields, (canonical.WORKS,)),
    _of_newest(canonical.SOURCES, sources, parsed.VENUES),
    _of_newest(canonical.FIELDS, fields, parsed.FIELDS_OF_STUDY),
    _of_newest(canonical.AUTHORS, authors, parsed.MAG_AUTHORS),
    Stage(canonical.REJECTS, rejects, (parsed.FILES, *parsed.MAG)),
    Stage(canonical.INGEST_COUNTS, counted, (parsed.FILES, parsed.PAPERS, *(table for table, _ in _KEYS)), _rules),
)
