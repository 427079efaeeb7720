"""The page in a real browser: opened from disk, without a network, on a desk and on a phone, in light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browsing import Opened

pytestmark = pytest.mark.browser

DESK, PHONE = 1280, 390
#: Width of every drawn figure, and how many marks of more than no size it has.
_DRAWN = """
() => [...document.querySelectorAll(".chart")].map((chart) => {
  const svg = chart.querySelector("svg");
  const marks = svg ? [...svg.querySelectorAll(".mark-symbol path, .mark-rect path, .mark-line path, .mark-rule line, "
    + ".mark-path path, .mark-shape path, .mark-area path")] : [];
  const sized = marks.filter((mark) => { const box = mark.getBBox(); return box.width + box.height > 0; });
  return [chart.dataset.figure, svg ? svg.getBoundingClientRect().width : 0, sized.length];
})
"""
#: Words of legends that run out of their figure.
_CUT = """
() => [...document.querySelectorAll(".chart svg")].flatMap((svg) => [...svg.querySelectorAll(".role-legend-label text")]
  .filter((text) => text.getBoundingClientRect().right > svg.getBoundingClientRect().right + 1)
  .map((text) => `${svg.closest(".chart").dataset.figure}: ${text.textContent}`))
"""


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")])
def test_every_figure_is_drawn_without_a_complaint_or_a_request(
    browser: Browser, whole_page: Path, width: int, scheme: str
) -> None:
    assert len(_drawn(browser, whole_page, width, scheme)) == 26


@pytest.mark.slow
def test_so_is_the_report_of_a_run(browser: Browser, written: Path) -> None:
    assert len(_drawn(browser, written / "index.html", DESK, "light")) == len(list((written / "figures").glob("*.svg")))


def _drawn(browser: Browser, file: Path, width: int, scheme: str) -> list[str]:
    """Names of the figures drawn, after everything that must hold of a page was asserted."""
    opened = Opened(browser, file, width=width, scheme=scheme)
    opened.require_nothing_asked()
    drawn = opened.page.evaluate(_DRAWN)
    assert {name for name, shown, marks in drawn if shown < 200 or marks == 0} == set()
    assert max(shown for _, shown, _ in drawn) <= width
    assert opened.page.evaluate(_CUT) == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width  # nothing to scroll sideways
    opened.page.context.close()
    return [name for name, _, _ in drawn]


def test_dark_ground_recolours_figures_and_paper_is_light(browser: Browser, whole_page: Path) -> None:
    opened = Opened(browser, whole_page, width=DESK, scheme="dark")
    page = opened.page
    bar = '#figure-ranking [fill="#0072b2"]'
    colour = f"getComputedStyle(document.querySelector('{bar}')).fill"
    ground = "getComputedStyle(document.body).backgroundColor"
    assert (page.evaluate(colour), page.evaluate(ground)) == ("rgb(74, 168, 232)", "rgb(20, 24, 31)")
    page.get_by_role("button", name="light").click()
    assert (page.evaluate(colour), page.evaluate(ground)) == ("rgb(0, 114, 178)", "rgb(255, 255, 255)")
    page.get_by_role("button", name="dark").click()
    page.emulate_media(media="print")
    assert (page.evaluate(colour), page.evaluate(ground)) == ("rgb(0, 114, 178)", "rgb(255, 255, 255)")
    page.context.close()


def test_definitions_open_on_hover_and_by_keyboard(browser: Browser, whole_page: Path) -> None:
    page = Opened(browser, whole_page, width=PHONE, scheme="light").page
    term = page.locator("#figure-ranking dfn", has_text="n_works").first
    meaning = term.get_by_role("tooltip")
    assert not meaning.is_visible()
    term.focus()
    assert meaning.is_visible()
    assert meaning.inner_text() == "field works led"
    box = meaning.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE
    page.locator("#figure-ranking dfn", has_text="n_scientists").first.hover()
    assert page.locator("#figure-ranking dfn", has_text="n_scientists").first.get_by_role("tooltip").is_visible()
    page.context.close()


def test_a_window_made_smaller_is_drawn_anew(browser: Browser, whole_page: Path) -> None:
    page = Opened(browser, whole_page, width=DESK, scheme="light").page
    page.set_viewport_size({"width": PHONE, "height": 900})
    page.wait_for_function(
        "[...document.querySelectorAll('.chart')].every((c) => Math.abs(c.clientWidth - Number(c.dataset.width)) <= 12)"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    page.context.close()


def test_without_scripts_it_says_where_the_figures_are(browser: Browser, whole_page: Path) -> None:
    page = Opened(browser, whole_page, width=DESK, scheme="light", scripts=False).page
    assert "scripts are switched off" in page.inner_text("noscript")
    page.context.close()
