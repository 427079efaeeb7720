"""The tables of the page."""

from collections.abc import Callable, Iterable, Sequence

from bench.contenders import CONTENDERS, REFERENCE
from bench.figures import STEPS, TOTAL, Figures, Goal, goals, middle, ratio
from bench.measure import Cost, StageCost, side_by_side
from bench.projection import FULL_ROWS, projections, typical


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """A Markdown table whose columns after the first `left` are aligned right."""
    rules = ["---"] * left + ["---:"] * (len(header) - left)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (header, rules, *rows))


def label(contender: str) -> str:
    """A contender's name for readers."""
    return CONTENDERS[contender].label if contender in CONTENDERS else contender


def seconds(value: float | None) -> str:
    """Three digits that mean something."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def size(value: float | None) -> str:
    """Bytes in the unit that suits them; 0 stays 0."""
    if value is None:
        return "–"
    for unit, bytes_of_it in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= bytes_of_it:
            scaled = value / bytes_of_it
            return f"{scaled:,.0f} {unit}" if scaled >= 100 else f"{scaled:.1f} {unit}"
    return f"{value:.0f} B" if value else "0"


def times(value: float | None) -> str:
    """A ratio."""
    if value is None:
        return "–"
    return f"{value:,.0f} ×" if value >= 100 else f"{value:.1f} ×" if value >= 10 else f"{value:.2f} ×"


def by_size(pairs: Iterable[tuple[int, str]]) -> str:
    """`Sail and Spark at 5,000 works; …`."""
    names: dict[int, list[str]] = {}
    for works, name in pairs:
        names.setdefault(works, []).append(name)
    return "; ".join(f"{' and '.join(dict.fromkeys(of))} at {works:,} works" for works, of in sorted(names.items()))


def headline(figures: Figures) -> str:
    """Size × contender: seconds and ratio of ingest, of derivation and of both, the spread, and peak memory."""
    header = [
        "works",
        "contender",
        "ingest s",
        "÷ DuckDB",
        "derive s",
        "÷ DuckDB",
        "both s",
        "÷ DuckDB",
        "spread",
        "peak memory",
    ]
    rows = []
    for works in figures.sizes:
        for contender in figures.contenders:
            if any(figures.costs(works, contender, step) for step in STEPS):
                cells = [f"{works:,}", label(contender)]
                for step in (*STEPS, TOTAL):
                    cells += [
                        seconds(figures.seconds(works, contender, step)),
                        times(figures.ratio(works, contender, step)),
                    ]
                spreads = [s for step in STEPS if (s := figures.spread(works, contender, step)) is not None]
                cells.append(f"± {max(spreads):.0%}".replace("%", " %") if spreads else "–")
                rows.append([*cells, size(figures.peak_memory(works, contender, TOTAL))])
    return table(header, rows, left=2)


def goals_table(figures: Figures) -> str:
    """Each goal with bound, measured value and verdict."""

    def value(goal: Goal) -> str:
        return "–" if goal.value is None else f"{goal.value:.2f} {goal.unit}" if goal.unit else f"{goal.value:.0f}"

    rows = [[goal.text, f"≤ {goal.bound:g} {goal.unit}".rstrip(), value(goal), goal.verdict] for goal in goals(figures)]
    return table(["goal", "bound", "measured", ""], rows)


def growth(figures: Figures) -> str:
    """Seconds at a size divided by those at the size before it."""
    if len(figures.sizes) < 2:
        return "One size was measured."
    pairs = list(zip(figures.sizes, figures.sizes[1:], strict=False))
    header = ["contender", "", *(f"{few:,} → {many:,} ({many / few:g} × the works)" for few, many in pairs)]
    rows = [
        [label(contender), step, *(times(figures.growth(few, many, contender, step)) for few, many in pairs)]
        for contender in figures.contenders
        for step in (*STEPS, TOTAL)
        if any(figures.growth(few, many, contender, step) for few, many in pairs)
    ]
    return table(header, rows, left=2)


def processes(figures: Figures) -> str:
    """Each process as a whole: session start, work and how much of it is stages, CPU, bytes."""
    columns: dict[str, tuple[Callable[[Cost], float], Callable[[float | None], str]]] = {
        "start s": (lambda c: c.start, seconds),
        "work s": (lambda c: c.work, seconds),
        "of it stages": (lambda c: c.stage_seconds, seconds),
        "stop s": (lambda c: c.stop, seconds),
        "wall s": (lambda c: c.wall, seconds),
        "CPU s": (lambda c: c.cpu, seconds),
        "peak memory": (lambda c: c.peak_memory, size),
        "read": (lambda c: c.read, size),
        "written": (lambda c: c.written, size),
        "scratch": (lambda c: c.peak_scratch, size),
    }
    rows = []
    for works in figures.sizes:
        for step in STEPS:
            for contender in figures.contenders:
                if figures.costs(works, contender, step):
                    cells = [show(figures.median_of(works, contender, step, of)) for of, show in columns.values()]
                    rows.append([f"{works:,}", step, label(contender), *cells])
    return table(["works", "", "contender", *columns], rows, left=3)


def stages(figures: Figures, works: int) -> list[str]:
    """The stages at one size: seconds of every contender, then bytes of Sail and Spark."""
    parts = [f"## Stages at {works:,} works"]
    for step in STEPS:
        ran = [c for c in figures.contenders if figures.costs(works, c, step)]
        if ran:
            parts += [f"### {step.capitalize()}", _stage_seconds(figures, works, step, ran)]
            parts += [_stage_bytes(figures, works, step)]
    return parts


def _stage_seconds(figures: Figures, works: int, step: str, contenders: Sequence[str]) -> str:
    others = [c for c in contenders if c != REFERENCE]
    header = ["median seconds"]
    header += [label(REFERENCE)] if REFERENCE in contenders else []
    header += [cell for c in others for cell in (label(c), "÷ DuckDB")]
    rows = []
    for name in figures.stage_names(works, step):
        took = {c: _values(figures, works, c, step, name, lambda s: s.seconds) for c in contenders}
        cells = [name]
        cells += [seconds(middle(took[REFERENCE].values()))] if REFERENCE in contenders else []
        for c in others:
            cells += [seconds(middle(took[c].values())), times(ratio(took[c], took.get(REFERENCE, {})))]
        rows.append(cells)
    return table(header, rows)


def _stage_bytes(figures: Figures, works: int, step: str) -> str:
    spark = {name: typical(costs) for name, costs in figures.spark_costs(works, "spark", step).items()}
    if not spark and not figures.costs(works, "sail", step):
        return ""
    header = ["bytes", "Sail read", "Sail written", "Sail peak memory"]
    header += ["Spark input", "Spark output", "Spark shuffled", "Spark spilled", "Spark GC s", "Spark peak memory"]
    rows = []
    extra = [name for name in spark if name not in figures.stage_names(works, step)]
    for name in [*figures.stage_names(works, step), *extra]:
        sail = [
            size(middle(_values(figures, works, "sail", step, name, of).values()))
            for of in (lambda s: s.read, lambda s: s.written, lambda s: s.peak_memory)
        ]
        cost = spark.get(name)
        peak = middle(_values(figures, works, "spark", step, name, lambda s: s.peak_memory).values())
        sizes = (cost.input_bytes, cost.output_bytes, cost.shuffle_written, cost.disk_spilled) if cost else ()
        logged = [*map(size, sizes), seconds(cost.gc_seconds)] if cost else ["–"] * 5
        if any(cell != "–" for cell in (*sail, *logged)):
            rows.append([name, *sail, *logged, size(peak)])
    return table(header, rows) + _overlapping(figures, works, step)


def _overlapping(figures: Figures, works: int, step: str) -> str:
    """What must be said where an engine made tables side by side."""
    costs = [cost for engine in ("sail", "spark") for cost in figures.costs(works, engine, step).values()]
    if not any(side_by_side(cost.stages) for cost in costs):
        return ""
    return (
        "\n\nTables are made side by side: their seconds overlap, and what Sail reads and writes while two are under "
        "way counts for both, as does peak memory. Spark's other bytes are each table's own."
    )


def _values(
    figures: Figures, works: int, contender: str, step: str, name: str, of: Callable[[StageCost], float]
) -> dict[int, float]:
    return {repeat: of(s) for repeat, s in figures.stage_by_repeat(works, contender, step, name).items()}


def cluster_cost(figures: Figures) -> str:
    """Spark's shuffle and task time of every stage, and both as projected to the full snapshot."""
    found = projections(figures)
    if not found:
        return "Spark was not measured."
    largest = max(s for s in figures.sizes if figures.costs(s, "spark", "derive"))
    header = ["stage", "shuffled", "spilled", "task s", "rows of"]
    header += ["full: shuffled", "full: core hours"]
    rows = [
        [
            stage.name,
            size(stage.measured.shuffle_written),
            size(stage.measured.disk_spilled),
            seconds(stage.measured.task_seconds),
            stage.driven_by,
            size(stage.full_shuffle),
            seconds(stage.full_task_seconds / 3600),
        ]
        for stage in found
    ]
    for step in STEPS:
        of_step = [stage for stage in found if stage.step == step]
        shuffled, hours = sum(s.full_shuffle for s in of_step), sum(s.full_task_seconds for s in of_step) / 3600
        rows.append([f"**{step}**", *[""] * 4, f"**{size(shuffled)}**", f"**{seconds(hours)}**"])
    rows_of = ", ".join(f"{n / 1e6:,.0f} M {name}" for name, n in FULL_ROWS.items())
    explained = (
        f"Spark at {largest:,} works, and what its stages would take of a full snapshot ({rows_of}): on the line "
        "through the size before it, by the rows that a stage's work is made of. A projection by such a factor says "
        "the order of magnitude, for cores like these and the same plan: what was broadcast here is shuffled there "
        "where it no longer fits. What Spark calls input is not set against it: of Parquet on a local disk it counts "
        "little more than the footers."
    )
    return f"{explained}\n\n{table(header, rows)}"
