"""The page of a benchmark: Markdown, made of the figures alone but for one section that people write."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from bench import sections
from bench.contenders import CONTENDERS
from bench.figures import Figures
from bench.measure import OUT_OF_TIME

_OPEN, _CLOSE = "<!-- changes -->", "<!-- /changes -->"
_WHAT = {"ingest": "ingest", "derive": "derivation", "equal": "comparison with DuckDB's tables"}
_NOTHING_YET = "Nothing here yet: what was made faster, with seconds before and after."


def write_page(figures: Figures, file: Path, chart: Path) -> None:
    """Writes the page; what stands between the markers of the section on changes stays as it is."""
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = os.path.relpath(chart, file.parent)
    file.write_text(page(figures, picture=Path(picture).as_posix(), changes=kept_section(before)), encoding="utf-8")


def kept_section(page: str) -> str:
    """What people wrote between the markers; a word that there is nothing where there are none.

    Errors: ValueError for one marker without the other, which would lose what was written.
    """
    found = re.search(f"{re.escape(_OPEN)}\n(.*?){re.escape(_CLOSE)}", page, re.DOTALL)
    if found is None and (_OPEN in page or _CLOSE in page):
        raise ValueError(f"the page has one of the markers {_OPEN} and {_CLOSE} but not the other after it")
    return found[1].strip("\n") if found else _NOTHING_YET


def page(figures: Figures, *, picture: str, changes: str) -> str:
    """The whole page."""
    parts = [
        "# Benchmark",
        _introduction(figures),
        f"![Seconds of ingest and of derivation by works, one line a contender]({picture})",
        "## Times",
        sections.headline(figures),
        _notes(figures),
        "## Goals",
        sections.goals_table(figures),
        "## Growth",
        sections.growth(figures),
        "## Where the time goes",
        sections.processes(figures),
        *(part for size in reversed(figures.sizes) for part in sections.stages(figures, size)),
        "## Cluster cost",
        sections.cluster_cost(figures),
        "## What was changed",
        f"{_OPEN}\n{changes}\n{_CLOSE}",
        "## How it is measured",
        _METHOD,
        "## Machine and versions",
        _machine(figures),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _introduction(figures: Figures) -> str:
    sizes = ", ".join(f"{size:,}" for size in figures.sizes)
    return (
        f"What scholarflow costs on simulated OpenAlex snapshots of {sizes} works, beside a plain DuckDB program that "
        "reads the same files and makes the same tables, and beside pySciSci for the part it can do. Written by "
        "`make bench`; how, and on what machine, stands at the end."
    )


def _notes(figures: Figures) -> str:
    """What a reader of the times must know: repeats, comparisons, failures."""
    repeats = [
        n
        for size in figures.sizes
        for contender in figures.contenders
        if CONTENDERS[contender].root_of is None and (n := len(figures.costs(size, contender, "derive")))
    ]
    few, many = min(repeats, default=0), max(repeats, default=0)
    of = f"Medians of {f'{few} to ' if few < many else ''}{many} repeats" if many > 1 else "One run each"
    notes = [f"{of}; seconds are work, session start apart; ratios within a repeat, peaks of all repeats."]
    equal = [(r.size, sections.label(r.contender)) for r in figures.comparisons if r.succeeded]
    if equal:
        notes.append(f"Every table equal to DuckDB's, row by row: {sections.by_size(equal)}.")
    for contender in (CONTENDERS[name] for name in figures.contenders if CONTENDERS[name].is_partial):
        notes.append(
            f"{contender.label} makes some of the tables, in part; its ratio is to DuckDB's time for the same."
        )
    for record in (r for r in (*figures.comparisons, *figures.records) if not r.succeeded):
        what = f"{sections.label(record.contender)}, {_WHAT[record.step]} of {record.size:,} works"
        lines = record.cost.problem.strip().splitlines() or [""]
        reason = lines[0] if record.cost.problem.startswith(OUT_OF_TIME) else lines[-1]
        notes.append(f"**{what}, repeat {record.repeat}: failed with status {record.cost.status}.** `{reason[:200]}`")
    return "\n".join(f"- {note}" for note in notes)


def _machine(figures: Figures) -> str:
    records = figures.records
    hosts = list(dict.fromkeys((r.host.cpu, r.host.cores, r.host.memory, r.host.system) for r in records))
    versions = {name: version for record in records for name, version in record.host.versions.items()}
    settings = sorted(
        {f"{name}={value}" for r in records if r.contender != "spark-2g" for name, value in r.settings.items()}
    )
    heaps = sorted({f"{sections.label(r.contender)} {r.cost.heap}" for r in records if r.cost.heap})
    lines = [
        f"{cpu}, {cores} cores, {memory / 2**30:.0f} GiB of memory, {system}" for cpu, cores, memory, system in hosts
    ]
    lines += [
        ", ".join(f"{name} {version}" for name, version in versions.items()),
        f"Java heap: {', '.join(heaps)}" if heaps else "",
        f"Settings: {', '.join(settings)}" if settings else "",
        f"Measured {_dates(sorted({r.series for r in records}))}, commit {', '.join(_commits(figures))}",
    ]
    return "\n".join(f"- {line}" for line in lines if line)


def _dates(series: Sequence[str]) -> str:
    days = list(dict.fromkeys(one[:10] for one in series))
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}, in {len(series)} calls"


def _commits(figures: Figures) -> list[str]:
    commits = dict.fromkeys(record.host.commit for record in figures.records)
    return [f"{c.rstrip('+')} with uncommitted changes" if c.endswith("+") else c for c in commits]


_METHOD = """\
- Every step is a process of its own, on a fresh folder; contenders take turns within a repeat and each repeat begins
  with another. The snapshot is read once before, so that nobody reads it cold.
- *Work* is the time from the beginning of the first stage to the last line reported: stages, commits between them and
  CSV export. Starting and stopping the session is apart. A stage lasts from its `started` to its `done` line; stages
  that run side by side may sum to more than the work.
- *Peak memory* is the largest sum, over the process and all its descendants, of what is resident, looked at ten times
  a second. Pages that processes share are counted once (proportional set size): forked Python workers share most.
- *Read* counts bytes handed over by read calls, whatever the page cache holds; for Spark this includes what crosses the
  sockets between the JVM and its Python workers. *Written* counts file pages made dirty, temporary files included.
  *Scratch* is the largest size of the folder for temporary files: shuffles and spills.
- Spark's figures by stage are those of its event log: *input* as read from files, the staged rows once more for their
  verification included; *shuffled* as written to the shuffle; *spilled* as written to disk. A job belongs to the stage
  that its description names, else to the one in whose time it was submitted.
- Sail and DuckDB run in one process and shuffle in memory; spills would show in *scratch*."""
