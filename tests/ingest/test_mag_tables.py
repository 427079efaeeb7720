"""Lines of MAG files as parsed rows."""

import datetime
from typing import Any

import pytest

from ingest.mag_dump import TABLES, affiliation, line, paper, signed
from scholarflow.engine import Engine
from scholarflow.ingest.mag_tables import MAG_TABLES, Layout, MagTable, parsed_rows

YEARS = {"first_year": 1000, "last_year": 2050}


def parse(engine: Engine, table: str, *lines: str, layout: Layout | None = None) -> list[dict[str, Any]]:
    given = engine.spark.createDataFrame([("file", text) for text in lines], "source_path string, value string")
    newest = TABLES[table].versions[len(TABLES[table].columns)]
    rows = parsed_rows(given, TABLES[table], layout or newest, **YEARS)
    assert [field.name for field in rows.schema.fields] == TABLES[table].table.column_names
    return [row.asDict() for row in rows.collect()]


@pytest.mark.parametrize(
    ("table", "versions"),
    [
        ("Papers", [26, 25, 24, 23]),
        ("Affiliations", [14, 13, 12]),
        ("Authors", [9, 8]),
        ("FieldsOfStudy", [10, 9]),
        ("Journals", [11, 10]),
        ("ConferenceSeries", [8, 7]),
        ("PaperAuthorAffiliations", [6]),
        ("PaperReferences", [2]),
        ("PaperFieldsOfStudy", [3]),
    ],
)
def test_versions_are_those_of_the_documentation(table: str, versions: list[int]) -> None:
    assert list(TABLES[table].versions) == versions


def test_the_oldest_papers_have_the_documented_columns() -> None:
    assert TABLES["Papers"].versions[23].columns[8:13] == (
        "Date",
        "Publisher",
        "JournalId",
        "ConferenceSeriesId",
        "ConferenceInstanceId",
    )
    assert TABLES["Papers"].versions[23].columns[-2:] == ("FamilyId", "CreatedDate")


@pytest.mark.parametrize("n_columns", [23, 24, 25, 26])
def test_a_paper_of_every_version(sail: Engine, n_columns: int) -> None:
    cells: dict[str, object] = {
        "DocType": "Conference",
        "PaperTitle": "a title",
        "OriginalTitle": 'A "Title',
        "Date": "2010-05-06",
        "ConferenceSeriesId": 12,
        "FamilyId": 9,
        "CreatedDate": "2016-06-24",
    }
    retracted = n_columns == 26
    if retracted:
        cells["DocSubTypes"] = "Retraction Notice"
    (row,) = parse(sail, "Papers", paper(7, n_columns, **cells), layout=TABLES["Papers"].versions[n_columns])
    assert row == {
        "source_path": "file",
        "reject_reason": None,
        "record": None,
        "work_id": 7,
        "updated_at": None,
        "pub_year": 2010,
        "pub_date": datetime.date(2010, 5, 6),
        "title": 'A "Title',
        "work_type": "Conference",
        "source_id": 12,
        "family_id": 9,
        "is_retracted": retracted,
        "is_paratext": False,
    }


@pytest.mark.parametrize("n_columns", [12, 13, 14])
def test_an_affiliation_of_every_version(sail: Engine, n_columns: int) -> None:
    country = "us" if n_columns == 14 else ""
    text = affiliation(5, country, n_columns, GridId="grid.1.2", Latitude="1.5", CitationCount=77)
    (row,) = parse(sail, "Affiliations", text, layout=TABLES["Affiliations"].versions[n_columns])
    assert (row["institution_id"], row["name"], row["grid_id"]) == (5, "affiliation 5", "grid.1.2")
    assert row["country_code"] == ("US" if country else None)


@pytest.mark.parametrize("table", [t for t in MAG_TABLES if "PaperFamilyCount" in t.columns], ids=lambda t: t.name)
def test_things_before_and_after_families_were_counted(sail: Engine, table: MagTable) -> None:
    key = table.columns[0]
    for n_columns, layout in table.versions.items():
        (row,) = parse(sail, table.name, line(table.name, n_columns, **{key: 3, "DisplayName": "x"}), layout=layout)
        assert row["reject_reason"] is None
        assert (row[table.table.column_names[3]], row["name"]) == (3, "x")


def test_bytes_are_data_but_carriage_returns_and_nul(sail: Engine) -> None:
    title = '"Quoted\\\t'.rstrip("\t")
    (row,) = parse(sail, "Papers", paper(7, OriginalTitle=f"\x00{title} \r漢\x00é") + "\r")
    assert row["title"] == '"Quoted\\ 漢é'


def test_a_short_row_lacks_its_last_columns(sail: Engine) -> None:
    (row,) = parse(sail, "PaperAuthorAffiliations", "7\t8\t9\t2")
    assert (row["reject_reason"], row["institution_id"], row["author_position"]) == (None, 9, 2)
    (row,) = parse(sail, "Papers", "\t".join(paper(7, Date="2010-01-02").split("\t")[:9]))
    assert (row["reject_reason"], row["pub_date"], row["family_id"]) == (None, datetime.date(2010, 1, 2), None)


def test_blank_lines_are_no_rows(sail: Engine) -> None:
    assert parse(sail, "PaperReferences", "", "\r", " ") == []


