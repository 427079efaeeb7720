"""Results by direction, from an origin to a destination: its rows and its names."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from scholarflow.career.timelines import countries, run_starts
from scholarflow.countries import with_names

PAIR = ("origin_country", "destination_country")


def by_direction(sums: pa.Table, origin: str, destination: str) -> Iterator[pa.Table]:
    """The rows of each origin and destination."""
    ranks = [countries(sums, name)[1] for name in (origin, destination)]
    order = np.lexsort(ranks)
    starts = run_starts(*(rank[order] for rank in ranks))
    together = sums.combine_chunks().take(pa.array(order, pa.int64()))
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        yield together.slice(start, end - start)


def names_of(origin: str, destination: str) -> dict[str, Any]:
    """Both countries with their names."""
    return with_names(dict(zip(PAIR, (origin, destination), strict=True)), PAIR)


def ratio_of(numerator: Any, denominator: Any) -> Any:
    """NaN without a positive denominator."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(denominator) > 0, np.true_divide(numerator, denominator), np.nan)
