"""What lies in an OpenAlex input folder: layouts, encodings, manifests, and part files that are not whole."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from frames import config_of
from ingest.openalex_dump import URL, ingested, signed, work, write, write_manifest, write_works
from scholarflow.engine import Engine, Store, part_files, reading
from scholarflow.errors import InputError
from scholarflow.ingest.openalex_snapshot import feeds
from scholarflow.tables import LAYERS

PART = "data/jsonl/works/updated_date=2026-01-01/part_0000.gz"


def committed(root: Path) -> list[str]:
    """The canonical tables that a root holds."""
    store = Store(root)
    return [table.name for table in LAYERS["canonical"] if store.provenance(table)]


@pytest.mark.parametrize("base", ["data/jsonl", "jsonl", "data", "."])
def test_the_works_are_found_in_every_layout(base: str, tmp_path: Path) -> None:
    write_works(tmp_path, work(1), base=base)
    (works, *_) = feeds(tmp_path, config_of())
    below = "" if base == "." else f"{base}/"
    assert [file.source_path for file in works.files] == [f"{below}works/updated_date=2026-01-01/part_0000.gz"]


def test_plain_lines_are_read_as_gzipped_ones(sail: Engine, tmp_path: Path) -> None:
    write(tmp_path, "snapshot/works/updated_date=2026-01-01/part_000.jsonl", work(1), work(2))
    assert ingested(sail, tmp_path / "snapshot", tmp_path / "root").rows("works", "work_id") == [(1,), (2,)]


@pytest.mark.slow
def test_parquet_says_what_the_same_lines_say(sail: Engine, tmp_path: Path) -> None:
    works = [
        work(1, title="a", authorships=[signed(11, (21, "US")), signed(12, countries=["CN"])], is_retracted=True),
        work(2, publication_year=None),
        work(3, referenced_works=[f"{URL}W1"], concepts=[{"id": f"{URL}C5", "score": 0.1 + 0.2}]),
    ]
    members = [*sorted({name for record in works for name in record}), "new_in_2027"]
    write_works(tmp_path / "lines", *works)
    parquet = tmp_path / "parquet" / PART.replace("jsonl", "parquet").replace(".gz", ".parquet")
    parquet.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist([{name: record.get(name) for name in members} for record in works]), parquet)
    by_lines = ingested(sail, tmp_path / "lines", tmp_path / "lines_root")
    by_parquet = ingested(sail, tmp_path / "parquet", tmp_path / "parquet_root")
    for table, columns in (
        ("works", "work_id title pub_year n_authors n_references is_retracted"),
        ("authorships", "work_id author_position author_id institution_id country_code is_last"),
        ("work_fields", "work_id field_id score"),
        ("rejects", "reason"),
    ):
        assert by_parquet.rows(table, columns) == by_lines.rows(table, columns)


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda folder: None, "no such folder"),
        (lambda folder: folder.write_text("x"), "not a folder"),
        (lambda folder: folder.mkdir(), "no folder works"),
        (lambda folder: (folder / "data/jsonl/works").mkdir(parents=True), "no part files"),
        (lambda folder: write(folder, "data/jsonl/works/manifest.json", '{"files": []}'), "no part files"),
    ],
    ids=["missing", "file", "empty", "no parts", "manifest only"],
)
def test_an_input_without_works(prepare, message: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    prepare(tmp_path / "snapshot")
    with pytest.raises(InputError, match=message):
        feeds(tmp_path / "snapshot", config_of())


def test_an_empty_part_file_of_no_records_is_read(sail: Engine, tmp_path: Path) -> None:
    write_works(tmp_path / "snapshot", work(1))
    write_works(tmp_path / "snapshot", date="2026-01-02")
    write_works(tmp_path / "snapshot", "", "  ", date="2026-01-03")
    tables = ingested(sail, tmp_path / "snapshot", tmp_path / "root")
    assert tables.rows("works", "work_id") == [(1,)]
    assert tables.counts()[PART.replace("01-01", "01-02")] == {}
    assert tables.counts()[PART.replace("01-01", "01-03")] == {}


def test_a_truncated_part_file_is_named_and_nothing_committed(sail: Engine, tmp_path: Path) -> None:
    folder, root = tmp_path / "snapshot", tmp_path / "root"
    write_works(folder, work(1))
    cut = write_works(folder, *(work(number, title="x" * number) for number in range(2, 500)), date="2026-02-01")
    cut.write_bytes(cut.read_bytes()[:-400])
    name = PART.replace("01-01", "02-01")
    with pytest.raises(InputError, match=name):
        ingested(sail, folder, root)
    assert committed(root) == []
    tables = ingested(sail, folder, root, allow_incomplete=True)
    assert tables.rows("works", "work_id") == [(1,)], "left out whole, not up to where it breaks"
    ((path, reason, record),) = tables.rows("rejects", "source_path reason record")
    assert (path, record) == (name, None)
    assert "truncated" in reason
    assert tables.counts()[name] == {}
    assert tables.counts()[PART] == {"n_read": 1, "n_kept": 1}


@pytest.mark.parametrize("content", [b"", b"no gzip at all\n"], ids=["empty", "not gzip"])
def test_a_part_file_that_is_no_gzip_is_named(content: bytes, sail: Engine, tmp_path: Path) -> None:
    write_works(tmp_path / "snapshot", work(1))
    write_works(tmp_path / "snapshot", work(2), date="2026-02-01").write_bytes(content)
    with pytest.raises(InputError, match=r"updated_date=2026-02-01/part_0000\.gz"):
        ingested(sail, tmp_path / "snapshot", tmp_path / "root")
    assert committed(tmp_path / "root") == []


@pytest.mark.parametrize("suffix", ["gz", "jsonl"])
def test_a_file_with_a_line_without_end_is_named(
    suffix: str, sail: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_BYTES_A_BLOCK", 1 << 10)
    monkeypatch.setattr(reading, "_LONGEST_LINE", 1 << 12)
    folder = tmp_path / "snapshot"
    write_works(folder, work(1))
    endless = write(folder, f"data/jsonl/works/updated_date=2026-02-01/part_0000.{suffix}", work(2), b"x" * (1 << 16))
    with pytest.raises(
        InputError, match=rf"part_0000\.{suffix}: cannot be read: it has a line of more than 4,096 bytes"
    ):
        ingested(sail, folder, tmp_path / "root")
    tables = ingested(sail, folder, tmp_path / "root", allow_incomplete=True)
    assert tables.rows("works", "work_id") == [(1,)]
    assert tables.counts()[endless.relative_to(folder).as_posix()] == {}


@pytest.mark.parametrize(
    "damage", [lambda content: content[:200], lambda content: content[:4] + b"x" * 40 + content[44:]]
)
def test_a_parquet_part_file_that_is_not_whole_is_named(
    damage: Callable[[bytes], bytes], sail: Engine, tmp_path: Path
) -> None:
    part = tmp_path / "snapshot" / PART.replace("jsonl", "parquet").replace(".gz", ".parquet")
    part.parent.mkdir(parents=True)
    pq.write_table(
        pa.Table.from_pylist([{"id": f"{URL}W{number}", "publication_year": 2010} for number in (1, 2)]), part
    )
    part.write_bytes(damage(part.read_bytes()))
    with pytest.raises(InputError, match=r"part_0000\.parquet: cannot be read"):
        ingested(sail, tmp_path / "snapshot", tmp_path / "root")
    assert committed(tmp_path / "root") == []


@pytest.mark.slow
def test_part_files_are_read_by_tasks_of_the_engine(
    either: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_files, "_BYTES_WORTH_WORKERS", 0)
    folder = tmp_path / "snapshot"
    for number in range(1, 6):
        write_works(folder, work(number), "{broken", date=f"2026-01-0{number}")
    tables = ingested(either, folder, tmp_path / "root")
    assert tables.rows("works", "work_id") == [(number,) for number in range(1, 6)]
    assert tables.counts() == {
        PART.replace("01-01", f"01-0{number}"): {"n_read": 2, "n_kept": 1, "n_rejected": 1} for number in range(1, 6)
    }
    cut = write_works(folder, work(6), date="2026-01-06")
    cut.write_bytes(cut.read_bytes()[:-4])
    write_works(folder, work(7), date="2026-01-07")
    with pytest.raises(InputError, match=r"updated_date=2026-01-06/part_0000\.gz: is truncated"):
        ingested(either, folder, tmp_path / "root")


@pytest.mark.slow
def test_a_truncated_file_leaves_the_tables_of_the_last_release(sail: Engine, tmp_path: Path) -> None:
    folder, root = tmp_path / "snapshot", tmp_path / "root"
    write_works(folder, work(1))
    ingested(sail, folder, root)
    before = {table.name: Store(root).provenance(table) for table in LAYERS["canonical"]}
    cut = write_works(folder, work(2), date="2026-02-01")
    cut.write_bytes(cut.read_bytes()[:-4])
    with pytest.raises(InputError, match="truncated"):
        ingested(sail, folder, root)
    assert {table.name: Store(root).provenance(table) for table in LAYERS["canonical"]} == before
    # Mended, it is read.
    write_works(folder, work(2), date="2026-02-01")
    assert ingested(sail, folder, root).rows("works", "work_id") == [(1,), (2,)]


class TestManifest:
    """A snapshot that arrived incomplete is refused, unless the user takes it as it is."""

    def folder(self, tmp_path: Path) -> tuple[Path, Path, Path]:
        folder = tmp_path / "snapshot"
        return folder, write_works(folder, work(1)), write_works(folder, work(2), date="2026-02-01")

    def test_a_kept_promise(self, sail: Engine, tmp_path: Path) -> None:
        folder, *parts = self.folder(tmp_path)
        write_manifest(folder, *parts)
        assert len(ingested(sail, folder, tmp_path / "root").rows("works", "work_id")) == 2

    @pytest.mark.parametrize(
        ("promised", "problem"),
        [
            ({"content_length": 7}, "7 in the manifest"),
            ({"record_count": 3}, "holds 1 records, 3 in the manifest"),
        ],
        ids=["size", "records"],
    )
    def test_a_file_that_is_not_as_promised(
        self, sail: Engine, tmp_path: Path, promised: dict[str, int], problem: str
    ) -> None:
        folder, first, second = self.folder(tmp_path)
        write_manifest(folder, second, **promised)
        name = second.relative_to(folder).as_posix()
        with pytest.raises(InputError, match=f"{name}.*{problem}"):
            ingested(sail, folder, tmp_path / "root")
        assert committed(tmp_path / "root") == []
        tables = ingested(sail, folder, tmp_path / "root", allow_incomplete=True)
        assert tables.rows("works", "work_id") == [(1,)], "left out whole"
        ((path, reason),) = tables.rows("rejects", "source_path reason")
        assert path == name
        assert problem in reason
        assert tables.counts()[name] == {}
        # The file as promised, and it is taken in.
        write_manifest(folder, first, second)
        assert ingested(sail, folder, tmp_path / "root").rows("works", "work_id") == [(1,), (2,)]

    def test_a_file_that_is_missing(self, sail: Engine, tmp_path: Path) -> None:
        folder, first, second = self.folder(tmp_path)
        write_manifest(folder, first, second)
        second.unlink()
        name = second.relative_to(folder).as_posix()
        with pytest.raises(InputError, match=f"{name}.*missing"):
            ingested(sail, folder, tmp_path / "root")
        tables = ingested(sail, folder, tmp_path / "root", allow_incomplete=True)
        assert tables.rows("works", "work_id") == [(1,)]
        assert [row[0] for row in tables.rows("rejects", "source_path")] == [name]
        assert tables.counts()[name] == {}

    def test_records_are_counted_with_the_refused_ones(self, sail: Engine, tmp_path: Path) -> None:
        folder = tmp_path / "snapshot"
        part = write_works(folder, work(1), "{broken", work(3, publication_year=0))
        write_manifest(folder, part, record_count=3)
        assert ingested(sail, folder, tmp_path / "root").rows("works", "work_id") == [(1,)]

    def test_one_that_is_none(self, tmp_path: Path) -> None:
        folder, *_ = self.folder(tmp_path)
        (folder / "data/jsonl/works/manifest.json").write_text(json.dumps({"files": [{"address": "x"}]}))
        with pytest.raises(InputError, match=r"manifest\.json: not a manifest"):
            feeds(folder, config_of())
