"""Parameters: what overrides what, and that a mistake is named by file, key and value."""

from pathlib import Path

import pytest

from scholarflow import config
from scholarflow.errors import InputError, UsageError


def written(folder: Path, text: str, name: str = "own.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_defaults_are_the_papers() -> None:
    loaded = config.load()
    assert loaded.study.fields == [154945302]
    assert (loaded.study.first_year, loaded.study.last_year) == (2000, 2021)
    assert loaded.study.pairs == [["US", "CN"]]
    assert (loaded.study.min_score.openalex, loaded.study.min_score.mag) == (0.3, 0.0)
    assert (loaded.scientists.min_works, loaded.scientists.min_field_share) == (3, 0.5)
    assert loaded.lead.rule == "last"


def test_files_override_what_they_name_in_order_and_settings_override_files(tmp_path: Path) -> None:
    first = written(tmp_path, '[study]\nname = "one"\nfirst_year = 1990\n', "first.toml")
    second = written(tmp_path, "[study]\nfirst_year = 1995\nmin_score = { openalex = 0.5 }\n", "second.toml")
    loaded = config.load([first, second], ["study.last_year=2010", "lead.rule=first", "study.fields=[1, 2]"])
    assert (loaded.study.name, loaded.study.first_year, loaded.study.last_year) == ("one", 1995, 2010)
    assert loaded.study.fields == [1, 2]
    assert loaded.lead.rule == "first"
    assert (loaded.study.min_score.openalex, loaded.study.min_score.mag) == (0.5, 0.0)
    assert loaded.study.pairs == config.load().study.pairs


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[study]\nfirst_yaer = 1990", r"own.toml: unknown key study.first_yaer; did you mean study.first_year\?"),
        ("[studies]\nname = 'x'", r"own.toml: unknown key studies; did you mean study\?"),
        ("colour = 1", "own.toml: unknown key colour; known: study"),
        ("study = 1", "own.toml: study = 1: is a section with keys name"),
        ("[study]\nfirst_year = '2000'", 'own.toml: study.first_year = "2000"'),
        ("[study]\nfirst_year = 2022", "own.toml: study.*the period is empty: first_year 2022 > last_year 2021"),
        ("[study]\npairs = [['US', 'US']]", "own.toml: study.*pairs.*US.*one country twice"),
        ("[study]\npairs = [['US']]", r"own.toml: study.pairs.0 = \[\"US\"\]"),
        ("[study]\npairs = [['US', 'China']]", 'own.toml: study.pairs.0.1 = "China"'),
        ("[after_move.strata]\nn_works = [5, 2]", "own.toml: after_move.strata.n_works = .5, 2.: must be .*cut points"),
        ("[after_move.strata]\nn_works = 1", "own.toml: after_move.strata.n_works = 1: must be .*number of quantiles"),
        ("[after_move.strata]\nteam = 'exact'", "own.toml: unknown key after_move.strata.team"),
        ("[after_move]\nreference_year = -6", "own.toml: after_move.*-6 lies before the first of 5 leads"),
        ("[study]\nfields = []", r"own.toml: study.fields = \[\]"),
        ("[study]\nscheme = 'mesh'", 'own.toml: study.scheme = "mesh"'),
        ("[study]\nname = '../elsewhere'", 'own.toml: study.name = "../elsewhere"'),
        ("[study]\nmin_score = { openalex = 1.5 }", "own.toml: study.min_score.openalex = 1.5"),
        ("[lead]\nrule = 'senior'", 'own.toml: lead.rule = "senior"'),
        ("[hits]\nties = 'random'", 'own.toml: hits.ties = "random"'),
        ("[scientists]\nmin_works = 0", "own.toml: scientists.min_works = 0"),
        ("[scientists]\nmin_field_share = 1.0", "own.toml: scientists.min_field_share = 1.0"),
        ("[collaboration]\nmax_team = 1", "own.toml: collaboration.max_team = 1"),
        ("[ingest]\nkeep_xpac = 1", "own.toml: ingest.keep_xpac = 1"),
        ("[study\n", "own.toml: not TOML"),
    ],
)
def test_a_mistake_in_a_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as refused:
        config.load([written(tmp_path, text)])
    assert str(tmp_path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("study.first_yaer=1990", r"--set study.first_yaer=…: unknown key study.first_yaer; did you mean"),
        ("study.first_year=soon", 'study.first_year=soon: study.first_year = "soon"'),
        ("study.first_year", "--set study.first_year: must be section.key=value"),
        ("=1", "--set =…: must be section.key=value"),
        ("study..name=x", "--set study..name=…: must be section.key=value"),
        ("study.first_year=2030", "the period is empty"),
        ("study=2026-01-01", 'study = "2026-01-01": is a section'),
    ],
)
def test_a_mistake_in_a_setting_is_named(setting: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        config.load(settings=[setting])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml: no such file"):
        config.load([tmp_path / "nowhere.toml"])


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"own\.toml: not TOML"):
        config.load([path])
