"""The command line: simulate, ingest, run, report, export, regress, network, show, tables, check."""

import io
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from scholarflow import __version__
from scholarflow.config import Config, Source, load
from scholarflow.engine import EngineName, Place, Store, start
from scholarflow.errors import InputError, ScholarflowError, UsageError
from scholarflow.export import Format
from scholarflow.foreign_text import is_utf8, printable
from scholarflow.full_disk import room_in, says_full
from scholarflow.network import BackendName, Level
from scholarflow.options import (
    ConfigFiles,
    Encoding,
    EngineOption,
    Jobs,
    Layout,
    Log,
    Master,
    Root,
    Settings,
    folder_of,
    stored_place,
)
from scholarflow.progress import Progress, reporter

app = typer.Typer(
    name="scholarflow",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="An atlas of where science is done, from full dumps of OpenAlex and Microsoft Academic Graph.",
    epilog="Exit status: 0 done; 2 bad usage or configuration; 3 input missing or unreadable, the root held by another "
    "run, or the disk full; 4 a check failed; 130 interrupted; 143 terminated.",
)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"scholarflow {__version__}")
        raise typer.Exit


@app.command()
def simulate(
    works: Annotated[int, typer.Option(help="Works to write.")],
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="Folder to write the snapshot to; its truth goes to truth/ in it.", parser=folder_of
        ),
    ],
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 7,
    format: Annotated[Source, typer.Option(help="What to write it as.")] = "openalex",
    dirty: Annotated[bool, typer.Option("--dirty", help="With the defects that real dumps have.")] = False,
    layout: Annotated[Layout, typer.Option(help="OpenAlex: the layout since 2026, or the one before.")] = "2026",
    encoding: Annotated[Encoding, typer.Option(help="OpenAlex since 2026: JSON lines or Parquet.")] = "jsonl",
    release: Annotated[int, typer.Option(min=1, max=2, help="2: the next quarterly snapshot of the same world.")] = 1,
    compress: Annotated[bool, typer.Option("--compress", help="MAG: gzip the tables.")] = False,
    log_format: Log = "auto",
) -> None:
    """Write a snapshot of a simulated world with a known truth and planted effects."""
    from scholarflow.simulate import simulate as write_snapshot

    progress = reporter(log_format)
    with progress.stage(f"simulate {format}") as stage, room_in(out):
        write_snapshot(
            out,
            works=works,
            seed=seed,
            format=format,
            dirty=dirty,
            layout=layout,
            encoding=encoding,
            release=release,
            compress=compress,
            progress=stage.advance,
        )
        stage.done(works=works)
    progress.note(f"snapshot in {out}, its truth in {out / 'truth'}")


@app.command()
def ingest(
    source: Annotated[Source, typer.Argument(help="Which dump it is.")],
    input: Annotated[
        Any,
        typer.Option(
            "--input",
            help="Folder of the snapshot, or s3a://, gs://, abfss://.",
            show_default=False,
            parser=stored_place,
            metavar="DIR",
        ),
    ],
    root: Root,
    allow_incomplete: Annotated[
        bool, typer.Option("--allow-incomplete", help="Leave out files that are missing, truncated or too small.")
    ] = False,
    config: ConfigFiles = None,
    set: Settings = None,
    jobs: Jobs = 2,
    engine: EngineOption = "auto",
    master: Master = None,
    log_format: Log = "auto",
) -> None:
    """Read a snapshot into the canonical tables; of a newer one only files that are new or changed."""
    from scholarflow.ingest.run import ingest as bring_up_to_date
    from scholarflow.ingest.run import require_input

    settings = load(config or [], set or [])
    require_input(source, input, settings)
    progress = reporter(log_format)
    with _store(root, settings, engine, master) as store:
        remade = bring_up_to_date(
            source,
            input,
            store,
            settings,
            progress,
            allow_incomplete=allow_incomplete,
            jobs=jobs,
        )
        progress.note(
            f"{len(remade)} tables written under {root}" if remade else "nothing changed: every table is up to date"
        )


