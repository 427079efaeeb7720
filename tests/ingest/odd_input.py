"""Input as nobody should write it: records with anything anywhere, lines of any bytes, files that are not whole.

Everything is drawn from a `Random`: hypothesis gives one whose draws it can shrink, a snapshot is made from a seed.
"""

from __future__ import annotations

import copy
import gzip
import json
from random import Random
from typing import Any

from ingest.openalex_dump import URL, cites, signed, work

#: Text that files, terminals, databases, spreadsheets and browsers are known to stumble over.
TEXTS = (
    "",
    " ",
    "\0",
    "a\u2028b\u2029c\x85d",
    "\ufeff",
    "\u202egnp.exe",
    "tab\tin\tit",
    "\r\n",
    "\x1b[2J\x1b]0;title\x07",
    '"',
    "\\",
    "'; DROP TABLE works; --",
    "`${jndi:ldap://x}`",
    "../../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "NaN",
    "-Infinity",
    "1e400",
    "٢٠١٠",
    "9999-12-31T23:59:59-14:00",
    "0000-00-00",
    "+12345-01-01",
    "-0001-01-01",
    "2010-02-30",
    f"{URL}W0",
    f"{URL}W-1",
    f"{URL}W999999999999999999",
    f"{URL}W9999999999999999999",
    f"{URL}A9999999999",
    URL,
    "W1",
    "é" * 300,
    "x" * 5_000,
    "\U0001f9ea",
)
NUMBERS = (0, -1, 1, 2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 10**30, 0.5, -0.0, 1e300, 5e-324, 2010, 2010.0)
NO_NUMBERS = (float("nan"), float("inf"), -float("inf"))

TOPIC = {
    "id": f"{URL}T10028",
    "display_name": "a topic",
    "score": 0.9,
    "subfield": {"id": f"{URL}subfields/1702", "display_name": "a subfield"},
    "field": {"id": f"{URL}fields/17", "display_name": "a field"},
    "domain": {"id": f"{URL}domains/3", "display_name": "a domain"},
}
#: A record of each entity with every member that is read.
RECORDS: dict[str, dict[str, Any]] = {
    "works": work(
        1,
        publication_date="2010-03-04",
        title="a title",
        display_name="a title",
        language="en",
        type="article",
        is_retracted=False,
        is_paratext=False,
        is_xpac=False,
        authorships_truncated=False,
        is_authors_truncated=False,
        primary_location={"source": {"id": f"{URL}S7", "display_name": "a journal"}},
        host_venue={"id": f"{URL}V7"},
        authorships=[
            signed(11, (21, "US"), (22, "CN"), countries=["US", "CN"], is_corresponding=True),
            signed(12, countries=["FR"]),
        ],
        concepts=[{"id": f"{URL}C154945302", "score": 0.8}, {"id": f"{URL}C154945302", "score": 0.4}],
        topics=[TOPIC],
        primary_topic=TOPIC,
        keywords=[{"id": f"{URL}keywords/deep-learning", "score": 0.5}],
        referenced_works=cites(2, 3, 3, 1),
    ),
    "authors": {"id": f"{URL}A11", "display_name": "Ann", "updated_date": "2026-01-01"},
    "institutions": {
        "id": f"{URL}I21",
        "display_name": "a university",
        "country_code": "US",
        "ror": "https://ror.org/02y3ad647",
        "type": "education",
        "updated_date": "2026-01-01",
    },
    "sources": {"id": f"{URL}S7", "display_name": "a journal", "type": "journal", "updated_date": "2026-01-01"},
    "concepts": {"id": f"{URL}C154945302", "display_name": "AI", "level": 1, "updated_date": "2026-01-01"},
    "topics": TOPIC | {"updated_date": "2026-01-01"},
}


def value(random: Random, depth: int = 0) -> Any:
    """Any JSON value, and some that JSON has no word for."""
    kind = random.randrange(8 if depth < 3 else 6)
    if kind == 0:
        return None
    if kind == 1:
        return random.random() < 0.5
    if kind == 2:
        return random.choice(NUMBERS)
    if kind == 3:
        return random.choice(NO_NUMBERS)
    if kind == 4:
        return random.choice(TEXTS)
    if kind == 5:
        return "".join(chr(random.choice((random.randrange(128), random.randrange(0x110000)))) for _ in range(4))
    if kind == 6:
        return [value(random, depth + 1) for _ in range(random.randrange(4))]
    return {random.choice(("id", "score", "x", "")): value(random, depth + 1) for _ in range(random.randrange(3))}


