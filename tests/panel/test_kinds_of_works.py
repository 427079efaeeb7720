"""Table kinds_of_works: works led by one country of a pair, with and without a co-author in the other."""

from frames import World, assert_declared, assert_rows, frame
from scholarflow.engine import Engine
from scholarflow.panel.kinds_of_works import kinds_of_works
from scholarflow.tables.derived import FIELD_WORKS
from scholarflow.tables.results import KINDS_OF_WORKS


# US-led with China: teams of 2 and 4 in 2010, of 3 in 2011, where Germany leads besides. Without: alone, and with GB.
# China-led with the US: one of 7. Work 7 is led from both, 8 from nowhere known, 9 before the period.
def test_worked_example(either: Engine) -> None:
    works = frame(
        either.spark,
        FIELD_WORKS,
        """
        work_id pub_year n_authors lead_countries partner_countries
        1       2010     2         [US]           [CN]
        2       2010     4         [US]           [CN,GB]
        3       2011     3         [DE,US]        [CN]
        4       2010     1         [US]           []
        5       2010     2         [US]           [GB]
        6       2011     7         [CN]           [US]
        7       2010     9         [CN,US]        [GB]
        8       2010     9         []             [CN,US]
        9       1999     9         [US]           [CN]
        """,
    )
    rows = kinds_of_works(works, pairs=[["US", "CN"]], first_year=2000, last_year=2021)
    assert_declared(rows, KINDS_OF_WORKS)
    # Quartiles of [2, 3, 4] at ranks 0.5, 1 and 1.5 from 0.
    assert_rows(
        rows,
        KINDS_OF_WORKS,
        """
        lead_country partner_country collaborates pub_year n_works mean_team team_q1 team_median team_q3
        CN           US              true         2011     1       7         7       7           7
        CN           US              true         null     1       7         7       7           7
        US           CN              false        2010     2       3/2       5/4     3/2         7/4
        US           CN              false        null     2       3/2       5/4     3/2         7/4
        US           CN              true         2010     2       3         5/2     3           7/2
        US           CN              true         2011     1       3         3       3           3
        US           CN              true         null     3       3         5/2     3           7/2
        """,
    )


def test_each_pair_leaves_out_its_own_dual_leads(sail: Engine) -> None:
    works = frame(
        sail.spark, FIELD_WORKS, "work_id pub_year n_authors lead_countries partner_countries\n1 2010 3 [CN,US] [GB]"
    )
    rows = kinds_of_works(works, pairs=[["US", "CN"], ["US", "GB"]], first_year=2000, last_year=2021)
    assert_rows(
        rows.where("pub_year IS NOT NULL"),
        KINDS_OF_WORKS,
        "lead_country partner_country collaborates n_works\nUS GB true 1",
    )


def test_years_add_up_to_the_pooled_rows(world: World) -> None:
    rows = world.rows("kinds_of_works")
    pooled = [row for row in rows if row["pub_year"] is None]
    assert pooled
    for row in pooled:
        kind = ("lead_country", "partner_country", "collaborates")
        years = [r for r in rows if r["pub_year"] is not None and all(r[name] == row[name] for name in kind)]
        assert row["n_works"] == sum(year["n_works"] for year in years)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("kinds_of_works")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("kinds_of_works")
