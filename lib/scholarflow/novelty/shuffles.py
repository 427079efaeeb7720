"""The published null by Monte Carlo: cited works of a citing year shuffled within cited years, some times over."""

from typing import Any

import numpy as np

from scholarflow.hashing import bits_of, draws, mixed
from scholarflow.novelty.references import References, pairs_in_works


def moments_of_shuffles(references: References, keys: Any, *, seed: int, shuffles: int) -> tuple[Any, Any]:
    """Mean and standard deviation (n − 1) of the count of each pair of `keys` over the shuffles.

    Which place a cited work takes is a hash of seed, shuffle, citing and cited work.
    """
    of_work = mixed(bits_of(references.work_ids))[references.work]
    slots = mixed(of_work ^ bits_of(references.cited_work_id))
    in_cells = np.argsort(references.cell, kind="stable")
    counts = np.zeros((shuffles, len(keys)))
    for row, draw in zip(counts, draws(seed, shuffles), strict=True):
        source = np.empty_like(references.source)
        source[in_cells] = references.source[np.lexsort((mixed(slots ^ draw), references.cell))]
        for pairs in pairs_in_works(references.with_sources(source)):
            at = np.searchsorted(keys, pairs.key)
            known = keys[np.minimum(at, len(keys) - 1)] == pairs.key
            row += np.bincount(at[known], weights=pairs.n[known], minlength=len(keys))
    return counts.mean(axis=0), counts.std(axis=0, ddof=1)
