"""Table scientist_strata: who may move when, and what movers and stayers are matched on."""

from typing import Any

from comparison.careers_by_hand import COVARIATES
from comparison.moves import BINS, PERIOD, by_hand, by_key, frames_of, strata_of
from frames import World, assert_declared, assert_rows, assert_same_rows, frame
from scholarflow.comparison.scientist_strata import scientist_strata
from scholarflow.engine import Engine
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, SCIENTIST_STRATA, SCIENTIST_YEARS, SCIENTISTS


# Author 1: 1999 is before the period, 2001 silent, in 2002 a country is carried on but not known. Author 2 moves.
# Author 3 held two countries at once. Halves of the citations at risk: 4 and 8 in 2000.
def test_worked_example(either: Engine) -> None:
    years = frame(
        either.spark,
        SCIENTIST_YEARS,
        """
        author_id pub_year country_code career_age n_works n_field_works cum_citations
        1         1999     US           0          1       1             0
        1         2000     US           1          3       2             4
        1         2001     US           2          0       0             4
        1         2002     US           3          1       1             9
        2         2000     CN           7          1       1             8
        2         2001     US           8          2       1             8
        3         2000     US           1          1       1             1
        """,
    )
    countries = frame(
        either.spark,
        AUTHOR_COUNTRY_YEARS,
        """
        author_id pub_year   country_code is_primary_in_field
        1         1999..2000 US           true
        1         2000       CN           false
        2         2000       CN           true
        2         2001       US           true
        3         2000       US           true
        """,
    )
    scientists = frame(either.spark, SCIENTISTS, "author_id is_simultaneous\n1..2 false\n3 true")
    rows = scientist_strata(years, countries, scientists, **BINS, **PERIOD)
    assert_declared(rows, SCIENTIST_STRATA)
    assert_rows(
        rows,
        SCIENTIST_STRATA,
        """
        author_id pub_year country_code n_field_works is_at_risk is_stayer bin_career_age bin_n_works bin_cum_citations fine_career_age fine_n_works fine_cum_citations
        1         2000     US           2             true       true      0              1           0                 0               3            0
        1         2001     US           0             false      false     null           null        null              null            null         null
        1         2002     US           1             false      false     null           null        null              null            null         null
        2         2000     CN           1             true       false     1              0           1                 2               1            1
        2         2001     US           1             true       false     1              1           0                 2               2            0
        """,  # noqa: E501
    )


def test_as_worked_out_year_by_year(sail: Engine) -> None:
    expected, strata = by_hand(200), frames_of(sail.spark, 200)["scientist_strata"]
    names = [f"{grid}_{name}" for grid in ("bin", "fine") for name in COVARIATES]
    found = by_key(strata, "author_id", "pub_year")
    at_risk: dict[Any, Any] = {unit: row for unit, row in found.items() if row["is_at_risk"]}
    assert len(found) == sum(len(years) for years in expected.years.values()) > len(at_risk)
    assert at_risk.keys() == expected.at_risk.keys()
    for unit, row in at_risk.items():
        wanted = (*expected.stratum[unit][1:], *expected.cell[unit][5:])
        assert tuple(row[name] for name in names) == wanted, unit
        assert row["is_stayer"] == (len(set(expected.primary[unit[0]].values())) == 1)


def test_repartitioning_changes_nothing(sail: Engine) -> None:
    frames = frames_of(sail.spark, 100)
    for n in (1, 7):
        spread = {name: rows.repartition(n) for name, rows in frames.items()}
        assert_same_rows(strata_of(spread), frames["scientist_strata"])


def test_empty(world: World) -> None:
    world.assert_empty_without_works("scientist_strata")
