"""Table migrations: changes of the primary country in the field."""

from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, frame
from scholarflow.career.migrations import migrations
from scholarflow.engine import Engine
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, MIGRATIONS, SCIENTISTS


def made(engine: Engine, years: str, movers: str, first_year: int = 2000, last_year: int = 2021) -> DataFrame:
    return migrations(
        frame(engine.spark, AUTHOR_COUNTRY_YEARS, years),
        frame(engine.spark, SCIENTISTS, movers),
        first_year=first_year,
        last_year=last_year,
    )


# Author 1: US 2001–2002, silent, China 2005 with a US work still, US again in 2008: the origin overlaps, a gap of two
#   years; then a return, no entry, a gap of one. The German years outside the field count for nothing.
# Author 2: a minor Chinese work before the move: no entry; not a return, for China was never primary before.
# Author 3 held two countries at once, author 4 is no scientist: no moves. Author 5 never moved.
def test_worked_example(either: Engine) -> None:
    rows = made(
        either,
        """
        author_id pub_year   country_code n_field_works is_primary_in_field
        1         2001..2002 US           1             true
        1         2004       DE           0             false
        1         2005       CN           2             true
        1         2005       US           1             false
        1         2006       CN           1             true
        1         2008       US           1             true
        2         2003       US           2             true
        2         2003       CN           1             false
        2         2004       CN           1             true
        3..4      2003       US           1             true
        3..4      2004       CN           1             true
        5         2003..2004 US           1             true
        """,
        movers="author_id is_simultaneous\n1..2 false\n3 true\n5 false",
    )
    assert_declared(rows, MIGRATIONS)
    assert_rows(
        rows,
        MIGRATIONS,
        """
        author_id move_seq origin_country destination_country move_year last_origin_year gap_years
        1         1        US             CN                  2005      2002             2
        1         2        CN             US                  2008      2006             1
        2         1        US             CN                  2004      2003             0
        """,
    )
    assert_rows(
        rows,
        MIGRATIONS,
        """
        author_id move_seq is_return is_entry overlaps_origin
        1         1        false     true     true
        1         2        true      false    false
        2         1        false     false    false
        """,
    )


def test_moves_outside_the_period_keep_their_numbers(sail: Engine) -> None:
    years = """
        author_id pub_year country_code n_field_works is_primary_in_field
        1         1998     US           1             true
        1         1999     CN           1             true
        1         2000     US           1             true
        1         2021     DE           1             true
        1         2022     US           1             true
    """
    rows = made(sail, years, "author_id is_simultaneous\n1 false")
    assert_rows(rows, MIGRATIONS, "move_seq move_year is_return\n2 2000 true\n3 2021 false")
    rows = made(sail, years, "author_id is_simultaneous\n1 false", first_year=1900, last_year=2100)
    assert_rows(rows, MIGRATIONS, "move_seq move_year\n1 1999\n2 2000\n3 2021\n4 2022")


def test_without_scientists_nobody_moves(sail: Engine) -> None:
    years = "author_id pub_year country_code n_field_works is_primary_in_field\n1 2001 US 1 true\n1 2002 CN 1 true"
    assert_rows(made(sail, years, "author_id is_simultaneous"), MIGRATIONS, "author_id")


def test_moves_chain(world: World) -> None:
    moves = {(row["author_id"], row["move_seq"]): row for row in world.rows("migrations")}
    assert moves
    for (author, sequence), move in moves.items():
        assert move["origin_country"] != move["destination_country"]
        if before := moves.get((author, sequence - 1)):
            assert before["destination_country"] == move["origin_country"]
            assert before["move_year"] <= move["last_origin_year"] < move["move_year"]


def test_empty(world: World) -> None:
    world.assert_empty_without_works("migrations")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("migrations")
