"""Table scientist_partner_years: with whom scientists wrote, by country of the others."""

from typing import Any

import pytest

from frames import World, assert_declared, assert_rows, assert_same_rows, canonical_literals, frame
from oracle.cases import CASES
from scholarflow.collaboration import scientist_partner_years as module
from scholarflow.collaboration.scientist_partner_years import scientist_partner_years
from scholarflow.engine import Engine
from scholarflow.tables.careers import SCIENTIST_PARTNER_YEARS, SCIENTISTS

FIELD: dict[str, Any] = {"scheme": "concept", "fields": [1], "min_score": 0.3}

CASE = CASES["partners_of_scientists"]


@pytest.mark.parametrize("at_once", [1 << 22, 3])
def test_worked_example(either: Engine, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(module, "_PAIRS_AT_ONCE", at_once)
    works = canonical_literals(either.spark, **CASE["canonical"])["works"]
    rows = scientist_partner_years(works, frame(either.spark, SCIENTISTS, "author_id\n1..2"), **FIELD)
    assert_declared(rows, SCIENTIST_PARTNER_YEARS)
    assert_rows(rows, SCIENTIST_PARTNER_YEARS, CASE["expected"]["scientist_partner_years"])


def test_pieces_of_any_size_add_up_to_the_same(sail: Engine, world: World) -> None:
    signed = world.tables["works"].selectExpr(
        "pub_year", "authorships.author_id AS author_ids", "authorships.country_code AS country_codes"
    )
    whole = module._met(signed.toArrow())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PAIRS_AT_ONCE", 50)
        pieces = module._met(signed.toArrow())
    assert len(pieces) > len(whole) > 1_000
    keys = ["author_id", "pub_year", "partner_country"]
    summed = (table.group_by(keys).aggregate([("n_field_works", "sum")]) for table in (whole, pieces))
    assert_same_rows(*(sail.spark.createDataFrame(table) for table in summed))


def test_nobody_writes_more_works_with_a_country_than_there_are(world: World) -> None:
    works = {(r["author_id"], r["pub_year"]): r["n_field_works"] for r in world.rows("scientist_years")}
    rows = world.rows("scientist_partner_years")
    assert len(rows) > 100
    assert all(row["n_field_works"] <= works[row["author_id"], row["pub_year"]] for row in rows)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("scientist_partner_years")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("scientist_partner_years")
