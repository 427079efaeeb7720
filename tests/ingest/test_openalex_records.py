"""Lines of OpenAlex part files as parsed rows: every line one row, whatever it holds."""

import datetime
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.openalex_dump import URL, cites, signed, work
from scholarflow.ingest.openalex_records import ENTITIES, parsed_batch
from scholarflow.ingest.openalex_values import keyword_number

WORKS = ENTITIES[0]
PLACES = ["author_position", "author_id", "institution_id", "country_code"]


def rows(*lines: bytes, entity: Any = WORKS) -> list[dict[str, Any]]:
    """The parsed rows of lines."""
    return parsed_batch(lines, "works/part.gz", entity, first_year=1000, last_year=2050).to_pylist()


def row(**members: Any) -> dict[str, Any]:
    """The parsed row of work 1 with these members."""
    (parsed,) = rows(json.dumps(work(1, **members)).encode())
    return parsed


def places(*entries: dict[str, Any], **members: Any) -> list[tuple[Any, ...]]:
    """Position, author, institution and country of the authorships of a work."""
    return [tuple(a[name] for name in PLACES) for a in row(authorships=list(entries), **members)["authorships"]]


def test_a_whole_record() -> None:
    parsed = row(
        publication_date="2010-03-04",
        title="On atlases",
        display_name="ignored beside a title",
        language="en",
        type="article",
        primary_location={"source": {"id": f"{URL}S7", "display_name": "Journal"}, "version": "publishedVersion"},
        is_retracted=True,
        referenced_works=cites(3, 2, 3, 1),
        authorships=[signed(11, (21, "US"), is_corresponding=True), signed(12)],
        updated_date="2026-05-21T09:19:25.381259",
    )
    expected = {
        "source_path": "works/part.gz",
        "reject_reason": None,
        "record": None,
        "work_id": 1,
        "updated_at": 1779355165381259,
        "pub_year": 2010,
        "pub_date": datetime.date(2010, 3, 4),
        "title": "On atlases",
        "work_type": "article",
        "source_id": 7,
        "language": "en",
        "is_retracted": True,
        "is_paratext": False,
        "is_xpac": False,
        "n_authors": 2,
        "referenced_works": [3, 2, 3, 1],
    }
    assert {name: parsed[name] for name in expected} == expected
    assert [tuple(a.values()) for a in parsed["authorships"]] == [
        (1, 11, 21, "US", True, False, True),
        (2, 12, None, None, False, True, None),
    ]


def test_a_record_with_nothing_but_id_and_year() -> None:
    (parsed,) = rows(b'{"id": "https://openalex.org/W5", "publication_year": 1999}')
    assert parsed["work_id"] == 5
    assert parsed["n_authors"] == 0
    assert parsed["authorships"] == parsed["referenced_works"] == parsed["fields"] == []
    assert parsed["updated_at"] is None


def test_members_that_are_not_known_are_ignored() -> None:
    assert row(abstract_inverted_index={"a": [0]}, new_in_2027=[{"deep": [1, None]}])["reject_reason"] is None


def test_the_older_names_of_members() -> None:
    assert row(title=None, display_name="On atlases")["title"] == "On atlases"
    assert row(host_venue={"id": f"{URL}V7", "display_name": "Journal"})["source_id"] == 7


@pytest.mark.parametrize(
    ("year", "pub_year"), [(2010, 2010), ("2010", 2010), (2010.0, 2010), (1000, 1000), (2050, 2050)]
)
def test_years(year: Any, pub_year: int) -> None:
    assert row(publication_year=year)["pub_year"] == pub_year


@pytest.mark.parametrize("year", [None, 0, 999, 2051, 2202, -5, 2010.5, 1e300, "", "n.d.", "٢٠١٠", 10**30])
def test_a_year_that_is_none_refuses_the_record(year: Any) -> None:
    parsed = row(publication_year=year)
    assert parsed["reject_reason"]
    assert parsed["work_id"] is None
    assert f'"id": "{URL}W1"' in parsed["record"]


