"""Table field_works: which works belong to the field, and who leads them."""

import pytest
from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, canonical_literals
from scholarflow.engine import Engine
from scholarflow.study.field_works import field_works
from scholarflow.tables.derived import FIELD_WORKS

PARAMETERS = {"scheme": "concept", "fields": [1, 2], "min_score": 0.3, "lead_rule": "last"}

# Work 1 is of the field by both ids, once. 2 scores too low, 3 has another scheme, 4 another field, 5 no score.
# 6: the last author has institutions 12 and 11 in the US, 21 in China, and one whose country is unknown.
# 7: a list cut by the source: nobody is last. 8: two authors share a position, one of them without a country.
LITERALS = {
    "works": """
        work_id pub_year source_id n_authors language
        1..5    2010     null      0         en
        6       2011     77        2         zh
        7       2011     null      5000      null
        8       2012     null      3         en
    """,
    "work_fields": """
        work_id scheme  field_id score
        1       concept 1        0.3
        1       concept 2        0.9
        2       concept 1        0.29
        3       topic   1        0.9
        4       concept 3        0.9
        5       concept 1        null
        6..8    concept 1        1.0
    """,
    "authorships": """
        work_id author_position author_id institution_id country_code is_first is_last is_corresponding
        6       1               1         31             DE           true     false   false
        6       2               2         12             US           false    true    null
        6       2               2         11             US           false    true    null
        6       2               2         21             CN           false    true    null
        6       2               2         99             null         false    true    null
        7       1               1         31             DE           true     null    null
        7       2               3         null           null         false    null    null
        8       1               1         31             DE           true     false   null
        8       1               4         null           null         true     false   true
        8       2               2         null           FR           false    true    true
    """,
    "citations": """
        citing_work_id cited_work_id
        6              1..3
    """,
}


def works(engine: Engine) -> DataFrame:
    return canonical_literals(engine.spark, **LITERALS)["works"]


def test_worked_example(either: Engine) -> None:
    made = field_works(works(either), **PARAMETERS)
    assert_declared(made, FIELD_WORKS)
    assert_rows(
        made,
        FIELD_WORKS,
        """
        work_id pub_year source_id n_authors n_authors_with_country n_references language
        1       2010     null      0         0                      0            en
        6       2011     77        2         2                      3            zh
        7       2011     null      5000      1                      0            null
        8       2012     null      3         2                      0            en
        """,
    )
    assert_rows(
        made,
        FIELD_WORKS,
        """
        work_id lead_countries lead_institution_ids countries  partner_countries
        1       []             []                   []         []
        6       [CN,US]        [21,11]              [CN,DE,US] [DE]
        7       []             []                   [DE]       [DE]
        8       [FR]           [null]               [DE,FR]    [DE]
        """,
    )


@pytest.mark.parametrize(
    ("lead_rule", "expected"),
    [
        ("first", "work_id lead_countries partner_countries\n6 [DE] [CN,US]\n7 [DE] []\n8 [DE] [FR]"),
        ("corresponding", "work_id lead_countries partner_countries\n6 [] [CN,DE,US]\n7 [] [DE]\n8 [FR] [DE]"),
        ("any", "work_id lead_countries partner_countries\n6 [CN,DE,US] []\n7 [DE] []\n8 [DE,FR] []"),
    ],
    ids=["first", "corresponding", "any"],
)
def test_lead_rules(sail: Engine, lead_rule: str, expected: str) -> None:
    made = field_works(works(sail), **PARAMETERS | {"lead_rule": lead_rule}).where("work_id >= 6")
    assert_rows(made, FIELD_WORKS, expected)


def test_a_score_of_zero_admits_every_row_of_the_field_also_one_without_score(sail: Engine) -> None:
    made = field_works(works(sail), **PARAMETERS | {"min_score": 0.0})
    assert_rows(made, FIELD_WORKS, "work_id\n1..2\n5..8")


def test_a_field_by_topic(sail: Engine) -> None:
    assert_rows(field_works(works(sail), **PARAMETERS | {"scheme": "topic"}), FIELD_WORKS, "work_id\n3")


def test_lead_and_partners_are_among_the_countries(world: World) -> None:
    for row in world.rows("field_works"):
        assert set(row["countries"]) == {*row["lead_countries"], *row["partner_countries"]}
        assert len(row["lead_institution_ids"]) == len(row["lead_countries"])
        assert row["countries"] == sorted(set(row["countries"]))
        assert row["n_authors_with_country"] <= row["n_authors"]


def test_empty(world: World) -> None:
    world.assert_empty_without_works("field_works")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("field_works")
