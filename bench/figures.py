"""Medians, ratios and growth of the measurements, and the goals held against them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.contenders import CONTENDERS, REFERENCE
from bench.event_log import SparkCost
from bench.measure import Cost, StageCost
from bench.records import Record, Step

TOTAL = "total"
#: What of a contender's work is timed: one of its steps, or both together.
STEPS: tuple[Step, Step] = ("ingest", "derive")


class Figures:
    """What the records say of each size, contender and step; null where nothing was measured."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = [record for record in records if record.step != "equal"]
        self.comparisons = [record for record in records if record.step == "equal"]
        self._records = {(r.size, r.contender, r.step, r.repeat): r for r in records}
        self.sizes = sorted({record.size for record in self.records})
        measured = {record.contender for record in self.records}
        self.contenders = [name for name in CONTENDERS if name in measured]

    def costs(self, size: int, contender: str, step: str) -> dict[int, Cost]:
        """The costs by repeat, of the processes that ended well."""
        return {
            repeat: record.cost
            for (s, c, t, repeat), record in self._records.items()
            if (s, c, t) == (size, contender, step) and record.succeeded
        }

    def seconds_by_repeat(self, size: int, contender: str, step: str) -> dict[int, float]:
        """Seconds of work, session start apart; of `total`, for the repeats in which both steps ended well."""
        if step != TOTAL:
            return {repeat: cost.work for repeat, cost in self.costs(size, contender, step).items()}
        parts = [self.seconds_by_repeat(size, contender, part) for part in STEPS]
        return {repeat: parts[0][repeat] + parts[1][repeat] for repeat in parts[0] if repeat in parts[1]}

    def seconds(self, size: int, contender: str, step: str) -> float | None:
        """The median over the repeats."""
        return middle(self.seconds_by_repeat(size, contender, step).values())

    def spread(self, size: int, contender: str, step: str) -> float | None:
        """How far a repeat lies from the median at most, as a share of it; null for a single repeat."""
        seconds = list(self.seconds_by_repeat(size, contender, step).values())
        return None if len(seconds) < 2 else max(abs(s / median(seconds) - 1) for s in seconds)

    def ratio(self, size: int, contender: str, step: str, of: str = REFERENCE) -> float | None:
        """The median over the repeats of the contender's seconds divided by the other's in the same repeat.

        Of one that makes some of the tables only: its stages against the same of the other, and nothing in total.
        """
        if CONTENDERS[contender].is_partial and step != "ingest":
            return None if step == TOTAL else self._ratio_of_shared(size, contender, step, of)
        return ratio(self.seconds_by_repeat(size, contender, step), self.seconds_by_repeat(size, of, step))

    def _ratio_of_shared(self, size: int, contender: str, step: str, of: str) -> float | None:
        costs, others = self.costs(size, contender, step), self.costs(size, of, step)
        names = {stage.name for cost in costs.values() for stage in cost.stages}
        names &= {stage.name for cost in others.values() for stage in cost.stages}
        shared = [
            {r: sum(stage.seconds for stage in cost.stages if stage.name in names) for r, cost in side.items()}
            for side in (costs, others)
        ]
        return ratio(shared[0], shared[1])

    def peak_memory(self, size: int, contender: str, step: str) -> int | None:
        """The largest of all repeats: what a machine must have."""
        steps = STEPS if step == TOTAL else (step,)
        return max((c.peak_memory for s in steps for c in self.costs(size, contender, s).values()), default=None)

    def median_of(self, size: int, contender: str, step: str, value: Callable[[Cost], float]) -> float | None:
        """The median over the repeats of any value of a cost."""
        return middle(value(cost) for cost in self.costs(size, contender, step).values())

    def stage_names(self, size: int, step: str) -> list[str]:
        """The stages of all contenders, each where it comes in the first that has it."""
        names: list[str] = []
        for contender in self.contenders:
            for cost in self.costs(size, contender, step).values():
                at = 0
                for stage in cost.stages:
                    if stage.name not in names:
                        names.insert(at, stage.name)
                    at = names.index(stage.name) + 1
        return names

    def stage_by_repeat(self, size: int, contender: str, step: str, name: str) -> dict[int, StageCost]:
        """A stage's costs by repeat."""
        costs = self.costs(size, contender, step)
        return {repeat: stage for repeat, cost in costs.items() for stage in cost.stages if stage.name == name}

    def spark_costs(self, size: int, contender: str, step: str) -> dict[str, list[SparkCost]]:
        """The figures of the event logs by stage, one a repeat."""
        found: dict[str, list[SparkCost]] = {}
        for record in self.records:
            if (record.size, record.contender, record.step) == (size, contender, step) and record.succeeded:
                for name, cost in record.spark.items():
                    found.setdefault(name, []).append(cost)
        return found

    def growth(self, smaller: int, larger: int, contender: str, step: str) -> float | None:
        """Median seconds at one size divided by those at another."""
        few, many = self.seconds(smaller, contender, step), self.seconds(larger, contender, step)
        return None if few is None or many is None else many / few


