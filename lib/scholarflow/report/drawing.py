"""The few kinds of charts the figures are made of, as Altair charts of values that are already chosen.

Values are dicts with the keys that a kind names, `panel` where there are several panels, and what their tooltip tells.
"""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any, cast

import altair as alt

from scholarflow.report.figure import Spec
from scholarflow.report.theme import LIGHT, REST, SERIES

Value = dict[str, Any]
#: What a tooltip tells, by key: its title, or title and format.
Tells = Mapping[str, str | tuple[str, str]]

COUNT, DECIMAL = ",.0f", ",.2f"
#: Width of a panel as drawn for a paper, in pixels; on the page it takes the room there is.
_PANEL = 300
WIDTH = 660


def spec(chart: alt.TopLevelMixin, *, axis: int = 64, ratio: float = 0) -> Spec:
    """The chart as Vega-Lite.

    `axis`: room beside a panel for the labels of its axis, in pixels; `ratio`: height ÷ width, where it goes with that.
    """
    with alt.data_transformers.enable("default", max_rows=None):
        made = dict(chart.to_dict())
    made.pop("config", None)
    return made | {"usermeta": {"axis": axis, "ratio": ratio}}


def data(values: Iterable[Mapping[str, Any]]) -> alt.InlineData:
    """Values within the specification itself."""
    return alt.InlineData(values=[dict(value) for value in values])


#: Series of all that are not told apart.
OTHERS, TO_OTHERS = "other countries", "to other countries"
#: Series with a colour of their own.
TOLD_APART = len(SERIES) - 1
#: Characters of a line of a label, and an axis that keeps its lines apart.
_LONGEST_LINE = 21
_FOLDED = alt.Axis(
    domain=False,
    ticks=False,
    labelExpr="split(datum.label, '\\n')",
    # The first of two lines stands above the middle.
    labelBaseline={"condition": {"test": "indexof(datum.value, '\\n') >= 0", "value": "bottom"}, "value": "middle"},
)
#: Ticks of logarithmic axes.
_POWERS = [10.0**power for power in range(-4, 9)]


def colours(order: Sequence[str]) -> alt.Scale:
    """The palette for series in their order; others are grey."""
    return alt.Scale(
        domain=list(order),
        range=[REST if name in (OTHERS, TO_OTHERS) else SERIES[n % len(SERIES)] for n, name in enumerate(order)],
    )


