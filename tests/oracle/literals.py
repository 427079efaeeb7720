"""Tables as text: one line of column names, one line per row, fields apart by blanks.

`null`, `true`, `false`, numbers, fractions (`1/3`), arrays (`[US,CN]`, `[]`), words; a range (`1..15`) makes
a row for each of its numbers. Expected tables name only the columns that matter; canonical tables name only
what `canonical_tables` cannot complete.
"""

import math
import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import pyarrow as pa

Row = dict[str, Any]


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


CANONICAL_SCHEMAS: dict[str, pa.Schema] = {
    "works": _schema(
        work_id=pa.int64(),
        pub_year=pa.int32(),
        pub_date=pa.date32(),
        title=pa.string(),
        work_type=pa.string(),
        source_id=pa.int64(),
        language=pa.string(),
        n_authors=pa.int64(),
        n_references=pa.int64(),
        is_retracted=pa.bool_(),
    ),
    "authorships": _schema(
        work_id=pa.int64(),
        author_position=pa.int32(),
        author_id=pa.int64(),
        institution_id=pa.int64(),
        country_code=pa.string(),
        pub_year=pa.int32(),
        is_first=pa.bool_(),
        is_last=pa.bool_(),
        is_corresponding=pa.bool_(),
    ),
    "citations": _schema(citing_work_id=pa.int64(), cited_work_id=pa.int64(), citing_year=pa.int32()),
    "work_fields": _schema(
        work_id=pa.int64(), scheme=pa.string(), field_id=pa.int64(), score=pa.float64(), field_key=pa.string()
    ),
    "institutions": _schema(
        institution_id=pa.int64(),
        name=pa.string(),
        country_code=pa.string(),
        ror_id=pa.string(),
        institution_type=pa.string(),
    ),
    "sources": _schema(source_id=pa.int64(), name=pa.string(), source_type=pa.string()),
    "fields": _schema(scheme=pa.string(), field_id=pa.int64(), name=pa.string(), level=pa.int32()),
    "authors": _schema(author_id=pa.int64(), name=pa.string()),
}


def rows(literal: str) -> list[Row]:
    """The rows of a literal as dicts; ValueError names a line whose number of fields is not the header's."""
    header, *lines = [line.split() for line in literal.strip().splitlines()]
    for line in lines:
        if len(line) != len(header):
            raise ValueError(f"{len(line)} fields under {len(header)} columns {header}: {line}")
    return [dict(zip(header, values, strict=True)) for line in lines for values in product(*map(_values, line))]


def canonical_tables(literals: Mapping[str, str]) -> dict[str, pa.Table]:
    """All canonical tables, with what the literals leave out filled in as ingest would.

    Years come from `works`; a position 1 is first and the highest last; `n_authors`, `n_references`,
    institutions and authors are counted or listed from the rows; a work is an article in English; a field row
    is concept 1, score 1.
    """
    given = {table: rows(literals[table]) if table in literals else [] for table in CANONICAL_SCHEMAS}
    years = {work["work_id"]: work["pub_year"] for work in given["works"]}
    written = given["authorships"]
    filled = {
        "works": [_work(work, written, given["citations"]) for work in given["works"]],
        "authorships": [_authorship(row, written, years) for row in written],
        "citations": [{"citing_year": years.get(row["citing_work_id"])} | row for row in given["citations"]],
        "work_fields": [{"scheme": "concept", "field_id": 1, "score": 1.0} | row for row in given["work_fields"]],
        "institutions": given["institutions"] or _institutions(written),
        "sources": given["sources"],
        "fields": given["fields"],
        "authors": given["authors"] or _authors(written),
    }
    return {table: pa.Table.from_pylist(filled[table], schema=schema) for table, schema in CANONICAL_SCHEMAS.items()}


def mismatch(actual: pa.Table, literal: str) -> str:
    """What differs between a table and its expectation, in the columns of the latter; empty if nothing.

    Rows are compared without order, each as often as it occurs; floating numbers to nine digits.
    """
    columns = literal.strip().splitlines()[0].split()
    missing = [column for column in columns if column not in actual.column_names]
    if missing:
        return f"no column {missing} among {actual.column_names}"
    left = rows(literal)
    surplus = []
    for row in actual.select(columns).to_pylist():
        twin = next((index for index, candidate in enumerate(left) if _same(row, candidate)), None)
        if twin is None:
            surplus.append(row)
        else:
            left.pop(twin)
    return "\n".join(
        [f"expected, not found: {row}" for row in left] + [f"found, not expected: {row}" for row in surplus]
    )


def _values(text: str) -> list[Any]:
    bounds = re.fullmatch(r"(\d+)\.\.(\d+)", text)
    return list(range(int(bounds[1]), int(bounds[2]) + 1)) if bounds else [_value(text)]


def _value(text: str) -> Any:
    words: dict[str, Any] = {"null": None, "true": True, "false": False, "[]": []}
    if text in words:
        return words[text]
    if text.startswith("[") and text.endswith("]"):
        return [_value(item) for item in text[1:-1].split(",")]
    try:
        if "-" in text[1:]:
            return date.fromisoformat(text)
        return float(Fraction(text)) if "/" in text or "." in text else int(text)
    except ValueError:
        return text


def _same(actual: Row, expected: Row) -> bool:
    return all(_equal(actual[column], value) for column, value in expected.items())


def _equal(actual: Any, expected: Any) -> bool:
    if actual is None or expected is None or isinstance(actual, bool) or isinstance(expected, bool):
        return actual is expected
    if isinstance(actual, float):
        return isinstance(expected, int | float) and math.isclose(actual, expected, rel_tol=1e-9, abs_tol=1e-12)
    return bool(actual == expected)


def _work(work: Row, authorships: list[Row], citations: list[Row]) -> Row:
    entries = {
        (row["author_position"], row.get("author_id")) for row in authorships if row["work_id"] == work["work_id"]
    }
    cited = {row["cited_work_id"] for row in citations if row["citing_work_id"] == work["work_id"]}
    filling = {
        "title": f"Work_{work['work_id']}",
        "work_type": "article",
        "language": "en",
        "n_authors": len(entries),
        "n_references": len(cited),
        "is_retracted": False,
    }
    return filling | work


def _authorship(row: Row, authorships: list[Row], years: Mapping[int, int]) -> Row:
    highest = max(other["author_position"] for other in authorships if other["work_id"] == row["work_id"])
    filling = {
        "pub_year": years.get(row["work_id"]),
        "is_first": row["author_position"] == 1,
        "is_last": row["author_position"] == highest,
    }
    return filling | row


def _institutions(authorships: list[Row]) -> list[Row]:
    known = {row["institution_id"]: row["country_code"] for row in authorships if row.get("institution_id")}
    return [
        {"institution_id": institution, "name": f"Institution_{institution}", "country_code": country}
        for institution, country in sorted(known.items())
    ]


def _authors(authorships: list[Row]) -> list[Row]:
    known = sorted({row["author_id"] for row in authorships if row.get("author_id")})
    return [{"author_id": author, "name": f"Author_{author}"} for author in known]
