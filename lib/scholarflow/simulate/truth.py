"""The truth beside a snapshot: the tables that a correct ingest makes of it, from the world itself."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scholarflow.simulate.batch import Batch, work_ids
from scholarflow.simulate.census import Census
from scholarflow.simulate.files import Ledger
from scholarflow.simulate.geography import CODES
from scholarflow.simulate.names import REGIONS
from scholarflow.simulate.population import author_ids
from scholarflow.simulate.seeds import BoolArray, IntArray
from scholarflow.simulate.subjects import CONCEPTS, SUBJECT_CONCEPTS
from scholarflow.simulate.world import World

_TEXT, _LONG, _INT, _DOUBLE, _FLAG = pa.string(), pa.int64(), pa.int32(), pa.float64(), pa.bool_()
SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "works": {
        "work_id": _LONG, "pub_year": _INT, "pub_date": pa.date32(), "title": _TEXT, "work_type": _TEXT,
        "source_id": _LONG, "language": _TEXT, "n_authors": _INT, "n_references": _INT, "is_retracted": _FLAG,
    },
    "authorships": {
        "work_id": _LONG, "author_position": _INT, "author_id": _LONG, "institution_id": _LONG,
        "country_code": _TEXT, "pub_year": _INT, "is_first": _FLAG, "is_last": _FLAG, "is_corresponding": _FLAG,
    },
    "citations": {"citing_work_id": _LONG, "cited_work_id": _LONG, "citing_year": _INT},
    "work_fields": {
        "work_id": _LONG, "scheme": _TEXT, "field_id": _LONG, "score": _DOUBLE, "field_key": _TEXT,
    },
    "institutions": {
        "institution_id": _LONG, "name": _TEXT, "country_code": _TEXT, "ror_id": _TEXT,
        "institution_type": _TEXT,
    },
    "sources": {"source_id": _LONG, "name": _TEXT, "source_type": _TEXT},
    "fields": {"scheme": _TEXT, "field_id": _LONG, "name": _TEXT, "level": _INT},
    "authors": {"author_id": _LONG, "name": _TEXT},
    "rejects": {"source_path": _TEXT, "reason": _TEXT},
    "ingest_counts": {
        "source_path": _TEXT, "entity": _TEXT, "n_read": _LONG, "n_kept": _LONG, "n_rejected": _LONG,
        "n_dropped": _LONG, "dropped_paratext": _LONG, "dropped_xpac": _LONG, "dropped_deleted": _LONG,
        "dropped_merged": _LONG, "dropped_patent": _LONG, "dropped_dataset": _LONG, "n_superseded": _LONG,
    },
    "moves": {"author_id": _LONG, "origin_country": _TEXT, "destination_country": _TEXT, "move_year": _INT},
    "misfiled": {
        "work_id": _LONG, "author_position": _INT, "author_id": _LONG, "true_author_id": _LONG,
        "country_code": _TEXT, "true_country_code": _TEXT,
    },
    "authors_truth": {
        "author_id": _LONG, "home_country": _TEXT, "ancestry": _TEXT, "field_id": _LONG, "career_start": _INT,
        "career_end": _INT, "n_works": _INT,
    },
}  # fmt: skip

_COUNTRY_TEXTS = pa.array([*CODES, None])


class TruthFiles:
    """The Parquet files of the truth, filled bit by bit; a table nobody fills is there and empty."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schemas = {name: pa.schema(list(columns.items())) for name, columns in SCHEMAS.items()}
        self._writers = {
            name: pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd")
            for name, schema in self._schemas.items()
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            writer.close()

    def add(self, name: str, columns: dict[str, Any]) -> None:
        """Append rows; the columns must be exactly those declared."""
        schema = self._schemas[name]
        if list(columns) != schema.names:
            raise ValueError(f"truth table {name}: columns {list(columns)}, declared {schema.names}")
        arrays = [
            values.cast(kind) if isinstance(values, pa.Array) else pa.array(values, type=kind)
            for values, kind in zip(columns.values(), schema.types, strict=True)
        ]
        if len(arrays[0]):
            self._writers[name].write_table(pa.Table.from_arrays(arrays, schema=schema))


def nullable(values: IntArray, known: BoolArray) -> Any:
    """The values where known, null elsewhere."""
    return pa.array(values.astype(np.int64), mask=~known)


def countries(index: IntArray) -> Any:
    """Country codes by index, null for −1."""
    return _COUNTRY_TEXTS.take(np.where(index < 0, len(CODES), index).astype(np.int64))


def add_misfiled(files: TruthFiles, batch: Batch, kept: BoolArray, world: World) -> None:
    """Rows of `misfiled`: country on the record, and where the author it is filed under was at the time."""
    signed = batch.authorships
    rows = np.flatnonzero((signed.author != signed.true_author) & kept[signed.owner] & (signed.null_kind == 0))
    place = np.append(world.places.country, -1)
    files.add(
        "misfiled",
        {
            "work_id": work_ids(batch.index[signed.owner[rows]]),
            "author_position": signed.position[rows],
            "author_id": author_ids(signed.author[rows]),
            "true_author_id": author_ids(signed.true_author[rows]),
            "country_code": countries(place[signed.first[rows]]),
            "true_country_code": countries(world.population.country(signed.author[rows])),
        },
    )


def add_world(files: TruthFiles, world: World, census: Census, ledger: Ledger) -> None:
    """What no ingest makes: true moves and careers; and what every ingest must count."""
    population = world.population
    moves = population.moves
    author, origin, destination, year = (
        np.concatenate(parts) for parts in (moves.author, moves.origin, moves.destination, moves.year)
    )
    files.add(
        "moves",
        {
            "author_id": author_ids(author),
            "origin_country": countries(origin),
            "destination_country": countries(destination),
            "move_year": year,
        },
    )
    everyone = np.flatnonzero(census.seen)
    files.add(
        "authors_truth",
        {
            "author_id": author_ids(everyone),
            "home_country": countries(population.home[everyone]),
            "ancestry": pa.array(REGIONS).take(population.region[everyone]),
            "field_id": np.array([c.id for c in CONCEPTS])[SUBJECT_CONCEPTS[population.subject[everyone]]],
            "career_start": population.start[everyone],
            "career_end": population.end[everyone],
            "n_works": census.author_works[everyone],
        },
    )
    _add_ledger(files, ledger)


def _add_ledger(files: TruthFiles, ledger: Ledger) -> None:
    rejects = sorted(ledger.rejects)
    files.add("rejects", {"source_path": [path for path, _ in rejects], "reason": [why for _, why in rejects]})
    rules = ("paratext", "xpac", "deleted", "merged", "patent", "dataset")
    paths = sorted(ledger.outcomes)
    counts = [ledger.outcomes[path] for path in paths]
    columns: dict[str, Any] = {
        "source_path": paths,
        "entity": [ledger.entity[path] for path in paths],
        "n_read": [sum(c.values()) for c in counts],
        "n_kept": [c["kept"] for c in counts],
        "n_rejected": [c["rejected"] for c in counts],
        "n_dropped": [sum(c[rule] for rule in rules) for c in counts],
    }
    columns |= {f"dropped_{rule}": [c[rule] for c in counts] for rule in rules}
    files.add("ingest_counts", {**columns, "n_superseded": [c["superseded"] for c in counts]})
