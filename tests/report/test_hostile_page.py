"""Names that a browser, a drawing program or a spreadsheet would act on, on the page and beside it: they stay text."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser

from browsing import Opened
from hostile import MARKUP, TEXTS
from report.asked import asked, results, whole
from scholarflow.foreign_text import printable
from scholarflow.report.figure import Figure
from scholarflow.report.files import as_csv, as_png, as_svg
from scholarflow.report.headlines import headlines
from scholarflow.report.page import Page, html
from scholarflow.report.reading import Results
from scholarflow.report.sections import sections

#: Where text of the snapshot or of the user's lists is drawn, besides names of fields: table, column, a value there.
NAMED = (
    ("publication_premium", "conference", "AAAI"),
    ("conference_sources", "conference", "AAAI"),
    ("citation_premium", "period", "2017-2021"),
)
UNDRAWABLE = "".join(text for text in TEXTS if len(text) < 100)


def named(*texts: str) -> Results:
    """The whole results, with a conference and a span of years of each name."""
    plain = results(**whole())
    tables = {table: [dict(row) for row in plain[table]] for table in whole()}
    for table, column, value in NAMED:
        of_value = [row for row in tables[table] if row[column] == value]
        others = [row for row in tables[table] if row[column] != value]
        tables[table] = [*others, *(row | {column: text} for row in of_value for text in texts)]
    return Results(tables)


@cache
def figures(text: str) -> dict[str, Figure]:
    """The figures that name conferences, spans and fields, by name."""
    chapters = sections(named(text), asked(), {"7": text, "8": text})
    drawn = {figure.name: figure for chapter in chapters for figure in chapter.figures if figure.spec}
    return {name: drawn[name] for name in ("conferences", "premium-periods", "premium-fields")}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["conferences", "premium-periods", "premium-fields"])
def test_a_drawing_holds_what_no_drawing_can_as_escapes(name: str) -> None:
    figure = figures(UNDRAWABLE)[name]
    svg = as_svg(figure.spec or {})
    elements = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert elements <= {"svg", "g", "path", "text", "tspan", "line", "rect", "defs", "clipPath", "title"}
    assert as_png(svg).startswith(b"\x89PNG")


@pytest.mark.slow
def test_csv_beside_the_page_has_the_name_behind_an_apostrophe() -> None:
    rows = csv.DictReader(io.StringIO(as_csv(figures("=1+1")["conferences"]).decode(), newline=""))
    assert {row["conference"] for row in rows} == {"'=1+1", "ICLR", "all"}


@pytest.mark.browser
def test_the_page_shows_names_as_text(browser: Browser, tmp_path: Path) -> None:
    study = asked(name=MARKUP[0], fields=MARKUP)
    found = named(*MARKUP)
    chapters = sections(found, study, {"7": MARKUP[0], "8": MARKUP[1]})
    rows = {figure.name: as_csv(figure) for chapter in chapters for figure in chapter.figures}
    page = tmp_path / "index.html"
    page.write_text(html(Page(study, headlines(found, study), chapters, rows, [])), encoding="utf-8")
    opened = Opened(browser, page, width=1280, scheme="light")
    opened.require_nothing_ran()
    told = opened.page
    assert told.title() == f"{MARKUP[0]}: report"
    assert told.locator("dl.facts dd").first.text_content() == f"{', '.join(MARKUP)} (concept)"
    cells = told.locator("#figure-conferences td").all_text_contents()
    assert {printable(text) for text in MARKUP} <= set(cells)
    told.locator("#figure-conferences .mark-symbol path, #figure-conferences .mark-rect path").first.hover(force=True)
    told.wait_for_selector("#vg-tooltip-element.visible")
    assert "<" in told.inner_text("#vg-tooltip-element")
    opened.require_nothing_ran()
    told.context.close()
