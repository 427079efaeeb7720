"""Merged works of the legacy layout: which identifier gave way to which, chains included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scholarflow.simulate.fates import KEPT, WITHDRAWN, Edition
from scholarflow.simulate.seeds import BoolArray, IntArray, uniform


@dataclass(frozen=True)
class Merges:
    """`merged[i]` gave way to `into[i]`, perhaps merged itself; `final` maps every work to what stands."""

    merged: IntArray
    into: IntArray
    fresh: BoolArray
    final: IntArray


def merge_works(edition: Edition, total: int) -> Merges:
    """The merges of a legacy snapshot; in other layouts nothing is merged."""
    final = np.arange(total)
    if edition.layout != "legacy":
        none = np.zeros(0, dtype=np.int64)
        return Merges(none, none, none.astype(bool), final)
    index = np.arange(total)
    fate = edition.fate(index)
    vanished = edition.vanished(index)
    standing = np.flatnonzero((fate == KEPT) & ~vanished)
    merged = np.flatnonzero((fate == WITHDRAWN) | vanished)
    nearest = standing[np.clip(np.searchsorted(standing, merged) - 1, 0, len(standing) - 1)]
    chained = uniform(merged, edition.seed, "chain") < 0.3
    into = nearest.copy()
    into[1:] = np.where(chained[1:], merged[:-1], nearest[1:])
    for work, target in zip(merged.tolist(), into.tolist(), strict=True):
        final[work] = final[target]
    return Merges(merged, into, vanished[merged], final)
