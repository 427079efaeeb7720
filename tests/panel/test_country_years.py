"""Table country_years: what each country leads in each year."""

from collections import defaultdict

import pytest
from pyspark.sql import DataFrame

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
from scholarflow.panel.country_years import country_years
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, SCIENTISTS
from scholarflow.tables.derived import CITATION_WINDOWS, FIELD_WORKS, LED_WORKS
from scholarflow.tables.novelty import WORK_NOVELTY
from scholarflow.tables.results import COUNTRY_YEARS


def made(engine: Engine, windows: str = WINDOWS_ROWS) -> DataFrame:
    return country_years(
        frame(engine.spark, LED_WORKS, LED_WORKS_ROWS),
        frame(engine.spark, FIELD_WORKS, FIELD_WORKS_ROWS),
        frame(engine.spark, CITATION_WINDOWS, windows),
        frame(engine.spark, WORK_NOVELTY, NOVELTY_ROWS),
        frame(engine.spark, AUTHOR_COUNTRY_YEARS, AUTHOR_COUNTRY_YEARS_ROWS),
        frame(engine.spark, SCIENTISTS, SCIENTISTS_ROWS),
        first_year=2000,
        last_year=2021,
    )


def test_worked_example(either: Engine) -> None:
    rows = made(either)
    assert_declared(rows, COUNTRY_YEARS)
    assert_rows(
        rows,
        COUNTRY_YEARS,
        """
        country_code pub_year n_works share_works n_works_fractional n_scientists total_c2 mean_c2 n_international
        CN           2010     2       2/5         1.5                1            6        3       1
        US           2010     3       3/5         2.5                2            8        8/3     2
        US           2011     1       1           1                  1            0        0       0
        XK           2012     1       1           1                  0            4        4       0
        """,
    )
    # Hits of 2010: works 1 and 2 by a quarter each, the latter led by both. In 2011 no hits are defined; in 2012 they
    # are, and all of them led from nowhere known.
    assert_rows(
        rows,
        COUNTRY_YEARS,
        """
        country_code pub_year n_hits share_hits pp_top_1pct pp_top_10pct is_complete
        CN           2010     0.25   1/3        0.125       1/2          true
        US           2010     0.5    2/3        1/6         2/3          true
        US           2011     null   null       null        null         true
        XK           2012     0      null       0           1            false
        """,
    )
    # Means are of works that have a score.
    assert_rows(
        rows,
        COUNTRY_YEARS,
        """
        country_code pub_year mean_context_novelty share_context_hits mean_content_novelty share_content_hits
        CN           2010     2.5                  2/3                6                    1/2
        US           2010     0.5                  1/3                4                    1/2
        US           2011     null                 null               null                 null
        XK           2012     0.25                 1                  null                 null
        """,
    )


def test_shares_of_a_year_sum_to_one(world: World) -> None:
    sums: dict[tuple[int, str], list[float | None]] = defaultdict(list)
    for row in world.rows("country_years"):
        for share in ("share_works", "share_hits", "share_context_hits", "share_content_hits"):
            sums[row["pub_year"], share].append(row[share])
    assert any(None in shares for shares in sums.values())
    for (_, share), shares in sums.items():
        known = [value for value in shares if value is not None]
        # A country whose works have no score has no share of the newest.
        assert len(known) in (0, len(shares)) or share in ("share_context_hits", "share_content_hits")
        assert not known or sum(known) == pytest.approx(1)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("country_years")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("country_years")
