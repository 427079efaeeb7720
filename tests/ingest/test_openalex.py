"""OpenAlex from the files to the canonical tables: which record stands, what is dropped and counted."""

from pathlib import Path
from typing import Any

import pytest

from ingest.mag_dump import Tables
from ingest.openalex_dump import URL, cites, ingested, signed, work, write, write_works
from scholarflow.engine import Engine
from scholarflow.errors import UsageError
from scholarflow.ingest.openalex_values import keyword_number

OLD, NEW = (
    "data/jsonl/works/updated_date=2026-01-01/part_0000.gz",
    "data/jsonl/works/updated_date=2026-02-01/part_0000.gz",
)
OLD_DAY, NEW_DAY, TIE_DAY = "2026-01-01T10:00:00", "2026-02-01T10:00:00", "2026-01-15T00:00:00"


def titled(number: int, title: str, **members: Any) -> dict[str, Any]:
    return work(number, title=title, **members)


# Works 1 and 2 have two versions: of 1 the newer record lies in the older folder. 3 ties and goes by partition. 4's
# newest version has no year: the older stands. 5: its newest version is paratext, which drops the work.
# 10–14 are dropped or refused; 20 is whole; 21 cites twice and itself.
@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("openalex") / "snapshot"
    write_works(
        folder,
        titled(1, "newer", updated_date=NEW_DAY),
        titled(2, "older", updated_date=OLD_DAY),
        titled(3, "older folder", updated_date=TIE_DAY),
        titled(4, "stands", updated_date=OLD_DAY),
        titled(5, "older", updated_date=OLD_DAY),
        work(10, is_paratext=True),
        work(11, type="paratext"),
        work(12, is_xpac=True),
        work(13, is_xpac=False, is_retracted=True),
        work(14),
        work(14),
        '{"id": "https://openalex.org/W15", "publication_year": 2010, "ti',
        "",
        work(16, publication_year=2202),
        work(None),
    )
    write_works(
        folder,
        titled(1, "older", updated_date=OLD_DAY),
        titled(2, "newer", updated_date=NEW_DAY),
        titled(3, "newer folder", updated_date=TIE_DAY),
        work(4, publication_year=None, updated_date=NEW_DAY),
        work(5, is_paratext=True, updated_date=NEW_DAY),
        work(
            20,
            publication_date="2011-05-06",
            publication_year=2011,
            type="article",
            language="en",
            primary_location={"source": {"id": f"{URL}S7"}},
            authorships=[signed(11, (21, "US"), (22, "CN")), signed(None, countries=["FR"]), signed(12)],
            concepts=[{"id": f"{URL}C1", "score": 0.2}, {"id": f"{URL}C1", "score": 0.9}],
            keywords=[{"id": f"{URL}keywords/graphs", "score": 0.5}],
        ),
        work(21, referenced_works=cites(20, 21, 20, 999), authorships=[signed(11, (21, "US"))]),
        work(22),
        date="2026-02-01",
    )
    write(folder, "data/jsonl/works/deleted_ids.csv", "work_id,deleted_date", f"{URL}W22,2026-01-31", "no id,x")
    part = "data/jsonl/{}/updated_date=2026-01-01/part_0000.gz".format
    write(folder, part("authors"), {"id": f"{URL}A11", "display_name": "Ann"}, {"id": f"{URL}A9999999999"})
    write(
        folder,
        part("institutions"),
        {
            "id": f"{URL}I21",
            "display_name": "U",
            "country_code": "US",
            "ror": "https://ror.org/0x",
            "type": "education",
        },
        {"id": f"{URL}I-1", "display_name": "none"},
    )
    write(folder, part("sources"), {"id": f"{URL}S7", "display_name": "Journal", "type": "journal"})
    write(folder, part("concepts"), {"id": f"{URL}C1", "display_name": "AI", "level": 1})
    subfield = {"id": f"{URL}subfields/1702", "display_name": "Artificial Intelligence"}
    write(folder, part("topics"), {"id": f"{URL}T5", "display_name": "Topic", "subfield": subfield})
    return folder


