"""Table country_spells: runs of one primary country."""

from itertools import pairwise

import pytest

from frames import World, assert_declared, assert_rows, frame
from scholarflow.career.country_spells import country_spells
from scholarflow.engine import Engine
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, COUNTRY_SPELLS


# Author 1 is silent in 2003–2004, which ends no run; the Chinese works of 2002 are in no run; back in the US in 2009.
def test_worked_example(either: Engine) -> None:
    years = frame(
        either.spark,
        AUTHOR_COUNTRY_YEARS,
        """
        author_id pub_year country_code n_works is_primary
        1         2001     US           2       true
        1         2002     US           3       true
        1         2002     CN           2       false
        1         2005     US           1       true
        1         2006     CN           1       true
        1         2009     US           4       true
        2         2001     CN           1       true
        """,
    )
    made = country_spells(years)
    assert_declared(made, COUNTRY_SPELLS)
    assert_rows(
        made,
        COUNTRY_SPELLS,
        """
        author_id spell country_code start_year end_year n_works
        1         1     US           2001       2005     6
        1         2     CN           2006       2006     1
        1         3     US           2009       2009     4
        2         1     CN           2001       2001     1
        """,
    )


@pytest.mark.slow
def test_runs_follow_one_another_and_hold_every_active_year(world: World) -> None:
    by_author: dict[int, list[dict[str, object]]] = {}
    for row in sorted(world.rows("country_spells"), key=lambda row: (row["author_id"], row["spell"])):
        by_author.setdefault(row["author_id"], []).append(row)
    assert any(len(spells) > 1 for spells in by_author.values())
    for spells in by_author.values():
        assert [spell["spell"] for spell in spells] == list(range(1, len(spells) + 1))
        for before, after in pairwise(spells):
            assert before["end_year"] < after["start_year"]  # type: ignore[operator]
            assert before["country_code"] != after["country_code"]
    primary = [row for row in world.rows("author_country_years") if row["is_primary"]]
    assert sum(s["n_works"] for s in world.rows("country_spells")) == sum(row["n_works"] for row in primary)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("country_spells")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("country_spells")
