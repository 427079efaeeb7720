"""Any bytes in a MAG dump, and in the lists of ids beside OpenAlex: every line a row or a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame

from ingest import odd_input
from scholarflow.engine import Engine, SourceFile, read_lines
from scholarflow.engine.verification import require_schema
from scholarflow.errors import InputError
from scholarflow.ingest.mag_snapshot import country_rows, layout_of
from scholarflow.ingest.mag_tables import MAG_TABLES, Layout, MagTable, parsed_rows
from scholarflow.ingest.openalex_snapshot import deleted_id_rows, merged_id_rows
from scholarflow.tables import Table, parsed

YEARS = {"first_year": 1000, "last_year": 2050}
RANDOM = st.randoms(use_true_random=False)
#: The engine works on many lines in the time it takes to begin: each example has some.
LINES = 25
by_an_engine = settings(max_examples=max(5, settings.default.max_examples // 10))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file that every example writes anew."""
    return tmp_path_factory.mktemp("odd") / "part"


def source_file(path: Path, content: bytes) -> SourceFile:
    path.write_bytes(content)
    return SourceFile(path, path.name, len(content))


def require_rows_or_refusals(rows: DataFrame, table: Table, n_lines: int) -> None:
    """As many rows as lines; of a refusal only what is refused and why; of a row no id that is not above 0."""
    require_schema(rows.schema, table)
    found = [row.asDict() for row in rows.collect()]
    assert len(found) == n_lines
    for row in found:
        assert row.pop("source_path")
        reason, record = row.pop("reject_reason"), row.pop("record")
        if reason is None:
            assert record is None
            ids = [value for name, value in row.items() if name.endswith("_id") and isinstance(value, int)]
            assert all(id_ > 0 for id_ in ids)
        else:
            assert record is not None
            assert len(record) <= 2000
            assert set(row.values()) == {None}


@pytest.mark.parametrize("table", MAG_TABLES, ids=[table.name for table in MAG_TABLES])
@by_an_engine
@given(random=RANDOM, dated=st.booleans())
def test_any_line_of_mag_is_a_row_or_a_refusal(
    table: MagTable, random: Random, dated: bool, sail: Engine, file: Path
) -> None:
    # The OpenAlex MAG format has a column of its own for when a row was updated.
    layout = Layout((*table.columns, "UpdatedDate"), has_header=True) if dated else Layout(table.columns)
    seed = random.getrandbits(64)
    lines = [odd_input.odd_row(len(layout.columns), Random(seed + at)) for at in range(LINES)]
    content = b"\n".join(lines)
    rows = parsed_rows(read_lines(sail, [source_file(file, content)]), table, layout, **YEARS)
    require_rows_or_refusals(rows, table.table, odd_input.n_rows(lines))


@pytest.mark.parametrize("table", MAG_TABLES, ids=[table.name for table in MAG_TABLES])
@given(random=RANDOM, content=st.binary(max_size=100), archived=st.booleans())
def test_the_version_of_any_file_is_found_or_the_file_named(
    table: MagTable, random: Random, content: bytes, archived: bool, file: Path
) -> None:
    n_columns = random.choice([*table.versions])
    content += b"\n" + b"\n".join(odd_input.odd_row(n_columns, random) for _ in range(random.randrange(3)))
    path = file.with_suffix(".gz" if archived else ".txt")
    odd = source_file(path, odd_input.odd_archive(content, random) if archived else content)
    layout, problem = None, ""
    try:
        layout = layout_of(table, [odd])
    except InputError as error:
        problem = str(error)
    assert path.name in problem or layout in table.versions.values() or (layout and layout.has_header)


@pytest.mark.parametrize("name", ["merged_ids", "deleted_ids", "affiliation_countries"])
@by_an_engine
@given(random=RANDOM)
def test_any_line_of_a_list_is_a_row_or_a_refusal(name: str, random: Random, sail: Engine, file: Path) -> None:
    parse, table, header = {
        "merged_ids": (merged_id_rows, parsed.MERGED_IDS, b"merge_date,id,merge_into_id"),
        "deleted_ids": (deleted_id_rows, parsed.DELETED_IDS, b"work_id,deleted_date"),
        "affiliation_countries": (country_rows, parsed.AFFILIATION_COUNTRIES, b"affiliation,country_code"),
    }[name]
    seed = random.getrandbits(64)
    lines = [odd_input.odd_row(3, Random(seed + at)).replace(b"\t", b",") for at in range(LINES)]
    content = b"\n".join([header, *lines])
    stray = b"\r\0" if name == "affiliation_countries" else b"\r"
    require_rows_or_refusals(parse(sail, [source_file(file, content)]), table, odd_input.n_rows(lines, stray))
