"""The chart of a benchmark: seconds by works, a panel for ingest and one for derivation, a line a contender."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from bench.contenders import CONTENDERS, REFERENCE
from bench.figures import Figures
from bench.sections import label

_PANELS = {"ingest": "Ingest", "derive": "Derive the study's tables"}
_INK, _FAINT, _GRID = "#22272e", "#6b7480", "#e3e7ec"
#: Distinct to colour-blind eyes too; the reference is grey, what is ours has the strong colours.
_COLOURS = {"sail": "#0b6fa4", "spark": "#d1580b", "duckdb": "#59626d", "pyscisci": "#7d4fa3"}
_MARKERS = {"sail": "o", "spark": "s", "duckdb": "^", "pyscisci": "v"}
_SECONDS = {
    0.1: "0.1 s", 0.3: "0.3 s", 1: "1 s", 3: "3 s", 10: "10 s", 30: "30 s", 60: "1 min", 180: "3 min",
    600: "10 min", 1800: "30 min", 3600: "1 h", 10800: "3 h", 36000: "10 h",
}  # fmt: skip
#: Height of a label as a share of the panel's: nearer ones are moved apart.
_LABEL_HEIGHT = 0.058
_STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Inter", "Helvetica Neue", "Arial", "DejaVu Sans"],
    "font.size": 10,
    "svg.hashsalt": "scholarflow",
    "axes.edgecolor": _FAINT,
    "text.color": _INK,
    "xtick.color": _FAINT,
    "ytick.color": _FAINT,
}


def write_chart(figures: Figures, file: Path) -> None:
    """Draws the chart; the end of the file's name says as what."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_STYLE):
        picture = Figure(figsize=(10.5, 4.9), layout=None, facecolor="white")
        # One scale of seconds for both: what is low in one panel is less time than what is high in the other.
        ingest, derive = picture.subplots(1, 2, sharey=True)
        limits = _limits(figures)
        for axes, step in ((ingest, "ingest"), (derive, "derive")):
            _draw(axes, figures, step, limits)
        picture.text(0.065, 0.935, "Seconds of work by size of the snapshot", fontsize=13.5, fontweight="bold")
        picture.text(0.065, 0.885, _subtitle(figures), fontsize=9.5, color=_FAINT)
        picture.subplots_adjust(left=0.065, right=0.855, top=0.78, bottom=0.115, wspace=0.68)
        picture.savefig(file, dpi=160, metadata={"Date": None} if file.suffix == ".svg" else None)


def _subtitle(figures: Figures) -> str:
    repeats = {
        len(figures.seconds_by_repeat(size, contender, "ingest"))
        for size in figures.sizes
        for contender in _shown(figures)
    } - {0}
    host = figures.records[-1].host
    times = "–".join(map(str, sorted({min(repeats, default=1), max(repeats, default=1)})))
    of = "one run each" if times == "1" else f"medians of {times} runs, bars from fastest to slowest"
    machine = f"{host.cores} cores, {host.memory / 2**30:.0f} GiB"
    against = f"× {label(REFERENCE)} at {_short(figures.sizes[-1])} works"
    return f"Without session start, on {machine}; {of}; {against}; both axes logarithmic"


def _limits(figures: Figures) -> tuple[float, float]:
    every = [
        seconds
        for size in figures.sizes
        for contender in _shown(figures)
        for step in _PANELS
        for seconds in figures.seconds_by_repeat(size, contender, step).values()
        if seconds > 0
    ]
    return min(every, default=1.0) / 1.5, max(every, default=10.0) * 1.5


def _shown(figures: Figures) -> list[str]:
    """The contenders of the chart: one that starts from another's tables is for the goals."""
    return [name for name in figures.contenders if CONTENDERS[name].root_of is None]


def _draw(axes: Axes, figures: Figures, step: str, limits: tuple[float, float]) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    axes.set_title(_PANELS[step], loc="left", fontsize=11, fontweight="bold", pad=10)
    ends: list[tuple[float, str]] = []
    for contender in _shown(figures):
        sizes = [size for size in figures.sizes if figures.seconds(size, contender, step)]
        if sizes:
            _line(axes, figures, step, contender, sizes)
            last = figures.seconds(sizes[-1], contender, step) or math.nan
            if sizes[-1] == figures.sizes[-1]:
                ends.append((last, contender))
            else:
                _label_within(axes, contender, sizes[-1], last)
    _axes_of_size(axes, figures.sizes)
    _axes_of_seconds(axes, limits)
    _label_ends(axes, figures, step, ends, limits)


