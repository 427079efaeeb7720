"""Two runs on one root at once: one wins, the other stops with a clear message, and nothing is mixed."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from deltalake import DeltaTable, write_deltalake
from pyspark.sql import DataFrame

from faults.commands import Command
from faults.conftest import TIMES, Survived
from faults.roots import assert_nothing_left, assert_same, assert_same_csv, copied, opened
from frames import config_of
from scholarflow.derive import study_context
from scholarflow.engine import Engine, Store
from scholarflow.errors import CheckError
from scholarflow.pipeline import STAGES
from scholarflow.runner import run_stage
from scholarflow.stage import Stage
from scholarflow.tables.canonical import WORKS
from scholarflow.tables.comparisons import CITATION_PREMIUM
from scholarflow.tables.derived import LED_WORKS
from scholarflow.tables.results import COUNTRY_YEARS, COVERAGE_COUNTRY_YEARS
from stored_tables import assert_equal

pytestmark = pytest.mark.slow

BUSY = "another run holds this root; wait for it to end"


def remake(table: str, root: Path, log: Path, **options: Path) -> Command:
    return Command(["run", "--root", root, "--only", table, "--force", "--log-format", "json"], log, **options)


def test_a_second_run_stops_at_once_until_the_first_has_ended(
    reference: Store, tmp_path: Path, survived: Survived
) -> None:
    root = copied(reference.root, tmp_path / "root").root
    first = remake("citation_premium", root, tmp_path / "first")
    assert first.until(lambda: first.has_begun("citation_premium")), first.said
    for arguments in (["run"], ["regress"], ["network"]):
        second = Command([*arguments, "--root", root], tmp_path / "second")
        assert second.ended() == 3
        assert second.said == f"scholarflow: {root}: {BUSY}\n"
    assert first.killed(signal.SIGKILL)
    third = remake("country_years", root, tmp_path / "third")
    assert third.ended() == 0, third.said
    assert_same(opened(root), reference, COUNTRY_YEARS)
    survived("second run on a root", CITATION_PREMIUM.name)


@pytest.mark.parametrize("time_", range(TIMES))
def test_of_two_runs_at_the_same_moment_one_wins(
    reference: Store, tmp_path: Path, time_: int, survived: Survived
) -> None:
    store = copied(reference.root, tmp_path / "root")
    gate = tmp_path / "gate"
    runs = [remake("coverage_country_years", store.root, tmp_path / name, gate=gate) for name in ("one", "other")]
    for run in runs:
        assert run.until(lambda run=run: run.log.exists())  # type: ignore[misc]
    gate.touch()
    ended = {run.ended(): run.said for run in runs}
    assert ended.keys() == {0, 3}, ended
    assert ended[3] == f"scholarflow: {store.root}: {BUSY}\n"
    before = reference.provenance(COVERAGE_COUNTRY_YEARS)
    after = store.provenance(COVERAGE_COUNTRY_YEARS)
    assert before is not None
    assert after is not None
    assert after.version == before.version + 1
    assert_same(store, reference, COVERAGE_COUNTRY_YEARS)
    assert_same_csv(store, reference)
    assert_nothing_left(store, COVERAGE_COUNTRY_YEARS)
    survived("two runs at the same moment", COVERAGE_COUNTRY_YEARS.name)


def test_who_reads_during_a_run_sees_one_version(reference: Store, tmp_path: Path, survived: Survived) -> None:
    store = copied(reference.root, tmp_path / "root")
    expected = DeltaTable(reference.path(COUNTRY_YEARS)).to_pyarrow_table()
    versions = set()

    def read() -> None:
        table = DeltaTable(store.path(COUNTRY_YEARS))
        versions.add(table.version())
        assert_equal(table.to_pyarrow_table(), expected, COUNTRY_YEARS.column_names, "country_years")

    run = remake("country_years", store.root, tmp_path / "said")
    while run.process.is_alive():
        read()
    assert run.ended() == 0, run.said
    read()
    assert len(versions) == 2, "it was read before and after the commit"
    survived("read during a run", COUNTRY_YEARS.name)


def delete_a_row(folder: Path) -> None:
    delta = DeltaTable(folder)
    delta.delete(f"work_id = {delta.to_pyarrow_table()['work_id'][0]}")


def repeat_every_row(folder: Path) -> None:
    write_deltalake(folder, DeltaTable(folder).to_pyarrow_table(), mode="append")


@pytest.mark.parametrize("change", [delete_a_row, repeat_every_row])
def test_an_input_that_someone_else_changes_meanwhile_stops_the_commit(
    sail: Engine, reference: Store, tmp_path: Path, survived: Survived, change: Callable[[Path], None]
) -> None:
    store = opened(copied(reference.root, tmp_path / "root").root, sail)
    stage = next(stage for stage in STAGES if stage.table == LED_WORKS)
    works, before = store.provenance(WORKS), store.provenance(LED_WORKS)
    assert works is not None

    def make(*inputs: DataFrame, **parameters: object) -> DataFrame:
        change(Path(store.path(stage.inputs[0])))
        return stage.make(*inputs, **parameters)

    meddled = Stage(stage.table, make, stage.inputs, stage.parameters)
    with pytest.raises(CheckError, match=f"input {stage.inputs[0].name} changed while it was made"):
        run_stage(meddled, store, study_context(works, config_of()), snapshot=works.snapshot)
    assert store.provenance(LED_WORKS) == before
    survived("input changed by another writer", LED_WORKS.name)
