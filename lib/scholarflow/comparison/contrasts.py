"""Two groups compared by sums: means, their difference, and how sure one can be of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scholarflow.career.timelines import run_starts
from scholarflow.columns import FRACTION_UNIT
from scholarflow.comparison.bootstrap import poisson_draws, resampled_sums
from scholarflow.comparison.inference import cluster_robust_p, welch_p
from scholarflow.comparison.matching import SQUARE_UNIT, SUMS

#: What is resampled: the two means are ratios of these.
_RESAMPLED = ("n_matched", "treated_sum", "control_weight", "control_sum")


@dataclass(frozen=True)
class Resampling:
    """How intervals are made; fewer clusters than `min_clusters` give none, and no p-value by cluster."""

    seed: int
    replicates: int
    min_clusters: int
    level: float = 0.95


class _Draws:
    """How often each cluster is drawn, once somebody asks."""

    def __init__(self, clusters: Any, resampling: Resampling) -> None:
        self._clusters, self._resampling = clusters, resampling

    @cached_property
    def times(self) -> Any:
        """Clusters × replicates."""
        return poisson_draws(self._clusters, seed=self._resampling.seed, replicates=self._resampling.replicates)


@dataclass(frozen=True)
class Contrast:
    """One comparison: sums over clusters, and the two means in each replicate (NaN: not defined there).

    Resampled only where the means in replicates are asked for: most comparisons have too few clusters for an interval.
    """

    totals: dict[str, int]
    by_cluster: dict[str, Any]
    of_cluster: Any
    draws: _Draws

    @property
    def treated_means(self) -> Any:
        """Mean outcome of matched treated units in each replicate."""
        return self._resampled_means[0]

    @property
    def control_means(self) -> Any:
        """Mean outcome of weighted control units in each replicate."""
        return self._resampled_means[1]

    @cached_property
    def _resampled_means(self) -> tuple[Any, Any]:
        sums = np.column_stack([self.by_cluster[name] for name in _RESAMPLED])
        n, treated, weight, control = resampled_sums(sums, self.draws.times[self.of_cluster])
        return _ratio(treated, n * float(FRACTION_UNIT)), _ratio(control, weight)

    @property
    def n_clusters(self) -> int:
        """Clusters with matched units on either side."""
        return len(self.by_cluster["n_matched"])

    @property
    def n_treated_clusters(self) -> int:
        """Clusters with matched treated units."""
        return int((self.by_cluster["n_matched"] > 0).sum())

    @property
    def n_control_clusters(self) -> int:
        """Clusters with control units of some weight."""
        return int((self.by_cluster["control_weight"] > 0).sum())

    def is_enough(self, resampling: Resampling) -> bool:
        """Whether either side has clusters enough for an interval."""
        return min(self.n_treated_clusters, self.n_control_clusters) >= resampling.min_clusters

    @property
    def differences(self) -> Any:
        """The difference of the two means in each replicate."""
        return self.treated_means - self.control_means

    @property
    def n_strata(self) -> int:
        """Strata with both sides."""
        return round(self.totals["n_strata"] / FRACTION_UNIT)

    @property
    def means(self) -> tuple[float, float]:
        """Mean outcome of matched treated and of weighted control units; NaN without any."""
        n, weight = self.totals["n_matched"], self.totals["control_weight"]
        return (
            float(_ratio(self.totals["treated_sum"], n * FRACTION_UNIT)),
            float(_ratio(self.totals["control_sum"], weight)),
        )

    @property
    def effective_controls(self) -> float:
        """Kish's effective number of controls, (Σw)²/Σw²; NaN without any."""
        weight = self.totals["control_weight"] / FRACTION_UNIT
        return float(_ratio(weight**2, self.totals["weight_squares"] / FRACTION_UNIT))

    @property
    def imbalance(self) -> tuple[float, float]:
        """L1 (Iacus, King & Porro 2011, doi:10.1198/jasa.2011.tm09599) over the strata before, over clusters after.

        Half the sum of differences of the shares of treated and control units; 0: alike, 1: nothing in common; NaN
        where units are matched by distance and not in strata.
        """
        distance, share = self.totals["distance_before"], self.totals["control_share"]
        measured = distance > 0 or share > 0
        before = (distance + FRACTION_UNIT - share) / FRACTION_UNIT / 2 if measured else float("nan")
        if not (measured and self.totals["n_matched"]):
            return before, float("nan")
        shares = [self.by_cluster[name] / self.totals[name] for name in ("n_matched", "control_weight")]
        return before, float(np.abs(shares[0] - shares[1]).sum()) / 2

    def p_by_cluster(self) -> float:
        """Cluster-robust p of the difference of means."""
        sums = [self.by_cluster[name] / FRACTION_UNIT for name in ("treated_sum", "control_weight", "control_sum")]
        return cluster_robust_p(self.by_cluster["n_matched"], *sums)

    def p_welch(self) -> float:
        """Welch's p, as if units were independent."""
        n, weight = self.totals["n_matched"], self.totals["control_weight"] / FRACTION_UNIT
        squares = (
            float(_ratio(self.totals["treated_squares"] / SQUARE_UNIT, n)),
            float(_ratio(self.totals["control_squares"] / SQUARE_UNIT, weight)),
        )
        treated, control = self.means
        return welch_p(n, treated, squares[0], self.totals["n_controls"], control, squares[1])


def contrasts(
    sums: pa.Table, resampling: Resampling, *, by: list[str], cluster: str
) -> list[tuple[dict[str, Any], Contrast]]:
    """Each comparison of a table of `SUMS` by comparison and cluster, with its key, in the order of keys."""
    if not len(sums):
        return []
    clusters, of_row = np.unique(sums.column(cluster).to_numpy(), return_inverse=True)
    draws = _Draws(clusters, resampling)
    rank = _ranks(sums, by)
    order = np.lexsort((of_row, rank))
    starts = run_starts(rank[order])
    keys = sums.select(by).take(pa.array(order[starts])).to_pylist()
    values = {name: sums.column(name).to_numpy()[order] for name in SUMS}
    found = []
    for key, rows in zip(keys, np.split(np.arange(len(order)), starts[1:]), strict=True):
        found.append(
            (key, _contrast({name: column[rows] for name, column in values.items()}, of_row[order[rows]], draws))
        )
    return found


def _contrast(values: dict[str, Any], of_row: Any, draws: _Draws) -> Contrast:
    totals = {name: int(column.sum()) for name, column in values.items()}
    matched = (values["n_matched"] > 0) | (values["control_weight"] > 0)
    return Contrast(totals, {name: column[matched] for name, column in values.items()}, of_row[matched], draws)


def interval(values: Any, level: float) -> tuple[float, float]:
    """Percentile interval of what is defined among the replicates; NaN where nothing is."""
    defined = values[np.isfinite(values)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _ranks(sums: pa.Table, by: list[str]) -> Any:
    """A number for each row that orders rows by their key."""
    rank = np.zeros(len(sums), np.int64)
    for name in by:
        texts = sums.column(name).cast(pa.string()).combine_chunks().dictionary_encode()
        values: Any = texts.dictionary
        place = np.empty(len(values), np.int64)
        place[pc.sort_indices(values).to_numpy()] = np.arange(len(values))
        rank = rank * len(values) + place[texts.indices.to_numpy()]
    return rank


def _ratio(numerator: Any, denominator: Any) -> Any:
    """NaN where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(denominator) == 0, np.nan, np.true_divide(numerator, denominator))
