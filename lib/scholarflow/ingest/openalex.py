"""OpenAlex: from parsed records to the canonical tables.

Records of one id compete: the newest `updated_date` of the record wins, then the newest partition, then the record's
hash. The winner may be dropped by a rule (deleted, merged, paratext, xpac), and ids that OpenAlex merged into others
are followed everywhere.
"""

from collections.abc import Callable, Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.ingest.canonical import (
    authorships,
    citations,
    reference_manifest,
    with_reference_counts,
    work_fields,
    works_manifest,
)
from scholarflow.ingest.counts import ingest_counts, rejects
from scholarflow.ingest.merged_ids import final_ids, follow_merged_ids, follow_merged_sources
from scholarflow.ingest.newest import accepted, id_column, newest
from scholarflow.stage import Context, Stage
from scholarflow.tables import Table, canonical, parsed


def works(
    parsed_works: DataFrame,
    merged_ids: DataFrame | None,
    deleted_ids: DataFrame | None,
    *,
    is_contested: bool,
    keep_xpac: bool,
) -> DataFrame:
    """One row per work: the newest record of each id that no rule drops, merged ids followed."""
    final = None if merged_ids is None else final_ids(merged_ids)
    kept = with_fate(newest(parsed_works, is_contested=is_contested), final, deleted_ids, keep_xpac=keep_xpac).where(
        "fate = 'kept'"
    )
    if final is not None:
        kept = follow_merged_sources(follow_merged_ids(kept, final), final)
    return with_reference_counts(kept)


def with_fate(
    winners: DataFrame, final: DataFrame | None, deleted_ids: DataFrame | None, *, keep_xpac: bool
) -> DataFrame:
    """Adds `fate`: kept, or the first rule that drops the work: deleted, merged, paratext, xpac."""
    no: Column = F.lit(False)
    deleted, merged = no, no
    if deleted_ids is not None:
        ids = deleted_ids.where("work_id IS NOT NULL").select("work_id").distinct()
        winners = winners.join(ids.withColumn("is_deleted", F.lit(True)), on="work_id", how="left")
        deleted = F.coalesce("is_deleted", no)
    if final is not None:
        ids = final.where("entity = 'works'").select(F.col("id").alias("work_id"))
        winners = winners.join(ids.withColumn("is_merged", F.lit(True)), on="work_id", how="left")
        merged = F.coalesce("is_merged", no)
    xpac = no if keep_xpac else F.col("is_xpac")
    fate = F.when(deleted, "deleted").when(merged, "merged").when(F.col("is_paratext"), "paratext").when(xpac, "xpac")
    return winners.withColumn("fate", fate.otherwise("kept"))


def entities(
    records: DataFrame,
    merged_ids: DataFrame | None,
    *,
    is_contested: bool,
    entity: str,
    columns: Sequence[str],
) -> DataFrame:
    """The newest record of each author, institution or source that is not merged into another."""
    rows = newest(records, is_contested=is_contested)
    if merged_ids is not None:
        key = id_column(records)
        gone = final_ids(merged_ids).where(F.col("entity") == entity).select(F.col("id").alias(key))
        rows = rows.join(gone, on=key, how="left_anti")
    return rows.select(*columns)


def fields(concepts: DataFrame, topics: DataFrame, *, is_contested: bool) -> DataFrame:
    """Names of concepts, and of topics with what lies over them; of several names of an id the alphabetically first."""
    named_topics = newest(topics, is_contested=is_contested)
    schemes = [
        newest(concepts, is_contested=is_contested).select(
            F.lit("concept").alias("scheme"), "field_id", "name", "level"
        )
    ]
    above = {
        "topic": ("field_id", "name"),
        "subfield": ("subfield_id", "subfield_name"),
        "field": ("topic_field_id", "topic_field_name"),
        "domain": ("domain_id", "domain_name"),
    }
    for scheme, (key, name) in above.items():
        schemes.append(
            named_topics.where(F.col(key).isNotNull())
            .groupBy(F.col(key).alias("field_id"))
            .agg(F.min(name).alias("name"))
            .select(F.lit(scheme).alias("scheme"), "field_id", "name", F.lit(None).cast("int").alias("level"))
        )
    return reduce(DataFrame.unionByName, schemes)


