"""Table scientist_strata: who may move when, and what movers and stayers are matched on."""

from collections.abc import Mapping

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.comparison.matching import Bins, coarsened
from scholarflow.study.scientists import movable

#: What movers and stayers are matched on, in the year of the move.
COVARIATES = ("career_age", "n_works", "cum_citations")
#: Scientist-years alike in these and in country are compared with each other.
STRATUM = ("pub_year", *(f"bin_{name}" for name in COVARIATES))
#: A finer grid within the strata.
CELL = tuple(f"fine_{name}" for name in COVARIATES)


def scientist_strata(
    scientist_years: DataFrame,
    author_country_years: DataFrame,
    scientists: DataFrame,
    *,
    strata: Mapping[str, Bins],
    imbalance: Mapping[str, Bins],
    first_year: int,
    last_year: int,
) -> DataFrame:
    """One row per year of the period and scientist who never held two countries at once.

    Quantiles are those of all who are at risk in the year, whatever their country.
    """
    career = Window.partitionBy("author_id")
    known = author_country_years.where("is_primary_in_field").select(
        "author_id",
        "pub_year",
        (F.min("country_code").over(career) == F.max("country_code").over(career)).alias("is_stayer"),
    )
    years = (
        scientist_years.where(F.col("pub_year").between(first_year, last_year))
        .join(movable(scientists), on="author_id", how="left_semi")
        .join(known, on=["author_id", "pub_year"], how="left")
        .withColumns(
            {
                "is_at_risk": F.col("is_stayer").isNotNull(),
                "is_stayer": F.coalesce("is_stayer", F.lit(False)),
                # Who is not at risk takes no part in quantiles, and has no bins.
                **{name: F.when(F.col("is_stayer").isNotNull(), F.col(name)) for name in COVARIATES},
            }
        )
    )
    for prefix, bins in (("bin", strata), ("fine", imbalance)):
        years = coarsened(years, {name: bins[name] for name in COVARIATES}, prefix=prefix, by=["pub_year"])
    return years.select(
        "author_id",
        "pub_year",
        "country_code",
        "n_field_works",
        "is_at_risk",
        "is_stayer",
        *(F.col(name).cast("int").alias(name) for name in (*STRATUM[1:], *CELL)),
    )
