"""The store: Delta tables under a root, each written whole and verified before its commit becomes visible.

A table is staged as Parquet inside its own folder, verified there, and then added to the Delta log in one commit
together with what it was made from. A kill before that commit leaves files that no version names; the next
write of the table removes them.
"""

import fcntl
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions
from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

from scholarflow.engine.delta import opened_table
from scholarflow.engine.lease import Lease
from scholarflow.engine.places import Place, address, found, make_folder, name_within, remove_folder, require_plain
from scholarflow.engine.reading import opened_parquet
from scholarflow.engine.recovery import FILES_KEY, Cut, cut_log, cut_short, set_aside
from scholarflow.engine.session import Engine
from scholarflow.engine.staging import StagedFile, staged_files
from scholarflow.engine.verification import require_schema, verify
from scholarflow.errors import BusyError, CheckError, InputError
from scholarflow.full_disk import room_in
from scholarflow.tables import INTERNAL, Table

#: The key of the commit's metadata under which the project keeps its own.
COMMIT_KEY = "scholarflow"
#: Names under which Sail (0.7.2) opens a Delta table: it takes a path for an address and escapes the rest.
_PLAIN = re.compile(r"[A-Za-z0-9._/=-]+")


@dataclass(frozen=True)
class Provenance:
    """What a version of a table was made from, as recorded in its commit.

    `parameters` are those the table depends on; `code` identifies the function; `inputs` maps each input table to
    the identity of the version read; `counts` holds what was left out or noticed on the way (the run's manifest).
    The store adds the `checks` as declared when it verified them, the rows, a mark of the commit, and the version.
    """

    code: str
    parameters: dict[str, Any]
    inputs: dict[str, str]
    snapshot: str = ""
    source: str = ""
    engine: str = ""
    counts: dict[str, Any] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)
    n_rows: int = 0
    mark: str = ""
    version: int = -1
    table_id: str = ""

    @property
    def identity(self) -> str:
        """Version, id of the table and mark of the commit.

        A folder that was deleted and made again counts its versions from 0, and a version that was set aside as cut
        short is made a second time.
        """
        return f"{self.version}@{self.table_id[:8]}" + (f".{self.mark}" if self.mark else "")