def counted(
    files: DataFrame,
    merged_ids: DataFrame | None,
    deleted_ids: DataFrame | None,
    works: DataFrame,
    *entities: DataFrame,
    contested: Sequence[bool],
    keep_xpac: bool,
) -> DataFrame:
    """Rows of ingest_counts, from the parsed tables of works, of the other entities and of the lists of ids.

    `contested` says of works and of each other entity whether some id has several records.
    """
    lists = [ids for ids in (merged_ids, deleted_ids) if ids is not None]
    final = None if merged_ids is None else final_ids(merged_ids)
    winners = [newest(rows, is_contested=is_) for rows, is_ in zip((works, *entities), contested, strict=True)]
    fates = [
        with_fate(winners[0], final, deleted_ids, keep_xpac=keep_xpac),
        *(_entity_fates(rows, final) for rows in winners[1:]),
        # Of a list of ids each line is kept for what it says.
        *(accepted(ids).select("source_path", F.lit("kept").alias("fate")) for ids in lists),
    ]
    return ingest_counts(files, [works, *entities, *lists], fates)


def _entity_fates(winners: DataFrame, final: DataFrame | None) -> DataFrame:
    merged = {"author_id": "authors", "institution_id": "institutions", "source_id": "sources"}
    key = id_column(winners)
    if final is None or key not in merged:
        return winners.select("source_path", F.lit("kept").alias("fate"))
    gone = final.where(F.col("entity") == merged[key]).select(F.col("id").alias(key), F.lit("merged").alias("merged"))
    return winners.join(gone, on=key, how="left").select(
        "source_path", F.coalesce("merged", F.lit("kept")).alias("fate")
    )


def _keep_xpac(context: Context) -> dict[str, bool]:
    return {"keep_xpac": context.config.ingest.keep_xpac}


def _is_contested(*records: Table) -> Callable[[Context], dict[str, bool]]:
    return lambda context: {"is_contested": any(table.name in context.contested for table in records)}


def _entity_stage(table: Table, records: Table) -> Stage:
    return Stage(
        table,
        entities,
        (records, parsed.MERGED_IDS),
        lambda context: _is_contested(records)(context) | {"entity": table.name, "columns": table.column_names},
        optional=(parsed.MERGED_IDS,),
    )


_LISTS = (parsed.MERGED_IDS, parsed.DELETED_IDS)
_RECORDS = tuple(table for table in parsed.OPENALEX if table not in _LISTS)

#: How the canonical tables are made of parsed OpenAlex records.
STAGES = (
    Stage(
        canonical.WORKS,
        works,
        (parsed.WORKS, *_LISTS),
        lambda context: _is_contested(parsed.WORKS)(context) | _keep_xpac(context),
        optional=_LISTS,
        manifest=works_manifest,
    ),
    Stage(canonical.AUTHORSHIPS, authorships, (canonical.WORKS,)),
    Stage(canonical.CITATIONS, citations, (canonical.WORKS,), manifest=reference_manifest),
    Stage(canonical.WORK_FIELDS, work_fields, (canonical.WORKS,)),
    _entity_stage(canonical.INSTITUTIONS, parsed.INSTITUTIONS),
    _entity_stage(canonical.SOURCES, parsed.SOURCES),
    Stage(canonical.FIELDS, fields, (parsed.CONCEPTS, parsed.TOPICS), _is_contested(parsed.CONCEPTS, parsed.TOPICS)),
    _entity_stage(canonical.AUTHORS, parsed.AUTHORS),
    Stage(canonical.REJECTS, rejects, (parsed.FILES, *parsed.OPENALEX)),
    Stage(
        canonical.INGEST_COUNTS,
        counted,
        (parsed.FILES, *_LISTS, *_RECORDS),
        lambda context: _keep_xpac(context) | {"contested": [table.name in context.contested for table in _RECORDS]},
        optional=_LISTS,
    ),
)
