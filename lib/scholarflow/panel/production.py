"""What led works amount to, of a year or pooled: the columns that country_years and country_totals share."""

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from scholarflow.columns import FRACTION_UNIT, fraction, sum_of_fractions
from scholarflow.countries import country_name


def led_with_impact(led_works: DataFrame, field_works: DataFrame, citation_windows: DataFrame) -> DataFrame:
    """Led works with c2, hit weights in units of fractions, share of the lead, and whether they are international."""
    windows = citation_windows.select("work_id", "c2", "c2_complete", "hit_1pct", "hit_10pct")
    works = field_works.select(
        "work_id", F.size("lead_countries").alias("n_leads"), F.size("countries").alias("n_countries")
    )
    return (
        led_works.select("work_id", F.col("lead_country").alias("country_code"), "pub_year")
        .join(windows, on="work_id", how="inner")
        .join(works, on="work_id", how="inner")
        .select(
            "country_code",
            "pub_year",
            "c2",
            "c2_complete",
            fraction(F.lit(1), F.col("n_leads")).alias("lead_units"),
            fraction(F.col("hit_1pct"), F.lit(1)).alias("hit_1pct_units"),
            fraction(F.col("hit_10pct"), F.lit(1)).alias("hit_10pct_units"),
            (F.col("n_countries") > 1).cast("bigint").alias("is_international"),
        )
    )


def produced(led: DataFrame, n_scientists: DataFrame, by: list[str]) -> DataFrame:
    """Sums and shares per group of `by`, whose first column is country_code; shares are of all countries."""
    summed = led.groupBy(*by).agg(
        F.count(F.lit(1)).alias("n_works"),
        sum_of_fractions(F.col("lead_units")).alias("n_works_fractional"),
        F.sum("c2").alias("total_c2"),
        F.sum("hit_1pct_units").alias("hit_units"),
        F.sum("hit_10pct_units").alias("top_10pct_units"),
        F.sum("is_international").alias("n_international"),
        F.min("c2_complete").alias("is_complete"),
    )
    all_countries = Window.partitionBy(*by[1:])
    n_works = F.col("n_works").cast("double")
    return summed.join(n_scientists, on=by, how="left").select(
        "country_code",
        country_name(F.col("country_code")).alias("country_name"),
        *by[1:],
        "n_works",
        _share(F.col("n_works"), all_countries).alias("share_works"),
        "n_works_fractional",
        F.coalesce("n_scientists", F.lit(0)).cast("bigint").alias("n_scientists"),
        "total_c2",
        (F.col("total_c2").cast("double") / n_works).alias("mean_c2"),
        _works(F.col("hit_units")).alias("n_hits"),
        _share(F.col("hit_units"), all_countries).alias("share_hits"),
        (_works(F.col("hit_units")) / n_works).alias("pp_top_1pct"),
        (_works(F.col("top_10pct_units")) / n_works).alias("pp_top_10pct"),
        "n_international",
        "is_complete",
    )


def _works(units: Column) -> Column:
    return units / F.lit(float(FRACTION_UNIT))


def _share(count: Column, of: WindowSpec) -> Column:
    """count ÷ its sum over countries; null where that is 0, as where every hit of a year is led from nowhere known."""
    return count.cast("double") / F.nullif(F.sum(count).over(of).cast("double"), F.lit(0.0))
