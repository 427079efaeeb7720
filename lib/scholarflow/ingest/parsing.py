"""Bringing the parsed tables up to date with the input: only part files that are new or changed are read."""

from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame

from scholarflow.engine import Engine, Place, Provenance, SourceFile, Store
from scholarflow.engine.reading import READ_ERRORS, unreadable
from scholarflow.engine.verification import require_schema
from scholarflow.errors import InputError, ResourceError
from scholarflow.full_disk import says_full
from scholarflow.ingest.snapshot import Promise, broken_promises, fingerprint
from scholarflow.progress import Progress
from scholarflow.stage import same_code
from scholarflow.tables import Table

#: How reading fails: in an engine's task, or in a process of our own.
_READ_FAILURES: tuple[type[Exception], ...] = (PySparkException, *READ_ERRORS)
#: Part files read between two commits: what a killed ingest loses at most.
_FILES_A_COMMIT = 256


@dataclass(frozen=True)
class Feed:
    """The part files of one entity, and what reads them into which parsed table.

    `write(engine, files, folder)` writes the rows of files under a folder, a Parquet partition per source_path.
    `parameters` and `code` are what the reading depends on: when they change, every file is read again.
    """

    entity: str
    table: Table
    files: Sequence[SourceFile]
    write: Callable[[Engine, Sequence[SourceFile], Place], None]
    parameters: dict[str, Any]
    code: str
    promises: Sequence[Promise] = ()


def write_rows(
    engine: Engine,
    files: Sequence[SourceFile],
    folder: Place,
    *,
    parse: Callable[[Engine, Sequence[SourceFile]], DataFrame],
    table: Table,
) -> None:
    """What a feed writes that is read by DataFrames: the rows that `parse` makes of all its files."""
    rows = parse(engine, files)
    require_schema(rows.schema, table)
    rows.write.partitionBy(*table.partition_columns).parquet(engine.address(folder))


@dataclass
class Parsed:
    """What came of it: the fingerprint of every file, and why some were left out whole."""

    fingerprints: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def parse_feeds(
    feeds: Sequence[Feed], store: Store, progress: Progress, *, source: str, allow_incomplete: bool
) -> Parsed:
    """Reads files that are new or changed into the parsed tables and takes out what is gone.

    Errors: InputError naming the file that is missing, of another size than the manifest says, cannot be read to its
    end, or holds another number of records than promised; with `allow_incomplete` such a file is left out whole.
    Batches parsed before stay, so that the next ingest goes on from there.
    """
    parsed = Parsed()
    for feed in feeds:
        parsed.problems |= _empty_archives(feed.files) | broken_promises(feed.promises, feed.files)
    _raise_unless(allow_incomplete, parsed.problems)
    by_table: dict[str, list[Feed]] = {}
    for feed in feeds:
        by_table.setdefault(feed.table.name, []).append(feed)
    tables = [_ParsedTable(group, store, progress, source, parsed, allow_incomplete) for group in by_table.values()]
    for table in tables:
        table.bring_up_to_date()
    for table in tables:
        table.hold_to_promises()
    return parsed


def _empty_archives(files: Sequence[SourceFile]) -> dict[str, str]:
    """Empty archives, which not every reader minds."""
    return {file.source_path: "is empty" for file in files if file.is_empty_archive}


def _raise_unless(allowed: bool, problems: dict[str, str]) -> None:
    if problems and not allowed:
        name, problem = next(iter(problems.items()))
        more = f", and {len(problems) - 1} more files" if len(problems) > 1 else ""
        raise InputError(f"{name}: {problem}{more}; --allow-incomplete leaves such files out")


