"""Hits: the most cited share of the field works of a year."""

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

#: Shares of the most cited works, in per cent, by column.
HITS = {"hit_1pct": 1, "hit_5pct": 5, "hit_10pct": 10}


def hit_weights(windows: DataFrame, *, ties: str, hits: Mapping[str, int] = HITS) -> DataFrame:
    """pub_year, c2 and a weight 0–1 for each share: what a work with so many citations counts as a hit.

    Of n works, k = share · n are hits. Works above the threshold weigh 1; those at it share what is left, so that the
    weights of a year sum to k (Waltman & Schreiber 2013, doi:10.1002/asi.22812); with `ties` inclusive they weigh 1,
    with strict 0 unless they fit whole. Null for the whole year where the threshold falls on 0 citations.
    One row per distinct count, so that no work is ranked: the table joined back is small.
    """
    of_year = Window.partitionBy("pub_year")
    descending = of_year.orderBy(F.desc("c2")).rowsBetween(Window.unboundedPreceding, Window.currentRow)
    distribution = (
        windows.groupBy("pub_year", "c2")
        .agg(F.count(F.lit(1)).alias("n_at"))
        .withColumns({"n_to_here": F.sum("n_at").over(descending), "n": F.sum("n_at").over(of_year)})
    )
    left, at = (
        "left_{}",
        "at_{}",
    )  # per share, in hundredths of a work, so that k = percent · n is a whole number
    above = F.col("n_to_here") - F.col("n_at")
    measured = distribution.select(
        "pub_year",
        "c2",
        *((F.col("n") * percent - above * 100).alias(left.format(name)) for name, percent in hits.items()),
        *((F.col("n_at") * 100).alias(at.format(name)) for name in hits),
    )
    return measured.select(
        "pub_year",
        "c2",
        *(_weight(F.col(left.format(name)), F.col(at.format(name)), ties).alias(name) for name in hits),
    )


def _weight(left: Column, at: Column, ties: str) -> Column:
    """Weight of the works at a count, where `left` of them still belong to the share and there are `at`."""
    weights = {
        "fractional": F.least(F.greatest(left / at, F.lit(0.0)), F.lit(1.0)),
        "inclusive": (left > 0).cast("double"),
        "strict": (left >= at).cast("double"),
    }
    is_threshold = (left > 0) & (left <= at)
    threshold = F.max(F.when(is_threshold, F.col("c2"))).over(Window.partitionBy("pub_year"))
    return F.when(threshold > 0, weights[ties])
