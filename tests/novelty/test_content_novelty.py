"""Table content_novelty: how little a work's keywords went together before it."""

from math import log

import numpy as np
import pytest
from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, frame
from novelty.planted import area_under_curve, joiners, planted, scored
from scholarflow.engine import Engine
from scholarflow.novelty.content_novelty import content_novelty, percentiles, size_classes
from scholarflow.tables.novelty import CONTENT_NOVELTY, KEYWORD_PARAMETERS, WORK_KEYWORDS

# Two dimensions, two fits of which the second knows nothing. In 2010 and 2012 keyword 1 stands elsewhere than in 2011.
PARAMETERS = [
    (2010, 1, [0.5, 0.5, 0.5, 0.5], 0.5, 50, 50, 100),
    (2010, 3, [0.1, 0.9, 0.5, 0.5], 0.5, 50, 50, 100),
    (2011, 1, [0.9, 0.1, 0.5, 0.5], 0.5, 50, 100, 200),
    (2011, 2, [0.8, 0.2, 0.5, 0.5], 0.5, 50, 50, 200),
    (2011, 3, [0.1, 0.9, 0.5, 0.5], 0.5, 50, 100, 200),
    *((2012, keyword, [0.0, 1.0, 0.5, 0.5], 0.5, 50, 150, 300) for keyword in (1, 2, 3, 4)),
]
# Keyword 4 is new in 2012; work 5 has one keyword that is known, work 6 none. Works 8 and 9 have one keyword, known
# before; that of work 9 no other work of its year has.
KEYWORDS = """
    work_id keyword_id pub_year
    1       1          2011
    1       3          2011
    2       1..2       2012
    3       1          2012
    3       3          2012
    4       1..4       2012
    5       1          2012
    5       4          2012
    6       4          2012
    7       1..2       2012
    8       1          2012
    9       2          2013
"""


def made(engine: Engine, history_years: int = 2, history_works: int = 200, min_cell: int = 1) -> DataFrame:
    parameters = engine.spark.createDataFrame(PARAMETERS, KEYWORD_PARAMETERS.stored_schema)
    return content_novelty(
        frame(engine.spark, WORK_KEYWORDS, KEYWORDS),
        parameters,
        dimensions=2,
        min_keywords=2,
        history_years=history_years,
        history_works=history_works,
        min_cell=min_cell,
    )


def test_worked_example(either: Engine) -> None:
    rows = made(either)
    assert_declared(rows, CONTENT_NOVELTY)
    together = (-log(0.9 * 0.8 + 0.1 * 0.2) + log(2)) / 2
    apart = (-log(0.9 * 0.1 + 0.1 * 0.9) + log(2)) / 2
    three = (-log(0.9 * 0.8 * 0.1 + 0.1 * 0.2 * 0.9) + log(4)) / 2
    assert_rows(
        rows,
        CONTENT_NOVELTY,
        f"""
        work_id pub_year n_keywords n_known_keywords content_novelty content_percentile content_percentile_adjusted
        1       2011     2          2                null            null               null
        2       2012     2          2                {together}      25                 100/3
        3       2012     2          2                {apart}         62.5               250/3
        4       2012     4          3                {three}         87.5               50
        5       2012     2          1                null            null               null
        6       2012     1          0                null            null               null
        7       2012     2          2                {together}      25                 100/3
        8       2012     1          0                null            null               null
        9       2013     1          0                null            null               null
        """,
    )


def test_years_without_enough_history_are_null(sail: Engine) -> None:
    for history in ({"history_years": 3}, {"history_works": 201}):
        assert {row["content_novelty"] for row in made(sail, **history).collect()} == {None}
    early = {row["work_id"]: row["content_novelty"] for row in made(sail, 1, 100).collect()}
    assert early[1] == pytest.approx(log(2))


def test_percentiles_count_half_of_the_ties() -> None:
    assert percentiles(np.array([3.0, 1.0, 1.0, 9.0]), np.array([0, 0, 0, 1])) == pytest.approx(
        [250 / 3, 100 / 3, 100 / 3, 50]
    )
    assert percentiles(np.zeros(0), np.zeros(0, int)).tolist() == []


def test_numbers_of_keywords_with_few_works_are_one_class() -> None:
    size = np.array([2] * 5 + [3] * 2 + [4] * 4 + [9])
    assert size_classes(size, 4).tolist() == [0] * 5 + [1] * 7
    assert size_classes(size, 1).tolist() == [0] * 5 + [1] * 2 + [2] * 4 + [3]
    assert size_classes(size, 100).tolist() == [0] * 12


def test_works_that_join_communities_are_novel(either: Engine) -> None:
    columns = planted()
    found = scored(either.spark, columns, content_novelty, min_cell=20)
    known = {work: row for work, row in found.items() if row["content_novelty"] is not None}
    assert {row["pub_year"] for row in known.values()} == {2002, 2003}
    is_joiner = [work in joiners(columns) for work in known]
    assert area_under_curve([row["content_novelty"] for row in known.values()], is_joiner) > 0.95
    assert area_under_curve([row["content_percentile_adjusted"] for row in known.values()], is_joiner) > 0.95


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("content_novelty")


def test_empty(world: World) -> None:
    world.assert_empty_without_works("content_novelty")
