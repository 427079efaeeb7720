"""`python -m bench.sizing_run`: measures every table at several sizes and writes the sizing page."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from bench import event_log, parsing, records
from bench.contenders import CONTENDERS
from bench.contest import Contest, measure, say
from bench.event_log import BETWEEN, SparkCost
from bench.figures import STEPS, Figures
from bench.measure import Cost, StageCost
from bench.records import Record
from bench.sizing_page import write_page

_SIZES = (62_500, 125_000, 250_000, 500_000)
#: One table after another: only then are CPU seconds, which are the whole process's, a stage's own.
_OPTIONS = ("--jobs", "1")
#: What is measured: all tables of a study.
_SAIL, _SPARK = (replace(CONTENDERS[name], tables=()) for name in ("sail", "spark"))

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def main(
    works: Annotated[list[int], typer.Option(help="Works of a snapshot; repeatable.", metavar="N")] = list(_SIZES),  # noqa: B006
    engines: Annotated[str, typer.Option(help="sail, spark or both.")] = "sail,spark",
    work_dir: Annotated[Path, typer.Option(metavar="DIR", help="Snapshots, tables, logs and measurements.")] = Path(
        "build/sizing"
    ),
    records_of: Annotated[
        list[Path],
        typer.Option("--records", metavar="DIR", help="Two OpenAlex snapshots of real records, short and long ones."),
    ] = [],  # noqa: B006
    mag: Annotated[Path | None, typer.Option(metavar="DIR", help="A real MAG dump.")] = None,
    page: Annotated[Path, typer.Option(metavar="FILE", help="The page to write.")] = Path("docs/sizing.md"),
    page_only: Annotated[bool, typer.Option("--page-only", help="Write the page from what was measured.")] = False,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", help="After which a process counts as failed.")
    ] = 7200,
) -> None:
    """Measures ingest and every table of a study on Sail and Spark at several sizes, and writes the sizing page.

    Sail has a process a size and step; Spark, of which only the bytes that it shuffles are used, one for all.
    Measurements go to DIR/measurements.jsonl and DIR/parsed.jsonl, and the page is made of all that are there, of
    several of one kind the last. Exit status: 0 all ran; 1 something failed.
    """
    work_dir = work_dir.resolve()
    measurements = work_dir / "measurements.jsonl"
    sizes, failures = sorted(dict.fromkeys(works)), 0
    if not page_only:
        work_dir.mkdir(parents=True, exist_ok=True)
        contest = Contest(work_dir, measurements, records.host(), {}, {}, time_limit, _OPTIONS)
        for size in sizes if "sail" in engines else []:
            measure(contest, size, 1, [_SAIL], done=[])
            shutil.rmtree(work_dir / "roots", ignore_errors=True)
        if "spark" in engines:
            measure_spark(contest, sizes)
            shutil.rmtree(work_dir / "roots", ignore_errors=True)
        with (work_dir / "parsed.jsonl").open("ab") as lines:
            for parsed in [*map(parsing.of_openalex, records_of), *([parsing.of_mag(mag)] if mag else [])]:
                lines.write(msgspec.json.encode(parsed) + b"\n")
        failures = contest.failures
    parsed = parsing.load(work_dir / "parsed.jsonl")
    figures = Figures(records.newest(records.load(measurements)))
    of_openalex, of_mag = ([one for one in parsed if one.is_mag == is_mag] for is_mag in (False, True))
    if len(of_openalex) < 2 or not of_mag:
        say(f"no page: {work_dir} has no measurement of real records; give --records twice, and --mag")
        sys.exit(1)
    write_page(figures, of_openalex, of_mag[0], page)
    say(f"{page} written")
    sys.exit(1 if failures else 0)


def measure_spark(contest: Contest, sizes: Sequence[int]) -> None:
    """Measures all sizes in one session and records each step of each, as far as it came, as if it were a process."""
    roots = {size: contest.root(size, _SPARK) for size in sizes}
    shutil.rmtree(contest.work_dir / "roots", ignore_errors=True)
    arguments = [part for size in sizes for part in (str(size), str(contest.snapshot(size)), str(roots[size]))]
    logs = contest.work_dir / "event-logs" / "spark"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    command = [sys.executable, str(Path(__file__).with_name("one_session.py")), *arguments]
    cost = contest.measured(command, _SPARK.environment({}, logs), name="spark")
    if cost.status:
        contest.failures += 1
        say(f"Spark failed with status {cost.status}\n{cost.problem}")
    done = {stage.name for stage in cost.stages}
    for size in sizes:
        for step in STEPS if f"{size} {STEPS[-1]}" in done else ():
            part, spark = of_step(cost, list(event_log.read_log(logs)), f"{size} {step}")
            stored = contest.stored(size, roots[size], step)
            record = Record(contest.series, size, 1, "spark", step, part, contest.host, {}, spark, stored)
            records.append(contest.measurements, record)
            say(f"{size:>9,} works  spark  {step:<7} {part.cpu:8.1f} CPU s in {part.work:.1f} s")


def of_step(cost: Cost, log: Sequence[dict[str, Any]], step: str) -> tuple[Cost, dict[str, SparkCost]]:
    """What one step of one size took of a session: its stages, and as one more what belongs to none of them."""
    (whole,) = (stage for stage in cost.stages if stage.name == step)
    stages = [stage for stage in cost.stages if stage.name.startswith(f"{step} ")]
    spark = event_log.costs_by_stage(log, stages)
    named = {stage.name.removeprefix(f"{step} "): stage for stage in stages}
    named[BETWEEN] = StageCost(
        name=BETWEEN,
        seconds=whole.seconds - sum(stage.seconds for stage in stages),
        peak_memory=whole.peak_memory,
        cpu=whole.cpu - sum(stage.cpu for stage in stages),
        read=whole.read - sum(stage.read for stage in stages),
        written=whole.written - sum(stage.written for stage in stages),
        rows=None,
        spans=[],
    )
    parts = {name: spark[stage.name] for name, stage in named.items() if stage.name in spark and name != BETWEEN}
    all_of_it = event_log.costs_by_stage(log, [whole])[step]
    parts[BETWEEN] = SparkCost(
        shuffle_written=all_of_it.shuffle_written - sum(part.shuffle_written for part in parts.values()),
        task_seconds=all_of_it.task_seconds - sum(part.task_seconds for part in parts.values()),
    )
    as_process = Cost(
        status=0,
        wall=whole.seconds,
        start=0.0,
        work=whole.seconds,
        stop=0.0,
        peak_memory=whole.peak_memory,
        peak_scratch=0,
        cpu=whole.cpu,
        read=whole.read,
        written=whole.written,
        heap=cost.heap,
        stages=[replace(stage, name=name) for name, stage in named.items()],
    )
    return as_process, parts


if __name__ == "__main__":
    app()
