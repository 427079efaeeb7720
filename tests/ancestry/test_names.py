"""Which names a classifier is asked about."""

import pytest

from scholarflow.ancestry.names import can_be_told, tidy, without_initials


@pytest.mark.parametrize(
    "name",
    ["Wei Zhang", "Wang", "J. Smith", "Yūta Nakayama", "Nguyễn Văn Minh", "Nguye\u0302\u0303n", "ʿAbd al-Raḥmān", "Ng"],
)
def test_names_in_latin_script_can_be_told(name: str) -> None:
    assert can_be_told(name, latin_only=True)
    assert can_be_told(name, latin_only=False)


@pytest.mark.parametrize(
    "name", [None, "", " ", "\t\n", "J.", "J", "J. K.", "J.-P. K", "7", "--", "O'N", "1984 (2)", "王"]
)
def test_nothing_and_bare_initials_cannot(name: str | None) -> None:
    assert not can_be_told(name, latin_only=True)
    assert not can_be_told(name, latin_only=False)


@pytest.mark.parametrize(
    "name", ["王伟", "Wei Wang (王伟)", "Иванов Сергей", "Γεώργιος", "محمد علي", "김민준", "ｗａｎｇ"]
)
def test_other_scripts_only_where_the_classifier_reads_them(name: str) -> None:
    assert not can_be_told(name, latin_only=True)
    assert can_be_told(name, latin_only=False)


def test_a_name_is_composed_and_its_spaces_are_single() -> None:
    assert tidy("  Raphae\u0308l\t Varane\n") == "Raphaël Varane"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("J. Wei K.-L.  Zhang", "Wei Zhang"),
        ("Sean O'Neil", "Sean O'Neil"),
        ("J.", ""),
        ("Ng Y", "Ng"),
        ("JK Ng", "JK Ng"),
    ],
)
def test_initials_can_be_left_out(name: str, words: str) -> None:
    assert without_initials(name) == words
