"""Table citation_windows: who cited a field work, how soon, and from where."""

from collections import Counter
from typing import Any

from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, canonical_literals
from scholarflow.citation.citation_windows import citation_windows
from scholarflow.engine import Engine
from scholarflow.study.field_works import field_works
from scholarflow.tables.derived import CITATION_WINDOWS

# Work 1 (2010, led by the US) is cited at ages −1, 0, 2, 3, 5, 6, 10 and 11 by works without countries.
# Work 2 (2010, led by the US, with China) is cited in 2011 by 201, led by the US; 202, led by China with the US;
#   203, led by China; 204, led from nowhere known with China; 205, from nowhere known at all.
# Work 3 has no country: foreign to nobody. Works 4 and 5 are uncited, 5 the only one of its year.
LITERALS = {
    "works": """
        work_id  pub_year
        1..4     2010
        5        2018
        101      2009
        102      2010
        103      2012
        104      2013
        105      2015
        106      2016
        107      2020
        108      2021
        201..205 2011
    """,
    "work_fields": """
        work_id
        1..5
    """,
    "authorships": """
        work_id author_position author_id country_code
        1       1               1         US
        2       1               2         CN
        2       2               1         US
        4       1               1         US
        201     1               1         US
        202     1               1         US
        202     2               2         CN
        203     1               2         CN
        204     1               2         CN
        204     2               3         null
    """,
    "citations": """
        citing_work_id cited_work_id
        101..108       1
        201..205       2
        203            3
        205            3
        205            999
    """,
}


def made(engine: Engine, lead_rule: str = "last", **parameters: Any) -> DataFrame:
    works = canonical_literals(engine.spark, **LITERALS)["works"]
    of_field = field_works(works, scheme="concept", fields=[1], min_score=0.3, lead_rule=lead_rule)
    given = {"ties": "fractional", "last_full_year": 2020} | parameters
    return citation_windows(works, of_field, lead_rule=lead_rule, **given)


def test_worked_example(either: Engine) -> None:
    rows = made(either)
    assert_declared(rows, CITATION_WINDOWS)
    assert_rows(
        rows,
        CITATION_WINDOWS,
        """
        work_id pub_year c2 c3 c5 c10 c_all c2_foreign_lead c2_unknown_lead c2_foreign_any c2_unknown_any
        1       2010     2  3  4  6   8     0               2               0              2
        2       2010     5  5  5  5   5     2               2               2              1
        3       2010     2  2  2  2   2     null            1               null           1
        4       2010     0  0  0  0   0     0               0               0              0
        5       2018     0  0  0  0   0     null            0               null           0
        """,
    )
    # 1 % of the four works of 2010 is 0.04 of one; of 2018 nothing is cited.
    assert_rows(
        rows,
        CITATION_WINDOWS,
        """
        work_id hit_1pct hit_5pct hit_10pct c2_complete c5_complete
        1       0        0        0         true        true
        2       0.04     0.2      0.4       true        true
        3       0        0        0         true        true
        4       0        0        0         true        true
        5       null     null     null      true        false
        """,
    )


# Led by the first author, work 2 is China's: 201 is foreign by lead, and by any country too.
def test_foreign_follows_the_lead_rule(sail: Engine) -> None:
    assert_rows(
        made(sail, "first").where("work_id = 2"),
        CITATION_WINDOWS,
        "work_id c2_foreign_lead c2_unknown_lead c2_foreign_any c2_unknown_any\n2 2 1 1 1",
    )


def test_a_window_is_complete_up_to_the_last_full_year(sail: Engine) -> None:
    rows = made(sail, last_full_year=2012)
    assert_rows(rows.where("work_id IN (1, 5)"), CITATION_WINDOWS, "work_id c2_complete\n1 true\n5 false")


def test_every_citation_of_a_field_work_is_counted(world: World) -> None:
    field = {work["work_id"] for work in world.rows("field_works")}
    received = Counter(row["cited_work_id"] for row in world.rows("citations"))
    windows = {row["work_id"]: row for row in world.rows("citation_windows")}
    assert windows.keys() == field
    assert {work: row["c_all"] for work, row in windows.items()} == {work: received[work] for work in field}
    for row in windows.values():
        assert row["c2_unknown_any"] <= row["c2_unknown_lead"] <= row["c2"] <= row["c3"] <= row["c5"] <= row["c10"]
        assert (row["c2_foreign_lead"] is None) == (row["c2_foreign_any"] is None)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("citation_windows")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("citation_windows")
