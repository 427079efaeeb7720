"""Tables coverage_years and coverage_country_years: how much is known about the field works."""

import pytest

from frames import World, assert_declared, assert_rows, frame
from scholarflow.engine import Engine
from scholarflow.panel.coverage import coverage_country_years, coverage_years
from scholarflow.tables.derived import FIELD_WORKS
from scholarflow.tables.results import COVERAGE_COUNTRY_YEARS, COVERAGE_YEARS

# 1: all known. 2: the lead's country is not; Chinese, without references. 3: a cut list, language unknown.
# 4: no authors at all. 2011: no language is known, as in MAG. 1999 is before the period.
WORKS = """
    work_id pub_year n_authors n_authors_with_country lead_countries countries n_references language
    1       2010     1         1                      [US]           [US]      2            en
    2       2010     2         1                      []             [CN]      0            zh
    3       2010     5000      1                      []             [US]      1            null
    4       2010     0         0                      []             []        0            en
    5       2011     1         1                      [CN]           [CN,US]   0            null
    6       1999     1         1                      [US]           [US]      3            en
"""
PERIOD = {"first_year": 2000, "last_year": 2021}


def test_worked_example_by_year(either: Engine) -> None:
    rows = coverage_years(frame(either.spark, FIELD_WORKS, WORKS), **PERIOD)
    assert_declared(rows, COVERAGE_YEARS)
    assert_rows(
        rows,
        COVERAGE_YEARS,
        """
        pub_year n_field_works share_lead_country share_all_countries share_references share_english
        2010     4             1/4                1/4                 1/2              1/2
        2011     1             1                  1                   0                null
        """,
    )


def test_worked_example_by_country(either: Engine) -> None:
    rows = coverage_country_years(frame(either.spark, FIELD_WORKS, WORKS), **PERIOD)
    assert_declared(rows, COVERAGE_COUNTRY_YEARS)
    assert_rows(
        rows,
        COVERAGE_COUNTRY_YEARS,
        """
        country_code pub_year n_field_works share_lead_country share_all_countries share_references share_english
        CN           2010     1             0                  0                   0                0
        CN           2011     1             1                  1                   0                null
        US           2010     2             1/2                1/2                 1                1/2
        US           2011     1             1                  1                   0                null
        """,
    )


def test_every_field_work_of_the_period_is_covered(world: World) -> None:
    works = [work for work in world.rows("field_works") if 2000 <= work["pub_year"] <= 2021]
    assert sum(row["n_field_works"] for row in world.rows("coverage_years")) == len(works)
    listed = sum(len(work["countries"]) for work in works)
    assert sum(row["n_field_works"] for row in world.rows("coverage_country_years")) == listed


@pytest.mark.parametrize("table", ["coverage_years", "coverage_country_years"])
def test_empty(world: World, table: str) -> None:
    world.assert_empty_without_works(table)


@pytest.mark.parametrize("table", ["coverage_years", "coverage_country_years"])
def test_repartitioning_changes_nothing(world: World, table: str) -> None:
    world.assert_repartitioning_changes_nothing(table)
