"""Hits: the share of the field works of a year that is most cited, or has most of something else."""

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

#: Shares of the most cited works, in per cent, by column.
HITS = {"hit_1pct": 1, "hit_5pct": 5, "hit_10pct": 10}


def hit_weights(
    works: DataFrame, *, ties: str, hits: Mapping[str, int] = HITS, measure: str = "c2", floor: float | None = 0
) -> DataFrame:
    """pub_year, the measure and a weight 0–1 for each share: what a work with so much of it counts as a hit.

    Of n works, which all have the measure, k = share · n are hits. Works above the threshold weigh 1; those at it share
    what is left, so that the weights of a year sum to k (Waltman & Schreiber 2013, doi:10.1002/asi.22812); with `ties`
    inclusive they weigh 1, with strict 0 unless they fit whole. Null for the whole year where the threshold does not
    exceed `floor`, as where it falls on 0 citations. One row per distinct value: few of citations, so that no work is
    ranked and the table joined back is small.
    """
    of_year = Window.partitionBy("pub_year")
    descending = of_year.orderBy(F.desc(measure)).rowsBetween(Window.unboundedPreceding, Window.currentRow)
    distribution = (
        works.groupBy("pub_year", measure)
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
        measure,
        *((F.col("n") * percent - above * 100).alias(left.format(name)) for name, percent in hits.items()),
        *((F.col("n_at") * 100).alias(at.format(name)) for name in hits),
    )
    return measured.select(
        "pub_year",
        measure,
        *(
            _weight(F.col(left.format(name)), F.col(at.format(name)), F.col(measure), ties, floor).alias(name)
            for name in hits
        ),
    )


def _weight(left: Column, at: Column, value: Column, ties: str, floor: float | None) -> Column:
    """Weight of the works at a value, where `left` of them still belong to the share and there are `at`."""
    weights = {
        "fractional": F.least(F.greatest(left / at, F.lit(0.0)), F.lit(1.0)),
        "inclusive": (left > 0).cast("double"),
        "strict": (left >= at).cast("double"),
    }
    if floor is None:
        return weights[ties]
    is_threshold = (left > 0) & (left <= at)
    threshold = F.max(F.when(is_threshold, value)).over(Window.partitionBy("pub_year"))
    return F.when(threshold > floor, weights[ties])
