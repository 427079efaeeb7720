"""The store: what it refuses, what a reader without the project sees, and what a killed run leaves behind."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

import duckdb
import pytest
from deltalake import DeltaTable
from pyspark.sql import DataFrame

from scholarflow.engine import Engine, Provenance, Store
from scholarflow.errors import BusyError, CheckError
from scholarflow.tables.canonical import WORKS
from scholarflow.tables.declaration import BIGINT, BIGINTS, BOOLEAN, STRING, Table, optional, required
from scholarflow.tables.results import COUNTRY_YEARS

CITIES = Table(
    "cities",
    "Cities by country.",
    grain=("country_code", "city"),
    columns=(
        required("city", STRING, "name"),
        optional("country_code", STRING, "ISO code; null: unknown"),
        required("population", BIGINT, "people"),
        required("postcodes", BIGINTS, "ascending; empty: none"),
        optional("is_capital", BOOLEAN, "of its country"),
    ),
    checks={"population_not_negative": "population >= 0"},
)
ROWS = [("Wien", "AT", 2, [1010], True), ("Atlantis", None, 0, [], None)]
MADE_FROM = Provenance(code="1+abc", parameters={"year": 2010}, inputs={"works": 3}, snapshot="s1", source="openalex")


def rows(engine: Engine, *extra: tuple[Any, ...], start: list[tuple[Any, ...]] = ROWS) -> DataFrame:
    types = "city string, country_code string, population bigint, postcodes array<bigint>, is_capital boolean"
    return engine.spark.createDataFrame([*start, *extra], types)


@pytest.fixture
def store(sail: Engine, tmp_path: Path) -> Store:
    return Store(tmp_path / "root", sail, study="s")


@pytest.fixture
def written(store: Store, sail: Engine) -> Iterator[Store]:
    """A store with the table, which after the test must still hold what it held."""
    before = store.write(CITIES, rows(sail), MADE_FROM)
    yield store
    assert store.provenance(CITIES) == before
    assert content(store) == sorted(ROWS, key=str)


def content(store: Store, table: Table = CITIES) -> list[tuple[Any, ...]]:
    found = DeltaTable(store.path(table)).to_pyarrow_table().to_pylist()
    return sorted((tuple(row.values()) for row in found), key=str)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((None, "AT", 1, [1], True), "column city: 1 nulls"),
        (("Linz", "AT", None, [1], True), "column population: 1 nulls"),
        (("Linz", "AT", 1, None, True), "postcodes_not_null.*'Linz'"),
        (("Linz", "AT", -5, [1], True), "population_not_negative .population >= 0. fails in 1 rows.*'Linz'"),
        (("Wien", "AT", 7, [], False), "key repeated 2 times.*'AT'.*'Wien'"),
        (("Atlantis", None, 7, [], False), "key repeated 2 times.*None.*'Atlantis'"),
    ],
    ids=["null", "null number", "null array", "check", "key", "key with a null"],
)
def test_a_broken_declaration_is_refused(written: Store, sail: Engine, row: tuple[Any, ...], message: str) -> None:
    with pytest.raises(CheckError, match=f"table cities: .*{message}"):
        written.write(CITIES, rows(sail, row), replace(MADE_FROM, snapshot="s2"))


def test_a_null_result_fails_a_check(store: Store, sail: Engine) -> None:
    table = replace(CITIES, checks={"capitals": "is_capital"})
    with pytest.raises(CheckError, match=r"capitals .* fails in 1 rows.*'Atlantis'"):
        store.write(table, rows(sail), MADE_FROM)
    assert store.provenance(table) is None


def test_every_difference_of_the_schema_is_reported(written: Store, sail: Engine) -> None:
    other = rows(sail).selectExpr(
        "city", "cast(population AS int) AS population", "is_capital", "1 AS mayor", "postcodes"
    )
    with pytest.raises(CheckError) as refused:
        written.write(CITIES, other, MADE_FROM)
    assert str(refused.value) == (
        "table cities: column country_code is missing; column mayor is not declared; "
        "column population is int, declared bigint"
    )
    with pytest.raises(CheckError, match="columns are in the order"):
        written.write(CITIES, rows(sail).select(*reversed(CITIES.column_names)), MADE_FROM)


def test_a_table_is_replaced_whole_in_one_commit(store: Store, sail: Engine) -> None:
    first = store.write(CITIES, rows(sail), MADE_FROM)
    second = store.write(CITIES, rows(sail, ("Linz", "AT", 1, [4020], False)), MADE_FROM)
    assert second.version == first.version + 1
    assert len(content(store)) == 3
    third = store.write(CITIES, rows(sail).limit(0), MADE_FROM)
    assert (third.n_rows, content(store)) == (0, [])
    assert store.read(CITIES).count() == 0


@pytest.mark.spark
def test_spark_refuses_and_writes_as_sail_does(spark: Engine, tmp_path: Path) -> None:
    store = Store(tmp_path / "root", spark, study="s")
    made = store.write(CITIES, rows(spark), MADE_FROM)
    assert content(store) == sorted(ROWS, key=str)
    for row, message in ((ROWS[0], "key repeated"), (("Linz", "AT", -5, [], True), "population_not_negative")):
        with pytest.raises(CheckError, match=message):
            store.write(CITIES, rows(spark, row), MADE_FROM)
    assert store.provenance(CITIES) == made
    assert sorted((tuple(row) for row in store.read(CITIES).collect()), key=str) == sorted(ROWS, key=str)


@pytest.mark.spark
def test_spark_reads_what_sail_wrote(finished_root: Path, spark: Engine) -> None:
    store = Store(finished_root, spark, study="ai-us-cn")
    for table in (WORKS, COUNTRY_YEARS):
        made = store.provenance(table)
        assert made is not None
        assert made.engine == "sail"
        assert store.read(table).count() == made.n_rows > 0


def test_what_a_table_was_made_from_stands_in_its_commit(store: Store, sail: Engine) -> None:
    assert store.provenance(CITIES) is None
    made = store.write(CITIES, rows(sail), MADE_FROM, lambda staged: {"n_staged": staged.count()})
    checks = dict(CITIES.checks)
    assert made.mark
    by_the_store = {"version": made.version, "table_id": made.table_id, "mark": made.mark}
    assert made == replace(MADE_FROM, counts={"n_staged": 2}, checks=checks, n_rows=2, **by_the_store)
    assert Store(store.root).provenance(CITIES) == made, "without an engine too"
    (commit,) = (c for c in DeltaTable(store.path(CITIES)).history() if "scholarflow" in c)
    assert json.loads(commit["scholarflow"])["inputs"] == {"works": 3}


def test_the_manifest_can_still_refuse_the_commit(written: Store, sail: Engine) -> None:
    def refuse(_: DataFrame) -> dict[str, Any]:
        raise CheckError("an input changed")

    with pytest.raises(CheckError, match="an input changed"):
        written.write(CITIES, rows(sail).limit(1), MADE_FROM, refuse)


def test_declarations_are_readable_with_plain_deltalake(store: Store, sail: Engine) -> None:
    store.write(CITIES, rows(sail), MADE_FROM)
    delta = DeltaTable(store.path(CITIES))
    assert delta.metadata().name == "cities"
    assert delta.metadata().description == "Cities by country."
    fields = {field.name: field for field in delta.schema().fields}
    assert {name: field.metadata["comment"] for name, field in fields.items()}["population"] == "people"
    assert {name for name, field in fields.items() if not field.nullable} == {"city", "population", "postcodes"}
    assert delta.metadata().configuration == {"delta.constraints.population_not_negative": "population >= 0"}
    assert delta.protocol().min_reader_version == 1, "readable without any table feature"


def test_duckdb_reads_a_table_through_arrow(store: Store, sail: Engine) -> None:
    store.write(CITIES, rows(sail), MADE_FROM)
    cities = DeltaTable(store.path(CITIES)).to_pyarrow_table()
    assert cities.num_rows == 2
    with duckdb.connect() as connection:
        connection.register("cities", cities)
        known = connection.execute("SELECT sum(population) FROM cities WHERE country_code IS NOT NULL")
        assert known.fetchall() == [(2,)]


@pytest.mark.parametrize(
    "changed",
    [
        {"comment": "Cities."},
        {"checks": {"another": "population < 100"}},
        {"checks": {"population_not_negative": "population >= -1"}},
        {"checks": {}},
        {"columns": (replace(CITIES.columns[0], comment="name of the city"), *CITIES.columns[1:])},
        {"columns": (*CITIES.columns[:4], replace(CITIES.columns[4], nullable=False))},
    ],
    ids=["comment", "check", "check changed", "no check", "column comment", "nullability"],
)
def test_a_changed_declaration_makes_the_table_anew(store: Store, sail: Engine, changed: dict[str, Any]) -> None:
    first = store.write(CITIES, rows(sail), MADE_FROM)
    table = replace(CITIES, **changed)
    assert store.matches_declaration(CITIES)
    assert not store.matches_declaration(table)
    again = store.write(table, rows(sail, start=[("Wien", "AT", 2, [1010], True)]), MADE_FROM)
    assert store.matches_declaration(table)
    assert again.version > first.version
    assert content(store) == [("Wien", "AT", 2, [1010], True)]
    assert store.provenance(table) == again


def test_another_column_makes_the_table_anew(store: Store, sail: Engine) -> None:
    store.write(CITIES, rows(sail), MADE_FROM)
    table = replace(CITIES, columns=(*CITIES.columns, optional("mayor", STRING, "name; null: unknown")))
    store.write(table, rows(sail).selectExpr("*", "cast(null AS string) AS mayor"), MADE_FROM)
    assert DeltaTable(store.path(table)).to_pyarrow_table().column("mayor").null_count == 2


def test_a_table_without_the_projects_commit_counts_as_missing(store: Store, sail: Engine) -> None:
    store._create_empty(CITIES)  # what a kill leaves before the first commit
    assert DeltaTable(store.path(CITIES)).version() >= 0
    assert store.provenance(CITIES) is None
    assert store.write(CITIES, rows(sail), MADE_FROM).n_rows == 2


def test_what_a_killed_run_staged_is_never_read_and_removed(store: Store, sail: Engine) -> None:
    made = store.write(CITIES, rows(sail), MADE_FROM)
    left = store.path(CITIES) / f"v{made.version + 1:06d}"
    rows(sail, ("Linz", "AT", 1, [4020], False)).write.parquet(str(left))
    (left / "unfinished.parquet").write_bytes(b"PAR1 and no more")
    assert content(store) == sorted(ROWS, key=str)
    assert store.write(CITIES, rows(sail), MADE_FROM).n_rows == 2
    assert content(store) == sorted(ROWS, key=str)
    assert not (left / "unfinished.parquet").exists()


def test_tables_of_a_study_lie_under_its_name(store: Store) -> None:
    assert store.path(CITIES) == store.root / "cities"
    assert store.path(replace(CITIES, by_study=True)) == store.root / "studies/s/cities"


def test_one_run_at_a_time(store: Store) -> None:
    with store.locked(), pytest.raises(BusyError, match="another run"), Store(store.root).locked():
        pass
    with store.locked(), Store(store.root.parent / "other").locked():
        pass
    with store.locked():
        pass


def test_what_was_begun_under_a_lock_is_not_committed_after_it(written: Store, sail: Engine) -> None:
    verified, is_over = Event(), Event()

    def manifest(_: DataFrame) -> dict[str, Any]:
        verified.set()
        assert is_over.wait(60)
        return {}

    with ThreadPoolExecutor(1) as pool:
        with written.locked():
            late = pool.submit(written.write, CITIES, rows(sail).limit(1), MADE_FROM, manifest)
            assert verified.wait(60)
        is_over.set()
        with pytest.raises(BusyError, match="table cities: not committed, as its run gave the root back"):
            late.result()


def test_tables_are_read_side_by_side_from_a_root_of_an_odd_name(
    sail: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(TemporaryDirectory[str]):
        def __init__(self, **named: Any) -> None:
            super().__init__(**named)
            time.sleep(0.2)  # long enough for another thread to begin a link of its own

    Store(tmp_path / "a root", sail, study="s").write(CITIES, rows(sail), MADE_FROM)
    monkeypatch.setattr("scholarflow.engine.store.TemporaryDirectory", Slow)
    store = Store(tmp_path / "a root", sail, study="s")
    with ThreadPoolExecutor(4) as pool:
        tables = list(pool.map(store.read, [CITIES] * 4))
    assert [table.count() for table in tables] == [len(ROWS)] * 4
