"""A study and its results as literals, for the figures."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pyspark.sql.types import StringType

from oracle.literals import rows
from scholarflow.countries import COUNTRIES
from scholarflow.report.reading import Results, Study
from scholarflow.tables import LAYERS, PUBLIC

ASKED = Study(
    name="ai-us-cn",
    source="OpenAlex",
    snapshot="0123",
    n_works=100,
    n_field_works=10,
    scheme="concept",
    fields=("Artificial intelligence",),
    first_year=2000,
    last_year=2021,
    last_full_year=2020,
    pairs=(("US", "CN"),),
)


def asked(**changes: Any) -> Study:
    return replace(ASKED, **changes)


def results(**literals: str) -> Results:
    """Results with these rows alone, the other tables missing.

    Columns that a literal leaves out are null, but for the names that stand beside codes.
    """
    tables = {name: [_whole(name, row) for row in rows(literal)] for name, literal in literals.items()}
    return Results(tables, missing={table.name for table in LAYERS["results"]} - tables.keys())


def _whole(name: str, row: dict[str, Any]) -> dict[str, Any]:
    columns = PUBLIC[name].column_names
    if unknown := row.keys() - set(columns):
        raise ValueError(f"table {name}: no columns {unknown}")
    texts = {column.name for column in PUBLIC[name].columns if isinstance(column.type, StringType)}
    whole = {column: row.get(column) for column in columns}
    whole |= {column: str(whole[column]) for column in texts if whole[column] is not None}
    for column in [column for column in columns if f"{column}_name" in columns]:
        whole[f"{column}_name"] = COUNTRIES[row[column]]
    if "country_name" in columns:
        whole["country_name"] = COUNTRIES[row["country_code"]]
    return whole


def values(spec: dict[str, Any] | None) -> list[dict[str, Any]]:
    """All values that a specification holds."""
    assert spec is not None
    return [value for dataset in spec["datasets"].values() for value in dataset]


def whole() -> dict[str, str]:
    """Literals of every table, enough that every figure is drawn, those without an interval and open years included."""
    blocks = (Path(__file__).parent / "whole.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return {name: literal for name, _, literal in (block.partition("\n") for block in blocks)}
