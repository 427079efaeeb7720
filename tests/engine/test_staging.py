"""Staged files: what the Delta log is told of them, and partitions whose names are file paths."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from scholarflow.engine import Engine, Provenance, Store
from scholarflow.engine.staging import staged_files
from scholarflow.tables.parsed import AUTHORS

NAMES = ["works/updated_date=2026-01-01/part_0000.gz", "a b/100%/é=ü.gz", "mag/Papers.txt"]
MADE_FROM = Provenance(code="1", parameters={}, inputs={})


def write_authors(engine: Engine, folder: Path, *names: str) -> None:
    """Two authors a part file, as the reading stages them."""
    rows = [(name, None, None, number, None, f"author {number}", number) for name in names for number in (1, 2)]
    types = ", ".join(f"{column.name} {column.type.simpleString()}" for column in AUTHORS.columns)
    engine.spark.createDataFrame(rows, types).write.partitionBy("source_path").parquet(str(folder))


def authors(store: Store) -> list[tuple[str, int]]:
    rows = DeltaTable(store.path(AUTHORS)).to_pyarrow_table(columns=["source_path", "author_id"]).to_pylist()
    return sorted((row["source_path"], row["author_id"]) for row in rows)


def test_partitions_keep_their_names_whichever_engine_escaped_them(either: Engine, tmp_path: Path) -> None:
    store = Store(tmp_path, either)
    store.replace_partitions(AUTHORS, lambda folder: write_authors(either, folder, *NAMES), [], MADE_FROM)
    assert store.partition_rows(AUTHORS) == dict.fromkeys(NAMES, 2)
    assert authors(store) == sorted((name, number) for name in NAMES for number in (1, 2))
    assert {row["source_path"] for row in store.read(AUTHORS).collect()} == set(NAMES)


def test_partitions_are_replaced_and_taken_out_in_one_commit(sail: Engine, tmp_path: Path) -> None:
    store = Store(tmp_path, sail)
    first = store.replace_partitions(AUTHORS, lambda folder: write_authors(sail, folder, *NAMES), [], MADE_FROM)
    second = store.replace_partitions(
        AUTHORS, lambda folder: write_authors(sail, folder, NAMES[0], "new.gz"), [NAMES[1]], MADE_FROM
    )
    assert second.version == first.version + 1
    assert second.n_rows == 6
    assert store.partition_rows(AUTHORS) == {NAMES[0]: 2, NAMES[2]: 2, "new.gz": 2}
    third = store.replace_partitions(AUTHORS, None, [NAMES[0], "never there"], MADE_FROM)
    assert (third.n_rows, set(store.partition_rows(AUTHORS))) == (4, {NAMES[2], "new.gz"})


def test_a_cleared_table_is_empty_and_counts_its_versions_on(sail: Engine, tmp_path: Path) -> None:
    store = Store(tmp_path, sail)
    first = store.replace_partitions(AUTHORS, lambda folder: write_authors(sail, folder, *NAMES), [], MADE_FROM)
    store.clear(AUTHORS, MADE_FROM)
    cleared = store.provenance(AUTHORS)
    assert cleared is not None
    assert cleared.version > first.version
    assert (cleared.n_rows, authors(store), store.partition_rows(AUTHORS)) == (0, [], {})
    store.replace_partitions(AUTHORS, lambda folder: write_authors(sail, folder, NAMES[2]), [], MADE_FROM)
    assert store.partition_rows(AUTHORS) == {NAMES[2]: 2}
    assert store.matches_declaration(AUTHORS)


def test_bounds_and_nulls_of_flat_columns_are_told(sail: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "v000001"
    rows = [(3, "b", None, [1]), (1, None, 0.5, None), (2, "a", 0.1, [])]
    sail.spark.createDataFrame(rows, "id bigint, name string, score double, ids array<bigint>").coalesce(
        1
    ).write.parquet(str(folder))
    (file,) = staged_files(folder, [])
    stats = json.loads(file.stats)
    assert (file.n_rows, stats["numRecords"]) == (3, 3)
    assert stats["minValues"]["id"] == 1
    assert stats["maxValues"]["id"] == 3
    assert (stats["minValues"]["name"], stats["maxValues"]["name"]) == ("a", "b")
    assert (stats["nullCount"]["name"], stats["nullCount"]["score"]) == (1, 1)
    assert "ids" not in file.nulls, "footers do not count null arrays"
    assert "score" not in stats["minValues"], "bounds of doubles are not told: NaN has no place among them"


def test_readers_skip_by_the_bounds(sail: Engine, tmp_path: Path) -> None:
    store = Store(tmp_path, sail)
    store.replace_partitions(AUTHORS, lambda folder: write_authors(sail, folder, *NAMES), [], MADE_FROM)
    actions = pa.table(DeltaTable(store.path(AUTHORS)).get_add_actions(flatten=True)).to_pylist()
    assert all((action["min.author_id"], action["max.author_id"]) == (1, 2) for action in actions)


@pytest.mark.parametrize("partition_columns", [[], ["source_path"]])
def test_an_empty_folder_stages_nothing(tmp_path: Path, partition_columns: list[str]) -> None:
    assert staged_files(tmp_path, partition_columns) == []
