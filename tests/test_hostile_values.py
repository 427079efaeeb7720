"""A snapshot whose every text is code to something, from its files to the last page: it stays data all the way."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from playwright.sync_api import Browser
from rich.cells import cell_len

import hostile
from browsing import Opened
from hostile import TEXTS, URL
from scholarflow.cli import main
from scholarflow.engine import Store
from scholarflow.pipeline import STAGES
from scholarflow.tables import PUBLIC
from stored_tables import stored

pytestmark = pytest.mark.slow

#: Members of records that tables hold as they are: table, entity, columns by member.
AS_THEY_ARE = (
    ("works", "works", {"title": "title", "language": "language", "type": "work_type"}),
    ("authors", "authors", {"display_name": "name"}),
    ("institutions", "institutions", {"display_name": "name", "type": "institution_type"}),
    ("sources", "sources", {"display_name": "name", "type": "source_type"}),
)
EXPORTED = ("works", "work_fields", "authors", "institutions", "sources", "fields", "rejects", "top_institutions")
#: Names of the user's own: a conference, and a span of years.
CONFERENCE, SPAN = "=HYPERLINK(1)", "</script><script>alert(9)</script>"
SPANS = f"comparison.periods=[{{name={SPAN!a}, first_year=2000, last_year=2021}}]"


@dataclass
class Made:
    """What the commands made of a snapshot under a folder, and what they said."""

    folder: Path
    records: dict[str, list[dict[str, Any]]]
    refused: list[str]
    said: list[str] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.folder / "root '; DROP TABLE works; --<b>$(id)`id`é=1+1"

    def run(self, *arguments: str) -> str:
        """Runs a command from an empty folder, which must end well; gives what it printed."""
        printed, said = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.folder / "empty"),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(said),
        ):
            main(arguments)
        self.said.append(printed.getvalue() + said.getvalue())
        return printed.getvalue()

    def table(self, name: str) -> pa.Table:
        return stored(Store(self.root), PUBLIC[name])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Every command over a hostile snapshot, once."""
    folder = tmp_path_factory.mktemp("hostile")
    snapshot, own = folder / "in", folder / "own.csv"
    made = Made(folder, *hostile.openalex_snapshot(snapshot, works=500))
    own.write_text(f"conference,kind,value,first_year,last_year,note\n{CONFERENCE},source_id,4210191458,,,\n")
    (folder / "empty").mkdir()
    at = ("--root", str(made.root))
    settings = ("--set", "bootstrap.replicates=20", "--set", f"conferences.file={own}", "--set", SPANS)
    made.run("ingest", "openalex", "--input", str(snapshot), *at, "--allow-incomplete")
    made.run("run", *at, *settings)
    made.run("check", *at, *settings)
    made.run("network", *at, "--level", "institution")
    made.run("regress", *at)
    made.run("tables", *at)
    made.run("show", "rejects", *at, "--limit", "60")
    made.run("export", *EXPORTED, *at, "--out", str(folder / "export"))
    made.run("report", *at, "--out", str(folder / "report"))
    return made


@pytest.mark.parametrize(("table", "entity", "columns"), AS_THEY_ARE, ids=[name for name, *_ in AS_THEY_ARE])
def test_every_text_is_in_the_tables_as_it_was(made: Made, table: str, entity: str, columns: dict[str, str]) -> None:
    key = PUBLIC[table].grain[0]
    rows = {row[key]: row for row in made.table(table).to_pylist()}
    assert len(rows) == len(made.records[entity]) > len(TEXTS)
    for record in made.records[entity]:
        row = rows[int(record["id"][len(URL) + 1 :])]
        assert {member: row[column] for member, column in columns.items()} == {
            member: record[member] for member in columns
        }


def test_so_are_names_of_fields_and_keywords(made: Made) -> None:
    rows = {(row["scheme"], row["field_id"]): row["name"] for row in made.table("fields").to_pylist()}
    for scheme, entity in (("concept", "concepts"), ("topic", "topics")):
        for record in made.records[entity]:
            assert rows[scheme, int(record["id"][len(URL) + 1 :])] == record["display_name"]
    keywords = {work["keywords"][0]["id"] for work in made.records["works"]}
    of_works = made.table("work_fields").filter(pc.field("scheme") == "keyword")["field_key"].unique().to_pylist()
    assert set(of_works) == {address.rpartition("/")[2] for address in keywords}


def test_a_text_is_found_by_its_value(made: Made) -> None:
    institutions = DeltaTable(made.root / "institutions").to_pyarrow_dataset()
    names = [record["display_name"] for record in made.records["institutions"]]
    for text in TEXTS:
        assert institutions.to_table(filter=pc.field("name") == text).num_rows == names.count(text) > 0
        if text.isprintable() and 0 < len(text) < 100 and text != "null":  # NAME=null asks for what has no name
            shown = made.run("show", "institutions", "--root", str(made.root), "--where", f"name={text}")
            assert f"{names.count(text)} of {names.count(text)} rows" in shown


def test_what_is_no_record_is_refused_with_its_line_and_a_file_outside_is_not_read(made: Made) -> None:
    rejects = {row["record"]: row["reason"] for row in made.table("rejects").to_pylist()}
    assert rejects.pop(None) == "listed in the manifest, missing"
    assert list(rejects) == made.refused
    assert {reason[:12] for reason in rejects.values()} == {"no work_id", "not a record"}


def test_every_file_is_counted_under_its_name(made: Made) -> None:
    snapshot = made.folder / "in"
    counted = {row["source_path"]: row["n_read"] for row in made.table("ingest_counts").to_pylist()}
    assert counted.pop(f"data/jsonl/works/{hostile.OUTSIDE}") == 0
    files = [path for path in snapshot.rglob("*") if path.suffix in (".gz", ".jsonl")]
    assert counted.keys() == {path.relative_to(snapshot).as_posix() for path in files}
    assert len(files) == 6 * len(hostile.FILE_NAMES) + 1
    assert sum(counted.values()) == sum(map(len, made.records.values())) + len(made.refused)


