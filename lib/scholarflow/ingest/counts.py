"""Table ingest_counts, and table rejects: what became of every record read."""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.tables import canonical

#: Rules that leave a record out, in the order in which they are asked; each has a column dropped_….
DROPS = ("deleted", "merged", "paratext", "xpac", "document_type", "family")


def ingest_counts(files: DataFrame, records: Sequence[DataFrame], fates: Sequence[DataFrame]) -> DataFrame:
    """One row per file, also of a file without records or left out whole.

    `records` are the parsed tables; `fates` have source_path and fate (kept or one of DROPS) for every record that is
    neither refused nor superseded by another of its id: what is missing there was superseded.
    """
    read = (
        _stacked([table.select("source_path", "reject_reason") for table in records])
        .groupBy("source_path")
        .agg(F.count(F.lit(1)).alias("n_read"), F.count("reject_reason").alias("n_rejected"))
    )
    decided = (
        _stacked([table.select("source_path", "fate") for table in fates])
        .groupBy("source_path")
        .agg(
            F.count(F.lit(1)).alias("n_decided"),
            _count_of("kept").alias("n_kept"),
            *(_count_of(rule).alias(f"dropped_{rule}") for rule in DROPS),
        )
    )
    joined = files.join(read, on="source_path", how="left").join(decided, on="source_path", how="left")
    numbers = ["n_read", "n_rejected", "n_decided", "n_kept", *(f"dropped_{rule}" for rule in DROPS)]
    counted = joined.withColumns({name: F.coalesce(name, F.lit(0)).cast("bigint") for name in numbers})
    return counted.withColumns(
        {
            "n_dropped": F.col("n_decided") - F.col("n_kept"),
            "n_superseded": F.col("n_read") - F.col("n_rejected") - F.col("n_decided"),
        }
    ).select(*canonical.INGEST_COUNTS.column_names)


def rejects(files: DataFrame, *records: DataFrame) -> DataFrame:
    """Every refused record, and every file left out whole."""
    refused = [
        table.where("reject_reason IS NOT NULL").select("source_path", F.col("reject_reason").alias("reason"), "record")
        for table in records
    ]
    left_out = files.where("problem IS NOT NULL").select(
        "source_path", F.col("problem").alias("reason"), F.lit(None).cast("string").alias("record")
    )
    return _stacked([left_out, *refused])


def _stacked(tables: Sequence[DataFrame]) -> DataFrame:
    return reduce(DataFrame.unionByName, tables)


def _count_of(fate: str):  # type: ignore[no-untyped-def]
    return F.sum((F.col("fate") == fate).cast("bigint"))
