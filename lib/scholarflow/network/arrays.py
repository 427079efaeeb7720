"""A network in the memory of one process: what both the ranks and the communities read."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Arrays:
    """`ids` ascending; an edge i joins the places `a[i]` and `b[i]` in them, once, with `weight[i]` > 0."""

    ids: Whole
    a: Whole
    b: Whole
    weight: Whole

    @property
    def strengths(self) -> Whole:
        """Sum of weights by node."""
        return summed(np.concatenate([self.a, self.b]), np.concatenate([self.weight, self.weight]), len(self.ids))


def summed(places: NDArray[Any], values: Whole, n: int) -> Whole:
    """Sums of values by place, from 0 to n − 1; whole numbers, in any order the same."""
    totals = np.zeros(n, np.int64)
    np.add.at(totals, places, values)
    return totals
