"""Whole tables against one another: row for row, in DuckDB, whatever their order."""

import math
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from scholarflow.engine import Store
from scholarflow.tables import LAYERS, PUBLIC, Table

CONTRACT = ("works", "authorships", "citations", "work_fields", "institutions", "sources", "fields", "authors")


def stored(store: Store, table: Table) -> pa.Table:
    """A table's newest version, read without either engine."""
    return store.dataset(table).to_table()


def truth(snapshot: Path, table: str) -> pa.Table:
    """A table that the simulator says is true of a snapshot; ROR ids, there as addresses, as the tables hold them."""
    rows = pq.read_table(snapshot / "truth" / f"{table}.parquet")
    if table != "institutions":
        return rows
    ids = pc.replace_substring(rows["ror_id"], "https://ror.org/", "")
    return rows.set_column(rows.schema.get_field_index("ror_id"), "ror_id", ids)


def assert_equal(actual: pa.Table, expected: pa.Table, columns: Sequence[str], name: str) -> None:
    """The same rows as often, in these columns; doubles to the bit."""
    listed = ", ".join(columns)
    with duckdb.connect() as connection:
        connection.register("actual", actual)
        connection.register("expected", expected)
        for left, right, what in (("actual", "expected", "not expected"), ("expected", "actual", "not found")):
            only = f"SELECT {listed} FROM {left} EXCEPT ALL SELECT {listed} FROM {right}"
            different = connection.execute(f"FROM ({only}) ORDER BY ALL LIMIT 5").fetchall()
            assert not different, f"{name}: {what}: {columns}: {different}"
    assert actual.num_rows == expected.num_rows


def assert_same_tables(
    one: Store, other: Store, layers: Sequence[str] = tuple(LAYERS), *, leaving_out: Collection[str] = ()
) -> None:
    """All tables of two roots but those left out, every column."""
    for table in [table for layer in layers for table in LAYERS[layer] if table.name not in leaving_out]:
        assert_equal(stored(one, table), stored(other, table), table.column_names, table.name)


def assert_close(actual: pa.Table, expected: pa.Table, grain: Sequence[str], name: str) -> None:
    """The rows of the expected table by their key, in its columns, doubles to nine digits."""
    rows = _by_key(actual, expected.column_names, grain)
    wanted = _by_key(expected, expected.column_names, grain)
    assert rows.keys() == wanted.keys(), f"{name}: {list(rows.keys() ^ wanted.keys())[:5]}"
    for row in rows.values():
        if "share_english" in row and row["share_english"] is None:
            row["share_english"] = 0.0  # null where no language is known; the oracle says that none is known as English
    different = [(rows[key], wanted[key]) for key in wanted if not _close(rows[key], wanted[key])]
    assert not different, f"{name}: {different[:3]}"


def _by_key(table: pa.Table, columns: Sequence[str], grain: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[key] for key in grain): row for row in table.select(columns).to_pylist()}


def _close(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    def same(a: Any, b: Any) -> bool:
        if isinstance(a, float) and isinstance(b, float):
            return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
        return bool(a == b)

    return all(same(row[name], value) for name, value in wanted.items())


def grain(name: str) -> tuple[str, ...]:
    """The key of a public table."""
    return PUBLIC[name].grain
