"""Spark and Sail make the same tables: every row, every column, doubles to the bit."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

import oracle
from frames import config_of
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.simulate import simulate
from scholarflow.tables import LAYERS, PUBLIC
from scholarflow.tables.movers import MOVER_ANCESTRY
from stored_tables import assert_equal, stored

pytestmark = [pytest.mark.slow, pytest.mark.spark]

FORMS: dict[str, dict[str, Any]] = {
    "openalex": {"format": "openalex"},
    "openalex legacy": {"format": "openalex", "layout": "legacy"},
    "mag": {"format": "mag"},
}


def made(engine: Engine, source: Any, snapshot: Path, root: Path, only: Collection[str]) -> Store:
    """The root of a snapshot, ingested and run on an engine."""
    config = config_of()
    store = Store(root, engine, study=config.study.name)
    ingest(source, snapshot, store, config, Silent())
    derive(store, config, Silent(), only=only)
    return store


@pytest.fixture(scope="module", params=FORMS)
def on_sail(
    request: pytest.FixtureRequest, sail: Engine, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Store, Collection[str]]:
    """A dirty snapshot made on Sail, before Spark is in use; and the tables made, where not all.

    Tables of statistics are made of derived ones, which do not know the form: one form is enough for them.
    """
    form = FORMS[request.param]
    only = () if request.param == "openalex" else oracle.TABLES
    folder = tmp_path_factory.mktemp("parity")
    simulate(folder / "snapshot", works=2_000, seed=29, dirty=True, **form)
    return form["format"], made(sail, form["format"], folder / "snapshot", folder / "sail", only), only


def test_every_public_table_is_the_same(
    on_sail: tuple[str, Store, Collection[str]], spark: Engine, tmp_path: Path
) -> None:
    source, expected, only = on_sail
    found = made(spark, source, expected.root.with_name("snapshot"), tmp_path / "spark", only)
    canonical = {table.name for table in LAYERS["canonical"]}
    for table in [table for table in PUBLIC.values() if not only or table.name in {*canonical, *only}]:
        rows = stored(found, table)
        # tests/ancestry has this one on both engines: it is empty unless asked for.
        assert rows.num_rows or table is MOVER_ANCESTRY, f"{table.name} is empty: nothing would be compared"
        assert_equal(rows, stored(expected, table), table.column_names, table.name)
    # What one engine wrote the other takes up: nothing is stale, and nothing is made again.
    config = config_of()
    across = Store(expected.root, spark, study=config.study.name)
    assert ingest(source, expected.root.with_name("snapshot"), across, config, Silent()) == []  # type: ignore[arg-type]
    assert derive(across, config, Silent(), only=only) == []
