"""Table keyword_parameters: where keywords stand after each year."""

import pytest
from pyspark.sql import functions as F

from frames import World, assert_declared, assert_rows, assert_same_rows, frame
from novelty.planted import FIT, keywords, planted
from scholarflow.engine import Engine
from scholarflow.novelty.keyword_parameters import keyword_parameters
from scholarflow.tables.novelty import KEYWORD_PARAMETERS, WORK_KEYWORDS

# Work 3 has one keyword, and is not learnt from; 2011 has no works of two.
KEYWORDS = """
    work_id keyword_id pub_year
    1       10..12     2010
    2       10..11     2010
    3       13         2010
    4       10         2011
    5       -7         2013
    5       11         2013
"""


def test_worked_example(either: Engine) -> None:
    rows = keyword_parameters(frame(either.spark, WORK_KEYWORDS, KEYWORDS), **FIT)
    assert_declared(rows, KEYWORD_PARAMETERS)
    assert_rows(
        rows,
        KEYWORD_PARAMETERS,
        """
        pub_year keyword_id popularity n_works cum_works n_fitted
        2010     10         1          2       2         2
        2010     11         1          2       2         2
        2010     12         0.5        1       1         2
        2013     -7         1          1       1         3
        2013     11         1          1       3         3
        """,
    )
    for row in rows.collect():
        assert len(row["theta"]) == FIT["fits"] * FIT["dimensions"]
        for start in range(0, len(row["theta"]), FIT["dimensions"]):
            assert sum(row["theta"][start : start + FIT["dimensions"]]) == pytest.approx(1)


def test_any_partitioning_gives_the_same_to_the_bit(either: Engine) -> None:
    given = keywords(either.spark, planted(n_years=3, works_a_year=60))
    first = keyword_parameters(given, **FIT)
    for spread in (given.repartition(7), given.orderBy(F.desc("work_id"), "keyword_id").repartition(2)):
        assert_same_rows(keyword_parameters(spread, **FIT), first)


def test_a_seed_decides(sail: Engine) -> None:
    given = keywords(sail.spark, planted(n_years=1, works_a_year=60))
    one, other = (keyword_parameters(given, **FIT | {"seed": seed}).orderBy("keyword_id").collect() for seed in (1, 2))
    assert [row["keyword_id"] for row in one] == [row["keyword_id"] for row in other]
    assert all(row["theta"] != others["theta"] for row, others in zip(one, other, strict=True))


def test_empty(world: World) -> None:
    world.assert_empty_without_works("keyword_parameters")
