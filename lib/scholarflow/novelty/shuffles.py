"""The published null by Monte Carlo: cited works of a citing year shuffled within cited years, some times over."""

from typing import Any

import numpy as np

from scholarflow.hashing import bits_of, draws, mixed
from scholarflow.novelty.references import References, pairs_in_works


def moments_of_shuffles(references: References, keys: Any, *, seed: int, shuffles: int) -> tuple[Any, Any]:
    """Mean and standard deviation (n − 1) of the count of each pair of `keys` over the shuffles.

    Which place a cited work takes is a hash of seed, shuffle, citing and cited work. Held are the counts of one shuffle
    at a time, and those of the first.
    """
    of_work = mixed(bits_of(references.work_ids))[references.work]
    slots = mixed(of_work ^ bits_of(references.cited_work_id))
    in_cells = np.argsort(references.cell, kind="stable")
    first: Any = None
    total, squares = np.zeros(len(keys)), np.zeros(len(keys))
    for draw in draws(seed, shuffles):
        source = np.empty_like(references.source)
        source[in_cells] = references.source[np.lexsort((mixed(slots ^ draw), references.cell))]
        counts = _counts(references.with_sources(source), keys)
        # Beside the first shuffle counts are small whole numbers, whose squares add up exactly.
        first = counts if first is None else first
        total += counts - first
        squares += (counts - first) ** 2
    variance = (shuffles * squares - total**2) / (shuffles * (shuffles - 1))
    return first + total / shuffles, np.sqrt(np.maximum(variance, 0.0))


def _counts(references: References, keys: Any) -> Any:
    """How many pairs of references have each of the keys, which ascend."""
    found = np.zeros(len(keys))
    for pairs in pairs_in_works(references):
        known, at = pairs.among(keys)
        found += np.bincount(at, weights=pairs.n[known], minlength=len(keys))
    return found
