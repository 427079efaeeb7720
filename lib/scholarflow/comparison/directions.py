"""Results by direction, from an origin to a destination: its rows, its names, and when they are enough."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from scholarflow.career.timelines import countries, run_starts
from scholarflow.comparison.contrasts import Contrast, Resampling
from scholarflow.countries import COUNTRIES


def by_direction(sums: pa.Table, origin: str, destination: str) -> Iterator[pa.Table]:
    """The rows of each origin and destination."""
    ranks = [countries(sums, name)[1] for name in (origin, destination)]
    order = np.lexsort(ranks)
    starts = run_starts(*(rank[order] for rank in ranks))
    together = sums.combine_chunks().take(pa.array(order, pa.int64()))
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        yield together.slice(start, end - start)


def names_of(origin: str, destination: str) -> dict[str, str]:
    """Both countries with their names."""
    return {
        "origin_country": origin,
        "origin_country_name": COUNTRIES.get(origin, origin),
        "destination_country": destination,
        "destination_country_name": COUNTRIES.get(destination, destination),
    }


def is_enough(contrast: Contrast, resampling: Resampling) -> bool:
    """Whether both sides have clusters enough for an interval: movers and stayers are never the same scientists."""
    return min(contrast.n_treated_clusters, contrast.n_control_clusters) >= resampling.min_clusters


def ratio_of(numerator: Any, denominator: Any) -> Any:
    """NaN without a positive denominator."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(denominator) > 0, np.true_divide(numerator, denominator), np.nan)
