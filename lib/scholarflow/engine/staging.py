"""Staged Parquet files: what the Delta log has to say of each."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pyarrow.parquet as pq

from scholarflow.engine.places import Place, found, name_within, rename_folder
from scholarflow.engine.reading import opened_parquet


@dataclass(frozen=True)
class StagedFile:
    """A staged file: its name within the staging folder, rows, nulls per column, and Delta's statistics as JSON."""

    name: str
    size: int
    modified_ms: int
    n_rows: int
    nulls: dict[str, int]
    stats: str
    partition: str | None = None


def staged_files(folder: Place, partition_columns: Sequence[str]) -> list[StagedFile]:
    """The non-empty Parquet files of a staging folder.

    Folders of partitions (`column=value`, escaped differently by each engine) get plain names: Delta keeps the value
    in its log.
    """
    if not partition_columns:
        return [file for path in found(folder, "*.parquet") if (file := _staged(folder, path, None)).n_rows]
    files = []
    for number, part in enumerate(found(folder, f"{partition_columns[0]}=*")):
        value = unquote(part.name.split("=", 1)[1])
        plain = rename_folder(part, f"p{number:05d}")
        files += [_staged(folder, path, value) for path in found(plain, "*.parquet")]
    return files


def _staged(folder: Place, path: Place, partition: str | None) -> StagedFile:
    with opened_parquet(path) as parquet:
        metadata = parquet.metadata
    statistics = _statistics_by_column(metadata)
    nulls = {name: sum(chunk.null_count for chunk in chunks) for name, chunks in statistics.items()}
    bounds = {name: bounds for name, chunks in statistics.items() if (bounds := _bounds(chunks))}
    stats = {
        "numRecords": metadata.num_rows,
        "minValues": {name: low for name, (low, _) in bounds.items()},
        "maxValues": {name: high for name, (_, high) in bounds.items()},
        "nullCount": nulls,
    }
    info = path.stat()
    return StagedFile(
        name=name_within(folder, path),
        size=info.st_size,
        modified_ms=int(info.st_mtime * 1000),
        n_rows=metadata.num_rows,
        nulls=nulls,
        stats=json.dumps(stats, ensure_ascii=False),
        partition=partition,
    )


def _statistics_by_column(metadata: pq.FileMetaData) -> dict[str, list[Any]]:
    """The statistics of every chunk of the flat columns of which all chunks have counted their nulls."""
    statistics: dict[str, list[Any]] = {}
    for group in range(metadata.num_row_groups):
        for index in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(index)
            if "." not in chunk.path_in_schema:
                statistics.setdefault(chunk.path_in_schema, []).append(chunk.statistics)
    return {
        name: chunks
        for name, chunks in statistics.items()
        if all(chunk is not None and chunk.has_null_count for chunk in chunks)
    }


def _bounds(chunks: Sequence[Any]) -> tuple[Any, Any] | None:
    """Smallest and largest value of a column of integers, strings or dates; null where a chunk does not tell."""
    with_values = [chunk for chunk in chunks if chunk.num_values]
    if not with_values or not all(chunk.has_min_max for chunk in with_values):
        return None
    low = min(chunk.min for chunk in with_values)
    high = max(chunk.max for chunk in with_values)
    if isinstance(low, datetime.date):
        return low.isoformat(), high.isoformat()
    return (low, high) if isinstance(low, int | str) and not isinstance(low, bool) else None
