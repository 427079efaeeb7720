"""log(1 + x) of whole numbers, the same to the bit on every engine."""

import math
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def with_log1p(rows: DataFrame, columns: Mapping[str, str], *, values: DataFrame | None = None) -> DataFrame:
    """Adds, for each `name: column`, the natural logarithm of 1 + column, whole numbers from 0 on.

    The engines' own logarithms differ in the last digit for one number in a hundred. So the distinct values, which are
    few, are told to Python once and joined back by broadcast. `values` is a frame with the columns in which all their
    values occur, where one is cheaper to read than `rows`.
    """
    told = (rows if values is None else values).select(
        F.explode(F.array(*(F.col(column).cast("bigint") for column in columns.values()))).alias("value")
    )
    logarithms = told.distinct().mapInArrow(_log1p, "value bigint, log1p double")
    for name, column in columns.items():
        named = logarithms.select(F.col("value").alias(column), F.col("log1p").alias(name))
        rows = rows.join(F.broadcast(named), on=column, how="inner")
    return rows


def _log1p(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        logarithms = [math.log1p(value) for value in batch.column(0).to_numpy()]
        yield pa.RecordBatch.from_arrays([batch.column(0), pa.array(logarithms, pa.float64())], ["value", "log1p"])
