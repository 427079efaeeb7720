"""`scholarflow run`: the tables of a study, made from the canonical ones."""

from collections.abc import Iterable

from scholarflow.config import Config
from scholarflow.engine import Provenance, Store
from scholarflow.errors import InputError, UsageError, nearest
from scholarflow.pipeline import STAGES
from scholarflow.progress import Progress
from scholarflow.runner import Step, export_csv, plan, run
from scholarflow.stage import Context
from scholarflow.tables import LAYERS, canonical


def study_plan(store: Store, config: Config, *, only: Iterable[str] = (), force: bool = False) -> list[Step]:
    """What a run would make, and why; needs no engine.

    Errors: UsageError for a table that no stage makes, InputError for a root without tables.
    """
    only = list(only)
    require_known(only)
    return plan(STAGES, store, study_context(ingested(store), config), only=only, force=force)


def derive(
    store: Store,
    config: Config,
    progress: Progress,
    *,
    only: Iterable[str] = (),
    force: bool = False,
    jobs: int = 1,
) -> list[Step]:
    """Makes what is missing or stale, at most `jobs` tables side by side; gives the steps taken.

    Errors: those of `study_plan` and of `run`; BusyError where another run holds the root.
    """
    only = list(only)
    require_known(only)
    with store.locked(progress.note):
        works = ingested(store)
        context = study_context(works, config)
        steps = plan(STAGES, store, context, only=only, force=force)
        run(steps, store, context, progress, snapshot=works.snapshot, jobs=jobs)
        export_csv([stage.table for stage in STAGES if stage.table.as_csv], store)
    return steps


def require_known(only: Iterable[str]) -> None:
    """Raises UsageError for a name that is no derived or result table."""
    names = [stage.table.name for stage in STAGES]
    for name in only:
        if name not in names:
            ingested_here = name in {table.name for table in LAYERS["canonical"]}
            hint = "ingest makes it" if ingested_here else nearest(name, names, "tables")
            raise UsageError(f"--only {name}: no such derived table; {hint}")


def study_context(works: Provenance, config: Config) -> Context:
    """The configuration beside what the ingest found, as recorded with `works`."""
    given = config.snapshot.last_full_year
    return Context(config, works.source, given or last_full_year(works.counts["works_by_year"]))  # type: ignore[arg-type]


def ingested(store: Store) -> Provenance:
    """What `works` was made from.

    Errors: InputError for a root without tables, or one whose ingest was interrupted between two tables.
    """
    works = store.provenance(canonical.WORKS)
    if works is None:
        raise InputError(f"--root {store.root}: no tables here; `scholarflow ingest` makes them")
    read: dict[str, str] = {canonical.WORKS.name: works.identity}
    for table in LAYERS["canonical"]:
        made = store.provenance(table)
        # The canonical tables belong together where all that read one table read the same version of it.
        if made is None or any(read.setdefault(name, version) != version for name, version in made.inputs.items()):
            raise InputError(
                f"--root {store.root}: the last ingest did not reach table {table.name}; run `scholarflow ingest` again"
            )
    return works


def last_full_year(works_by_year: dict[str, int]) -> int:
    """The newest year with at least half as many works as the largest year; 0 without works."""
    largest = max(works_by_year.values(), default=0)
    return max((int(year) for year, n in works_by_year.items() if 2 * n >= largest), default=0)
