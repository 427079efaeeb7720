"""Table panel_scientist_years: scientists by year, moves in every direction, movers and whom they are compared with."""

import math
from functools import partial

import pytest
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from comparison.careers_by_hand import drawn_careers
from comparison.moves import MOVES, PARTNERS, PRIMARY, STRATA, collaboration_of, frames_of
from frames import World, assert_declared, assert_rows, assert_same_rows, frame
from panel.pairs import assert_pairs, unfolded, written
from scholarflow.engine import Engine
from scholarflow.panel.panel_scientist_years import panel_scientist_years
from scholarflow.tables.careers import (
    AUTHOR_COUNTRY_YEARS,
    MIGRATIONS,
    SCIENTIST_PARTNER_YEARS,
    SCIENTIST_STRATA,
    SCIENTIST_YEARS,
    SCIENTISTS,
)
from scholarflow.tables.panels import PANEL_SCIENTIST_YEARS

panel_of = partial(panel_scientist_years, pairs=[["US", "CN"]], first_year=2000, last_year=2009)
INPUTS = (
    "scientist_years",
    "scientists",
    "migrations",
    "scientist_partner_years",
    "scientist_strata",
    "author_country_years",
)


# Careers of the worked example of post_move_collaboration, some of their years. US → CN in 2005: author 1, with
# controls 2 and 3; 4 was in the US before, 5 and the mover 6 are of other bins. CN → US in 2006: author 3 alone.
def test_worked_example(either: Engine) -> None:
    years = frame(
        either.spark,
        SCIENTIST_YEARS,
        """
        author_id pub_year country_code career_age n_works n_field_works cum_works citations_received cum_citations
        1         1999     null         0          1       1             1         0                  0
        1         2004     US           5          1       1             2         4                  6
        1         2005     CN           6          2       2             4         0                  6
        2         2005     CN           0          1       1             1         0                  0
        3         2005     CN           0          3       2             3         0                  0
        3         2006     US           1          1       1             4         2                  2
        3         2007     US           2          0       0             4         1                  3
        4         2005     CN           6          1       1             2         0                  0
        5         2005     CN           6          1       1             2         0                  0
        6         2005     CN           1          1       1             2         0                  0
        8         2001     null         0          1       0             1         0                  0
        """,
    )
    scientists = frame(
        either.spark,
        SCIENTISTS,
        "author_id first_pub_year is_simultaneous\n1 1999 false\n2..3 2005 false\n4..5 1999 false\n6 2004 false\n"
        "8 2001 true",
    )
    made = panel_of(
        years,
        scientists,
        frame(either.spark, MIGRATIONS, MOVES),
        frame(either.spark, SCIENTIST_PARTNER_YEARS, PARTNERS),
        frame(either.spark, SCIENTIST_STRATA, STRATA),
        frame(either.spark, AUTHOR_COUNTRY_YEARS, PRIMARY),
    )
    rows = written(made)
    assert_declared(rows, PANEL_SCIENTIST_YEARS)
    assert_rows(
        rows.where("author_id IN (1, 3, 8)"),
        PANEL_SCIENTIST_YEARS,
        """
        author_id pub_year country_key is_simultaneous first_pub_year career_age n_works n_field_works citations_received prior_works prior_citations
        1         2004     US          false           1999           5          1       1             4                  1           2
        1         2005     CN          false           1999           6          2       2             0                  2           6
        3         2005     CN          false           2005           0          3       2             0                  0           0
        3         2006     US          false           2005           1          1       1             2                  3           0
        3         2007     US          false           2005           2          0       0             1                  4           2
        8         2001     unknown     true            2001           0          1       0             0                  0           0
        """,  # noqa: E501
    )
    assert all(row["log1p_n_works"] == math.log1p(row["n_works"]) for row in rows.collect())
    assert_pairs(
        rows.where("author_id < 8"),
        """
        author_id pub_year origin_country destination_country has_moved move_year years_since_move n_works_with_origin n_works_with_destination is_treated stratum_id cem_weight
        1         2004     US             CN                  false     2005      -1               0                   1                        false      ''         0.0
        1         2004     CN             US                  false     null      null             1                   0                        false      2004-0-0-0 0.0
        1         2005     US             CN                  true      2005      0                1                   0                        true       2005-0-0-0 1.0
        1         2005     CN             US                  false     null      null             0                   1                        false      ''         0.0
        2         2005     US             CN                  false     null      null             0                   0                        false      2005-0-0-0 1.0
        2         2005     CN             US                  false     null      null             0                   0                        false      ''         0.0
        3         2005     US             CN                  false     null      null             0                   0                        false      2005-0-0-0 1.0
        3         2005     CN             US                  false     2006      -1               0                   0                        false      ''         0.0
        3         2006     US             CN                  false     null      null             1                   0                        false      ''         0.0
        3         2006     CN             US                  true      2006      0                0                   1                        true       2006-0-0-0 0.0
        3         2007     US             CN                  false     null      null             0                   0                        false      ''         0.0
        3         2007     CN             US                  true      2006      1                0                   0                        false      ''         0.0
        4         2005     US             CN                  false     null      null             1                   0                        false      ''         0.0
        4         2005     CN             US                  false     null      null             0                   1                        false      ''         0.0
        5         2005     US             CN                  false     null      null             0                   0                        false      2005-1-0-0 0.0
        5         2005     CN             US                  false     null      null             0                   0                        false      ''         0.0
        6         2005     US             CN                  true      2005      0                1                   0                        true       2005-0-1-0 0.0
        6         2005     CN             US                  false     null      null             0                   1                        false      ''         0.0
        """,  # noqa: E501
    )


