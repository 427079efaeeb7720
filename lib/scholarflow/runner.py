"""Runs stages: what is missing or stale, like make, each table in one commit that says what it was made from."""

import json
import queue
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.csv
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame

from scholarflow.engine import Provenance, Store
from scholarflow.engine.places import Place, make_folder, whole_file
from scholarflow.errors import CheckError, InputError
from scholarflow.foreign_text import without_formulas
from scholarflow.progress import Progress
from scholarflow.stage import Context, Stage, same_code
from scholarflow.tables import Table

#: Characters; a parameter may be a whole list of conferences.
_LONGEST_REASON = 400


@dataclass(frozen=True)
class Step:
    """A stage to run, and why."""

    stage: Stage
    reason: str


def plan(
    stages: Sequence[Stage],
    store: Store,
    context: Context,
    *,
    only: Iterable[str] = (),
    force: bool = False,
) -> list[Step]:
    """The stages to run, in order, each with its reason: missing, forced, or which of its makings changed.

    `only` restricts the plan to these tables and what they need; `force` remakes those (or all), not their inputs.
    """
    by_table = {stage.table.name: stage for stage in stages}
    targets = set(only) or set(by_table)
    wanted = _with_needed(targets, by_table)
    steps: dict[str, Step] = {}
    for stage in stages:
        name = stage.table.name
        if name in wanted:
            forced = "forced" if force and name in targets else None
            reason = forced or _stale(stage, store, context, remade=set(steps))
            if reason:
                steps[name] = Step(stage, reason)
    return list(steps.values())


def _with_needed(targets: set[str], by_table: dict[str, Stage]) -> set[str]:
    wanted: set[str] = set()
    waiting = list(targets)
    while waiting:
        name = waiting.pop()
        if name in by_table and name not in wanted:
            wanted.add(name)
            waiting += [table.name for table in by_table[name].inputs]
    return wanted


def _stale(stage: Stage, store: Store, context: Context, *, remade: set[str]) -> str | None:
    made_from = store.provenance(stage.table)
    if made_from is None:
        return "missing"
    if not store.matches_declaration(stage.table):
        return "its declaration changed"
    if not same_code(made_from.code, stage.code):
        return "its code changed"
    now = _plain(stage.parameters(context))
    for key in sorted(now.keys() | made_from.parameters.keys()):
        if now.get(key) != made_from.parameters.get(key):
            return f"{key} changed{_from_to(made_from.parameters.get(key), now.get(key))}"
    for table in stage.inputs:
        if table.name in remade:
            return f"{table.name} is remade"
        if _identity(store.provenance(table)) != made_from.inputs.get(table.name, ""):
            return f"{table.name} changed"
    return None


def _from_to(before: Any, after: Any) -> str:
    """Two values of a parameter, where they fit a line."""
    said = f" from {before} to {after}"
    return said if len(said) <= _LONGEST_REASON else ""


def run(
    steps: Sequence[Step], store: Store, context: Context, progress: Progress, *, snapshot: str, jobs: int = 1
) -> None:
    """Runs the steps, at most `jobs` side by side, each after those that make its inputs.

    Errors: CheckError where a table breaks its declaration, or an input changed while a stage was running; the tables
    done before, or under way beside it, keep their new version, the others their last good one.
    """
    waiting, failures = list(steps), list[BaseException]()
    running: dict[str, threading.Thread] = {}
    ended: queue.SimpleQueue[tuple[str, BaseException | None]] = queue.SimpleQueue()

    def attempt(step: Step) -> None:
        failure = None
        try:
            _run_step(step, store, context, progress, snapshot=snapshot)
        except BaseException as error:
            failure = error
        ended.put((step.stage.table.name, failure))

    while running or (waiting and not failures):
        undone = {step.stage.table.name for step in waiting} | running.keys()
        ready = [step for step in waiting if not undone & {table.name for table in step.stage.inputs}]
        for step in [] if failures else ready[: jobs - len(running)]:
            waiting.remove(step)
            # Threads that do not outlive the run: Ctrl-C ends it at once.
            thread = threading.Thread(target=attempt, args=(step,), daemon=True)
            running[step.stage.table.name] = thread
            thread.start()
        name, failure = ended.get()
        running.pop(name).join()
        if failure is not None:
            failures.append(failure)
    if failures:
        raise failures[0]


