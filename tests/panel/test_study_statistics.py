"""Table study_statistics: single numbers, beside the paper's."""

import numpy as np
import pytest
from pyspark.sql import DataFrame
from scipy import stats

from comparison.moves import MOVES, PARTNERS, STRATA, Frames, by_hand, by_key, frames_of
from frames import World, assert_declared, assert_rows, config_of, frame
from scholarflow.engine import Engine
from scholarflow.panel.published import FIGURES, figures_of
from scholarflow.panel.study_statistics import study_statistics
from scholarflow.tables.careers import (
    MIGRATIONS,
    SCIENTIST_PARTNER_YEARS,
    SCIENTIST_STRATA,
    SCIENTIST_YEARS,
    SCIENTISTS,
)
from scholarflow.tables.derived import CITATION_WINDOWS, FIELD_WORKS
from scholarflow.tables.results import COUNTRY_TOTALS, STUDY_STATISTICS


# Three works of the period, two of them led from somewhere known. c2 and c5 of works with a complete c5: (1, 2),
# (3, 4), (2, 6): r = Σ(x−2)(y−4) ÷ √(2 · 8) = 2 ÷ 4; no interval of three. Work 4 is before the period, 5 incomplete.
# From the US move author 1, at 4 years with 6 of 8 works with the US from then on, 2 of 4 while in China, and author 6,
# at 9 years with 1 of 1: on one line. To the US moves author 3 alone: no variance.
def test_worked_example(either: Engine) -> None:
    works = frame(
        either.spark,
        FIELD_WORKS,
        "work_id pub_year lead_countries\n1 2010 [US]\n2 2011 [CN,US]\n3 2011 []\n4 1999 [US]",
    )
    windows = frame(
        either.spark,
        CITATION_WINDOWS,
        """
        work_id pub_year c2 c5 c5_complete
        1       2010     1  2  true
        2       2011     3  4  true
        3       2011     2  6  true
        4       1999     9  9  true
        5       2021     9  9  false
        """,
    )
    totals = frame(
        either.spark,
        COUNTRY_TOTALS,
        """
        country_code years    n_works share_works n_scientists total_c2 share_hits
        US           period   2       2/3         4            4        null
        US           complete 1       1/2         3            3        null
        GB           period   1       1/3         1            1        null
        """,
    )
    scientists = frame(either.spark, SCIENTISTS, "author_id\n1..4")
    careers = {
        "migrations": frame(either.spark, MIGRATIONS, MOVES),
        "scientist_years": frame(
            either.spark, SCIENTIST_YEARS, "author_id pub_year career_age\n1 2005 4\n1 2006 5\n3 2006 2\n6 2005 9"
        ),
        "scientist_strata": frame(either.spark, SCIENTIST_STRATA, STRATA),
        "scientist_partner_years": frame(either.spark, SCIENTIST_PARTNER_YEARS, PARTNERS),
    }
    rows = study_statistics(
        works,
        scientists,
        windows,
        totals,
        *careers.values(),
        pairs=[["US", "CN"]],
        published=[("works", "US", 1_365_452.0), ("works", "CN", 957_840.0)],
        first_year=2000,
        last_year=2021,
    )
    assert_declared(rows, STUDY_STATISTICS)
    assert_rows(
        rows,
        STUDY_STATISTICS,
        """
        statistic                             subset value ci_low ci_high n published_value
        field_works_led                       all    2     null   null    2 null
        scientists                            all    4     null   null    4 null
        works                                 US     2     null   null    2 1365452
        share_works                           US     2/3   null   null    2 null
        scientists                            US     4     null   null    4 null
        total_c2                              US     4     null   null    2 null
        share_hits                            US     null  null   null    2 null
        correlation_c2_c5                     all    1/2   null   null    3 null
        correlation_age_origin_share          US>CN  1     null   null    2 null
        correlation_age_origin_share          CN>US  null  null   null    1 null
        correlation_age_origin_share_staying  US>CN  1     null   null    2 null
        correlation_age_origin_share_staying  CN>US  null  null   null    1 null
        """,
    )


def test_correlation_is_scipys(world: World) -> None:
    first, last = world.context.config.study.first_year, world.context.config.study.last_year
    windows = [r for r in world.rows("citation_windows") if r["c5_complete"] and first <= r["pub_year"] <= last]
    found = next(r for r in world.rows("study_statistics") if r["statistic"] == "correlation_c2_c5")
    expected = stats.pearsonr(np.array([r["c2"] for r in windows]), np.array([r["c5"] for r in windows]))
    interval = expected.confidence_interval(0.95)
    assert found["n"] == len(windows) > 100
    assert (found["value"], found["ci_low"], found["ci_high"]) == pytest.approx(
        (expected.statistic, interval.low, interval.high)
    )


def test_age_and_share_as_scipy_has_them_of_careers(sail: Engine) -> None:
    expected = by_hand(500)
    found = by_key(_of_careers(frames_of(sail.spark, 500)), "statistic", "subset")
    for staying, statistic in ((False, "correlation_age_origin_share"), (True, "correlation_age_origin_share_staying")):
        for origin, destination in (("CN", "US"), ("US", "CN")):
            movers = expected.movers[origin, destination]
            met = [expected.from_then_on(unit, origin, is_mover=True, staying=staying) for unit in movers]
            ages = [expected.at_risk[unit]["career_age"] for unit in movers]
            told = stats.pearsonr(ages, [of_met / of_works for of_met, of_works in met])
            interval = told.confidence_interval(0.95)
            row = found[statistic, f"{origin}>{destination}"]
            assert row["n"] == len(movers) > 20
            # Shares are whole parts of 720,720.
            assert [row[name] for name in ("value", "ci_low", "ci_high")] == pytest.approx(
                [told.statistic, interval.low, interval.high], abs=1e-5
            )


def _of_careers(frames: Frames) -> DataFrame:
    spark = frames["migrations"].sparkSession
    tables = (FIELD_WORKS, SCIENTISTS, CITATION_WINDOWS, COUNTRY_TOTALS)
    nothing = (spark.createDataFrame([], table.stored_schema) for table in tables)
    names = ("migrations", "scientist_years", "scientist_strata", "scientist_partner_years")
    pairs = [["US", "CN"]]
    careers = (frames[name] for name in names)
    return study_statistics(*nothing, *careers, pairs=pairs, published=[], first_year=2000, last_year=2009)


def test_published_figures_stand_beside_the_papers_question_only() -> None:
    assert figures_of(config_of().study) == FIGURES
    assert figures_of(config_of(study__first_year=2001).study) == {}
    assert figures_of(config_of(study__fields=[77088390]).study) == {}


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("study_statistics")
