"""The pipeline whole, on the examples that were worked out by hand for the oracle, and in its wiring."""

from functools import cache
from typing import Any

import pytest
from pyspark.sql import DataFrame

from frames import World, assert_rows, config_of
from oracle import TABLES
from oracle.cases import CASES, Case, canonical, parameters
from scholarflow.engine import Engine
from scholarflow.pipeline import STAGES
from scholarflow.tables import LAYERS, PUBLIC


def settings(case: Case) -> dict[str, Any]:
    """The parameters of a case as settings of the configuration."""
    given = parameters(case)
    minimum = {"openalex": 0.0, "mag": 0.0} | {given["source"]: given["min_score"]}
    return {
        "study__scheme": given["scheme"],
        "study__fields": given["fields"],
        "study__min_score": minimum,
        "study__first_year": given["first_year"],
        "study__last_year": given["last_year"],
        "study__pairs": [list(pair) for pair in given["pairs"]],
        "snapshot__last_full_year": given.get("last_full_year", 0),
        "collaboration__max_team": given.get("max_team", 100),
        "top_institutions__n": given.get("top_n", 100),
        "scientists__as_of": given.get("as_of", 0),
        "scientists__min_works": given.get("min_works", 3),
    }


@pytest.fixture(scope="module")
def study_of(sail: Engine) -> Any:
    """The tables that a case, by its name, says something of."""

    @cache
    def study(case: str) -> dict[str, DataFrame]:
        story = CASES[case]
        config = config_of(**settings(story))
        return World.of(sail.spark, canonical(story), config, parameters(story)["source"]).made(*story["expected"])

    return study


@pytest.mark.parametrize(
    ("case", "table"), [(case, table) for case in CASES for table in CASES[case]["expected"]], ids=str
)
def test_worked_example(study_of: Any, case: str, table: str) -> None:
    assert_rows(study_of(case)[table], PUBLIC[table], CASES[case]["expected"][table])


def test_every_table_of_a_study_has_a_stage_after_those_it_needs() -> None:
    made = {table.name for table in LAYERS["canonical"]}
    for stage in STAGES:
        assert {table.name for table in stage.inputs} <= made, stage.table.name
        made.add(stage.table.name)
    assert made == set(PUBLIC)


#: Tables of statistics and panels: not in SQL, but worked out in plain Python under tests/comparison and tests/panel;
#: content novelty by hand and from planted communities, under tests/novelty.
STATISTICS = {
    "comparison_works",
    "citation_premium",
    "conference_sources",
    "publication_premium",
    "study_statistics",
    "mover_profiles",
    "mover_ancestry",
    "scientist_strata",
    "post_move_collaboration",
    "post_move_years",
    "panel_works",
    "panel_scientist_years",
    "panel_country_years",
    "panel_dyad_years",
    "premium_cells",
    "field_references",
    "venue_pairs",
    "work_novelty",
    "work_keywords",
    "keyword_parameters",
    "content_novelty",
    "content_model_years",
}


def test_the_oracle_knows_every_table_of_a_study() -> None:
    assert {stage.table.name for stage in STAGES} == set(TABLES) | STATISTICS
