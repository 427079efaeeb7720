"""Text of snapshots where something other than this program reads it: a terminal, a spreadsheet."""

import re
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

#: Control characters, which move a cursor or change a title, and marks that reverse what is read.
_UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
#: How cells begin that spreadsheets take for formulas (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = r"\A([=+\-@\t\r])"

_Rows = TypeVar("_Rows", pa.Table, pa.RecordBatch)


def printable(text: str) -> str:
    """The text with what a terminal would act on written as an escape: ESC as \\x1b."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def without_formulas(rows: _Rows) -> _Rows:
    """The rows with an apostrophe before text that a spreadsheet would run; other columns are untouched."""
    columns = [_without_formulas(column) if pa.types.is_string(column.type) else column for column in rows.columns]
    return type(rows).from_arrays(columns, names=rows.schema.names)


def _without_formulas(texts: Any) -> Any:
    return pc.replace_substring_regex(texts, _FORMULA, r"'\1")