def test_nothing_is_written_elsewhere(made: Made) -> None:
    assert {path.name for path in made.folder.iterdir()} == {
        *("in", "own.csv", "empty", "export", "report", made.root.name)
    }
    assert list((made.folder / "empty").iterdir()) == []
    named_by_data = re.compile(r"passwd|DROP|script|HYPERLINK|jndi|:|\\|\n")
    written = [
        path.relative_to(made.folder / top)
        for top in ("export", "report", made.root.name)
        for path in (made.folder / top).rglob("*")
    ]
    assert [path for path in written if named_by_data.search(str(path))] == []


def test_a_terminal_is_told_nothing(made: Made) -> None:
    shown = made.run("show", "institutions", "--root", str(made.root), "--limit", "60")
    assert "long long" in shown
    assert max(map(cell_len, shown.splitlines())) <= 240
    assert {character for said in made.said for character in said if _is_acted_on(character)} == set()


def _is_acted_on(character: str) -> bool:
    """Whether a terminal does something at a character, by what Unicode says of it: a control, or one that reverses."""
    kind, direction = unicodedata.category(character), unicodedata.bidirectional(character)
    return (kind in ("Cc", "Cs", "Zl", "Zp") and character != "\n") or (kind == "Cf" and direction != "BN")


def test_a_terminal_without_the_letters_is_told_escapes(made: Made) -> None:
    command = [sys.executable, "-c", "from scholarflow.cli import main; main()", "show", "institutions"]
    shown = subprocess.run(
        [*command, "--limit", "60", "--root", made.root],
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\\U0001f9ea" in shown.stdout


def test_csv_reads_back_but_for_the_apostrophe(made: Made) -> None:
    csv.field_size_limit(1 << 20)
    n_guarded = 0
    for name in EXPORTED:
        path = made.folder / "export" / f"{name}.csv.gz"
        rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode(), newline="")))
        table = pq.read_table(path.with_name(f"{name}.parquet"))
        texts = [column.name for column in table.schema if pa.types.is_string(column.type)]
        assert len(rows) == table.num_rows > 0
        for row, exact in zip(rows, table.select(texts).to_pylist(), strict=True):
            for column, text in exact.items():
                assert row[column] in (text or "", f"'{text}"), (name, column)
                n_guarded += row[column] == f"'{text}"
        assert_safe(rows, texts)
        sql = f"SELECT * FROM read_csv('{path}', all_varchar = true, max_line_size = 4000000)"
        by_duckdb = duckdb.sql(sql).to_arrow_table().select(texts).to_pylist()
        assert [{c: text or "" for c, text in row.items()} for row in by_duckdb] == [
            {c: row[c] for c in texts} for row in rows
        ]
        by_pandas = pd.read_csv(path, dtype=str, keep_default_na=False, engine="python")
        assert by_pandas[texts].to_dict("records") == [{c: row[c] for c in texts} for row in rows]
    assert n_guarded > 100


def assert_safe(rows: list[dict[str, str]], texts: list[str]) -> None:
    """No cell of text begins so that a spreadsheet runs it."""
    for row in rows:
        assert not [row[column] for column in texts if re.match("[=+@\t\r\n\0＝＋－＠-]", row[column])]


def test_so_do_the_results(made: Made) -> None:
    folder = made.root / "studies/ai-us-cn/csv"
    found: dict[str, list[dict[str, str]]] = {}
    for table in (stage.table for stage in STAGES if stage.table.as_csv):
        with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as lines:
            found[table.name] = list(csv.DictReader(lines))
        texts = [column.name for column in table.columns if column.type.simpleString() == "string"]
        assert_safe(found[table.name], texts)
    assert all(found[name] for name in ("top_institutions", "country_totals", "migration_flows", "study_statistics"))
    assert {row["conference"] for row in found["publication_premium"]} == {f"'{CONFERENCE}", "all"}
    assert SPAN in {row["period"] for row in found["citation_premium"]}
    assert {row["name"] for row in found["conference_sources"]} <= {*TEXTS, *(f"'{text}" for text in TEXTS)}


@pytest.mark.browser
def test_the_report_shows_them_as_text(made: Made, browser: Browser) -> None:
    opened = Opened(browser, made.folder / "report/index.html", width=1280, scheme="light")
    opened.require_nothing_ran()
    assert opened.page.locator("dl.facts dd").first.inner_text() == f"{hostile.MARKUP[1]} (concept)"
    opened.page.context.close()


def test_names_and_titles_of_mag(tmp_path: Path) -> None:
    given = hostile.mag_dump(tmp_path / "in", works=300)
    made = Made(tmp_path, {}, [])
    (tmp_path / "empty").mkdir()
    made.run("ingest", "mag", "--input", str(tmp_path / "in"), "--root", str(made.root))
    for table, names, column in (
        ("works", given["Papers"], "title"),
        ("authors", given["Authors"], "name"),
        ("institutions", given["Affiliations"], "name"),
        ("sources", given["Journals"] | given["ConferenceSeries"], "name"),
    ):
        rows = made.table(table)
        found = dict(zip(rows[PUBLIC[table].grain[0]].to_pylist(), rows[column].to_pylist(), strict=True))
        # NUL and CR stand inside fields of real dumps and belong to none; an empty cell is null.
        kept = {id_: re.sub("[\0\r]", "", text) or None for id_, text in names.items()}
        assert found == {id_: kept[id_] for id_ in found}
        assert len(found) > len(TEXTS)
    assert made.table("rejects").num_rows == 0
