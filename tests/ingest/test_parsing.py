"""Bringing the parsed tables up to date: only part files that are new or changed are read."""

from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from ingest.openalex_dump import ingested, work, write_works
from scholarflow.engine import Engine, Store
from scholarflow.ingest import parsing
from scholarflow.progress import Silent
from scholarflow.tables import PUBLIC, parsed


class Recorder(Silent):
    """Progress that keeps what it is told: files read, by stage."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self.stages: list[str] = []

    def ended(self, name: str, seconds: float, facts: dict[str, Any], *, failed: bool) -> None:
        self.stages.append(name)
        if "files" in facts:
            self.files[name] = facts["files"]


def parts(root: Path) -> dict[str, str]:
    """Where the parsed works of each part file lie."""
    actions = DeltaTable(Store(root).path(parsed.WORKS)).get_add_actions(flatten=True)
    columns = {name: actions[name].to_pylist() for name in ("partition.source_path", "path")}
    return dict(zip(columns["partition.source_path"], columns["path"], strict=True))


def versions(root: Path) -> dict[str, int]:
    return {name: made.version for name, table in PUBLIC.items() if (made := Store(root).provenance(table))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "snapshot"
    for day in ("01", "02", "03"):
        write_works(folder, work(int(day)), date=f"2026-01-{day}")
    return folder


def name(day: str) -> str:
    return f"data/jsonl/works/updated_date=2026-01-{day}/part_0000.gz"


def test_a_second_ingest_reads_nothing_and_changes_nothing(sail: Engine, folder: Path, tmp_path: Path) -> None:
    first, second = Recorder(), Recorder()
    ingested(sail, folder, tmp_path / "root", progress=first)
    assert first.files == {"read works": 3}
    before, lying = versions(tmp_path / "root"), parts(tmp_path / "root")
    ingested(sail, folder, tmp_path / "root", progress=second)
    assert second.stages == []
    assert versions(tmp_path / "root") == before
    assert parts(tmp_path / "root") == lying


@pytest.mark.slow
def test_only_new_and_changed_files_are_read_and_gone_ones_taken_out(
    sail: Engine, folder: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    ingested(sail, folder, root)
    before = parts(root)
    write_works(folder, work(2, title="changed"), date="2026-01-02")
    write_works(folder, work(4), date="2026-01-04")
    (folder / name("03")).unlink()
    recorder = Recorder()
    tables = ingested(sail, folder, root, progress=recorder)
    assert recorder.files == {"read works": 2}
    assert tables.rows("works", "work_id title") == [(1, None), (2, "changed"), (4, None)]
    after = parts(root)
    assert after[name("01")] == before[name("01")], "not read again"
    assert after[name("02")] != before[name("02")]
    assert set(after) == {name("01"), name("02"), name("04")}
    assert set(tables.counts()) == set(after)


def test_a_file_touched_or_copied_is_not_read_again(sail: Engine, folder: Path, tmp_path: Path) -> None:
    root, recorder = tmp_path / "root", Recorder()
    ingested(sail, folder, root)
    content = (folder / name("02")).read_bytes()
    (folder / name("02")).unlink()
    (folder / name("02")).write_bytes(content)
    folder = folder.rename(tmp_path / "moved")
    ingested(sail, folder, root, progress=recorder)
    assert recorder.files == {}


@pytest.mark.slow
def test_a_parameter_of_the_reading_reads_every_work_again(sail: Engine, folder: Path, tmp_path: Path) -> None:
    root, recorder = tmp_path / "root", Recorder()
    ingested(sail, folder, root)
    ingested(sail, folder, root, progress=recorder, ingest__last_year=2040)
    assert recorder.files == {"read works": 3}


@pytest.mark.slow
def test_rules_are_applied_without_reading_again(sail: Engine, folder: Path, tmp_path: Path) -> None:
    write_works(folder, work(5, is_xpac=True), date="2026-01-05")
    root, recorder = tmp_path / "root", Recorder()
    assert len(ingested(sail, folder, root).rows("works", "work_id")) == 3
    tables = ingested(sail, folder, root, progress=recorder, ingest__keep_xpac=True)
    assert len(tables.rows("works", "work_id")) == 4
    assert recorder.files == {}
    assert recorder.stages == ["works", "authorships", "citations", "work_fields", "ingest_counts"]


def test_more_files_than_one_commit_takes(sail: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_FILES_A_COMMIT", 64)
    folder, recorder = tmp_path / "snapshot", Recorder()
    for number in range(1, 71):
        write_works(folder, work(number), date=f"2026-{1 + number // 28:02d}-{1 + number % 28:02d}")
    tables = ingested(sail, folder, tmp_path / "root", progress=recorder)
    assert recorder.files == {"read works 1–": 64, "read works 65–": 6}
    assert tables.rows("works", "work_id") == [(number,) for number in range(1, 71)]
