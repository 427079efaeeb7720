"""Table study_statistics: single numbers, beside the paper's."""

import numpy as np
import pytest
from scipy import stats

from frames import World, assert_declared, assert_rows, config_of, frame
from scholarflow.engine import Engine
from scholarflow.panel.published import FIGURES, figures_of
from scholarflow.panel.study_statistics import study_statistics
from scholarflow.tables.derived import CITATION_WINDOWS, FIELD_WORKS, SCIENTISTS
from scholarflow.tables.results import COUNTRY_TOTALS, STUDY_STATISTICS


# Three works of the period, two of them led from somewhere known. c2 and c5 of works with a complete c5: (1, 2),
# (3, 4), (2, 6): r = Σ(x−2)(y−4) ÷ √(2 · 8) = 2 ÷ 4; no interval of three. Work 4 is before the period, 5 incomplete.
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
    rows = study_statistics(
        works,
        scientists,
        windows,
        totals,
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
        statistic         subset value ci_low ci_high n published_value
        field_works_led   all    2     null   null    2 null
        scientists        all    4     null   null    4 null
        works             US     2     null   null    2 1365452
        share_works       US     2/3   null   null    2 null
        scientists        US     4     null   null    2 null
        total_c2          US     4     null   null    2 null
        share_hits        US     null  null   null    2 null
        correlation_c2_c5 all    1/2   null   null    3 null
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


def test_published_figures_stand_beside_the_papers_question_only() -> None:
    assert figures_of(config_of().study) == FIGURES
    assert figures_of(config_of(study__first_year=2001).study) == {}
    assert figures_of(config_of(study__fields=[77088390]).study) == {}


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("study_statistics")
