"""Tables of a MAG dump as files: tab-separated, without header, quoting or escaping."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path

from scholarflow.simulate.files import Ledger


class Table:
    """One table as a text file, plain or gzipped; some have CRLF line ends."""

    def __init__(self, out: Path, path: str, ledger: Ledger, *, compress: bool, crlf: bool = False) -> None:
        self.path = path + (".gz" if compress else "")
        (out / self.path).parent.mkdir(parents=True, exist_ok=True)
        ledger.open(self.path, Path(path).stem)
        self._ledger, self._end = ledger, "\r\n" if crlf else "\n"
        self._file = (out / self.path).open("wb")
        self._deflate = zlib.compressobj(1, zlib.DEFLATED, 31) if compress else None

    def write(self, lines: Iterable[str], outcomes: Iterable[str] | None = None) -> None:
        """Append rows; without outcomes all are kept."""
        rows = list(lines)
        for outcome in outcomes if outcomes is not None else ["kept"] * len(rows):
            self._ledger.note(self.path, outcome)
        data = "".join(row + self._end for row in rows).encode()
        self._file.write(self._deflate.compress(data) if self._deflate else data)

    def close(self) -> None:
        """Finish the file."""
        if self._deflate:
            self._file.write(self._deflate.flush())
        self._file.close()