@pytest.fixture(scope="module")
def tables(sail: Engine, snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return ingested(sail, snapshot, tmp_path_factory.mktemp("openalex_root") / "root")


def test_which_works_stand(tables: Tables) -> None:
    assert tables.rows("works", "work_id title is_retracted") == [
        (1, "newer", False),
        (2, "newer", False),
        (3, "newer folder", False),
        (4, "stands", False),
        (13, None, True),
        (14, None, False),
        (20, None, False),
        (21, None, False),
    ]


def test_a_whole_work(tables: Tables) -> None:
    columns = "work_id author_position author_id institution_id country_code pub_year is_first is_last"
    assert [row for row in tables.rows("authorships", columns) if row[0] == 20] == [
        (20, 1, 11, 21, "US", 2011, True, False),
        (20, 1, 11, 22, "CN", 2011, True, False),
        (20, 2, None, None, "FR", 2011, False, False),
        (20, 3, 12, None, None, 2011, False, True),
    ]
    assert [row for row in tables.rows("work_fields", "work_id scheme field_id score field_key") if row[0] == 20] == [
        (20, "concept", 1, 0.9, None),
        (20, "keyword", keyword_number("graphs"), 0.5, "graphs"),
    ]
    (whole,) = (
        r for r in tables.rows("works", "work_id pub_year source_id n_authors language work_type") if r[0] == 20
    )
    assert whole == (20, 2011, 7, 3, "en", "article")


def test_self_loops_and_repeats_are_no_citations_and_works_outside_are_kept(tables: Tables) -> None:
    citations = tables.rows("citations", "citing_work_id cited_work_id citing_year")
    assert citations == [(21, 20, 2010), (21, 999, 2010)]
    assert (21, 2, 1, 1) in tables.rows("works", "work_id n_references n_self_references n_repeated_references")


def test_names(tables: Tables) -> None:
    assert tables.rows("authors", "author_id name") == [(11, "Ann")]
    assert tables.rows("institutions", "institution_id name country_code ror_id institution_type") == [
        (21, "U", "US", "0x", "education")
    ]
    assert tables.rows("sources", "source_id name source_type") == [(7, "Journal", "journal")]
    assert tables.rows("fields", "scheme field_id name level") == [
        ("concept", 1, "AI", 1),
        ("subfield", 1702, "Artificial Intelligence", None),
        ("topic", 5, "Topic", None),
    ]


def test_every_refused_record_names_its_file_and_reason(tables: Tables) -> None:
    part = "data/jsonl/{}/updated_date=2026-01-01/part_0000.gz".format
    found = [(path, reason.split(":")[0]) for path, reason in tables.rows("rejects", "source_path reason")]
    assert sorted(found) == sorted(
        [
            (OLD, "not a record"),
            (OLD, "publication_year is no year"),
            (OLD, "no work_id"),
            (NEW, "publication_year is no year"),
            ("data/jsonl/works/deleted_ids.csv", "no work_id"),
            (part("authors"), "no author_id"),
            (part("institutions"), "no institution_id"),
        ]
    )
    records = [record for (record,) in tables.rows("rejects", "record")]
    assert '{"id": "https://openalex.org/W15", "publication_year": 2010, "ti' in records


def test_counts_close_rule_by_rule(tables: Tables) -> None:
    counts = tables.counts()
    assert counts[OLD] == {
        "n_read": 14,
        "n_kept": 4,  # 1, 4, 13, one of the two 14
        "n_rejected": 3,
        "n_dropped": 3,
        "n_superseded": 4,  # 2, 3, 5, the other 14
        "dropped_paratext": 2,
        "dropped_xpac": 1,
    }
    assert counts[NEW] == {
        "n_read": 8,
        "n_kept": 4,  # 2, 3, 20, 21
        "n_rejected": 1,
        "n_dropped": 2,
        "n_superseded": 1,
        "dropped_deleted": 1,
        "dropped_paratext": 1,
    }
    assert counts["data/jsonl/works/deleted_ids.csv"] == {"n_read": 2, "n_kept": 1, "n_rejected": 1}


@pytest.mark.slow
def test_xpac_is_kept_where_it_is_asked_for(sail: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    write_works(folder, work(1), work(2, is_xpac=True))
    tables = ingested(sail, folder, tmp_path / "root", ingest__keep_xpac=True)
    assert tables.rows("works", "work_id") == [(1,), (2,)]
    tables = ingested(sail, folder, tmp_path / "root")
    assert tables.rows("works", "work_id") == [(1,)]
    assert tables.counts()[OLD]["dropped_xpac"] == 1


def test_years_that_count_are_a_parameter(sail: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    write_works(folder, work(1), work(2, publication_year=1750))
    assert ingested(sail, folder, tmp_path / "root").rows("works", "work_id") == [(1,), (2,)]
    later = ingested(sail, folder, tmp_path / "root", ingest__first_year=1800)
    assert later.rows("works", "work_id") == [(1,)]
    assert later.rows("rejects", "reason") == [("publication_year is no year",)]


# Equal updated_date, equal partition: by the hash of the record, whichever file is read first.
def test_a_tie_within_a_partition_does_not_depend_on_the_names_of_the_files(sail: Engine, tmp_path: Path) -> None:
    part = "data/jsonl/works/updated_date=2026-01-01/part_{}.gz".format
    found = []
    for name, titles in (("once", ("a", "b", "c")), ("again", ("c", "a", "b"))):
        for number, title in enumerate(titles):
            write(tmp_path / name, part(number), titled(1, title))
        found.append(ingested(sail, tmp_path / name, tmp_path / f"{name}_root").rows("works", "work_id title"))
    assert len(found[0]) == 1
    assert found[0] == found[1]


def test_a_root_holds_one_source(sail: Engine, snapshot: Path, tables: Tables, tmp_path: Path) -> None:
    from ingest.mag_dump import ingested as mag_ingested
    from ingest.mag_dump import paper
    from ingest.mag_dump import write as write_mag

    write_mag(tmp_path, "mag/Papers.txt", paper(1))
    write_mag(tmp_path, "mag/PaperAuthorAffiliations.txt", "1\t2\t\t1\t\t")
    with pytest.raises(UsageError, match="holds openalex"):
        mag_ingested(sail, tmp_path, tables.root)


@pytest.mark.spark
def test_the_same_snapshot_on_spark(spark: Engine, snapshot: Path, tables: Tables, tmp_path: Path) -> None:
    on_spark = ingested(spark, snapshot, tmp_path / "root")
    for table, columns in (
        ("works", "work_id title pub_year pub_date n_authors n_references is_retracted"),
        ("authorships", "work_id author_position author_id institution_id country_code pub_year is_first is_last"),
        ("work_fields", "work_id scheme field_id score field_key"),
        ("rejects", "source_path reason record"),
    ):
        assert on_spark.rows(table, columns) == tables.rows(table, columns)
    assert on_spark.counts() == tables.counts()
