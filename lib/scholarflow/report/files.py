"""What is written beside the page: rows as CSV, figures as SVG and PNG; each file whole or not at all."""

import io
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import vl_convert
from pyspark.sql.pandas.types import to_arrow_schema

from scholarflow.engine.places import whole_file
from scholarflow.foreign_text import without_formulas
from scholarflow.report.drawing import WIDTH
from scholarflow.report.figure import Figure, Spec, drawable
from scholarflow.report.theme import PAPER_FONT, config
from scholarflow.tables import PUBLIC

#: Pixels of a PNG for one of the SVG: 300 dots an inch at its size on paper.
_SCALE = 3
#: What a page of this program says of itself, and how it links to what lies beside it.
_OWN = '<meta name="generator" content="scholarflow '
_BESIDE = re.compile(r'href="((?:data|figures)/[^"/]+\.(?:csv|png|svg))"')
_NUMBERED = re.compile(r"\b(clip|gradient_)(\d+)\b")


def write(path: Path, content: bytes) -> None:
    """Puts a file in place under its name when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as unfinished:
        unfinished.write_bytes(content)


def files_named_by(page: Path) -> set[Path]:
    """The files beside a page that it links to: none where there is no page, or one of something else."""
    if not page.is_file():
        return set()
    text = page.read_text(encoding="utf-8", errors="replace")
    return {page.parent / name for name in _BESIDE.findall(text)} if _OWN in text else set()


def as_csv(figure: Figure) -> bytes:
    """The rows a figure is drawn from, every column of their table."""
    rows = pa.Table.from_pylist([dict(row) for row in figure.rows], schema=to_arrow_schema(PUBLIC[figure.table].schema))
    written = io.BytesIO()
    pa.csv.write_csv(without_formulas(rows), written)
    return written.getvalue()


def as_svg(spec: Spec) -> str:
    """The figure as drawn for a paper."""
    spec = drawable(spec)
    if "/vega/" in spec["$schema"]:
        svg = vl_convert.vega_to_svg({**spec, "config": config(PAPER_FONT)})
    else:
        svg = vl_convert.vegalite_to_svg(_of_fixed_width(spec), config=config(PAPER_FONT))
    # Vega numbers clips on from figure to figure.
    numbers: dict[str, str] = {}
    return _NUMBERED.sub(lambda found: numbers.setdefault(found[0], f"{found[1]}{len(numbers)}"), svg)


def as_png(svg: str) -> bytes:
    """The same in pixels."""
    return vl_convert.svg_to_png(svg, scale=_SCALE)


def _of_fixed_width(spec: Spec) -> dict[str, Any]:
    return {**spec, "width": WIDTH} if spec.get("width") == "container" else spec
