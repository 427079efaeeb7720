"""Snapshots in which most lines are odd, ingested: the sound records are as they were, and every line is counted."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ingest import mag_dump, odd_input, openalex_dump
from ingest.mag_dump import Tables
from ingest.openalex_dump import URL, cites
from scholarflow.engine import Engine
from scholarflow.ingest.mag_tables import MAG_TABLES

#: Ids that no odd line has.
SOUND = range(10_000_001, 10_000_021)
ODD_LINES = 120

#: An ingest takes seconds: one of a seed that is always the same, and `make fuzz` takes one after the other.
whole_ingest = settings(
    max_examples=max(1, settings.default.max_examples // 100),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def require_closed(tables: Tables, n_written: dict[str, int]) -> None:
    """Every line that is not blank was read, and is kept, refused, dropped or superseded."""
    counts = tables.counts()
    assert {name: counts[name].get("n_read", 0) for name in n_written} == n_written
    for name, of_file in counts.items():
        ends = [of_file.get(end, 0) for end in ("n_kept", "n_rejected", "n_dropped", "n_superseded")]
        assert of_file.get("n_read", 0) == sum(ends), name


def write_lines(path: Path, lines: list[bytes], random: Random) -> None:
    """Writes the lines in any order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random.shuffle(lines)
    path.write_bytes(b"\n".join(lines))


@pytest.mark.slow
@whole_ingest
@example(seed=1)  # a line of a list with nothing but a NUL byte
@given(seed=st.integers(0, 2**32))
def test_openalex(seed: int, sail: Engine, tmp_path_factory: Any) -> None:
    random = Random(seed)
    snapshot = tmp_path_factory.mktemp("openalex")
    n_written = {}
    for entity, record in odd_input.RECORDS.items():
        letter = str(record["id"])[len(URL)]
        odd = [
            odd_input.odd_line({**record, "id": f"{URL}{letter}{random.randint(1, ODD_LINES)}"}, random)
            for _ in range(ODD_LINES)
        ]
        cited = cites(20_000_001, 20_000_002)  # odd lists merge smaller ids
        sound = [
            json.dumps({**record, "id": f"{URL}{letter}{number}", "referenced_works": cited}).encode()
            for number in SOUND
        ]
        name = f"data/jsonl/{entity}/updated_date=2026-01-01/part_0000.jsonl"
        lines = [line for line in odd if line.strip()] + sound
        write_lines(snapshot / name, lines, random)
        n_written[name] = len(lines)
    lists = {"merged_ids/works/2026-01-01.csv": "merge_date,id,merge_into_id", "works/deleted_ids.csv": "work_id,date"}
    for name, header in lists.items():
        odd = [odd_input.odd_row(3, random).replace(b"\t", b",") for _ in range(ODD_LINES)]
        write_lines(snapshot / f"data/jsonl/{name}", [*odd, header.encode()], random)
        n_written[f"data/jsonl/{name}"] = odd_input.n_rows(odd, stray=b"\r")
    tables = openalex_dump.ingested(sail, snapshot, tmp_path_factory.mktemp("root"))
    require_closed(tables, n_written)
    works = tables.rows("works", "work_id title n_authors referenced_works countries first_countries")
    sound_work = ("a title", 2, [20_000_001, 20_000_002], ["CN", "FR", "US"], ["CN", "US"])
    assert [row for row in works if row[0] in SOUND] == [(number, *sound_work) for number in SOUND]
    assert [row for row in tables.rows("institutions", "institution_id name") if row[0] in SOUND] == [
        (number, "a university") for number in SOUND
    ]


@whole_ingest
@given(seed=st.integers(0, 2**32))
def test_openalex_as_parquet(seed: int, sail: Engine, tmp_path_factory: Any) -> None:
    random = Random(seed)
    snapshot = tmp_path_factory.mktemp("parquet")
    part = snapshot / "data/parquet/works/updated_date=2026-01-01/part_0000.parquet"
    part.parent.mkdir(parents=True)
    odd = [(random.choice(odd_input.TEXTS), random.choice(odd_input.NUMBERS[:5])) for _ in range(ODD_LINES)]
    sound = [(f"{URL}W{number}", 2010) for number in SOUND]
    ids, years = zip(*odd, *sound, strict=True)
    # Neither are all titles UTF-8: no reader of Parquet looks at that.
    titles = pa.array([random.randbytes(2) for _ in odd] + [b"a title" for _ in SOUND]).view(pa.string())
    columns = {"id": list(ids), "publication_year": pa.array(years, pa.int64()), "title": titles}
    pq.write_table(pa.table(columns), part)
    tables = openalex_dump.ingested(sail, snapshot, tmp_path_factory.mktemp("root"))
    require_closed(tables, {part.relative_to(snapshot).as_posix(): len(ids)})
    works = [row for row in tables.rows("works", "work_id title") if row[0] in SOUND]
    assert works == [(number, "a title") for number in SOUND]


@whole_ingest
@given(seed=st.integers(0, 2**32))
def test_mag(seed: int, sail: Engine, tmp_path_factory: Any) -> None:
    random = Random(seed)
    dump = tmp_path_factory.mktemp("mag")
    sound: dict[str, list[str]] = {
        "Papers": [mag_dump.paper(number, PaperTitle="a title") for number in SOUND],
        "PaperAuthorAffiliations": [mag_dump.signed(number, 11, 10_000_001) for number in SOUND],
        "Affiliations": [mag_dump.affiliation(10_000_001, "US")],
    }
    n_written = {}
    for table in MAG_TABLES:
        rows = [row.encode() for row in sound.get(table.name, [])]
        rows += [odd_input.odd_row(len(table.columns), random) for _ in range(ODD_LINES)]
        write_lines(dump / f"{table.name}.txt", rows, random)
        n_written[f"{table.name}.txt"] = odd_input.n_rows(rows)
    tables = mag_dump.ingested(sail, dump, tmp_path_factory.mktemp("root"))
    require_closed(tables, n_written)
    works = tables.rows("works", "work_id title n_authors countries")
    assert [row for row in works if row[0] in SOUND] == [(number, "a title", 1, ["US"]) for number in SOUND]
