"""What a full dump would take: what was measured, carried on along the growth of stages of one kind together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.figures import STEPS, TOTAL, Figures
from bench.growth import FEWEST_SIZES, IN_PROPORTION, Growth, fitted, in_proportion, without_each
from bench.projection import OF_ALL_WORKS
from bench.records import Step
from scholarflow.pipeline import STAGES
from scholarflow.tables import canonical

#: The stage whose work is told by the records that it reads, not by how many there are.
READING = "read works"


@dataclass(frozen=True)
class Dump:
    """Rows of a full dump, and of the field of a study on it; bytes of its part files, packed and plain."""

    name: str
    works: float
    authorships: float
    citations: float
    field_works: float
    packed: float
    plain: float


#: Bytes as OpenAlex states them; authorships, citations and the field's works are assumed.
OPENALEX = Dump("OpenAlex", 460e6, 700e6, 2.5e9, 10e6, 330e9, 1.6e12)
#: Bytes are those of the tables of March 2019 (doi:10.5281/zenodo.2628216), of some 210 M papers, in proportion.
MAG = Dump("MAG", 270e6, 750e6, 1.9e9, 6e6, 74e9, 223e9)

#: Of which rows a stage's work is made, where its inputs do not tell.
_DRIVEN_BY = OF_ALL_WORKS | {
    "scientist_partner_years": "authorships",
    "venue_pairs": "field_works",
    "studies": "field_works",
}
#: How many tasks at most share a stage's work, however many cores there are: one, or one a year of the period.
AT_MOST = {
    "keyword_parameters": 1,
    "venue_pairs": 22,
    "work_novelty": 22,
    "content_novelty": 22,
    "content_model_years": 22,
}


@dataclass(frozen=True)
class Range:
    """A value at a full dump: along the line through what was measured, and along the curve."""

    line: float
    curve: float

    def times(self, factor: float) -> "Range":
        """The same in another unit."""
        return Range(self.line * factor, self.curve * factor)


def summed(ranges: Iterable[Range]) -> Range:
    """The sums."""
    listed = list(ranges)
    return Range(sum(one.line for one in listed), sum(one.curve for one in listed))


@dataclass(frozen=True)
class Kind:
    """Stages of one step whose work is made of the same rows, in seconds or bytes by name and size.

    A simulated work has `rows_a_work` of the rows that `driven_by` names. The exponent of `curve` is that of the whole
    step, as the seconds of a few stages say little of their growth: the first of `exponents`, each other of which
    leaves a size out. With fewer than three sizes there are none, and both grow in proportion.
    """

    step: Step
    driven_by: str
    rows_a_work: float
    stages: Mapping[str, Mapping[int, float]]
    line: Growth
    curve: Growth
    exponents: Sequence[float]

    @property
    def measured(self) -> dict[int, float]:
        """The sum of the stages by size."""
        return _sums(self.stages)

    def full(self, dump: Dump) -> Range:
        """The same at a full dump: at as many simulated works as have the rows that it has."""
        works = getattr(dump, self.driven_by) / self.rows_a_work
        return Range(self.line.at(works), self.curve.at(works))

    def share(self, stage: str) -> float:
        """A stage's part of the sum at the largest size."""
        largest, total = max(self.measured), self.measured[max(self.measured)]
        return self.stages[stage][largest] / total if total else 0.0


def driven_by(name: str) -> str:
    """Of which rows a stage's work is made: of all works where it reads them, else of the field's."""
    derived = {stage.table.name: stage for stage in STAGES}
    if name in _DRIVEN_BY or name not in derived:
        return _DRIVEN_BY.get(name, "works")
    return "works" if canonical.WORKS in derived[name].inputs else "field_works"


def sizes_of(figures: Figures, contender: str) -> list[int]:
    """The sizes at which a contender made everything."""
    return [size for size in figures.sizes if figures.costs(size, contender, "derive")]


