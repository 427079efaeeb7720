"""The sizing page: Markdown, made of measurements alone."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bench import sizing_text
from bench.figures import STEPS, Figures
from bench.parsing import Parsing, by_record_and_byte
from bench.records import Step
from bench.sections import seconds, size, table
from bench.sizing import (
    MAG,
    OPENALEX,
    Dump,
    Kind,
    Range,
    cpu_kinds,
    hours,
    memory_growth,
    shuffle_kinds,
    size_within,
    sizes_of,
    stored_kinds,
    summed,
)

_HOUR = 3600
#: Seconds of Spark's tasks by CPU seconds of Sail for the same tables of 4 M works, as docs/benchmark.md has them for
#: two quiet cores: ingest without reading 392 by 102, derivation 381 by 124. Reading is the same Python code on both.
_SPARK_BY_SAIL = {"ingest": 3.8, "derive": 3.1}
#: Share of the cores that are busy. On those two cores 0.53 in ingest and 0.92 in derivation; of more nothing is known.
_EFFICIENCY = 0.5
#: Share of a machine's memory that Sail's peak may take.
_MEMORY_SHARE = 0.8
#: For Sail: cores and GB of memory. Only the last holds a full dump.
_MACHINES = (("laptop", 8, 16), ("workstation", 16, 64), ("large machine", 64, 512), ("largest machine", 96, 1536))
#: Of Spark: machines and cores of each.
_CLUSTERS = (("one large machine", 1, 64), ("4 × 16 cores", 4, 16), ("20 × 16 cores", 20, 16))


def write_page(figures: Figures, parsed: Sequence[Parsing], mag: Parsing, file: Path) -> None:
    """Writes the page. `parsed` are two files of OpenAlex records of different length, `mag` is a whole ingest."""
    cpu, shuffled, stored = cpu_kinds(figures, "sail"), shuffle_kinds(figures), stored_kinds(figures, "sail")
    needs = {dump.name: _Needs(dump, cpu, parsed, mag) for dump in (OPENALEX, MAG)}
    parts = [
        "# Sizing",
        sizing_text.INTRODUCTION,
        "## What a full dump takes",
        _full(needs.values(), shuffled, stored),
        sizing_text.ASSUMED,
        "## On which machines, and how long",
        _times(needs.values()),
        sizing_text.LIMITS.format(efficiency=_EFFICIENCY).replace("%", " %"),
        "## What fits one machine with Sail",
        _memory(figures, needs[OPENALEX.name]),
        "## Reading",
        _reading(parsed, mag),
        "## Growth",
        _growth(
            [
                *((kind, "CPU s, Sail", seconds) for kind in cpu),
                *((kind, "shuffled, Spark", size) for kind in shuffled),
                *((kind, "tables", size) for kind in stored),
            ]
        ),
        sizing_text.GROWTH,
        "## Stages",
        _stages(cpu, shuffled),
        "## How it is measured",
        sizing_text.METHOD.format(
            sail=_listed(sizes_of(figures, "sail")), spark=_listed(sizes_of(figures, "spark")), **_SPARK_BY_SAIL
        ),
        _machine(figures),
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


class _Needs:
    """Core seconds of a full dump, by engine, step and stage."""

    def __init__(self, dump: Dump, cpu: Sequence[Kind], parsed: Sequence[Parsing], mag: Parsing) -> None:
        self.dump, self._cpu = dump, cpu
        a_record, a_byte = by_record_and_byte(*parsed)
        self.reading = a_record * dump.works + a_byte * dump.plain
        self.reads_records = dump is OPENALEX
        self.mag_ingest = mag.cpu / mag.plain * dump.plain

    def of_step(self, step: Step, engine: str) -> Range:
        """Core seconds of a step; of an ingest of MAG by Sail's, whichever engine, as no other was measured."""
        if step == "ingest" and not self.reads_records:
            return Range(self.mag_ingest, self.mag_ingest)
        found = summed(kind.full(self.dump) for kind in self._cpu if kind.step == step)
        found = found.times(_SPARK_BY_SAIL[step] if engine == "spark" else 1.0)
        return Range(found.line + self.reading, found.curve + self.reading) if step == "ingest" else found

    def hours(self, engine: str, cores: int) -> Range:
        """How long ingest and all tables of a study take on so many cores."""
        factor = _SPARK_BY_SAIL["derive"] if engine == "spark" else 1.0
        kinds = [kind for kind in self._cpu if kind.step == "derive"]
        line = {n: kind.full(self.dump).line * kind.share(n) * factor for kind in kinds for n in kind.stages}
        curve = {n: kind.full(self.dump).curve * kind.share(n) * factor for kind in kinds for n in kind.stages}
        ingest = self.of_step("ingest", engine)
        return Range(
            hours({"ingest": ingest.line} | line, cores, _EFFICIENCY),
            hours({"ingest": ingest.curve} | curve, cores, _EFFICIENCY),
        )