def middle(values: Iterable[float]) -> float | None:
    """The median; null for no values."""
    found = list(values)
    return median(found) if found else None


def ratio(ones: dict[int, float], others: dict[int, float]) -> float | None:
    """The median of the ratios within a repeat: what slows a machine for a while slows both.

    The ratio of the medians where no repeat has both; null where one has none.
    """
    paired = [ones[repeat] / others[repeat] for repeat in ones if others.get(repeat)]
    if paired:
        return median(paired)
    one, other = middle(ones.values()), middle(others.values())
    return one / other if one is not None and other else None


def extrapolated(smaller: int, larger: int, few: float, many: float, times: float) -> float:
    """The value at `times` the larger size on the line through two points, which never falls.

    A line, not a power: what a stage costs whatever the size would pass for slow growth, and make a large one cheap.
    """
    slope = max(0.0, many - few) / (larger - smaller)
    return many + slope * larger * (times - 1)


@dataclass(frozen=True)
class Goal:
    """A value that should stay at or under a bound; null is not measured, and what failed is infinite."""

    text: str
    bound: float
    value: float | None
    unit: str = "×"

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        return "met" if self.value <= self.bound else "**not met**"


_MILLION = 1_000_000
_GB = 1e9


def goals(figures: Figures) -> list[Goal]:
    """The goals of the project, each with what was measured."""
    one, four = _MILLION, 4 * _MILLION

    def against_duckdb(text: str, size: int, contender: str, step: str, bound: float) -> Goal:
        return Goal(f"{text}, {_short(size)} works", bound, figures.ratio(size, contender, step))

    def memory(size: int, bound: float) -> Goal:
        peak = figures.peak_memory(size, "sail", TOTAL)
        both = all(figures.costs(size, "sail", step) for step in STEPS)
        text = f"Sail, ingest and derive, {_short(size)} works: peak memory"
        return Goal(text, bound, peak / _GB if peak is not None and both else None, "GB")

    return [
        against_duckdb("Sail ÷ DuckDB, derive", one, "sail", "derive", 1.0),
        against_duckdb("Sail ÷ DuckDB, ingest and derive", one, "sail", TOTAL, 1.3),
        against_duckdb("Spark ÷ DuckDB, derive", one, "spark", "derive", 4.0),
        against_duckdb("Spark ÷ DuckDB, derive", four, "spark", "derive", 3.0),
        against_duckdb("Spark ÷ DuckDB, ingest", one, "spark", "ingest", 2.5),
        against_duckdb("Spark ÷ DuckDB, ingest", four, "spark", "ingest", 2.5),
        Goal("Sail, ingest and derive: 4 M ÷ 1 M works", 4.4, figures.growth(one, four, "sail", TOTAL)),
        Goal("Spark, ingest and derive: 4 M ÷ 1 M works", 4.4, figures.growth(one, four, "spark", TOTAL)),
        _derived_in_2_gb(figures, four),
        memory(one, 3.0),
        memory(four, 8.0),
    ]


def _derived_in_2_gb(figures: Figures, size: int) -> Goal:
    tried = [r for r in figures.records if (r.size, r.contender, r.step) == (size, "spark-2g", "derive")]
    failed = sum(not record.succeeded for record in tried)
    text = f"Spark with a driver of 2 GB, derive, {_short(size)} works: runs that failed"
    return Goal(text, 0, failed if tried else None, "")


def _short(size: int) -> str:
    return f"{size / _MILLION:g} M"
