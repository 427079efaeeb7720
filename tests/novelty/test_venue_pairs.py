"""Table venue_pairs: sources cited together, beside chance."""

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, frame
from oracle import novelty as oracle
from scholarflow.engine import Engine
from scholarflow.novelty.venue_pairs import venue_pairs
from scholarflow.tables.canonical import WORKS
from scholarflow.tables.novelty import FIELD_REFERENCES, VENUE_PAIRS

# Sources 1 and 2 belong together, and so do 3 and 4; work 9 alone cites 1 with 3. Of 18 slots of one cited year each of
# 1 and 3 has five, so that the pair is expected 9 · 2 · 5 · 5 ÷ (18 · 17) times, and of 4 · 2 for 1 and 2:
# 9 · 2 · 5 · 4 ÷ (18 · 17).
REFERENCES = """
    work_id cited_work_id pub_year source_id cited_year
    1..4    101           2010     1         2005
    1..4    102           2010     2         2005
    5..8    103           2010     3         2005
    5..8    104           2010     4         2005
    9       101           2010     1         2005
    9       103           2010     3         2005
    20      101           2011     1         2005
    20      105           2011     1         2006
"""
SOURCES = """
    work_id pub_year source_id
    101     2005     1
    102     1999     2
    103     2005     3
    104     2001     4
    105     2006     1
    106     2004     3
    107     2020     null
"""


def made(engine: Engine, references: str = REFERENCES, null: str = "exact", **parameters: Any) -> DataFrame:
    works = frame(engine.spark, WORKS, SOURCES)
    return venue_pairs(frame(engine.spark, FIELD_REFERENCES, references), works, null=null, **parameters)


def test_worked_example(either: Engine) -> None:
    rows = made(either)
    assert_declared(rows, VENUE_PAIRS)
    assert_rows(
        rows,
        VENUE_PAIRS,
        """
        pub_year source_a source_b n_pairs mean_by_chance since
        2010     1        2        4       20/17          2005
        2010     1        3        1       25/17          2005
        2010     3        4        4       20/17          2004
        2011     1        1        1       1              2005
        """,
    )
    found = {(row["source_a"], row["source_b"]): row for row in rows.collect()}
    assert found[1, 3]["z"] < 0 < found[1, 2]["z"] == pytest.approx(found[3, 4]["z"])
    # Whoever is shuffled, the one work of 2011 cites source 1 twice.
    assert (found[1, 1]["sd_by_chance"], found[1, 1]["z"]) == (0, None)


def test_shuffles_are_the_published_null(either: Engine) -> None:
    exact, shuffled = (
        {(row["pub_year"], row["source_a"], row["source_b"]): row for row in rows.collect()}
        for rows in (made(either), made(either, null="shuffles", seed=1, shuffles=3000))
    )
    assert exact.keys() == shuffled.keys()
    for pair, row in exact.items():
        assert shuffled[pair]["mean_by_chance"] == pytest.approx(row["mean_by_chance"], abs=0.1), pair
        assert shuffled[pair]["sd_by_chance"] == pytest.approx(row["sd_by_chance"], abs=0.1), pair


def references_by_year(world: World) -> dict[int, list[oracle.Reference]]:
    found = defaultdict(list)
    for row in world.rows("field_references"):
        found[row["pub_year"]].append((row["work_id"], row["cited_work_id"], row["source_id"], row["cited_year"]))
    return found


def test_pair_by_pair_as_a_plain_program_finds_them(world: World) -> None:
    rows = defaultdict(dict)
    for row in world.rows("venue_pairs"):
        rows[row["pub_year"]][row["source_a"], row["source_b"]] = row
    expected = {year: oracle.counts(listed) for year, listed in references_by_year(world).items()}
    assert {year: {pair: row["n_pairs"] for pair, row in found.items()} for year, found in rows.items()} == {
        year: dict(counts) for year, counts in expected.items() if counts
    }
    year = max(rows, key=lambda year: len(rows[year]))
    shuffles = 400
    chance = oracle.by_chance(references_by_year(world)[year], shuffles, seed=1)
    off = [
        (row["mean_by_chance"] - chance[pair][0]) / (row["sd_by_chance"] / np.sqrt(shuffles))
        for pair, row in rows[year].items()
        if row["sd_by_chance"]
    ]
    assert len(off) > 100
    assert np.std(off) == pytest.approx(1, abs=0.25)
    assert np.abs(off).max() < 6


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("venue_pairs")


def test_empty(world: World) -> None:
    world.assert_empty_without_works("venue_pairs")
