"""What runs and why: only what is missing or stale, each table in one commit."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from frames import config_of
from scholarflow import runner
from scholarflow.derive import derive, last_full_year, study_plan
from scholarflow.engine import Engine, Store
from scholarflow.errors import BusyError, CheckError, InputError, UsageError
from scholarflow.ingest.run import ingest
from scholarflow.pipeline import STAGES
from scholarflow.progress import Silent
from scholarflow.runner import run_stage
from scholarflow.stage import Context, Stage
from scholarflow.tables import LAYERS, PUBLIC, canonical, derived, results
from stored_tables import assert_same_tables

ALL = [stage.table.name for stage in STAGES]


def opened(root: Path, engine: Engine | None = None) -> Store:
    return Store(root, engine, study=config_of().study.name)


def reasons(root: Path, *, only: tuple[str, ...] = (), force: bool = False, **settings: Any) -> dict[str, str]:
    """What a run would make, and why; without an engine."""
    steps = study_plan(opened(root), config_of(**settings), only=only, force=force)
    return {step.stage.table.name: step.reason for step in steps}


def versions(root: Path) -> dict[str, int]:
    store = opened(root)
    return {name: made.version for name, table in PUBLIC.items() if (made := store.provenance(table))}


@pytest.fixture
def root(finished_root: Path, tmp_path: Path) -> Path:
    """A root of the small snapshot, ingested and run, to be changed."""
    shutil.copytree(finished_root, tmp_path / "root")
    return tmp_path / "root"


def test_nothing_runs_twice(finished_root: Path) -> None:
    assert reasons(finished_root) == {}
    assert set(versions(finished_root)) == set(PUBLIC)


def test_another_study_beside_it_starts_from_nothing(finished_root: Path) -> None:
    config = config_of(study__name="other")
    steps = study_plan(Store(finished_root, study="other"), config)
    assert {step.stage.table.name: step.reason for step in steps} == dict.fromkeys(ALL, "missing")


def test_a_parameter_concerns_the_tables_that_depend_on_it(finished_root: Path) -> None:
    assert reasons(finished_root, hits__ties="strict") == {
        "citation_windows": "ties changed from fractional to strict",
        "work_novelty": "ties changed from fractional to strict",
        "top_institutions": "citation_windows is remade",
        "country_years": "citation_windows is remade",
        "country_totals": "citation_windows is remade",
        "kinds_of_works": "citation_windows is remade",
        "citation_premium": "citation_windows is remade",
        "study_statistics": "citation_windows is remade",
        "elite_mobility": "top_institutions is remade",
        "panel_works": "citation_windows is remade",
        "panel_country_years": "country_years is remade",
        "panel_dyad_years": "panel_country_years is remade",
        "premium_cells": "panel_works is remade",
    }
    of_pairs = ("kinds_of_works", "citation_premium", "publication_premium", "study_statistics")
    panels = ("panel_works", "panel_scientist_years", "panel_country_years")
    made_of_panels = {"panel_dyad_years": "panel_country_years is remade", "premium_cells": "panel_works is remade"}
    why = "pairs changed from [['US', 'CN']] to [['US', 'GB']]"
    assert (
        reasons(finished_root, study__pairs=[["US", "GB"]]) == dict.fromkeys((*of_pairs, *panels), why) | made_of_panels
    )
    works = ("kinds_of_works", "citation_premium", "publication_premium")
    movers = ("mover_profiles", "post_move_collaboration", "post_move_years")
    assert reasons(finished_root, bootstrap__seed=2).keys() == {*works, *movers}
    assert reasons(finished_root, collaboration__max_team=5) == {"coauthor_edges": "max_team changed from 100 to 5"}
    of_the_field = [name for name in ALL if name != "comparison_works"]
    assert list(reasons(finished_root, study__fields=[41008148])) == of_the_field
    assert reasons(finished_root, ingest__keep_xpac=True) == {}, "concerns the ingest alone"
    assert reasons(finished_root, ancestry__min_cell=20) == {}, "names are not looked at unless a classifier is named"


def test_covariates_concern_the_panels_of_countries_and_only_in_years_of_the_period(
    finished_root: Path, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text("country_code,year,population,gdp\nUS,1990,250000000,6e12\n")
    assert reasons(finished_root, panels__covariates=str(file)) == {}
    file.write_text("country_code,year,population,gdp\nUS,2000,282000000,1e13\n")
    assert reasons(finished_root, panels__covariates=str(file)) == {
        "panel_country_years": "covariates changed from [] to [['US', 2000, 282000000, 10000000000000.0]]",
        "panel_dyad_years": "panel_country_years is remade",
    }


def test_only_makes_a_table_and_what_it_needs(finished_root: Path, root: Path) -> None:
    settings: dict[str, Any] = {"scientists__min_works": 4}
    assert list(reasons(finished_root, only=("migration_flows",), **settings)) == [
        "scientists",
        "migrations",
        "migration_flows",
    ]
    assert reasons(finished_root, only=("coauthor_edges",), **settings) == {}
    shutil.rmtree(opened(root).path(derived.LED_WORKS))
    assert reasons(root, only=("coverage_years", "top_institutions")) == {
        "led_works": "missing",
        "top_institutions": "led_works is remade",
    }


def test_force_remakes_what_is_named_and_not_its_inputs(finished_root: Path) -> None:
    assert reasons(finished_root, force=True) == dict.fromkeys(ALL, "forced")
    assert reasons(finished_root, only=("migrations",), force=True) == {"migrations": "forced"}


@pytest.mark.parametrize(
    ("name", "hint"), [("nonsense", "no such derived table; tables: field_works"), ("works", "ingest makes it")]
)
def test_an_unknown_table_is_bad_usage(finished_root: Path, name: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f"--only {name}: .*{hint}"):
        reasons(finished_root, only=(name,))


def test_a_root_without_tables(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no tables here"):
        reasons(tmp_path)


def test_an_ingest_that_stopped_half_way_is_not_run_upon(root: Path) -> None:
    shutil.rmtree(opened(root).path(canonical.CITATIONS))
    with pytest.raises(InputError, match="did not reach table citations"):
        reasons(root)


def after_and_with(name: str) -> set[str]:
    """A table and all that are made of it, directly or not."""
    found = {name}
    for stage in STAGES:
        if found & {table.name for table in stage.inputs}:
            found.add(stage.table.name)
    return found


def test_a_run_makes_what_the_plan_says_and_then_nothing(sail: Engine, root: Path) -> None:
    before = versions(root)
    config = config_of(hits__ties="inclusive")
    steps = derive(opened(root, sail), config, Silent())
    made = {step.stage.table.name for step in steps}
    after = versions(root)
    assert made == after_and_with("citation_windows") | after_and_with("work_novelty")
    assert after == before | {name: before[name] + 1 for name in made}
    assert derive(opened(root, sail), config, Silent()) == []
    assert versions(root) == after


def test_forced_again_a_table_is_the_same(sail: Engine, root: Path) -> None:
    store = opened(root, sail)
    before = DeltaTable(store.path(results.COUNTRY_YEARS)).to_pyarrow_table()
    derive(store, config_of(), Silent(), only=["country_years"], force=True)
    order = [("country_code", "ascending"), ("pub_year", "ascending")]
    after = DeltaTable(store.path(results.COUNTRY_YEARS)).to_pyarrow_table()
    assert after.sort_by(order).equals(before.sort_by(order))


def test_a_changed_input_makes_what_depends_on_it_stale(
    sail: Engine, root: Path, simulated: Path, tmp_path: Path
) -> None:
    snapshot = tmp_path / "snapshot"
    shutil.copytree(simulated / "data", snapshot / "data")
    (topics,) = snapshot.glob("data/jsonl/topics/*/*.gz")
    topics.unlink()
    for manifest in (snapshot / "data/jsonl").rglob("manifest.json"):
        manifest.unlink()
    store = opened(root, sail)
    assert set(ingest("openalex", snapshot, store, config_of(), Silent())) == {"fields", "rejects", "ingest_counts"}
    assert reasons(root).keys() == after_and_with("work_keywords"), "nothing else looks at the names of fields"
    newest = max(snapshot.glob("data/jsonl/works/*/*.gz"))
    newest.unlink()
    ingest("openalex", snapshot, store, config_of(), Silent())
    expected = reasons(root)
    assert expected["field_works"] == "works changed"
    assert expected["led_works"] == "field_works is remade"
    assert expected["scientists"] == "works changed"
    assert list(expected) == ALL


def test_results_are_written_as_csv_in_the_order_of_their_grain(finished_root: Path) -> None:
    import pyarrow.csv

    store = opened(finished_root)
    for table in [*results.TABLES, derived.TOP_INSTITUTIONS]:
        csv = pyarrow.csv.read_csv(store.study_path / "csv" / f"{table.name}.csv")
        stored = DeltaTable(store.path(table)).to_pyarrow_table()
        assert csv.column_names == table.column_names
        assert csv.num_rows == stored.num_rows
        order = [(name, "ascending") for name in table.grain]
        assert csv.select(table.grain).to_pylist() == stored.sort_by(order).select(table.grain).to_pylist()


def test_no_table_holds_the_time_of_the_run(finished_root: Path) -> None:
    names = {column.name for tables in LAYERS.values() for table in tables for column in table.columns}
    assert not {name for name in names if "created" in name or "ingested" in name or "run_at" in name}


def test_an_input_that_changes_under_a_stage_stops_it(sail: Engine, root: Path) -> None:
    store = opened(root, sail)
    before = versions(root)

    def meddled(field_works: Any) -> Any:
        other = opened(root, sail)
        made = other.provenance(derived.FIELD_WORKS)
        assert made is not None
        other.write(derived.FIELD_WORKS, field_works, made)
        return next(s for s in STAGES if s.table == derived.LED_WORKS).make(field_works)

    meddled.__module__ = __name__
    stage = Stage(derived.LED_WORKS, meddled, (derived.FIELD_WORKS,))
    with pytest.raises(CheckError, match="led_works: its input field_works changed"):
        run_stage(stage, store, Context(config_of(), "openalex", 2024), snapshot="s")
    assert versions(root)["led_works"] == before["led_works"]


def test_a_second_run_on_a_root_is_refused(sail: Engine, root: Path, simulated: Path) -> None:
    before = versions(root)
    with opened(root).locked():
        with pytest.raises(BusyError, match="another run holds this root"):
            derive(opened(root, sail), config_of(), Silent(), force=True)
        with pytest.raises(BusyError, match="another run holds this root"):
            ingest("openalex", simulated, opened(root, sail), config_of(), Silent())
    assert versions(root) == before


@pytest.mark.parametrize(
    ("works_by_year", "year"),
    [({}, 0), ({"2010": 1}, 2010), ({"2010": 4, "2011": 2, "2012": 1}, 2011), ({"2010": 5, "2011": 2}, 2010)],
)
def test_the_last_full_year_has_half_the_works_of_the_largest(works_by_year: dict[str, int], year: int) -> None:
    assert last_full_year(works_by_year) == year


def test_tables_made_side_by_side_are_the_same(finished_root: Path, root: Path, sail: Engine) -> None:
    store = opened(root, sail)
    assert len(derive(store, config_of(), Silent(), force=True, jobs=4)) == len(ALL)
    assert_same_tables(store, opened(finished_root), ["derived", "results"])


def test_what_fails_lets_end_what_runs_beside_it_and_begins_nothing_more(
    root: Path, sail: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def fail_on_led_works(stage: Stage, *arguments: Any, **named: Any) -> Any:
        begun.append(stage.table.name)
        if stage.table is derived.LED_WORKS:
            raise CheckError("table led_works: for the test")
        return run_stage(stage, *arguments, **named)

    monkeypatch.setattr(runner, "run_stage", fail_on_led_works)
    before = versions(root)
    with pytest.raises(CheckError, match="for the test"):
        derive(opened(root, sail), config_of(), Silent(), force=True, jobs=2)
    made = {name for name, version in versions(root).items() if version != before[name]}
    assert made == set(begun) - {"led_works"}
    assert "country_years" not in begun
