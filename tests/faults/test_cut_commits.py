"""A loss of power: the newest files of a table are empty, cut off or gone. What was cut short counts as not made."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from deltalake import DeltaTable

from faults.commands import Command
from faults.conftest import Survived
from faults.roots import assert_same, assert_same_csv, copied, opened
from faults.stages import Struck, at_length, everywhere
from frames import config_of
from scholarflow.derive import derive, study_plan
from scholarflow.engine import Engine, Store
from scholarflow.errors import InputError
from scholarflow.progress import Silent
from scholarflow.show import require_made
from scholarflow.tables import LAYERS
from scholarflow.tables.derived import LED_WORKS
from scholarflow.tables.results import COUNTRY_YEARS

pytestmark = pytest.mark.slow


def commits(folder: Path) -> list[Path]:
    return sorted((folder / "_delta_log").glob("*.json"))


def data_file(folder: Path) -> Path:
    """A data file that the newest commit adds."""
    lines = map(json.loads, commits(folder)[-1].read_text().splitlines())
    return folder / next(line["add"]["path"] for line in lines if "add" in line)


def cut(path: Path, n_bytes: int) -> None:
    """The first bytes of a file, or without the last ones, as of a slice."""
    path.write_bytes(path.read_bytes()[:n_bytes])


def without_lines(folder: Path, kept: int) -> None:
    newest = commits(folder)[-1]
    newest.write_text("".join(newest.read_text().splitlines(keepends=True)[:kept]))


def both_newest(folder: Path) -> None:
    for path in commits(folder)[-2:]:
        cut(path, 0)


def zeroed(path: Path, start: int = 0, end: int | None = None) -> None:
    """A file of zero bytes, or a part of it, as of a slice."""
    content = bytearray(path.read_bytes())
    content[start:end] = bytes(len(content[start:end]))
    path.write_bytes(content)


#: Each does its harm in a table's folder.
CUTS: dict[str, Callable[[Path], object]] = {
    "commit empty": lambda folder: cut(commits(folder)[-1], 0),
    "commit cut in its first line": lambda folder: cut(commits(folder)[-1], 200),
    "commit cut in its last line": lambda folder: cut(commits(folder)[-1], -20),
    "commit cut after its first line": lambda folder: without_lines(folder, 1),
    "commit without its last line": lambda folder: without_lines(folder, -1),
    "commit of zero bytes": lambda folder: zeroed(commits(folder)[-1]),
    "commit before it empty": lambda folder: cut(commits(folder)[-2], 0),
    "commit before it gone": lambda folder: commits(folder)[-2].unlink(),
    "both newest commits empty": both_newest,
    "data file cut": lambda folder: cut(data_file(folder), -100),
    "data file empty": lambda folder: cut(data_file(folder), 0),
    "data file gone": lambda folder: data_file(folder).unlink(),
}


#: Those that `make test` does.
QUICK = ("commit empty", "commit cut in its last line", "commit cut after its first line", "data file cut")


@everywhere("country_years")
@pytest.mark.parametrize("harm", at_length(CUTS, *QUICK))
def test_what_was_cut_short_counts_as_not_made(
    sail: Engine, struck: Struck, harm: str, reference: Store, simulated: Path, tmp_path: Path, survived: Survived
) -> None:
    store = opened(copied(reference.root, tmp_path / "root").root, sail)
    folder = store.path(struck.table)
    rows = DeltaTable(folder).count()
    if not rows and ("data file" in harm or "line" in harm):
        pytest.skip("an empty table has no data file")
    before = store.provenance(struck.table)
    assert before is not None
    if struck.command == "run":
        derive(store, config_of(), Silent(), only=[struck.table.name], force=True)
    CUTS[harm](folder)
    with pytest.raises(InputError, match=f"table {struck.table.name}: version .* cut short"):
        require_made(store, struck.table)
    said: list[str] = []
    with store.locked(said.append):
        stands_at = store.provenance(struck.table)
    assert [line for line in said if "counts as not made" in line and str(folder) in line]
    is_at_the_one_before = struck.command == "run" and "before" not in harm and "both" not in harm
    if is_at_the_one_before:
        assert stands_at == before
    else:  # made once so far: nothing, or of a parsed table the version before any part file was read
        assert stands_at is None or stands_at.version < before.version
    assert list((folder / "_set_aside").iterdir())
    struck.run_again(store, simulated)
    for table in LAYERS["canonical"] if struck.command == "ingest" else [struck.table]:
        assert_same(store, reference, table)
    assert_same_csv(store, reference)
    survived(harm, struck.table.name)


def _checkpoint(folder: Path) -> Path:
    """A checkpoint of the newest version; the commits before it are still there."""
    DeltaTable(folder).create_checkpoint()
    return next((folder / "_delta_log").glob("*.checkpoint.parquet"))


CHECKPOINTS: dict[str, Callable[[Path], object]] = {
    "checkpoint cut": lambda folder: cut(_checkpoint(folder), -100),
    "checkpoint empty": lambda folder: cut(_checkpoint(folder), 0),
    "checkpoint of zero bytes in its pages": lambda folder: zeroed(_checkpoint(folder), 4, 400),
    "checkpoint of zero bytes in its footer": lambda folder: zeroed(_checkpoint(folder), -400, -8),
    "checkpoint gone": lambda folder: _checkpoint(folder).unlink(),
    "_last_checkpoint cut": lambda folder: cut(_checkpoint(folder).with_name("_last_checkpoint"), 5),
    "_last_checkpoint empty": lambda folder: cut(_checkpoint(folder).with_name("_last_checkpoint"), 0),
}


@pytest.mark.parametrize("harm", CHECKPOINTS)
def test_a_damaged_checkpoint_is_done_without(reference: Store, tmp_path: Path, harm: str, survived: Survived) -> None:
    store = copied(reference.root, tmp_path / "root")
    before = store.provenance(COUNTRY_YEARS)
    CHECKPOINTS[harm](store.path(COUNTRY_YEARS))
    with store.locked():
        assert store.provenance(COUNTRY_YEARS) == before
    assert_same(store, reference, COUNTRY_YEARS)
    survived(harm, COUNTRY_YEARS.name)


def test_a_commit_cut_short_under_its_checkpoint_takes_that_with_it(reference: Store, tmp_path: Path) -> None:
    store = copied(reference.root, tmp_path / "root")
    folder = store.path(COUNTRY_YEARS)
    _checkpoint(folder)
    cut(commits(folder)[-1], 0)
    with store.locked():
        assert store.provenance(COUNTRY_YEARS) is None
    assert not list((folder / "_delta_log").glob("*checkpoint*"))


def test_what_was_made_of_a_lost_version_is_stale_though_its_number_is_given_again(
    sail: Engine, reference: Store, tmp_path: Path
) -> None:
    store = opened(copied(reference.root, tmp_path / "root").root, sail)
    derive(store, config_of(), Silent(), only=["led_works"], force=True)
    derive(store, config_of(), Silent(), only=["top_institutions"])
    lost = store.provenance(LED_WORKS)
    cut(commits(store.path(LED_WORKS))[-1], 0)
    derive(store, config_of(), Silent(), only=["led_works"], force=True)
    again = store.provenance(LED_WORKS)
    assert lost is not None
    assert again is not None
    assert again.version == lost.version
    steps = study_plan(store, config_of(), only=["top_institutions"])
    assert [(step.stage.table.name, step.reason) for step in steps] == [("top_institutions", "led_works changed")]


def test_a_folder_that_may_not_be_read_is_not_taken_for_lost(reference: Store, tmp_path: Path) -> None:
    store = copied(reference.root, tmp_path / "root")
    before = store.provenance(COUNTRY_YEARS)
    file = data_file(store.path(COUNTRY_YEARS))
    file.unlink()
    file.symlink_to(file)  # a loop: an error other than that of a file that is not there, also for root
    with pytest.raises(OSError, match="symbolic links"), store.locked():
        pass
    assert store.provenance(COUNTRY_YEARS) == before


def test_the_command_line_says_it_in_one_line(reference: Store, tmp_path: Path) -> None:
    root = copied(reference.root, tmp_path / "root").root
    folder = opened(root).path(COUNTRY_YEARS)
    cut(commits(folder)[-1], 0)
    show = Command(["show", "country_years", "--root", root], tmp_path / "show")
    assert show.ended() == 3
    assert show.said == (
        f"scholarflow: table country_years: version 2 in {folder} was cut short: its log file is empty; "
        "the next `scholarflow ingest` or `run` sets it aside and goes on from the version before\n"
    )
    run = Command(["run", "--root", root, "--only", "country_years"], tmp_path / "run")
    assert run.ended() == 0, run.said
    assert run.said.startswith(
        f"{folder}: version 2 was cut short (its log file is empty) and counts as not made; "
        f"what is left of it lies in {folder}/_set_aside\n"
    )
    assert_same_csv(opened(root), reference)