def colour(order: Sequence[str], *, legend: bool = True) -> alt.Color:
    """Colours of series, in their order; the legend above."""
    # Pixels of the longest name with its symbol, about; the page finds its own number of columns.
    widest = 6.4 * max(map(len, order), default=0) + 36
    columns = max(1, int(WIDTH // widest))
    shown = alt.Legend(title=None, orient="top", symbolType="circle", symbolOpacity=1, columns=columns)
    return alt.Color("series:N", scale=colours(order), legend=shown if legend else None)


def axis(format: str, *, log: bool = False, **more: Any) -> alt.Axis:
    """The axis of values with this format: no zeros at the end, no sign before zero, counts at whole numbers."""
    plain = ",.2~%" if format.endswith("%") else ",.12~g" if log else ",.2~f"
    if format.startswith("+"):
        more["labelExpr"] = f"format(datum.value, datum.value ? '+{plain}' : '{plain}')"
    if format == COUNT:
        more |= {"tickMinStep": 1, "labelExpr": f"datum.value % 1 ? '' : format(datum.value, '{plain}')"}
    if log:
        more["values"] = _POWERS
    return alt.Axis(format=plain, **more)


def rule(*, x: float | None = None, y: float | None = None, dashed: bool = False) -> alt.Chart:
    """A line across at a value."""
    mark = alt.Chart().mark_rule(color=LIGHT["quiet"], strokeWidth=1, strokeDash=[2, 3] if dashed else [1, 0])
    return cast(alt.Chart, mark.encode(x=alt.datum(x)) if x is not None else mark.encode(y=alt.datum(y)))


def layered(marks: Sequence[alt.Chart], values: Iterable[Value]) -> alt.LayerChart:
    """Marks one above the other, of the same values."""
    return cast(alt.LayerChart, alt.layer(*marks, data=data(values)))


def tooltip(named: Tells) -> list[alt.Tooltip]:
    """A line for each key."""
    told = {key: (title, "") if isinstance(title, str) else title for key, title in named.items()}
    return [
        alt.Tooltip(f"{key}:Q", title=title, format=format) if format else alt.Tooltip(f"{key}:N", title=title)
        for key, (title, format) in told.items()
    ]


def _with_tails(values: Iterable[Value], x: str) -> list[Value]:
    """Values with `complete`, and `tail`: from the last complete one of their line on."""
    values = [{"complete": True, **value} for value in values]
    last: dict[Any, Any] = {}
    for value in values:
        if value["complete"]:
            last[_line(value)] = max(value[x], last.get(_line(value), value[x]))
    return [{**value, "tail": value[x] >= last.get(_line(value), value[x])} for value in values]


def _line(value: Value) -> tuple[Any, ...]:
    return value.get("panel"), value.get("series"), value.get("part")


def lines(
    values: Iterable[Value],
    order: Sequence[str],
    *,
    y: str,
    format: str,
    tells: Tells,
    x: str = "year",
    x_title: str = "",
    legend: bool = True,
    zero: bool = True,
    log: bool = False,
    guides: Sequence[alt.Chart] = (),
    rings: str = "",
) -> alt.LayerChart:
    """Keys `year`, `value`, `series`, where they differ `complete`, `part` of a line, and `low` and `high` of a band.

    Values that are not `complete` are hollow, and dashed lines lead to them; `rings`: which others have a ring.
    """
    drawn = _with_tails(values, x)
    scale = alt.Scale(type="log") if log else alt.Scale(zero=zero)
    across = alt.X(f"{x}:Q", title=x_title or None, axis=alt.Axis(format="d", grid=False, tickMinStep=1), scale=_TIGHT)
    base = alt.Chart().encode(
        x=across,
        y=alt.Y("value:Q", title=y or None, scale=scale, axis=axis(format, log=log)),
        color=colour(order, legend=legend),
        detail="part:N",
    )
    told = tooltip(tells)
    layers = [*guides]
    if any(value.get("low") is not None for value in drawn):
        shade = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", title=y or None), y2="high:Q")
        layers.append(shade.transform_filter("isValid(datum.low)"))
    if any(value["complete"] for value in drawn):
        complete = base.transform_filter("datum.complete")
        layers += [
            complete.mark_line(strokeWidth=2, strokeJoin="round"),
            complete.mark_circle(size=26, opacity=1).encode(tooltip=told),
        ]
    if not all(value["complete"] for value in drawn):
        incomplete = base.transform_filter("!datum.complete").mark_point(size=34, fill=LIGHT["ground"], filled=False)
        layers += [
            base.transform_filter("datum.tail").mark_line(strokeWidth=1.5, strokeDash=[4, 3]),
            incomplete.encode(tooltip=told),
        ]
    if rings:
        ring = base.transform_filter(rings).mark_point(size=90, filled=False, strokeWidth=2, opacity=1)
        layers.append(ring)
    return layered(layers, drawn)


_TIGHT = alt.Scale(nice=False, zero=False, padding=8)


def intervals(
    values: Iterable[Value],
    *,
    x: str,
    format: str,
    tells: Tells,
    labels: Sequence[str],
    order: Sequence[str],
    reference: float | None = None,
    legend: bool = True,
    log: bool = False,
    zero: bool = False,
    beside: bool = True,
) -> alt.LayerChart:
    """Keys `label`, `value`, `low`, `high`, `series`: a point for each label, a line where an interval is given.

    `beside`: series of a label stand below one another, else on one line.
    """
    scale = alt.Scale(type="log") if log else alt.Scale(zero=zero, padding=8)
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=list(map(folded, labels)), title=None, axis=_FOLDED),
        x=alt.X("value:Q", title=x, scale=scale, axis=axis(format, log=log)),
        color=colour(order, legend=legend),
        **({"yOffset": alt.YOffset("series:N", sort=list(order))} if len(order) > 1 and beside else {}),  # type: ignore[arg-type]
    )
    marks: list[alt.Chart] = []
    if reference is not None:
        marks.append(rule(x=reference))
    values = [{**value, "label": folded(value["label"])} for value in values]
    if any(value.get("low") is not None for value in values):
        known = base.transform_filter("isValid(datum.low)")
        marks.append(known.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q"))
    marks.append(base.mark_point(filled=True, size=64, opacity=1).encode(tooltip=tooltip(tells)))
    return layered(marks, values)


def folded(label: str) -> str:
    """A label in one line, or in two of like length, short enough for a phone."""
    return "\n".join(wrap(label, max(_LONGEST_LINE, len(label) // 2 + 4)))


def bars(values: Iterable[Value], *, format: str, tells: Tells, order: Sequence[str]) -> alt.LayerChart:
    """Keys `label`, `value`, `series`: bars with their value at the end, in the order of the values given."""
    values = list(values)
    # Values of bars to the left stand left of them, and need room there.
    room = alt.Scale(padding=40) if any((value["value"] or 0) < 0 for value in values) else alt.Undefined
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False)),
        x=alt.X("value:Q", axis=None, scale=room),
    )
    side, away = (alt.expr(f"datum.value < 0 ? {left} : {right}") for left, right in (("'right'", "'left'"), (-4, 4)))
    bar = base.mark_bar(height={"band": 0.72}).encode(color=colour(order, legend=False), tooltip=tooltip(tells))
    value = base.mark_text(align=side, dx=away, color=LIGHT["quiet"]).encode(text=alt.Text("value:Q", format=format))
    return layered([bar, value], values)


def panels(
    chart: alt.LayerChart,
    order: Sequence[str],
    *,
    height: int | alt.Step,
    columns: int = 2,
) -> alt.FacetChart | alt.LayerChart:
    """One panel for each `panel`, side by side as far as there is room; a single one takes the whole width."""
    if len(order) == 1:
        return alone(chart, height=height, title=order[0])
    drawn = chart.properties(width=_PANEL if columns == 2 else WIDTH // columns - 40, height=height)
    across = drawn.facet(facet=alt.Facet("panel:N", sort=list(order), title=None), columns=columns)
    return cast(alt.FacetChart, across.resolve_axis(x="independent", y="independent"))


def alone(chart: alt.LayerChart, *, height: int | alt.Step, title: str = "") -> alt.LayerChart:
    """A chart of the whole width."""
    fitting = alt.AutoSizeParams(type="fit-x", contains="padding")
    drawn = chart.properties(width="container", height=height, autosize=fitting)
    return drawn.properties(title=title) if title else drawn


def side_by_side(
    charts: Sequence[tuple[str, alt.LayerChart]],
    *,
    height: int | alt.Step,
    columns: int = 2,
) -> alt.ConcatChart | alt.LayerChart:
    """Charts of their own values and scales, each under its title; a single one takes the whole width."""
    if len(charts) == 1:
        (title, chart), *_ = charts
        return alone(chart, height=height, title=title)
    drawn = []
    for title, chart in charts:
        width = _PANEL if columns == 2 else WIDTH // columns - 40
        drawn.append(chart.properties(title=title, width=width, height=height))
    return alt.concat(*drawn, columns=columns, spacing=24)
