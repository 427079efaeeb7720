"""Table collaboration_edges: field works that two countries share."""

import pytest

from frames import World, assert_declared, assert_rows, frame
from scholarflow.collaboration.collaboration_edges import collaboration_edges
from scholarflow.engine import Engine
from scholarflow.tables.derived import COLLABORATION_EDGES, FIELD_WORKS


# 2010, five works: CN is listed by 3, US by 3, DE by 1. CN–US: 1 + 1/3 works, affinity 2·5 ÷ (3·3); with DE 1/3, 5/3.
# 2011: a work of four countries gives 1/6 to each of its six pairs. 1999 is before the period.
def test_worked_example(either: Engine) -> None:
    works = frame(
        either.spark,
        FIELD_WORKS,
        """
        pub_year countries
        2010     [CN,US]
        2010     [CN,DE,US]
        2010     [US]
        2010     []
        2010     [CN]
        2011     [AT,CN,DE,US]
        1999     [CN,US]
        """,
    )
    made = collaboration_edges(works, first_year=2000, last_year=2021)
    assert_declared(made, COLLABORATION_EDGES)
    assert_rows(
        made,
        COLLABORATION_EDGES,
        """
        pub_year country_a country_b n_works n_works_fractional affinity
        2010     CN        DE        1       1/3                5/3
        2010     CN        US        2       4/3                10/9
        2010     DE        US        1       1/3                5/3
        2011     AT        CN        1       1/6                1
        2011     AT        DE        1       1/6                1
        2011     AT        US        1       1/6                1
        2011     CN        DE        1       1/6                1
        2011     CN        US        1       1/6                1
        2011     DE        US        1       1/6                1
        """,
    )


def test_works_of_one_country_make_no_edge(sail: Engine) -> None:
    works = frame(sail.spark, FIELD_WORKS, "pub_year countries\n2010 [US]\n2010 []")
    assert_rows(collaboration_edges(works, first_year=2000, last_year=2021), COLLABORATION_EDGES, "pub_year")


def test_fractions_sum_to_the_international_works_of_the_period(world: World) -> None:
    international = [w for w in world.rows("field_works") if len(w["countries"]) > 1 and 2000 <= w["pub_year"] <= 2021]
    edges = world.rows("collaboration_edges")
    assert sum(edge["n_works_fractional"] for edge in edges) == pytest.approx(len(international))
    assert all(edge["country_a"] < edge["country_b"] for edge in edges)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("collaboration_edges")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("collaboration_edges")
