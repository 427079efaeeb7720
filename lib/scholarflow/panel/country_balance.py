"""Table country_balance: how many scientists a country wins and loses by moves in a year."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.countries import country_name
from scholarflow.panel.migration_flows import scientists_before


def country_balance(migrations: DataFrame, author_country_years: DataFrame, scientists: DataFrame) -> DataFrame:
    """One row per country and year with a move in or out; rates are per scientist there in the year before."""
    sides = F.array(
        F.struct(F.col("destination_country").alias("country_code"), F.lit(1).alias("is_in")),
        F.struct(F.col("origin_country").alias("country_code"), F.lit(0).alias("is_in")),
    )
    moved = migrations.select("move_year", F.col("is_entry").cast("bigint").alias("is_entry"), F.inline(sides))
    is_out = 1 - F.col("is_in")
    balance = moved.groupBy("country_code", "move_year").agg(
        F.sum("is_in").alias("n_in"),
        F.sum(is_out).alias("n_out"),
        F.sum(F.col("is_in") * F.col("is_entry")).alias("n_entries_in"),
        F.sum(is_out * F.col("is_entry")).alias("n_entries_out"),
    )
    stock = scientists_before(author_country_years, scientists)
    net = F.col("n_in") - F.col("n_out")
    per_scientist = {
        name: moves.cast("double") / F.col("n_stock").cast("double")
        for name, moves in (("rate_in", F.col("n_in")), ("rate_out", F.col("n_out")), ("rate_net", net))
    }
    return balance.join(stock, on=["country_code", "move_year"], how="left").select(
        "country_code",
        country_name(F.col("country_code")).alias("country_name"),
        "move_year",
        "n_in",
        "n_out",
        net.alias("net"),
        "n_entries_in",
        "n_entries_out",
        *(rate.alias(name) for name, rate in per_scientist.items()),
    )
