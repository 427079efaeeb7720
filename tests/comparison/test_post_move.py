"""Tables post_move_collaboration and post_move_years, and scientist_strata, which both are made from, by hand."""

from functools import partial
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from comparison import careers_by_hand
from comparison.test_citation_premium import as_frame, assert_as_by_hand
from frames import assert_declared, assert_same_rows
from scholarflow.comparison.post_move_collaboration import post_move_collaboration
from scholarflow.comparison.post_move_years import post_move_years
from scholarflow.comparison.scientist_strata import scientist_strata
from scholarflow.engine import Engine
from scholarflow.tables import PUBLIC
from scholarflow.tables.comparisons import POST_MOVE_COLLABORATION, POST_MOVE_YEARS

BINS: dict[str, Any] = {
    "strata": {"career_age": [3], "n_works": [2], "cum_citations": 2},
    "imbalance": {"career_age": [2, 5], "n_works": "exact", "cum_citations": 3},
}
PERIOD = {"first_year": 2000, "last_year": 2009}
RESAMPLING = {"seed": 1, "replicates": 60, "min_clusters": 6}
AROUND = {"leads": 3, "lags": 4, "reference_year": -2}


def frames_of(spark: SparkSession, careers: dict[str, list[dict[str, Any]]]) -> dict[str, DataFrame]:
    return {name: as_frame(spark, PUBLIC[name], rows) for name, rows in careers.items()}


def strata_of(tables: dict[str, DataFrame]) -> DataFrame:
    names = ("scientist_years", "author_country_years", "scientists")
    return scientist_strata(*(tables[name] for name in names), **BINS, **PERIOD)


def collaboration_of(tables: dict[str, DataFrame], strata: DataFrame) -> DataFrame:
    names = ("scientist_partner_years", "author_country_years", "migrations")
    return post_move_collaboration(strata, *(tables[name] for name in names), resampling=RESAMPLING)


def years_of(tables: dict[str, DataFrame], strata: DataFrame) -> DataFrame:
    names = ("scientist_partner_years", "migrations")
    return post_move_years(strata, *(tables[name] for name in names), **AROUND, resampling=RESAMPLING)


def stored(rows: DataFrame) -> DataFrame:
    return rows.sparkSession.createDataFrame(rows.toArrow(), rows.schema)


def by_key(rows: DataFrame, *key: str) -> dict[Any, dict[str, Any]]:
    found = [row.asDict() for row in rows.collect()]
    keyed = {tuple(row[name] for name in key): row for row in found}
    assert len(keyed) == len(found)
    return keyed


def test_as_worked_out_scientist_by_scientist(either: Engine) -> None:
    careers = careers_by_hand.drawn_careers(500)
    tables = frames_of(either.spark, careers)
    strata = stored(strata_of(tables))
    assert_declared(strata, PUBLIC["scientist_strata"])
    by_hand = careers_by_hand.Careers(careers, **BINS, **PERIOD)

    names = [f"{grid}_{name}" for grid in ("bin", "fine") for name in careers_by_hand.COVARIATES]
    at_risk = by_key(strata.where("is_at_risk"), "author_id", "pub_year")
    assert at_risk.keys() == by_hand.at_risk.keys()
    for unit, row in at_risk.items():
        wanted = (*by_hand.stratum[unit][1:], *by_hand.cell[unit][5:])
        assert tuple(row[name] for name in names) == wanted, unit
        assert row["is_stayer"] == (len(set(by_hand.primary[unit[0]].values())) == 1)

    direction = ("origin_country", "destination_country", "sample")
    rows = collaboration_of(tables, strata)
    assert_declared(rows, POST_MOVE_COLLABORATION)
    found, expected = by_key(rows, *direction), careers_by_hand.collaboration(by_hand, **RESAMPLING)
    assert found.keys() == expected.keys()
    for key, wanted in expected.items():
        assert_as_by_hand(found[key], wanted, key)
    assert sum(wanted["ci_low"] is not None and wanted["l1_after"] > 0 for wanted in expected.values()) >= 10

    rows = years_of(tables, strata)
    assert_declared(rows, POST_MOVE_YEARS)
    found = by_key(rows, *direction, "years_since_move")
    expected = careers_by_hand.around(by_hand, **AROUND, **RESAMPLING)
    assert found.keys() == expected.keys()
    for key, wanted in expected.items():
        assert found[key]["partner_country"] == wanted.pop("partner_country")
        assert_as_by_hand(found[key], wanted, key)
    assert sum(wanted.get("since_reference_low") is not None for wanted in expected.values()) >= 20
