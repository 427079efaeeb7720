"""Table kinds_of_works: works led by one country of a pair, with and without a co-author in the other."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import per_group
from scholarflow.columns import fraction
from scholarflow.comparison.contrasts import Resampling
from scholarflow.comparison.matching import compared, in_square_units
from scholarflow.panel.kinds_compared import FAMILY, METRICS, kinds_compared
from scholarflow.study.kinds import CLUSTER, DIRECTION, KIND, works_by_kind
from scholarflow.tables.results import KINDS_OF_WORKS


def kinds_of_works(
    field_works: DataFrame,
    citation_windows: DataFrame,
    top_institutions: DataFrame,
    *,
    pairs: Sequence[Sequence[str]],
    first_year: int,
    last_year: int,
    resampling: Mapping[str, Any],
) -> DataFrame:
    """One row per direction of each pair, kind and year of the period, and one over all years (pub_year null).

    Works led from both countries of the pair are left out; the lead's own second country is no co-author. The led works
    of the pairs are joined with their hit weights; then sums by kind and year, and by direction and lead institution,
    are shuffled. Tests of the pooled rows are one family: all these sums come together in one task.
    """
    led = works_by_kind(
        field_works,
        pairs=pairs,
        first_year=first_year,
        last_year=last_year,
        keep=("work_id", "pub_year", "n_authors", "lead_institution_id", CLUSTER),
    )
    works = _with_outcomes(led, citation_windows, top_institutions)
    rows = _of_years(works).unionByName(_by_institution(works), allowMissingColumns=True)
    tested = partial(kinds_compared, resampling=Resampling(**resampling))
    return per_group(rows.withColumn(FAMILY, F.lit(0)), [FAMILY], tested, KINDS_OF_WORKS)


def _with_outcomes(led: DataFrame, citation_windows: DataFrame, top_institutions: DataFrame) -> DataFrame:
    """Adds hit weight, and whether the lead institution is at the top (null: unknown)."""
    top = top_institutions.select(F.col("institution_id").alias("lead_institution_id"), F.lit(1).alias("at_top"))
    return (
        led.join(citation_windows.select("work_id", "hit_1pct", "c2_complete"), on="work_id", how="inner")
        .join(F.broadcast(top), on="lead_institution_id", how="left")
        .withColumn("is_top", F.when(F.col("lead_institution_id").isNotNull(), F.coalesce("at_top", F.lit(0))))
    )


def _of_years(works: DataFrame) -> DataFrame:
    """Counts, teams and hits by kind, of each year and of all.

    In a year a hit weight is 0, 1, or that of the works at the threshold: `hits_whole` and `hits_in_part` are counted,
    and `part` is that weight.
    """
    hit = F.col("hit_1pct")
    counted = works.withColumns(
        {
            # Each work once for its year and once for the pooled row.
            "pub_year": F.explode(F.array(F.col("pub_year"), F.lit(None).cast("int"))),
            "is_whole": F.when(hit == 1, F.lit(1)),
            "in_part": F.when((hit > 0) & (hit < 1), hit),
        }
    )
    return counted.groupBy(*KIND, "pub_year").agg(
        F.count(F.lit(1)).alias("n_works"),
        F.avg("n_authors").alias("mean_team"),
        F.percentile("n_authors", 0.25).alias("team_q1"),
        F.percentile("n_authors", 0.5).alias("team_median"),
        F.percentile("n_authors", 0.75).alias("team_q3"),
        F.count("is_top").alias("n_with_institution"),
        F.coalesce(F.sum("is_top"), F.lit(0)).cast("bigint").alias("n_top"),
        F.count("hit_1pct").alias("n_with_hits"),
        F.count("is_whole").alias("hits_whole"),
        F.count("in_part").alias("hits_in_part"),
        F.max("in_part").alias("part"),
        F.min("c2_complete").alias("is_complete"),
    )


def _by_institution(works: DataFrame) -> DataFrame:
    """Sums of `compared` by direction, metric and lead institution, with a co-author in the partner country or not."""
    # Sail wants one type for all elements of an array, nullability included: a cast makes it.
    of_metric = "struct<metric: string, sum: bigint, squares: bigint>"
    outcomes = (F.struct(F.lit(metric).alias("metric"), *_outcome(metric)).cast(of_metric) for metric in METRICS)
    treated = F.col("collaborates").cast("bigint")
    comparison = [*DIRECTION, "metric"]
    sides = {
        f"{side}_{name}": counted * F.col(name)
        for side, counted in (("treated", treated), ("control", 1 - treated))
        for name in ("n", "sum", "squares")
    }
    classes = (
        works.select(*DIRECTION, "collaborates", CLUSTER, F.inline(F.array(*outcomes)))
        .where("sum IS NOT NULL")
        .withColumn("n", F.lit(1).cast("bigint"))
        .select(*comparison, CLUSTER, *(value.alias(name) for name, value in sides.items()))
        .groupBy(*comparison, CLUSTER)
        .agg(*(F.sum(name).alias(name) for name in sides))
        .withColumnsRenamed({"treated_n": "n_treated", "control_n": "n_controls"})
        .withColumn("stratum", F.lit(0))
    )
    totals = (
        classes.groupBy(*comparison)
        .agg(F.sum("n_treated").alias("all_treated"), F.sum("n_controls").alias("all_controls"))
        .where("all_treated > 0")
    )
    return compared(classes, totals, comparison=comparison, cluster=CLUSTER, stratum=["stratum"])


def _outcome(metric: str) -> tuple[Column, Column]:
    """An outcome in units, null where unknown, and its square; only the test of teams asks for squares."""
    outcome = {"hit": F.col("hit_1pct"), "top": F.col("is_top"), "team": F.col("n_authors")}[metric]
    square = in_square_units(F.col("n_authors") * F.col("n_authors")) if metric == "team" else F.lit(0).cast("bigint")
    return fraction(outcome, F.lit(1)).alias("sum"), square.alias("squares")
