"""Table country_totals: what each country leads, pooled over the period."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.panel.country_years import scientists_at_work
from scholarflow.panel.production import led_with_impact, produced

RANKS = {
    "rank_works": "n_works",
    "rank_scientists": "n_scientists",
    "rank_c2": "total_c2",
    "rank_hits": "n_hits",
}


def country_totals(
    led_works: DataFrame,
    field_works: DataFrame,
    citation_windows: DataFrame,
    work_novelty: DataFrame,
    author_country_years: DataFrame,
    scientists: DataFrame,
    *,
    first_year: int,
    last_year: int,
    last_full_year: int,
) -> DataFrame:
    """One row per country and `years`: all of the period, and only those with complete c2."""
    led = led_with_impact(led_works, field_works, citation_windows, work_novelty)
    at_work = scientists_at_work(author_country_years, scientists)
    n_scientists = (
        _with_years(at_work, first_year, last_year, last_full_year)
        .groupBy("country_code", "years")
        .agg(F.countDistinct("author_id").alias("n_scientists"))
    )
    totals = produced(_with_years(led, first_year, last_year, last_full_year), n_scientists, ["country_code", "years"])
    return totals.withColumns({name: _rank(column) for name, column in RANKS.items()})


def _with_years(rows: DataFrame, first_year: int, last_year: int, last_full_year: int) -> DataFrame:
    """Rows of the period once for each pool they belong to."""
    is_complete = F.col("pub_year") + 2 <= last_full_year
    pools = F.when(is_complete, F.array(F.lit("period"), F.lit("complete"))).otherwise(F.array(F.lit("period")))
    return rows.where(F.col("pub_year").between(first_year, last_year)).withColumn("years", F.explode(pools))


def _rank(column: str) -> Column:
    return F.when(
        F.col(column).isNotNull(), F.rank().over(Window.partitionBy("years").orderBy(F.desc_nulls_last(column)))
    )
