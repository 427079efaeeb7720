"""Which of several records of one id stands."""

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def id_column(records: DataFrame) -> str:
    """The column with the id of a parsed table: the one behind source_path, reject_reason and record."""
    return records.columns[3]


def contested_tables(parsed_tables: Mapping[str, DataFrame]) -> list[str]:
    """The names of the parsed tables that hold several accepted records of one id; they are counted in one query."""
    if not parsed_tables:
        return []
    counts = [
        accepted(rows).select(F.lit(name).alias("name"), F.col(id_column(rows)).alias("id"))
        for name, rows in parsed_tables.items()
    ]
    several = reduce(DataFrame.unionByName, counts).groupBy("name", "id").agg(F.count(F.lit(1)).alias("n"))
    return sorted(row["name"] for row in several.where("n > 1").select("name").distinct().collect())


def accepted(records: DataFrame) -> DataFrame:
    """The rows of a parsed table that were not refused."""
    return records.where("reject_reason IS NULL")


def newest(records: DataFrame, *, is_contested: bool) -> DataFrame:
    """The newest accepted record of each id: by `updated_at`, then its part file's partition, then the record's hash.

    Unless the table `is_contested` no id has several, and no row is moved. Else only the ids that have several are
    ranked. Records equal in all three are equal; the file's name only settles which file is counted as keeping it.
    """
    rows = accepted(records)
    if not is_contested:
        return rows
    key = id_column(records)
    contested = rows.groupBy(key).agg(F.count(F.lit(1)).alias("n")).where("n > 1").select(key)
    alone = rows.join(contested, on=key, how="left_anti")
    several = rows.join(contested, on=key, how="left_semi")
    return alone.unionByName(_first_ranked(several, key))


def _first_ranked(records: DataFrame, key: str) -> DataFrame:
    content = [name for name in records.columns if name not in ("source_path", "reject_reason", "record")]
    # MAG's rows have no hash of their own: they are flat and without fractions, and alike as JSON on both engines.
    row_hash = F.col("record_hash") if "record_hash" in content else F.xxhash64(F.to_json(F.struct(*content)))
    newest_first = Window.partitionBy(key).orderBy(
        F.desc_nulls_last("updated_at"),
        F.regexp_extract("source_path", r"updated_date=([^/]+)", 1).desc(),
        row_hash.desc(),
        F.desc("source_path"),
    )
    return records.withColumn("rank", F.row_number().over(newest_first)).where("rank = 1").drop("rank")
