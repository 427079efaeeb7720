"""Table author_country_years: where an author published when."""

from collections import Counter

import pytest
from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, frame, signed_works
from scholarflow.career.author_country_years import author_country_years
from scholarflow.engine import Engine
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS
from scholarflow.tables.derived import FIELD_WORKS


def made(engine: Engine, signed: str, field: str) -> DataFrame:
    return author_country_years(
        signed_works(engine.spark, signed), frame(engine.spark, FIELD_WORKS, f"work_id\n{field}")
    )


# Author 1, 2001: two US works, one of the field and one not; one Chinese field work, listed by two institutions.
#   Of all works the US leads 2 to 1; in the field they tie at 1, and so over the career: China comes first.
# Author 2, 2001: one work each; over the career Germany has two, before France in the alphabet or not.
# Author 3: neither has a field work; Austria comes before the US.
# Works without author id and without country give no row.
def test_worked_example(either: Engine) -> None:
    rows = made(
        either,
        """
        work_id author_id country_code institution_id pub_year
        1       1         US           10             2001
        2       1         US           10             2001
        3       1         CN           20             2001
        3       1         CN           21             2001
        4       2         FR           30             2001
        5       2         GB           40             2001
        6       2         GB           40             2002
        7       3         US           10             2001
        8       3         AT           50             2001
        1       null      US           10             2001
        2       4         null         null           2001
        """,
        field="2..6",
    )
    assert_declared(rows, AUTHOR_COUNTRY_YEARS)
    assert_rows(
        rows,
        AUTHOR_COUNTRY_YEARS,
        """
        author_id pub_year country_code n_works n_field_works is_primary is_primary_in_field
        1         2001     CN           1       1             false      true
        1         2001     US           2       1             true       false
        2         2001     FR           1       1             false      false
        2         2001     GB           1       1             true       true
        2         2002     GB           1       1             true       true
        3         2001     AT           1       0             true       false
        3         2001     US           1       0             false      false
        """,
    )


# The tie of 2001 is broken by all works of the career for is_primary, by field works alone for is_primary_in_field.
def test_ties_look_at_the_same_count_over_the_career(sail: Engine) -> None:
    rows = made(
        sail,
        """
        work_id author_id country_code pub_year
        1       1         US           2001
        2       1         CN           2001
        3..4    1         CN           2002
        5       1         US           2003
        """,
        field="1..2\n5",
    )
    assert_rows(
        rows.where("pub_year = 2001"),
        AUTHOR_COUNTRY_YEARS,
        "country_code is_primary is_primary_in_field\nCN true false\nUS false true",
    )


# More works than fit in sixteen bits of the ranking key, and a tie decided behind them.
@pytest.mark.slow
def test_large_counts_do_not_run_into_each_other(sail: Engine) -> None:
    rows = made(
        sail,
        """
        work_id        author_id country_code pub_year
        1..70000       1         US           2001
        100001..170000 1         CN           2001
        200000         1         US           2002
        """,
        field="1",
    )
    assert_rows(
        rows,
        AUTHOR_COUNTRY_YEARS,
        "country_code pub_year n_works is_primary\nCN 2001 70000 false\nUS 2001 70000 true\nUS 2002 1 true",
    )


@pytest.mark.slow
def test_one_primary_country_a_year(world: World) -> None:
    rows = world.rows("author_country_years")
    active = {(row["author_id"], row["pub_year"]) for row in rows}
    primary = Counter((row["author_id"], row["pub_year"]) for row in rows if row["is_primary"])
    in_field = Counter((row["author_id"], row["pub_year"]) for row in rows if row["is_primary_in_field"])
    assert primary == dict.fromkeys(active, 1)
    assert in_field == dict.fromkeys({(r["author_id"], r["pub_year"]) for r in rows if r["n_field_works"]}, 1)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("author_country_years")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("author_country_years")
