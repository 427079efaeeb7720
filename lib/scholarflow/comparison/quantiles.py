"""Quartiles of weighted values."""

from typing import Any

import numpy as np

#: Sums of weights closer to a share than this part of the total have reached it: they differ by rounding alone.
_CLOSE = 1e-9


def quartiles(values: Any, weights: Any) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile; NaN without weight.

    Where the cumulated weight passes a share, the value there; where it meets it exactly, the mean of that value and
    the next: definition 2 of Hyndman & Fan (1996, doi:10.1080/00031305.1996.10473566), with weights. Values need not be
    distinct, but be in ascending order, so that sums are always taken in the same one.
    """
    counts = np.asarray(weights, float) > 0
    ascending, reached = np.asarray(values)[counts], np.cumsum(np.asarray(weights, float)[counts])
    if not len(ascending):
        return float("nan"), float("nan"), float("nan")
    total = reached[-1]

    def at(share: float) -> float:
        below, above = (
            np.searchsorted(reached, share * total + side * _CLOSE * total, side="left") for side in (-1, 1)
        )
        return float(ascending[below] + ascending[min(above, len(ascending) - 1)]) / 2

    return at(0.25), at(0.5), at(0.75)
