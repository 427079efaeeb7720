"""The driver killed (SIGKILL) in every stage: the table stays at its last good version, and the next run goes on."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

from faults.commands import Command
from faults.conftest import TIMES, Survived
from faults.roots import assert_good, assert_nothing_left, assert_same, assert_same_csv, copied, opened, without
from faults.stages import Struck, everywhere
from frames import config_of
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.simulate import simulate
from scholarflow.tables import LAYERS, PUBLIC, Table
from stored_tables import assert_equal, assert_same_tables, stored

pytestmark = pytest.mark.slow


#: Struck by `make test` too.
_QUICK = ("country_years",)


@dataclass
class Disturbed:
    """A copy of the undisturbed root in which a table is to be made, and what else is made on the way."""

    struck: Struck
    store: Store
    reference: Store
    snapshot: Path

    @property
    def folder(self) -> Path:
        return self.store.path(self.struck.table)

    @property
    def worked_on(self) -> set[str]:
        """Tables that the command may touch: of an ingest all canonical ones."""
        ingested = {table.name for table in LAYERS["canonical"]}
        return ingested if self.struck.command == "ingest" else {self.struck.table.name}

    def begun(self) -> Command:
        return Command(self.struck.arguments(self.store.root, self.snapshot), self.store.root / "said")

    def has_begun(self, command: Command) -> Callable[[], bool]:
        return lambda: command.has_begun(self.struck.line)

    def assert_survived(self, sail: Engine) -> None:
        """Every table is good or missing; the next run completes, and its tables equal those of the undisturbed run."""
        assert_good(self.store, self.reference, worked_on=self.worked_on)
        store = opened(self.store.root, sail)
        self.struck.run_again(store, self.snapshot)
        for table in LAYERS["canonical"] if self.struck.command == "ingest" else [self.struck.table]:
            assert_same(store, self.reference, table)
        assert_same_csv(store, self.reference)


def disturbed_root(struck: Struck, reference: Store, snapshot: Path, folder: Path) -> Disturbed:
    store = copied(reference.root, folder)
    if struck.is_missing_first:
        without(store, struck.table)
    return Disturbed(struck, store, reference, snapshot)


@pytest.fixture
def disturbed(struck: Struck, reference: Store, simulated: Path, tmp_path: Path) -> Disturbed:
    return disturbed_root(struck, reference, simulated, tmp_path / "root")


@cache
def spans() -> dict[str, float]:
    """Seconds from a stage's first line to the end of its command, undisturbed, as measured so far."""
    return {}


def span_of(struck: Struck, reference: Store, snapshot: Path, folder: Path) -> float:
    name = struck.table.name
    if name not in spans():
        whole = disturbed_root(struck, reference, snapshot, folder)
        command = whole.begun()
        assert command.until(whole.has_begun(command)), command.said
        begun = time.monotonic()
        assert command.ended() == 0, command.said
        spans()[name] = time.monotonic() - begun
    return spans()[name]


@pytest.mark.faults
@everywhere()
@pytest.mark.parametrize("time_", range(TIMES))
def test_kills_at_random_moments(
    sail: Engine, reference: Store, simulated: Path, struck: Struck, time_: int, tmp_path: Path, survived: Survived
) -> None:
    span_of(struck, reference, simulated, tmp_path / "undisturbed")
    moments = random.Random(f"{struck.table.name} {time_}")
    for attempt in range(10):
        disturbed = disturbed_root(struck, reference, simulated, tmp_path / f"root{attempt}")
        command = disturbed.begun()
        assert command.until(disturbed.has_begun(command)), command.said
        begun = time.monotonic()
        command.process.join(timeout=spans()[struck.table.name] * moments.random())
        if command.killed():
            disturbed.assert_survived(sail)
            survived("driver killed at a random moment", struck.table.name)
            return
        spans()[struck.table.name] = time.monotonic() - begun  # the machine has more time for it than before
    pytest.fail("every command had ended before its kill")


def _staged(disturbed: Disturbed) -> Callable[[], bool]:
    """A staged file has appeared: between staging and commit, or while more is staged."""
    before = set(disturbed.folder.rglob("*.parquet"))
    return lambda: bool(set(disturbed.folder.rglob("*.parquet")) - before)


