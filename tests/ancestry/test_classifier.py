"""The interface: what ships, one's own class or file, every mistake in one line, and who is asked what."""

import importlib.util
import pickle
from pathlib import Path
from typing import Any

import pytest

from ancestry.letters import ByLetter, Strange
from frames import config_of
from scholarflow.ancestry.classifier import Classifier, classes_of, classifier_of, groups_of, parameters_of
from scholarflow.ancestry.labelled_names import LabelledNames
from scholarflow.errors import InputError, UsageError

OWN = "ancestry.letters:ByLetter"


def written(folder: Path, text: str) -> str:
    path = folder / "names.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_ones_own_class() -> None:
    assert isinstance(classifier_of(OWN), Classifier)
    assert classes_of(["Ada Lovelace", "Alan Turing"], classifier_of(OWN)) == ["g_to_l", "s_to_z"]


def test_what_cannot_be_told_is_unknown_and_asked_for_by_nobody() -> None:
    ByLetter.asked.clear()
    names = [
        None,
        "",
        "A.",
        "王伟",
        "Ada Lovelace",
        " Ada  Lovelace ",
        "Wei Wang (王伟)",
        "Alan Turing",
        "Ada Lovelace",
    ]
    unknown = "unknown"
    assert classes_of(names, ByLetter()) == [
        unknown, unknown, unknown, unknown, "g_to_l", "g_to_l", unknown, "s_to_z", "g_to_l",
    ]  # fmt: skip
    assert ByLetter.asked == ["Ada Lovelace", "Alan Turing"]
    assert classes_of([], ByLetter()) == []


def test_many_names_are_asked_for_in_parts() -> None:
    names = [f"Ada {letter}{number}x" for number in range(2_000) for letter in ("Lo", "Tu", "Be")]
    assert classes_of(names, ByLetter()) == ["g_to_l", "s_to_z", "a_to_f"] * 2_000


def test_an_answer_outside_the_classes_is_no_answer() -> None:
    with pytest.raises(ValueError, match="strange 1 answers elsewhere, which is none of its classes"):
        classes_of(["Ada Lovelace"], Strange())


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("nameprism", "= nameprism: must be ethnicseer, file:PATH or package.module:Class"),
        (":Class", "must be ethnicseer"),
        ("no_such_package.names:Class", "no_such_package.names:Class: No module named 'no_such_package'"),
        ("ancestry.letters:Missing", "has no attribute 'Missing'"),
        ("ancestry.letters:NoClassifier", "lacks one of classes, version, latin_only, classify"),
    ],
)
def test_a_setting_that_names_no_classifier(setting: str, message: str) -> None:
    with pytest.raises(UsageError, match=r"ancestry\.classifier") as raised:
        classifier_of(setting)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_package_that_is_not_installed_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scholarflow.ancestry.ethnicseer_model.find_spec", lambda name: None)
    hint = r"ethnicseer is not installed; pip install ethnicseer 'setuptools<82', or make ancestry in a checkout"
    with pytest.raises(UsageError, match=hint):
        classifier_of("ethnicseer")


def test_setuptools_without_what_ethnicseer_imports_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec("json")
    monkeypatch.setattr(
        "scholarflow.ancestry.ethnicseer_model.find_spec", lambda name: None if name == "pkg_resources" else found
    )
    with pytest.raises(UsageError, match="pkg_resources is not installed"):
        classifier_of("ethnicseer")


class TestAFileOfNames:
    def test_answers_for_the_names_in_it(self, tmp_path: Path) -> None:
        text = (
            "\ufeffname,ancestry\nWei Zhang,asian\n王伟,asian\n\n"
            " Ada  Lovelace ,european\nAlan Turing,unknown\n,x\nB C,\n"
        )
        given = classifier_of(f"file:{written(tmp_path, text)}")
        assert given.classes == ["asian", "european"]
        names = ["Wei Zhang", "王伟", "Ada Lovelace", "Alan Turing", "Nobody Listed", "B C", None]
        expected = ["asian", "asian", "european", *["unknown"] * 4]
        assert classes_of(names, given) == expected
        assert classes_of(names, pickle.loads(pickle.dumps(given))) == expected, "it travels to the workers"

    def test_another_file_is_another_version(self, tmp_path: Path) -> None:
        one, other = (
            LabelledNames.read(written(tmp_path, f"name,ancestry\nA B,{label}\n"), "it").version for label in "xy"
        )
        assert one != other

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("names,ancestry\nA B,x\n", "must begin with the header name,ancestry"),
            ("", "must begin with the header"),
            ("name,ancestry\nA B,x,y\n", "line 2: 3 columns where name,ancestry are due"),
            ("name,ancestry\nA B,x\nA  B,y\n", "line 3: A B stands there before, as x"),
            ("name,ancestry\nA B,unknown\n", "gives no name a class"),
            ('name,ancestry\n"A B,x\n', "not CSV"),
        ],
    )
    def test_mistakes_are_named_by_file_and_line(self, tmp_path: Path, text: str, message: str) -> None:
        path = written(tmp_path, text)
        with pytest.raises(UsageError, match=r"ancestry\.classifier file:") as raised:
            classifier_of(f"file:{path}")
        assert message in str(raised.value)
        assert path in str(raised.value)

    def test_one_that_is_not_there(self) -> None:
        with pytest.raises(InputError, match=r"file:none\.csv: no such file"):
            classifier_of("file:none.csv")


class TestGroups:
    def test_a_class_counts_as_the_group_that_names_it_or_as_itself(self) -> None:
        given = {"early": ["a_to_f", "g_to_l"], "other": ["no_class_of_it"]}
        assert groups_of(ByLetter(), given) == {
            "a_to_f": "early",
            "g_to_l": "early",
            "m_to_r": "m_to_r",
            "s_to_z": "s_to_z",
        }

    def test_one_alone_would_be_the_total_less_the_unknown(self) -> None:
        with pytest.raises(UsageError, match="two classes or groups at least"):
            groups_of(ByLetter(), {"all": list(ByLetter.classes)})

    @pytest.mark.parametrize(
        ("groups", "message"),
        [
            ([("a", ["chi"]), ("a", ["jap"])], "a stands there twice"),
            ([("a", ["chi"]), ("b", ["chi"])], "chi stands there twice"),
            ([("unknown", ["chi"])], "unknown is what no group has"),
            ([("a", ["unknown"])], "unknown is what no group has"),
        ],
    )
    def test_mistakes(self, groups: Any, message: str) -> None:
        with pytest.raises(UsageError, match=message):
            config_of(ancestry__groups=[{"name": name, "classes": classes} for name, classes in groups])


def test_fewer_than_three_are_always_hidden() -> None:
    with pytest.raises(UsageError, match="min_cell"):
        config_of(ancestry__min_cell=2)


def test_off_by_default_and_then_nothing_else_matters() -> None:
    assert parameters_of(config_of(ancestry__min_cell=20).ancestry) == {"classifier": ""}


def test_another_version_of_a_classifier_is_another_parameter() -> None:
    now, then = (
        parameters_of(config_of(ancestry__classifier=f"ancestry.letters:{name}").ancestry)
        for name in ("ByLetter", "NextVersion")
    )
    assert (now["model"], then["model"]) == ("letters 1", "letters 2")
    assert now["groups"] == {name: name for name in ByLetter.classes}, "the groups that ship are of other classes"
