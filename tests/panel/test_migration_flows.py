"""Table migration_flows: moves between two countries in a year."""

from collections import Counter

from frames import World, assert_declared, assert_rows, frame
from scholarflow.engine import Engine
from scholarflow.panel.migration_flows import migration_flows
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, MIGRATIONS, SCIENTISTS
from scholarflow.tables.results import MIGRATION_FLOWS


# Residents of the US in 2004: authors 1, 2 and 3; 4 held two countries at once, 5 is no scientist, 6 was only in minor
# part there. Two of them move in 2005: 2/3. Nobody is known to have lived in China in 2007: no rate.
def test_worked_example(either: Engine) -> None:
    moves = frame(
        either.spark,
        MIGRATIONS,
        """
        author_id move_seq origin_country destination_country move_year is_entry
        1         1        US             CN                  2005      true
        2         1        US             CN                  2005      false
        1         2        CN             US                  2008      false
        3         1        US             DE                  2005      true
        """,
    )
    years = frame(
        either.spark,
        AUTHOR_COUNTRY_YEARS,
        """
        author_id pub_year country_code is_primary_in_field
        1..5      2004     US           true
        6         2004     US           false
        6         2004     CN           true
        1..2      2005     CN           true
        """,
    )
    scientists = frame(either.spark, SCIENTISTS, "author_id is_simultaneous\n1..3 false\n4 true\n6 false")
    rows = migration_flows(moves, years, scientists)
    assert_declared(rows, MIGRATION_FLOWS)
    assert_rows(
        rows,
        MIGRATION_FLOWS,
        """
        origin_country destination_country move_year n_moves n_entries n_scientists rate
        US             CN                  2005      2       1         2            2/3
        US             DE                  2005      1       1         1            1/3
        CN             US                  2008      1       0         1            null
        """,
    )


def test_every_move_is_in_a_flow(world: World) -> None:
    moves = Counter(
        (row["origin_country"], row["destination_country"], row["move_year"]) for row in world.rows("migrations")
    )
    flows = {
        (row["origin_country"], row["destination_country"], row["move_year"]): row["n_moves"]
        for row in world.rows("migration_flows")
    }
    assert flows == moves


def test_empty(world: World) -> None:
    world.assert_empty_without_works("migration_flows")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("migration_flows")