@app.command()
def run(
    root: Root,
    config: ConfigFiles = None,
    set: Settings = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="TABLE", help="Only this table and what it needs; repeatable.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Remake these tables even if they are up to date.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would run, and why.")] = False,
    jobs: Jobs = 2,
    engine: EngineOption = "auto",
    master: Master = None,
    log_format: Log = "auto",
) -> None:
    """Make the tables of a study that are missing or stale."""
    from scholarflow.ancestry.classifier import parameters_of
    from scholarflow.derive import derive, require_known, study_plan
    from scholarflow.panel.covariates import covariates_of
    from scholarflow.review import gaps
    from scholarflow.study.conference_list import conference_list

    settings = load(config or [], set or [])
    require_known(only or [])
    conference_list(settings.conferences.file)  # a mistake in the lists is said before anything is opened
    covariates_of(settings.panels.covariates, places=settings.study.places)
    parameters_of(settings.ancestry)  # and so is a classifier that is not installed
    progress = reporter(log_format)
    if not dry_run:
        _recover(root, settings.study.name, progress)
    steps = study_plan(Store(root, study=settings.study.name), settings, only=only or [], force=force)
    if dry_run:
        for step in steps:
            typer.echo(f"{step.stage.table.name:<24} {printable(step.reason)}")
        typer.echo(f"{len(steps)} tables would be made" if steps else "every table is up to date")
        return
    with _store(root, settings, engine, master) as store:
        taken = derive(store, settings, progress, only=only or [], force=force, jobs=jobs)
        for line in gaps(store) if taken else ():
            progress.note(line)
        folder = store.study_path
    progress.note(
        f"{len(taken)} tables of study {settings.study.name} written under {folder}"
        if taken
        else f"every table of study {settings.study.name} is up to date"
    )


@app.command()
def report(
    root: Root,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder to write index.html, data/ and figures/ to.",
            show_default=False,
            parser=folder_of,
        ),
    ],
    study: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which study; default: the only one's.", show_default=False)
    ] = None,
    log_format: Log = "auto",
) -> None:
    """Draw the figures of a study on one page that opens from disk, each with its data, definitions and caveats."""
    from scholarflow.report import write_report

    progress = reporter(log_format)
    with room_in(out):
        page = write_report(root, out, study, progress)
    progress.note(f"report in {page}")


@app.command()
def show(
    table: Annotated[str, typer.Argument(help="Name of the table.")],
    root: Root,
    study: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose table; default: the only one's.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 20,
    columns: Annotated[
        str | None, typer.Option(metavar="NAMES", help="Columns, separated by commas.", show_default=False)
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column to sort by; -column: largest first.", show_default=False),
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="column=value; repeatable.", show_default=False)
    ] = None,
) -> None:
    """Print rows of a table."""
    from scholarflow.show import print_rows

    print_rows(root, table, study, limit=limit, columns=columns, sort=sort, where=where or [])


@app.command()
def export(
    root: Root,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder to write to.", show_default=False, parser=folder_of)
    ],
    tables: Annotated[
        list[str] | None, typer.Argument(metavar="[TABLE]...", help="Default: the four panels.", show_default=False)
    ] = None,
    study: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose tables; default: the only one's.", show_default=False)
    ] = None,
    format: Annotated[
        list[Format] | None, typer.Option("--format", help="parquet or csv; repeatable; default: both.")
    ] = None,
    log_format: Log = "auto",
) -> None:
    """Write tables as Parquet and CSV.gz, with a codebook beside each; large ones as a folder by year."""
    from scholarflow.export.run import export_tables

    progress = reporter(log_format)
    formats = list(dict.fromkeys(format or Format))
    with room_in(out):
        written = export_tables(root, tables or [], out, progress, study=study, formats=formats)
    progress.note(f"{len(written)} files or folders, and their codebooks, in {out}")


@app.command()
def regress(
    root: Root,
    config: ConfigFiles = None,
    set: Settings = None,
    engine: EngineOption = "auto",
    master: Master = None,
    log_format: Log = "auto",
) -> None:
    """Run the documented example regressions on the study's panels: table regressions, its CSV, and on the screen."""
    from scholarflow.regression.estimate import require_pyfixest
    from scholarflow.regression.run import regress as run_regressions
    from scholarflow.regression.run import require_inputs
    from scholarflow.show import print_rows

    settings = load(config or [], set or [])
    require_pyfixest()
    name = settings.study.name
    progress = reporter(log_format)
    _recover(root, name, progress)
    require_inputs(Store(root, study=name))
    with _store(root, settings, engine, master) as store:
        n_rows = run_regressions(store, settings, progress)
    columns = "specification,outcome,sample,term,years_since_move,estimate,std_error,p_value,n_obs,n_clusters,note"
    print_rows(root, "regressions", name, limit=n_rows, columns=columns, sort=None, where=[], known="estimate")
    more = f"scholarflow show regressions --root {root} --study {name}"
    progress.note(f"{n_rows} rows in all; those without an estimate say why: `{more}`")


