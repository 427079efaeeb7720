"""Table scientists: authors whose works are mostly of the field."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def scientists(
    authorships: DataFrame, field_works: DataFrame, *, min_works: int, min_field_share: float, as_of: int
) -> DataFrame:
    """Authors with ≥ min_works works, all fields, of which more than min_field_share are field works.

    Works count once however often a work lists the author. `as_of` > 0 leaves works of later years out of the two
    counts, and so out of who qualifies; the years and `is_simultaneous` are of all works.
    """
    named = authorships.where(F.col("author_id").isNotNull())
    is_field = field_works.select("work_id", F.lit(1).alias("is_field"))
    per_work = (
        named.join(is_field, on="work_id", how="left")
        .groupBy("author_id", "work_id")
        .agg(
            F.max("pub_year").alias("pub_year"),
            F.coalesce(F.max("is_field"), F.lit(0)).alias("is_field"),
            (F.min("country_code") != F.max("country_code")).alias("lists_countries"),
        )
    )
    counts = (F.col("pub_year") <= as_of) if as_of else F.lit(True)
    simultaneous = (F.col("is_field") == 1) & F.coalesce("lists_countries", F.lit(False))
    return (
        per_work.groupBy("author_id")
        .agg(
            F.sum(counts.cast("bigint")).alias("n_works"),
            F.sum(F.when(counts, F.col("is_field")).otherwise(0)).cast("bigint").alias("n_field_works"),
            F.min("pub_year").alias("first_pub_year"),
            F.max("pub_year").alias("last_pub_year"),
            F.max(simultaneous).alias("is_simultaneous"),
        )
        .where(
            (F.col("n_works") >= min_works)
            & (F.col("n_field_works") > F.col("n_works") * F.lit(float(min_field_share)))
        )
    )
