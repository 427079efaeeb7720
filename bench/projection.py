"""What a stage costs a cluster: its shuffle beside what it reads, and both for a full snapshot."""

from dataclasses import dataclass
from statistics import median

from bench.event_log import SparkCost
from bench.figures import STEPS, Figures, extrapolated

#: Rows of the full OpenAlex snapshot, beside the tables of the ingest that have as many rows in a simulated one.
FULL_ROWS = {"works": 460e6, "authorships": 700e6, "citations": 2.5e9}
#: Of which rows of all works a stage's work is made, where it is not works.
OF_ALL_WORKS = {
    "authorships": "authorships",
    "citations": "citations",
    "scientists": "authorships",
    "author_country_years": "authorships",
    "country_spells": "authorships",
    "citation_windows": "citations",
}
_DRIVEN_BY = OF_ALL_WORKS | {"coauthor_edges": "authorships"}


@dataclass(frozen=True)
class StageProjection:
    """A stage as measured at the largest size, in bytes and seconds of tasks, and as projected to the full snapshot.

    Both grow on the line through the two largest sizes; where one size was measured, in proportion to the rows.
    """

    step: str
    name: str
    driven_by: str
    measured: SparkCost
    full_shuffle: float
    full_task_seconds: float


def projections(figures: Figures, contender: str = "spark") -> list[StageProjection]:
    """The stages of the largest size that Spark finished, in order."""
    sizes = [size for size in figures.sizes if figures.costs(size, contender, "derive")]
    return [stage for step in STEPS for stage in _projected(figures, contender, step, sizes)] if sizes else []


def _projected(figures: Figures, contender: str, step: str, sizes: list[int]) -> list[StageProjection]:
    largest = sizes[-1]
    rows = _rows(figures, contender, largest)
    now = figures.spark_costs(largest, contender, step)
    before = figures.spark_costs(sizes[-2], contender, step) if len(sizes) > 1 else {}
    found = []
    for name in figures.stage_names(largest, step):
        if name not in now:
            continue
        measured = typical(now[name])
        driver = _DRIVEN_BY.get(name, "works")
        times = FULL_ROWS[driver] / rows[driver] if rows.get(driver) else FULL_ROWS["works"] / largest
        full_shuffle, full_task_seconds = measured.shuffle_written * times, measured.task_seconds * times
        if name in before:
            smaller, pair = typical(before[name]), (sizes[-2], largest)
            full_shuffle = extrapolated(*pair, smaller.shuffle_written, measured.shuffle_written, times)
            full_task_seconds = extrapolated(*pair, smaller.task_seconds, measured.task_seconds, times)
        found.append(
            StageProjection(
                step=step,
                name=name,
                driven_by=driver,
                measured=measured,
                full_shuffle=full_shuffle,
                full_task_seconds=full_task_seconds,
            )
        )
    return found


def _rows(figures: Figures, contender: str, size: int) -> dict[str, int]:
    costs = figures.costs(size, contender, "ingest").values()
    return {stage.name: stage.rows for cost in costs for stage in cost.stages if stage.rows}


def typical(costs: list[SparkCost]) -> SparkCost:
    """The median of every figure over the repeats."""
    return SparkCost(
        tasks=int(median(c.tasks for c in costs)),
        input_bytes=int(median(c.input_bytes for c in costs)),
        output_bytes=int(median(c.output_bytes for c in costs)),
        shuffle_read=int(median(c.shuffle_read for c in costs)),
        shuffle_written=int(median(c.shuffle_written for c in costs)),
        memory_spilled=int(median(c.memory_spilled for c in costs)),
        disk_spilled=int(median(c.disk_spilled for c in costs)),
        peak_memory=int(median(c.peak_memory for c in costs)),
        task_seconds=median(c.task_seconds for c in costs),
        gc_seconds=median(c.gc_seconds for c in costs),
    )
