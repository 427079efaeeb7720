"""A chord diagram: groups around a circle, ribbons for what flows between them. Geometry only, and its Vega marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from scholarflow.report.figure import Spec
from scholarflow.report.theme import LIGHT

Flows = Mapping[tuple[str, str], int]

#: The circle's radius and the width of its rim, in pixels; room beside and above it for names.
_RADIUS, _RIM, _MARGIN, _TOP = 190, 12, 134, 36
#: Between two groups, in radians.
_GAP = 0.045
#: Height of a name, in pixels.
_LINE = 18


@dataclass(frozen=True)
class Arc:
    """A part of the circle, in radians clockwise from the top."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Chord:
    """What goes from one group to another: where it leaves, where it arrives; both as wide as it is large."""

    origin: str
    destination: str
    n: int
    leaves: Arc
    arrives: Arc


def layout(flows: Flows, groups: Sequence[str]) -> tuple[dict[str, Arc], list[Chord]]:
    """Arcs of the groups, each as long as what leaves and arrives there, and the chords between them.

    Within a group first everything that leaves, then everything that arrives, each in the order of the groups.
    """
    between = {way: n for way, n in flows.items() if n > 0 and way[0] in groups and way[1] in groups}
    totals = {group: sum(n for way, n in between.items() if group in way) for group in groups}
    if not between:
        return {}, []
    unit = (2 * pi - _GAP * len(groups)) / sum(totals.values())
    arcs: dict[str, Arc] = {}
    ends: dict[tuple[str, str, bool], Arc] = {}
    at = 0.0
    for index, group in enumerate(groups):
        # Neighbours first, so that chords cross less.
        others = [*groups[index + 1 :], *groups[:index]][::-1]
        begin = at
        for leaving in (True, False):
            for other in others:
                way = (group, other) if leaving else (other, group)
                if way in between:
                    ends[(*way, leaving)] = Arc(at, at + between[way] * unit)
                    at += between[way] * unit
        arcs[group] = Arc(begin, at)
        at += _GAP
    chords = [Chord(*way, n, ends[(*way, True)], ends[(*way, False)]) for way, n in between.items()]
    return arcs, sorted(chords, key=lambda chord: (-chord.n, chord.origin, chord.destination))


def rim(arc: Arc) -> str:
    """The path of a group's arc."""
    inner, outer = _RADIUS - _RIM, _RADIUS
    return (
        f"M{_at(arc.start, outer)}{_along(arc, outer)}L{_at(arc.end, inner)}{_along(Arc(arc.end, arc.start), inner)}Z"
    )


def ribbon(chord: Chord) -> str:
    """The path of a chord, from the rim of the group it leaves to a little short of that where it arrives."""
    there, here = _RADIUS - _RIM - 12, _RADIUS - _RIM - 2
    return (
        f"M{_at(chord.leaves.start, here)}{_along(chord.leaves, here)}"
        f"Q0,0,{_at(chord.arrives.start, there)}{_along(chord.arrives, there)}"
        f"Q0,0,{_at(chord.leaves.start, here)}Z"
    )


def chord_diagram(flows: Flows, names: Mapping[str, str], colours: Mapping[str, str]) -> Spec:
    """The Vega specification; groups in the order of `names`, each in its colour."""
    arcs, chords = layout(flows, list(names))
    heights = _apart({group: sin(arc.middle - pi / 2) * (_RADIUS + 8) for group, arc in arcs.items()}, arcs)
    groups = [
        {
            "path": rim(arc),
            "name": names[group],
            "colour": colours[group],
            "x": round(cos(arc.middle - pi / 2) * (_RADIUS + 8), 2),
            "y": heights[group],
            "align": "left" if arc.middle < pi else "right",
            "tip": f"{names[group]}: "
            f"{sum(c.n for c in chords if c.destination == group):,} in, "
            f"{sum(c.n for c in chords if c.origin == group):,} out",
        }
        for group, arc in arcs.items()
    ]
    ribbons = [
        {
            "path": ribbon(chord),
            "colour": colours[chord.origin],
            "tip": f"{names[chord.origin]} → {names[chord.destination]}: {chord.n:,}",
        }
        for chord in chords
    ]
    middle = {"x": {"value": _RADIUS + _MARGIN}, "y": {"value": _RADIUS + _TOP}}
    fill = {"field": "colour"}
    return {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": 2 * (_RADIUS + _MARGIN),
        "height": 2 * (_RADIUS + _TOP),
        "padding": 0,
        "data": [{"name": "groups", "values": groups}, {"name": "ribbons", "values": ribbons}],
        "marks": [
            {
                "type": "group",
                "encode": {"enter": middle},
                "marks": [
                    {
                        "type": "path",
                        "from": {"data": "ribbons"},
                        "encode": {
                            "enter": {
                                "path": {"field": "path"},
                                "fill": fill,
                                "stroke": fill,
                                "strokeWidth": {"value": 0.4},
                                "tooltip": {"field": "tip"},
                            },
                            "update": {"fillOpacity": {"value": 0.55}},
                            "hover": {"fillOpacity": {"value": 0.95}},
                        },
                    },
                    {
                        "type": "path",
                        "from": {"data": "groups"},
                        "encode": {"enter": {"path": {"field": "path"}, "fill": fill, "tooltip": {"field": "tip"}}},
                    },
                    {
                        "type": "text",
                        "from": {"data": "groups"},
                        "encode": {
                            "enter": {
                                "text": {"field": "name"},
                                "x": {"field": "x"},
                                "y": {"field": "y"},
                                "align": {"field": "align"},
                                "baseline": {"value": "middle"},
                                "limit": {"value": _MARGIN - 10},
                                "fill": {"value": LIGHT["text"]},
                                "fontSize": {"value": 12},
                            }
                        },
                    },
                ],
            }
        ],
    }


def _apart(heights: Mapping[str, float], arcs: Mapping[str, Arc]) -> dict[str, float]:
    """Heights of names, those of a side at least a line apart: from the middle of the circle up and down."""
    placed: dict[str, float] = {}
    for is_right in (True, False):
        side = sorted((group for group in heights if (arcs[group].middle < pi) == is_right), key=heights.__getitem__)
        lower = [group for group in side if heights[group] >= 0]
        upper = [group for group in reversed(side) if heights[group] < 0]
        for half, sign in ((lower, 1), (upper, -1)):
            edge = -_LINE if sign == 1 else 0.0
            for group in half:
                edge = max(edge + _LINE, heights[group] * sign)
                placed[group] = round(edge * sign, 2)
    return placed


def _at(angle: float, radius: float) -> str:
    return f"{round(cos(angle - pi / 2) * radius, 2)},{round(sin(angle - pi / 2) * radius, 2)}"


def _along(arc: Arc, radius: float) -> str:
    large, clockwise = int(abs(arc.end - arc.start) > pi), int(arc.end > arc.start)
    return f"A{radius},{radius},0,{large},{clockwise},{_at(arc.end, radius)}"
