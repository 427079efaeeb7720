"""Part files of an OpenAlex snapshot, in either encoding, as rows of the parsed tables."""

import types
import typing
from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa

from scholarflow.engine.reading import SourceFile, line_blocks, opened_parquet
from scholarflow.ingest.openalex_records import Entity, parsed_batch

_PARQUET_ROWS_A_BLOCK = 1_000
_ENCODE = msgspec.json.Encoder().encode
#: Text that is no UTF-8, times that no calendar has, and what else Parquet can hold and Python or JSON cannot.
_NOT_WRITABLE = (ValueError, OverflowError, TypeError, pa.ArrowException)
#: Members whose type differs between Parquet and JSON.
_TIMES = ("publication_date", "updated_date")
#: What Parquet puts between a list and its elements, by the writer.
_LIST_LEVELS = {"list", "element", "item", "array", "bag"}


def rows_of_lines(file: SourceFile, *, entity: Entity, first_year: int, last_year: int) -> Iterator[pa.RecordBatch]:
    """The rows that the JSON lines of a file make."""
    for lines in line_blocks(file.path):
        yield parsed_batch(lines, file.source_path, entity, first_year=first_year, last_year=last_year)


def rows_of_parquet(file: SourceFile, *, entity: Entity, first_year: int, last_year: int) -> Iterator[pa.RecordBatch]:
    """The rows that Parquet records make, as the JSON they would have been; members a file lacks are null.

    Columns of other types than the members have refuse the records that have a value there.
    """
    wanted = _members(entity.record)
    with opened_parquet(file.path) as parquet:
        stored = [parquet.schema.column(i).path for i in range(len(parquet.schema))]
        # Of a file without any member all is read: it has records nevertheless, to be refused.
        columns = [path for path in stored if _member(path) in wanted] or stored
        for batch in parquet.iter_batches(_PARQUET_ROWS_A_BLOCK, columns=columns):
            yield parsed_batch(_lines(batch), file.source_path, entity, first_year=first_year, last_year=last_year)


def _lines(batch: pa.RecordBatch) -> list[bytes]:
    """A line of JSON for each record; for one that cannot be written as such a line that is none, and says why."""
    try:
        return [_ENCODE(row) for row in _with_written_times(batch).to_pylist()]
    except _NOT_WRITABLE as error:
        if batch.num_rows == 1:
            return [f"cannot be written as JSON: {error}".encode("utf-8", "replace")]
    return [line for at in range(batch.num_rows) for line in _lines(batch.slice(at, 1))]


def _members(shape: Any) -> set[str]:
    """The members of a record without members of their own, as `authorships.author.id`."""
    paths = set()
    for field in msgspec.structs.fields(shape):
        inner = [part for part in _parts(field.type) if isinstance(part, type) and issubclass(part, msgspec.Struct)]
        paths |= {f"{field.encode_name}.{path}" for part in inner for path in _members(part)} or {field.encode_name}
    return paths


def _parts(type_: Any) -> Iterator[Any]:
    """The types that a union or a list is made of."""
    if isinstance(type_, types.UnionType) or typing.get_origin(type_) in (list, typing.Union):
        for part in typing.get_args(type_):
            yield from _parts(part)
    else:
        yield type_


def _member(path: str) -> str:
    return ".".join(part for part in path.split(".") if part not in _LIST_LEVELS)


def _with_written_times(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [
        column.cast(pa.string()) if name in _TIMES and pa.types.is_temporal(column.type) else column
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
