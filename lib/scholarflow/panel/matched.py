"""Weights of units matched within strata, for several comparisons in one pass over the units.

A control of a stratum with m_T treated units and m_C controls weighs (m_T ÷ m_C) · (M_C ÷ M_T), M those of all strata
with both: then a weighted regression on the treatment gives the contrast of `comparison.matching` (Iacus, King & Porro
2012, doi:10.1093/pan/mpr013), and the weights of controls sum to their number.
"""

from collections.abc import Iterable, Mapping, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


def matched_weights(
    rows: DataFrame, stratum: Sequence[str], *, units: Mapping[int, Column], treated: Mapping[int, Column]
) -> DataFrame:
    """`stratum`, and of each comparison n the sizes m_treated_n and m_controls_n: null where either side lacks.

    `units` says which rows comparison n compares, `treated` which of them are treated. Strata matched in no comparison
    have no row. What is shuffled are the strata's numbers, partly summed before.
    """
    flags = {}
    for n, is_unit in units.items():
        flags[f"m_treated_{n}"] = (is_unit & treated[n]).cast("bigint")
        flags[f"m_controls_{n}"] = (is_unit & ~treated[n]).cast("bigint")
    counted = (
        rows.select(*stratum, *(F.coalesce(flag, F.lit(0)).alias(name) for name, flag in flags.items()))
        .groupBy(*stratum)
        .agg(*(F.sum(name).alias(name) for name in flags))
    )
    has_both = {n: (F.col(f"m_treated_{n}") > 0) & (F.col(f"m_controls_{n}") > 0) for n in units}
    is_matched = F.greatest(*(both.cast("int") for both in has_both.values()), F.lit(0)) > 0
    return counted.where(is_matched).select(
        *stratum,
        *(
            F.when(has_both[n], F.col(f"m_{side}_{n}")).alias(f"m_{side}_{n}")
            for n in units
            for side in ("treated", "controls")
        ),
    )


def totals_of(sizes: DataFrame, comparisons: Iterable[int]) -> DataFrame:
    """One row: the matched units of each comparison, all_treated_n and all_controls_n; null: none."""
    return sizes.agg(
        *(F.sum(f"m_{side}_{n}").alias(f"all_{side}_{n}") for n in comparisons for side in ("treated", "controls"))
    )


def weight_of(n: int, is_treated: Column) -> Column:
    """The weight of a unit of comparison n, beside the sizes of its stratum and the totals; 0: not matched."""
    controls = F.col(f"m_treated_{n}") * F.col(f"all_controls_{n}")
    per_control = F.col(f"m_controls_{n}") * F.col(f"all_treated_{n}")
    weight = F.when(is_treated, F.lit(1.0)).otherwise(controls.cast("double") / per_control.cast("double"))
    return F.when(F.col(f"m_treated_{n}").isNotNull(), weight).otherwise(0.0)
