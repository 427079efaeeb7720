"""The derived tables a second time, in DuckDB SQL: an oracle that shares no code with the package.

One file of SQL per table, `<table>.sql`, read in the order of `TABLES`; each is a single SELECT over the
canonical tables and the tables before it. Parameters are DuckDB variables, `getvariable('first_year')`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

CANONICAL = (
    "works",
    "authorships",
    "citations",
    "work_fields",
    "institutions",
    "sources",
    "fields",
    "authors",
)
TABLES = (
    "field_works",
    "led_works",
    "scientists",
    "author_country_years",
    "country_spells",
    "migrations",
    "citation_windows",
    "collaboration_edges",
    "coauthor_edges",
    "top_institutions",
    "country_years",
    "country_totals",
    "coverage_years",
    "coverage_country_years",
    "migration_flows",
    "country_balance",
    "scientist_years",
    "scientist_partner_years",
    "kinds_of_works",
    "elite_mobility",
)
SQL = Path(__file__).parent


def derive(
    canonical: Mapping[str, pa.Table],
    *,
    source: str,
    fields: Sequence[int],
    scheme: str,
    min_score: float,
    first_year: int,
    last_year: int,
    pairs: Sequence[tuple[str, str]],
    last_full_year: int = 0,
    max_team: int = 100,
    top_n: int = 100,
    as_of: int | None = None,
    min_works: int = 3,
) -> dict[str, pa.Table]:
    """Every table of `TABLES`, from the canonical tables in memory; rows in the order of the table's grain.

    Lead rule: last author, one row for each of their countries. `min_score` is the value that holds for
    `source`; the definitions are otherwise the same for both sources. Columns of `canonical` beyond the
    contract are ignored. `as_of` (null: the whole snapshot) bounds the works by which scientists qualify,
    nothing else. `last_full_year` 0 takes the newest year with at least half as many works as the largest.
    ValueError for an unknown source; KeyError for a canonical table that is missing.
    """
    if source not in ("mag", "openalex"):
        raise ValueError(f"source must be 'mag' or 'openalex', not {source!r}")
    parameters: dict[str, tuple[object, str]] = {
        "fields": (list(fields), "BIGINT[]"),
        "scheme": (scheme, "VARCHAR"),
        "min_score": (min_score, "DOUBLE"),
        "first_year": (first_year, "INTEGER"),
        "last_year": (last_year, "INTEGER"),
        "last_full_year": (last_full_year, "INTEGER"),
        "max_team": (max_team, "INTEGER"),
        "top_n": (top_n, "INTEGER"),
        "as_of": (as_of, "INTEGER"),
        "min_works": (min_works, "INTEGER"),
    }
    with duckdb.connect() as connection:
        for name, (value, sql_type) in parameters.items():
            connection.execute(f"SET VARIABLE {name} = $value::{sql_type}", {"value": value})
        connection.register("pairs", _pairs(pairs))
        for table in CANONICAL:
            connection.register(table, canonical[table])
        for table in TABLES:
            connection.execute(f"CREATE TABLE {table} AS {(SQL / f'{table}.sql').read_text(encoding='utf-8')}")
        return {table: connection.table(table).to_arrow_table() for table in TABLES}


def _pairs(pairs: Sequence[tuple[str, str]]) -> pa.Table:
    columns = pa.schema([("country_a", pa.string()), ("country_b", pa.string())])
    return pa.Table.from_pylist([{"country_a": a, "country_b": b} for a, b in pairs], schema=columns)
