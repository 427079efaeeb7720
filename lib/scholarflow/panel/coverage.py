"""Tables coverage_years and coverage_country_years: how much the source knows about the field works."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.countries import country_name


def coverage_years(field_works: DataFrame, *, first_year: int, last_year: int) -> DataFrame:
    """One row per year of the period with field works."""
    return _of_period(field_works, first_year, last_year).groupBy("pub_year").agg(*_coverage())


def coverage_country_years(field_works: DataFrame, *, first_year: int, last_year: int) -> DataFrame:
    """One row per year of the period and country; a work counts in every country it lists."""
    return (
        _of_period(field_works, first_year, last_year)
        .withColumn("country_code", F.explode("countries"))
        .groupBy("pub_year", "country_code")
        .agg(*_coverage())
        .withColumn("country_name", country_name(F.col("country_code")))
        .select("pub_year", "country_code", "country_name", "n_field_works", *_SHARES)
    )


_SHARES = ("share_lead_country", "share_all_countries", "share_references", "share_english")


def _of_period(field_works: DataFrame, first_year: int, last_year: int) -> DataFrame:
    """Columns computed before the aggregation: Sail takes no two sums over expressions of one column."""
    return field_works.where(F.col("pub_year").between(first_year, last_year)).select(
        "pub_year",
        "countries",
        (F.size("lead_countries") > 0).cast("double").alias("has_lead"),
        # Of a work without authors no country is known.
        ((F.col("n_authors") > 0) & (F.col("n_authors_with_country") >= F.col("n_authors")))
        .cast("double")
        .alias("has_all"),
        (F.col("n_references") > 0).cast("double").alias("has_references"),
        F.coalesce((F.col("language") == "en").cast("double"), F.lit(0.0)).alias("is_english"),
        "language",
    )


def _coverage() -> list[Column]:
    """Means of zeros and ones: whole numbers are summed and divided once, the same on every engine."""
    return [
        F.count(F.lit(1)).alias("n_field_works"),
        F.avg("has_lead").alias("share_lead_country"),
        F.avg("has_all").alias("share_all_countries"),
        F.avg("has_references").alias("share_references"),
        F.when(F.count("language") > 0, F.avg("is_english")).alias("share_english"),
    ]
