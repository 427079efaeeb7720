"""Periods that works are pooled over."""

import pytest

from scholarflow.comparison.periods import Periods, Span
from scholarflow.engine import Engine

PERIODS = Periods(2010, 2020, 2018, [Span("late", 2016, 2021)])


# A window of two years is complete up to 2016, one of five up to 2013.
def test_unfolded(either: Engine) -> None:
    rows = either.spark.createDataFrame(
        [("base", 2016), ("base", 2017), ("c5", 2013), ("c5", 2014)], "variant string, pub_year int"
    )
    found = sorted(map(tuple, PERIODS.unfolded(rows).collect()))
    assert found == [
        ("base", "2016"),
        ("base", "2017"),
        ("base", "all"),
        ("base", "all"),
        ("base", "complete"),
        ("base", "late"),
        ("base", "late"),
        ("c5", "2013"),
        ("c5", "2014"),
        ("c5", "all"),
        ("c5", "all"),
        ("c5", "complete"),
    ]


@pytest.mark.parametrize(
    ("variant", "period", "complete"),
    [
        ("base", "2016", True),
        ("base", "2017", False),
        ("c5", "2013", True),
        ("c5", "2014", False),
        ("base", "all", False),
        ("base", "late", False),
        ("c5", "complete", True),
    ],
)
def test_is_complete(variant: str, period: str, complete: bool) -> None:
    assert PERIODS.is_complete(variant, period) is complete
