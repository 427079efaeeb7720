"""The report of the small snapshot, made once."""

from pathlib import Path

import pytest

from report.asked import ASKED, results, whole
from scholarflow.progress import Silent
from scholarflow.report import write_report
from scholarflow.report.files import as_csv
from scholarflow.report.headlines import headlines
from scholarflow.report.page import Page, html
from scholarflow.report.sections import sections


@pytest.fixture(scope="session")
def written(finished_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the report; to be read, not changed."""
    out = tmp_path_factory.mktemp("report") / "out"
    write_report(finished_root, out, None, Silent())
    return out


@pytest.fixture(scope="session")
def whole_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every figure, of the literals."""
    chapters = sections(results(**whole()), ASKED, {"7": "Databases"})
    csv = {figure.name: as_csv(figure) for chapter in chapters for figure in chapter.figures}
    file = tmp_path_factory.mktemp("whole") / "index.html"
    sentences = headlines(results(**whole()), ASKED)
    file.write_text(html(Page(ASKED, sentences, chapters, csv, [("country_totals", 1, 3)])), encoding="utf-8")
    return file
