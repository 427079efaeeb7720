"""MAG from the files to the canonical tables, on dumps written by hand."""

import datetime
from pathlib import Path

import pytest

from ingest.mag_dump import affiliation, ingested, line, paper, signed, write
from scholarflow.engine import Engine
from scholarflow.errors import InputError
from scholarflow.ingest.mag import author_lists, field_lists, of_families

AUTHORSHIPS = "work_id author_position author_id institution_id country_code is_first is_last is_corresponding"


def dump(folder: Path, **tables: list[str]) -> Path:
    """A dump with one paper and one authorship, and these tables."""
    for name, lines in {"Papers": [paper(1)], "PaperAuthorAffiliations": [signed(1, 2)], **tables}.items():
        write(folder, f"mag/{name}.txt", *lines)
    return folder


def test_every_table_of_a_dump(either: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    write(
        folder,
        "mag/Papers.txt.1",
        paper(1, DocType="Journal", OriginalTitle='"One', JournalId=50, Date="2010-03-04"),
        paper(2, DocType="Conference", PaperTitle="two", ConferenceSeriesId=60, DocSubTypes="Retracted Publication"),
        paper(3, DocType="Patent"),
        end="\r\n",
    )
    write(
        folder,
        "mag/Papers.txt.2",
        paper(4, DocType="Dataset"),
        paper(5, Year=""),
        paper(2, DocType="Conference", PaperTitle="two", ConferenceSeriesId=60, DocSubTypes="Retracted Publication"),
    )
    write(
        folder,
        "mag/PaperAuthorAffiliations.txt.gz",
        signed(1, 12, 22, 2),
        signed(1, 11, 21, 1),
        signed(1, 12, 21, 2),
        signed(1, 12, 21, 2),
        signed(1, 12, "", 2),
        signed(1, 13, 21, 2),
        signed(1, "", 99, 3),
        signed(3, 11, 21, 1),
        signed(77, 11, 21, 1),
        signed(1, 11, 21, 0),
    )
    write(folder, "mag/PaperReferences.txt", "1\t2", "1\t2", "1\t1", "1\t900", "3\t1", "2\t3", "2\t1\t1")
    write(folder, "advanced/PaperFieldsOfStudy.txt", "1\t31\t0.25", "1\t31\t0.5", "1\t30\t", "3\t31\t1", "2\t30\t1.0")
    write(folder, "mag/Affiliations.txt", affiliation(21, "US"), affiliation(22, "cn"), affiliation(23, "unknown"))
    write(folder, "mag/Authors.txt", line("Authors", AuthorId=11, DisplayName="A"), line("Authors", AuthorId=12))
    write(folder, "mag/Journals.txt", line("Journals", JournalId=50, DisplayName="J"))
    write(folder, "mag/ConferenceSeries.txt", line("ConferenceSeries", ConferenceSeriesId=60, DisplayName="C"))
    write(folder, "advanced/FieldsOfStudy.txt", line("FieldsOfStudy", FieldOfStudyId=31, DisplayName="F", Level=1))

    tables = ingested(either, folder, tmp_path / "root")

    columns = "work_id pub_year pub_date title work_type source_id language n_authors n_references is_retracted"
    assert tables.rows("works", f"{columns} n_self_references n_repeated_references") == [
        (1, 2010, datetime.date(2010, 3, 4), '"One', "Journal", 50, None, 4, 2, False, 1, 1),
        (2, 2010, None, "two", "Conference", 60, None, 0, 1, True, 0, 0),
    ]
    assert tables.rows("authorships", f"{AUTHORSHIPS} pub_year") == [
        (1, 1, 11, 21, "US", True, False, None, 2010),
        (1, 2, 12, None, None, False, False, None, 2010),
        (1, 2, 12, 21, "US", False, False, None, 2010),
        (1, 2, 12, 22, "CN", False, False, None, 2010),
        (1, 2, 13, 21, "US", False, False, None, 2010),
        (1, 3, None, 99, None, False, True, None, 2010),
    ]
    assert tables.rows("citations", "citing_work_id cited_work_id citing_year") == [
        (1, 2, 2010),
        (1, 900, 2010),
        (2, 3, 2010),
    ]
    assert tables.rows("work_fields", "work_id scheme field_id score field_key") == [
        (1, "concept", 30, None, None),
        (1, "concept", 31, 0.5, None),
        (2, "concept", 30, 1.0, None),
    ]
    assert tables.rows("institutions", "institution_id name country_code ror_id institution_type") == [
        (21, "affiliation 21", "US", None, None),
        (22, "affiliation 22", "CN", None, None),
        (23, "affiliation 23", None, None, None),
    ]
    assert tables.rows("sources", "source_id name source_type") == [(50, "J", "journal"), (60, "C", "conference")]
    assert tables.rows("fields", "scheme field_id name level") == [("concept", 31, "F", 1)]
    assert tables.rows("authors", "author_id name") == [(11, "A"), (12, None)]
    assert tables.rows("rejects", "source_path reason record") == [
        ("mag/PaperAuthorAffiliations.txt.gz", "no AuthorSequenceNumber", signed(1, 11, 21, 0)),
        ("mag/PaperReferences.txt", "3 columns where PaperReferences has 2", "2\t1\t1"),
        ("mag/Papers.txt.2", "Year is no year", paper(5, Year="")),
    ]
    assert tables.counts() == {
        "advanced/FieldsOfStudy.txt": {"n_read": 1, "n_kept": 1},
        "advanced/PaperFieldsOfStudy.txt": {"n_read": 5, "n_kept": 4, "n_superseded": 1},
        "mag/Affiliations.txt": {"n_read": 3, "n_kept": 3},
        "mag/Authors.txt": {"n_read": 2, "n_kept": 2},
        "mag/ConferenceSeries.txt": {"n_read": 1, "n_kept": 1},
        "mag/Journals.txt": {"n_read": 1, "n_kept": 1},
        "mag/PaperAuthorAffiliations.txt.gz": {"n_read": 10, "n_kept": 8, "n_rejected": 1, "n_superseded": 1},
        "mag/PaperReferences.txt": {"n_read": 7, "n_kept": 5, "n_rejected": 1, "n_superseded": 1},
        "mag/Papers.txt.1": {
            "n_read": 3, "n_kept": 1, "n_dropped": 1, "dropped_document_type": 1, "n_superseded": 1,
        },
        "mag/Papers.txt.2": {"n_read": 3, "n_kept": 1, "n_rejected": 1, "n_dropped": 1, "dropped_document_type": 1},
    }  # fmt: skip


def test_a_work_carries_its_lists_in_order(sail: Engine, tmp_path: Path) -> None:
    folder = dump(
        tmp_path / "dump",
        Papers=[paper(1), paper(2)],
        PaperAuthorAffiliations=[signed(1, 9, 5, 2), signed(1, "", "", 2), signed(1, 9, "", 2), signed(1, 9, 4, 1)],
        PaperReferences=["1\t9", "1\t8"],
        PaperFieldsOfStudy=["1\t7\t0.1", "1\t6\t", "1\t7\t0.9", "1\t7\t"],
    )
    rows = ingested(sail, folder, tmp_path / "root").rows("works", "work_id authorships referenced_works fields")
    assert [[a["author_position"], a["author_id"], a["institution_id"]] for a in rows[0][1]] == [
        [1, 9, 4],
        [2, None, None],
        [2, 9, None],
        [2, 9, 5],
    ]
    assert rows[0][2] == [8, 9]
    assert [(f["field_id"], f["score"]) for f in rows[0][3]] == [(6, None), (7, 0.9)]
    assert rows[1] == (2, [], [], [])


@pytest.mark.slow
def test_of_two_rows_of_a_paper_one_stands_whatever_their_order(sail: Engine, tmp_path: Path) -> None:
    rows = [paper(1, OriginalTitle=title, Year=year) for title, year in (("a", 2010), ("b", 2011), ("c", 2012))]
    found = []
    for number, lines in enumerate((rows, rows[::-1], [rows[1], rows[0], rows[2]])):
        tables = ingested(sail, dump(tmp_path / f"dump{number}", Papers=lines), tmp_path / f"root{number}")
        found.append(tables.rows("works", "work_id title pub_year"))
        assert tables.counts()["mag/Papers.txt"] == {"n_read": 3, "n_kept": 1, "n_superseded": 2}
    assert len(found[0]) == 1
    assert found[0] == found[1] == found[2]


@pytest.mark.slow
def test_document_types_dropped_are_a_parameter(sail: Engine, tmp_path: Path) -> None:
    papers = [paper(1, DocType="Patent"), paper(2, DocType="Thesis"), paper(3), paper(4, DocType="Dataset")]
    folder = dump(tmp_path / "dump", Papers=papers)
    kept = {
        setting: [row[0] for row in ingested(sail, folder, tmp_path / "root", *setting).rows("works", "work_id")]
        for setting in [
            (),
            ("ingest.dropped_document_types=[]",),
            ("ingest.dropped_document_types=['Thesis', 'Patent']",),
        ]
    }
    assert list(kept.values()) == [[2, 3], [1, 2, 3, 4], [3, 4]]


FAMILIES = {
    "Papers": [
        paper(1, FamilyId=1),  # published; 2 and 3 are its preprints
        paper(2, FamilyId=1, Year=2009),
        paper(3, FamilyId=1, Year=2008),
        paper(4, FamilyId=4),  # cites members of the first family; 5 is its preprint
        paper(5, FamilyId=4),
        paper(6),
    ],
    "PaperAuthorAffiliations": [signed(1, 10), signed(2, 11), signed(4, 12)],
    "PaperReferences": ["4\t2", "5\t3", "5\t1", "6\t3", "2\t6", "2\t1", "1\t900", "3\t4"],
}


@pytest.mark.slow
def test_families_once_counts_citations_of_all_members(sail: Engine, tmp_path: Path) -> None:
    tables = ingested(sail, dump(tmp_path / "dump", **FAMILIES), tmp_path / "root", "ingest.families_once=true")
    assert tables.rows("works", "work_id pub_year n_references n_self_references n_repeated_references") == [
        (1, 2010, 3, 1, 0),
        (4, 2010, 1, 0, 2),
        (6, 2010, 1, 0, 0),
    ]
    # Three citing papers of two families cite three members of the first family: two citations.
    assert tables.rows("citations", "cited_work_id citing_work_id") == [(1, 4), (1, 6), (4, 1), (6, 1), (900, 1)]
    assert tables.rows("authorships", "work_id author_id") == [(1, 10), (4, 12)]
    assert tables.counts()["mag/Papers.txt"] == {"n_read": 6, "n_kept": 3, "n_dropped": 3, "dropped_family": 3}


def test_families_are_left_alone_by_default(sail: Engine, tmp_path: Path) -> None:
    tables = ingested(sail, dump(tmp_path / "dump", **FAMILIES), tmp_path / "root")
    assert len(tables.rows("works", "work_id")) == 6
    assert len(tables.rows("citations", "citing_work_id cited_work_id")) == 8


def test_references_of_families_without_members_stay(sail: Engine) -> None:
    cited = sail.spark.createDataFrame([(1, 2), (3, 4)], "work_id bigint, referenced_work_id bigint")
    members = sail.spark.createDataFrame([], "work_id bigint, family_id bigint")
    assert sorted(map(tuple, of_families(cited, members).collect())) == [(1, 2), (3, 4)]


def test_the_format_of_openalex_with_a_header(sail: Engine, tmp_path: Path) -> None:
    papers = "PaperId Rank Doi DocType Genre IsParatext PaperTitle OriginalTitle BookTitle Year Date UpdatedDate"
    folder = tmp_path / "dump"
    write(
        folder,
        "mag/Papers.txt",
        papers.replace(" ", "\t"),
        "1\t\t\tJournal\tjournal\tfalse\tnew\tNew\t\t2010\t2010-01-02\t2022-06-01",
        "1\t\t\tJournal\tjournal\tfalse\told\tOld\t\t2009\t2009-01-02\t2022-05-01",
        "2\t\t\tJournal\tparatext\ttrue\tcover\tCover\t\t2010\t2010-01-02\t2022-06-01",
    )
    write(
        folder,
        "mag/PaperAuthorAffiliations.txt",
        "PaperId\tAuthorId\tAffiliationId\tAuthorSequenceNumber\tOriginalAuthor\tOriginalAffiliation",
        "1\t2\t3\t1\tx\ty",
    )
    write(
        folder,
        "mag/Affiliations.txt",
        "AffiliationId\tDisplayName\tGridId\tRorId\tIso3166Code",
        "3\tX\tgrid.1.2\thttps://ror.org/05a28rw58\tCH",
    )
    tables = ingested(sail, folder, tmp_path / "root")
    assert tables.rows("works", "work_id title pub_year") == [(1, "New", 2010)]
    assert tables.rows("authorships", AUTHORSHIPS) == [(1, 1, 2, 3, "CH", True, True, None)]
    assert tables.rows("institutions", "institution_id country_code ror_id") == [(3, "CH", "05a28rw58")]
    assert tables.counts()["mag/Papers.txt"] == {
        "n_read": 3, "n_kept": 1, "n_dropped": 1, "dropped_paratext": 1, "n_superseded": 1,
    }  # fmt: skip


def test_countries_from_a_list_of_the_user(sail: Engine, tmp_path: Path) -> None:
    folder = dump(
        tmp_path / "dump",
        PaperAuthorAffiliations=[signed(1, 2, number, number) for number in (1, 2, 3, 4)],
        Affiliations=[
            affiliation(1, "US", GridId="grid.1.1"),
            affiliation(2, GridId="grid.2.2"),
            affiliation(3, GridId="grid.3.3"),
            affiliation(4),
        ],
    )
    listed = write(
        tmp_path,
        "my countries, 100% #1.csv",
        "affiliation,country_code",
        "1,CN",
        '"grid.2.2","de"',
        "grid.3.3,FR",
        "3,GB",
        "4,UK",
        "4,",
        ",US",
        "",
        end="\r\n",
    )
    tables = ingested(sail, folder, tmp_path / "root", f"ingest.affiliation_countries='{listed}'")
    expected = [(1, "US"), (2, "DE"), (3, "GB"), (4, None)]
    assert tables.rows("institutions", "institution_id country_code") == expected
    assert tables.rows("authorships", "institution_id country_code") == expected
    assert tables.rows("rejects", "source_path reason record") == [
        ("my countries, 100% #1.csv", "no ISO 3166-1 alpha-2 code", "4,\r"),
        ("my countries, 100% #1.csv", "no ISO 3166-1 alpha-2 code", "4,UK\r"),
        ("my countries, 100% #1.csv", "no affiliation", ",US\r"),
    ]
    assert tables.counts()["my countries, 100% #1.csv"] == {"n_read": 7, "n_kept": 4, "n_rejected": 3}


@pytest.mark.slow
def test_another_list_of_countries_remakes_what_depends_on_it(sail: Engine, tmp_path: Path) -> None:
    folder = dump(tmp_path / "dump", PaperAuthorAffiliations=[signed(1, 2, 3)], Affiliations=[affiliation(3)])
    for code in ("DE", "FR"):
        listed = write(tmp_path / code, "countries.csv", "affiliation,country_code", f"3,{code}")
        tables = ingested(sail, folder, tmp_path / "root", f"ingest.affiliation_countries='{listed}'")
        assert tables.rows("authorships", "country_code") == [(code,)]
    assert ingested(sail, folder, tmp_path / "root").rows("authorships", "country_code") == [(None,)]


def test_optional_tables_may_be_missing(sail: Engine, tmp_path: Path) -> None:
    tables = ingested(sail, dump(tmp_path / "dump"), tmp_path / "root")
    assert tables.rows("authorships", AUTHORSHIPS) == [(1, 1, 2, None, None, True, True, None)]
    for table, column in [("citations", "citing_work_id"), ("work_fields", "work_id"), ("institutions", "name")]:
        assert tables.rows(table, column) == []
    assert set(tables.counts()) == {"mag/Papers.txt", "mag/PaperAuthorAffiliations.txt"}


@pytest.mark.parametrize(("n_authors", "knows_last"), [(4999, True), (5000, False), (5001, True)])
def test_a_list_of_five_thousand_authors_was_cut(sail: Engine, n_authors: int, knows_last: bool) -> None:
    schema = "work_id bigint, author_id bigint, institution_id bigint, author_position int"
    signed = sail.spark.createDataFrame([(1, 10 + n, None, n) for n in range(1, n_authors + 1)], schema)
    institutions = sail.spark.createDataFrame([], "institution_id bigint, country_code string")
    (row,) = author_lists(signed, institutions).collect()
    assert row["n_authors"] == len(row["authorships"]) == n_authors
    last = [a["is_last"] for a in row["authorships"]]
    assert last == ([False] * (n_authors - 1) + [True] if knows_last else [None] * n_authors)


def test_lists_do_not_depend_on_the_order_of_rows(sail: Engine) -> None:
    rows = [(1, 2, 3, 1), (1, 2, None, 1), (1, None, 3, 1), (1, 4, 3, 2), (1, 2, 3, 1), (2, None, None, 7)]
    schema = "work_id bigint, author_id bigint, institution_id bigint, author_position int"
    institutions = sail.spark.createDataFrame([(3, "US")], "institution_id bigint, country_code string")
    found = [
        sorted(author_lists(sail.spark.createDataFrame(given, schema).repartition(n), institutions).collect())
        for given, n in ((rows, 1), (rows[::-1], 3))
    ]
    assert found[0] == found[1]
    scores = [(1, 5, 0.5), (1, 5, None), (1, 4, None), (1, 5, 0.25)]
    schema = "work_id bigint, field_id bigint, score double"
    fields = [
        field_lists(sail.spark.createDataFrame(given, schema).repartition(n)).collect()
        for given, n in ((scores, 1), (scores[::-1], 3))
    ]
    assert fields[0] == fields[1]


def test_a_second_ingest_changes_nothing(sail: Engine, tmp_path: Path) -> None:
    def versions() -> list[str]:
        return sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "root").rglob("_delta_log/*.json"))

    folder = dump(tmp_path / "dump", **FAMILIES)
    ingested(sail, folder, tmp_path / "root")
    before = versions()
    ingested(sail, folder, tmp_path / "root")
    assert versions() == before


def test_a_truncated_file_stops_the_ingest(sail: Engine, tmp_path: Path) -> None:
    folder = dump(tmp_path / "dump")
    (folder / "mag/PaperAuthorAffiliations.txt").unlink()
    rows = [signed(number % 50, number * 7919, number * 104729, 1 + number % 9) for number in range(1, 5000)]
    path = write(folder, "mag/PaperAuthorAffiliations.txt.gz", *rows)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(InputError, match=r"mag/PaperAuthorAffiliations.txt.gz: is truncated"):
        ingested(sail, folder, tmp_path / "root")
    assert not (tmp_path / "root/works").exists()
    tables = ingested(sail, folder, tmp_path / "root", allow_incomplete=True)
    assert tables.rows("works", "work_id n_authors") == [(1, 0)]
    assert tables.rows("rejects", "source_path reason record") == [
        ("mag/PaperAuthorAffiliations.txt.gz", "is truncated", None)
    ]
