"""The truth beside a snapshot against a slow reading of the same files, in every form a snapshot takes."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from scholarflow.simulate import simulate
from simulate.reading import MagReading, OpenAlexReading, in_order, true_rows

TABLES = ("works", "authorships", "citations", "work_fields", "institutions", "sources", "fields", "authors")
FORMS: dict[str, dict[str, Any]] = {
    "openalex clean": {"format": "openalex"},
    "openalex dirty": {"format": "openalex", "dirty": True},
    "openalex dirty parquet": {"format": "openalex", "dirty": True, "encoding": "parquet"},
    "openalex dirty next release": {"format": "openalex", "dirty": True, "release": 2},
    "legacy dirty": {"format": "openalex", "dirty": True, "layout": "legacy"},
    "legacy dirty next release": {"format": "openalex", "dirty": True, "layout": "legacy", "release": 2},
    "mag clean": {"format": "mag", "compress": True},
    "mag dirty": {"format": "mag", "dirty": True},
    "mag dirty next release": {"format": "mag", "dirty": True, "release": 2},
}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
    read.cache_clear()


@functools.cache
def read(form: str, folder: Path) -> tuple[Path, MagReading | OpenAlexReading]:
    root = folder / form.replace(" ", "-")
    simulate(root, works=2_500, seed=11, **FORMS[form])
    return root, MagReading(root) if FORMS[form]["format"] == "mag" else OpenAlexReading(root)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_truth_is_what_a_slow_reading_finds(form: str, folder: Path) -> None:
    root, reading = read(form, folder)
    for table in TABLES:
        found, expected = in_order(reading.rows[table]), true_rows(root, table)
        different = [(a, b) for a, b in zip(found, expected, strict=False) if a != b]
        assert not different, (table, different[:3])
        assert len(found) == len(expected), table
        assert len(set(expected)) == len(expected), f"{table}: repeated rows"
    assert sorted(reading.rejects) == sorted(true_rows(root, "rejects"))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_counts_close_and_match(form: str, folder: Path) -> None:
    root, reading = read(form, folder)
    counts = pq.read_table(root / "truth/ingest_counts.parquet").to_pylist()
    assert {row["source_path"] for row in counts} == set(reading.counts)
    for row in counts:
        assert row["n_read"] == row["n_kept"] + row["n_rejected"] + row["n_dropped"] + row["n_superseded"]
        assert row["n_dropped"] == sum(value for key, value in row.items() if key.startswith("dropped_"))
        found = reading.counts[row["source_path"]]
        whole = FORMS[form]["format"] == "openalex" or row["entity"] == "Papers"
        compared = (set(row) - {"source_path", "entity", "n_dropped"}) if whole else {"n_read", "n_rejected"}
        assert {key: row[key] for key in compared} == {key: found[key] for key in compared}, row["source_path"]


@pytest.mark.parametrize(
    ("form", "outcomes"),
    [
        ("openalex dirty", {"n_superseded", "dropped_paratext", "dropped_xpac", "dropped_deleted"}),
        ("legacy dirty", {"n_superseded", "dropped_paratext", "dropped_merged"}),
        ("mag dirty", {"dropped_patent", "dropped_dataset"}),
    ],
)
def test_a_dirty_snapshot_has_every_defect(form: str, outcomes: set[str], folder: Path) -> None:
    root, _ = read(form, folder)
    counts = pq.read_table(root / "truth/ingest_counts.parquet").to_pylist()
    assert {key for key in outcomes if sum(row[key] for row in counts)} == outcomes
    reasons = {row["reason"] for row in pq.read_table(root / "truth/rejects.parquet").to_pylist()}
    assert reasons == {"no_id", "no_year", "bad_columns" if form == "mag dirty" else "malformed"}
    signed = pq.read_table(root / "truth/authorships.parquet").to_pandas()
    if form == "mag dirty":
        assert signed.duplicated(["work_id", "author_position", "author_id"]).any()
        return
    assert signed.author_id.isna().any()
    assert (signed.institution_id.isna() & signed.country_code.notna()).any()