def _line(axes: Axes, figures: Figures, step: str, contender: str, sizes: Sequence[int]) -> None:
    middles = [figures.seconds(size, contender, step) or math.nan for size in sizes]
    repeats = [list(figures.seconds_by_repeat(size, contender, step).values()) for size in sizes]
    below = [middle - min(seconds) for middle, seconds in zip(middles, repeats, strict=True)]
    above = [max(seconds) - middle for middle, seconds in zip(middles, repeats, strict=True)]
    axes.errorbar(
        sizes,
        middles,
        yerr=[below, above],
        color=_COLOURS.get(contender, _INK),
        marker=_MARKERS.get(contender, "o"),
        markersize=6,
        markeredgecolor="white",
        markeredgewidth=0.8,
        linewidth=2.2 if contender != REFERENCE else 1.8,
        elinewidth=1.2,
        capsize=0,
        zorder=3 if contender != REFERENCE else 2,
    )


def _axes_of_size(axes: Axes, sizes: Sequence[int]) -> None:
    axes.set_xticks(sizes, [_short(size) for size in sizes])
    axes.set_xticks([], minor=True)
    axes.set_xlim(sizes[0] / 1.35, sizes[-1] * 1.35)
    axes.set_xlabel("works", color=_FAINT, loc="left", fontsize=9.5)
    axes.tick_params(axis="x", length=3)


def _axes_of_seconds(axes: Axes, limits: tuple[float, float]) -> None:
    shown = {value: text for value, text in _SECONDS.items() if limits[0] <= value <= limits[1]}
    axes.set_yticks(list(shown), list(shown.values()))
    axes.set_yticks([], minor=True)
    axes.grid(axis="y", color=_GRID, linewidth=0.9)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0, labelleft=True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _label_ends(
    axes: Axes, figures: Figures, step: str, ends: list[tuple[float, str]], limits: tuple[float, float]
) -> None:
    """Names at the ends of the lines, with the ratio to the reference there; moved apart where they would touch."""
    low, high = map(math.log, limits)
    heights = apart([(math.log(seconds) - low) / (high - low) for seconds, _ in ends], _LABEL_HEIGHT)
    for height, (_, contender) in zip(heights, ends, strict=True):
        is_whole = contender != REFERENCE and not CONTENDERS[contender].is_partial
        ratio = figures.ratio(figures.sizes[-1], contender, step) if is_whole else None
        text: dict[str, Any] = {"transform": axes.transAxes, "va": "center", "color": _COLOURS.get(contender, _INK)}
        name = _name(contender) + (f"  {ratio:.2g} ×" if ratio is not None else "")
        axes.text(1.025, height, name, fontsize=10, fontweight="bold", **text)


def _label_within(axes: Axes, contender: str, size: int, seconds: float) -> None:
    """The name of a line that ends before the largest size, right above its end: others rise less there."""
    text = axes.annotate(
        label(contender),
        (size, seconds),
        textcoords="offset points",
        xytext=(4, 6),
        ha="left",
        va="bottom",
        color=_COLOURS.get(contender, _INK),
        fontsize=10,
        fontweight="bold",
    )
    text.set_path_effects([withStroke(linewidth=3, foreground="white")])


def _name(contender: str) -> str:
    return f"{label(contender)}, in part" if CONTENDERS[contender].is_partial else label(contender)


def apart(heights: Sequence[float], gap: float) -> list[float]:
    """The heights, in their order, moved up or down no more than needed for `gap` between neighbours."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    groups: list[tuple[float, int]] = []  # centre and number of labels of each pile
    for height in (heights[index] for index in order):
        groups.append((height, 1))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < gap * (groups[-1][1] + groups[-2][1]) / 2:
            (upper, n_upper), (lower, n_lower) = groups.pop(), groups.pop()
            groups.append(((upper * n_upper + lower * n_lower) / (n_upper + n_lower), n_upper + n_lower))
    placed = [centre + gap * (position - (n - 1) / 2) for centre, n in groups for position in range(n)]
    moved = [0.0] * len(heights)
    for index, height in zip(order, placed, strict=True):
        moved[index] = height
    return moved


def _short(size: int) -> str:
    return f"{size / 1e6:g} M" if size >= 100_000 else f"{size:,}"