def _full(needs: Iterable[_Needs], shuffled: Sequence[Kind], stored: Sequence[Kind]) -> str:
    def bytes_of(kinds: Sequence[Kind], step: Step, dump: Dump) -> str:
        return _between(summed(kind.full(dump) for kind in kinds if kind.step == step), size)

    def core_hours(step: Step, engine: str) -> Callable[[_Needs], str]:
        return lambda need: _between(need.of_step(step, engine).times(1 / _HOUR), seconds)

    def of_records(shown: Callable[[_Needs], str], otherwise: str) -> Callable[[_Needs], str]:
        return lambda need: shown(need) if need.reads_records else otherwise

    rows: list[tuple[str, Callable[[_Needs], str]]] = [
        ("works", lambda need: f"{need.dump.works / 1e6:,.0f} M"),
        ("authorships", lambda need: f"{need.dump.authorships / 1e6:,.0f} M"),
        ("citations", lambda need: f"{need.dump.citations / 1e6:,.0f} M"),
        ("works of the study's field", lambda need: f"{need.dump.field_works / 1e6:,.0f} M"),
        ("part files, compressed and not", lambda need: f"{size(need.dump.packed)}, {size(need.dump.plain)}"),
        ("ingest on Sail, core hours", core_hours("ingest", "sail")),
        ("of these reading", of_records(lambda need: seconds(need.reading / _HOUR), "not told apart")),
        ("a study on Sail, core hours", core_hours("derive", "sail")),
        ("ingest on Spark, core hours", of_records(core_hours("ingest", "spark"), "not measured")),
        ("a study on Spark, core hours", core_hours("derive", "spark")),
        ("ingest on Spark, shuffled", of_records(lambda n: bytes_of(shuffled, "ingest", n.dump), "not measured")),
        ("a study on Spark, shuffled", lambda need: bytes_of(shuffled, "derive", need.dump)),
        ("tables of the ingest, on disk", lambda need: bytes_of(stored, "ingest", need.dump)),
        ("tables of a study, on disk", lambda need: bytes_of(stored, "derive", need.dump)),
    ]
    listed = list(needs)
    return table(["", *(need.dump.name for need in listed)], [[what, *map(of, listed)] for what, of in rows])


def _times(needs: Iterable[_Needs]) -> str:
    listed = list(needs)
    rows = []
    for name, cores, memory in _MACHINES[-1:]:
        taken = [_between(need.hours("sail", cores), seconds) for need in listed]
        rows.append(["Sail", f"{name}, {memory:,} GB", str(cores), *taken])
    for name, machines, each in _CLUSTERS:
        cores = machines * each
        rows.append(["Spark", name, str(cores), *(_between(n.hours("spark", cores), seconds) for n in listed)])
    return table(["engine", "on", "cores", *(f"{need.dump.name}, hours" for need in listed)], rows, left=2)


