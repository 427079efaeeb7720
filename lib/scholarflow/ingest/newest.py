"""Which of several records of one id stands."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def newest(records: DataFrame, id_column: str) -> DataFrame:
    """The newest record of each id: by `updated_at`, then the partition of its part file, then the record's hash.

    Nearly every id has one record: only the ids that have several are ranked. Records equal in all three are equal;
    the file's name only settles which file is counted as the one that kept it.
    """
    contested = records.groupBy(id_column).agg(F.count(F.lit(1)).alias("n")).where("n > 1").select(id_column)
    alone = records.join(contested, on=id_column, how="left_anti")
    several = records.join(contested, on=id_column, how="left_semi")
    return alone.unionByName(_first_ranked(several, id_column))


def _first_ranked(records: DataFrame, id_column: str) -> DataFrame:
    content = [name for name in records.columns if name not in ("source_path", "reject_reason", "record")]
    # MAG's rows have no hash of their own: they are flat and without fractions, and alike as JSON on both engines.
    row_hash = F.col("record_hash") if "record_hash" in content else F.xxhash64(F.to_json(F.struct(*content)))
    newest_first = Window.partitionBy(id_column).orderBy(
        F.desc_nulls_last("updated_at"),
        F.regexp_extract("source_path", r"updated_date=([^/]+)", 1).desc(),
        row_hash.desc(),
        F.desc("source_path"),
    )
    return records.withColumn("rank", F.row_number().over(newest_first)).where("rank = 1").drop("rank")
