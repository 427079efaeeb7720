"""Table top_institutions: the institutions whose led works have most citations."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def top_institutions(
    led_works: DataFrame,
    citation_windows: DataFrame,
    institutions: DataFrame,
    *,
    first_year: int,
    last_year: int,
    n: int,
) -> DataFrame:
    """The n institutions with the largest sum of c2 over the works of the period they lead; tie: smaller id."""
    best = (
        led_works.where(F.col("pub_year").between(first_year, last_year) & F.col("lead_institution_id").isNotNull())
        .select("work_id", F.col("lead_institution_id").alias("institution_id"), "lead_country")
        .join(citation_windows.select("work_id", "c2"), on="work_id", how="inner")
        .groupBy("institution_id")
        .agg(F.sum("c2").alias("total_c2"), F.max("lead_country").alias("lead_country"))
        .orderBy(F.desc("total_c2"), "institution_id")
        .limit(n)
    )
    rank = F.row_number().over(Window.partitionBy(F.lit(0)).orderBy(F.desc("total_c2"), "institution_id"))
    return (
        best.withColumn("rank", rank)
        .join(institutions.select("institution_id", "name", "country_code"), on="institution_id", how="left")
        .select(
            "rank",
            "institution_id",
            "name",
            # An institution that the snapshot does not list still led works from a known country.
            F.coalesce("country_code", "lead_country").alias("country_code"),
            "total_c2",
        )
    )
