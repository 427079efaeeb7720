"""Table country_spells: runs of one primary country over an author's active years."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def country_spells(author_country_years: DataFrame) -> DataFrame:
    """One row per author and run of equal `is_primary` country; a year without works does not end a run."""
    years = Window.partitionBy("author_id").orderBy("pub_year")
    begins = F.coalesce(F.lag("country_code").over(years) != F.col("country_code"), F.lit(True))
    to_now = years.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    return (
        author_country_years.where("is_primary")
        .withColumn("begins", begins.cast("int"))
        .withColumn("spell", F.sum("begins").over(to_now).cast("int"))
        .groupBy("author_id", "spell")
        .agg(
            F.max("country_code").alias("country_code"),
            F.min("pub_year").alias("start_year"),
            F.max("pub_year").alias("end_year"),
            F.sum("n_works").alias("n_works"),
        )
    )
