"""Table elite_mobility: movers that leave, and that are hired by, institutions at the top of the field."""

from collections import defaultdict
from typing import Any

import pytest
from statsmodels.stats.proportion import proportion_confint

from frames import World, assert_declared, assert_rows, canonical_literals, frame
from scholarflow.comparison.elite_mobility import elite_mobility
from scholarflow.engine import Engine
from scholarflow.tables.careers import MIGRATIONS
from scholarflow.tables.derived import FIELD_WORKS, TOP_INSTITUTIONS
from scholarflow.tables.movers import ELITE_MOBILITY


# 1 and 99 are at the top. Left: author 1 institutions 1 and 5; author 2 institution 5 (1 signed another author, in
# another country, in another year, outside the field); author 3 none known. Hired: 1 by 99, 2 by 6, 3 by 6. Author 4
# has no first entry; 5 went the other way, from a country that its only work lists without institution, and is hired
# by 1.
def test_worked_example(either: Engine) -> None:
    spark = either.spark
    moves = frame(
        spark,
        MIGRATIONS,
        """
        author_id origin_country destination_country last_origin_year move_year is_entry
        1..3      US             CN                  2010             2012      true
        4         US             CN                  2010             2012      false
        5         CN             US                  2010             2012      true
        """,
    )
    made = canonical_literals(
        spark,
        works="""
        work_id pub_year
        1..5    2010
        6       2011
        7..9    2012
        """,
        authorships="""
        work_id author_position author_id institution_id country_code
        1       1               1         1              US
        1       2               1         5              US
        2       1               2         5              US
        2       1               2         99             CN
        2       2               7         1              US
        3       1               2         1              US
        4       1               3         null           US
        4       2               null      1              US
        5       1               4         1              US
        5       2               5         null           CN
        6       1               2         1              US
        7       1               1         99             CN
        7       2               4         99             CN
        8       1               2         6              CN
        8       2               3         6              CN
        9       1               5         1              US
        """,
    )
    works = frame(
        spark,
        FIELD_WORKS,
        """
        work_id pub_year author_ids
        1       2010     [1]
        2       2010     [2,7]
        4       2010     [3]
        5       2010     [4,5]
        6       2011     [2]
        7       2012     [1,4]
        8       2012     [2,3]
        9       2012     [5]
        """,
    )
    top = frame(spark, TOP_INSTITUTIONS, "rank institution_id\n1 99\n2 1")
    rows = elite_mobility(moves, made["works"], works, top)
    assert_declared(rows, ELITE_MOBILITY)
    assert_rows(
        rows,
        ELITE_MOBILITY,
        """
        origin_country destination_country n_moves n_left_known n_left_top share_left_top n_hired_known n_hired_top share_hired_top
        US             CN                  3       2            1          1/2            3             1           1/3
        CN             US                  1       0            0          null           1             1           1
        """,  # noqa: E501
    )
    found = {row["origin_country"]: row for row in rows.collect()}
    assert found["CN"]["share_left_top_low"] is None is found["CN"]["share_left_top_high"]
    for origin, end, counts in (("US", "left", (1, 2)), ("US", "hired", (1, 3)), ("CN", "hired", (1, 1))):
        low, high = proportion_confint(*counts, method="wilson")
        assert found[origin][f"share_{end}_top_low"] == pytest.approx(low)
        assert found[origin][f"share_{end}_top_high"] == pytest.approx(high)


def test_moves_are_the_entries_of_the_flows(world: World) -> None:
    entries: dict[Any, int] = defaultdict(int)
    for flow in world.rows("migration_flows"):
        entries[flow["origin_country"], flow["destination_country"]] += flow["n_entries"]
    found = {
        (row["origin_country"], row["destination_country"]): row["n_moves"] for row in world.rows("elite_mobility")
    }
    assert found == {pair: n for pair, n in entries.items() if n}
    assert all(sum(row[name] for row in world.rows("elite_mobility")) for name in ("n_left_known", "n_hired_known"))


def test_empty(world: World) -> None:
    world.assert_empty_without_works("elite_mobility")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("elite_mobility")
