"""OpenAlex records as parsed rows: the pruned shape of each entity, and what becomes of its fields.

Plain Python from bytes to Arrow, the same on both engines: which line is a record, which number a year and which
digits a score has must not depend on an engine's JSON reader (those of Spark and Sail disagree in all three). Only the
members named here are decoded, the rest is skipped; a member of another type than expected refuses the record and
says where.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pyarrow as pa
import xxhash
from pyspark.sql.pandas.types import to_arrow_schema

from scholarflow.ingest.canonical import MAX_LISTED_AUTHORS, NULL_AUTHOR
from scholarflow.tables import Table, parsed

_EPOCH = datetime.datetime(1970, 1, 1)
_MICROSECOND = datetime.timedelta(microseconds=1)


class _Record(msgspec.Struct, gc=False):
    """Unknown members are ignored, missing ones null."""


class Named(_Record):
    id: str | None = None
    display_name: str | None = None


class Scored(_Record):
    id: str | None = None
    score: float | None = None


class Topic(_Record):
    id: str | None = None
    score: float | None = None
    display_name: str | None = None
    updated_date: str | None = None
    subfield: Named | None = None
    field: Named | None = None
    domain: Named | None = None


class AuthorshipInstitution(_Record):
    id: str | None = None
    country_code: str | None = None


class Authorship(_Record):
    author: Named | None = None
    institutions: list[AuthorshipInstitution | None] | None = None
    countries: list[str | None] | None = None
    is_corresponding: bool | None = None


class Location(_Record):
    source: Named | None = None


class Work(_Record):
    id: str | None = None
    publication_year: int | float | str | None = None
    publication_date: str | None = None
    title: str | None = None
    display_name: str | None = None
    language: str | None = None
    type: str | None = None
    updated_date: str | None = None
    is_retracted: bool | None = None
    is_paratext: bool | None = None
    is_xpac: bool | None = None
    authorships_truncated: bool | None = None
    is_authors_truncated: bool | None = None
    primary_location: Location | None = None
    host_venue: Named | None = None
    authorships: list[Authorship] | None = None
    concepts: list[Scored] | None = None
    topics: list[Topic] | None = None
    primary_topic: Topic | None = None
    keywords: list[Scored] | None = None
    referenced_works: list[str | None] | None = None


class Author(_Record):
    id: str | None = None
    display_name: str | None = None
    updated_date: str | None = None


class Institution(_Record):
    id: str | None = None
    display_name: str | None = None
    country_code: str | None = None
    ror: str | None = None
    type: str | None = None
    updated_date: str | None = None


class Source(_Record):
    id: str | None = None
    display_name: str | None = None
    type: str | None = None
    updated_date: str | None = None


class Concept(_Record):
    id: str | None = None
    display_name: str | None = None
    level: int | None = None
    updated_date: str | None = None


@dataclass(frozen=True)
class Entity:
    """An entity of the snapshot: its folder, the shape of its records, the parsed table they fill, and a row of it.

    A row has the columns of the parsed table after the first three and before the hash, the id first; lists of structs
    are lists of tuples.
    """

    name: str
    record: type[msgspec.Struct]
    table: Table
    row: Callable[[Any], tuple[Any, ...]]


def parsed_batch(
    lines: Sequence[bytes], source_path: str, entity: Entity, *, first_year: int, last_year: int
) -> pa.RecordBatch:
    """The rows of the entity's parsed table that lines of one part file make; blank lines make none.

    A line that is no record, has no id, or, of works, no year between `first_year` and `last_year`, is a refused row.
    """
    decode = msgspec.json.Decoder(entity.record).decode
    id_name = entity.table.column_names[3]
    year_at = entity.table.column_names.index("pub_year") - 3 if "pub_year" in entity.table.column_names else None
    refused = (None,) * (len(entity.table.columns) - 3)
    encode = msgspec.json.Encoder().encode
    rows: list[tuple[Any, ...]] = []
    reasons: list[str | None] = []
    texts: list[str | None] = []
    for line in lines:
        if not line or line.isspace():
            continue
        row: tuple[Any, ...] = refused
        reason = None
        try:
            row = entity.row(decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            reason = f"not a record: {error}"
        else:
            if row[0] is None:
                reason = f"no {id_name}"
            elif year_at is not None and (row[year_at] is None or not first_year <= row[year_at] <= last_year):
                reason = "publication_year is no year"
        rows.append(refused if reason else (*row, _signed_hash(encode(row))))
        reasons.append(reason)
        texts.append(line.decode("utf-8", "replace")[:2000] if reason else None)
    return _batch(entity.table, source_path, reasons, texts, rows)


def _batch(
    table: Table,
    source_path: str,
    reasons: list[str | None],
    texts: list[str | None],
    rows: list[tuple[Any, ...]],
) -> pa.RecordBatch:
    schema = to_arrow_schema(table.schema)
    values = list(zip(*rows, strict=True)) if rows else [()] * (len(schema) - 3)
    arrays = [
        pa.array([source_path] * len(rows), pa.string()),
        pa.array(reasons, pa.string()),
        pa.array(texts, pa.string()),
        *(_array(column, field.type) for column, field in zip(values, list(schema)[3:], strict=True)),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema([f.with_nullable(True) for f in schema]))


def _array(column: Sequence[Any], type_: pa.DataType) -> Any:
    """Lists of structs are built from flat columns: several times faster than struct by struct."""
    if not (pa.types.is_list(type_) and pa.types.is_struct(type_.value_type)):
        return pa.array(column, type_)
    offsets = [0]
    flat: list[tuple[Any, ...]] = []
    for structs in column:
        flat += structs or ()
        offsets.append(len(flat))
    members = list(zip(*flat, strict=True)) if flat else [()] * type_.value_type.num_fields
    fields = [type_.value_type.field(i) for i in range(type_.value_type.num_fields)]
    arrays = [pa.array(values, field.type) for values, field in zip(members, fields, strict=True)]
    nulls = pa.array([structs is None for structs in column], pa.bool_())
    return pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), pa.StructArray.from_arrays(arrays, fields=fields), type=type_, mask=nulls
    )


def entity_number(address: str | None) -> int | None:
    """The number in an OpenAlex id: https://openalex.org/W2741809807 → 2741809807; null where there is none above 0."""
    return _positive(address[address.rfind("/") + 2 :]) if address else None


