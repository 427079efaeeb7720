"""Lines as rows of a parsed table: what they say, or why they are refused."""

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


def rows_or_refusals(lines: DataFrame, reason: Column, row: Mapping[str, Column]) -> DataFrame:
    """source_path, reject_reason, record and the columns of `row`, from lines that have source_path and value.

    Of a line with a `reason` there are its first 2,000 characters as record and nulls in the columns, of the others the
    columns and no record.
    """
    kept = F.col("reject_reason").isNull()
    return lines.withColumn("reject_reason", reason).select(
        "source_path",
        "reject_reason",
        F.when(~kept, F.substring("value", 1, 2000)).alias("record"),
        *(F.when(kept, column).alias(name) for name, column in row.items()),
    )
