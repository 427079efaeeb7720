"""Table post_move_years: work across a move by years since it."""

from comparison import careers_by_hand
from comparison.moves import AROUND, RESAMPLING, by_hand, by_key, frames_of, years_of
from comparison.test_citation_premium import assert_as_by_hand
from comparison.test_post_move_collaboration import LITERALS
from frames import World, assert_declared, assert_rows, assert_same_rows, frame
from scholarflow.comparison.post_move_years import post_move_years
from scholarflow.engine import Engine
from scholarflow.tables.movers import POST_MOVE_YEARS


# Before the move co-authors in China count: 1 of 1 work of author 1, 0 of 1 of author 6, and 1 of 2 of author 7, who
# never moves and is in the US, alike to author 1, in 2005. After it those in the US, and author 2 is the only one to
# compare author 1 with: author 3 moves later. Two years on author 1 is back in the US, and author 2 has no works.
def test_worked_example(either: Engine) -> None:
    frames = {name: frame(either.spark, *literal) for name, literal in LITERALS.items()}
    rows = post_move_years(
        frames["scientist_strata"],
        frames["scientist_partner_years"],
        frames["migrations"],
        leads=2,
        lags=3,
        reference_year=-1,
        resampling=RESAMPLING,
    )
    assert_declared(rows, POST_MOVE_YEARS)
    assert_rows(
        rows.where("origin_country = 'US'"),
        POST_MOVE_YEARS,
        """
        sample  years_since_move partner_country n_scientists n_works share pooled_share n_matched n_controls n_control_scientists share_matched share_controls difference since_reference
        staying -1               CN              2            2       1/2   1/2          1         1          1                    1             1/2            1/2        0
        all     -1               CN              2            2       1/2   1/2          1         1          1                    1             1/2            1/2        0
        staying 0                US              2            3       3/4   2/3          1         1          1                    1/2           0              1/2        0
        all     0                US              2            3       3/4   2/3          1         1          1                    1/2           0              1/2        0
        staying 1                US              1            2       1/2   1/2          1         1          1                    1/2           1/3            1/6        -1/3
        all     1                US              1            2       1/2   1/2          1         1          1                    1/2           1/3            1/6        -1/3
        all     2                US              1            4       1     1            0         0          0                    null          null           null       null
        """,  # noqa: E501
    )
    assert {row["years_since_move"] for row in rows.where("origin_country = 'CN'").collect()} == {-1, 0, 2, 3}


def test_as_worked_out_scientist_by_scientist(sail: Engine) -> None:
    rows = years_of(frames_of(sail.spark, 500))
    found = by_key(rows, "origin_country", "destination_country", "sample", "years_since_move")
    expected = careers_by_hand.around(by_hand(500), **AROUND, **RESAMPLING)
    assert found.keys() == expected.keys()
    for key, wanted in expected.items():
        assert found[key]["partner_country"] == wanted.pop("partner_country")
        assert_as_by_hand(found[key], wanted, key)
    assert sum(wanted.get("since_reference_low") is not None for wanted in expected.values()) >= 20


def test_partitions_and_order_change_nothing(sail: Engine) -> None:
    frames = frames_of(sail.spark, 200)
    once = years_of(frames)
    assert once.where("difference_low IS NOT NULL").count() > 10
    for n in (1, 7):
        assert_same_rows(years_of({name: rows.repartition(n) for name, rows in frames.items()}), once)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("post_move_years")