def _memory(figures: Figures, openalex: _Needs) -> str:
    peaks, growth = memory_growth(figures, "sail")
    measured = ", ".join(f"{size(peak)} at {works:,}" for works, peak in peaks.items())
    rows = [
        [name, f"{memory:,} GB", f"{size_within(growth, memory * 1e9 * _MEMORY_SHARE) / 1e6:,.0f} M"]
        for name, _, memory in _MACHINES
    ]
    full = size(growth.at(openalex.dump.works))
    said = sizing_text.MEMORY.format(
        peaks=measured, fixed=size(growth.fixed), slope=growth.slope / 1e3, share=_MEMORY_SHARE
    ).replace("%", " %")
    return f"{said}\n\n{table(['machine', 'memory', 'works'], rows)}\n\n{sizing_text.MEMORY_BEYOND.format(full=full)}"


def _reading(parsed: Sequence[Parsing], mag: Parsing) -> str:
    a_record, a_byte = by_record_and_byte(*parsed)
    rows = [
        [
            one.snapshot,
            f"{one.records:,}",
            size(one.plain / one.records),
            size(one.gzipped / one.records),
            f"{one.cpu / one.records * 1e6:.0f}",
            f"{one.cpu / one.plain * 1e9:.1f}",
        ]
        for one in (*parsed, mag)
    ]
    long = max(parsed, key=lambda one: one.plain / one.records)
    longest = seconds(long.cpu / long.records * OPENALEX.works / _HOUR)
    header = ["", "records", "a record", "compressed", "CPU µs a record", "CPU s a GB"]
    explained = sizing_text.READING.format(a_record=a_record * 1e6, a_byte=a_byte * 1e9, longest=longest)
    return f"{table(header, rows)}\n\n{explained}"


def _growth(kinds: Iterable[tuple[Kind, str, Callable[[float | None], str]]]) -> str:
    rows = []
    for kind, unit, shown in kinds:
        exponents = kind.exponents
        fit = f"{kind.curve.exponent:.2f} ({min(exponents):.2f}–{max(exponents):.2f})" if exponents else "1, assumed"
        rows.append(
            [
                unit,
                kind.step,
                kind.driven_by.replace("_", " "),
                " · ".join(shown(value) for value in kind.measured.values()),
                shown(kind.line.fixed),
                fit,
                _between(kind.full(OPENALEX), shown),
            ]
        )
    header = ["what", "step", "made of", "at the measured sizes", "fixed", "exponent", "OpenAlex"]
    return table(header, rows, left=3)


def _stages(cpu: Sequence[Kind], shuffled: Sequence[Kind]) -> str:
    rows = []
    for step in STEPS:
        shuffles = {name: of for of in shuffled if of.step == step for name in of.stages}
        timed = [(kind, name) for kind in cpu if kind.step == step for name in kind.stages]
        for kind, name in timed:
            hours_of = kind.full(OPENALEX).times(kind.share(name) / _HOUR)
            bytes_of = shuffles[name].full(OPENALEX).times(shuffles[name].share(name)) if name in shuffles else None
            rows.append(
                [
                    name,
                    kind.driven_by.replace("_", " "),
                    " · ".join(seconds(value) for value in kind.stages[name].values()),
                    _between(hours_of, seconds),
                    _between(hours_of.times(_SPARK_BY_SAIL[step]), seconds),
                    _between(bytes_of, size) if bytes_of else "–",
                ]
            )
    header = [
        "stage",
        "made of",
        "CPU s, Sail, measured",
        "OpenAlex: core hours, Sail",
        "core hours, Spark",
        "shuffled, Spark",
    ]
    return table(header, rows, left=2)


def _between(found: Range, shown: Callable[[float | None], str]) -> str:
    """From the line's to the curve's value, one where they show the same."""
    ends = list(dict.fromkeys(shown(value) for value in sorted((found.line, found.curve))))
    return " – ".join(ends)


def _listed(sizes: Sequence[int]) -> str:
    return ", ".join(f"{works:,}" for works in sizes)


def _machine(figures: Figures) -> str:
    host = figures.records[-1].host
    versions = ", ".join(
        f"{name} {host.versions[name]}" for name in ("python", "pyspark", "pysail") if name in host.versions
    )
    return f"{host.cpu}, {host.cores} cores, {host.memory / 2**30:.0f} GiB of memory; {versions}; commit {host.commit}."
