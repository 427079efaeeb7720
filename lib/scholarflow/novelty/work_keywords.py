"""Table work_keywords: what field works are about, in words narrower than the field."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.tables.novelty import WORK_KEYWORDS


def work_keywords(
    works: DataFrame,
    field_works: DataFrame,
    fields: DataFrame,
    *,
    scheme: str,
    min_score: float,
    min_level: int,
    study_scheme: str,
    study_fields: Sequence[int],
) -> DataFrame:
    """One row per field work and keyword with score ≥ min_score (a null score counts as 0); nothing is shuffled.

    `scheme`: keyword, concept (MAG's fields of study too), or auto: the better filled (`best_scheme`). What only says
    of which field a work is, is left out: concepts above min_level, fields of the study, and keywords of their names. A
    concept of unknown level is kept.
    """
    field = works.join(field_works.select("work_id"), on="work_id", how="left_semi")
    listed = field.select("work_id", "pub_year", F.explode("fields").alias("f")).select(
        "work_id", "pub_year", F.col("f.scheme").alias("scheme"), F.col("f.field_id").alias("keyword_id"), "f.score"
    )
    strong = listed.where(F.coalesce("score", F.lit(0.0)) >= F.lit(float(min_score)))
    chosen = (
        strong.join(F.broadcast(best_scheme(field)), on="scheme", how="left_semi")
        if scheme == "auto"
        else strong.where(F.col("scheme") == scheme)
    )
    of_study = (F.col("scheme") == study_scheme) & F.col("keyword_id").isin(list(study_fields))
    broad = broad_keywords(
        fields, min_level=min_level, study_concepts=study_fields if study_scheme == "concept" else ()
    )
    return (
        chosen.where(~of_study)
        .join(F.broadcast(broad), on=["scheme", "keyword_id"], how="left_anti")
        .select(*WORK_KEYWORDS.column_names)
    )


def best_scheme(works: DataFrame) -> DataFrame:
    """One row: keyword, where at least half as many works have any as have concepts; else concept.

    A few works of newer records in an older snapshot do not decide for all.
    """
    marked = works.select(
        *(F.array_contains("fields.scheme", scheme).cast("bigint").alias(scheme) for scheme in ("keyword", "concept"))
    )
    counted = marked.agg(*(F.coalesce(F.sum(s), F.lit(0)).alias(s) for s in ("keyword", "concept")))
    is_keyword = (F.col("keyword") > 0) & (2 * F.col("keyword") >= F.col("concept"))
    return counted.select(F.when(is_keyword, F.lit("keyword")).otherwise(F.lit("concept")).alias("scheme"))


def broad_keywords(fields: DataFrame, *, min_level: int, study_concepts: Sequence[int]) -> DataFrame:
    """scheme, keyword_id: concepts above a level and those of the study, and the keywords of their names."""
    is_broad = (F.col("level") < min_level) | F.col("field_id").isin(list(study_concepts))
    broad = fields.where((F.col("scheme") == "concept") & is_broad)
    of_name = F.xxhash64(slug(F.col("name")))
    return broad.select("scheme", F.col("field_id").alias("keyword_id")).unionByName(
        broad.select(F.lit("keyword").alias("scheme"), of_name.alias("keyword_id"))
    )


def slug(name: Column) -> Column:
    """The keyword that OpenAlex makes of a concept's name: "Work (physics)" gives work."""
    words = F.regexp_replace(F.lower(name), r"\s*\(.*\)", "")
    return F.regexp_replace(F.regexp_replace(words, "[^a-z0-9]+", "-"), "^-|-$", "")
