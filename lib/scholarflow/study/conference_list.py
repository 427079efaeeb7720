"""The list of conferences: the ids, names and patterns their sources are found by; as shipped, or the user's."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scholarflow.config import conf_folder
from scholarflow.errors import UsageError
from scholarflow.own_file import content_of, text_of
from scholarflow.study.source_names import plain

#: What a line says of its value. `name` and `alias`: a source called so is the conference; `pattern`: so is one whose
#: name as `plain` has it is matched whole by the regular expression; `mixed`: a source called so holds the conference's
#: works among others, and counts for none; `not`: a source called so is another one, however alike.
KINDS = ("source_id", "name", "alias", "pattern", "mixed", "not")
_COLUMNS = ("conference", "kind", "value", "first_year", "last_year", "note")
#: What publication_premium calls all conferences together.
ALL = "all"


@dataclass(frozen=True)
class Listed:
    """A line of the list: for works published in its years, both ends included, null: any."""

    conference: str
    kind: str
    value: str
    first_year: int | None
    last_year: int | None


def conference_list(file: str) -> list[Listed]:
    """The lines of the list at a path, or, of an empty path, of the one that ships.

    Errors: InputError for a file that is not there; UsageError naming file, line and what is wrong with it.
    """
    if not file:
        return _lines((conf_folder() / "conferences.csv").read_text(encoding="utf-8"), "conf/conferences.csv")
    origin = f"conferences.file {file}"
    return _lines(text_of(content_of(file, origin), origin), origin)


def listed(rows: Iterable[Mapping[str, Any]]) -> list[Listed]:
    """The lines as they come back out of parameters."""
    return [Listed(**row) for row in rows]


def conferences(lines: Iterable[Listed]) -> list[str]:
    """The conferences of a list, in its order."""
    return list(dict.fromkeys(line.conference for line in lines))


def _lines(text: str, origin: str) -> list[Listed]:
    rows = csv.reader(io.StringIO(text), strict=True)
    lines, seen = [], dict[tuple[str, str], str]()
    try:
        header = tuple(next(rows, []))
        if header[: len(_COLUMNS) - 1] != _COLUMNS[:-1]:
            raise UsageError(f"{origin}: must begin with the header {','.join(_COLUMNS)}")
        for cells in rows:
            if any(cell.strip() for cell in cells):
                where = f"{origin}, line {rows.line_num}"
                line = _line([cell.strip() for cell in cells], where)
                if (identity := _identity(line)) in seen:
                    raise UsageError(f"{where}: {line.value} stands there before, for {seen[identity]}")
                seen[identity] = f"{line.conference} as {line.kind}"
                lines.append(line)
    except csv.Error as error:
        raise UsageError(f"{origin}, line {rows.line_num}: not CSV: {error}") from None
    if not any(line.kind not in ("mixed", "not") for line in lines):
        raise UsageError(f"{origin}: lists no conference")
    return lines


def _line(cells: Sequence[str], where: str) -> Listed:
    if len(cells) < len(_COLUMNS) - 1:
        raise UsageError(f"{where}: {len(cells)} columns where {','.join(_COLUMNS)} are due")
    conference, kind, value, first_year, last_year = cells[: len(_COLUMNS) - 1]
    if not conference or conference == ALL:
        raise UsageError(f"{where}: conference = {conference!r} names none")
    if kind not in KINDS:
        raise UsageError(f"{where}: kind = {kind!r} is none of {', '.join(KINDS)}")
    years = [_year(cell, where) for cell in (first_year, last_year)]
    return Listed(conference, kind, _value(kind, value, where), *years)


def _value(kind: str, value: str, where: str) -> str:
    if kind == "source_id":
        number = value.removeprefix("https://openalex.org/").removeprefix("S")
        if not re.fullmatch(r"[0-9]{1,18}", number):
            raise UsageError(f"{where}: {value!r} is no source id")
        return str(int(number))
    if kind == "pattern":
        try:
            re.compile(value)
        except re.error as error:
            raise UsageError(f"{where}: pattern {value!r}: {error}") from None
    if not (value if kind == "pattern" else plain(value)):
        raise UsageError(f"{where}: value {value!r} says nothing")
    return value


def _year(cell: str, where: str) -> int | None:
    if not re.fullmatch(r"[0-9]{4}|", cell):
        raise UsageError(f"{where}: {cell!r} is no year")
    return int(cell) if cell else None


def _identity(line: Listed) -> tuple[str, str]:
    """What may stand only for one conference: an id, a pattern, or a name whatever the kind of line."""
    return (line.kind, line.value) if line.kind in ("source_id", "pattern") else ("name", plain(line.value))
