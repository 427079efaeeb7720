"""Table country_years: what each country leads in each year."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.panel.production import led_with_impact, produced


def country_years(
    led_works: DataFrame,
    field_works: DataFrame,
    citation_windows: DataFrame,
    work_novelty: DataFrame,
    author_country_years: DataFrame,
    scientists: DataFrame,
    *,
    first_year: int,
    last_year: int,
) -> DataFrame:
    """One row per country and year of the period in which it leads a work."""
    led = led_with_impact(led_works, field_works, citation_windows, work_novelty).where(
        F.col("pub_year").between(first_year, last_year)
    )
    n_scientists = (
        scientists_at_work(author_country_years, scientists)
        .groupBy("country_code", "pub_year")
        .agg(F.count(F.lit(1)).alias("n_scientists"))
    )
    return produced(led, n_scientists, ["country_code", "pub_year"])


def scientists_at_work(author_country_years: DataFrame, scientists: DataFrame) -> DataFrame:
    """country_code, pub_year, author_id: scientists with a field work from the country in the year."""
    return (
        author_country_years.where("n_field_works > 0")
        .join(scientists.select("author_id"), on="author_id", how="left_semi")
        .select("country_code", "pub_year", "author_id")
    )