class _ParsedTable:
    """One parsed table being brought up to date, batch by batch, each batch one commit."""

    def __init__(
        self,
        feeds: Sequence[Feed],
        store: Store,
        progress: Progress,
        source: str,
        parsed: Parsed,
        allow_incomplete: bool,
    ) -> None:
        self.feeds, self.store, self.progress = feeds, store, progress
        self.source, self.parsed, self.allow_incomplete = source, parsed, allow_incomplete
        self.table = feeds[0].table
        self.known: dict[str, str] = {}

    def bring_up_to_date(self) -> None:
        stored = self._stored_files()
        current = {
            file.source_path: fingerprint(file)
            for feed in self.feeds
            for file in feed.files
            if file.source_path not in self.parsed.problems
        }
        self.parsed.fingerprints |= current
        gone = sorted(stored.keys() - current.keys())
        self.known = {name: mark for name, mark in stored.items() if current.get(name) == mark}
        if gone or self.store.provenance(self.table) is None:
            self._commit(None, gone)
        for feed in self.feeds:
            stale = [f for f in feed.files if current.get(f.source_path, "") != self.known.get(f.source_path, "")]
            for start in range(0, len(stale), _FILES_A_COMMIT):
                label = f"read {feed.entity}" + (f" {start + 1}–" if len(stale) > _FILES_A_COMMIT else "")
                with self.progress.stage(label) as stage_progress:
                    batch = stale[start : start + _FILES_A_COMMIT]
                    self._read(feed, batch, current)
                    stage_progress.done(files=len(batch))

    def hold_to_promises(self) -> None:
        """Refuses files with another number of records than promised, or takes them out again."""
        n_rows = self.store.partition_rows(self.table)
        problems = {
            promise.source_path: f"holds {n_rows.get(promise.source_path, 0):,} records, "
            f"{promise.n_records:,} in the manifest"
            for feed in self.feeds
            for promise in feed.promises
            if promise.n_records is not None
            and promise.source_path not in self.parsed.problems
            and n_rows.get(promise.source_path, 0) != promise.n_records
        }
        _raise_unless(self.allow_incomplete, problems)
        if problems:
            self._leave_out(problems)
            self._commit(None, sorted(problems))

    def _leave_out(self, problems: dict[str, str]) -> None:
        self.parsed.problems |= problems
        for name in problems:
            self.known.pop(name, None)
            self.parsed.fingerprints.pop(name, None)

    def _stored_files(self) -> dict[str, str]:
        """What the table holds, by file; none where it was read in another way, which empties it."""
        before = self.store.provenance(self.table)
        if before is None:
            return {}
        same_way = same_code(before.code, self._code) and before.parameters == self._parameters
        if same_way and self.store.matches_declaration(self.table):
            return dict(before.counts["files"])
        self.store.clear(self.table, self._made_from())
        return {}

    def _read(self, feed: Feed, batch: Sequence[SourceFile], current: dict[str, str]) -> None:
        try:
            self.known |= {file.source_path: current[file.source_path] for file in batch}
            self._commit(partial(feed.write, self.store.engine, batch), [file.source_path for file in batch])
        except BrokenProcessPool:
            raise ResourceError(
                f"read {feed.entity}: a worker process was killed, perhaps for want of memory; "
                "what was read before stays, and the next ingest goes on from there"
            ) from None
        except _READ_FAILURES as error:
            if says_full(error):
                raise
            # The engines do not name the file, or not alike: each is read alone to find the one at fault.
            problems = {file.source_path: problem for file in batch if (problem := unreadable(file))}
            if not problems:
                raise
            _raise_unless(self.allow_incomplete, problems)
            self._leave_out(problems)
            whole = [file for file in batch if file.source_path not in problems]
            if whole:
                self._read(feed, whole, current)

    def _commit(self, write: Callable[[Place], None] | None, replaced: Sequence[str]) -> None:
        self.store.replace_partitions(self.table, write, replaced, self._made_from())

    def _made_from(self) -> Provenance:
        return Provenance(self._code, self._parameters, {}, source=self.source, counts={"files": dict(self.known)})

    @property
    def _code(self) -> str:
        return ",".join(sorted({feed.code for feed in self.feeds}))

    @property
    def _parameters(self) -> dict[str, Any]:
        return {feed.entity: feed.parameters for feed in self.feeds}
