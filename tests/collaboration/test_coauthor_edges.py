"""Table coauthor_edges: field works that two authors share."""

from typing import Any

from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, canonical_literals
from scholarflow.collaboration.coauthor_edges import coauthor_edges, works_left_out
from scholarflow.engine import Engine
from scholarflow.study.field_works import field_works
from scholarflow.tables.derived import COAUTHOR_EDGES

PARAMETERS: dict[str, Any] = {"first_year": 2000, "last_year": 2021, "max_team": 3}

# Works 1 and 2: authors 1 and 2, on 2 with author 3; author 1 signs 2 from two institutions. 3: an author twice on the
# list, alone. 4: nobody else with an id. 5: a team of four. 6: before the period. 7: outside the field.
LITERALS = {
    "works": "work_id pub_year\n1 2010\n2 2014\n3..5 2011\n6 1999\n7 2011",
    "work_fields": "work_id field_id\n1..6 1\n7 2",
    "authorships": """
        work_id author_position author_id institution_id country_code
        1       1               2         20             CN
        1       2               1         10             US
        2       1               1         10             US
        2       1               1         11             US
        2       2               2         20             CN
        2       3               3         null           null
        3       1..2            1         10             US
        4       1               2         20             CN
        4       2..3            null      null           null
        5       1               1         10             US
        5       2               2         20             CN
        5       3               3         10             US
        5       4               4         10             US
        6..7    1               1         10             US
        6..7    2               3         10             US
    """,
}


def works_of_field(engine: Engine) -> DataFrame:
    works = canonical_literals(engine.spark, **LITERALS)["works"]
    return field_works(works, scheme="concept", fields=[1], min_score=0.3, lead_rule="last")


def test_worked_example(either: Engine) -> None:
    works = works_of_field(either)
    made = coauthor_edges(works, **PARAMETERS)
    assert_declared(made, COAUTHOR_EDGES)
    assert_rows(
        made,
        COAUTHOR_EDGES,
        """
        author_a author_b first_year last_year n_works
        1        2        2010       2014      2
        1        3        2014       2014      1
        2        3        2014       2014      1
        """,
    )
    assert works_left_out(made, works, **PARAMETERS) == {"works_left_out": 1}


def test_the_bound_on_teams_is_inclusive(sail: Engine) -> None:
    works = works_of_field(sail)
    parameters = PARAMETERS | {"max_team": 4}
    assert_rows(
        coauthor_edges(works, **parameters),
        COAUTHOR_EDGES,
        "author_a author_b n_works\n1 2 3\n1 3 2\n1 4 1\n2 3 2\n2 4 1\n3 4 1",
    )
    assert works_left_out(works, works, **parameters) == {"works_left_out": 0}


def test_pairs_are_ordered_and_years_in_the_period(world: World) -> None:
    edges = world.rows("coauthor_edges")
    assert all(edge["author_a"] < edge["author_b"] for edge in edges)
    assert all(2000 <= edge["first_year"] <= edge["last_year"] <= 2021 for edge in edges)
    assert len({(edge["author_a"], edge["author_b"]) for edge in edges}) == len(edges)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("coauthor_edges")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("coauthor_edges")
