"""Whole MAG dumps: simulated ones against their truth, a real one against an independent reading."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from ingest.mag_dump import ingested
from scholarflow.engine import Engine
from scholarflow.simulate import simulate

TABLES = ("works", "authorships", "citations", "work_fields", "institutions", "sources", "fields", "authors")
REASONS = {
    "no_id": "no PaperId",
    "no_year": "Year is no year",
    "bad_columns": "% columns where %",
}
REAL = Path(__file__).parents[3] / "shared/data/cs-venues-mag"


@pytest.fixture
def sql() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def delta(root: Path, table: str) -> pa.Table:
    return DeltaTable(root / table).to_pyarrow_table()


def assert_same_rows(sql: duckdb.DuckDBPyConnection, found: pa.Table, expected: pa.Table, table: str) -> None:
    sql.register("found", found.select(expected.column_names))
    sql.register("expected", expected)
    assert found.num_rows == expected.num_rows, table
    for one, other in (("found", "expected"), ("expected", "found")):
        rows = sql.execute(f"SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other} ORDER BY ALL LIMIT 3").fetchall()
        assert not rows, f"{table}: only in {one}: {rows}"


def compare_with_truth(sql: duckdb.DuckDBPyConnection, dump: Path, root: Path) -> None:
    for table in TABLES:
        expected = pq.read_table(dump / f"truth/{table}.parquet")
        assert expected.num_rows, table
        assert_same_rows(sql, delta(root, table), expected, table)
    refused = pq.read_table(dump / "truth/rejects.parquet").to_pylist()
    found = delta(root, "rejects").to_pylist()
    assert len(found) == len(refused)
    for path, reason in {(row["source_path"], row["reason"]) for row in refused}:
        sql.register("rejects", delta(root, "rejects"))
        counted = sql.execute(
            "SELECT count(*) FROM rejects WHERE source_path = ? AND reason LIKE ?", [path, REASONS[reason]]
        ).fetchall()
        assert counted == [(sum(row["source_path"] == path and row["reason"] == reason for row in refused),)]
    compare_counts(dump, root)


def compare_counts(dump: Path, root: Path) -> None:
    """The truth counts repeated rows of the tables beside Papers as kept."""
    truth = {row["source_path"]: row for row in pq.read_table(dump / "truth/ingest_counts.parquet").to_pylist()}
    found = {row["source_path"]: row for row in delta(root, "ingest_counts").to_pylist()}
    assert found.keys() == truth.keys()
    for path, row in truth.items():
        assert found[path]["entity"] == row["entity"]
        for name in ("n_read", "n_rejected", "n_dropped"):
            assert found[path][name] == row[name], (path, name)
        assert found[path]["n_kept"] + found[path]["n_superseded"] == row["n_kept"] + row["n_superseded"], path
        assert found[path]["dropped_document_type"] == row["dropped_patent"] + row["dropped_dataset"]
        if row["entity"] != "PaperAuthorAffiliations" and row["entity"] != "PaperReferences":
            assert found[path]["n_superseded"] == row["n_superseded"], path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("works", "seed", "kind"),
    [
        (3_000, 5, {}),
        (3_000, 6, {"dirty": True}),
        (3_000, 7, {"dirty": True, "compress": True, "release": 2}),
        (20_000, 8, {"dirty": True}),
    ],
)
def test_an_ingest_finds_the_truth(
    sail: Engine, sql: duckdb.DuckDBPyConnection, tmp_path: Path, works: int, seed: int, kind: dict[str, Any]
) -> None:
    simulate(tmp_path / "dump", works=works, seed=seed, format="mag", **kind)
    ingested(sail, tmp_path / "dump", tmp_path / "root")
    compare_with_truth(sql, tmp_path / "dump", tmp_path / "root")


def view(sql: duckdb.DuckDBPyConnection, name: str, file: str, **columns: str) -> None:
    """A view of some columns of a real file, read and split in plain Python and cast by DuckDB."""
    places = {column: int(place.split()[0]) - 1 for column, place in columns.items()}
    cells: dict[str, list[str | None]] = {column: [] for column in columns}
    with gzip.open(REAL / file, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            row = line.rstrip("\r\n").split("\t")
            for column, place in places.items():
                cells[column].append(row[place] or None)
    sql.register(f"{name}_text", pa.table({column: pa.array(texts, pa.string()) for column, texts in cells.items()}))
    casts = ", ".join(f"{column}::{kind.split()[1]} AS {column}" for column, kind in columns.items())
    sql.execute(f"CREATE VIEW {name} AS SELECT {casts} FROM {name}_text")


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason=f"the real papers of {REAL.name} are not on this machine")
def test_real_papers_are_what_an_independent_reading_finds(
    sail: Engine, sql: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    ingested(sail, REAL, tmp_path / "root")
    view(
        sql, "papers", "mag/Papers.txt.gz", work_id="1 BIGINT", work_type="4 VARCHAR", normalized="5 VARCHAR",
        title="6 VARCHAR", pub_year="8 INT", pub_date="9 DATE", journal="12 BIGINT", series="13 BIGINT",
    )  # fmt: skip
    view(
        sql, "signed", "mag/PaperAuthorAffiliations.txt.gz", work_id="1 BIGINT", author_id="2 BIGINT",
        institution_id="3 BIGINT", author_position="4 INT",
    )  # fmt: skip
    view(sql, "places", "mag/Affiliations.txt.gz", institution_id="1 BIGINT", country_code="11 VARCHAR")
    view(sql, "classified", "advanced/PaperFieldsOfStudy.txt.gz", work_id="1 BIGINT", field_id="2 BIGINT")
    works = sql.sql(
        """SELECT work_id, pub_year, pub_date, coalesce(title, normalized) AS title, work_type,
                  coalesce(journal, series) AS source_id, coalesce(n_authors, 0) AS n_authors
           FROM papers LEFT JOIN (SELECT work_id, count(DISTINCT (author_position, author_id)) AS n_authors
                                  FROM signed GROUP BY work_id) USING (work_id)"""
    ).to_arrow_table()
    assert works.num_rows == 324_566
    assert_same_rows(sql, delta(tmp_path / "root", "works"), works, "works")
    authorships = sql.sql(
        """SELECT DISTINCT work_id, author_position, author_id, institution_id, country_code, pub_year,
                  author_position = 1 AS is_first,
                  author_position = max(author_position) OVER (PARTITION BY work_id) AS is_last
           FROM signed JOIN papers USING (work_id) LEFT JOIN places USING (institution_id)"""
    ).to_arrow_table()
    assert_same_rows(sql, delta(tmp_path / "root", "authorships"), authorships, "authorships")
    fields = sql.sql("SELECT DISTINCT work_id, 'concept' AS scheme, field_id FROM classified").to_arrow_table()
    assert_same_rows(sql, delta(tmp_path / "root", "work_fields"), fields, "work_fields")
