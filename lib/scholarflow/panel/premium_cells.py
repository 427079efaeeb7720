"""Table premium_cells: the compared works of panel_works in sums, sufficient for regressions on collaboration."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.columns import fraction, sum_of_fractions

_CELL = ("lead_country", "partner_country", "pub_year", "n_authors", "institution_key", "collaborates")


def premium_cells(panel_works: DataFrame) -> DataFrame:
    """One row per lead, partner, year, team size, lead institution and arm.

    Effects and regressors are the same for all works of a cell, and a cell lies in one cluster: so its sums give the
    coefficients of the works, by Poisson with the number of works as exposure, by least squares with it as weight, and
    the same sums of scores by cluster. Shuffled are the cells, partly summed before.
    """
    unfolded = panel_works.where(F.size("pairs") > 0).select(
        *(name for name in panel_works.columns if name != "pairs"), F.inline("pairs")
    )
    return (
        unfolded.where("is_compared")
        .select(*_CELL, "c2_complete", "c2", fraction(F.col("log1p_c2"), F.lit(1)).alias("log1p_units"))
        .groupBy(*_CELL)
        .agg(
            F.min("c2_complete").alias("c2_complete"),
            F.count(F.lit(1)).alias("n_works"),
            F.sum("c2").alias("sum_c2"),
            sum_of_fractions(F.col("log1p_units")).alias("sum_log1p_c2"),
        )
    )
