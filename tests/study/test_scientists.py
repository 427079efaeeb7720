"""Table scientists: who works mostly in the field."""

from typing import Any

import pytest
from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, frame, signed_works
from scholarflow.engine import Engine
from scholarflow.study.scientists import scientists
from scholarflow.tables.careers import SCIENTISTS
from scholarflow.tables.derived import FIELD_WORKS

PARAMETERS: dict[str, Any] = {"min_works": 3, "min_field_share": 0.5, "as_of": 0}

# Author 1: 2 of 3 in the field. 2: 2 of 4, not more than half. 3: 2 works, listed twice on one of them: too few.
# 4: field work 3 lists two countries. 5: only work 9, outside the field, lists two. 6: countries never known.
# Without id: nobody, whatever the number of works.
SIGNED = """
    work_id author_id country_code pub_year
    1       1         US           2001
    2       1         US           2002
    9       1         US           2009
    1       2         US           2001
    2       2         US           2002
    8..9    2         US           2008
    1       3         US           2001
    1       3         null         2001
    2       3         US           2002
    1..2    4         US           2001
    3       4         US           2003
    3       4         CN           2003
    1..3    5         US           2001
    9       5         US           2009
    9       5         CN           2009
    1..3    6         null         2005
    1..3    null      US           2001
"""


def made(engine: Engine, signed: str = SIGNED, **parameters: Any) -> DataFrame:
    field_works = frame(engine.spark, FIELD_WORKS, "work_id countries\n1..2 [US]\n3 [CN,US]")
    return scientists(signed_works(engine.spark, signed), field_works, **PARAMETERS | parameters)


def test_worked_example(either: Engine) -> None:
    assert_declared(made(either), SCIENTISTS)
    assert_rows(
        made(either),
        SCIENTISTS,
        """
        author_id n_works n_field_works first_pub_year last_pub_year is_simultaneous
        1         3       2             2001           2009          false
        4         3       3             2001           2003          true
        5         4       3             2001           2009          false
        6         3       3             2005           2005          false
        """,
    )


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"min_works": 2}, "author_id n_works\n1 3\n3 2\n4 3\n5 4\n6 3"),
        ({"min_works": 4}, "author_id n_works\n5 4"),
        ({"min_field_share": 0.7}, "author_id\n4..6"),
        ({"min_field_share": 0.75}, "author_id\n4\n6"),  # 3 of 4 is not more
    ],
)
def test_thresholds(sail: Engine, parameters: dict[str, Any], expected: str) -> None:
    assert_rows(made(sail, **parameters), SCIENTISTS, expected)


# Up to 2003 author 1 has 3 of 3, later 3 of 5; author 2 reaches three works only in 2004.
def test_as_of_bounds_the_works_that_qualify_and_nothing_else(sail: Engine) -> None:
    signed = """
        work_id author_id country_code pub_year
        1..3    1         US           2001
        8..9    1         US           2009
        1..2    2         US           2002
        3       2         CN           2004
        3       2         US           2004
    """
    assert_rows(
        made(sail, signed, as_of=2003),
        SCIENTISTS,
        "author_id n_works n_field_works last_pub_year is_simultaneous\n1 3 3 2009 false",
    )
    assert_rows(made(sail, signed, as_of=2004), SCIENTISTS, "author_id is_simultaneous\n1 false\n2 true")
    assert_rows(made(sail, signed), SCIENTISTS, "author_id n_works\n1 5\n2 3")


def test_empty(world: World) -> None:
    world.assert_empty_without_works("scientists")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("scientists")
