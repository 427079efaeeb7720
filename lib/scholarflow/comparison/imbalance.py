"""How unlike movers and stayers are, on a grid finer than the strata they are matched in."""

from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import as_table, per_group
from scholarflow.career.timelines import countries
from scholarflow.comparison.scientist_strata import CELL, STRATUM
from scholarflow.tables.declaration import DOUBLE, STRING, Table, optional, required

IMBALANCES = Table(
    "imbalances",
    "L1 of movers and of those they might be compared with.",
    grain=("origin_country", "country_code"),
    columns=(
        required("origin_country", STRING, "country left"),
        required("country_code", STRING, "country entered"),
        optional("l1_before", DOUBLE, "of all; null: nobody to compare with"),
        optional("l1_after", DOUBLE, "of the matched, with weights; null: none matched"),
    ),
)
#: Stands where a scientist-year is counted for every origin.
_ANY = ""


def imbalances(movers: DataFrame, at_risk: DataFrame, ruled_out: DataFrame) -> DataFrame:
    """One row per origin and destination with movers: l1_before, l1_after.

    L1 (Iacus, King & Porro 2011, doi:10.1198/jasa.2011.tm09599): half the sum over the cells of the grid of the
    differences of the shares of movers and controls; 0: alike, 1: nothing in common. `at_risk` are the scientist-years
    of each destination, `ruled_out` those of them that are no controls of an origin. What is shuffled are their
    numbers by cell, by destination.
    """
    grid = ["country_code", *STRATUM, *CELL]
    one, none = F.lit(1).cast("bigint"), F.lit(0).cast("bigint")
    counted = (
        movers.select("origin_country", *grid, one.alias("n_movers"), none.alias("n_controls"))
        .unionByName(
            at_risk.select(F.lit(_ANY).alias("origin_country"), *grid, none.alias("n_movers"), one.alias("n_controls"))
        )
        .unionByName(ruled_out.select("origin_country", *grid, none.alias("n_movers"), (-one).alias("n_controls")))
        .groupBy("origin_country", *grid)
        .agg(F.sum("n_movers").alias("n_movers"), F.sum("n_controls").alias("n_controls"))
    )
    return per_group(counted, ["country_code"], _of_destinations, IMBALANCES)


def _of_destinations(counted: pa.Table) -> pa.Table:
    destinations, destination = countries(counted)
    origins, origin = countries(counted, "origin_country")
    values = np.column_stack([counted.column(name).to_numpy() for name in (*STRATUM, *CELL)])
    grid, cell = np.unique(values, axis=0, return_inverse=True)
    strata, stratum = np.unique(grid[:, : len(STRATUM)], axis=0, return_inverse=True)
    n_movers, n_controls = (counted.column(name).to_numpy() for name in ("n_movers", "n_controls"))
    of_any = np.asarray(origins) == _ANY
    rows = []
    for place, country in enumerate(destinations.to_pylist()):
        here = destination == place
        shared = here & of_any[origin]
        every = np.zeros(len(grid), np.int64)
        every[cell[shared]] = n_controls[shared]
        for code in np.unique(origin[here & (n_movers > 0)]):
            own = here & (origin == code)
            controls = every.copy()
            controls[cell[own]] += n_controls[own]
            movers = np.zeros(len(grid), np.int64)
            movers[cell[own]] = n_movers[own]
            before, after = _l1(movers, controls, stratum, len(strata))
            rows.append(
                {
                    "origin_country": origins[code].as_py(),
                    "country_code": country,
                    "l1_before": before,
                    "l1_after": after,
                }
            )
    return as_table(rows, IMBALANCES)


def _l1(movers: Any, controls: Any, stratum: Any, n_strata: int) -> tuple[float, float]:
    """L1 of the numbers by cell as they are, and of those in strata with both, controls weighted; NaN: a side is empty.

    Summed over cells with movers alone: what the shares of controls there lack to 1 lies in the other cells.
    """
    here = np.flatnonzero(movers)
    n, n_controls = movers[here], controls[here]
    before, after = float("nan"), float("nan")
    if controls.sum():
        before = _distance(n / n.sum(), n_controls / controls.sum())
    in_stratum = np.bincount(stratum, controls, n_strata)[stratum[here]]
    moved = np.bincount(stratum, movers, n_strata)[stratum[here]]
    both = in_stratum > 0
    if both.any():
        matched = n[both].sum()
        after = _distance(n[both] / matched, moved[both] * n_controls[both] / in_stratum[both] / matched)
    return before, after


def _distance(movers: Any, controls: Any) -> float:
    return float(np.abs(movers - controls).sum() + max(0.0, 1 - controls.sum())) / 2