class Store:
    """The tables under one root, of one study."""

    def __init__(self, root: Place, engine: Engine | None = None, *, study: str = "") -> None:
        require_plain(str(root))
        self.root = root
        self.study = study
        self._engine = engine
        self._lease: Lease | None = None
        # Another from each moment on at which the root is taken or given back.
        self._hold = object()
        self._commits = threading.Lock()
        self._link: TemporaryDirectory[str] | None = None
        # Tables made side by side share the link: a second one would remove the first under whoever reads through it.
        self._linking = threading.Lock()

    def path(self, table: Table) -> Place:
        """The folder of a table."""
        if table.name in INTERNAL:
            return self.root / "_parsed" / table.name
        return self.study_path / table.name if table.by_study else self.root / table.name

    @property
    def study_path(self) -> Place:
        return self.root / "studies" / self.study

    @contextmanager
    def locked(self, note: Callable[[str], None] = lambda _: None) -> Iterator[None]:
        """Holds the root against other runs; the lock ends with the process, however that ends.

        Versions that a loss of power cut short are set aside first; `note` is told of each. Object stores have no
        locks, and no files that are cut short: there a lease is taken, which ends some minutes after a process that
        was killed.
        Errors: BusyError where another run holds it, InputError on a file system without locks, ResourceError where
        the disk is full.
        """
        with self._locked_folder(note) if isinstance(self.root, Path) else self._leased():
            self._hold = object()
            try:
                yield
            finally:
                # Ctrl-C leaves stages at work in their threads: a commit under way ends first, later ones are refused.
                with self._commits:
                    self._hold = object()

    @contextmanager
    def _leased(self) -> Iterator[None]:
        self._lease = Lease(self.root)
        with self._lease.held():
            yield

    @contextmanager
    def _locked_folder(self, note: Callable[[str], None]) -> Iterator[None]:
        assert isinstance(self.root, Path)
        make_folder(self.root)
        with (self.root / ".lock").open("w") as lock, room_in(self.root):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(f"{self.root}: another run holds this root; wait for it to end") from None
            except OSError as error:  # some network file systems have no locks
                raise InputError(f"{self.root}: cannot be locked: {error.strerror}") from None
            for folder in (self.root, self.root / "_parsed", self.root / "studies" / self.study):
                for log in sorted(folder.glob("*/_delta_log")):
                    for line in set_aside(log.parent):
                        note(line)
            yield

    @contextmanager
    def _committing(self, table: Table, hold: object) -> Iterator[None]:
        """The moment of a commit: the root must still be this run's, as when the rows were begun, and so must the
        version that it replaces.

        Errors: BusyError, and then nothing was committed.
        """
        with self._commits:
            if self._hold is not hold:
                raise BusyError(f"table {table.name}: not committed, as its run gave the root back meanwhile")
            if self._lease:
                self._lease.require()
            try:
                yield
            except CommitFailedError:
                raise BusyError(f"table {table.name}: another run committed to it at the same moment") from None

    def provenance(self, table: Table) -> Provenance | None:
        """What the newest good version was made from; null where the table is missing."""
        return _provenance(self._open(table))

    def version(self, table: Table) -> int | None:
        """The newest version, whoever made it; null where there is no table."""
        delta = self._open(table)
        return None if delta is None else delta.version()

    def require_whole(self, table: Table) -> None:
        """Raises InputError where the newest version, its log or a data file, was cut short."""
        path = self.path(table)
        if isinstance(path, Path) and (cut := cut_short(path)):
            raise InputError(_said(table, path, cut))

    def matches_declaration(self, table: Table) -> bool:
        """Whether the stored table has the declared columns, comments and checks."""
        delta = self._open(table)
        return delta is not None and _declared(delta, table)

    def lacking(self, table: Table) -> list[str]:
        """Declared columns that the stored table has not: of one made before they were declared."""
        delta = self._open(table)
        stored = {field.name for field in delta.schema().fields} if delta else set(table.column_names)
        return [name for name in table.column_names if name not in stored]

    def read(self, table: Table) -> DataFrame:
        """The newest version of a table."""
        return self.engine.spark.read.format("delta").load(self._address(self.path(table)))

    def dataset(self, table: Table) -> Any:
        """The newest version of a table that is there, as an Arrow dataset; needs no engine."""
        return DeltaTable(address(self.path(table))).to_pyarrow_dataset()

    def _address(self, path: Place) -> str:
        """Where the engine finds a table: through a link where Sail would not find the folder by its own name."""
        if self.engine.is_spark or not isinstance(self.root, Path) or _PLAIN.fullmatch(str(path)):
            return self.engine.address(path)
        with self._linking:
            if self._link is None:
                self._link = TemporaryDirectory(prefix="scholarflow-")
                (Path(self._link.name) / "root").symlink_to(self.root.resolve(), target_is_directory=True)
            return str(Path(self._link.name) / "root" / name_within(self.root, path))

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("this store was opened without an engine, for its metadata only")
        return self._engine

    def write(
        self,
        table: Table,
        rows: DataFrame,
        made_from: Provenance,
        manifest: Callable[[DataFrame], dict[str, Any]] = lambda _: {},
    ) -> Provenance:
        """Replaces a table in one commit, after its types, NOT NULLs, checks and key were verified.

        `manifest` is asked last, with the rows as staged, for the counts that the commit records.
        Errors: CheckError, and then the table stays at its last good version.
        """
        hold = self._hold
        folder, staged = self._stage(table, rows)
        rows_staged = (
            self.engine.spark.read.schema(table.stored_schema).parquet(self.engine.address(folder))
            if staged
            else rows.limit(0)
        )
        made_from = replace(made_from, counts=manifest(rows_staged), checks=dict(table.checks))
        adds: list[AddAction | RemoveAction] = [_add(file, folder) for file in staged]
        with self._committing(table, hold):
            delta = self._open(table) or self._create_empty(table)
            n_files = len(adds) + len(_files(delta))  # all files of the version before are removed
            commit = _commit_properties(made_from, sum(file.n_rows for file in staged), n_files)
            if _declared(delta, table):
                schema = Schema.from_json(table.schema.json())
                delta.create_write_transaction(adds, "overwrite", schema, [], commit_properties=commit)
            else:
                # A changed declaration: new schema and new rows become visible together, constraints after them.
                self._replace(table, adds, commit)
                if table.checks:
                    DeltaTable(address(self.path(table))).alter.add_constraint(dict(table.checks))
        return self._committed(table)

    def _create_empty(self, table: Table) -> DeltaTable:
        """Two empty versions, without the project's metadata: such a table still counts as missing.

        Constraints come before the rows because adding one reads the whole table.
        """
        self._replace(table, [], CommitProperties())
        delta = DeltaTable(address(self.path(table)))
        if table.checks:
            delta.alter.add_constraint(dict(table.checks))
        return delta

    def _replace(self, table: Table, adds: list[Any], commit: CommitProperties) -> None:
        create_table_with_add_actions(
            address(self.path(table)),
            Schema.from_json(table.schema.json()),
            adds,
            mode="overwrite",
            partition_by=table.partition_columns,
            name=table.name,
            description=table.comment,
            commit_properties=commit,
        )

    def replace_partitions(
        self,
        table: Table,
        write: Callable[[Place], None] | None,
        gone: Sequence[str],
        made_from: Provenance,
    ) -> Provenance:
        """In one commit: puts in the partitions that `write` leaves in a folder, and takes out those of `gone`."""
        hold, column = self._hold, table.partition_columns[0]
        folder = self._staging_folder(table)
        if write is not None:
            write(folder)
        staged = self._verified(table, folder) if write is not None else []
        added = {file.partition or "" for file in staged}
        with self._committing(table, hold):
            delta = self._open(table) or self._create_empty(table)
            n_rows, removes = sum(file.n_rows for file in staged), []
            for action in _files(delta):
                partition = action[f"partition.{column}"]
                if partition in added or partition in gone:
                    removes.append(RemoveAction(action["path"], True, 0, action["size_bytes"], {column: partition}))
                else:
                    n_rows += action["num_records"]
            actions: list[AddAction | RemoveAction] = [*(_add(file, folder, column) for file in staged), *removes]
            delta.create_write_transaction(
                actions,
                "append",
                Schema.from_json(table.schema.json()),
                [column],
                commit_properties=_commit_properties(made_from, n_rows, len(actions)),
            )
        return self._committed(table)

    def damage(self, tables: Iterable[Table]) -> str | None:
        """The first data file of the tables' newest versions that cannot be read, in words; null where all can."""
        for table in tables:
            for action in _files(self._open(table)):
                path = self.path(table) / unquote(action["path"])
                try:
                    with opened_parquet(path):
                        pass
                except (OSError, pa.ArrowInvalid):
                    return f"table {table.name}: {path} is missing or damaged"
        return None

    def partition_rows(self, table: Table) -> dict[str, int]:
        """Rows by partition value, from the log."""
        rows: dict[str, int] = {}
        for action in _files(self._open(table)):
            value = action[f"partition.{table.partition_columns[0]}"]
            rows[value] = rows.get(value, 0) + action["num_records"]
        return rows

    def clear(self, table: Table, made_from: Provenance) -> None:
        """Empties an internal table in one commit, its declaration brought up to date, to be read anew.

        Not removed: a table made again would count its versions from 0, and what was made of the old ones would pass
        for up to date.
        """
        if table.name not in INTERNAL:
            raise ValueError(f"{table.name} is not an internal table")
        with self._committing(table, self._hold):
            self._replace(table, [], _commit_properties(made_from, 0, len(_files(self._open(table)))))

    def _stage(self, table: Table, rows: DataFrame) -> tuple[Place, list[StagedFile]]:
        require_schema(rows.schema, table)
        folder = self._staging_folder(table)
        rows.write.parquet(self.engine.address(folder))
        return folder, self._verified(table, folder)

    def _staging_folder(self, table: Table) -> Place:
        delta = self._open(table)
        number = delta.version() + 1 if delta else 0
        was_committed = _provenance(delta) is not None
        for left in found(self.path(table), "v[0-9]*"):  # by runs that were killed before their commit
            if not was_committed or int(left.name[1:].partition("-")[0]) >= number:
                remove_folder(left)
        # What such a run started may live on, as executors without their driver do: not where another stages now.
        folder = self.path(table) / f"v{number:06d}-{uuid.uuid4().hex[:8]}"
        make_folder(folder.parent)
        return folder

    def _verified(self, table: Table, folder: Place) -> list[StagedFile]:
        staged = staged_files(folder, table.partition_columns)
        try:
            verify(self.engine, table, folder, staged)
        except CheckError:
            remove_folder(folder)
            raise
        return staged

    def _open(self, table: Table) -> DeltaTable | None:
        path = self.path(table)
        if isinstance(path, Path) and (cut := cut_log(path)):
            raise InputError(_said(table, path, cut))
        return opened_table(path)

    def _committed(self, table: Table) -> Provenance:
        provenance = self.provenance(table)
        assert provenance is not None
        return provenance


