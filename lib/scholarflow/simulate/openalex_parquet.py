"""The same OpenAlex records as Parquet, with the types of the published files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

_ROWS_AT_ONCE = 1_000
_TEXT, _INT, _LONG, _DOUBLE, _FLAG = pa.string(), pa.int32(), pa.int64(), pa.float64(), pa.bool_()
_TEXTS = pa.list_(_TEXT)


def _struct(texts: str = "", **typed: pa.DataType) -> pa.DataType:
    return pa.struct([*((name, _TEXT) for name in texts.split()), *typed.items()])


def _columns(struct: pa.DataType) -> dict[str, pa.DataType]:
    fields = (struct.field(i) for i in range(struct.num_fields))
    return {field.name: field.type for field in fields}


_NAMED = _struct("id display_name")
_INSTITUTION = pa.struct(
    [*((n, _TEXT) for n in ("id", "display_name", "ror", "country_code", "type")), ("lineage", _TEXTS)]
)
_SOURCE = _struct(
    "id display_name issn_l host_organization host_organization_name type",
    issn=_TEXTS, is_oa=_FLAG, is_in_doaj=_FLAG, is_core=_FLAG,
    host_organization_lineage=_TEXTS, host_organization_lineage_names=_TEXTS,
)  # fmt: skip
_LOCATION = _struct(
    "id landing_page_url pdf_url raw_source_name raw_type provenance license license_id version",
    source=_SOURCE, is_oa=_FLAG, is_published=_FLAG, is_accepted=_FLAG,
)  # fmt: skip
_TOPIC = _struct("id display_name", score=_DOUBLE, subfield=_NAMED, field=_NAMED, domain=_NAMED)
_AUTHORSHIP = _struct(
    "author_position raw_author_name raw_orcid",
    author=_struct("id display_name orcid"),
    affiliations=pa.list_(_struct("raw_affiliation_string", institution_ids=_TEXTS)),
    countries=_TEXTS, is_corresponding=_FLAG, raw_affiliation_strings=_TEXTS,
    institutions=pa.list_(_INSTITUTION),
)  # fmt: skip
_STAMPS = {"created_date": pa.timestamp("us"), "updated_date": pa.timestamp("us")}
_SCORED = _struct("id display_name", score=_DOUBLE)
_COUNTS = pa.list_(_struct(year=_INT, cited_by_count=_INT))

SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "works": {
        "id": _TEXT, "doi": _TEXT, "title": _TEXT, "display_name": _TEXT, "ids": _struct("openalex mag"),
        "indexed_in": _TEXTS, "publication_date": _TEXT, "publication_year": _INT,
        "language": _TEXT, "type": _TEXT,
        "authorships": pa.list_(_AUTHORSHIP), "authors_count": _INT, "corresponding_author_ids": _TEXTS,
        "corresponding_institution_ids": _TEXTS, "primary_topic": _TOPIC, "topics": pa.list_(_TOPIC),
        "keywords": pa.list_(_SCORED),
        "concepts": pa.list_(_struct("id wikidata display_name", level=_INT, score=_DOUBLE)),
        "locations": pa.list_(_LOCATION), "locations_count": _INT, "primary_location": _LOCATION,
        "best_oa_location": _LOCATION, "sustainable_development_goals": pa.list_(_SCORED),
        "awards": pa.list_(_struct("id display_name funder_award_id funder_id funder_display_name")),
        "funders": pa.list_(_struct("id display_name ror")), "institutions": pa.list_(_INSTITUTION),
        "countries_distinct_count": _INT, "institutions_distinct_count": _INT,
        "open_access": _struct("oa_status oa_url", is_oa=_FLAG, any_repository_has_fulltext=_FLAG),
        "is_paratext": _FLAG, "is_retracted": _FLAG, "is_xpac": _FLAG,
        "biblio": _struct("volume issue first_page last_page"), "referenced_works": _TEXTS,
        "referenced_works_count": _INT, "related_works": _TEXTS, "abstract_inverted_index": _TEXT,
        "cited_by_count": _INT, "counts_by_year": _COUNTS,
        "apc_list": _struct("currency", value=_INT, value_usd=_INT),
        "apc_paid": _struct("currency", value=_DOUBLE, value_usd=_DOUBLE), "fwci": _DOUBLE,
        "citation_normalized_percentile": _struct(
            value=_DOUBLE, is_in_top_1_percent=_FLAG, is_in_top_10_percent=_FLAG
        ),
        "cited_by_percentile_year": _struct(min=_INT, max=_INT),
        "mesh": pa.list_(
            _struct("descriptor_ui descriptor_name qualifier_ui qualifier_name", is_major_topic=_FLAG)
        ),
        "has_content": _struct(pdf=_FLAG, grobid_xml=_FLAG), "has_fulltext": _FLAG, **_STAMPS,
    },
    "authors": {
        "id": _TEXT, "display_name": _TEXT, "display_name_alternatives": _TEXTS, "raw_author_names": _TEXTS,
        "full_name": _TEXT, "orcid": _TEXT, "works_count": _INT, "cited_by_count": _INT,
        "summary_stats": pa.struct(
            [("2yr_mean_citedness", _DOUBLE), ("h_index", _INT), ("i10_index", _INT)]
        ),
        "ids": _struct("openalex"), "last_known_institutions": pa.list_(_INSTITUTION),
        "counts_by_year": _COUNTS, "works_api_url": _TEXT, **_STAMPS,
    },
    "institutions": {
        **_columns(_INSTITUTION), "homepage_url": _TEXT, "works_count": _INT,
        "cited_by_count": _INT, "display_name_alternatives": _TEXTS,
        "geo": _struct("city country country_code"), **_STAMPS,
    },
    "sources": {
        **_columns(_SOURCE), "abbreviated_title": _TEXT, "alternate_titles": _TEXTS,
        "works_count": _INT, "country_code": _TEXT, **_STAMPS,
    },
    "concepts": {
        "id": _TEXT, "display_name": _TEXT, "level": _INT, "ids": _struct("openalex", mag=_LONG),
        "wikidata": _TEXT, "works_count": _INT, **_STAMPS,
    },
    "topics": {
        "id": _TEXT, "display_name": _TEXT, "subfield": _NAMED, "field": _NAMED, "domain": _NAMED,
        "description": _TEXT, "keywords": _TEXTS, "works_count": _INT, **_STAMPS,
    },
}  # fmt: skip


class ParquetRecords:
    """A Parquet file of records that arrive as JSON texts; a dirty one has a column nobody knows."""

    def __init__(self, path: Path, *, entity: str, dirty: bool) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._entity = entity
        columns = dict(SCHEMAS[entity])
        if dirty and entity == "works":
            columns["novelty_signals"] = _struct("model", value=_DOUBLE)
        self._schema = pa.schema(list(columns.items()))
        self._path = path
        self._writer: pq.ParquetWriter | None = None
        self._held: list[bytes] = []

    def write(self, record: bytes) -> None:
        """Add one record."""
        self._held.append(record)
        if len(self._held) == _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        data = b"\n".join(self._held) + b"\n"
        self._held.clear()
        table = pj.read_json(
            io.BytesIO(data),
            read_options=pj.ReadOptions(use_threads=False, block_size=len(data) + 1),
            parse_options=pj.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="ignore"),
        )
        table = _as_published(table, self._entity)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="snappy")
        self._writer.write_table(table)

    def close(self) -> None:
        """Finish the file."""
        if self._held or self._writer is None:
            self._flush()
        assert self._writer is not None
        self._writer.close()


def _as_published(table: pa.Table, entity: str) -> pa.Table:
    """`ids` of works as a map, dates as dates: what the JSON reader cannot give."""
    if entity != "works":
        return table
    ids: Any = table["ids"].combine_chunks()
    values = pa.concat_arrays([ids.field("openalex"), ids.field("mag")])
    n = len(ids)
    order = pa.array([i + part * n for i in range(n) for part in (0, 1)])
    keys = pa.array(["openalex", "mag"] * n)
    starts = pa.array(range(0, 2 * n + 1, 2), type=pa.int32())
    map_from: Any = pa.MapArray.from_arrays  # the stubs know 64-bit starts only, the library 32-bit ones
    maps = map_from(starts, keys, values.take(order))
    table = table.set_column(table.schema.get_field_index("ids"), "ids", maps)
    dates = table["publication_date"].cast(pa.date32())
    return table.set_column(table.schema.get_field_index("publication_date"), "publication_date", dates)