@app.command()
def network(
    root: Root,
    backend: Annotated[
        BackendName,
        typer.Option(
            "--backend", help="networkit: in this process; graphframes: on Spark; auto: by the number of edges."
        ),
    ] = "auto",
    level: Annotated[
        list[Level] | None,
        typer.Option("--level", help="Only this level: the table then holds no other; repeatable; default: all."),
    ] = None,
    config: ConfigFiles = None,
    set: Settings = None,
    engine: EngineOption = "auto",
    master: Master = None,
    log_format: Log = "auto",
) -> None:
    """Measure the study's networks of countries, institutions and authors: table network_nodes."""
    from scholarflow.network.components import GRAPHFRAMES_PACKAGE
    from scholarflow.network.run import network as measure
    from scholarflow.show import require_made
    from scholarflow.tables.derived import FIELD_WORKS

    settings = load(config or [], set or [])
    on_spark = backend == "graphframes"
    if on_spark and engine == "sail":
        raise UsageError("--backend graphframes: needs Spark; use --engine spark, or --backend networkit")
    name = settings.study.name
    progress = reporter(log_format)
    _recover(root, name, progress)
    require_made(Store(root, study=name), FIELD_WORKS)
    packages = [GRAPHFRAMES_PACKAGE] if on_spark else []
    with _store(root, settings, "spark" if on_spark else engine, master, packages) as store:
        n_rows = measure(store, settings, progress, backend=backend, levels=level or list(Level))
    progress.note(f"network_nodes of study {name}: " + ("up to date" if n_rows is None else f"{n_rows:,} rows"))


@app.command()
def tables(
    root: Root,
    study: Annotated[str | None, typer.Option(metavar="NAME", help="Default: all.", show_default=False)] = None,
) -> None:
    """Print which tables there are, with grain, rows and version."""
    from scholarflow.show import print_tables

    print_tables(root, study)


@app.command()
def check(
    root: Root,
    config: ConfigFiles = None,
    set: Settings = None,
    engine: EngineOption = "auto",
    master: Master = None,
    log_format: Log = "auto",
) -> None:
    """Verify keys, ranges and sums of every table; exit status 4 names what fails. Lists doubtful sources and gaps."""
    from scholarflow.check import check_tables
    from scholarflow.derive import ingested

    settings = load(config or [], set or [])
    ingested(Store(root, study=settings.study.name))
    progress = reporter(log_format)
    with _store(root, settings, engine, master) as store:
        n_checks = check_tables(store, progress)
    progress.note(f"{n_checks} checks passed")


def _recover(root: Place, study: str, progress: Progress) -> None:
    """Sets aside what a loss of power cut short, before a look at the tables says whether there is anything to do.

    Errors: BusyError where another run holds the root, before any engine starts.
    """
    if root.is_dir():
        with Store(root, study=study).locked(progress.note):
            pass


@contextmanager
def _store(
    root: Place, settings: Config, engine: EngineName, master: str | None, packages: Sequence[str] = ()
) -> Iterator[Store]:
    with start(engine, master=master, packages=packages) as started:
        yield Store(root, started, study=settings.study.name)


#: As shells have it for a process that SIGINT, or SIGTERM, ended.
_INTERRUPTED, _TERMINATED = 130, 143
_GOES_ON = "what was finished stays; the same command, given again, does the rest"


class _Terminated(BaseException):
    """SIGTERM, with which a scheduler or a machine that shuts down asks for an end."""


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise _Terminated


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line; ends the process with the documented exit status, or returns where that is 0.

    Databricks runs a script in its own Python shell, and takes any SystemExit for a failure, that of status 0 too.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminate)
    given = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that has no letter for a name shows its escape.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if odd := next((argument for argument in given if not is_utf8(argument)), None):
            raise UsageError(f"{odd}: is not in UTF-8")
        status: Any = app(args=given, standalone_mode=False)
        if status == _INTERRUPTED:  # Ctrl-C, which Typer turns into this status
            _failed(f"interrupted; {_GOES_ON}", _INTERRUPTED)
    except _Terminated:
        status = _failed(f"terminated; {_GOES_ON}", _TERMINATED)
    except ScholarflowError as error:
        status = _failed(str(error), error.exit_status)
    except OSError as error:
        # A folder that may not be read or written, a disk that is full: the user's to mend, and the file is named.
        if error.filename is None and not says_full(error):
            raise
        status = _failed(f"{error.filename or 'what is printed'}: {error.strerror}", InputError.exit_status)
    except Exception as error:
        # Typer's own complaints about arguments, whose class it does not export.
        if type(error).__module__.split(".")[0] not in ("click", "typer") or not hasattr(error, "format_message"):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message(), file=sys.stderr)
            sys.exit(2)
        context = getattr(error, "ctx", None)
        hint = f"; see {context.command_path} --help" if context is not None else ""
        status = _failed(f"{error.format_message().rstrip('.')}{hint}", 2)
    if isinstance(status, int) and status:
        sys.exit(status)


def _failed(message: str, status: int) -> int:
    with suppress(OSError):  # the log, too, may lie on a full disk
        print(f"scholarflow: {printable(message)}", file=sys.stderr)
    return status