def mutated(record: dict[str, Any], random: Random) -> dict[str, Any]:
    """The record with one to three of its members, at any depth, replaced, gone, repeated or wrapped."""
    changed = copy.deepcopy(record)
    for _ in range(random.randint(1, 3)):
        places = list(_places(changed))
        if not places:
            break
        within, key = random.choice(places)
        how = random.randrange(6)
        if how == 0:
            del within[key]
        elif how == 1:
            within[key] = [within[key]]
        elif how == 2 and isinstance(within[key], list):
            within[key] = within[key] * random.randint(2, 40)
        else:
            within[key] = value(random)
    return changed


def _places(value: Any) -> Any:
    """Every container of a JSON value with each key or index in it."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def written(record: Any, random: Random) -> bytes:
    """The record as a line of JSON without LF: with escapes or without, a lone surrogate perhaps as three bytes."""
    if random.random() < 0.5:
        return json.dumps(record).encode()
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass").replace(b"\n", b"")


def damaged(content: bytes, random: Random) -> bytes:
    """Bytes cut short, with some of them changed, put in or repeated: no LF is put in."""
    at = random.randint(0, len(content))
    how = random.randrange(8)
    if how == 0:
        return content[:at]
    if how == 1:
        return content[at:]
    if how == 2:
        return content[:at] + bytes([random.choice((0x00, 0x09, 0x0D, 0x22, 0x7B, 0xC3, 0xED, 0xFF))]) + content[at:]
    if how == 3:
        return content[:at] + content[at + random.randint(1, 8) :]
    if how == 4:
        return b"\xef\xbb\xbf" + content
    if how == 5:
        return content + b"\r"
    if how == 6:
        return content[:at] + content
    return content[:1] + b'"id": null, "id": "https://openalex.org/W5",' + content[1:]


def odd_line(record: dict[str, Any], random: Random) -> bytes:
    """A line of a part file that is odd in one way or several; most are made of the record."""
    kind = random.randrange(8)
    if kind == 0:
        return random.randbytes(random.randrange(40)).replace(b"\n", b"")
    if kind == 1:
        return written(value(random), random)
    line = written(mutated(record, random), random)
    return damaged(line, random) if kind == 2 else line


def odd_row(n_columns: int, random: Random) -> bytes:
    """A row of a MAG table, of about so many columns, with any cells."""
    cells = [_cell(random) for _ in range(max(0, n_columns + random.choice((0, 0, 0, 0, 0, 0, -1, 1, -n_columns))))]
    row = "\t".join(cells).encode("utf-8", "surrogatepass").replace(b"\n", b"")
    return damaged(row, random) if random.random() < 0.2 else row


def n_rows(lines: list[bytes], stray: bytes = b"\r\0") -> int:
    """How many of the lines are not blank: with stray bytes they still are, of OpenAlex's lists carriage returns."""
    return sum(bool(line.translate(None, stray).strip(b" ")) for line in lines)


def _cell(random: Random) -> str:
    kind = random.randrange(5)
    if kind == 0:
        return ""
    if kind == 1:
        return str(random.choice(NUMBERS + NO_NUMBERS))
    if kind == 2:
        return random.choice(TEXTS)
    if kind == 3:
        return random.choice(("2010", "2010-05-06", "us", "Conference", "0.25", "2026-01-01T00:00:00", "https://x/1"))
    return str(random.randint(1, 30))


def odd_archive(content: bytes, random: Random) -> bytes:
    """A gzip archive of the content: whole, in several members, with something behind it, cut short or damaged."""
    how = random.randrange(6)
    half = len(content) // 2
    if how == 0:
        return gzip.compress(content[:half], mtime=0) + gzip.compress(content[half:], mtime=0)
    whole = gzip.compress(content, mtime=0)
    if how == 1:
        return whole + random.choice((b"\0" * 40, b"garbage", b"\x1f\x8b", whole[:12]))
    if how == 2:
        return whole[: random.randrange(len(whole))]
    if how == 3:
        return damaged(whole, random)
    if how == 4:
        return content
    return whole
