"""The list of conferences: the one that ships, a user's own, and every mistake in one named by file and line."""

from pathlib import Path

import pytest

from scholarflow.errors import InputError, UsageError
from scholarflow.study.conference_list import KINDS, Listed, conference_list, conferences

HEADER = "conference,kind,value,first_year,last_year,note\n"


def written(folder: Path, text: str) -> str:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_list_that_ships_has_the_papers_five() -> None:
    lines = conference_list("")
    assert conferences(lines) == ["AAAI", "ICLR", "ICML", "IJCAI", "NeurIPS"]
    assert {line.kind for line in lines} == set(KINDS)
    for conference in conferences(lines):
        kinds = {line.kind for line in lines if line.conference == conference}
        assert {"source_id", "name", "alias", "pattern"} <= kinds, conference


def test_a_users_own_list(tmp_path: Path) -> None:
    text = (
        "\ufeff" + HEADER + 'VLDB,name,Very Large Data Bases,1975,,"a note, with a comma"\n\n'
        "VLDB,source_id,https://openalex.org/S42,,2008,\nVLDB,pattern,(pvldb|vldb),,,\n"
    )
    assert conference_list(written(tmp_path, text)) == [
        Listed("VLDB", "name", "Very Large Data Bases", 1975, None),
        Listed("VLDB", "source_id", "42", None, 2008),
        Listed("VLDB", "pattern", "(pvldb|vldb)", None, None),
    ]


def test_notes_may_be_missing(tmp_path: Path) -> None:
    text = "conference,kind,value,first_year,last_year\nVLDB,alias,VLDB,,\n"
    assert conference_list(written(tmp_path, text)) == [Listed("VLDB", "alias", "VLDB", None, None)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must begin with the header conference,kind,value"),
        ("name,conference\n", "must begin with the header"),
        (HEADER, "lists no conference"),
        (HEADER + "KDD,not,KDD Cup,,,\n", "lists no conference"),
        (HEADER + "KDD,name\n", "line 2: 2 columns"),
        (HEADER + ",name,KDD,,,\n", "line 2: conference = '' names none"),
        (HEADER + "all,name,KDD,,,\n", "line 2: conference = 'all' names none"),
        (HEADER + "KDD,nickname,KDD,,,\n", "line 2: kind = 'nickname' is none of source_id, name"),
        (HEADER + "KDD,source_id,S-1,,,\n", "line 2: 'S-1' is no source id"),
        (HEADER + "KDD,name,2019,,,\n", "line 2: value '2019' says nothing"),
        (HEADER + "KDD,pattern,,,,\n", "line 2: value '' says nothing"),
        (HEADER + "KDD,pattern,kdd(,,,\n", r"line 2: pattern 'kdd\(': missing \)"),
        (HEADER + "KDD,name,KDD,95,,\n", "line 2: '95' is no year"),
        (HEADER + "KDD,name,KDD,,soon,\n", "line 2: 'soon' is no year"),
        (HEADER + "KDD,name,KDD,,,\nCIKM,alias,The 1st KDD,,,\n", "line 3: The 1st KDD stands there before, for KDD"),
        (HEADER + "KDD,source_id,7,,,\nCIKM,source_id,S07,,,\n", "line 3: 7 stands there before, for KDD as source_id"),
        (HEADER + 'KDD,name,"KDD" x,,,\n', "line 2: not CSV"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as refused:
        conference_list(written(tmp_path, text))
    assert "own.csv" in str(refused.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"conferences.file .*none\.csv: no such file"):
        conference_list(str(tmp_path / "none.csv"))
    path = tmp_path / "own.csv"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="is not text in UTF-8"):
        conference_list(str(path))
    with pytest.raises(InputError, match="Is a directory"):
        conference_list(str(tmp_path))
