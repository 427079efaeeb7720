"""The hashed Poisson bootstrap: its distribution, and that nothing but seed, replicate and cluster decides a draw."""

import numpy as np
import pytest
from scipy import stats

from scholarflow.comparison.bootstrap import poisson_draws, resampled_sums


def test_draws_are_poisson() -> None:
    drawn = poisson_draws(np.arange(5_000), seed=1, replicates=200)
    counts = np.bincount(drawn.ravel(), minlength=8)[:8]
    expected = stats.poisson.pmf(np.arange(8), 1) * drawn.size
    assert np.abs(counts - expected).max() < 5 * np.sqrt(expected.max())
    of_clusters, of_replicates = drawn.mean(axis=1), drawn.mean(axis=0)
    assert np.var(of_clusters) == pytest.approx(1 / 200, rel=0.1)
    assert np.var(of_replicates) == pytest.approx(1 / 5_000, rel=0.3)


def test_neighbouring_clusters_replicates_and_seeds_are_drawn_independently() -> None:
    drawn = poisson_draws(np.arange(2_000), seed=1, replicates=100).astype(float)
    other = poisson_draws(np.arange(2_000), seed=2, replicates=100).astype(float)
    for one, two in ((drawn[1:], drawn[:-1]), (drawn[:, 1:], drawn[:, :-1]), (drawn, other)):
        assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 0.01


def test_a_cluster_is_drawn_alike_in_whatever_company() -> None:
    clusters = np.array([7, -3, 2**62, 154945302])
    together = poisson_draws(clusters, seed=5, replicates=50)
    for place, cluster in enumerate(clusters):
        alone = poisson_draws(np.array([cluster]), seed=5, replicates=20)
        np.testing.assert_array_equal(alone[0], together[place, :20])


def test_sums_are_exact() -> None:
    values = np.random.default_rng(1).integers(0, 2**52, (6_000, 2))
    drawn = poisson_draws(np.arange(6_000), seed=3, replicates=4)
    sums = resampled_sums(values, drawn)
    for column in range(2):
        for replicate in range(4):
            exact = sum(int(v) * int(n) for v, n in zip(values[:, column], drawn[:, replicate], strict=True))
            assert sums[column, replicate] == float(exact)
    order = np.random.default_rng(2).permutation(6_000)
    np.testing.assert_array_equal(resampled_sums(values[order], drawn[order]), sums)
