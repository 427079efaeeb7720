"""The clustered Poisson bootstrap: how often each cluster is drawn is a hash, so that every comparison sees one draw.

Resampling n clusters with replacement draws each about Poisson(1) times (Chamandy, Muralidharan, Najmi & Naidu 2012,
research.google/pubs/pub43157). Here that number is a function of seed, replicate and cluster alone: it is the same
for every stratum, year, field and variant, whatever the partitioning, so that differences of comparisons have
intervals too.
"""

from math import exp, factorial
from typing import Any

import numpy as np

from scholarflow.hashing import bits_of, draws, mixed

#: A Poisson(1) count reaches this once in 6 · 10^18 draws.
_MOST = 20
_UP_TO = np.cumsum([exp(-1) / factorial(k) for k in range(_MOST)])
#: Clusters drawn at a time: 32 MB at 1,000 replicates.
_CLUSTERS_AT_ONCE = 4096
#: Whole numbers are split here into two that are summed as doubles without rounding.
_LOW_BITS = 26


def poisson_draws(clusters: Any, *, seed: int, replicates: int) -> Any:
    """How often each cluster is drawn in each replicate: clusters × replicates, uint8, Poisson(1)."""
    of_replicate = draws(seed, replicates)
    drawn = np.empty((len(clusters), replicates), np.uint8)
    for start in range(0, len(clusters), _CLUSTERS_AT_ONCE):
        of_cluster = mixed(bits_of(clusters[start : start + _CLUSTERS_AT_ONCE]))
        uniform = (mixed(of_cluster[:, None] ^ of_replicate[None, :]) >> np.uint64(11)) * 2.0**-53
        drawn[start : start + _CLUSTERS_AT_ONCE] = np.searchsorted(_UP_TO, uniform, side="right")
    return drawn


def resampled_sums(values: Any, drawn: Any) -> Any:
    """Sums of whole numbers over clusters, each as often as drawn: columns × replicates, float64.

    `values` is clusters × columns, int64. Exact but for one rounding at the end, so that the order of clusters, and
    how a matrix is multiplied, changes nothing: sums of up to 2^52 high and low halves are whole doubles.
    """
    high = np.zeros((values.shape[1], drawn.shape[1]))
    low = np.zeros_like(high)
    for start in range(0, len(values), _CLUSTERS_AT_ONCE):
        block = values[start : start + _CLUSTERS_AT_ONCE]
        times = drawn[start : start + _CLUSTERS_AT_ONCE].astype(np.float64)
        high += (block >> _LOW_BITS).T.astype(np.float64) @ times
        low += (block & ((1 << _LOW_BITS) - 1)).T.astype(np.float64) @ times
    return high * 2.0**_LOW_BITS + low
