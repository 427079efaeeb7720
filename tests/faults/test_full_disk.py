"""A disk that fills: one line says so, exit status 3, tables at their last good version, and the next run goes on."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.commands import Command
from faults.conftest import Survived
from faults.roots import assert_same, assert_same_csv, copied, opened
from faults.stages import at_length
from frames import config_of
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.tables import LAYERS
from scholarflow.tables.results import COVERAGE_COUNTRY_YEARS

pytestmark = pytest.mark.slow


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 32 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "none", folder], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a file system of its own cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path, *, leaving: int) -> Path:
    """A file that takes all room but so many bytes."""
    filler = disk / "filler"
    room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    filler.write_bytes(bytes(room - leaving))
    return filler


def assert_says_full(command: Command, folder: Path) -> None:
    assert command.ended() == 3, command.said
    assert command.said.splitlines()[-1].startswith(f"scholarflow: {folder}: no space left on its disk")
    assert "Traceback" not in command.said


@pytest.mark.parametrize("leaving", [0, 4 << 10, 8 << 10], ids=lambda n: f"{n >> 10} KiB left")
def test_a_run_that_fills_the_disk(
    sail: Engine, reference: Store, small_disk: Path, tmp_path: Path, survived: Survived, leaving: int
) -> None:
    root = copied(reference.root, small_disk / "root").root
    filler = fill(small_disk, leaving=leaving)
    run = Command(["run", "--root", root, "--only", "coverage_country_years", "--force"], tmp_path / "said")
    assert_says_full(run, root)
    assert_same(opened(root), reference, COVERAGE_COUNTRY_YEARS)
    filler.unlink()
    store = opened(root, sail)
    derive(store, config_of(), Silent(), only=["coverage_country_years"], force=True)
    assert_same(store, reference, COVERAGE_COUNTRY_YEARS)
    assert_same_csv(store, reference)
    survived("disk full", "run")


@pytest.mark.faults
@pytest.mark.parametrize("leaving", [n << 10 for n in (0, 50, 200, 400, 600, 800)], ids=lambda n: f"{n >> 10} KiB left")
def test_an_ingest_that_fills_the_disk(
    sail: Engine, reference: Store, simulated: Path, small_disk: Path, tmp_path: Path, survived: Survived, leaving: int
) -> None:
    root = small_disk / "root"
    filler = fill(small_disk, leaving=leaving)
    assert_says_full(Command(["ingest", "openalex", "--input", simulated, "--root", root], tmp_path / "said"), root)
    filler.unlink()
    store = opened(root, sail)
    ingest("openalex", simulated, store, config_of(), Silent())
    for table in LAYERS["canonical"]:
        assert_same(store, reference, table)
    survived("disk full", "ingest")


@pytest.mark.parametrize("command", at_length(["report", "export"], "export"))
def test_what_is_written_beside_the_root(
    reference: Store, small_disk: Path, tmp_path: Path, survived: Survived, command: str
) -> None:
    filler = fill(small_disk, leaving=0)
    out = small_disk / "out"
    arguments = [command, "--root", reference.root, "--out", out]
    assert_says_full(Command(arguments, tmp_path / "said"), out)
    filler.unlink()
    again = Command(arguments, tmp_path / "said")
    assert again.ended() == 0, again.said
    survived("disk full", command)


@pytest.mark.parametrize("options", [["--force"], []], ids=["with work", "up to date"])
def test_a_log_on_a_full_disk(reference: Store, tmp_path: Path, survived: Survived, options: list[str]) -> None:
    root = copied(reference.root, tmp_path / "root").root
    arguments = ["run", "--root", root, "--only", "coverage_country_years", *options]
    assert Command(arguments, Path("/dev/full")).ended() == 3
    assert_same(opened(root), reference, COVERAGE_COUNTRY_YEARS)
    again = Command(arguments, tmp_path / "said")
    assert again.ended() == 0, again.said
    assert_same_csv(opened(root), reference)
    survived("log on a full disk", "run")
