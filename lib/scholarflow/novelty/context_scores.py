"""What the pairs of a work's references say of the work."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from scholarflow.arrow import as_table, per_group_of_both, years_of_both
from scholarflow.career.timelines import run_starts
from scholarflow.novelty.references import Pairs, References, pair_key, pairs_in_works
from scholarflow.tables import Table
from scholarflow.tables.novelty import WORK_NOVELTY

#: The share of a work's pairs that is its low tail; Uzzi and others' 10th percentile.
LOW_TAIL = 0.1
_SCORED = ("work_id", "pub_year", "context_novelty", "context_median_z", "context_novelty_settled", "n_venue_pairs")
_SCORES = Table(
    "context_scores",
    "Works with a pair of references that has a z.",
    grain=("work_id",),
    columns=tuple(column for column in WORK_NOVELTY.columns if column.name in _SCORED),
)


def context_scores(field_references: DataFrame, venue_pairs: DataFrame, *, settled_year: int) -> DataFrame:
    """One row per work with a pair of references to known sources that has a z.

    A citing year is one task: its pairs meet its works there, and no pair of a work is shuffled.
    """
    pairs = venue_pairs.where("z IS NOT NULL").select("pub_year", "source_a", "source_b", "z", "since")
    scored = partial(_scored, settled_year=settled_year)
    return per_group_of_both(field_references, pairs, ["pub_year"], scored, _SCORES)


def _scored(works: pa.Table, pairs: pa.Table, settled_year: int) -> pa.Table:
    scored = [scores_of_year(*both, settled_year=settled_year) for _, *both in years_of_both(works, pairs)]
    return pa.concat_tables(scored) if scored else as_table([], _SCORES)


def scores_of_year(works: pa.Table, known: pa.Table, *, settled_year: int) -> pa.Table:
    """Scores of the works of one citing year from its field references and its pairs that have a z."""
    references = References.of(works)
    place_a, place_b = (
        np.searchsorted(references.source_ids, known[side].to_numpy()) for side in ("source_a", "source_b")
    )
    keys = pair_key(place_a, place_b, len(references.source_ids))
    order = np.argsort(keys)
    keys = keys[order]
    z, is_settled = known["z"].to_numpy()[order], (known["since"].to_numpy() <= settled_year)[order]
    rank = np.argsort(np.argsort(z, kind="stable"))
    parts = [_of_works(pairs, keys, z, rank, is_settled) for pairs in pairs_in_works(references)]
    found: dict[str, Any] = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    settled = found["context_novelty_settled"]
    found |= {
        "work_id": references.work_ids[found["work"]],
        "pub_year": pa.array(np.full(len(settled), works["pub_year"][0].as_py()), pa.int32()),
        "context_novelty_settled": pa.array(settled, mask=np.isnan(settled)),
    }
    return pa.table({name: found[name] for name in _SCORES.column_names})


def _of_works(pairs: Pairs, keys: Any, z: Any, rank: Any, is_settled: Any) -> dict[str, Any]:
    """Scores of works whose pairs these are; NaN where no pair is settled. `rank`: place of a pair's z among all."""
    known, at = pairs.among(keys)
    order = np.argsort(pairs.work[known] * len(keys) + rank[at])
    work, n, at = pairs.work[known][order], pairs.n[known][order], at[order]
    works, (low, median) = quantiles_in_runs(work, z[at], n, (LOW_TAIL, 0.5))
    kept = is_settled[at]
    with_settled, (low_settled,) = quantiles_in_runs(work[kept], z[at][kept], n[kept], (LOW_TAIL,))
    settled = np.full(len(works), np.nan)
    settled[np.searchsorted(works, with_settled)] = low_settled
    return {
        "work": works,
        "context_novelty": 0.0 - low,
        "context_median_z": median,
        "context_novelty_settled": 0.0 - settled,
        "n_venue_pairs": np.add.reduceat(n, run_starts(work)) if len(work) else n,
    }


def quantiles_in_runs(run: Any, value: Any, n: Any, quantiles: Sequence[float]) -> tuple[Any, list[Any]]:
    """The runs, and for each run quantiles of its values, each `n` times over: linear between neighbours, as numpy's.

    `run` numbers the run of each value; it ascends, and in each run the values do.
    """
    starts = run_starts(run)
    up_to = np.concatenate(([0], np.cumsum(n)))
    before = up_to[starts]
    n_of_run = np.diff(before, append=up_to[-1])
    found = []
    for quantile in quantiles:
        place = quantile * (n_of_run - 1)
        below, above = (
            value[np.searchsorted(up_to, before + side(place).astype(np.int64), side="right") - 1]
            for side in (np.floor, np.ceil)
        )
        found.append(below + (above - below) * (place - np.floor(place)))
    return run[starts], found
