"""The report as files: one page that needs nothing else, rows and pictures beside it, the same bytes each time."""

import json
import re
import runpy
import shutil
import struct
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from deltalake import DeltaTable

from report.asked import ASKED, results
from scholarflow.cli import main
from scholarflow.countries import COUNTRIES
from scholarflow.engine import Store
from scholarflow.progress import Silent
from scholarflow.report import write_report
from scholarflow.report.files import files_named_by
from scholarflow.report.page import Page, html
from scholarflow.report.reading import Results, read_results
from scholarflow.report.sections import sections
from scholarflow.tables import PUBLIC

STUDY = "ai-us-cn"


class _Page(HTMLParser):
    """What a page holds: elements with attributes, and text by element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _specifications(page: str) -> dict[str, dict[str, object]]:
    found = re.search(r'<script id="specifications" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    specifications: dict[str, dict[str, object]] = json.loads(found[1])
    return specifications


@pytest.fixture(scope="module")
def page(written: Path) -> str:
    return (written / "index.html").read_text(encoding="utf-8")


def test_the_page_names_every_figure_and_needs_no_other_file(page: str) -> None:
    parsed = _Page(page)
    figures = [a["id"] for a in parsed.all("figure")]
    assert len(figures) == 26
    assert len(page) < 5_000_000
    assert all("src" not in a for a in parsed.all("script"))
    assert not parsed.all("img")
    assert [a["href"] for a in parsed.all("link")] == ["data:,"]
    beside = [str(a["href"]) for a in parsed.all("a")]
    assert not [href for href in beside if "://" in href]
    ids = [a["id"] for _, a in parsed.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in beside if href.startswith("#")} <= set(ids)


def test_files_beside_the_page_are_there_and_whole(written: Path, page: str) -> None:
    drawn = _specifications(page).keys()
    assert drawn
    for name in drawn:
        svg = (written / f"figures/{name}.svg").read_text(encoding="utf-8")
        assert svg.startswith("<svg")
        assert "Infinity" not in svg
        assert "NaN" not in svg
        png = (written / f"figures/{name}.png").read_bytes()
        width, height = struct.unpack(">II", png[16:24])
        assert png.startswith(b"\x89PNG")
        assert width > 1000
        assert height > 100
    files = {path.stem for path in written.rglob("*") if path.is_file()}
    assert files == {*drawn, "index"}  # nothing unfinished


def test_the_rows_of_a_figure_are_rows_of_its_table(written: Path, page: str, finished_root: Path) -> None:
    tables = {
        path.stem: path.read_text().splitlines() for path in (finished_root / "studies" / STUDY / "csv").glob("*.csv")
    }
    headers = {lines[0]: name for name, lines in tables.items()}
    for path in sorted((written / "data").glob("*.csv")):
        header, *lines = path.read_text().splitlines()
        assert lines, path.name
        assert set(lines) <= set(tables[headers[header]][1:]), path.name
        assert len(set(lines)) == len(lines)
        assert f">{len(lines):,} rows of {headers[header]}<" in page


def test_a_report_takes_away_what_an_earlier_one_wrote_there_and_nothing_else(
    written: Path, finished_root: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(written, out)
    page = out / "index.html"
    left = [out / "data" / "gone.csv", out / "figures" / "gone.svg", out / "figures" / "gone.png"]
    links = "".join(f'<a href="{file.relative_to(out)}">' for file in (*left, out / "data" / ".." / "mine.csv"))
    for file in left:
        file.write_text("of a figure that this study has not")
    (out / "data" / "mine.csv").write_text("nobody's but mine")
    page.write_text(page.read_text(encoding="utf-8") + links, encoding="utf-8")
    write_report(finished_root, out, STUDY, Silent())
    assert not [file for file in left if file.exists()]
    files = {path.relative_to(out) for path in out.rglob("*") if path.is_file()}
    assert files == {Path("data/mine.csv")} | {path.relative_to(written) for path in written.rglob("*.*")}


def test_files_beside_a_page_of_something_else_are_not_its_own(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    assert files_named_by(page) == set()
    page.write_text('<a href="data/mine.csv">')
    assert files_named_by(page) == set()


def test_definitions_are_those_of_the_declarations(page: str) -> None:
    said = {name: table.comment for name, table in PUBLIC.items() if table.as_csv}
    plain = re.sub(r"&#39;", "'", page).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    for name in ("country_years", "migration_flows", "citation_premium"):
        assert said[name] in plain
    premium = next(column for column in PUBLIC["citation_premium"].columns if column.name == "premium_pct")
    assert premium.comment in plain


def test_the_same_tables_give_the_same_bytes(written: Path, finished_root: Path, tmp_path: Path) -> None:
    write_report(finished_root, tmp_path / "again", STUDY, Silent())
    files = sorted(path.relative_to(written) for path in written.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*.*"))
    for file in files:
        assert (written / file).read_bytes() == (tmp_path / "again" / file).read_bytes(), file


def test_text_of_the_tables_is_no_markup(finished_root: Path) -> None:
    found = results(
        country_totals="country_code years n_works share_works n_scientists rank_works\nUS period 1 1.0 1 1",
    )
    row = dict(found["country_totals"][0], country_name="</script><b>US")
    page = html(Page(ASKED, [], sections(Results({"country_totals": [row]}), ASKED, {}), {"ranking": b""}, []))
    assert "</script><b>US" not in page
    assert "<b>US" not in page


def test_a_table_that_is_missing_leaves_a_sentence(finished_root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "root"
    shutil.copytree(finished_root, copy)
    whole = read_results(Store(copy, study=STUDY))
    assert not whole.missing
    for table in PUBLIC.values():
        if table.as_csv and table.name not in ("coverage_years", "elite_mobility"):
            shutil.rmtree(copy / "studies" / STUDY / table.name)
    page = write_report(copy, tmp_path / "out", None, Silent()).read_text()
    assert "Table country_totals is missing; `scholarflow run` makes it." in page
    assert "none recorded: the tables that compare them are missing" in page
    assert "coverage" in _specifications(page)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--root", "R", "--out", "O"], 3, "no tables here; `scholarflow ingest` makes them"),
        (["--root", "ROOT"], 2, "Missing option '--out'"),
        (["--root", "ROOT", "--out", "O", "--study", "other"], 2, f"no such study under ROOT; studies: {STUDY}"),
        (["--root", "ROOT", "--out", "FILE/O"], 3, "FILE"),
        (["--root", "ROOT", "--out", "FILE"], 3, "--out FILE: is no folder"),
        (["--root", "ROOT", "--out", "s3://bucket/O"], 2, "is written locally"),
    ],
    ids=["no tables", "no out", "no such study", "not writable", "a file", "object store"],
)
def test_what_a_user_can_get_wrong(
    arguments: list[str],
    status: int,
    message: str,
    finished_root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE").write_text("a file, no folder")
    (tmp_path / "ROOT").symlink_to(finished_root)
    with pytest.raises(SystemExit) as ended:
        main(["report", *arguments])
    error = capfd.readouterr().err.strip().splitlines()
    assert ended.value.code == status
    assert message in error[-1]
    assert error[-1].startswith("scholarflow: ")
    assert not (tmp_path / "O").exists()


def test_a_study_without_results(finished_root: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "root"
    shutil.copytree(finished_root, copy)
    shutil.rmtree(copy / "studies")
    with pytest.raises(SystemExit) as ended:
        main(["report", "--root", str(copy), "--out", str(tmp_path / "out")])
    assert ended.value.code == 3
    assert "no results here; `scholarflow run` makes them" in capfd.readouterr().err


def test_the_job_takes_the_arguments_of_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["report.py", "--root", str(tmp_path / "none"), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(Path(__file__).parents[2] / "jobs/report.py"), run_name="__main__")
    assert ended.value.code == 3
    assert "no tables here" in capfd.readouterr().err


def test_the_study_is_told_as_recorded(page: str, finished_root: Path) -> None:
    assert "Artificial intelligence" in page
    assert "2000–2021" in page
    assert f"{COUNTRIES['US']} and {COUNTRIES['CN']}" in page
    works = DeltaTable(finished_root / "works").to_pyarrow_dataset().count_rows()
    assert f"{works:,} in the snapshot" in page