@pytest.mark.parametrize(
    ("text", "updated_at"),
    [
        ("1970-01-02", 86_400_000_000),
        ("1970-01-01T00:00:01.000002", 1_000_002),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:59:59Z", -1_000_000),
        ("yesterday", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_microseconds_of_utc(text: str | None, updated_at: int | None) -> None:
    assert row(updated_date=text)["updated_at"] == updated_at


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "https://openalex.org/W1", "publication_year": 2010, "ti', "not a record"),
        (b"not json", "not a record"),
        (b"[1, 2]", "not a record"),
        (b"null", "not a record"),
        (b'{"id": 5, "publication_year": 2010}', "not a record"),
        (b'{"id": "https://openalex.org/W1", "publication_year": [2010]}', "not a record"),
        (b'{"id": "https://openalex.org/W1", "publication_year": 2010, "title": "\xff\xfe"}', "not a record"),
        (b'{"id": null, "publication_year": 2010}', "no work_id"),
        (b'{"publication_year": 2010}', "no work_id"),
        (b'{"id": "https://openalex.org/W0", "publication_year": 2010}', "no work_id"),
        (b'{"id": "https://openalex.org/W-1", "publication_year": 2010}', "no work_id"),
        (b'{"id": "https://openalex.org/Wx1", "publication_year": 2010}', "no work_id"),
        (b'{"id": "https://openalex.org/W1"}', "publication_year is no year"),
        (b"[" * 100_000, "not a record"),
    ],
)
def test_what_is_refused_and_why(line: bytes, reason: str) -> None:
    (parsed,) = rows(line)
    assert parsed["reject_reason"].startswith(reason)
    assert parsed["record"] == line.decode("utf-8", "replace")[:2000]


def test_the_record_of_a_refused_line_is_cut_at_2000_characters() -> None:
    (parsed,) = rows("é".encode() * 3_000)
    assert parsed["record"] == "é" * 2_000


def test_blank_lines_make_no_row_and_line_ends_no_difference() -> None:
    line = json.dumps(work(1)).encode()
    assert [parsed["work_id"] for parsed in rows(b"", b" \t\r", line + b"\r", b"\r", line)] == [1, 1]


def test_authors() -> None:
    entries = signed(11, (21, "US")), signed(None, (22, "CN")), signed(9999999999, countries=["FR"]), signed(12)
    assert places(*entries) == [
        (1, 11, 21, "US"),
        (2, None, 22, "CN"),
        (3, None, None, "FR"),
        (4, 12, None, None),
    ]
    assert places({"author": None}) == [(1, None, None, None)]


def test_an_institution_that_is_none() -> None:
    assert places(signed(11, -1)) == [(1, 11, None, None)]
    assert places(signed(11, -1, (21, "US"))) == [(1, 11, 21, "US")]
    assert places(signed(11, -1, countries=["US"])) == [(1, 11, None, "US")]


def test_countries_count_where_no_institution_accounts_for_them() -> None:
    assert places(signed(11, countries=["US", "CN"])) == [(1, 11, None, "US"), (1, 11, None, "CN")]
    assert places(signed(11, (21, "US"), countries=["US"])) == [(1, 11, 21, "US")]
    assert places(signed(11, (21, None), countries=[])) == [(1, 11, 21, None)]


def test_repeated_rows_are_one_and_repeated_authors_keep_both_places() -> None:
    assert places(signed(11, (21, "US"), (21, "US"))) == [(1, 11, 21, "US")]
    assert places(signed(11, (21, "US")), signed(11, (21, "US"))) == [(1, 11, 21, "US"), (2, 11, 21, "US")]


@pytest.mark.parametrize(("code", "country"), [("us", "US"), ("", None), ("USA", None), ("U1", None), (None, None)])
def test_country_codes(code: str | None, country: str | None) -> None:
    assert places(signed(11, (21, code))) == [(1, 11, 21, country)]


@pytest.mark.parametrize(
    ("n_listed", "members", "is_last"),
    [
        (3, {}, [False, False, True]),
        (1, {}, [True]),
        (3, {"authorships_truncated": True}, [None] * 3),
        (3, {"is_authors_truncated": True}, [None] * 3),
        (3, {"authorships_truncated": False}, [False, False, True]),
        (4_999, {}, [False] * 4_998 + [True]),
        (5_000, {}, [None] * 5_000),
    ],
)
def test_the_last_author_is_unknown_where_the_list_was_cut(
    n_listed: int, members: dict[str, bool], is_last: list[bool | None]
) -> None:
    parsed = row(authorships=[signed(number + 1) for number in range(n_listed)], **members)
    assert [a["is_last"] for a in parsed["authorships"]] == is_last
    assert [a["is_first"] for a in parsed["authorships"]] == [True] + [False] * (n_listed - 1)
    assert parsed["n_authors"] == n_listed


@pytest.mark.parametrize(
    ("members", "is_paratext"),
    [({"is_paratext": True}, True), ({"type": "paratext"}, True), ({"type": "article", "is_paratext": None}, False)],
)
def test_paratext_by_flag_or_type(members: dict[str, Any], is_paratext: bool) -> None:
    assert row(**members)["is_paratext"] is is_paratext


TOPIC = {
    "id": f"{URL}T10028",
    "score": 0.9,
    "subfield": {"id": f"{URL}subfields/1702"},
    "field": {"id": f"{URL}fields/17"},
    "domain": {"id": f"{URL}domains/3"},
}


def test_fields_keep_the_highest_score_of_an_id() -> None:
    other = TOPIC | {"id": f"{URL}T10029", "score": 0.95, "subfield": {"id": f"{URL}subfields/1707"}}
    parsed = row(
        concepts=[
            {"id": f"{URL}C154945302", "score": 0.4},
            {"id": f"{URL}C154945302", "score": 0.8},
            {"id": f"{URL}C154945302", "score": 0.1},
            {"id": f"{URL}C41008148", "score": None},
            {"id": None, "score": 0.9},
        ],
        topics=[TOPIC, other],
        primary_topic=TOPIC | {"id": f"{URL}T99999"},
        keywords=[{"id": f"{URL}keywords/deep-learning", "score": 0.5}],
    )
    assert [tuple(field.values()) for field in parsed["fields"]] == [
        ("concept", 41008148, None, None),
        ("concept", 154945302, 0.8, None),
        ("domain", 3, 0.95, None),
        ("field", 17, 0.95, None),
        ("keyword", keyword_number("deep-learning"), 0.5, "deep-learning"),
        ("subfield", 1702, 0.9, None),
        ("subfield", 1707, 0.95, None),
        ("topic", 10028, 0.9, None),
        ("topic", 10029, 0.95, None),
    ]


def test_without_topics_the_primary_one_counts() -> None:
    parsed = row(topics=[], primary_topic=TOPIC)
    assert [(f["scheme"], f["field_id"]) for f in parsed["fields"]] == [
        ("domain", 3),
        ("field", 17),
        ("subfield", 1702),
        ("topic", 10028),
    ]


@pytest.mark.parametrize(
    ("entity", "record", "expected"),
    [
        ("authors", {"id": f"{URL}A5", "display_name": "Ann"}, {"author_id": 5, "name": "Ann"}),
        (
            "institutions",
            {
                "id": f"{URL}I6",
                "display_name": "U",
                "country_code": "cn",
                "ror": "https://ror.org/02y3ad647",
                "type": "e",
            },
            {"institution_id": 6, "country_code": "CN", "ror_id": "02y3ad647", "institution_type": "e"},
        ),
        ("sources", {"id": f"{URL}S7", "type": "journal"}, {"source_id": 7, "source_type": "journal", "name": None}),
        ("concepts", {"id": f"{URL}C8", "level": 2}, {"field_id": 8, "level": 2}),
        (
            "topics",
            TOPIC | {"display_name": "T", "subfield": {"id": f"{URL}subfields/1702", "display_name": "AI"}},
            {"field_id": 10028, "subfield_id": 1702, "subfield_name": "AI", "topic_field_id": 17, "domain_id": 3},
        ),
    ],
)
def test_other_entities(entity: str, record: dict[str, Any], expected: dict[str, Any]) -> None:
    by_name = {e.name: e for e in ENTITIES}
    (parsed,) = rows(json.dumps(record).encode(), entity=by_name[entity])
    assert {name: parsed[name] for name in expected} == expected
    assert parsed["reject_reason"] is None


@pytest.mark.parametrize("entity", [entity.name for entity in ENTITIES])
def test_a_record_without_id_is_refused_in_every_entity(entity: str) -> None:
    by_name = {e.name: e for e in ENTITIES}
    (parsed,) = rows(b'{"id": null, "display_name": "x", "publication_year": 2010}', entity=by_name[entity])
    assert parsed["reject_reason"] == f"no {by_name[entity].table.column_names[3]}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.dictionaries(st.sampled_from([*WORKS.record.__struct_fields__, "unknown"]), JSON)
LINES = st.binary() | MEMBERS.map(lambda members: json.dumps({**work(1), **members}).encode())


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=5))
def test_any_bytes_as_a_line_make_one_row_kept_or_refused_unless_blank(lines: list[bytes]) -> None:
    parsed = rows(*lines)
    written = [line for line in lines if line.strip()]
    assert len(parsed) == len(written)
    for row, line in zip(parsed, written, strict=True):
        if row["reject_reason"] is None:
            assert row["work_id"] > 0
            assert 1000 <= row["pub_year"] <= 2050
            assert row["record"] is None
        else:
            assert row["work_id"] is None
            assert row["record"] == line.decode("utf-8", "replace")[:2000]
