"""Authors' years laid side by side: what a row says of its author's other rows, a whole partition at a time.

Window functions do this author by author, hundreds of millions of small groups that each engine opens and closes one by
one. Here the rows of many authors are sorted once, as whole numbers, and what belongs together are runs in an array.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame

from scholarflow.arrow import OfGroups, per_group
from scholarflow.tables import Table


def per_author(rows: DataFrame, timeline: OfGroups, table: Table) -> DataFrame:
    """What `timeline` makes of rows, all of an author at once; some 100 bytes a row while a partition is worked on."""
    return per_group(rows, ["author_id"], timeline, table)


class Ranks:
    """The distinct values of a column, ascending, and for each row which of them it has."""

    def __init__(self, column: Any) -> None:
        self.values, self.of_row = np.unique(column, return_inverse=True)

    def __len__(self) -> int:
        return len(self.values)


def numbers(rows: pa.Table, column: str) -> Any:
    """A column without nulls as numpy."""
    return rows.column(column).to_numpy()


def countries(rows: pa.Table, column: str = "country_code") -> tuple[Any, Any]:
    """The distinct countries of a column in the order of the alphabet, and for each row which of them it has."""
    codes = rows.column(column).cast(pa.string()).combine_chunks()
    names: Any = pc.unique(codes)
    names = names.take(pc.sort_indices(names))
    return names, pc.index_in(codes, names).to_numpy()


def run_starts(*keys: Any) -> Any:
    """Where runs of equal keys begin, in arrays that are sorted by them."""
    begins = np.ones(len(keys[0]), bool)
    begins[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return np.flatnonzero(begins)


def spread(values: Any, starts: Any, n_rows: int) -> Any:
    """The value of each run, for each of its rows."""
    return np.repeat(values, np.diff(starts, append=n_rows))
