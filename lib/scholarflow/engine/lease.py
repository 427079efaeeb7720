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
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError

from scholarflow.engine.delta import opened_table
from scholarflow.engine.places import Place, address, one_line
from scholarflow.errors import BusyError, InputError, ScholarflowError

#: Seconds after which a lease that was not renewed is over: its run was killed, or sees the store no more.
STALE_AFTER = 600
#: Seconds between two renewals: several may fail before the lease is over.
RENEWED_EVERY = 120

_ROW = pa.table(
    {
        "holder": pa.array([], pa.string()),
        "host": pa.array([], pa.string()),
        "process": pa.array([], pa.int64()),
        "is_held": pa.array([], pa.bool_()),
    }
).schema


class Lease:
    """The lease that this process takes on a root, from `held` on."""

    def __init__(self, root: Place) -> None:
        self.root = root
        self._place = root / "_lease"
        self._row = {"holder": uuid.uuid4().hex, "host": socket.gethostname(), "process": os.getpid()}
        self._renewed = 0.0
        self._ended = threading.Event()
        # The thread that renews and those that commit write the row in turn: each would be the other's conflict.
        self._writing = threading.Lock()

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
            with suppress(ScholarflowError):  # what cannot be given back goes stale
                if ours := self._ours():
                    self._write(ours, is_held=False)

    def require(self) -> None:
        """Raises BusyError unless the lease is still this run's: it may have slept, or not seen the store for long."""
        with self._writing:
            ours = self._ours()
            if ours and time.monotonic() - self._renewed > RENEWED_EVERY:
                self._write(ours, is_held=True)
        if not ours:
            raise BusyError(f"{self.root}: another run took this root over, as this one did not renew its lease")

    def _take(self) -> None:
        delta = opened_table(self._place) or self._made()
        held_by = self._stored(delta)
        if held_by["is_held"] and (age := self._age(delta)) < STALE_AFTER:
            raise BusyError(
                f"{self.root}: another run holds this root: process {held_by['process']} on {held_by['host']}, "
                f"seen {age:.0f} s ago; wait for it to end; if it was killed, wait {STALE_AFTER} s "
                f"or remove {self._place}"
            )
        self._write(delta, is_held=True)

    def _made(self) -> DeltaTable:
        """The table without a row. Delta lets two make it at once; who holds the root is decided by replacing."""
        try:
            write_deltalake(address(self._place), _ROW.empty_table(), mode="ignore")
        except (DeltaError, OSError) as error:
            if (made := opened_table(self._place)) is None:
                raise InputError(f"{self._place}: cannot be written: {one_line(error)}") from None
            return made
        return DeltaTable(address(self._place))

    def _write(self, delta: DeltaTable, *, is_held: bool) -> None:
        """Replaces the row that was read.

        Errors: BusyError where another writer has replaced it meanwhile, InputError where the store does not take it.
        """
        row = pa.Table.from_pylist([self._row | {"is_held": is_held}], schema=_ROW)
        # Of two commits beside each other that name one transaction Delta lets one pass, also where none removes a row.
        one_of_us = CommitProperties(app_transactions=[Transaction("lease", 0)])
        try:
            write_deltalake(delta, row, mode="overwrite", commit_properties=one_of_us)
        except CommitFailedError:
            raise BusyError(f"{self.root}: another run took this root at the same moment") from None
        except (DeltaError, OSError) as error:
            raise InputError(f"{self._place}: cannot be written: {one_line(error)}") from None
        self._renewed = time.monotonic()

    def _renew_until_the_end(self) -> None:
        while not self._ended.wait(RENEWED_EVERY):
            # Whatever fails is tried again: a thread that ended would let the lease of a living run go stale. Of what
            # lasts `require` tells, before anything is committed.
            with suppress(Exception), self._writing:
                if ours := self._ours():
                    self._write(ours, is_held=True)

    def _ours(self) -> DeltaTable | None:
        """The table of the lease, while this run holds it."""
        if (delta := opened_table(self._place)) is None:
            return None
        row = self._stored(delta)
        return delta if row["is_held"] and row["holder"] == self._row["holder"] else None

    def _age(self, delta: DeltaTable) -> float:
        """Seconds since the newest commit, by the clock of the store: that of an object written now."""
        probe = self._place / f"now-{uuid.uuid4().hex}"
        commit = self._place / "_delta_log" / f"{delta.version():020d}.json"
        try:
            probe.write_bytes(b"")
            now = probe.stat().st_mtime
            probe.unlink()
            return float(now - commit.stat().st_mtime)
        except Exception as error:  # each store's package has classes of its own
            raise InputError(f"{self._place}: its age cannot be told: {one_line(error)}") from None

    def _stored(self, delta: DeltaTable) -> dict[str, Any]:
        """The only row; of a table that was just made, that nobody holds the root."""
        try:
            rows = delta.to_pyarrow_table().to_pylist()
        except (DeltaError, OSError, pa.ArrowException) as error:
            raise InputError(f"{self._place}: cannot be read: {one_line(error)}") from None
        return dict(rows[0]) if rows else {"holder": "", "is_held": False}