def _run_step(step: Step, store: Store, context: Context, progress: Progress, *, snapshot: str) -> None:
    with progress.stage(step.stage.table.name, reason=step.reason) as stage_progress:
        made = run_stage(step.stage, store, context, snapshot=snapshot)
        stage_progress.done(reason=None, rows=made.n_rows)


def run_stage(stage: Stage, store: Store, context: Context, *, snapshot: str) -> Provenance:
    """Makes one table and commits it.

    Errors: CheckError where it breaks its declaration or an input changed meanwhile, InputError where a data file of an
    input is missing or damaged.
    """
    with store.engine.working_on(stage.table.name):
        try:
            return _made(stage, store, context, snapshot=snapshot)
        except PySparkException:
            if damage := store.damage(stage.inputs):
                raise InputError(damage) from None
            raise


def _made(stage: Stage, store: Store, context: Context, *, snapshot: str) -> Provenance:
    versions = {table.name: store.version(table) for table in stage.inputs}
    made = {table.name: store.provenance(table) for table in stage.inputs}
    inputs = {name: _identity(provenance) for name, provenance in made.items()}
    rows = [_input(stage, store, table, made[table.name]) for table in stage.inputs]
    parameters = stage.parameters(context)

    def require_unchanged() -> None:
        for table in stage.inputs:
            if store.version(table) != versions[table.name]:
                raise CheckError(f"table {stage.table.name}: its input {table.name} changed while it was made")

    def manifest(staged: DataFrame) -> dict[str, Any]:
        # The last look before the commit: what was read must still be the newest version, whoever writes there.
        require_unchanged()
        return stage.manifest(staged, *rows, **parameters) if stage.manifest else {}

    made_from = Provenance(
        code=stage.code,
        parameters=_plain(parameters),
        inputs=inputs,
        snapshot=snapshot,
        source=context.source,
        engine=store.engine.name,
    )
    try:
        return store.write(stage.table, stage.make(*rows, **parameters), made_from, manifest)
    except CheckError:
        require_unchanged()  # what breaks the declaration may be that two versions were read
        raise


def _input(stage: Stage, store: Store, table: Table, made: Provenance | None) -> DataFrame | None:
    if table in stage.optional and (made is None or made.n_rows == 0):
        return None
    if made is None:
        raise InputError(
            f"{store.path(table)}: table {table.name} is missing; table {stage.table.name} is made from it"
        )
    return store.read(table)


def _identity(made: Provenance | None) -> str:
    return "" if made is None else made.identity


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as they come back out of a commit."""
    return dict(json.loads(json.dumps(parameters)))


def export_csv(tables: Iterable[Table], store: Store) -> None:
    """Brings the CSV files of result tables up to date: each is of the version that `.versions.json` names beside it.

    A kill between a table's commit and its file, and a file that a loss of power cut short, are made good by the next
    run.
    """
    folder = store.study_path / "csv"
    listed = folder / ".versions.json"
    versions = _listed(listed)
    for table in tables:
        file = folder / f"{table.name}.csv"
        made = store.provenance(table)
        if made is None or (file.is_file() and versions.get(table.name) == _file_version(made, file)):
            continue
        make_folder(folder)
        rows = store.dataset(table).to_table(table.column_names)
        in_order = rows.sort_by([(name, "ascending") for name in table.grain])
        with whole_file(file) as whole:
            pa.csv.write_csv(without_formulas(in_order), whole)
        versions[table.name] = _file_version(made, file)
        with whole_file(listed) as whole:
            whole.write_text(json.dumps(versions, indent=1, sort_keys=True))


def _listed(place: Place) -> dict[str, str]:
    """Which version each CSV file is of; nothing where a loss of power left no such list."""
    try:
        return dict(json.loads(place.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _file_version(made: Provenance, file: Place) -> str:
    return f"{made.identity}, {file.stat().st_size} bytes"
