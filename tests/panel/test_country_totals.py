"""Table country_totals: what each country leads, pooled over the period."""

from collections import defaultdict
from typing import Any

import pytest

from frames import World, assert_declared, assert_rows, frame
from panel.leading import (
    AUTHOR_COUNTRY_YEARS_ROWS,
    FIELD_WORKS_ROWS,
    LED_WORKS_ROWS,
    NOVELTY_ROWS,
    SCIENTISTS_ROWS,
    WINDOWS_ROWS,
)
from scholarflow.engine import Engine
from scholarflow.panel.country_totals import country_totals
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, SCIENTISTS
from scholarflow.tables.derived import CITATION_WINDOWS, FIELD_WORKS, LED_WORKS
from scholarflow.tables.novelty import WORK_NOVELTY
from scholarflow.tables.results import COUNTRY_TOTALS


# Complete: 2010 and 2011 (the last full year is 2013). The US: works 1, 2, 3, 5; the undefined hits of 2011 add none.
def test_worked_example(either: Engine) -> None:
    rows = country_totals(
        frame(either.spark, LED_WORKS, LED_WORKS_ROWS),
        frame(either.spark, FIELD_WORKS, FIELD_WORKS_ROWS),
        frame(either.spark, CITATION_WINDOWS, WINDOWS_ROWS),
        frame(either.spark, WORK_NOVELTY, NOVELTY_ROWS),
        frame(either.spark, AUTHOR_COUNTRY_YEARS, AUTHOR_COUNTRY_YEARS_ROWS),
        frame(either.spark, SCIENTISTS, SCIENTISTS_ROWS),
        first_year=2000,
        last_year=2021,
        last_full_year=2013,
    )
    assert_declared(rows, COUNTRY_TOTALS)
    # Author 11 counts once in each country, however many years; the year 2013 has scientists and no led work.
    assert_rows(
        rows,
        COUNTRY_TOTALS,
        """
        country_code years    n_works share_works n_works_fractional n_scientists total_c2 mean_c2 n_international
        CN           period   2       2/7         1.5                1            6        3       1
        US           period   4       4/7         3.5                2            8        2       2
        XK           period   1       1/7         1                  0            4        4       0
        CN           complete 2       1/3         1.5                1            6        3       1
        US           complete 4       2/3         3.5                2            8        2       2
        """,
    )
    assert_rows(
        rows,
        COUNTRY_TOTALS,
        """
        country_code years    n_hits share_hits pp_top_1pct pp_top_10pct is_complete
        CN           period   0.25   1/3        0.125       1/2          true
        US           period   0.5    2/3        0.125       1/2          true
        XK           period   0      0          0           1            false
        CN           complete 0.25   1/3        0.125       1/2          true
        US           complete 0.5    2/3        0.125       1/2          true
        """,
    )
    assert_rows(
        rows,
        COUNTRY_TOTALS,
        """
        country_code years    mean_context_novelty share_context_hits mean_content_novelty share_content_hits
        CN           period   2.5                  2/7                6                    1/2
        US           period   0.5                  1/7                4                    1/2
        XK           period   0.25                 4/7                null                 null
        CN           complete 2.5                  2/3                6                    1/2
        US           complete 0.5                  1/3                4                    1/2
        """,
    )
    assert_rows(
        rows,
        COUNTRY_TOTALS,
        """
        country_code years    rank_works rank_scientists rank_c2 rank_hits
        CN           period   2          2               2       2
        US           period   1          1               1       1
        XK           period   3          3               3       3
        CN           complete 2          2               2       2
        US           complete 1          1               1       1
        """,
    )


def test_equals_share_the_better_rank_and_no_hits_have_none(sail: Engine) -> None:
    rows = country_totals(
        frame(sail.spark, LED_WORKS, "work_id pub_year lead_country\n1 2010 AT\n2 2010 BE\n3 2010 CZ\n4 2010 CZ"),
        frame(sail.spark, FIELD_WORKS, "work_id lead_countries countries\n1..4 [AT] [AT]"),
        frame(sail.spark, CITATION_WINDOWS, "work_id c2 hit_1pct hit_10pct c2_complete\n1..4 1 null null false"),
        frame(
            sail.spark,
            WORK_NOVELTY,
            "work_id context_novelty context_hit_1pct content_novelty content_hit_1pct\n1..4 null null null null",
        ),
        frame(sail.spark, AUTHOR_COUNTRY_YEARS, "author_id pub_year country_code n_field_works"),
        frame(sail.spark, SCIENTISTS, "author_id"),
        first_year=2000,
        last_year=2021,
        last_full_year=2011,
    )
    assert_rows(
        rows,
        COUNTRY_TOTALS,
        """
        country_code years  n_works rank_works rank_scientists rank_c2 n_hits share_hits rank_hits
        AT           period 1       2          1               2       null   null       null
        BE           period 1       2          1               2       null   null       null
        CZ           period 2       1          1               1       null   null       null
        """,
    )


def test_years_add_up_to_the_period(world: World) -> None:
    years: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(float))
    summed = ("n_works", "n_works_fractional", "total_c2", "n_hits", "n_international")
    for row in world.rows("country_years"):
        for name in summed:
            years[row["country_code"]][name] += row[name] or 0
    period = [row for row in world.rows("country_totals") if row["years"] == "period"]
    assert {row["country_code"] for row in period} == set(years)
    for row in period:
        assert {name: row[name] or 0 for name in summed} == pytest.approx(dict(years[row["country_code"]]))
    for share in ("share_works", "share_hits"):
        assert sum(row[share] for row in period) == pytest.approx(1)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("country_totals")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("country_totals")
