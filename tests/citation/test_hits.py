"""Hit weights: the three ways with ties, and what they sum to."""

from collections import defaultdict

import pytest
from pyspark.sql import DataFrame

from frames import World, assert_rows, assert_same_rows, frame
from scholarflow.citation.hits import hit_weights
from scholarflow.engine import Engine
from scholarflow.tables.derived import CITATION_WINDOWS

# 2010, 15 works: 1 % is 0.15 of a work, 5 % 0.75, 10 % 1.5. 2011, 11 works, one cited: 10 % is 1.1 and reaches the
# zeros. 2012, 10 works: 10 % is exactly the first. 2013, one work. 2014, nothing cited. 2015, 40 works: 5 % is
# exactly 2 and 10 % is 4, where two works share the third and fourth place and fit whole.
WORKS = """
    pub_year work_id  c2
    2010     1        5
    2010     2..3     3
    2010     4        1
    2010     5..15    0
    2011     21       1
    2011     22..31   0
    2012     41       4
    2012     42..50   1
    2013     60       7
    2014     71..75   0
    2015     101..102 9
    2015     103..104 8
    2015     105..140 1
"""


def weights(engine: Engine, ties: str, works: str = WORKS) -> DataFrame:
    return hit_weights(frame(engine.spark, CITATION_WINDOWS, works), ties=ties)


EXPECTED = {
    "fractional": """
        pub_year c2 hit_1pct hit_5pct hit_10pct
        2010     5  0.15     0.75     1
        2010     3  0        0        1/4
        2010     1  0        0        0
        2010     0  0        0        0
        2011     1  0.11     0.55     null
        2011     0  0        0        null
        2012     4  0.1      0.5      1
        2012     1  0        0        0
        2013     7  0.01     0.05     0.1
        2014     0  null     null     null
        2015     9  0.2      1        1
        2015     8  0        0        1
        2015     1  0        0        0
    """,
    "inclusive": """
        pub_year c2 hit_1pct hit_5pct hit_10pct
        2010     5  1        1        1
        2010     3  0        0        1
        2010     1  0        0        0
        2010     0  0        0        0
        2011     1  1        1        null
        2011     0  0        0        null
        2012     4  1        1        1
        2012     1  0        0        0
        2013     7  1        1        1
        2014     0  null     null     null
        2015     9  1        1        1
        2015     8  0        0        1
        2015     1  0        0        0
    """,
    "strict": """
        pub_year c2 hit_1pct hit_5pct hit_10pct
        2010     5  0        0        1
        2010     3  0        0        0
        2010     1  0        0        0
        2010     0  0        0        0
        2011     1  0        0        null
        2011     0  0        0        null
        2012     4  0        0        1
        2012     1  0        0        0
        2013     7  0        0        0
        2014     0  null     null     null
        2015     9  0        1        1
        2015     8  0        0        1
        2015     1  0        0        0
    """,
}


@pytest.mark.parametrize("ties", EXPECTED)
def test_worked_example(either: Engine, ties: str) -> None:
    assert_rows(weights(either, ties), CITATION_WINDOWS, EXPECTED[ties])


def test_empty(sail: Engine) -> None:
    assert_rows(weights(sail, "fractional", "pub_year work_id c2"), CITATION_WINDOWS, "pub_year c2 hit_1pct")


def test_repartitioning_changes_nothing(sail: Engine) -> None:
    works = frame(sail.spark, CITATION_WINDOWS, WORKS)
    assert_same_rows(hit_weights(works.repartition(5), ties="fractional"), hit_weights(works, ties="fractional"))


@pytest.mark.parametrize("percent", [1, 5, 10])
def test_the_weights_of_a_year_sum_to_its_share_of_works(world: World, percent: int) -> None:
    by_year: dict[int, list[float | None]] = defaultdict(list)
    for work in world.rows("citation_windows"):
        by_year[work["pub_year"]].append(work[f"hit_{percent}pct"])
    defined = {year: found for year, found in by_year.items() if None not in found}
    assert len(defined) > 5
    for year, found in by_year.items():
        if year in defined:
            assert sum(found) == pytest.approx(percent / 100 * len(found), abs=1e-12)  # type: ignore[arg-type]
        else:
            assert set(found) == {None}, f"{year}: null for the whole year or not at all"
