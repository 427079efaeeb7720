"""Table collaboration_edges: field works that two countries share, by year."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.columns import fraction, sum_of_fractions


def collaboration_edges(field_works: DataFrame, *, first_year: int, last_year: int) -> DataFrame:
    """One row per year of the period and pair of countries, by two explosions of the work's own array, no self-join."""
    listed = field_works.where(F.col("pub_year").between(first_year, last_year)).select("pub_year", "countries")
    k = F.size("countries")
    pairs = (
        listed.where(k > 1)
        .select(
            "pub_year",
            "countries",
            fraction(F.lit(2), k * (k - 1)).alias("share"),
            F.explode("countries").alias("country_a"),
        )
        .select(
            "pub_year",
            "country_a",
            F.explode(F.filter("countries", lambda other: other > F.col("country_a"))).alias("country_b"),
            "share",
        )
        .groupBy("pub_year", "country_a", "country_b")
        .agg(F.count(F.lit(1)).alias("n_works"), sum_of_fractions(F.col("share")).alias("n_works_fractional"))
    )
    of_year = listed.groupBy("pub_year").agg(F.count(F.lit(1)).alias("n_year"))
    of_country = (
        listed.select("pub_year", F.explode("countries").alias("country_code"))
        .groupBy("pub_year", "country_code")
        .agg(F.count(F.lit(1)).alias("n_country"))
    )
    of_a = of_country.select("pub_year", F.col("country_code").alias("country_a"), F.col("n_country").alias("n_a"))
    of_b = of_country.select("pub_year", F.col("country_code").alias("country_b"), F.col("n_country").alias("n_b"))
    affinity = (F.col("n_works") * F.col("n_year")).cast("double") / (F.col("n_a") * F.col("n_b")).cast("double")
    return (
        pairs.join(of_year, on="pub_year", how="inner")
        .join(of_a, on=["pub_year", "country_a"], how="inner")
        .join(of_b, on=["pub_year", "country_b"], how="inner")
        .select("pub_year", "country_a", "country_b", "n_works", "n_works_fractional", affinity.alias("affinity"))
    )
