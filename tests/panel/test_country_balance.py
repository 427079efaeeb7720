"""Table country_balance: scientists won and lost."""

from frames import World, assert_declared, assert_rows, frame
from scholarflow.engine import Engine
from scholarflow.panel.country_balance import country_balance
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, MIGRATIONS, SCIENTISTS
from scholarflow.tables.results import COUNTRY_BALANCE


# Of four in the US in 2004 one is simultaneous: three may move. Two leave, one of them back to where it came from, and
# one comes. Nobody was in China.
def test_worked_example(either: Engine) -> None:
    moves = frame(
        either.spark,
        MIGRATIONS,
        """
        author_id move_seq origin_country destination_country move_year is_entry
        1         1        US             CN                  2005      true
        2         2        US             CN                  2005      false
        3         1        DE             US                  2005      true
        """,
    )
    years = frame(
        either.spark,
        AUTHOR_COUNTRY_YEARS,
        """
        author_id pub_year country_code is_primary_in_field
        1..2      2004     US           true
        4..5      2004     US           true
        3         2004     DE           true
        3         2004     US           false
        """,
    )
    scientists = frame(either.spark, SCIENTISTS, "author_id is_simultaneous\n1..4 false\n5 true")
    rows = country_balance(moves, years, scientists)
    assert_declared(rows, COUNTRY_BALANCE)
    assert_rows(
        rows,
        COUNTRY_BALANCE,
        """
        country_code move_year n_in n_out net n_entries_in n_entries_out rate_in rate_out rate_net
        US           2005      1    2     -1  1            1             1/3     2/3      -1/3
        CN           2005      2    0     2   1            0             null    null     null
        DE           2005      0    1     -1  0            1             0       1        -1
        """,
    )


def test_what_one_country_loses_another_wins(world: World) -> None:
    rows = world.rows("country_balance")
    assert rows
    assert sum(row["net"] for row in rows) == 0
    assert sum(row["n_in"] for row in rows) == len(world.rows("migrations"))


def test_empty(world: World) -> None:
    world.assert_empty_without_works("country_balance")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("country_balance")
