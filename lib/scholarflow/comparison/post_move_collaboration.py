"""Table post_move_collaboration: how much movers go on working with the country they left, against matched stayers."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import as_table, per_group
from scholarflow.comparison.contrasts import Contrast, Resampling, contrasts, interval
from scholarflow.comparison.directions import by_direction, names_of, ratio_of
from scholarflow.comparison.imbalance import imbalances
from scholarflow.comparison.matching import CLASS, SUMS, compared, in_units
from scholarflow.comparison.scientist_strata import STRATUM
from scholarflow.comparison.stayers import (
    DIRECTION,
    OUTCOMES,
    SAMPLES,
    corrections,
    entries,
    outcomes_of_movers,
    ruled_out,
    stayers,
    stays,
)
from scholarflow.tables.movers import POST_MOVE_COLLABORATION


def post_move_collaboration(
    scientist_strata: DataFrame,
    scientist_partner_years: DataFrame,
    author_country_years: DataFrame,
    migrations: DataFrame,
    *,
    resampling: Mapping[str, Any],
) -> DataFrame:
    """One row per origin and destination with an entry, and sample.

    Movers are scientist-years that enter the destination from the origin; controls those in the destination whose
    scientist was never before in the origin, in the same year and bins. Clusters are scientists. Shuffled are
    scientist-years by author; then, once for each origin with a mover in their stratum, the stayers of it, by stratum
    and by direction.
    """
    movers = entries(migrations, scientist_strata)
    directions, sought = (movers.select(*names).distinct() for names in (DIRECTION, (*DIRECTION, *STRATUM)))
    of_stays = stays(author_country_years)
    of_movers = outcomes_of_movers(movers, scientist_strata, scientist_partner_years)
    of_all = stayers(scientist_strata).join(sought, on=["country_code", *STRATUM], how="inner")
    towards = corrections(scientist_strata, scientist_partner_years, of_stays, directions)
    classes = (
        _classes(of_movers, "treated", F.lit(1))
        .unionByName(_classes(of_all, "control", F.col("n_units")))
        .unionByName(
            _classes(towards.join(sought, on=[*DIRECTION, *STRATUM], how="left_semi"), "control", F.col("n_units"))
        )
    )
    unlike = imbalances(movers, scientist_strata.where("is_at_risk"), ruled_out(scientist_strata, of_stays, directions))
    sums = compared(classes, None, comparison=DIRECTION, cluster="author_id", stratum=STRATUM, also=OUTCOMES)
    rows = partial(_rows, resampling=Resampling(**resampling))
    return per_group(
        sums.join(F.broadcast(unlike), on=list(DIRECTION), how="inner"), DIRECTION, rows, POST_MOVE_COLLABORATION
    )


def _classes(units: DataFrame, side: str, n: Column) -> DataFrame:
    """Units as classes of one side: `CLASS`, and their outcomes in units.

    The outcomes stand by themselves, none in `treated_sum`; squares serve Welch's test alone, which has no place where
    one scientist is several units.
    """
    values = {f"n_{side}s" if side == "control" else "n_treated": n} | {
        f"{side}_{name}": F.col(name) if name.startswith("share") else in_units(F.col(name)) for name in OUTCOMES
    }
    names = [*CLASS, *(f"{of}_{name}" for of in ("treated", "control") for name in OUTCOMES)]
    return units.select(
        "author_id",
        *DIRECTION,
        *STRATUM,
        *(values.get(name, F.lit(0)).cast("bigint").alias(name) for name in names),
    )


def _rows(sums: pa.Table, resampling: Resampling) -> pa.Table:
    """The rows of the table, from the sums of some directions by scientist."""
    rows = []
    for of_direction in by_direction(sums, *DIRECTION):
        views = [_view(of_direction, name) for name in OUTCOMES]
        found = contrasts(pa.concat_tables(views), resampling, by=["outcome"], cluster="author_id")
        by_outcome = {key["outcome"]: contrast for key, contrast in found}
        origin, destination, before, after = (
            of_direction.column(name)[0].as_py() for name in (*DIRECTION, "l1_before", "l1_after")
        )
        rows += [
            names_of(origin, destination)
            | {"sample": sample, "l1_before": before, "l1_after": after}
            | _of_sample(*(by_outcome[f"{name}_{sample}"] for name in ("share", "works", "met")), resampling=resampling)
            for sample in SAMPLES
        ]
    return as_table(rows, POST_MOVE_COLLABORATION)


def _view(sums: pa.Table, outcome: str) -> pa.Table:
    """`SUMS` of one outcome."""
    own = {"treated_sum": f"treated_{outcome}", "control_sum": f"control_{outcome}"}
    names = ["author_id", *SUMS]
    view = sums.select([own.get(name, name) for name in names]).rename_columns(names)
    return view.append_column("outcome", pa.repeat(outcome, len(sums)))


def _of_sample(share: Contrast, works: Contrast, met: Contrast, *, resampling: Resampling) -> dict[str, Any]:
    movers, controls = share.means
    pooled = [float(ratio_of(of_met, of_works)) for of_met, of_works in zip(met.means, works.means, strict=True)]
    return {
        "n_movers": share.totals["n_treated"],
        "n_matched": share.totals["n_matched"],
        "n_controls": share.totals["n_controls"],
        "n_control_scientists": share.n_control_clusters,
        "share_movers": movers,
        "share_controls": controls,
        "pooled_share_movers": pooled[0],
        "pooled_share_controls": pooled[1],
        "ratio": float(ratio_of(movers, controls)),
        "difference": movers - controls,
        "ess_controls": share.effective_controls,
        **_how_sure(share, resampling),
    }


def _how_sure(share: Contrast, resampling: Resampling) -> dict[str, Any]:
    """Intervals and p; null where either side has too few scientists."""
    if not share.is_enough(resampling):
        return dict.fromkeys(("ci_low", "ci_high", "n_undefined", "difference_low", "difference_high", "p_value"))
    ratios = ratio_of(share.treated_means, share.control_means)
    low, high = interval(ratios, resampling.level)
    difference_low, difference_high = interval(share.differences, resampling.level)
    return {
        "ci_low": low,
        "ci_high": high,
        "n_undefined": int((~np.isfinite(ratios)).sum()),
        "difference_low": difference_low,
        "difference_high": difference_high,
        "p_value": share.p_by_cluster(),
    }
