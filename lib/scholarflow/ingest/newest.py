"""Which of several records of one id stands."""

from functools import reduce

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def contested_ids(*parsed_tables: DataFrame) -> DataFrame:
    """id_column, id: the ids of which a parsed table has several records, by the name of the column that holds them."""
    several = [
        rows.where("reject_reason IS NULL")
        .groupBy(F.lit(id_column).alias("id_column"), F.col(id_column).alias("id"))
        .agg(F.count(F.lit(1)).alias("n"))
        .where("n > 1")
        .select("id_column", "id")
        for rows, id_column in ((rows, _id_column(rows)) for rows in parsed_tables)
    ]
    return reduce(DataFrame.unionByName, several).distinct()


def newest(records: DataFrame, contested: DataFrame | None) -> DataFrame:
    """The newest accepted record of each id: by `updated_at`, then its part file's partition, then the record's hash.

    Nearly every id has one record: only those of the `contested_ids` (null: there are none) are ranked, and the wide rows
    of the others stay where they are if the contested ids are few enough to be broadcast. Records equal in all three are
    equal; the file's name only settles which file is counted as the one that kept it.
    """
    accepted = records.where("reject_reason IS NULL")
    if contested is None:
        return accepted
    id_column = _id_column(records)
    ids = contested.where(F.col("id_column") == id_column).select(F.col("id").alias(id_column))
    alone = accepted.join(ids, on=id_column, how="left_anti")
    several = accepted.join(ids, on=id_column, how="left_semi")
    return alone.unionByName(_first_ranked(several, id_column))


def _id_column(records: DataFrame) -> str:
    """The column of a parsed table behind source_path, reject_reason and record."""
    return records.columns[3]


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
