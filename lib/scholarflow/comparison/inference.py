"""What a difference of two means is worth: tests on sums by cluster, and adjustment for many of them."""

from typing import Any

import numpy as np
from scipy import stats


def cluster_robust_p(n: Any, treated_sum: Any, weight: Any, control_sum: Any) -> float:
    """Two-sided p of the difference of weighted means, by cluster: t with G − 1 degrees of freedom.

    Sums by cluster: treated units and their outcomes, weights of controls and weighted outcomes. Where every stratum
    lies in one cluster this is the t-test of the stratum differences weighted by their treated units, with the
    cluster-robust variance of Liang & Zeger (1986, doi:10.1093/biomet/73.1.13) × G/(G − 1).
    NaN for fewer than two clusters, an empty side, or no variance.
    """
    n_clusters = len(n)
    if n_clusters < 2 or not n.sum() or not weight.sum():
        return float("nan")
    treated_mean, control_mean = treated_sum.sum() / n.sum(), control_sum.sum() / weight.sum()
    influence = (treated_sum - treated_mean * n) / n.sum() - (control_sum - control_mean * weight) / weight.sum()
    variance = n_clusters / (n_clusters - 1) * (influence**2).sum()
    if not variance > 0:
        return float("nan")
    return float(2 * stats.t.sf(abs(treated_mean - control_mean) / np.sqrt(variance), n_clusters - 1))


def welch_p(
    n: float, treated_mean: float, treated_square: float, n_controls: float, control_mean: float, control_square: float
) -> float:
    """Two-sided p of Welch's t-test, from counts, means and mean squares; NaN where it is not defined.

    Controls count as many as there are, their moments weighted: as if units were independent, which they are not.
    """
    if n < 2 or n_controls < 2:
        return float("nan")
    of_treated = max(treated_square - treated_mean**2, 0.0) / (n - 1)
    of_controls = max(control_square - control_mean**2, 0.0) / (n_controls - 1)
    variance = of_treated + of_controls
    if not variance > 0:
        return float("nan")
    degrees = variance**2 / (of_treated**2 / (n - 1) + of_controls**2 / (n_controls - 1))
    return float(2 * stats.t.sf(abs(treated_mean - control_mean) / np.sqrt(variance), degrees))


def fisher_p(n: int, of: int, n_other: int, of_other: int) -> float:
    """Two-sided p of Fisher's exact test of two shares, n ÷ of each."""
    return float(stats.fisher_exact(np.array([[n, of - n], [n_other, of_other - n_other]])).pvalue)


def adjusted(p_values: Any) -> Any:
    """Benjamini & Hochberg's (1995) adjusted p-values of one family; NaN is no member of it and stays."""
    adjusted_values = np.full(len(p_values), np.nan)
    known = ~np.isnan(p_values)
    if known.any():
        adjusted_values[known] = stats.false_discovery_control(p_values[known], method="bh")
    return adjusted_values
