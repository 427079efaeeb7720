"""The same tables in DuckDB alone, from the same snapshot: what an analyst on one machine would run instead.

    python bench/duckdb_baseline.py ingest --input SNAPSHOT --out DIR
    python bench/duckdb_baseline.py derive --out DIR

An independent program: plain SQL, a file per table in `bench/sql/`, nothing of the package. It reads OpenAlex in its
layout since 2026 (JSON lines), writes each table as DIR/<table>.parquet with the columns of the contract, and prints
one JSON object per line on standard error when a table is begun and done.
"""

import argparse
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from babel import Locale
from stage_lines import stage

SQL = Path(__file__).parent / "sql"
BASE_CONFIG = Path(__file__).parents[1] / "conf" / "base.toml"

#: Tables made of parsed_works, then those read from part files of their own.
OF_WORKS = ("works", "authorships", "citations", "work_fields")
ENTITIES = ("institutions", "sources", "authors")
CANONICAL = (*OF_WORKS, *ENTITIES, "fields")
#: Each after the tables it is made from.
DERIVED = (
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
    "kinds_of_works",
)


def main() -> None:
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with connected(arguments.out, arguments.memory_limit) as connection:
        if arguments.command == "ingest":
            ingest(connection, arguments.input, arguments.out)
        else:
            derive(connection, arguments.out, tomllib.loads(arguments.config.read_text(encoding="utf-8")))


def ingest(connection: duckdb.DuckDBPyConnection, snapshot: Path, out: Path) -> None:
    """The canonical tables: part files of works are read once, into numbers and lists, which the flat tables unfold."""
    base = snapshot / "data" / "jsonl"
    with stage("read works") as facts:
        _set(connection, files=_part_files(base, "works"))
        connection.execute(f"CREATE TEMP TABLE parsed_works AS {_sql('parsed_works')}")
        facts["rows"] = _drop_works(connection, base)
    for table in OF_WORKS:
        write(connection, table, out)
    connection.execute("DROP TABLE parsed_works")
    for table in ENTITIES:
        _set(connection, files=_part_files(base, table))
        write(connection, table, out)
    _set(connection, concept_files=_part_files(base, "concepts"), topic_files=_part_files(base, "topics"))
    write(connection, "fields", out)


def _drop_works(connection: duckdb.DuckDBPyConnection, base: Path) -> int:
    """Leaves the newest record of each work that is neither deleted, paratext nor xpac; gives how many there are."""
    connection.execute(f"DELETE FROM parsed_works WHERE rowid IN ({_sql('superseded_works')})")
    connection.execute("DELETE FROM parsed_works WHERE is_paratext OR is_xpac")
    if deleted := [path.as_posix() for path in base.glob("works/deleted_ids.csv*")]:
        _set(connection, files=deleted)
        connection.execute(f"DELETE FROM parsed_works WHERE work_id IN ({_sql('deleted_works')})")
    return int(connection.sql("SELECT count(*) FROM parsed_works").fetchall()[0][0])


def derive(connection: duckdb.DuckDBPyConnection, out: Path, config: Mapping[str, Any]) -> None:
    """The tables of a study, from the canonical ones; each is read back from its file by those made of it."""
    study = config["study"]
    _set(
        connection,
        scheme=study["scheme"],
        fields=study["fields"],
        min_score=study["min_score"]["openalex"],
        first_year=study["first_year"],
        last_year=study["last_year"],
        pairs=study["pairs"],
        last_full_year=config["snapshot"]["last_full_year"],
        min_works=config["scientists"]["min_works"],
        min_field_share=config["scientists"]["min_field_share"],
        max_team=config["collaboration"]["max_team"],
        top_n=config["top_institutions"]["n"],
    )
    names = Locale("en").territories
    connection.execute("CREATE TEMP TABLE countries (country_code VARCHAR, country_name VARCHAR)")
    connection.executemany("INSERT INTO countries VALUES (?, ?)", [[c, n] for c, n in names.items() if len(c) == 2])
    for table in CANONICAL:
        connection.execute(f"CREATE TEMP VIEW {table} AS FROM '{out / table}.parquet'")
    for table in DERIVED:
        write(connection, table, out)
        connection.execute(f"CREATE TEMP VIEW {table} AS FROM '{out / table}.parquet'")


def write(connection: duckdb.DuckDBPyConnection, table: str, out: Path) -> None:
    """The rows of `<table>.sql` as `<table>.parquet`."""
    with stage(table) as facts:
        target = (out / f"{table}.parquet").as_posix()
        copied = connection.execute(f"COPY ({_sql(table)}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
        facts["rows"] = copied.fetchall()[0][0]


@contextmanager
def connected(out: Path, memory_limit: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """All cores, rows in any order; what exceeds memory goes to a folder beside the tables."""
    config: dict[str, Any] = {"preserve_insertion_order": False, "temp_directory": str(out / ".spill")}
    if memory_limit:
        config["memory_limit"] = memory_limit
    with duckdb.connect(config=config) as connection:
        yield connection


def _part_files(base: Path, entity: str) -> list[str]:
    paths = sorted(path.as_posix() for path in base.glob(f"{entity}/updated_date=*/part_*.gz"))
    if not paths:
        raise SystemExit(f"{base / entity}: no part files")
    return paths


def _set(connection: duckdb.DuckDBPyConnection, **values: Any) -> None:
    for name, value in values.items():
        connection.execute(f"SET VARIABLE {name} = $value", {"value": value})


def _sql(table: str) -> str:
    return (SQL / f"{table}.sql").read_text(encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("ingest").add_argument("--input", type=Path, required=True, help="an OpenAlex snapshot")
    commands.add_parser("derive").add_argument("--config", type=Path, default=BASE_CONFIG, help="whole, as base.toml")
    for command in commands.choices.values():
        command.add_argument("--out", type=Path, required=True, help="folder of the Parquet files")
        command.add_argument("--memory-limit", help="as DuckDB writes it, 8GB; its own default is 80 %% of memory")
    return parser.parse_args()


if __name__ == "__main__":
    main()