def _plain_number(named: Named | None) -> int | None:
    """The number of an id without a letter: https://openalex.org/subfields/1702 → 1702."""
    return _positive(named.id[named.id.rfind("/") + 1 :]) if named and named.id else None


def _positive(digits: str) -> int | None:
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        return None
    return int(digits) or None


def _year(value: float | str | None) -> int | None:
    if isinstance(value, str):
        digits = value.strip()
        return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else None
    if value is None or value != int(value) or abs(value) > 1e9:
        return None
    return int(value)


def _date(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _micros(text: str | None) -> int | None:
    """Microseconds since 1970 of an ISO date or time; without a zone it is UTC."""
    try:
        moment = datetime.datetime.fromisoformat(text) if text else None
        if moment is not None and moment.tzinfo is not None:
            moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):  # no time, or one that UTC cannot express
        return None
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def _country(code: str | None) -> str | None:
    if not code:
        return None
    upper = code.strip().upper()
    return upper if len(upper) == 2 and upper.isascii() and upper.isalpha() else None


def _work(r: Work) -> tuple[Any, ...]:
    listed = r.authorships or []
    cut = bool(r.authorships_truncated or r.is_authors_truncated) or len(listed) == MAX_LISTED_AUTHORS
    place = (r.primary_location.source if r.primary_location else None) or r.host_venue
    references = [number for address in r.referenced_works or () if (number := entity_number(address))]
    return (
        entity_number(r.id),
        _micros(r.updated_date),
        _year(r.publication_year),
        _date(r.publication_date),
        r.title if r.title is not None else r.display_name,
        r.type,
        entity_number(place.id) if place else None,
        r.language,
        bool(r.is_retracted),
        bool(r.is_paratext) or r.type == "paratext",
        bool(r.is_xpac),
        len(listed),
        _authorships(listed, cut),
        references,
        _fields(r),
    )


