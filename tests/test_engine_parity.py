"""Spark and Sail make the same tables: every row, every column, doubles to the bit."""

from pathlib import Path
from typing import Any

import pytest

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

#: One of each source: what older layouts have of their own is read by parsers, before any engine has a part in it.
FORMS: dict[str, dict[str, Any]] = {
    "openalex": {"format": "openalex"},
    "mag": {"format": "mag"},
}


def made(engine: Engine, source: Any, snapshot: Path, root: Path, *, with_study: bool) -> Store:
    """The root of a snapshot, ingested and, if so wanted, run on an engine."""
    config = config_of()
    store = Store(root, engine, study=config.study.name)
    ingest(source, snapshot, store, config, Silent())
    if with_study:
        derive(store, config, Silent())
    return store


@pytest.fixture(scope="module", params=FORMS)
def on_sail(
    request: pytest.FixtureRequest, sail: Engine, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Store, bool]:
    """A dirty snapshot made on Sail, before Spark is in use; and whether the tables of a study are among those made.

    They are made of canonical ones, which do not know the form: one form is enough for them.
    """
    form = FORMS[request.param]
    with_study = request.param == "openalex"
    folder = tmp_path_factory.mktemp("parity")
    simulate(folder / "snapshot", works=2_000, seed=29, dirty=True, **form)
    return (
        form["format"],
        made(sail, form["format"], folder / "snapshot", folder / "sail", with_study=with_study),
        with_study,
    )


def test_every_public_table_is_the_same(on_sail: tuple[str, Store, bool], spark: Engine, tmp_path: Path) -> None:
    source, expected, with_study = on_sail
    found = made(spark, source, expected.root.with_name("snapshot"), tmp_path / "spark", with_study=with_study)
    for table in PUBLIC.values() if with_study else LAYERS["canonical"]:
        rows = stored(found, table)
        # tests/ancestry has this one on both engines: it is empty unless asked for.
        assert rows.num_rows or table is MOVER_ANCESTRY, f"{table.name} is empty: nothing would be compared"
        assert_equal(rows, stored(expected, table), table.column_names, table.name)
    # What one engine wrote the other takes up: nothing is stale, and nothing is made again.
    config = config_of()
    across = Store(expected.root, spark, study=config.study.name)
    assert ingest(source, expected.root.with_name("snapshot"), across, config, Silent()) == []  # type: ignore[arg-type]
    if with_study:
        assert derive(across, config, Silent()) == []
