"""Coarsened exact matching (Iacus, King & Porro 2012, doi:10.1093/pan/mpr013), in DataFrames.

Treated and control units are compared within strata: groups of units equal in every key, keys exact or coarsened into
bins. A stratum that lacks either side is left out; a control weighs as many treated units as its stratum has for each
of its controls, (m_T/m_C), so that weighted controls are distributed over the strata as the matched treated are.
Only sums travel: of every stratum, or of every cluster in it, the number of units, their outcomes and their squares.
"""

from collections.abc import Mapping, Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.columns import FRACTION_UNIT, fraction

#: Squares of outcomes are summed as integers of this unit: they only serve the variances of Welch's test.
SQUARE_UNIT = 1 << 20

#: Of a class of units alike in stratum and cluster: units, sum of outcomes (1/FRACTION_UNIT), of squares (SQUARE_UNIT).
CLASS = ("n_treated", "treated_sum", "treated_squares", "n_controls", "control_sum", "control_squares")

#: What `compared` sums up by comparison and cluster; sums and weights in 1/FRACTION_UNIT.
SUMS = (
    "n_treated",
    "n_matched",
    "n_controls",
    "n_strata",
    "treated_sum",
    "treated_squares",
    "control_weight",
    "control_sum",
    "control_squares",
    "weight_squares",
    "distance_before",
    "control_share",
)


#: How a value is coarsened: "exact": not at all; a number: so many quantiles; a list: cut points, ascending.
Bins = str | int | Sequence[int]


def cut(value: Column, points: Sequence[float]) -> Column:
    """The bin of a value by cut points, ascending: how many of them it reaches; null of null."""
    reached = [(value >= F.lit(point)).cast("int") for point in points]
    return sum(reached, F.lit(0)) if reached else F.when(value.isNotNull(), F.lit(0))


def with_quantile_bins(rows: DataFrame, column: str, *, bins: int, into: str, by: Sequence[str] = ()) -> DataFrame:
    """Adds `into`, the bin of a value by its rank among the rows of each group of `by`; null of null.

    A value with the share F of the group's rows below it lies in bin ⌊bins · F⌋: the edges are the quantiles, equal
    values share a bin, and where edges coincide fewer bins are filled. Counted in whole numbers, so that no rounding
    decides; what is shuffled are the distinct values of each group.
    """
    by_value = Window.partitionBy(*by).orderBy(column)
    in_group = Window.partitionBy(*by)
    n, n_below = F.col("_n"), F.sum("_n").over(by_value) - F.col("_n")
    edges = (
        rows.where(F.col(column).isNotNull())
        .groupBy(*by, column)
        .agg(F.count(F.lit(1)).alias("_n"))
        .withColumns({"_n_below": n_below, "_n_all": F.sum(n).over(in_group)})
        .select(*by, column, F.floor(F.lit(bins) * F.col("_n_below") / F.col("_n_all")).cast("int").alias(into))
    )
    return rows.join(edges, on=[*by, column], how="left")


def coarsened(rows: DataFrame, bins: Mapping[str, Bins], *, prefix: str, by: Sequence[str] = ()) -> DataFrame:
    """Adds `prefix`_column, the bin of each column named; quantiles are those of each group of `by`."""
    for column, how in bins.items():
        into = f"{prefix}_{column}"
        if isinstance(how, int):
            rows = with_quantile_bins(rows, column, bins=how, into=into, by=by)
        elif isinstance(how, str):
            rows = rows.withColumn(into, F.col(column))
        else:
            rows = rows.withColumn(into, cut(F.col(column), how))
    return rows


def in_units(outcome: Column) -> Column:
    """A whole outcome in units of `FRACTION_UNIT`."""
    return outcome * F.lit(FRACTION_UNIT)


def in_square_units(square: Column) -> Column:
    """A whole square, or a sum of them, in units of `SQUARE_UNIT`."""
    return square * F.lit(SQUARE_UNIT)


