"""Table panel_works: led works with outcomes, treatments, controls and keys."""

import math
from collections import defaultdict
from functools import partial
from typing import Any

import pytest

from comparison.test_citation_premium import as_frame, drawn_works, premium_of
from frames import World, assert_declared, assert_rows, assert_same_rows, frame, signed_works
from panel.pairs import assert_pairs, unfolded, written
from scholarflow.engine import Engine
from scholarflow.panel.panel_works import panel_works
from scholarflow.panel.premium_cells import premium_cells
from scholarflow.tables.derived import CITATION_WINDOWS, COMPARISON_WORKS, FIELD_WORKS
from scholarflow.tables.novelty import WORK_NOVELTY
from scholarflow.tables.panels import PANEL_WORKS, PREMIUM_CELLS

panel_of = partial(panel_works, pairs=[["US", "CN"]], first_year=2010, last_year=2013)
WINDOWS = "work_id pub_year c2 c5 hit_1pct hit_10pct c2_complete c5_complete"


# The works of the worked example of citation_premium: of institution 1, 2010, two treated with three controls, of
# institution 2, 2011, one with one. 2/3 · 4/3 = 8/9 for each of the three, 1/1 · 4/3 for the one: 4 in all.
# Lead author 71 has 1 work in 2008 and 2 in 2010, one of them outside the field, and 1 in 2011.
# The mean c2 of 2010 is (8 + 4 + 3 + 2 + 1 + 9 + 9 + 6) ÷ 8 = 21/4: work 12, which nobody leads, counts.
def test_worked_example(either: Engine) -> None:
    field_works = frame(
        either.spark,
        FIELD_WORKS,
        """
        work_id pub_year source_id n_authors lead_countries lead_institution_ids lead_author_id countries partner_countries n_references language
        1       2010     50        2         [US]           [1]                  71             [CN,US]   [CN]              3            en
        2       2010     null      2         [US]           [1]                  null           [CN,US]   [CN,FR]           0            null
        3       2010     50        2         [US]           [1]                  null           [US]      [US]              0            en
        4       2010     50        2         [US]           [1]                  null           [US]      []                0            en
        5       2010     50        2         [US]           [1]                  null           [FR,US]   [FR]              0            en
        6       2011     50        3         [US]           [2]                  71             [CN,US]   [CN,US]           0            en
        7       2011     50        3         [US]           [2]                  null           [US]      [US]              0            en
        9       2010     50        2         [US]           [null]               null           [CN,US]   [CN]              0            en
        10      2010     50        2         [CN,US]        [9,1]                null           [CN,US]   [CN]              0            en
        11      2013     50        3         [FR]           [2]                  null           [FR]      []                0            en
        12      2010     50        1         []             []                   null           []        []                0            en
        13      2009     50        2         [US]           [1]                  null           [US]      []                0            en
        """,  # noqa: E501
    )
    cited = {1: 8, 2: 4, 3: 3, 4: 2, 5: 1, 6: 6, 7: 2, 9: 9, 10: 9, 11: 0, 12: 6, 13: 5}
    years = {6: 2011, 7: 2011, 11: 2013, 13: 2009}
    lines = [f"{id_} {years.get(id_, 2010)} {c2} {c2} 0.5 null true false" for id_, c2 in cited.items()]
    windows = frame(either.spark, CITATION_WINDOWS, "\n".join([WINDOWS, *lines]))
    works = signed_works(
        either.spark,
        """
        work_id pub_year author_id country_code
        1       2010     71        US
        1       2010     72        CN
        6       2011     71        US
        20      2008     71        US
        21      2010     71        null
        22      2005     72        CN
        """,
    )
    novelty = frame(
        either.spark,
        WORK_NOVELTY,
        "work_id context_novelty context_hit_1pct content_novelty content_percentile_adjusted content_hit_1pct\n"
        "1 2.5 0.5 null null null\n2 -1 0 3 50 1\n" + "\n".join(f"{n} null null null null null" for n in range(3, 14)),
    )
    rows = written(panel_of(field_works, windows, novelty, works))
    assert_declared(rows, PANEL_WORKS)
    assert_rows(
        rows.where("lead_country <> 'US' OR work_id IN (1, 2, 6, 9, 10)"),
        PANEL_WORKS,
        """
        work_id lead_country pub_year c2 c2_relative hit_1pct hit_10pct c2_complete c5_complete n_countries is_international is_dual n_references language_key lead_author_career_age lead_author_prior_works institution_key lead_author_key source_key
        1       US           2010     8  32/21       0.5      null      true        false       2           true             false   3            en           2                      1                       1               71              50
        2       US           2010     4  16/21       0.5      null      true        false       2           true             false   0            unknown      null                   null                    1               0               0
        6       US           2011     6  3/2         0.5      null      true        false       2           true             false   0            en           3                      3                       2               71              50
        9       US           2010     9  12/7        0.5      null      true        false       2           true             false   0            en           null                   null                    0               0               50
        10      US           2010     9  12/7        0.5      null      true        false       2           true             true    0            en           null                   null                    1               0               50
        10      CN           2010     9  12/7        0.5      null      true        false       2           true             true    0            en           null                   null                    9               0               50
        11      FR           2013     0  null        0.5      null      true        false       1           false            false   0            en           null                   null                    2               0               50
        """,  # noqa: E501
    )
    assert {row["c2"]: row["log1p_c2"] for row in rows.collect()} == {
        c2: math.log1p(c2) for c2 in {*cited.values()} - {5}
    }
    assert_pairs(
        rows,
        """
        work_id lead_country partner_country collaborates is_compared stratum_id cem_weight
        1       US           CN              true         true        2010-2-1   1.0
        2       US           CN              true         true        2010-2-1   1.0
        3       US           CN              false        true        2010-2-1   8/9
        4       US           CN              false        true        2010-2-1   8/9
        5       US           CN              false        true        2010-2-1   8/9
        6       US           CN              true         true        2011-3-2   1.0
        7       US           CN              false        true        2011-3-2   4/3
        9       US           CN              true         false       ''         0.0
        10      US           CN              true         false       ''         0.0
        10      CN           US              false        false       ''         0.0
        """,
    )
    assert_rows(
        rows.where("work_id <= 3"),
        PANEL_WORKS,
        """
        work_id lead_country context_novelty context_hit_1pct content_novelty content_percentile_adjusted content_hit_1pct
        1       US           2.5             0.5              null            null                        null
        2       US           -1              0                3               50                          1
        3       US           null            null             null            null                        null
        """,  # noqa: E501
    )
    cells = written(premium_cells(rows))
    assert_declared(cells, PREMIUM_CELLS)
    assert_rows(
        cells,
        PREMIUM_CELLS,
        """
        lead_country partner_country pub_year n_authors institution_key collaborates c2_complete n_works sum_c2
        US           CN              2010     2         1               true         true        2       12
        US           CN              2010     2         1               false        true        3       6
        US           CN              2011     3         2               true         true        1       6
        US           CN              2011     3         2               false        true        1       2
        """,
    )


