"""Table work_novelty: how new a work's company is."""

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, frame
from novelty import test_venue_pairs as pairs
from oracle import novelty as oracle
from scholarflow.engine import Engine
from scholarflow.novelty.context_scores import quantiles_in_runs
from scholarflow.novelty.work_novelty import work_novelty
from scholarflow.tables.derived import FIELD_WORKS
from scholarflow.tables.novelty import CONTENT_NOVELTY, FIELD_REFERENCES, VENUE_PAIRS, WORK_NOVELTY

FIELD = """
    work_id pub_year
    1..10   2010
    20      2011
"""
# Two works have content novelty; work 2 has a keyword, and no score.
CONTENT = """
    work_id content_novelty content_percentile content_percentile_adjusted
    1       4.5             75                 50
    2       null            null               null
    3       0.5             25                 50
"""


def made(engine: Engine, venue_pairs: DataFrame, settled_year: int = 2015) -> DataFrame:
    return work_novelty(
        frame(engine.spark, FIELD_WORKS, FIELD),
        frame(engine.spark, FIELD_REFERENCES, pairs.REFERENCES),
        venue_pairs,
        frame(engine.spark, CONTENT_NOVELTY, CONTENT),
        settled_year=settled_year,
        ties="fractional",
    )


def test_the_odd_pair_makes_its_work_the_newest(either: Engine) -> None:
    rows = made(either, pairs.made(either))
    assert_declared(rows, WORK_NOVELTY)
    found = {row["work_id"]: row for row in rows.collect()}
    ranked = sorted(
        (id_ for id_ in found if found[id_]["n_venue_pairs"]), key=lambda id_: -found[id_]["context_novelty"]
    )
    assert ranked[0] == 9
    assert len({found[id_]["context_novelty"] for id_ in range(1, 9)}) == 1
    # Nine works have a score, so that the most novel 1 % are 0.09 works; work 10 cites nothing, 20 what cannot vary.
    assert {id_: found[id_]["context_hit_1pct"] for id_ in (1, 9, 10, 20)} == {
        1: 0,
        9: pytest.approx(0.09),
        10: None,
        20: None,
    }


def test_scores_are_quantiles_of_the_pairs(either: Engine) -> None:
    known = frame(
        either.spark,
        VENUE_PAIRS,
        """
        pub_year source_a source_b z    since
        2010     1        2        2.5  2016
        2010     1        3        -1.5 2015
        2010     3        4        0.5  1990
        2011     1        1        null 1990
        """,
    )
    assert_rows(
        made(either, known),
        WORK_NOVELTY,
        """
        work_id pub_year context_novelty context_median_z context_novelty_settled n_venue_pairs
        1..4    2010     -2.5            2.5              null                    1
        5..8    2010     -0.5            0.5              -0.5                    1
        9       2010     1.5             -1.5             1.5                     1
        10      2010     null            null             null                    0
        20      2011     null            null             null                    0
        """,
    )


def test_content_stands_beside(either: Engine) -> None:
    rows = made(either, pairs.made(either)).where("work_id <= 4")
    assert_rows(
        rows,
        WORK_NOVELTY,
        """
        work_id content_novelty content_percentile content_percentile_adjusted content_hit_1pct
        1       4.5             75                 50                          0.02
        2       null            null               null                        null
        3       0.5             25                 50                          0
        4       null            null               null                        null
        """,
    )


def test_work_by_work_as_a_plain_program_finds_them(world: World) -> None:
    z: dict[int, dict[Any, Any]] = defaultdict(dict)
    since = {}
    for row in world.rows("venue_pairs"):
        pair = row["source_a"], row["source_b"]
        z[row["pub_year"]][pair], since[pair] = row["z"], row["since"]
    found = {row["work_id"]: row for row in world.rows("work_novelty")}
    assert found.keys() == {row["work_id"] for row in world.rows("field_works")}
    scored = 0
    for year, references in pairs.references_by_year(world).items():
        expected = oracle.scores(references, z[year])
        settled = oracle.scores(references, z[year], keep=lambda pair: since[pair] <= 2015)
        for work in {reference[0] for reference in references}:
            row = found.pop(work)
            if work not in expected:
                assert (row["context_novelty"], row["n_venue_pairs"]) == (None, 0)
                continue
            scored += 1
            assert row["context_novelty"] == pytest.approx(-expected[work]["low"])
            assert row["context_median_z"] == pytest.approx(expected[work]["median"])
            assert row["n_venue_pairs"] == expected[work]["n"]
            tail = row["context_novelty_settled"]
            assert tail == (pytest.approx(-settled[work]["low"]) if work in settled else None)
    assert scored > 100
    assert all(row["context_novelty"] is None for row in found.values())


def test_hits_of_a_year_are_a_hundredth_of_its_scored_works(world: World) -> None:
    of_year: dict[int, list[Any]] = defaultdict(list)
    for row in world.rows("work_novelty"):
        if row["context_novelty"] is not None:
            of_year[row["pub_year"]].append(row["context_hit_1pct"])
    assert len(of_year) > 5
    for weights in of_year.values():
        assert sum(weights) == pytest.approx(len(weights) / 100)


def test_quantiles_are_those_of_numpy() -> None:
    rng = np.random.default_rng(1)
    run = np.sort(rng.integers(0, 40, 300)) * 5
    value, n = rng.integers(-9, 9, 300) / 3, rng.integers(1, 5, 300)
    value = value[np.lexsort((value, run))]
    runs, found = quantiles_in_runs(run, value, n, (0.1, 0.5, 1.0))
    assert runs.tolist() == np.unique(run).tolist()
    for quantile, values in zip((0.1, 0.5, 1.0), found, strict=True):
        expected = [np.quantile(np.repeat(value[run == r], n[run == r]), quantile) for r in runs]
        np.testing.assert_allclose(values, expected)


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("work_novelty")


def test_empty(world: World) -> None:
    world.assert_empty_without_works("work_novelty")
