"""Tests of differences, against statsmodels, and their size under a null with effects of institutions."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from scholarflow.comparison.inference import adjusted, cluster_robust_p, welch_p


def strata(seed: int) -> dict[str, Any]:
    """Differences of 60 strata in 25 clusters, with the numbers of treated units that weigh them."""
    draw = np.random.default_rng(seed)
    cluster = draw.integers(0, 25, 60)
    treated = draw.integers(1, 6, 60)
    difference = draw.normal(0.3, 1, 60) + draw.normal(0, 0.5, 25)[cluster]
    control = draw.gamma(2, 2, 60)
    return {"cluster": cluster, "n": treated, "treated": (control + difference), "control": control}


def test_p_by_cluster_is_that_of_stratum_differences_weighted_by_treated_units() -> None:
    rows = strata(1)
    n = np.bincount(rows["cluster"], rows["n"], 25)
    sums = [np.bincount(rows["cluster"], rows["n"] * rows[side], 25) for side in ("treated", "control")]
    present = n > 0
    found = cluster_robust_p(n[present], sums[0][present], n[present], sums[1][present])
    groups = present.sum()
    fit = sm.WLS(rows["treated"] - rows["control"], np.ones(60), weights=rows["n"]).fit(
        cov_type="cluster", cov_kwds={"groups": rows["cluster"], "use_correction": False, "df_correction": True}
    )
    t = fit.params[0] / (fit.bse[0] * np.sqrt(groups / (groups - 1)))
    assert found == pytest.approx(2 * stats.t.sf(abs(t), groups - 1), rel=1e-9)


def test_welch_is_that_of_weighted_samples() -> None:
    draw = np.random.default_rng(2)
    treated, control, weights = draw.normal(1, 2, 40), draw.normal(0, 1, 90), draw.uniform(0.2, 3, 90)
    weights *= 90 / weights.sum()  # controls count as many as there are
    test = CompareMeans(DescrStatsW(treated), DescrStatsW(control, weights)).ttest_ind(usevar="unequal")
    found = welch_p(
        40,
        treated.mean(),
        (treated**2).mean(),
        90,
        np.average(control, weights=weights),
        np.average(control**2, weights=weights),
    )
    assert found == pytest.approx(test[1], rel=1e-9)


def test_adjusted_is_benjamini_hochberg_of_those_that_are_known() -> None:
    p_values = np.array([0.01, np.nan, 0.04, 0.03, 0.5])
    expected = multipletests([0.01, 0.04, 0.03, 0.5], method="fdr_bh")[1]
    np.testing.assert_allclose(adjusted(p_values)[[0, 2, 3, 4]], expected)
    assert np.isnan(adjusted(p_values)[1])
    assert np.isnan(adjusted(np.array([np.nan]))).all()


@pytest.mark.parametrize("n_clusters", [0, 1])
def test_too_few_clusters_give_none(n_clusters: int) -> None:
    ones = np.ones(n_clusters)
    assert np.isnan(cluster_robust_p(ones, ones, ones, ones))


def test_no_variance_gives_none() -> None:
    ones = np.ones(5)
    assert np.isnan(cluster_robust_p(ones, 2 * ones, ones, ones))
    assert np.isnan(welch_p(5, 1, 1, 5, 0, 0))
    assert np.isnan(welch_p(1, 1, 1, 5, 0, 1))


def test_size_under_a_null_with_effects_of_institutions() -> None:
    """By cluster a true null is rejected about as often as it should be; as if works were independent, far more."""
    draw = np.random.default_rng(3)
    by_cluster, as_if_independent = [], []
    for _ in range(600):
        # 60 institutions of uneven size; that of treated and of control works varies between institutions.
        sizes = draw.integers(2, 30, 60)
        effects = draw.normal(0, 1.0, (2, 60))
        treated = [effects[0, i] + draw.normal(0, 1, n) for i, n in enumerate(sizes)]
        control = [effects[1, i] + draw.normal(0, 1, n) for i, n in enumerate(sizes)]
        sums = [np.array([values.sum() for values in side]) for side in (treated, control)]
        by_cluster.append(cluster_robust_p(sizes, sums[0], sizes, sums[1]))
        together = [np.concatenate(side) for side in (treated, control)]
        moments = [f(side) for side in together for f in (len, np.mean, lambda v: np.mean(v**2))]
        as_if_independent.append(welch_p(*moments))
    assert 0.03 < np.mean(np.array(by_cluster) < 0.05) < 0.08
    assert np.mean(np.array(as_if_independent) < 0.05) > 0.25
