"""Coarsened exact matching: bins, weights and sums, against units weighed one by one."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyspark.sql import functions as F

from scholarflow.columns import FRACTION_UNIT
from scholarflow.comparison.contrasts import Resampling, contrasts
from scholarflow.comparison.matching import CLASS, SUMS, compared, cut, with_quantile_bins
from scholarflow.engine import Engine


def test_cut_counts_the_points_reached(either: Engine) -> None:
    rows = either.spark.createDataFrame([(0,), (3,), (5,), (9,), (None,)], "x int")
    found = rows.select("x", cut(F.col("x"), [3, 6]).alias("bin"), cut(F.col("x"), []).alias("one")).collect()
    assert {r["x"]: (r["bin"], r["one"]) for r in found} == {
        0: (0, 0),
        3: (1, 0),
        5: (1, 0),
        9: (2, 0),
        None: (None, None),
    }


def test_quantile_bins_are_those_of_each_group(either: Engine) -> None:
    rows = either.spark.createDataFrame(
        [("a", x) for x in (1, 2, 3, 4)] + [("b", x) for x in (7, 7, 7, 9)] + [("b", None)], "g string, x bigint"
    )
    found = with_quantile_bins(rows, "x", bins=2, into="half", by=["g"]).collect()
    halves: dict[Any, set[Any]] = {}
    for row in found:
        halves.setdefault((row["g"], row["x"]), set()).add(row["half"])
    assert len(found) == rows.count()
    assert [halves["a", x] for x in (1, 2, 3, 4)] == [{0}, {0}, {1}, {1}]
    # Equal values share a bin, and the median lies among the sevens.
    assert all(len(bins) == 1 for bins in halves.values())
    assert halves["b", None] == {None}


def drawn_units(seed: int, n: int) -> dict[str, Any]:
    """Units of 15 strata and 30 clusters that cross them, a third treated, with outcomes 0–8."""
    draw = np.random.default_rng(seed)
    return {
        "stratum": draw.integers(0, 15, n),
        "cluster": draw.integers(100, 130, n),
        "treated": draw.random(n) < draw.uniform(0, 0.6, 15)[draw.integers(0, 15, n)],
        "y": draw.integers(0, 9, n),
    }


def as_classes(units: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows = []
    for stratum, cluster in sorted(set(zip(units["stratum"].tolist(), units["cluster"].tolist(), strict=True))):
        here = (units["stratum"] == stratum) & (units["cluster"] == cluster)
        sums: list[int] = []
        for side in (units["treated"], ~units["treated"]):
            y = units["y"][here & side]
            sums += [len(y), int(y.sum()) * FRACTION_UNIT, int((y**2).sum()) << 20]
        rows.append(("c", stratum, cluster, *sums))
    return rows


@pytest.mark.parametrize("seed", [1, 2])
def test_weights_means_and_imbalance_are_those_of_units_weighed_one_by_one(either: Engine, seed: int) -> None:
    units = drawn_units(seed, 150)
    columns = ["comparison string", "stratum int", "cluster bigint", *(f"{name} bigint" for name in CLASS)]
    classes = either.spark.createDataFrame(as_classes(units), ", ".join(columns))
    treated, control = units["treated"], ~units["treated"]
    totals = either.spark.createDataFrame(
        [("c", int(treated.sum()), int(control.sum()))], "comparison string, all_treated bigint, all_controls bigint"
    )
    sums = compared(classes, totals, comparison=["comparison"], stratum=["stratum"], cluster="cluster").toArrow()
    assert set(SUMS) <= set(sums.column_names)
    [(_, found)] = contrasts(pa.table(sums), Resampling(1, 20, 2), by=["comparison"], cluster="cluster")

    weights = np.zeros(150)
    n_strata, l1 = 0, 0.0
    for stratum in range(15):
        here = units["stratum"] == stratum
        n_t, n_c = (here & treated).sum(), (here & control).sum()
        l1 += abs(n_t / treated.sum() - n_c / control.sum()) / 2
        if n_t and n_c:
            n_strata += 1
            weights[here & treated] = 1
            weights[here & control] = n_t / n_c
    matched_controls = weights[control]
    assert found.totals["n_treated"] == treated.sum()
    assert found.totals["n_matched"] == weights[treated].sum()
    assert found.totals["n_controls"] == (matched_controls > 0).sum()
    assert found.n_strata == n_strata
    assert found.means == pytest.approx(
        (
            np.average(units["y"][treated], weights=weights[treated]),
            np.average(units["y"][control], weights=matched_controls),
        )
    )
    assert found.effective_controls == pytest.approx(matched_controls.sum() ** 2 / (matched_controls**2).sum())
    assert found.imbalance[0] == pytest.approx(l1)