def drawn(engine: Engine, n: int) -> list[DataFrame]:
    frames = frames_of(engine.spark, n)
    firsts = frames["scientist_years"].groupBy("author_id").agg({"pub_year": "min"})
    firsts = firsts.withColumnRenamed("min(pub_year)", "first_pub_year")
    scientists = frames["scientists"].select("author_id", "is_simultaneous").join(firsts, "author_id")
    none = F.lit(0).cast("bigint")
    received = frames["scientist_years"].withColumns(
        {"citations_received": none, "cum_works": F.col("n_works"), "cum_citations": none}
    )
    frames |= {"scientists": scientists, "scientist_years": received}
    return [frames[name] for name in INPUTS]


def test_matched_as_in_post_move_collaboration(sail: Engine) -> None:
    units = unfolded(panel_of(*drawn(sail, 500)))
    found = collaboration_of(frames_of(sail.spark, 500)).where("sample = 'all'").collect()
    pairs = [row for row in found if {row["origin_country"], row["destination_country"]} == {"US", "CN"}]
    assert len(pairs) == 2
    for row in pairs:
        of_direction = [unit for unit in units if unit["origin_country"] == row["origin_country"]]
        matched = [unit for unit in of_direction if unit["cem_weight"] > 0]
        controls = [unit for unit in matched if not unit["is_treated"]]
        assert sum(unit["is_treated"] for unit in of_direction) == row["n_movers"]
        assert len(matched) - len(controls) == row["n_matched"] > 0
        assert len(controls) == row["n_controls"]
        assert len({unit["author_id"] for unit in controls}) == row["n_control_scientists"]
        weights = [unit["cem_weight"] for unit in controls]
        assert sum(weights) == pytest.approx(len(controls))
        assert sum(weights) ** 2 / sum(w * w for w in weights) == pytest.approx(row["ess_controls"])


def test_partitions_and_order_change_nothing(sail: Engine) -> None:
    frames = drawn(sail, 200)
    once = panel_of(*frames)
    for n in (1, 7):
        assert_same_rows(panel_of(*(rows.repartition(n) for rows in frames)), once)


def test_every_year_of_every_scientist(world: World) -> None:
    rows = world.rows("panel_scientist_years")
    expected = {
        (s["author_id"], year)
        for s in world.rows("scientists")
        for year in range(max(2000, s["first_pub_year"]), min(2021, s["last_pub_year"]) + 1)
    }
    assert {(row["author_id"], row["pub_year"]) for row in rows} == expected
    assert len(rows) == len(expected)
    assert any(row["n_works"] == 0 for row in rows)
    for row in rows:
        assert [(p["origin_country"], p["destination_country"]) for p in row["pairs"]] == [("CN", "US"), ("US", "CN")]


def test_moves_are_the_entries_of_migrations(sail: Engine) -> None:
    entries = {
        (row["author_id"], row["origin_country"], row["destination_country"]): row["move_year"]
        for row in drawn_careers(200)["migrations"]
        if row["is_entry"] and {row["origin_country"], row["destination_country"]} == {"US", "CN"}
    }
    units = unfolded(panel_of(*drawn(sail, 200)))
    found = {
        (unit["author_id"], unit["origin_country"], unit["destination_country"]): unit["move_year"]
        for unit in units
        if unit["move_year"] is not None
    }
    assert found == entries != {}
    for unit in units:
        assert unit["has_moved"] == (unit["move_year"] is not None and unit["move_year"] <= unit["pub_year"])


def test_empty(world: World) -> None:
    world.assert_empty_without_works("panel_scientist_years")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("panel_scientist_years")
