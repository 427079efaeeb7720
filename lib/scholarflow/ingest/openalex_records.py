"""OpenAlex records as rows of the parsed tables, a block of lines at a time.

Python from bytes to Arrow, the same on both engines: which line is a record, which number a year and which digits a
score has must not depend on an engine's JSON reader (those of Spark and Sail disagree in all three). msgspec decodes
only the members named in `openalex_shapes`, columns are built whole.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any

import msgspec
import pyarrow as pa
from pyspark.sql.pandas.types import to_arrow_schema

from scholarflow.ingest.canonical import NULL_AUTHOR
from scholarflow.ingest.openalex_lists import authorship_columns, field_lists, reference_lists
from scholarflow.ingest.openalex_shapes import Author, Concept, Institution, Named, Source, Topic, Work
from scholarflow.ingest.openalex_values import country, date, entity_number, micros, plain_number, signed_hash, year
from scholarflow.tables import INTERNAL, Table, parsed


@dataclass(frozen=True)
class Entity:
    """An entity of the snapshot: its folder, the shape of its records, and the parsed table they fill.

    `columns` gives, by name, those of the parsed table after the id and before the hash, of records that stand; the
    Arrow type of a column is handed to it where it is built as Arrow.
    """

    name: str
    record: type[Any]
    table: Table
    columns: Callable[[Sequence[Any], pa.Schema], dict[str, Any]]
    number: Callable[[str | None], int | None] = entity_number


def parsed_batch(
    lines: Sequence[bytes], source_path: str, entity: Entity, *, first_year: int, last_year: int
) -> pa.RecordBatch:
    """The rows of the entity's parsed table that lines of one part file make; blank lines make none.

    A line that is no record, has no id, or, of works, no year between `first_year` and `last_year`, is a refused row.
    """
    written = [line for line in lines if line and not line.isspace()]
    with _without_collection():
        records, reasons = _decoded(written, entity)
        ids = [entity.number(record.id) for record in records]
        years = [year(record.publication_year) for record in records] if entity.record is Work else None
        for at, id_ in enumerate(ids):
            if reasons[at] is None:
                if id_ is None:
                    reasons[at] = f"no {entity.table.column_names[3]}"
                elif years is not None and not first_year <= (years[at] or 0) <= last_year:
                    reasons[at] = "publication_year is no year"
        stands = [reason is None for reason in reasons]
        hashes = [signed_hash(line.rstrip(b"\r")) for line in compress(written, stands)]
        rows = _rows(list(compress(records, stands)), list(compress(ids, stands)), hashes, entity)
    if len(rows) < len(written):
        rows = rows.take(_places(stands))
    texts = [None if reason is None else _shown(line) for reason, line in zip(reasons, written, strict=True)]
    origin = [pa.array([source_path] * len(written), pa.string()), pa.array(reasons, pa.string())]
    return pa.RecordBatch.from_arrays(
        [*origin, pa.array(texts, pa.string()), *rows.columns], schema=_arrow_schema(entity.table.name)
    )


@contextmanager
def _without_collection() -> Iterator[None]:
    """Millions of objects without cycles are about to be made: looking for cycles takes as long as decoding them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def _decoder(entity: str) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(next(e.record for e in ENTITIES if e.name == entity))


def _decoded(lines: Sequence[bytes], entity: Entity) -> tuple[list[Any], list[str | None]]:
    """A record for each line, an empty one with the reason where it is none."""
    decode = _decoder(entity.name).decode
    try:
        return [decode(line) for line in lines], [None] * len(lines)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass  # at least one is refused: each by itself
    records, reasons = [], []
    for line in lines:
        try:
            record, reason = decode(line), None
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            record, reason = entity.record(), f"not a record: {error}"
        records.append(record)
        reasons.append(reason)
    return records, reasons


