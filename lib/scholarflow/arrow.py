"""Rows that belong together as one Arrow table: what a DataFrame's columns cannot say is said in numpy."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema

from scholarflow.tables import Table

_ROWS_A_BATCH = 1 << 16
#: Marks rows of the second of two tables that travel as one.
_IS_OTHER = "is_other"

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


def tables_by_year(rows: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """The rows of each pub_year, in the order of the years."""
    years: Any = rows["pub_year"].unique().to_pylist()
    for year in sorted(years):
        yield year, rows.filter(pc.equal(rows["pub_year"], pa.scalar(year, pa.int32())))


def years_of_both(rows: pa.Table, others: pa.Table) -> Iterator[tuple[int, pa.Table, pa.Table]]:
    """The rows of each pub_year that has any, in the order of the years, and the others of that year, maybe none."""
    of_year = dict(tables_by_year(others))
    nothing = others.slice(0, 0)
    for year, of_rows in tables_by_year(rows):
        yield year, of_rows, of_year.get(year, nothing)


def per_group_of_both(
    rows: DataFrame, others: DataFrame, by: Sequence[str], make: Callable[[pa.Table, pa.Table], pa.Table], table: Table
) -> DataFrame:
    """What `make` makes of the rows of each partition and the others that lie with them: both are shuffled by `by`.

    They travel as one table; its columns that a side lacks are null there, and no column is a
    list: Sail cannot hand lists of a stored table to Python. A side may have no row in a partition.
    """
    names = list(dict.fromkeys([*rows.columns, *others.columns]))
    types = {field.name: field.dataType for side in (others, rows) for field in side.schema.fields}

    def travelling(side: DataFrame, is_other: bool) -> DataFrame:
        lacking = {name: F.lit(None).cast(types[name]).alias(name) for name in names if name not in side.columns}
        return side.select(F.lit(is_other).alias(_IS_OTHER), *(lacking.get(name, F.col(name)) for name in names))

    both = travelling(rows, False).unionByName(travelling(others, True))
    split = partial(_split, make=make, columns=(rows.columns, others.columns))
    return per_group(both, by, split, table)


def _split(
    both: pa.Table, make: Callable[[pa.Table, pa.Table], pa.Table], columns: tuple[Sequence[str], Sequence[str]]
) -> pa.Table:
    is_other = both[_IS_OTHER]
    return make(both.filter(pc.invert(is_other)).select(columns[0]), both.filter(is_other).select(columns[1]))
