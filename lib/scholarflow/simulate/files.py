"""Part files of a snapshot, closed and counted as they fill, with the same bytes for the same lines."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

RECORDS_PER_PART = 20_000
_LEVEL = 1


@dataclass
class Ledger:
    """What a correct reading of the snapshot counts: outcomes per file, and the reason of every reject."""

    entity: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    rejects: list[tuple[str, str]] = field(default_factory=list)

    def open(self, path: str, entity: str) -> None:
        """Begin the account of a file."""
        self.entity[path] = entity
        self.outcomes[path] = Counter()

    def note(self, path: str, outcome: str) -> None:
        """Enter one record: kept, superseded, a rule that drops it, or `rejected:<reason>`."""
        kind, _, reason = outcome.partition(":")
        self.outcomes[path][kind] += 1
        if reason:
            self.rejects.append((path, reason))


class PartSink(Protocol):
    """Where the records of one part file go."""

    def write(self, record: bytes) -> None: ...
    def close(self) -> None: ...


class GzipLines:
    """One gzip file of lines, without a time stamp."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
        self._held: list[bytes] = []

    def write(self, record: bytes) -> None:
        """Add one record, without its line end."""
        self._held.append(record)
        if len(self._held) == 64:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            self._file.write(self._deflate.compress(b"\n".join(self._held) + b"\n"))
            self._held.clear()

    def close(self) -> None:
        """Finish the file."""
        self._flush()
        self._file.write(self._deflate.flush())
        self._file.close()


@dataclass
class Part:
    """A finished part file, as the manifest lists it."""

    path: str
    records: int
    size: int


class Parts:
    """The part files of one entity: one open part per partition, the next one when it is full."""

    def __init__(
        self, out: Path, folder: str, entity: str, name: str, sink: Callable[[Path], PartSink], ledger: Ledger
    ) -> None:
        self._out, self._folder, self._entity, self._name = out, folder, entity, name
        self._sink, self._ledger = sink, ledger
        self._open: dict[str, tuple[str, PartSink]] = {}
        self._written: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self.finished: list[Part] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for date in sorted(self._open):
            self._finish(date)
        self.finished.sort(key=lambda part: part.path)

    def write(self, date: str, record: bytes, outcome: str) -> None:
        """Add a record to the partition and enter what becomes of it."""
        if date not in self._open:
            number = self._numbers[date]
            path = f"{self._folder}/updated_date={date}/{self._name.format(number)}"
            self._ledger.open(path, self._entity)
            self._open[date] = (path, self._sink(self._out / path))
            self._numbers[date] += 1
        path, sink = self._open[date]
        sink.write(record)
        self._ledger.note(path, outcome)
        self._written[path] += 1
        if self._written[path] == RECORDS_PER_PART:
            self._finish(date)

    def _finish(self, date: str) -> None:
        path, sink = self._open.pop(date)
        sink.close()
        self.finished.append(Part(path, self._written[path], (self._out / path).stat().st_size))


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """A small text file, lines ended by a newline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
