"""Table scientists: authors whose works are mostly of the field."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.study.country_groups import CountryGroups, with_country_groups
from scholarflow.study.field_works import with_field_mark


def scientists(
    works: DataFrame,
    field_works: DataFrame,
    *,
    min_works: int,
    min_field_share: float,
    as_of: int,
    country_groups: CountryGroups = (),
) -> DataFrame:
    """Authors with ≥ min_works works, all fields, of which more than min_field_share are field works.

    `as_of` > 0 leaves works of later years out of the two counts, and so out of who qualifies; the years and
    `is_simultaneous` are of all works. A work lists an author once in `author_ids`.
    """
    signed = with_field_mark(works, field_works).select(
        "pub_year", F.col("is_field").cast("bigint").alias("is_field"), F.explode("author_ids").alias("author_id")
    )
    counts = (F.col("pub_year") <= as_of) if as_of else F.lit(True)
    qualified = (
        signed.groupBy("author_id")
        .agg(
            F.sum(counts.cast("bigint")).alias("n_works"),
            F.sum(F.when(counts, F.col("is_field")).otherwise(0)).cast("bigint").alias("n_field_works"),
            F.min("pub_year").alias("first_pub_year"),
            F.max("pub_year").alias("last_pub_year"),
        )
        .where(
            (F.col("n_works") >= min_works)
            & (F.col("n_field_works") > F.col("n_works") * F.lit(float(min_field_share)))
        )
    )
    placed = with_country_groups(works.select("work_id", "author_countries"), country_groups)
    simultaneous = _simultaneous(placed, field_works).withColumn("is_simultaneous", F.lit(True))
    return qualified.join(simultaneous, on="author_id", how="left").withColumn(
        "is_simultaneous", F.coalesce("is_simultaneous", F.lit(False))
    )


def movable(scientists: DataFrame) -> DataFrame:
    """author_id of those never in two countries at once, whose moves can be told."""
    return scientists.where(~F.col("is_simultaneous")).select("author_id")


def _simultaneous(works: DataFrame, field_works: DataFrame) -> DataFrame:
    """author_id of whoever has two countries on one field work; only works of several countries are looked into."""
    several = field_works.where(F.size("countries") > 1).select("work_id")
    return (
        works.join(several, on="work_id", how="left_semi")
        .select("work_id", F.inline("author_countries"))
        .groupBy("work_id", "author_id")
        .agg(F.count(F.lit(1)).alias("n_countries"))
        .where("n_countries > 1")
        .select("author_id")
        .distinct()
    )
