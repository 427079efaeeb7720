"""Settings and the user's own files with values that are code to something: taken as data, or refused in a line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hostile import TEXTS
from ingest.odd_input import NUMBERS
from scholarflow.ancestry.classifier import classifier_of
from scholarflow.ancestry.labelled_names import LabelledNames
from scholarflow.ancestry.names import tidy
from scholarflow.cli import main
from scholarflow.config import conf_folder, load
from scholarflow.errors import ScholarflowError, UsageError
from scholarflow.foreign_text import printable
from scholarflow.panel.covariates import covariates_of
from scholarflow.study.conference_list import KINDS, conference_list

#: Each key is given one of so many of the values, the next key the next ones.
EACH = 8
SHORT = tuple(text for text in TEXTS if len(text) < 1_000)


def _keys(section: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, value in section.items():
        if isinstance(value, dict):
            yield from _keys(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"


KEYS = tuple(_keys(tomllib.loads((conf_folder() / "base.toml").read_text(encoding="utf-8"))))
#: As TOML; what is none is a word.
VALUES = (
    *(json.dumps(text) for text in TEXTS),
    *map(str, NUMBERS),
    *("nan", "inf", "-inf", "1e999", "9" * 5_000, "[" * 5_000, "[]", "{}", '[[""]]', "1979-05-27", "x\n[y]\nz = 1"),
    *SHORT,
)


def refusal(call: Callable[..., object], *arguments: Any, **settings: Any) -> str:
    """What a call says that it refuses; nothing where it does not."""
    try:
        call(*arguments, **settings)
    except ScholarflowError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("key", KEYS)
def test_any_value_of_a_setting_is_taken_or_refused_by_its_key(key: str) -> None:
    for value in VALUES[KEYS.index(key) % EACH :: EACH]:
        said = refusal(load, settings=[f"{key}={value}"])
        assert not said or key.split(".")[0] in said


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc", "", ".", "..", "-rf", ".hidden", "a\0b", "a\n", "a/b", "a\\b", "a b", "é", "a" * 101, *SHORT[:20]],
)
def test_a_study_is_named_so_that_its_folder_lies_under_the_root(name: str) -> None:
    with pytest.raises(UsageError, match=r"study\.name = "):
        load(settings=[f"study.name={json.dumps(name)}"])


def test_a_name_of_a_study_may_have_a_hundred_characters(tmp_path: Path) -> None:
    name = load(settings=[f"study.name={'a' * 100}"]).study.name
    (tmp_path / name).mkdir()


@pytest.mark.parametrize(
    "setting",
    [
        *(f"{key}={number}" for key in ("study.first_year", "study.last_year") for number in (-1, 10_000, 10**30)),
        "study.fields=[9223372036854775808]",
        "top_institutions.n=2147483648",
        "after_move.strata.n_works=[1, 99999999999]",
        "novelty.content.drift=inf",
    ],
)
def test_numbers_that_engines_cannot_hold_are_refused(setting: str) -> None:
    with pytest.raises(UsageError, match=setting.partition("=")[0].replace(".", r"\.")):
        load(settings=[setting])


@pytest.mark.parametrize("text", ["[" * 5_000, f"x = {'9' * 5_000}", "x = '\0'"], ids=["depth", "digits", "NUL"])
def test_a_file_that_no_reader_of_toml_can_read_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(UsageError, match=r"own\.toml: not TOML"):
        load([tmp_path / "own.toml"])


READERS: dict[str, Callable[[str], object]] = {
    "conferences.file": conference_list,
    "panels.covariates": lambda file: covariates_of(file, places=load().study.places),
    "ancestry.classifier": classifier_of,
    "ancestry.classifier of a file": lambda file: classifier_of(f"file:{file}"),
    "ancestry.classifier of a module": lambda name: classifier_of(f"{name}:Class"),
    "ancestry.classifier of a class": lambda name: classifier_of(f"json:{name}"),
}


@pytest.mark.parametrize("key", READERS)
def test_any_name_of_a_file_of_ones_own_is_refused_in_a_line(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for text in (*TEXTS, "..", str(tmp_path), ".json"):
        if text:
            with pytest.raises(ScholarflowError, match=key.split(" ")[0].replace(".", r"\.")):
                READERS[key](text)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("text", SHORT, ids=lambda text: ascii(text)[:40])
def test_a_cell_of_a_file_of_ones_own_is_data_or_refused_by_its_line(text: str, tmp_path: Path) -> None:
    own, cell = tmp_path / "own.csv", quoted(text)

    def written(*lines: str) -> str:
        own.write_text("\n".join(lines), encoding="utf-8", newline="")
        return str(own)

    listing = "conference,kind,value,first_year,last_year,note"
    for kind in KINDS:
        for line in (f"{cell},{kind},Databases,,,", f"VLDB,{kind},{cell},,,", f"VLDB,{kind},1,{cell},,"):
            assert refusal(conference_list, written(listing, line))[:16] in ("", "conferences.file")
    covariates = "country_code,year,population,gdp"
    for line in (f"{cell},2000,1,1", f"US,{cell},1,1", f"US,2000,{cell},1", f"US,2000,1,{cell}"):
        assert refusal(covariates_of, written(covariates, line), places={"US"})[:17] in ("", "panels.covariates")
    a_name = f"{text}x"
    (listed,) = conference_list(written(listing, f"{quoted(a_name)},name,Databases,,,{cell}"))
    assert listed.conference.split() == a_name.split()
    names = LabelledNames.read(written("name,ancestry", f"Ann,{quoted(a_name)}"), "ancestry.classifier")
    assert names.labels == {"Ann": tidy(a_name)}


@pytest.mark.parametrize(
    "arguments",
    [
        *(("run", "--root", "R", "--only", text) for text in SHORT),
        *(("run", "--root", "R", "--set", text) for text in SHORT[::4]),
        *(("run", "--root", "R", "--engine", text) for text in SHORT[1::4]),
        *(("show", text, "--root", "R") for text in SHORT[2::4]),
        *(("run", "--root", "R", "--set", f"study.country_groups=[{{name={text!a}}}]") for text in SHORT[3::4]),
        ("show", "works", "--root", "\udcff"),
        ("show", "works", "--root", "R", "--where", "title=\udcff"),
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[:80],
)
def test_arguments_are_data_and_a_message_is_one_line(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed, said = capsys.readouterr()
    assert (ended.value.code, printed) == (2, "")
    assert said.startswith("scholarflow: ")
    assert said.count("\n") == 1
    assert printable(said[:-1]) == said[:-1]
    assert list(tmp_path.iterdir()) == []
