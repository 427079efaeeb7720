"""`python -m bench.run`: measures the contenders on simulated snapshots and writes the page and the chart."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from bench import records
from bench.chart import write_chart
from bench.contenders import known
from bench.contest import Contest, measure, say
from bench.figures import Figures
from bench.page import write_page

_SIZES = (250_000, 1_000_000, 4_000_000)


app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


@app.command()
def main(
    works: Annotated[list[int], typer.Option(help="Works of a snapshot; repeatable.", metavar="N")] = list(_SIZES),  # noqa: B006
    repeats: Annotated[int, typer.Option(min=1, help="Times that every contender runs at every size.")] = 3,
    contenders: Annotated[
        str,
        typer.Option(help="In which order they run in the first repeat; DuckDB is what the others are measured by."),
    ] = "duckdb,sail,spark,spark-2g,pyscisci",
    work_dir: Annotated[Path, typer.Option(metavar="DIR", help="Snapshots, tables, logs and measurements.")] = Path(
        "build/bench"
    ),
    page: Annotated[Path, typer.Option(metavar="FILE", help="The page to write.")] = Path("docs/benchmark.md"),
    chart: Annotated[Path, typer.Option(metavar="FILE", help="The chart to write: .svg or .png.")] = Path(
        "docs/benchmark.svg"
    ),
    set: Annotated[
        list[str],
        typer.Option(
            metavar="NAME=VALUE",
            help="A property of Spark, as spark.driver.memory=3g, or a variable of the environment; repeatable.",
        ),
    ] = [],  # noqa: B006
    python: Annotated[
        list[str],
        typer.Option(
            metavar="CONTENDER=PATH", help="Python for one contender, as pyscisci=old/bin/python; repeatable."
        ),
    ] = [],  # noqa: B006
    jobs: Annotated[
        int | None,
        typer.Option(metavar="N", help="scholarflow's --jobs; 1 keeps apart what each table reads and writes."),
    ] = None,
    add: Annotated[
        bool,
        typer.Option(
            "--add", help="Go on with the last measurements: an interrupted run, more repeats, sizes, contenders."
        ),
    ] = False,
    page_only: Annotated[
        bool, typer.Option("--page-only", help="Write page and chart from what was measured.")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the tables of the last repeat of every size.")] = False,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", help="After which a process counts as failed.")
    ] = 7200,
) -> None:
    """Measures ingest and derivation of simulated snapshots, for Sail, Spark local, DuckDB and pySciSci.

    Every contender reads the same files into a fresh folder and then makes the tables of a study, each step a process
    of its own, in turns, as often as --repeats says. Measurements go to DIR/measurements.jsonl, a line a process; page
    and chart are made of them. Nothing is timed against a limit: whether goals are met is for the page to say.
    Exit status: 0 all ran and are equal; 1 something failed or differs, and the page says what; 2 bad usage.
    """
    work_dir = work_dir.resolve()
    measurements = work_dir / "measurements.jsonl"
    if not page_only:
        try:
            chosen = known([name.strip() for name in contenders.split(",") if name.strip()])
        except ValueError as error:
            raise typer.BadParameter(f"--contenders {error}") from None
        settings = _pairs(set, "--set")
        # Absolute, as commands run elsewhere; not resolved: a link is how a virtual environment knows itself.
        pythons = {name: str(Path(path).absolute()) for name, path in _pairs(python, "--python").items()}
        work_dir.mkdir(parents=True, exist_ok=True)
        if measurements.is_file() and not add:
            measurements.rename(work_dir / f"measurements-{int(measurements.stat().st_mtime)}.jsonl")
        host = records.host(pythons.get("pyscisci"))
        options = () if jobs is None else ("--jobs", str(jobs))
        contest = Contest(work_dir, measurements, host, settings, pythons, time_limit, options)
        for size in sorted(dict.fromkeys(works)):
            measure(contest, size, repeats, chosen, records.load(measurements))
            if not keep:
                shutil.rmtree(work_dir / "roots", ignore_errors=True)
            _write(measurements, page, chart)
        sys.exit(1 if contest.failures else 0)
    _write(measurements, page, chart)


def _write(measurements: Path, page: Path, chart: Path) -> None:
    """The page after every size: a run that is interrupted leaves one of what it got to."""
    found = records.newest(records.load(measurements))
    if not found:
        sys.exit(f"{measurements}: no measurements here; run without --page-only")
    figures = Figures(found)
    write_chart(figures, chart)
    write_page(figures, page, chart)
    say(f"{page} and {chart} written")


def _pairs(texts: list[str], option: str) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in texts)
    if not all(name and value for name, value in pairs.items()):
        raise typer.BadParameter(f"{option} {' '.join(texts)}: must be NAME=VALUE")
    return pairs


if __name__ == "__main__":
    app()
