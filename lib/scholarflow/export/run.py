"""`scholarflow export`: tables as Parquet and CSV, streamed from Delta without an engine, each with a codebook."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa

from scholarflow.engine import Store
from scholarflow.engine.places import whole_file
from scholarflow.errors import InputError
from scholarflow.export import Format
from scholarflow.export.files import YEAR, Export
from scholarflow.export.flat import FlatColumn, flat_columns, flattened
from scholarflow.progress import Progress
from scholarflow.show import known_table, require_made, study_of
from scholarflow.tables import Table, panels

#: What is exported unless tables are named.
PANELS = ("panel_works", "panel_scientist_years", "panel_country_years", "panel_dyad_years")
#: Tables with more rows, and with years, are a folder of files by year; up to it they are in the order of their key.
LARGEST_FILE = 1_000_000
_ROWS_A_BATCH = 1 << 16


def export_tables(
    root: Path,
    names: Sequence[str],
    out: Path,
    progress: Progress,
    *,
    study: str | None = None,
    formats: Sequence[Format] = tuple(Format),
    largest_file: int = LARGEST_FILE,
) -> list[Path]:
    """Writes tables into a folder, and beside each its codebook; gives what was written.

    Errors, before anything is written: UsageError for an unknown table or study, InputError for a table that is missing
    or outdated.
    """
    tables = [known_table(name) for name in names or PANELS]
    store = Store(root, study=study_of(root, study))
    for table in tables:
        require_made(store, table)
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out}: is no folder")
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for table in tables:
        with progress.stage(f"export {table.name}") as stage:
            made = require_made(store, table)
            columns = flat_columns(table, _pairs_of(store, table))
            by_year = made.n_rows > largest_file and YEAR in table.column_names
            schema = pa.schema([pa.field(column.name, column.type, column.column.nullable) for column in columns])
            n_nulls = dict.fromkeys(schema.names, 0)
            n_rows = 0
            with ExitStack() as opened:
                files = [opened.enter_context(Export(out, table.name, f, schema, by_year=by_year)) for f in formats]
                for batch in _batches(store, table, is_sorted=made.n_rows <= largest_file):
                    flat = flattened(batch, columns)
                    for name in schema.names:
                        n_nulls[name] += flat.column(name).null_count
                    whole = pa.RecordBatch.from_arrays(flat.columns, schema=schema)
                    for file in files:
                        file.write(whole)
                    n_rows += batch.num_rows
                    stage.advance(n_rows, made.n_rows)
            _write_codebook(out / f"{table.name}.codebook.csv", columns, n_nulls, n_rows)
            stage.done(rows=n_rows)
            written += [file.path for file in files]
    return written


def _pairs_of(store: Store, table: Table) -> list[list[str]]:
    """The pairs of countries a table was made with, as its commit says; none where it has none."""
    made = store.provenance(table)
    return made.parameters.get("pairs", []) if made else []


def _batches(store: Store, table: Table, *, is_sorted: bool) -> Iterator[pa.RecordBatch]:
    dataset = store.dataset(table)
    if is_sorted and table.grain:
        rows: Any = dataset.to_table(table.column_names)
        yield from rows.sort_by([(name, "ascending") for name in table.grain]).to_batches(_ROWS_A_BATCH)
    else:
        yield from dataset.scanner(table.column_names, batch_size=_ROWS_A_BATCH).to_batches()


def _write_codebook(path: Path, columns: Sequence[FlatColumn], n_nulls: dict[str, int], n_rows: int) -> None:
    with whole_file(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["column", "meaning", "unit", "type", "share_null"])
        for column in columns:
            share = n_nulls[column.name] / n_rows if n_rows else 0.0
            type_ = column.column.type.simpleString()
            shown = f"{type_}, in CSV as JSON" if type_.startswith("array") else type_
            lines.writerow([column.name, column.meaning, column.column.unit, shown, f"{share:.6g}"])


assert {table.name for table in panels.TABLES} >= set(PANELS)
