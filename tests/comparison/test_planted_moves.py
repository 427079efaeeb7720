"""What was planted in a simulated world about movers comes out again: with whom they write, and since when."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from comparison.moves import by_key
from frames import World, config_of
from oracle.literals import CANONICAL_SCHEMAS
from scholarflow.engine import Engine
from scholarflow.simulate import Effects, simulate

#: From China to the US the share of works with the origin stays; the other way it falls by 8 points a year.
PLANTED = {"CN>US": (0.5, 0.5), "US>CN": (0.9, 0.1)}


def led_alone(truth: Path) -> dict[str, pa.Table]:
    """The truth with those alone named whose works the effects are planted in, and whose moves can be seen.

    Effects are of works led: the other authors stay, without id. Who moved before a first work has no move to be
    seen, but works with the origin like a mover: the works stay, and nobody is named.
    """
    flat = {name: pq.read_table(truth / f"{name}.parquet") for name in CANONICAL_SCHEMAS}
    signed = flat["authorships"]
    led = signed.filter(signed["is_last"])
    first_led = dict(led.group_by("author_id").aggregate([("pub_year", "min")]).select([0, 1]).to_pandas().to_numpy())
    moves = pq.read_table(truth / "moves.parquet").group_by("author_id").aggregate([("move_year", "min")]).to_pylist()
    unseen = [m["author_id"] for m in moves if m["move_year_min"] <= first_led.get(m["author_id"], 9999)]
    is_named = pc.and_(signed["is_last"], pc.invert(pc.is_in(signed["author_id"], pa.array(unseen, pa.int64()))))
    named = pc.if_else(is_named, signed["author_id"], pa.scalar(None, pa.int64()))
    place = signed.schema.get_field_index("author_id")
    return flat | {"authorships": signed.set_column(place, "author_id", named)}


@pytest.fixture(scope="module")
def tables(sail: Engine, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("planted") / "snapshot"
    effects = Effects(
        move_rate=0.0,
        pair_move_rates={"US>CN": 0.06, "CN>US": 0.06},
        return_rate=0.0,
        pair_origin_shares=PLANTED,
        missing_affiliation=(0.0, 0.0),
        misfiled_share=0.0,
        dual_affiliation_share=0.0,
    )
    simulate(folder, works=50_000, seed=3, format="mag", effects=effects)
    config = config_of(
        study__fields=[154945302, 41008148],  # computer science too: more to see
        scientists__min_works=1,
        after_move__strata={"career_age": [5], "n_works": [2], "cum_citations": 2},
    )
    return World.of(sail.spark, led_alone(folder / "truth"), config, "mag").made(
        "post_move_collaboration", "post_move_years"
    )


@pytest.mark.slow
def test_movers_and_stayers_write_with_the_origin_as_often_as_planted(tables: Any) -> None:
    found = by_key(tables["post_move_collaboration"], "origin_country", "destination_country", "sample")
    assert len(found) == 4
    row = found["CN", "US", "staying"]
    # Who does not choose the origin on purpose comes upon it like everybody.
    planted = PLANTED["CN>US"][0]
    assert row["n_matched"] > 60
    assert row["share_movers"] == pytest.approx(planted + (1 - planted) * row["share_controls"], abs=0.1)
    assert row["pooled_share_movers"] == pytest.approx(planted + (1 - planted) * row["pooled_share_controls"], abs=0.1)
    assert 0.05 < row["share_controls"] < 0.2
    assert row["difference_low"] < planted * (1 - row["share_controls"]) < row["difference_high"]
    assert row["ci_low"] > 2
    assert row["p_value"] < 1e-6


@pytest.mark.slow
def test_the_share_falls_with_the_years_as_planted_and_nothing_precedes_the_move(tables: Any) -> None:
    found = by_key(tables["post_move_years"], "origin_country", "destination_country", "sample", "years_since_move")
    of_stayers = by_key(tables["post_move_collaboration"], "origin_country", "destination_country", "sample")
    met_anyway = of_stayers["US", "CN", "staying"]["share_controls"]
    first, last = PLANTED["US>CN"]
    years = {key[3]: row for key, row in found.items() if key[:3] == ("US", "CN", "staying")}
    after = [k for k in years if k >= 0 and years[k]["n_scientists"] >= 25]
    assert len(after) >= 6
    for k in after:
        # A move shows a year later on average, as scientists lead a work every second year.
        planted = first + (last - first) * (k + 1) / 10
        assert years[k]["share"] == pytest.approx(planted + (1 - planted) * met_anyway, abs=0.2), k
    early, late = (
        sum(years[k]["share"] * years[k]["n_scientists"] for k in span if k in years)
        / sum(years[k]["n_scientists"] for k in span if k in years)
        for span in (range(2), range(5, 9))
    )
    assert early - late == pytest.approx((first - last) * 6 / 10 * (1 - met_anyway), abs=0.15)
    before = [row for k, row in years.items() if k < 0]
    assert len(before) == 5
    for row in before:
        assert row["difference_low"] <= 0 <= row["difference_high"]
    assert years[0]["since_reference_low"] > 0.4
