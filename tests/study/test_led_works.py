"""Table led_works: field works once for each country that leads them."""

from frames import World, assert_declared, assert_rows, frame
from scholarflow.engine import Engine
from scholarflow.study.led_works import led_works
from scholarflow.tables.derived import FIELD_WORKS, LED_WORKS


def test_worked_example(either: Engine) -> None:
    works = frame(
        either.spark,
        FIELD_WORKS,
        """
        work_id pub_year n_authors lead_countries lead_institution_ids partner_countries
        1       2010     2         [CN,US]        [21,null]            [CN,FR]
        2       2011     1         [DE]           [30]                 []
        3       2011     4         []             []                   [US]
        """,
    )
    made = led_works(works)
    assert_declared(made, LED_WORKS)
    # Work 3, led from nowhere known, has no row.
    assert_rows(
        made,
        LED_WORKS,
        """
        work_id lead_country pub_year n_authors lead_institution_id partner_countries is_dual
        1       CN           2010     2         21                  [CN,FR]           true
        1       US           2010     2         null                [CN,FR]           true
        2       DE           2011     1         30                  []                false
        """,
    )


def test_one_row_per_lead_country(world: World) -> None:
    expected = {(w["work_id"], country) for w in world.rows("field_works") for country in w["lead_countries"]}
    led = world.rows("led_works")
    assert {(row["work_id"], row["lead_country"]) for row in led} == expected
    assert len(led) == len(expected)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("led_works")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("led_works")
