"""Roots to be harmed: copies of a finished one, and what must hold of them afterwards."""

import json
import shutil
from pathlib import Path

from frames import config_of
from scholarflow.engine import Engine, Store
from scholarflow.tables import LAYERS, ON_REQUEST, Table
from stored_tables import assert_equal, stored

TABLES = [table for layer in LAYERS.values() for table in layer] + list(ON_REQUEST.values())


def opened(root: Path, engine: Engine | None = None) -> Store:
    return Store(root, engine, study=config_of().study.name)


def copied(root: Path, to: Path) -> Store:
    """A copy of a root, which no other holds."""
    shutil.copytree(root, to, ignore=shutil.ignore_patterns(".lock"))
    return opened(to)


def without(store: Store, table: Table) -> Store:
    """The root without a table."""
    shutil.rmtree(store.path(table))
    return store


def assert_good(store: Store, reference: Store, *, worked_on: set[str]) -> None:
    """Each table is as the reference has it: to the file, but for those that were worked on, which have its rows or
    are missing.
    """
    for table in TABLES:
        made = store.provenance(table)
        if table.name not in worked_on:
            assert _log(store, table) == _log(reference, table), f"{table.name} was changed"
        elif made is not None:
            assert made.n_rows == stored(store, table).num_rows
            assert_same(store, reference, table)


def assert_same(store: Store, reference: Store, table: Table) -> None:
    """A table has the rows that the reference has."""
    assert_equal(stored(store, table), stored(reference, table), table.column_names, table.name)


def assert_same_csv(store: Store, reference: Store) -> None:
    """All CSV files are there, each as the reference has it, and none unfinished."""
    one, other = ({path.name: path for path in (s.study_path / "csv").iterdir()} for s in (store, reference))
    assert one.keys() == other.keys()
    for name in one:
        if name.endswith(".csv"):
            assert one[name].read_bytes() == other[name].read_bytes(), name


def assert_nothing_left(store: Store, table: Table) -> None:
    """All files in a table's folder are of some version of it, or its log's own."""
    folder = store.path(table)
    named: set[str] = set()
    for commit in (folder / "_delta_log").glob("*.json"):
        for line in commit.read_text().splitlines():
            if "add" in (action := json.loads(line)):
                named.add(action["add"]["path"])
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    extra = {name for name in found if not _is_log(name)} - named - {name for name in found if _is_mark(name)}
    assert not extra, f"{table.name}: no version has {sorted(extra)[:5]}"
    assert not {path.name for path in folder.rglob("_delta_log/*") if path.suffix != ".json"}


def _is_log(name: str) -> bool:
    return name.startswith("_delta_log/")


def _is_mark(name: str) -> bool:
    """Files that engines leave beside those they write."""
    return Path(name).name == "_SUCCESS" or name.endswith(".crc")


def _log(store: Store, table: Table) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in (store.path(table) / "_delta_log").glob("*")}
