"""Any bytes in an OpenAlex snapshot: every line a row or a refusal, every file read or named, nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import odd_input
from scholarflow.engine.reading import READ_ERRORS, SourceFile, line_blocks, unreadable
from scholarflow.errors import InputError
from scholarflow.ingest.openalex_files import rows_of_parquet
from scholarflow.ingest.openalex_records import ENTITIES, parsed_batch
from scholarflow.ingest.snapshot import broken_promises, manifest_promises

BY_NAME = {entity.name: entity for entity in ENTITIES}
YEARS = {"first_year": 1000, "last_year": 2050}
RANDOM = st.randoms(use_true_random=False)


def rows(lines: list[bytes], entity: str) -> list[dict[str, Any]]:
    batch = parsed_batch(lines, "part", BY_NAME[entity], **YEARS)
    batch.validate(full=True)
    return batch.to_pylist()


def require_rows_or_refusals(parsed: list[dict[str, Any]]) -> None:
    """A row has an id above 0, of works a year, and no reason; a refusal has a reason, the line, and nothing else."""
    for row in parsed:
        del row["source_path"]
        reason, record = row.pop("reject_reason"), row.pop("record")
        if reason is None:
            assert record is None
            assert next(iter(row.values())) > 0
            assert 1000 <= row.get("pub_year", 1000) <= 2050
            assert all(place["author_position"] >= 1 for place in row.get("authorships", ()))
        else:
            assert record is not None
            assert len(record) <= 2000
            assert set(row.values()) == {None}


@pytest.mark.parametrize("entity", BY_NAME)
@given(random=RANDOM, n_lines=st.integers(1, 6))
def test_any_line_is_a_row_or_a_refusal_whatever_stands_beside_it(entity: str, random: Random, n_lines: int) -> None:
    good = odd_input.written(odd_input.RECORDS[entity], Random(0))
    lines = [odd_input.odd_line(odd_input.RECORDS[entity], random) for _ in range(n_lines)]
    lines.insert(random.randint(0, n_lines), good)
    together = rows(lines, entity)
    assert together == [row for line in lines for row in rows([line], entity)]
    assert len(together) == sum(bool(line.strip()) for line in lines)
    assert rows([good], entity)[0] in [row for row in together if row["reject_reason"] is None]
    require_rows_or_refusals(together)


#: Types that a Parquet column may have by mistake, each with a value.
ODD_COLUMNS: tuple[pa.Array, ...] = (
    pa.array([5], pa.int64()),
    pa.array([2**63], pa.uint64()),
    pa.array([float("nan")], pa.float64()),
    pa.array([2010.0], pa.float32()),
    pa.array([True]),
    pa.array(["2010"]),
    pa.array(["https://openalex.org/W5"]),
    pa.array([b"\xff\xfe"]),
    pa.array([b"\xff\xfe"]).view(pa.string()),
    pa.array([None], pa.null()),
    pa.array([2**62], pa.timestamp("us")),
    pa.array([86_400_000_000], pa.timestamp("us", "UTC")),
    pa.array([1], pa.timestamp("ns")),
    pa.array([-(2**31)], pa.date32()),
    pa.array([1], pa.time64("us")),
    pa.array([1], pa.duration("us")),
    pa.array(["12.5"], pa.string()).cast(pa.decimal128(10, 2)),
    pa.array(["a"]).dictionary_encode(),
    pa.array([["a", None]]),
    pa.array([[{"id": "https://openalex.org/C1", "score": 0.5}]]),
    pa.array([{"source": {"id": 7}}]),
    pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string())),
)


def parquet_file(path: Path, columns: dict[str, pa.Array]) -> SourceFile:
    pq.write_table(pa.table(columns), path)
    return SourceFile(path, "part.parquet", path.stat().st_size)


@pytest.mark.parametrize("entity", BY_NAME)
@given(data=st.data())
def test_parquet_of_any_types_makes_rows_or_refusals(
    entity: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    members = sorted(odd_input.RECORDS[entity])
    chosen = data.draw(st.dictionaries(st.sampled_from(members), st.sampled_from(ODD_COLUMNS), min_size=1, max_size=4))
    columns = {"id": pa.array(["https://openalex.org/W5"]), "publication_year": pa.array([2010])} | chosen
    file = parquet_file(tmp_path_factory.getbasetemp() / "odd.parquet", columns)
    parsed = [row for batch in rows_of_parquet(file, entity=BY_NAME[entity], **YEARS) for row in batch.to_pylist()]
    assert len(parsed) == 1
    require_rows_or_refusals(parsed)


@given(random=RANDOM, content=st.binary(max_size=200), suffix=st.sampled_from([".gz", ".jsonl", ".parquet"]))
def test_a_file_is_read_to_its_end_or_named(
    random: Random, content: bytes, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"odd{suffix}"
    if suffix == ".parquet":
        whole = parquet_file(path, {"id": pa.array(["https://openalex.org/W5"] * 9), "title": pa.array([content] * 9)})
        path.write_bytes(odd_input.damaged(whole.path.read_bytes(), random))
    else:
        path.write_bytes(odd_input.odd_archive(content, random))
    file = SourceFile(path, path.name, path.stat().st_size)
    try:
        if suffix == ".parquet":
            for _ in rows_of_parquet(file, entity=BY_NAME["works"], **YEARS):
                pass
        else:
            lines = [line for block in line_blocks(path) for line in block]
            assert suffix == ".gz" or b"\n".join(lines) == path.read_bytes().removesuffix(b"\n")
    except READ_ERRORS:
        assert unreadable(file)


MANIFEST = {
    "entity": "works",
    "files": [{"url": "s3://openalex/data/works/part.gz", "meta": {"content_length": 3, "record_count": 1}}],
}


@given(random=RANDOM, whole=st.booleans())
def test_a_manifest_promises_or_is_named(random: Random, whole: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "manifests"
    (folder / "works").mkdir(parents=True, exist_ok=True)
    manifest = odd_input.written(odd_input.mutated(MANIFEST, random), random)
    (folder / "works/manifest.json").write_bytes(manifest if whole else odd_input.damaged(manifest, random))
    promises, problem = [], ""
    try:
        promises = manifest_promises(folder, "works")
    except InputError as error:
        problem = str(error)
    assert not problem or "works/manifest.json" in problem
    broken = broken_promises(promises, [SourceFile(folder, "works/part.gz", 3)])
    assert all(f"{name}: {what}".encode() for name, what in broken.items())


def test_a_manifest_of_endless_depth_is_named(tmp_path: Path) -> None:
    (tmp_path / "works").mkdir()
    (tmp_path / "works/manifest.json").write_text("[" * 100_000)
    with pytest.raises(InputError, match="not a manifest"):
        manifest_promises(tmp_path, "works")


@pytest.mark.parametrize("level", [2**31, -(2**31) - 1, 10**25])
def test_a_level_beyond_an_int_refuses_the_record(level: int) -> None:
    (row,) = rows([json.dumps(odd_input.RECORDS["concepts"] | {"level": level}).encode()], "concepts")
    assert row["reject_reason"].startswith("not a record")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"doi": pa.array(["x", "y"])}, "no work_id"),
        ({"title": pa.array([b"\xff", b"\xfe"]).view(pa.string())}, "not a record"),
        ({"updated_date": pa.array([["2026-01-01"], ["2026-01-02"]])}, "not a record"),
    ],
    ids=["no member", "no UTF-8", "a list of times"],
)
def test_parquet_records_that_make_no_row_are_refused(
    columns: dict[str, pa.Array], reason: str, tmp_path: Path
) -> None:
    file = parquet_file(tmp_path / "part.parquet", columns)
    (batch,) = rows_of_parquet(file, entity=BY_NAME["works"], **YEARS)
    assert [row["reject_reason"][: len(reason)] for row in batch.to_pylist()] == [reason] * 2


@pytest.mark.parametrize(
    "entry",
    [
        {"url": "s3://openalex/works/part.gz", "meta": {"content_length": "3"}},
        {"url": "s3://openalex/works/part.gz", "meta": {"record_count": 1.5}},
        {"url": "s3://openalex/works/\ud800"},
    ],
)
def test_a_manifest_without_numbers_or_names_is_named(entry: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "works").mkdir()
    (tmp_path / "works/manifest.json").write_text(json.dumps({"files": [entry]}))
    with pytest.raises(InputError, match="not a manifest"):
        manifest_promises(tmp_path, "works")
