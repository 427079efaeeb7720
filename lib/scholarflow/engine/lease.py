"""The lease on a root in an object store, which has no locks: a row of a Delta table, renewed while a run lives.

Every change of the row is a commit that replaces the one its writer has read, so that of two writers one fails. How old
the row is, the store's own clock tells: the clocks of two machines are never compared.
"""

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from scholarflow.engine.places import Place
from scholarflow.errors import BusyError

#: Seconds after which a lease that was not renewed is over: its run was killed, or sees the store no more.
STALE_AFTER = 600
#: Seconds between two renewals: several may fail before the lease is over.
RENEWED_EVERY = 120

_ROW = pa.schema([("holder", pa.string()), ("host", pa.string()), ("process", pa.int64()), ("is_held", pa.bool_())])


class Lease:
    """The lease that this process takes on a root, from `held` on."""

    def __init__(self, root: Place) -> None:
        self.root = root
        self._place = root / "_lease"
        self._row = {"holder": uuid.uuid4().hex, "host": socket.gethostname(), "process": os.getpid()}
        self._renewed = 0.0
        self._ended = threading.Event()
        self._renewing = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Takes the lease, renews it until the block ends, and gives it back.

        Errors: BusyError where another run holds it.
        """
        self._take()
        renewing = threading.Thread(target=self._renew_until_the_end, daemon=True)
        renewing.start()
        try:
            yield
        finally:
            self._ended.set()
            renewing.join()
            if self._is_ours(self._open()):
                self._write(self._open(), is_held=False)

    def require(self) -> None:
        """Raises BusyError unless the lease is still this run's: it may have slept, or not seen the store for long."""
        with self._renewing:
            if time.monotonic() - self._renewed > RENEWED_EVERY:
                self._renew()
        if not self._is_ours(self._open()):
            raise BusyError(f"{self.root}: another run took this root over, as this one did not renew its lease")

    def _take(self) -> None:
        delta = self._open()
        if delta is not None:
            held_by = _row(delta)
            if held_by["is_held"] and (age := self._age(delta)) < STALE_AFTER:
                raise BusyError(
                    f"{self.root}: another run holds this root (process {held_by['process']} on {held_by['host']}, "
                    f"seen {age:.0f} s ago); wait for it to end, or {STALE_AFTER} s if it was killed"
                )
        self._write(delta, is_held=True)

    def _write(self, delta: DeltaTable | None, *, is_held: bool) -> None:
        """Replaces the row that was read.

        Errors: BusyError where another writer has replaced it meanwhile.
        """
        row = pa.Table.from_pylist([self._row | {"is_held": is_held}], schema=_ROW)
        try:
            if delta is None:
                write_deltalake(str(self._place), row, mode="error")
            else:
                write_deltalake(delta, row, mode="overwrite")
        except (DeltaError, OSError) as error:
            if self._is_ours(self._open()):
                raise
            raise BusyError(f"{self.root}: another run took this root at the same moment") from error
        self._renewed = time.monotonic()

    def _renew_until_the_end(self) -> None:
        while not self._ended.wait(RENEWED_EVERY):
            with self._renewing:
                self._renew()

    def _renew(self) -> None:
        delta = self._open()
        if self._is_ours(delta):
            try:
                self._write(delta, is_held=True)
            except (BusyError, DeltaError, OSError):
                return  # `require` finds out, before anything is committed

    def _is_ours(self, delta: DeltaTable | None) -> bool:
        return delta is not None and _row(delta)["holder"] == self._row["holder"]

    def _open(self) -> DeltaTable | None:
        try:
            return DeltaTable(str(self._place))
        except TableNotFoundError:
            return None

    def _age(self, delta: DeltaTable) -> float:
        """Seconds since the newest commit, by the clock of the store: that of an object written now."""
        probe = self._place / f"now-{uuid.uuid4().hex}"
        probe.write_bytes(b"")
        now = probe.stat().st_mtime
        probe.unlink()
        commit = self._place / "_delta_log" / f"{delta.version():020d}.json"
        return float(now - commit.stat().st_mtime)


def _row(delta: DeltaTable) -> dict[str, Any]:
    (row,) = delta.to_pyarrow_table().to_pylist()
    return dict(row)