@pytest.mark.parametrize(
    ("table", "text", "reason"),
    [
        ("Papers", paper(7) + "\tsurplus", "27 columns where Papers has 26"),
        ("Papers", line("Papers", Year=2010), "no PaperId"),
        ("Papers", line("Papers", PaperId="W7", Year=2010), "no PaperId"),
        ("Papers", line("Papers", PaperId=-7, Year=2010), "no PaperId"),
        ("Papers", "7\t\t", "Year is no year"),
        ("Papers", paper(7, Year="n.d."), "Year is no year"),
        ("Papers", paper(7, Year=999), "Year is no year"),
        ("Papers", paper(7, Year=2051), "Year is no year"),
        ("PaperAuthorAffiliations", signed(7, 8, 9, 0), "no AuthorSequenceNumber"),
        ("PaperAuthorAffiliations", signed(7, 8, 9, ""), "no AuthorSequenceNumber"),
        ("PaperAuthorAffiliations", "7\t8", "no AuthorSequenceNumber"),
        ("PaperAuthorAffiliations", "\t8\t9\t1\t\t", "no PaperId"),
        ("PaperAuthorAffiliations", signed(7, 8, 9) + "\t\t", "8 columns where PaperAuthorAffiliations has 6"),
        ("PaperReferences", "7", "no PaperReferenceId"),
        ("PaperReferences", "7\t8\t9", "3 columns where PaperReferences has 2"),
        ("PaperFieldsOfStudy", "7\t\t0.5", "no FieldOfStudyId"),
        ("Affiliations", "x", "no AffiliationId"),
        ("Authors", "\t1", "no AuthorId"),
        ("Journals", "0", "no JournalId"),
        ("ConferenceSeries", "1.5", "no ConferenceSeriesId"),
        ("FieldsOfStudy", "99999999999999999999", "no FieldOfStudyId"),
    ],
)
def test_refused_rows(sail: Engine, table: str, text: str, reason: str) -> None:
    (row,) = parse(sail, table, text)
    assert {name: value for name, value in row.items() if value is not None} == {
        "source_path": "file",
        "reject_reason": reason,
        "record": text,
    }


def test_the_record_of_a_refused_row_is_cut(sail: Engine) -> None:
    (row,) = parse(sail, "PaperReferences", "x" * 3000)
    assert row["record"] == "x" * 2000


@pytest.mark.parametrize(("author", "affiliation"), [("", ""), ("0", "-1"), ("9999999999", "0"), ("none", "none")])
def test_no_author_and_no_institution(sail: Engine, author: str, affiliation: str) -> None:
    (row,) = parse(sail, "PaperAuthorAffiliations", signed(7, author, affiliation, 3))
    assert (row["reject_reason"], row["author_position"]) == (None, 3)
    assert (row["author_id"], row["institution_id"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2010-05-06", datetime.date(2010, 5, 6)),
        ("2010-05-06T00:00:00", datetime.date(2010, 5, 6)),
        ("2010-05-06 12:30:00", datetime.date(2010, 5, 6)),
        ("2010-02-30", None),
        ("6/24/2016 12:00:00 AM", None),
    ],
)
def test_dates(sail: Engine, text: str, date: datetime.date | None) -> None:
    (row,) = parse(sail, "Papers", paper(7, Date=text))
    assert (row["reject_reason"], row["pub_date"]) == (None, date)


def test_a_header_row_names_the_columns(sail: Engine) -> None:
    header = ("PaperId", "Genre", "IsParatext", "Year", "OriginalTitle", "UpdatedDate")
    layout = Layout(header, has_header=True)
    rows = parse(
        sail,
        "Papers",
        "\ufeff" + "\t".join(header) + "\r",
        "7\tjournal\ttrue\t2010\tT\t2022-01-02 03:04:05\r",
        "8\tjournal\tfalse\t2011\tPaperId\t\r",
        "9\tjournal\tfalse\t2011\tPaperId\t\tsurplus",
        layout=layout,
    )
    assert [(row["work_id"], row["title"], row["is_paratext"]) for row in rows] == [
        (7, "T", True),
        (8, "PaperId", False),
        (None, None, None),
    ]
    assert rows[0]["updated_at"] == 1641092645 * 1_000_000
    assert rows[2]["reject_reason"] == "7 columns where Papers has 6"


@pytest.mark.parametrize("name", ["sail", pytest.param("spark", marks=pytest.mark.spark)])
def test_odd_cells_are_read_alike_on_both_engines(name: str, request: pytest.FixtureRequest) -> None:
    engine = request.getfixturevalue(name)
    lines = [
        paper(1, Year=" 2010", Date="2010-1-2", OriginalTitle="\x00a\rb", JournalId="+5"),
        paper(2, Year="2010.0"),
        paper(3, Date="2010", DocSubTypes="Retracted Publication", FamilyId="1e3"),
        paper(4) + "\t\t\t",
        "5",
        "\t" * 25,
    ]
    columns = ("work_id", "pub_year", "pub_date", "title", "source_id", "family_id", "is_retracted", "reject_reason")
    assert [tuple(row[column] for column in columns) for row in parse(engine, "Papers", *lines)] == [
        (1, 2010, datetime.date(2010, 1, 2), "ab", 5, None, False, None),
        (*[None] * 7, "Year is no year"),
        (3, 2010, datetime.date(2010, 1, 1), None, None, None, True, None),
        (*[None] * 7, "29 columns where Papers has 26"),
        (*[None] * 7, "Year is no year"),
        (*[None] * 7, "no PaperId"),
    ]
    scores = [f"1\t2\t{text}" for text in ("0.1234567891", "1", "", ".5", "x", "1e-3")]
    found = [row["score"] for row in parse(engine, "PaperFieldsOfStudy", *scores)]
    assert found == [0.123456789, 1.0, None, 0.5, None, 0.001]
