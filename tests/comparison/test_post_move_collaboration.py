"""Table post_move_collaboration: movers against matched stayers of the destination."""

import pytest

from comparison import careers_by_hand
from comparison.moves import MOVES, PARTNERS, PRIMARY, RESAMPLING, STRATA, by_hand, by_key, collaboration_of, frames_of
from comparison.test_citation_premium import assert_as_by_hand
from frames import World, assert_declared, assert_rows, assert_same_rows, frame
from scholarflow.engine import Engine
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, MIGRATIONS, SCIENTIST_PARTNER_YEARS, SCIENTIST_STRATA
from scholarflow.tables.movers import POST_MOVE_COLLABORATION

LITERALS = {
    "scientist_strata": (SCIENTIST_STRATA, STRATA),
    "scientist_partner_years": (SCIENTIST_PARTNER_YEARS, PARTNERS),
    "author_country_years": (AUTHOR_COUNTRY_YEARS, PRIMARY),
    "migrations": (MIGRATIONS, MOVES),
}


# US → CN: author 1 has with the US 1 of 2 works in 2005 and in 2006, 4 of 4 back there in 2007: 2/4 staying, 6/8 all.
# Controls are authors 2 (1 of 4 works) and 3, which leaves when it moves from the US in 2008: 0 of 2 works while in
# China, 1 of 3 in all. 4 has been in the US, 5 is of another bin, and so is the mover 6.
# L1 before: of the cells with movers, one holds half of them and of the four controls (2, 3, 5 in 2005, 2 in 2006) one
# quarter, the other half of the movers: (1/4 + 1/2 + 3/4) ÷ 2. After: one of two controls in the mover's cell.
# CN → US: in the US in 2006 is nobody but the mover, author 3; from then on 1 work of 1 there, 6 with China of none.
def test_worked_example(either: Engine) -> None:
    rows = collaboration_of({name: frame(either.spark, *literal) for name, literal in LITERALS.items()})
    assert_declared(rows, POST_MOVE_COLLABORATION)
    assert_rows(
        rows,
        POST_MOVE_COLLABORATION,
        """
        origin_country destination_country sample  n_movers n_matched n_controls n_control_scientists share_movers share_controls pooled_share_movers pooled_share_controls ratio difference ess_controls l1_before l1_after
        US             CN                  staying 2        1         2          2                    1/2          1/8            1/2                 1/6                   4     3/8        2            3/4       1/2
        US             CN                  all     2        1         2          2                    3/4          7/24           3/4                 2/7                   18/7  11/24      2            3/4       1/2
        CN             US                  staying 1        0         0          0                    null         null           null                null                  null  null       null         1         null
        CN             US                  all     1        0         0          0                    null         null           null                null                  null  null       null         1         null
        """,  # noqa: E501
    )
    assert rows.where("ci_low IS NULL AND difference_low IS NULL AND p_value IS NULL").count() == 4


def test_as_worked_out_scientist_by_scientist(sail: Engine) -> None:
    rows = collaboration_of(frames_of(sail.spark, 500))
    found = by_key(rows, "origin_country", "destination_country", "sample")
    expected = careers_by_hand.collaboration(by_hand(500), **RESAMPLING)
    assert found.keys() == expected.keys()
    for key, wanted in expected.items():
        assert_as_by_hand(found[key], wanted, key)
    assert sum(wanted["ci_low"] is not None and wanted["l1_after"] > 0 for wanted in expected.values()) >= 10


def test_partitions_and_order_change_nothing(sail: Engine) -> None:
    frames = frames_of(sail.spark, 200)
    once = collaboration_of(frames)
    assert once.where("ci_low IS NOT NULL").count() > 3
    for n in (1, 7):
        assert_same_rows(collaboration_of({name: rows.repartition(n) for name, rows in frames.items()}), once)


def test_intervals_shrink_where_more_scientists_move(sail: Engine) -> None:
    widths = []
    for n in (200, 800):
        rows = collaboration_of(frames_of(sail.spark, n)).where("sample = 'staying'").collect()
        known = [row["difference_high"] - row["difference_low"] for row in rows if row["difference_low"] is not None]
        widths.append(sum(known) / len(known))
    assert widths[1] == pytest.approx(widths[0] / 2, rel=0.3)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("post_move_collaboration")
