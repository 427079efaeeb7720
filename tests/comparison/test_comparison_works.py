"""Table comparison_works: each set of fields is what a study of its own would find."""

from pathlib import Path

import pytest

from frames import World, assert_declared
from scholarflow.tables.derived import COMPARISON_WORKS


@pytest.mark.slow
def test_a_set_of_fields_is_a_study_of_its_own(world: World, simulated: Path) -> None:
    fields = [119857082, 204321447]
    other = World.of_truth(world.spark, simulated / "truth", study__fields=fields)
    windows = {row["work_id"]: row["c2"] for row in other.rows("citation_windows")}
    study = other.context.config.study
    names = ("pub_year", "n_authors", "lead_countries", "lead_institution_ids", "partner_countries")
    expected = {
        row["work_id"]: {name: row[name] for name in names} | {"c2": windows[row["work_id"]]}
        for row in other.rows("field_works")
        if row["lead_countries"] and study.first_year <= row["pub_year"] <= study.last_year
    }
    found = {
        row["work_id"]: {name: row[name] for name in (*names, "c2")}
        for row in world.rows("comparison_works")
        if "119857082+204321447" in row["field_sets"]
    }
    assert len(expected) > 20
    assert found == expected


def test_every_work_belongs_to_a_set_and_the_wide_one_holds_its_parts(world: World) -> None:
    assert_declared(world.tables["comparison_works"], COMPARISON_WORKS)
    wide = {str(field) for field in world.context.config.study.wide_fields}
    rows = world.rows("comparison_works")
    assert all(row["field_sets"] for row in rows)
    for row in rows:
        if any(set(name.split("+")) <= wide for name in row["field_sets"] if name != "wide"):
            assert "wide" in row["field_sets"]


def test_empty(world: World) -> None:
    world.assert_empty_without_works("comparison_works")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("comparison_works")
