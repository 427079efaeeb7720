"""A kill at any moment leaves the last good version of every table, and the next run goes on from there."""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from frames import config_of
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store
from scholarflow.errors import BusyError
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.simulate import simulate
from scholarflow.tables import PUBLIC
from stored_tables import assert_equal, assert_same_tables, stored

pytestmark = pytest.mark.slow

CHILD = Path(__file__).with_name("whole_run.py")


def opened(root: Path, engine: Engine | None = None) -> Store:
    return Store(root, engine, study=config_of().study.name)


def undisturbed(engine: Engine, snapshot: Path, root: Path) -> Store:
    store = opened(root, engine)
    ingest("openalex", snapshot, store, config_of(), Silent())
    derive(store, config_of(), Silent())
    return store


def child(snapshot: Path, root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(CHILD), "openalex", str(snapshot), str(root)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def killed(snapshot: Path, root: Path, *, after: int) -> str:
    """The last line of a run that is killed as soon as it has said so many lines; empty if it ended before."""
    run = child(snapshot, root)
    assert run.stderr is not None
    for number, line in enumerate(run.stderr, 1):
        if number == after:
            run.kill()
            run.wait()
            return line
    assert run.wait() == 0
    return ""


def assert_every_table_is_good(root: Path, references: Iterable[Store]) -> int:
    """Each table is missing, or reads whole as one of the references has it; gives how many there are."""
    store, present = opened(root), 0
    for table in PUBLIC.values():
        made = store.provenance(table)
        if made is None:
            continue
        present += 1
        found = stored(store, table)
        assert found.num_rows == made.n_rows
        problems = []
        for reference in references:
            try:
                assert_equal(found, stored(reference, table), table.column_names, table.name)
            except AssertionError as problem:
                problems.append(problem)
        assert len(problems) < len(list(references)), problems
    return present


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("killed")
    for release in (1, 2):
        simulate(folder / f"r{release}", works=1_000, seed=23, format="openalex", dirty=True, release=release)
    return [folder / "r1", folder / "r2"]


@pytest.fixture(scope="module")
def references(sail: Engine, snapshots: list[Path]) -> list[Store]:
    return [undisturbed(sail, snapshot, snapshot.with_name(f"{snapshot.name}_root")) for snapshot in snapshots]


@pytest.mark.parametrize("seed", [1])
def test_kills_of_a_first_run(
    sail: Engine, snapshots: list[Path], references: list[Store], tmp_path: Path, seed: int
) -> None:
    moments, root = random.Random(seed), tmp_path / "root"
    last = [killed(snapshots[0], root, after=moments.randint(1, 25)) for _ in range(4)]
    assert any(last), "no run was killed"
    assert_every_table_is_good(root, references[:1])
    store = undisturbed(sail, snapshots[0], root)
    assert_same_tables(store, references[0])


@pytest.mark.parametrize("seed", [3])
def test_kills_of_an_update(
    sail: Engine, snapshots: list[Path], references: list[Store], tmp_path: Path, seed: int
) -> None:
    moments, root = random.Random(seed), tmp_path / "root"
    shutil.copytree(references[0].root, root)
    last = []
    for _ in range(4):
        last.append(killed(snapshots[1], root, after=moments.randint(1, 25)))
        assert assert_every_table_is_good(root, references) == len(PUBLIC), "every table keeps a good version"
    assert any(last), "no run was killed"
    store = undisturbed(sail, snapshots[1], root)
    assert_same_tables(store, references[1])


def test_a_second_process_is_refused_while_the_first_holds_the_root(snapshots: list[Path], tmp_path: Path) -> None:
    root = tmp_path / "root"
    run = child(snapshots[0], root)
    assert run.stderr is not None
    run.stderr.readline()  # it has begun to read, and holds the root until it is killed
    with pytest.raises(BusyError, match="another run"), opened(root).locked():
        pass
    run.kill()
    run.wait()
    with opened(root).locked():
        pass