def drawn(engine: Engine, n: int) -> dict[str, Any]:
    """Drawn works, the panel of them, and citation_premium of the same."""
    works, windows, _ = drawn_works(n)
    rest: dict[str, Any] = {"source_id": None, "n_references": 0, "language": None}
    flags: dict[str, Any] = {"hit_1pct": 0.0, "hit_10pct": 0.0, "c2_complete": True, "c5_complete": True}
    field_works = as_frame(engine.spark, FIELD_WORKS, [work | rest for work in works])
    counted = as_frame(engine.spark, CITATION_WINDOWS, [window | flags for window in windows])
    scores = "context_novelty context_hit_1pct content_novelty content_percentile_adjusted content_hit_1pct"
    novelty = frame(engine.spark, WORK_NOVELTY, f"work_id {scores}\n1..{n} null null null null null")
    signed = signed_works(engine.spark, "work_id pub_year author_id country_code\n1 2010 1 US")
    return {"field_works": field_works, "windows": counted, "novelty": novelty, "works": signed}


def test_weights_and_strata_are_those_of_citation_premium(sail: Engine) -> None:
    frames = drawn(sail, 2_000)
    units = unfolded(panel_of(*frames.values()))
    names = "work_id field_sets pub_year n_authors lead_countries lead_institution_ids partner_countries c2"
    premium = premium_of(frames["field_works"], frames["windows"], frame(sail.spark, COMPARISON_WORKS, names))
    found = premium.where("variant = 'base' AND period = 'all' AND partner_country <> 'GB'").collect()
    assert len(found) == 2
    for row in found:
        of_direction = [u for u in units if u["lead_country"] == row["lead_country"]]
        matched = [u for u in of_direction if u["cem_weight"] > 0]
        treated, controls = ([u for u in matched if u["collaborates"] is side] for side in (True, False))
        assert (len(treated), len(controls)) == (row["n_matched"], row["n_controls"])
        assert {u["cem_weight"] for u in treated} == {1.0}
        weights = [u["cem_weight"] for u in controls]
        assert sum(weights) == pytest.approx(len(controls))
        assert sum(u["c2"] for u in treated) / len(treated) == pytest.approx(row["mean_treated"])
        of_controls = sum(u["c2"] * u["cem_weight"] for u in controls) / sum(weights)
        assert of_controls == pytest.approx(row["mean_control"])
        assert sum(weights) ** 2 / sum(w * w for w in weights) == pytest.approx(row["ess_controls"])
        assert sum(u["is_compared"] and u["collaborates"] for u in of_direction) == row["n_treated"]
        assert len({u["stratum_id"] for u in matched}) == row["n_strata"]