def compared(
    classes: DataFrame,
    totals: DataFrame | None,
    *,
    comparison: Sequence[str],
    cluster: str,
    stratum: Sequence[str] = (),
    also: Sequence[str] = (),
    strata: DataFrame | None = None,
) -> DataFrame:
    """`SUMS` by comparison and cluster, all strata together, those that lack a side counted but not matched.

    `classes` has a row per comparison, stratum and cluster with the columns `CLASS`; without `stratum`, every row is a
    stratum of its own. `totals` has `all_treated` and `all_controls` of each comparison, strata without classes
    included: what the imbalance before matching is measured against. `distance_before` sums |n_T/N_T − n_C/N_C| over
    strata, and `control_share` n_C/N_C: what is missing there to 1 lies in strata without treated units.
    `strata`, where they are few and counted already, has `m_treated`, `m_controls` and `n_classes` of each, by these
    keys or some of them: then classes are not brought together by stratum, only summed by cluster.
    """
    matchable = _with_whole_strata(classes, [*comparison, *stratum] if stratum else [], strata)
    if totals is not None:
        matchable = matchable.join(F.broadcast(totals), on=list(comparison), how="inner")
    is_matched = (F.col("m_treated") > 0) & (F.col("m_controls") > 0)
    per_control = F.nullif(F.col("m_controls"), F.lit(0))

    def of_matched(value: Column) -> Column:
        return F.when(is_matched, value).otherwise(0).cast("bigint")

    def weighted(name: str) -> Column:
        ratio = F.col("m_treated").cast("double") * F.col(name).cast("double") / per_control.cast("double")
        return of_matched(F.round(ratio))

    def share(name: str, of: str) -> Column:
        known = fraction(F.col(name), F.nullif(F.col(of), F.lit(0))) if totals is not None else F.lit(0)
        return F.coalesce(known, F.lit(0))

    treated_share, control_share = share("m_treated", "all_treated"), share("m_controls", "all_controls")
    sums = {
        "n_treated": F.col("n_treated"),
        "n_matched": of_matched(F.col("n_treated")),
        "n_controls": of_matched(F.col("n_controls")),
        "n_strata": of_matched(fraction(F.lit(1), F.col("n_classes"))),
        "treated_sum": of_matched(F.col("treated_sum")),
        "treated_squares": of_matched(F.col("treated_squares")),
        "control_weight": of_matched(fraction(F.col("m_treated") * F.col("n_controls"), per_control)),
        "control_sum": weighted("control_sum"),
        "control_squares": weighted("control_squares"),
        "weight_squares": of_matched(
            fraction(F.col("m_treated") * F.col("m_treated") * F.col("n_controls"), per_control * per_control)
        ),
        "distance_before": F.abs(treated_share - control_share) / F.col("n_classes"),
        "control_share": control_share / F.col("n_classes"),
    }
    for name in also:
        sums[f"treated_{name}"] = of_matched(F.col(f"treated_{name}"))
        sums[f"control_{name}"] = weighted(f"control_{name}")
    return (
        matchable.select(*comparison, cluster, *(value.cast("bigint").alias(name) for name, value in sums.items()))
        .groupBy(*comparison, cluster)
        .agg(*(F.sum(name).alias(name) for name in sums))
    )


def _with_whole_strata(classes: DataFrame, keys: Sequence[str], strata: DataFrame | None) -> DataFrame:
    """Adds m_treated, m_controls and n_classes: units and classes of the whole stratum, each row's own without keys."""
    if strata is not None:
        return classes.join(F.broadcast(strata), on=[key for key in keys if key in strata.columns], how="inner")
    if not keys:
        own = {"m_treated": F.col("n_treated"), "m_controls": F.col("n_controls"), "n_classes": F.lit(1)}
        return classes.withColumns(own)
    of_stratum = Window.partitionBy(*keys)
    return classes.withColumns(
        {
            "m_treated": F.sum("n_treated").over(of_stratum),
            "m_controls": F.sum("n_controls").over(of_stratum),
            "n_classes": F.count(F.lit(1)).over(of_stratum),
        }
    )
