"""Finding the files of a MAG dump and telling their version."""

import re
from pathlib import Path

import pytest

from ingest.mag_dump import TABLES, line, paper, signed, write
from scholarflow import config
from scholarflow.errors import InputError
from scholarflow.ingest.mag_snapshot import feeds, layout_of
from scholarflow.ingest.parsing import Feed
from scholarflow.ingest.snapshot import source_files

SIGNED = signed(1, 2)


def found(folder: Path, *settings: str) -> dict[str, Feed]:
    return {feed.entity: feed for feed in feeds(folder, config.load(settings=settings))}


def names(feed: Feed) -> list[str]:
    return [file.source_path for file in feed.files]


def n_columns(folder: Path, table: str = "Papers") -> int:
    return len(layout_of(TABLES[table], source_files(folder, folder.glob(f"{table}.txt*"))).columns)


def test_tables_lie_in_two_folders(tmp_path: Path) -> None:
    write(tmp_path, "mag/Papers.txt", paper(1))
    write(tmp_path, "mag/PaperAuthorAffiliations.txt", SIGNED)
    write(tmp_path, "advanced/FieldsOfStudy.txt.gz", line("FieldsOfStudy", FieldOfStudyId=1))
    write(tmp_path, "samples/Papers.txt", paper(2))
    write(tmp_path, "mag/PaperResources.txt", "1\t2")
    write(tmp_path, "mag/PapersOfMine.txt", "1\t2")
    listed = {entity: names(feed) for entity, feed in found(tmp_path).items() if feed.files}
    assert listed == {
        "Papers": ["mag/Papers.txt"],
        "PaperAuthorAffiliations": ["mag/PaperAuthorAffiliations.txt"],
        "FieldsOfStudy": ["advanced/FieldsOfStudy.txt.gz"],
    }


def test_an_archived_dump_is_flat_and_tables_may_be_split(tmp_path: Path) -> None:
    write(tmp_path, "Papers.txt.1.gz", paper(1))
    write(tmp_path, "Papers.txt.2.gz", paper(2))
    write(tmp_path, "PaperAuthorAffiliations.txt.gz", SIGNED)
    assert names(found(tmp_path)["Papers"]) == ["Papers.txt.1.gz", "Papers.txt.2.gz"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "no Papers.txt and no PaperAuthorAffiliations.txt in it, nor in mag/ or advanced/"),
        (["mag/Papers.txt"], "no PaperAuthorAffiliations.txt in it"),
        (["PaperAuthorAffiliations.txt", "samples/Papers.txt"], "no Papers.txt in it"),
        (
            ["mag/Papers.txt", "mag/Papers.txt.gz", "mag/PaperAuthorAffiliations.txt"],
            "Papers.txt is there twice, as mag/Papers.txt and mag/Papers.txt.gz",
        ),
        (["Papers.txt", "mag/Papers.txt", "mag/PaperAuthorAffiliations.txt"], "Papers.txt is there twice"),
    ],
)
def test_folders_that_are_no_dump(tmp_path: Path, files: list[str], message: str) -> None:
    for file in files:
        write(tmp_path, file, SIGNED if "Author" in file else paper(1))
    with pytest.raises(InputError, match=re.escape(message)):
        found(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        found(tmp_path / "nowhere")


@pytest.mark.parametrize("version", [23, 24, 25, 26])
def test_the_version_is_what_most_rows_have(tmp_path: Path, version: int) -> None:
    short, wide = "1\t2\t3", paper(4) + "\t" * 5
    write(tmp_path, "Papers.txt", short, wide, wide, paper(1, version), paper(2, version), paper(3, 26))
    assert n_columns(tmp_path) == version


def test_a_table_without_rows_is_of_the_final_version(tmp_path: Path) -> None:
    write(tmp_path, "Papers.txt.gz")
    assert n_columns(tmp_path) == 26


def test_rows_of_a_table_with_one_version_may_all_be_short(tmp_path: Path) -> None:
    write(tmp_path, "PaperAuthorAffiliations.txt", "1\t2\t3\t4")
    assert n_columns(tmp_path, "PaperAuthorAffiliations") == 6


def test_a_part_of_odd_rows_follows_the_others(tmp_path: Path) -> None:
    write(tmp_path, "Papers.txt.1", "1\t2\t3")
    write(tmp_path, "Papers.txt.2", paper(1, 24))
    assert n_columns(tmp_path) == 24


def test_a_version_that_is_not_known(tmp_path: Path) -> None:
    write(tmp_path, "Papers.txt", "\t".join("x" * 22))
    with pytest.raises(InputError, match=r"Papers.txt: rows of 22 columns; Papers has 23, 24, 25, 26, or a header row"):
        n_columns(tmp_path)


def test_parts_of_different_versions(tmp_path: Path) -> None:
    write(tmp_path, "Papers.txt.1", paper(1, 25))
    write(tmp_path, "Papers.txt.2", paper(1, 26))
    with pytest.raises(InputError, match=r"25 columns in Papers.txt.1 and 26 columns in Papers.txt.2"):
        n_columns(tmp_path)


def test_a_header_row(tmp_path: Path) -> None:
    write(tmp_path, "Papers.txt", "\ufeffPaperId\tGenre\tYear\r", "1\tx\t2010\r")
    layout = layout_of(TABLES["Papers"], source_files(tmp_path, tmp_path.iterdir()))
    assert (layout.columns, layout.has_header) == (("PaperId", "Genre", "Year"), True)


def test_parts_of_which_only_the_first_has_a_header(tmp_path: Path) -> None:
    write(tmp_path, "PaperReferences.txt.1", "PaperId\tPaperReferenceId", "1\t2")
    write(tmp_path, "PaperReferences.txt.2", "3\t4")
    layout = layout_of(TABLES["PaperReferences"], source_files(tmp_path, tmp_path.iterdir()))
    assert (len(layout.columns), layout.has_header) == (2, True)


def test_a_header_row_without_a_key(tmp_path: Path) -> None:
    write(tmp_path, "PaperReferences.txt", "PaperId\tReferenceId", "1\t2")
    with pytest.raises(InputError, match=r"PaperReferences.txt: its header row names no PaperReferenceId"):
        n_columns(tmp_path, "PaperReferences")


def test_a_list_of_countries_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, "Papers.txt", paper(1))
    write(tmp_path, "PaperAuthorAffiliations.txt", SIGNED)
    with pytest.raises(InputError, match=r"ingest.affiliation_countries .*nowhere.csv: no such file"):
        found(tmp_path, f"ingest.affiliation_countries='{tmp_path / 'nowhere.csv'}'")


@pytest.mark.parametrize("content", [["5,US", "6,CN"], ['"grid.1.2","us"'], ["affiliation"], []])
def test_a_list_of_countries_without_header(tmp_path: Path, content: list[str]) -> None:
    write(tmp_path, "Papers.txt", paper(1))
    write(tmp_path, "PaperAuthorAffiliations.txt", SIGNED)
    path = write(tmp_path, "countries.csv", *content)
    with pytest.raises(InputError, match="must begin with a header row of two columns"):
        found(tmp_path, f"ingest.affiliation_countries='{path}'")