def _committed(disturbed: Disturbed) -> Callable[[], bool]:
    """A commit has appeared: the table's, or of the two empty versions that are before it the first."""
    log = disturbed.folder / "_delta_log"
    before = set(log.glob("*.json"))
    return lambda: bool(set(log.glob("*.json")) - before)


def _exported(disturbed: Disturbed) -> Callable[[], bool]:
    """The CSV has begun to change."""
    csv = disturbed.store.study_path / "csv"
    before = {path: path.stat().st_mtime_ns for path in csv.iterdir()}

    def changed() -> bool:
        try:
            return {path: path.stat().st_mtime_ns for path in csv.iterdir()} != before
        except FileNotFoundError:
            return True

    return changed


MOMENTS = {"staged": _staged, "committed": _committed, "exported": _exported}


@everywhere(*_QUICK)
@pytest.mark.parametrize("moment", MOMENTS)
def test_kills_at_exact_moments(sail: Engine, disturbed: Disturbed, moment: str, survived: Survived) -> None:
    struck = disturbed.struck
    if moment == "exported" and not struck.table.as_csv:
        pytest.skip("no CSV is made of this table")
    reached = MOMENTS[moment](disturbed)
    command = disturbed.begun()
    if not command.until(reached):
        assert command.ended() == 0, command.said
        assert moment == "staged", command.said
        pytest.skip("no file is staged of an empty table")
    killed = command.killed()
    disturbed.assert_survived(sail)
    if struck.command == "run":
        derive(opened(disturbed.store.root, sail), config_of(), Silent(), only=[struck.table.name], force=True)
    assert_nothing_left(disturbed.store, struck.table)
    if not killed:
        pytest.skip("the command had ended before its kill")
    survived(f"driver killed as soon as {moment}", struck.table.name)


@pytest.fixture(scope="module")
def newer(simulated: Path) -> Path:
    """The next quarterly snapshot."""
    snapshot = simulated.with_name("newer")
    simulate(snapshot, works=1_000, seed=5, format="openalex", dirty=True, release=2)
    return snapshot


@pytest.fixture(scope="module")
def updated(sail: Engine, reference: Store, newer: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The undisturbed root brought up to date with it."""
    store = opened(copied(reference.root, tmp_path_factory.mktemp("updated") / "root").root, sail)
    ingest("openalex", newer, store, config_of(), Silent())
    derive(store, config_of(), Silent())
    return store


@pytest.mark.faults
@pytest.mark.parametrize("time_", range(TIMES))
def test_kills_of_an_update(
    sail: Engine, reference: Store, updated: Store, newer: Path, time_: int, tmp_path: Path, survived: Survived
) -> None:
    """Of a newer snapshot's ingest, and of the run after it, twice each: a table is of one snapshot or the other."""
    store, moments = copied(reference.root, tmp_path / "root"), random.Random(time_)
    commands = (["ingest", "openalex", "--input", newer], ["run"])
    n_killed = 0
    for arguments in (commands[0], commands[0], commands[1], commands[1]):
        if arguments == commands[1]:
            ingest("openalex", newer, opened(store.root, sail), config_of(), Silent())
        command = Command([*arguments, "--root", store.root, "--log-format", "json"], tmp_path / "said")
        assert command.until(lambda command=command: command.has_begun("")), command.said  # type: ignore[misc]
        command.process.join(timeout=5 * moments.random())
        n_killed += command.killed()
        for table in PUBLIC.values():
            rows = stored(store, table)
            made = store.provenance(table)
            assert made is not None
            assert rows.num_rows == made.n_rows
            assert any(_same(rows, stored(other, table), table) for other in (reference, updated)), table.name
    ingest("openalex", newer, opened(store.root, sail), config_of(), Silent())
    derive(opened(store.root, sail), config_of(), Silent())
    assert_same_tables(store, updated)
    assert n_killed, "every command had ended before its kill"
    survived("driver killed during an update", "ingest and run", n_killed)


def _same(one: pa.Table, other: pa.Table, table: Table) -> bool:
    try:
        assert_equal(one, other, table.column_names, table.name)
    except AssertionError:
        return False
    return True