def _rows(records: Sequence[Any], ids: Sequence[int | None], hashes: Sequence[int], entity: Entity) -> pa.RecordBatch:
    """The columns of the parsed table from the id on, of records that stand."""
    schema = pa.schema(list(_arrow_schema(entity.table.name))[3:])
    columns = {schema.names[0]: ids} | entity.columns(records, schema) | {schema.names[-1]: hashes}
    arrays = [
        column if isinstance(column := columns[field.name], pa.Array) else pa.array(column, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _places(stands: Sequence[bool]) -> Any:
    """Where each line's row is among those that stand; null: nowhere."""
    places: list[int | None] = []
    n_standing = 0
    for stands_here in stands:
        places.append(n_standing if stands_here else None)
        n_standing += stands_here
    return pa.array(places, pa.int64())


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "replace")[:2000]


@cache
def _arrow_schema(table: str) -> pa.Schema:
    return pa.schema([field.with_nullable(True) for field in to_arrow_schema(INTERNAL[table].schema)])


def _works(works: Sequence[Work], schema: pa.Schema) -> dict[str, Any]:
    sources = [(w.primary_location.source if w.primary_location else None) or w.host_venue for w in works]
    return {
        "updated_at": [micros(w.updated_date) for w in works],
        "pub_year": [year(w.publication_year) for w in works],
        "pub_date": [date(w.publication_date) for w in works],
        "title": [w.title if w.title is not None else w.display_name for w in works],
        "work_type": [w.type for w in works],
        "source_id": [entity_number(source.id) if source else None for source in sources],
        "language": [w.language for w in works],
        "is_retracted": [bool(w.is_retracted) for w in works],
        "is_paratext": [bool(w.is_paratext) or w.type == "paratext" for w in works],
        "is_xpac": [bool(w.is_xpac) for w in works],
        "n_authors": [len(w.authorships or ()) for w in works],
        "referenced_works": reference_lists(works, schema.field("referenced_works").type),
        "fields": field_lists(works, schema.field("fields").type),
    } | authorship_columns(works, schema)


def _named(records: Sequence[Any], _: pa.Schema) -> dict[str, Any]:
    return {
        "updated_at": [micros(r.updated_date) for r in records],
        "name": [r.display_name for r in records],
    }


def _author_number(address: str | None) -> int | None:
    number = entity_number(address)
    return None if number == NULL_AUTHOR else number


def _institutions(records: Sequence[Institution], schema: pa.Schema) -> dict[str, Any]:
    return _named(records, schema) | {
        "country_code": [country(r.country_code) for r in records],
        "ror_id": [r.ror[r.ror.rfind("/") + 1 :] if r.ror else None for r in records],
        "institution_type": [r.type for r in records],
    }


def _sources(records: Sequence[Source], schema: pa.Schema) -> dict[str, Any]:
    return _named(records, schema) | {"source_type": [r.type for r in records]}


def _concepts(records: Sequence[Concept], schema: pa.Schema) -> dict[str, Any]:
    return _named(records, schema) | {"level": [r.level for r in records]}


def _topics(records: Sequence[Topic], schema: pa.Schema) -> dict[str, Any]:
    above = {"subfield": "subfield", "topic_field": "field", "domain": "domain"}
    columns = _named(records, schema)
    for name, member in above.items():
        of_topic = [getattr(r, member) or Named() for r in records]
        columns[f"{name}_id"] = [plain_number(named.id) for named in of_topic]
        columns[f"{name}_name"] = [named.display_name for named in of_topic]
    return columns


ENTITIES = (
    Entity("works", Work, parsed.WORKS, _works),
    Entity("authors", Author, parsed.AUTHORS, _named, _author_number),
    Entity("institutions", Institution, parsed.INSTITUTIONS, _institutions),
    Entity("sources", Source, parsed.SOURCES, _sources),
    Entity("concepts", Concept, parsed.CONCEPTS, _concepts),
    Entity("topics", Topic, parsed.TOPICS, _topics),
)
