"""Table migration_flows: moves between two countries in a year."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.countries import country_name
from scholarflow.study.scientists import movable


def migration_flows(migrations: DataFrame, author_country_years: DataFrame, scientists: DataFrame) -> DataFrame:
    """One row per origin, destination and year with moves; the rate is per scientist in the origin the year before."""
    stock = scientists_before(author_country_years, scientists).withColumnRenamed("country_code", "origin_country")
    flows = migrations.groupBy("origin_country", "destination_country", "move_year").agg(
        F.count(F.lit(1)).alias("n_moves"),
        F.sum(F.col("is_entry").cast("bigint")).alias("n_entries"),
        F.countDistinct("author_id").alias("n_scientists"),
    )
    return flows.join(stock, on=["origin_country", "move_year"], how="left").select(
        "origin_country",
        country_name(F.col("origin_country")).alias("origin_country_name"),
        "destination_country",
        country_name(F.col("destination_country")).alias("destination_country_name"),
        "move_year",
        "n_moves",
        "n_entries",
        "n_scientists",
        (F.col("n_moves").cast("double") / F.col("n_stock").cast("double")).alias("rate"),
    )


def scientists_before(author_country_years: DataFrame, scientists: DataFrame) -> DataFrame:
    """country_code, move_year, n_stock: non-simultaneous scientists whose primary country it was in the year before."""
    return (
        author_country_years.where("is_primary_in_field")
        .join(movable(scientists), on="author_id", how="left_semi")
        .groupBy("country_code", (F.col("pub_year") + 1).alias("move_year"))
        .agg(F.count(F.lit(1)).alias("n_stock"))
    )
