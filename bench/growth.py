"""How a cost grows with the size of a snapshot: fitted to a few measured sizes, and carried on to a large one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

#: The exponents tried. Less than in proportion grows nothing that reads its input whole: what looks like it is a cost
#: that is there whatever the size, and passing for slow growth it would make a large snapshot cheap.
EXPONENTS = tuple(np.linspace(1.0, 2.0, 101))
#: Of a line.
IN_PROPORTION = 1.0
#: A curve has three parameters.
FEWEST_SIZES = 3


@dataclass(frozen=True)
class Growth:
    """fixed + slope · size ** exponent, in the unit of the cost."""

    fixed: float
    slope: float
    exponent: float

    def at(self, size: float) -> float:
        """The cost at a size."""
        return float(self.fixed + self.slope * size**self.exponent)


def fitted(sizes: Sequence[float], costs: Sequence[float], exponents: Sequence[float] = EXPONENTS) -> Growth:
    """The curve of one of these exponents with the least squares of relative errors, no part of it negative.

    Errors: ValueError for fewer than three sizes, as any three parameters agree with two.
    """
    if len(set(sizes)) < FEWEST_SIZES:
        raise ValueError(f"{len(set(sizes))} sizes: a curve needs {FEWEST_SIZES}")
    if not any(costs):
        return Growth(0.0, 0.0, 1.0)
    pairs = np.array(sorted(zip(sizes, costs, strict=True)), float)
    largest = pairs[-1, 0]
    scale, values = pairs[:, 0] / largest, pairs[:, 1]
    # A cost of zero beside others has no relative error: it is held to a thousandth of the largest.
    weights = 1 / np.maximum(values, values.max() / 1000)

    def curve(exponent: float) -> tuple[float, np.ndarray]:
        columns = np.column_stack([np.ones_like(scale), scale**exponent])
        parts, residual = nnls(columns * weights[:, None], values * weights)
        return residual, parts

    tried = [(*curve(exponent), exponent) for exponent in exponents]
    _, (fixed, slope), exponent = min(tried, key=lambda one: (round(one[0], 9), one[2]))
    return Growth(float(fixed), float(slope / largest**exponent), float(exponent))


def in_proportion(size: float, cost: float) -> Growth:
    """The growth that one size alone lets assume."""
    return Growth(0.0, cost / size, IN_PROPORTION)


def without_each(sizes: Sequence[float], costs: Sequence[float]) -> list[Growth]:
    """The curve of all sizes, then those with each size left out in turn, from the smallest on, where enough are left.

    How far the latter differ says how much of a projection hangs on single measurements.
    """
    curves = [fitted(sizes, costs)]
    if len(sizes) > FEWEST_SIZES:
        pairs = sorted(zip(sizes, costs, strict=True))
        for left_out in range(len(pairs)):
            kept = pairs[:left_out] + pairs[left_out + 1 :]
            curves.append(fitted([size for size, _ in kept], [cost for _, cost in kept]))
    return curves
