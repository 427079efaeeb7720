"""What the report reads: result tables as rows in the order of their key, and what the study asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow.compute as pc

from scholarflow.countries import COUNTRIES
from scholarflow.engine import Provenance, Store
from scholarflow.errors import InputError
from scholarflow.foreign_text import printable
from scholarflow.show import require_made
from scholarflow.tables import LAYERS, PUBLIC

Row = Mapping[str, Any]
#: From a country to another: of movers their origin and destination, of works their lead and partner.
Direction = tuple[str, str]

#: Characters; the longest name of a field in OpenAlex and MAG has some hundred.
_LONGEST_NAME = 200
_SOURCES = {"openalex": "OpenAlex", "mag": "Microsoft Academic Graph"}


@dataclass(frozen=True)
class Study:
    """What was asked, as recorded with the tables when they were made."""

    name: str
    source: str
    snapshot: str
    n_works: int
    n_field_works: int
    scheme: str
    fields: tuple[str, ...]
    first_year: int
    last_year: int
    last_full_year: int
    pairs: tuple[Direction, ...]

    @property
    def period(self) -> str:
        return f"{self.first_year}–{self.last_year}"

    @property
    def directions(self) -> list[Direction]:
        """Both directions of each pair."""
        return list(dict.fromkeys(way for a, b in self.pairs for way in ((a, b), (b, a))))

    @property
    def countries(self) -> list[str]:
        """The countries of the pairs."""
        return list(dict.fromkeys(code for pair in self.pairs for code in pair))


class Results:
    """The tables of one study; a table that is missing has no rows."""

    def __init__(self, tables: Mapping[str, Iterable[Row]], *, missing: Iterable[str] = ()) -> None:
        self._tables = {
            name: sorted(rows, key=lambda row: tuple(map(_in_order, (row.get(key) for key in PUBLIC[name].grain))))
            for name, rows in tables.items()
        }
        self.missing = frozenset(missing)

    def __getitem__(self, table: str) -> list[Row]:
        return self._tables.get(table, [])

    @cached_property
    def has_citations(self) -> bool:
        """Whether any work is known to be cited within the window."""
        return any(row["total_c2"] for row in self["country_totals"])

    @cached_property
    def no_citations(self) -> str:
        """Why there are no citations, in a sentence."""
        known = self["coverage_years"]
        if not known or any(row["share_references"] for row in known):
            return "No work of the study is cited within two years by a work of the snapshot."
        return "The snapshot holds no reference lists, so that no work is known to be cited."

    def why_none(self, table: str, otherwise: str) -> str:
        """Why there is nothing to draw from a table, in a sentence; `otherwise`: the reason where it has rows."""
        if table in self.missing:
            return f"Table {table} is missing; `scholarflow run` makes it."
        return otherwise


def _in_order(value: Any) -> tuple[bool, Any]:
    return value is not None, value if value is not None else 0


def read_results(store: Store) -> Results:
    """Every result table of the study.

    Errors: InputError where none has been made, or one is outdated.
    """
    made = [table for table in LAYERS["results"] if store.provenance(table) and require_made(store, table)]
    if not made:
        raise InputError(f"{store.study_path}: no results here; `scholarflow run` makes them")
    tables = {table.name: store.dataset(table).to_table(table.column_names).to_pylist() for table in made}
    return Results(tables, missing={table.name for table in LAYERS["results"]} - tables.keys())


def versions(store: Store) -> list[tuple[str, int, int]]:
    """Name, version and number of rows of each result table there is."""
    made = ((table.name, store.provenance(table)) for table in LAYERS["results"])
    return [(name, found.version, found.n_rows) for name, found in made if found]


def read_study(store: Store, works: Provenance, results: Results) -> Study:
    """The parameters that the study's tables were made with."""
    field_works = store.provenance(PUBLIC["field_works"])
    recorded: dict[str, Any] = {}
    # field_works comes first: other tables have a scheme of their own.
    for table in LAYERS["derived"] + LAYERS["results"]:
        recorded = (found.parameters if (found := store.provenance(table)) else {}) | recorded
    ids = recorded.get("fields", [])
    return Study(
        name=store.study,
        source=_SOURCES.get(works.source, works.source),
        snapshot=works.snapshot,
        n_works=works.n_rows,
        n_field_works=sum(row["n_field_works"] for row in results["coverage_years"])
        or (field_works.n_rows if field_works else 0),
        scheme=recorded.get("scheme", ""),
        fields=tuple(field_names(store, recorded.get("scheme", ""), ids).values()),
        first_year=recorded.get("first_year", 0),
        last_year=recorded.get("last_year", 0),
        last_full_year=recorded.get("last_full_year", 0),
        pairs=tuple((a, b) for a, b in recorded.get("pairs", [])),
    )


def field_names(store: Store, scheme: str, ids: Iterable[int]) -> dict[int, str]:
    """Names of fields by id; the id itself where the snapshot does not name it."""
    ids = list(ids)
    named: dict[int, str] = {}
    if store.provenance(PUBLIC["fields"]):
        of_scheme = (pc.field("scheme") == scheme) & pc.field("field_id").isin(ids)
        found = store.dataset(PUBLIC["fields"]).to_table(["field_id", "name"], of_scheme)
        named = {row["field_id"]: _label(row["name"]) for row in found.to_pylist() if row["name"]}
    return {id_: named.get(id_, str(id_)) for id_ in ids}


def _label(name: str) -> str:
    return printable(name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…")


def country(code: str) -> str:
    """Short English name; the code itself for a group of countries."""
    return str(COUNTRIES.get(code, code))


def the(code: str) -> str:
    """The name within a sentence, as in `the United States`."""
    name = country(code)
    return (
        f"the {name}" if name.startswith(("United ", "Netherlands", "Philippines", "Czech R", "Dominican R")) else name
    )
