"""The page: one HTML file that needs nothing else, from figures and sentences."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scholarflow import __version__
from scholarflow.report.figure import Figure, Section, Spec, drawable
from scholarflow.report.reading import Study, country
from scholarflow.report.theme import DARK, LIGHT, PAGE_FONT, config
from scholarflow.show import shown
from scholarflow.tables import PUBLIC

#: Rows listed below a figure, and bytes of CSV within the page; the files beside it have all.
_LISTED, _EMBEDDED = 40, 120_000


@dataclass(frozen=True)
class Page:
    """What the page tells; `csv`: of the drawn figures by name, `versions`: of the tables."""

    study: Study
    headlines: Sequence[str]
    sections: Sequence[Section]
    csv: Mapping[str, bytes]
    versions: Sequence[tuple[str, int, int]]


def html(page: Page) -> str:
    """The whole page."""
    environment = Environment(
        loader=PackageLoader("scholarflow.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"json": _json, "number": lambda value: f"{value:,}"}
    figures = [figure for section in page.sections for figure in section.figures]
    return environment.get_template("report.html.j2").render(
        study=page.study,
        pairs=[f"{country(a)} and {country(b)}" for a, b in page.study.pairs],
        headlines=page.headlines,
        sections=page.sections,
        versions=page.versions,
        tables={name: table.comment for name, table in PUBLIC.items()},
        glossary=_glossary(figures),
        rows=_listed,
        embedded=lambda figure: _embedded(page.csv[figure.name]),
        specs={figure.name: drawable(figure.spec) for figure in figures if figure.spec},
        config=config(PAGE_FONT),
        light=LIGHT,
        dark=DARK,
        bundle=Markup(_bundle()),
        version=__version__,
        font=Markup(PAGE_FONT),
    )


def _json(value: Spec) -> Markup:
    """JSON that may stand within a script element."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True)
    return Markup(written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _glossary(figures: Sequence[Figure]) -> dict[str, dict[str, str]]:
    """Definitions by table and column, of everything shown."""
    found: dict[str, dict[str, str]] = {}
    for figure in figures:
        found.setdefault(figure.table, {}).update(figure.definitions)
    return {table: dict(sorted(columns.items())) for table, columns in sorted(found.items())}


def _listed(figure: Figure) -> list[list[tuple[str, bool]]]:
    """The first rows as text, each with whether it is a number."""
    return [
        [(shown(column, row[column]), _is_number(row[column])) for column in figure.shown]
        for row in figure.rows[:_LISTED]
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _embedded(csv: bytes) -> str:
    """CSV as an address that holds it; empty where it is too long to be carried along."""
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(csv).decode()}" if len(csv) <= _EMBEDDED else ""


@cache
def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, from the package that draws the exported figures too."""
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return str(script).replace("</script", "<\\/script")
