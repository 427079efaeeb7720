"""A figure: a question, what is drawn, the rows it is drawn from, and what to read beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scholarflow.foreign_text import printable
from scholarflow.report.reading import Row
from scholarflow.tables import PUBLIC

#: A Vega-Lite specification, or a Vega one for what Vega-Lite does not draw.
Spec = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """`rows` are rows of `table`, all that is drawn; without a `spec`, `missing` says in a sentence why.

    `shown` are the columns listed beside it, each with its definition; `others` further tables that are drawn from.
    """

    name: str
    title: str
    table: str
    caption: str
    shown: Sequence[str]
    rows: Sequence[Row] = ()
    spec: Spec | None = None
    notes: Sequence[str] = ()
    missing: str = ""
    others: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        unknown = set(self.shown) - set(PUBLIC[self.table].column_names)
        if unknown or (self.spec is None) != bool(self.missing):
            raise ValueError(f"figure {self.name}: unknown columns {unknown}, or neither drawn nor said to be missing")

    @property
    def definitions(self) -> dict[str, str]:
        """What each column shown means, as declared."""
        return {column.name: column.comment for column in PUBLIC[self.table].columns if column.name in self.shown}


def drawable(value: Any) -> Any:
    """A specification, or a part of it, with what no SVG can hold, and marks that reverse text, written as escapes.

    Names come from snapshots and from the user's lists; a line break in one breaks its label.
    """
    if isinstance(value, str):
        return "\n".join(map(printable, value.split("\n")))
    if isinstance(value, dict):
        return {drawable(key): drawable(part) for key, part in value.items()}
    return [drawable(part) for part in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True)
class Section:
    """Figures on one subject."""

    name: str
    title: str
    figures: Sequence[Figure]
