"""Text of a snapshot in a terminal and in a spreadsheet."""

import pyarrow as pa
import pytest

from scholarflow import cli
from scholarflow.export.flat import as_text
from scholarflow.foreign_text import printable, without_formulas
from scholarflow.show import shown


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[2J\x07", r"\x1b[2J\x07"),
        ("a\r\nb\tc\0\x9b", r"a\r\nb\tc\x00\x9b"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\udcff\ufffe\uffff", r"\udcff\ufffe\uffff"),
        ("Zoë 数据 \U0001f9ea", "Zoë 数据 \U0001f9ea"),
    ],
)
def test_what_a_terminal_would_act_on_is_shown(text: str, seen: str) -> None:
    assert printable(text) == shown("title", text) == shown("titles", [text]) == seen


def test_a_message_has_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["ingest", "openalex", "--input", "no\x1bcfolder", "--root", "root"])
    said = capsys.readouterr().err
    assert r"no\x1bcfolder: no such folder" in said
    assert "\x1b" not in said


RUN = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "\0=1", "＝1", "－1", "＋1", "＠x"]
NOT_RUN = ["a=b", " =1", "'=1", "", None, "'; DROP TABLE works; --"]
CELLS, SAFE = [*RUN, *NOT_RUN], [*(f"'{text}" for text in RUN), *NOT_RUN]


def test_text_that_spreadsheets_run_gets_an_apostrophe() -> None:
    batch = pa.RecordBatch.from_pydict({"name": CELLS, "n": pa.array([-1] * len(CELLS), pa.int64())})
    assert as_text(batch).to_pydict() == {"name": SAFE, "n": [-1] * len(CELLS)}
    table = without_formulas(pa.Table.from_batches([batch, batch]))
    assert table.to_pydict() == {"name": SAFE * 2, "n": [-1] * 2 * len(CELLS)}
    assert table.schema == batch.schema


def test_a_text_is_shown_up_to_the_length_of_a_refused_record() -> None:
    assert shown("record", "x" * 2_000) == "x" * 2_000
    assert shown("title", "x" * 2_001) == "x" * 2_000 + " … (2,001 characters)"
