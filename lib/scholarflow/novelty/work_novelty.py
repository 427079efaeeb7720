"""Table work_novelty: how new the company is in which a work's references and its keywords stand."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.citation.hits import hit_weights
from scholarflow.novelty.context_scores import context_scores
from scholarflow.tables.novelty import WORK_NOVELTY


def work_novelty(
    field_works: DataFrame,
    field_references: DataFrame,
    venue_pairs: DataFrame,
    content_novelty: DataFrame,
    *,
    settled_year: int,
    ties: str,
) -> DataFrame:
    """One row per field work; nulls where a work says nothing of its novelty."""
    context = context_scores(field_references, venue_pairs, settled_year=settled_year).drop("pub_year")
    content = content_novelty.select("work_id", "content_novelty", "content_percentile", "content_percentile_adjusted")
    scored = (
        field_works.select("work_id", "pub_year")
        .join(context, on="work_id", how="left")
        .join(content, on="work_id", how="left")
    )
    for kind in ("context", "content"):
        scored = with_hits(scored, f"{kind}_novelty", f"{kind}_hit_1pct", ties=ties)
    return scored.withColumn("n_venue_pairs", F.coalesce("n_venue_pairs", F.lit(0)).cast("bigint")).select(
        *WORK_NOVELTY.column_names
    )


def with_hits(works: DataFrame, measure: str, hit: str, *, ties: str) -> DataFrame:
    """Adds the weight of belonging to the 1 % of the year's works that have most of the measure; null without it."""
    measured = works.where(F.col(measure).isNotNull()).select("pub_year", measure)
    weights = hit_weights(measured, ties=ties, hits={hit: 1}, measure=measure, floor=None)
    return works.join(weights, on=["pub_year", measure], how="left")
