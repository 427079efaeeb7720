"""Table migrations: changes of a scientist's primary country in the field."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.study.scientists import movable


def migrations(author_country_years: DataFrame, scientists: DataFrame, *, first_year: int, last_year: int) -> DataFrame:
    """One row per move in the period of a scientist who never held two countries at once, numbered over the career."""
    in_field = author_country_years.where("n_field_works > 0").join(
        movable(scientists), on="author_id", how="left_semi"
    )
    career = Window.partitionBy("author_id").orderBy("pub_year")
    moves = (
        in_field.where("is_primary_in_field")
        .select(
            "author_id",
            F.col("country_code").alias("destination_country"),
            F.col("pub_year").alias("move_year"),
            F.lag("country_code").over(career).alias("origin_country"),
            F.lag("pub_year").over(career).alias("last_origin_year"),
            F.min("pub_year").over(Window.partitionBy("author_id", "country_code")).alias("first_primary_year"),
        )
        .where("origin_country <> destination_country")
        .withColumn("move_seq", F.row_number().over(Window.partitionBy("author_id").orderBy("move_year")))
        .where(F.col("move_year").between(first_year, last_year))
    )
    presence = in_field.groupBy("author_id", "country_code").agg(
        F.min("pub_year").alias("first_field_year"), F.max("pub_year").alias("last_field_year")
    )
    in_destination = presence.select(
        "author_id", F.col("country_code").alias("destination_country"), "first_field_year"
    )
    in_origin = presence.select("author_id", F.col("country_code").alias("origin_country"), "last_field_year")
    return (
        moves.join(in_destination, on=["author_id", "destination_country"], how="inner")
        .join(in_origin, on=["author_id", "origin_country"], how="inner")
        .select(
            "author_id",
            "move_seq",
            "origin_country",
            "destination_country",
            "move_year",
            "last_origin_year",
            (F.col("move_year") - F.col("last_origin_year") - 1).alias("gap_years"),
            (F.col("first_primary_year") < F.col("move_year")).alias("is_return"),
            (F.col("first_field_year") >= F.col("move_year")).alias("is_entry"),
            (F.col("last_field_year") >= F.col("move_year")).alias("overlaps_origin"),
        )
    )