def cpu_kinds(figures: Figures, contender: str) -> list[Kind]:
    """CPU seconds of all stages but what reads works."""

    def cpu(size: int, step: Step, name: str) -> float:
        return sum(stage.cpu for stage in figures.stage_by_repeat(size, contender, step, name).values())

    names = {step: _stage_names(figures, contender, step) for step in STEPS}
    return _kinds(figures, contender, cpu, {step: [n for n in names[step] if n != READING] for step in STEPS})


def shuffle_kinds(figures: Figures) -> list[Kind]:
    """Bytes that all stages shuffled on Spark."""

    def shuffled(size: int, step: Step, name: str) -> float:
        return sum(cost.shuffle_written for cost in figures.spark_costs(size, "spark", step).get(name, []))

    return _kinds(figures, "spark", shuffled, {step: _stage_names(figures, "spark", step) for step in STEPS})


def stored_kinds(figures: Figures, contender: str) -> list[Kind]:
    """Bytes of all folders of a root: those of the ingest, and of a study."""
    stored = {r.size: r.stored for r in figures.records if (r.contender, r.step) == (contender, "derive")}

    def bytes_of(size: int, step: Step, name: str) -> float:
        return stored[size].get(name, 0)

    ingested = sorted(stored[max(stored)].keys() - {"studies"})
    return _kinds(figures, contender, bytes_of, {"ingest": ingested, "derive": ["studies"]})


def _stage_names(figures: Figures, contender: str, step: Step) -> list[str]:
    costs = figures.costs(sizes_of(figures, contender)[-1], contender, step).values()
    return list(dict.fromkeys(stage.name for cost in costs for stage in cost.stages))


def _kinds(
    figures: Figures,
    contender: str,
    value: Callable[[int, Step, str], float],
    names: Mapping[Step, Sequence[str]],
) -> list[Kind]:
    sizes = sizes_of(figures, contender)
    rows = _rows_a_work(figures, contender, sizes[-1])
    found = []
    for step in names:
        stages = {name: {size: value(size, step, name) for size in sizes} for name in names[step]}
        fits = len(sizes) >= FEWEST_SIZES
        exponents = [one.exponent for one in without_each(sizes, list(_sums(stages).values()))] if fits else []
        for driver in dict.fromkeys(map(driven_by, stages)):
            of_kind = {name: by_size for name, by_size in stages.items() if driven_by(name) == driver}
            sums = list(_sums(of_kind).values())
            if fits:
                line, curve = (fitted(sizes, sums, (exponent,)) for exponent in (IN_PROPORTION, exponents[0]))
            else:
                line = curve = in_proportion(sizes[-1], sums[-1])
            found.append(Kind(step, driver, rows[driver], of_kind, line, curve, exponents))
    return found


def _sums(stages: Mapping[str, Mapping[int, float]]) -> dict[int, float]:
    sizes = next(iter(stages.values()))
    return {size: sum(by_size[size] for by_size in stages.values()) for size in sizes}


def _rows_a_work(figures: Figures, contender: str, size: int) -> dict[str, float]:
    costs = [cost for step in STEPS for cost in figures.costs(size, contender, step).values()]
    rows = {stage.name: stage.rows for cost in costs for stage in cost.stages if stage.rows}
    return {name: rows[name] / size for name in ("authorships", "citations", "field_works")} | {"works": 1.0}


def hours(core_seconds: Mapping[str, float], cores: int, efficiency: float) -> float:
    """How long stages take one after another, each on a share of the cores, or on as many as it has tasks for."""
    busy = cores * efficiency
    return sum(seconds / min(busy, AT_MOST.get(name, busy)) for name, seconds in core_seconds.items()) / 3600


def memory_growth(figures: Figures, contender: str) -> tuple[dict[int, int], Growth]:
    """Peak memory by size, the larger of both steps, and its line."""
    peaks = {size: figures.peak_memory(size, contender, TOTAL) or 0 for size in sizes_of(figures, contender)}
    return peaks, fitted(list(peaks), list(peaks.values()), (IN_PROPORTION,))


def size_within(growth: Growth, bound: float) -> float:
    """The size at which a growing cost reaches a bound; 0 where it is over it from the start."""
    return float(((bound - growth.fixed) / growth.slope) ** (1 / growth.exponent)) if bound > growth.fixed else 0.0
