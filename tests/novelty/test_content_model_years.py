"""Table content_model_years: how well what was known foretells a year."""

import numpy as np
import pytest

from frames import World, assert_declared, frame
from novelty import test_content_novelty as by_hand
from novelty.planted import planted, scored
from scholarflow.engine import Engine
from scholarflow.novelty.content_model_years import content_model_years
from scholarflow.tables.novelty import CONTENT_MODEL_YEARS, KEYWORD_PARAMETERS, WORK_KEYWORDS

HISTORY = {"history_years": 2, "history_works": 200}


def test_worked_example(either: Engine) -> None:
    parameters = either.spark.createDataFrame(by_hand.PARAMETERS, KEYWORD_PARAMETERS.stored_schema)
    given = frame(either.spark, WORK_KEYWORDS, by_hand.KEYWORDS)
    rows = content_model_years(given, parameters, dimensions=2, min_keywords=2, seed=1, **HISTORY)
    assert_declared(rows, CONTENT_MODEL_YEARS)
    found = {row["pub_year"]: row.asDict() for row in rows.collect()}
    # In 2011 chance can only draw the two keywords that are known, and is no less likely.
    assert found[2011] == {
        "pub_year": 2011,
        "n_works": 1,
        "n_scored": 0,
        "n_keywords": 2,
        "n_known_keywords": 2,
        "auc": pytest.approx(0.5),
    }
    assert {name: found[2012][name] for name in ("n_works", "n_scored", "n_keywords", "n_known_keywords")} == {
        "n_works": 5,
        "n_scored": 4,
        "n_keywords": 4,
        "n_known_keywords": 3,
    }
    # A keyword that stands alone is neither learnt from nor judged.
    assert found[2013] == dict.fromkeys(found[2013], 0) | {"pub_year": 2013, "auc": None}


def test_communities_are_foretold_and_chance_is_not(sail: Engine) -> None:
    columns = planted()
    aucs = [row["auc"] for row in scored(sail.spark, columns, content_model_years, seed=1).values()]
    assert aucs.count(None) == 1
    assert min(auc for auc in aucs if auc is not None) > 0.9
    mixed = columns | {
        "keyword_id": [int(k) for k in np.random.default_rng(1).integers(0, 48, len(columns["work_id"]))]
    }
    distinct = dict.fromkeys(zip(*mixed.values(), strict=True))
    shuffled = dict(zip(columns, zip(*distinct, strict=True), strict=True))
    for row in scored(sail.spark, shuffled, content_model_years, seed=1).values():
        assert row["auc"] is None or abs(row["auc"] - 0.5) < 0.08


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("content_model_years")


def test_empty(world: World) -> None:
    world.assert_empty_without_works("content_model_years")
