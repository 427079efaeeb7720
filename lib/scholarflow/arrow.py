"""Rows that belong together as one Arrow table: what a DataFrame's columns cannot say is said in numpy."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import to_arrow_schema

from scholarflow.tables import Table

_ROWS_A_BATCH = 1 << 16

#: From all rows of some groups, in any order, to rows of a table.
OfGroups = Callable[[pa.Table], pa.Table]


def per_group(rows: DataFrame, by: Sequence[str], make: OfGroups, table: Table) -> DataFrame:
    """What `make` makes of the rows of each partition, all rows of a group in one: they are shuffled once, by `by`.

    A partition is held in memory while it is worked on; of an empty one nothing is made.
    """
    return rows.repartition(*by).mapInArrow(partial(_of_partition, make=make), table.stored_schema)


def _of_partition(batches: Iterable[pa.RecordBatch], make: OfGroups) -> Iterator[pa.RecordBatch]:
    held = [batch for batch in batches if batch.num_rows]
    if held:
        yield from make(pa.Table.from_batches(held)).to_batches(max_chunksize=_ROWS_A_BATCH)


def per_batch(rows: DataFrame, make: OfGroups, table: Table) -> DataFrame:
    """What `make` makes of the rows a batch at a time, wherever they lie: nothing is shuffled.

    What belongs together may lie in several batches: sums are partial ones, to be added up afterwards.
    """
    return rows.mapInArrow(partial(_of_batches, make=make), table.stored_schema)


def _of_batches(batches: Iterable[pa.RecordBatch], make: OfGroups) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        if batch.num_rows:
            yield from make(pa.Table.from_batches([batch])).to_batches(max_chunksize=_ROWS_A_BATCH)


def as_table(rows: Sequence[Mapping[str, Any]], table: Table) -> pa.Table:
    """Rows as an Arrow table of the declared columns; NaN becomes null."""
    columns = {
        field.name: pa.array([_null_if_nan(row[field.name]) for row in rows], field.type)
        for field in to_arrow_schema(table.stored_schema)
    }
    return pa.table(columns)


def _null_if_nan(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value
