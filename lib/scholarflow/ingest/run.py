"""`scholarflow ingest`: the parsed tables brought up to date, then the canonical tables made of them."""

import hashlib
import json
import sys

from scholarflow.config import Config, Source
from scholarflow.engine import Place, Provenance, Store
from scholarflow.errors import UsageError
from scholarflow.ingest import mag, mag_snapshot, openalex, openalex_snapshot
from scholarflow.ingest.newest import contested_tables
from scholarflow.ingest.parsing import Feed, Parsed, parse_feeds
from scholarflow.progress import Progress
from scholarflow.runner import plan, run
from scholarflow.stage import Context, code_of, same_code
from scholarflow.tables import canonical, parsed

STAGES = {"openalex": openalex.STAGES, "mag": mag.STAGES}
FEEDS = {"openalex": openalex_snapshot.feeds, "mag": mag_snapshot.feeds}


def ingest(
    source: Source,
    folder: Place,
    store: Store,
    config: Config,
    progress: Progress,
    *,
    allow_incomplete: bool = False,
    jobs: int = 1,
) -> list[str]:
    """Brings the canonical tables to the state of the snapshot in `folder`; gives the tables that were remade.

    At most `jobs` tables are made side by side.

    Errors: UsageError where the root holds the other source; InputError for input that is missing, unreadable or
    incomplete, and then no canonical table has changed.
    """
    feeds = FEEDS[source](folder, config)
    with store.locked(progress.note):
        _require_same_source(store, source)
        result = parse_feeds(feeds, store, progress, source=source, allow_incomplete=allow_incomplete)
        snapshot = _snapshot_id(result)
        contested = _write_files(store, feeds, result, source, snapshot)
        context = Context(config, source, last_full_year=0, contested=contested)
        steps = plan(STAGES[source], store, context)
        run(steps, store, context, progress, snapshot=snapshot, jobs=jobs)
    return [step.stage.table.name for step in steps]


def require_input(source: Source, folder: Place, config: Config) -> None:
    """Raises what `ingest` would for input that is not there, before any engine starts."""
    FEEDS[source](folder, config)


def _require_same_source(store: Store, source: Source) -> None:
    made = store.provenance(canonical.WORKS) or store.provenance(parsed.FILES)
    if made is not None and made.source != source:
        raise UsageError(f"{store.root}: this root holds {made.source}; ingest {source} into a root of its own")


def _snapshot_id(result: Parsed) -> str:
    state = json.dumps([sorted(result.fingerprints.items()), sorted(result.problems.items())])
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def _write_files(store: Store, feeds: list[Feed], result: Parsed, source: Source, snapshot: str) -> frozenset[str]:
    """The list of part files, rewritten only when it changed: what is made from it goes stale with it.

    Gives the parsed tables in which an id has several records, as counted when the list was written.
    """
    dated = {feed.table.name: feed.table for feed in feeds if "updated_at" in feed.table.column_names}
    read = {name: made.identity for name, table in dated.items() if (made := store.provenance(table))}
    code = code_of(sys.modules[__name__])
    before = store.provenance(parsed.FILES)
    if before and before.snapshot == snapshot and before.inputs == read and same_code(before.code, code):
        return frozenset(before.counts["contested"])
    entities = {file.source_path: feed.entity for feed in feeds for file in feed.files}
    entities |= {promise.source_path: feed.entity for feed in feeds for promise in feed.promises}
    rows = [(name, entity, result.problems.get(name)) for name, entity in sorted(entities.items())]
    files = store.engine.spark.createDataFrame(rows, "source_path string, entity string, problem string")
    contested = contested_tables({name: store.read(table) for name, table in dated.items()})
    made_from = Provenance(code, {}, read, snapshot=snapshot, source=source)
    store.write(parsed.FILES, files, made_from, lambda _: {"contested": contested})
    return frozenset(contested)
