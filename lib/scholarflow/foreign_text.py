"""Text from elsewhere where something other than this program reads it: a terminal, a spreadsheet, a table."""

import re
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

#: Control characters, which move a cursor or change a title; marks that reverse what is read; what no UTF-8 holds (half
#: of a surrogate pair, as of a file's name in another encoding) and no XML.
_UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
#: How cells begin that spreadsheets take for formulas, some only once they have dropped what stands before; the wide
#: signs are those of East Asian keyboards (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = r"\A([=+\-@\t\r\n\x00＝＋－＠])"

_Rows = TypeVar("_Rows", pa.Table, pa.RecordBatch)


def printable(text: str) -> str:
    """The text with what a terminal would act on written as an escape: ESC as \\x1b."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def is_utf8(text: str) -> bool:
    """Whether a table can hold the text: not where a name of a file, or an argument, is bytes in another encoding."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def without_formulas(rows: _Rows) -> _Rows:
    """The rows with an apostrophe before text that a spreadsheet would run; other columns are untouched."""
    columns = [_without_formulas(column) if pa.types.is_string(column.type) else column for column in rows.columns]
    return type(rows).from_arrays(columns, names=rows.schema.names)


def _without_formulas(texts: Any) -> Any:
    return pc.replace_substring_regex(texts, _FORMULA, r"'\1")
