"""Names with classes from a file: one's own classification, or that of a service."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scholarflow.ancestry.names import UNKNOWN, tidy
from scholarflow.errors import UsageError
from scholarflow.own_file import content_of, text_of

_COLUMNS = ["name", "ancestry"]


@dataclass(frozen=True)
class LabelledNames:
    """Classes by name, in any script; a name that is not listed is unknown."""

    labels: Mapping[str, str]
    version: str
    latin_only: bool = False

    @property
    def classes(self) -> Sequence[str]:
        """Those that occur."""
        return sorted(set(self.labels.values()))

    def classify(self, names: Sequence[str]) -> list[str]:
        """The class beside each name."""
        return [self.labels.get(tidy(name), UNKNOWN) for name in names]

    @classmethod
    def read(cls, path: str, origin: str) -> "LabelledNames":
        """A CSV file with the columns name and ancestry; `unknown` or nothing in the second: unknown.

        Errors: InputError for a file that is not there; UsageError naming file, line and what is wrong with it.
        """
        content = content_of(path, origin)
        return cls(_labels(text_of(content, origin), origin), f"sha256 {hashlib.sha256(content).hexdigest()[:16]}")


def _labels(text: str, origin: str) -> dict[str, str]:
    rows = csv.reader(io.StringIO(text), strict=True)
    labels: dict[str, str] = {}
    try:
        if next(rows, []) != _COLUMNS:
            raise UsageError(f"{origin}: must begin with the header {','.join(_COLUMNS)}")
        for cells in rows:
            where = f"{origin}, line {rows.line_num}"
            if len(cells) not in (0, len(_COLUMNS)):
                raise UsageError(f"{where}: {len(cells)} columns where {','.join(_COLUMNS)} are due")
            name, label = (tidy(cell) for cell in cells or ("", ""))
            if name and labels.setdefault(name, label or UNKNOWN) != (label or UNKNOWN):
                raise UsageError(f"{where}: {name} stands there before, as {labels[name]}")
    except csv.Error as error:
        raise UsageError(f"{origin}, line {rows.line_num}: not CSV: {error}") from None
    known = {name: label for name, label in labels.items() if label != UNKNOWN}
    if not known:
        raise UsageError(f"{origin}: gives no name a class")
    return known
