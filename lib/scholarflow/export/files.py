"""Files of an export, whole or not there: written under a name of their own, then renamed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from isal import igzip

from scholarflow.export import Format
from scholarflow.export.flat import as_text

SUFFIXES = {Format.parquet: ".parquet", Format.csv: ".csv.gz"}
#: A year of a partitioned table lies in a folder named so, as Spark, Arrow, pandas, R and DuckDB read it.
YEAR = "pub_year"


class _Writer(Protocol):
    def write(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


class _Parquet:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)

    def close(self) -> None:
        self._writer.close()


class _Csv:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = path.open("wb")
        # Without name and time in its head, so that the same rows are the same bytes.
        self._text = igzip.IGzipFile(filename="", mode="wb", fileobj=self._file, mtime=0)
        self._writer = pyarrow.csv.CSVWriter(self._text, as_text(_no_rows(schema)).schema)

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(as_text(batch))

    def close(self) -> None:
        self._writer.close()
        self._text.close()
        self._file.close()


def _no_rows(schema: pa.Schema) -> Any:
    return pa.RecordBatch.from_pylist([], schema=schema)


_WRITERS: dict[Format, Callable[[Path, pa.Schema], _Writer]] = {Format.parquet: _Parquet, Format.csv: _Csv}


class Export:
    """One format of one table: a file, or a folder with a file for each year; visible once it is whole."""

    def __init__(self, folder: Path, name: str, format: Format, schema: pa.Schema, *, by_year: bool) -> None:
        self._file, self._folder = folder / f"{name}{SUFFIXES[format]}", folder / f"{name}_{format}"
        self.path = self._folder if by_year else self._file
        self._begun = folder / f".{self.path.name}.unfinished"
        self._format, self._by_year = format, by_year
        # Readers of Parquet take the year from the folder, and pandas refuses files that have it too.
        in_folder = by_year and format == Format.parquet
        self._schema = pa.schema([column for column in schema if not (in_folder and column.name == YEAR)])
        self._writers: dict[int, _Writer] = {}

    def __enter__(self) -> "Export":
        _remove(self._begun)  # left by an export that was killed
        if self._by_year:
            self._begun.mkdir()
        else:
            self._open(0)
        return self

    def write(self, batch: pa.RecordBatch) -> None:
        """Adds rows, each to the file of its year."""
        if not self._by_year:
            self._writers[0].write(batch)
            return
        years = batch.column(YEAR).to_numpy()
        for year in np.unique(years):
            of_year = batch.filter(pa.array(years == year)).select(self._schema.names)
            self._open(int(year)).write(of_year)

    def _open(self, year: int) -> _Writer:
        if year not in self._writers:
            path = self._begun
            if self._by_year:
                path = self._begun / f"{YEAR}={year}" / f"part{SUFFIXES[self._format]}"
                path.parent.mkdir()
            self._writers[year] = _WRITERS[self._format](path, self._schema)
        return self._writers[year]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            writer.close()
        if kind is not None:
            _remove(self._begun)
            return
        if self._by_year:
            _remove(self._folder)  # a folder is not renamed over another
        self._begun.rename(self.path)
        _remove(self._file if self._by_year else self._folder)  # of an earlier export, made the other way


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