def _said(table: Table, path: Path, cut: Cut) -> str:
    """How commands that only read tell of a version that was cut short."""
    return (
        f"table {table.name}: version {cut.version} in {path} was cut short: {cut.why}; "
        "the next `scholarflow ingest` or `run` sets it aside and goes on from the version before"
    )


def _files(delta: DeltaTable | None) -> list[dict[str, Any]]:
    """What the log says of each data file of a version."""
    return pa.table(delta.get_add_actions(flatten=True)).to_pylist() if delta else []


def _provenance(delta: DeltaTable | None) -> Provenance | None:
    for commit in delta.history() if delta else []:
        if COMMIT_KEY in commit:
            assert delta is not None
            recorded = json.loads(commit[COMMIT_KEY])
            return Provenance(**recorded | {"version": commit["version"], "table_id": delta.metadata().id})
    return None


def _declared(delta: DeltaTable, table: Table) -> bool:
    metadata = delta.metadata()
    prefix = "delta.constraints."
    constraints = {key.removeprefix(prefix) for key in metadata.configuration if key.startswith(prefix)}
    made = _provenance(delta)
    return (
        StructType.fromJson(json.loads(delta.schema().to_json())).json() == table.schema.json()
        and metadata.description == table.comment
        and constraints == set(table.checks)
        # Delta keeps checks in words of its own: those declared are compared with the ones recorded in the commit.
        and (made is None or made.checks == dict(table.checks))
    )


def _commit_properties(made_from: Provenance, n_rows: int, n_files: int) -> CommitProperties:
    """The commit's metadata; `n_files` are added or removed by it."""
    recorded = asdict(made_from) | {"n_rows": n_rows, "mark": uuid.uuid4().hex[:8]}
    del recorded["version"], recorded["table_id"]  # the log says them
    return CommitProperties(
        custom_metadata={COMMIT_KEY: json.dumps(recorded, sort_keys=True), FILES_KEY: str(n_files)},
        # Of two commits beside each other that name one transaction Delta lets one pass, also where both only append.
        app_transactions=[Transaction(COMMIT_KEY, 0)],
    )


def _add(file: StagedFile, folder: Place, partition_column: str | None = None) -> AddAction:
    return AddAction(
        path=f"{folder.name}/{file.name}",
        size=file.size,
        partition_values={partition_column: file.partition} if partition_column else {},
        modification_time=file.modified_ms,
        data_change=True,
        stats=file.stats,
    )