def _authorships(listed: Sequence[Authorship], cut: bool) -> list[tuple[Any, ...]]:
    """A tuple per author and institution; of an author without any, one per country, or one with nulls.

    A country that no institution of the author accounts for has a tuple of its own, without institution.
    """
    rows = []
    n_listed = len(listed)
    for position, authorship in enumerate(listed, 1):
        author_id = entity_number(authorship.author.id) if authorship.author else None
        if author_id == NULL_AUTHOR:
            author_id = None
        places: dict[tuple[int | None, str | None], None] = {}
        known = set()
        for institution in authorship.institutions or ():
            if institution is not None and (number := entity_number(institution.id)):
                country = _country(institution.country_code)
                places[number, country] = None
                known.add(country)
        for code in authorship.countries or ():
            country = _country(code)
            if country is not None and country not in known:
                places[None, country] = None
        is_last = None if cut else position == n_listed
        for institution_id, country_code in places or {(None, None): None}:
            rows.append(
                (
                    position,
                    author_id,
                    institution_id,
                    country_code,
                    position == 1,
                    is_last,
                    authorship.is_corresponding,
                )
            )
    return rows


def _fields(r: Work) -> list[tuple[Any, ...]]:
    """(scheme, field_id, score, field_key), each id once with its highest score, in the order of scheme and id."""
    best: dict[tuple[str, int], tuple[float | None, str | None]] = {}

    def add(scheme: str, number: int | None, score: float | None, key: str | None = None) -> None:
        if number is None:
            return
        seen = best.get((scheme, number))
        if seen is None or (score is not None and (seen[0] is None or score > seen[0])):
            best[scheme, number] = score, key

    for concept in r.concepts or ():
        add("concept", entity_number(concept.id), concept.score)
    for topic in r.topics or ([r.primary_topic] if r.primary_topic else []):
        add("topic", entity_number(topic.id), topic.score)
        add("subfield", _plain_number(topic.subfield), topic.score)
        add("field", _plain_number(topic.field), topic.score)
        add("domain", _plain_number(topic.domain), topic.score)
    for keyword in r.keywords or ():
        if keyword.id:
            slug = keyword.id[keyword.id.rfind("/") + 1 :]
            add("keyword", keyword_number(slug), keyword.score, slug)
    return [(*at, *best[at]) for at in sorted(best)]


def keyword_number(slug: str) -> int:
    """A stable 64-bit id of a keyword: what Spark's xxhash64 gives for its slug."""
    return _signed_hash(slug.encode("utf-8", "replace"))


def _signed_hash(content: bytes) -> int:
    unsigned = xxhash.xxh64_intdigest(content, seed=42)
    return unsigned - (1 << 64) if unsigned >= 1 << 63 else unsigned


def _author(r: Author) -> tuple[Any, ...]:
    number = entity_number(r.id)
    return None if number == NULL_AUTHOR else number, _micros(r.updated_date), r.display_name


def _institution(r: Institution) -> tuple[Any, ...]:
    ror = r.ror[r.ror.rfind("/") + 1 :] if r.ror else None
    return entity_number(r.id), _micros(r.updated_date), r.display_name, _country(r.country_code), ror, r.type


def _source(r: Source) -> tuple[Any, ...]:
    return entity_number(r.id), _micros(r.updated_date), r.display_name, r.type


def _concept(r: Concept) -> tuple[Any, ...]:
    return entity_number(r.id), _micros(r.updated_date), r.display_name, r.level


def _topic(r: Topic) -> tuple[Any, ...]:
    above = [(_plain_number(n), n.display_name if n else None) for n in (r.subfield, r.field, r.domain)]
    return entity_number(r.id), _micros(r.updated_date), r.display_name, *(part for pair in above for part in pair)


ENTITIES = (
    Entity("works", Work, parsed.WORKS, _work),
    Entity("authors", Author, parsed.AUTHORS, _author),
    Entity("institutions", Institution, parsed.INSTITUTIONS, _institution),
    Entity("sources", Source, parsed.SOURCES, _source),
    Entity("concepts", Concept, parsed.CONCEPTS, _concept),
    Entity("topics", Topic, parsed.TOPICS, _topic),
)
