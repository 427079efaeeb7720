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

    `scheme`: keyword, concept (MAG's fields of study too), or auto: keywords where some field work has any, else
    concepts. What only says of which field a work is, is left out: concepts above min_level, fields of the study, and
    keywords of their names. A concept of unknown level is kept.
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
    """One row: keyword, where some work has any, else concept."""
    has_keywords = F.max(F.coalesce(F.array_contains("fields.scheme", "keyword"), F.lit(False)))
    return works.agg(has_keywords.alias("has_keywords")).select(
        F.when(F.col("has_keywords"), F.lit("keyword")).otherwise(F.lit("concept")).alias("scheme")
    )


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
