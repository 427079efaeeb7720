"""Bins of quantiles and cut points, and strata of several clusters."""

from functools import partial
from typing import Any

import pytest
from pyspark.sql import DataFrame

from frames import assert_same_rows
from scholarflow.columns import FRACTION_UNIT
from scholarflow.comparison.matching import CLASS, coarsened, compared, with_quantile_bins
from scholarflow.engine import Engine


def binned(rows: DataFrame, *key: str) -> dict[Any, Any]:
    return {tuple(row[name] for name in key) if len(key) > 1 else row[key[0]]: row["bin"] for row in rows.collect()}


# Six values in year 1: 0 three times, so that the lower edges of thirds fall together; in year 2 four different ones.
def test_quantiles_share_out_ranks_and_coincide_where_values_do(either: Engine) -> None:
    values = [(1, 0), (1, 0), (1, 0), (1, 4), (1, 9), (1, 9), (2, 5), (2, 6), (2, 7), (2, 8), (2, None)]
    rows = either.spark.createDataFrame(values, "year int, value bigint")
    found = with_quantile_bins(rows, "value", bins=3, into="bin", by=["year"])
    assert binned(found, "year", "value") == {
        (1, 0): 0,
        (1, 4): 1,
        (1, 9): 2,
        (2, 5): 0,
        (2, 6): 0,
        (2, 7): 1,
        (2, 8): 2,
        (2, None): None,
    }
    assert found.count() == len(values)
    halves = with_quantile_bins(rows.where("year = 1"), "value", bins=2, into="bin")
    assert binned(halves, "value") == {0: 0, 4: 1, 9: 1}


@pytest.mark.parametrize(
    ("how", "expected"), [("exact", [0, 3, 9, None]), ([3, 5], [0, 1, 2, None]), (3, [0, 1, 2, None])]
)
def test_a_number_is_coarsened_as_it_is_asked(sail: Engine, how: Any, expected: list[Any]) -> None:
    rows = sail.spark.createDataFrame([(0,), (3,), (9,), (None,)], "value bigint")
    found = coarsened(rows, {"value": how}, prefix="as")
    assert {row["value"]: row["as_value"] for row in found.collect()} == dict(
        zip([0, 3, 9, None], expected, strict=True)
    )


# Stratum 1: clusters 1 and 2 treated with 6 and 2 of `also`; clusters 3 and 4 controls, 5 one that is taken out again.
# Each control weighs 2/2. Stratum 2 has no treated.
def test_strata_of_several_clusters_and_units_taken_out_again(either: Engine) -> None:
    unit = FRACTION_UNIT
    names = (
        "cluster",
        "stratum",
        "n_treated",
        "treated_sum",
        "n_controls",
        "control_sum",
        "treated_also",
        "control_also",
    )
    values = [
        (1, 1, 1, unit, 0, 0, 6 * unit, 0),
        (2, 1, 1, 0, 0, 0, 2 * unit, 0),
        (3, 1, 0, 0, 1, unit, 0, unit),
        (4, 1, 0, 0, 1, 0, 0, 3 * unit),
        (5, 1, 0, 0, 1, 0, 0, 9 * unit),
        (5, 1, 0, 0, -1, 0, 0, -9 * unit),
        (3, 2, 0, 0, 1, unit, 0, unit),
    ]
    rows = [{"of": "x", **dict.fromkeys(CLASS, 0), **dict(zip(names, value, strict=True))} for value in values]
    columns = ["of", "cluster", "stratum", *CLASS, "treated_also", "control_also"]
    schema = "of string, " + ", ".join(f"{name} bigint" for name in columns[1:])
    classes = either.spark.createDataFrame([tuple(row[name] for name in columns) for row in rows], schema)
    summed = partial(compared, totals=None, comparison=["of"], cluster="cluster", stratum=["stratum"], also=["also"])
    sums = summed(classes)
    found = {row["cluster"]: row.asDict() for row in sums.collect()}
    assert {cluster: row["n_matched"] for cluster, row in found.items()} == {1: 1, 2: 1, 3: 0, 4: 0, 5: 0}
    assert {cluster: row["control_weight"] // unit for cluster, row in found.items()} == {1: 0, 2: 0, 3: 1, 4: 1, 5: 0}
    assert {cluster: row["treated_also"] // unit for cluster, row in found.items()} == {1: 6, 2: 2, 3: 0, 4: 0, 5: 0}
    assert {cluster: row["control_also"] // unit for cluster, row in found.items()} == {1: 0, 2: 0, 3: 1, 4: 3, 5: 0}
    assert found[5]["n_controls"] == found[5]["weight_squares"] == 0
    assert_same_rows(summed(classes.repartition(3)), sums)