def test_rows_are_the_led_works_and_their_controls_what_works_say(world: World) -> None:
    led = {(row["work_id"], row["lead_country"]) for row in world.rows("led_works") if 2000 <= row["pub_year"] <= 2021}
    rows = world.rows("panel_works")
    assert led == {(row["work_id"], row["lead_country"]) for row in rows}
    lead_of = {row["work_id"]: row["lead_author_id"] for row in world.rows("field_works")}
    years: dict[int, list[int]] = defaultdict(list)
    for work in world.rows("works"):
        for author in work["author_ids"]:
            years[author].append(work["pub_year"])
    for row in rows:
        author = lead_of[row["work_id"]]
        assert row["lead_author_key"] == (author or 0)
        if author is None:
            assert row["lead_author_career_age"] is None
        else:
            assert row["lead_author_career_age"] == row["pub_year"] - min(years[author])
            assert row["lead_author_prior_works"] == sum(year < row["pub_year"] for year in years[author])
    assert any(row["lead_author_prior_works"] for row in rows)


def test_logarithms_and_ratios(world: World) -> None:
    rows = world.rows("panel_works")
    assert all(row["log1p_c5"] == math.log1p(row["c5"]) for row in rows)
    windows = [row for row in world.rows("citation_windows") if row["pub_year"] == 2015]
    mean = sum(row["c2"] for row in windows) / len(windows)
    of_year = [row for row in rows if row["pub_year"] == 2015]
    assert of_year
    assert [row["c2_relative"] for row in of_year] == [row["c2"] / mean for row in of_year]


def test_partitions_and_order_change_nothing(sail: Engine) -> None:
    frames = drawn(sail, 1_000)
    once = panel_of(*frames.values())
    assert once.where("exists(pairs, pair -> pair.cem_weight > 0)").count() > 20
    for n in (1, 7):
        assert_same_rows(panel_of(*(rows.repartition(n) for rows in frames.values())), once)


def test_cells_hold_every_compared_work(world: World) -> None:
    compared = [unit for unit in unfolded(world.tables["panel_works"]) if unit["is_compared"]]
    cells = world.rows("premium_cells")
    assert sum(cell["n_works"] for cell in cells) == len(compared) > 0
    assert sum(cell["sum_c2"] for cell in cells) == sum(unit["c2"] for unit in compared)
    assert sum(cell["sum_log1p_c2"] for cell in cells) == pytest.approx(sum(unit["log1p_c2"] for unit in compared))


@pytest.mark.parametrize("table", ["panel_works", "premium_cells"])
def test_empty(world: World, table: str) -> None:
    world.assert_empty_without_works(table)


@pytest.mark.parametrize("table", ["panel_works", "premium_cells"])
def test_repartitioning_changes_nothing(world: World, table: str) -> None:
    world.assert_repartitioning_changes_nothing(table)
