"""Ends asked for, or of a part: SIGTERM, SIGINT, a worker process killed, workers left by their driver."""

import gzip
import json
import os
import signal
import time
from pathlib import Path

import pytest

from faults.commands import Command
from faults.conftest import Survived
from faults.roots import assert_same, assert_same_csv, copied, opened
from frames import config_of
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.tables.canonical import WORKS
from scholarflow.tables.comparisons import CITATION_PREMIUM

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("number", "status", "word"), [(signal.SIGTERM, 143, "terminated"), (signal.SIGINT, 130, "interrupted")]
)
def test_an_end_that_is_asked_for(
    sail: Engine, reference: Store, tmp_path: Path, survived: Survived, number: int, status: int, word: str
) -> None:
    root = copied(reference.root, tmp_path / "root").root
    run = Command(
        ["run", "--root", root, "--only", "citation_premium", "--force", "--log-format", "json"], root / "said"
    )
    assert run.until(lambda: run.has_begun("citation_premium")), run.said
    os.kill(run.process.pid or 0, number)
    assert run.ended() == status, run.said
    assert run.said.splitlines()[-1] == (
        f"scholarflow: {word}; what was finished stays; the same command, given again, does the rest"
    )
    assert "Traceback" not in run.said
    store = opened(root, sail)
    derive(store, config_of(), Silent(), only=["citation_premium"], force=True)
    assert_same(store, reference, CITATION_PREMIUM)
    assert_same_csv(store, reference)
    survived(f"driver {word}", CITATION_PREMIUM.name)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot large enough for worker processes: eight part files of ten works, padded to four megabytes each."""
    folder = tmp_path_factory.mktemp("large")
    for part in range(8):
        works = [
            {"id": f"https://openalex.org/W{10 * part + n}", "publication_year": 2000, "unknown": "x" * 400_000}
            for n in range(1, 11)
        ]
        path = folder / f"works/updated_date=2026-01-01/part_{part:04d}.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(json.dumps(work) + "\n" for work in works)
        path.write_bytes(gzip.compress(lines.encode(), compresslevel=0))
    return folder


def workers(command: Command) -> list[int]:
    """The worker processes of an ingest."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == command.process.pid and b"spawn_main" in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile
    return found


def assert_ingests(sail: Engine, snapshot: Path, root: Path) -> None:
    store = opened(root, sail)
    ingest("openalex", snapshot, store, config_of(), Silent())
    made = store.provenance(WORKS)
    assert made is not None
    assert made.n_rows == 80


def test_a_killed_worker_is_named(sail: Engine, large: Path, tmp_path: Path, survived: Survived) -> None:
    root = tmp_path / "root"
    run = Command(["ingest", "openalex", "--input", large, "--root", root], tmp_path / "said")
    assert run.until(lambda: bool(workers(run))), run.said
    for pid in workers(run)[:1]:
        os.kill(pid, signal.SIGKILL)
    assert run.ended() == 3, run.said
    assert run.said.splitlines()[-1] == (
        "scholarflow: read works: a worker process was killed, perhaps for want of memory; "
        "what was read before stays, and the next ingest goes on from there"
    )
    assert not (root / "works").exists()
    assert_ingests(sail, large, root)
    survived("worker process killed", "read works")


def test_workers_end_with_a_driver_that_was_killed(
    sail: Engine, large: Path, tmp_path: Path, survived: Survived
) -> None:
    root = tmp_path / "root"
    run = Command(["ingest", "openalex", "--input", large, "--root", root], tmp_path / "said")
    assert run.until(lambda: bool(list(root.glob("_parsed/parsed_works/v*/*/.*")))), run.said
    left = workers(run)
    assert left
    assert run.killed()
    deadline = time.monotonic() + 30
    while (alive := [pid for pid in left if Path(f"/proc/{pid}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive, "they would write on into the next run's folder"
    assert_ingests(sail, large, root)
    survived("driver killed, its workers reading", "read works")
