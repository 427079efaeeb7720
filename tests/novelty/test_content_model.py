"""The hypergraph model of keywords, without an engine."""

from math import log

import numpy as np
import pytest
from scipy.special import logsumexp

from novelty.planted import community, planted
from scholarflow.novelty.content_lists import Lists
from scholarflow.novelty.content_model import Fit, first_parameters, fitted, gradient, log_agreement, log_shares

FIT = Fit(dimensions=6, epochs=10, learning_rate=0.3, drift=4.0, seed=1)


def test_agreement_is_the_sum_over_dimensions_of_products_of_shares() -> None:
    theta = np.array([[0.5, 0.5], [0.9, 0.1], [0.2, 0.8]])
    agreement, shares = log_agreement(np.log(theta), Lists(np.array([0, 1, 1, 2]), np.array([2, 2])))
    assert np.exp(agreement) == pytest.approx([0.5 * 0.9 + 0.5 * 0.1, 0.9 * 0.2 + 0.1 * 0.8])
    assert shares[1] == pytest.approx([0.18 / 0.26, 0.08 / 0.26])


def test_long_lists_of_small_shares_are_numbers() -> None:
    log_theta = np.full((2, 2), -700.0)
    agreement, _ = log_agreement(log_theta, Lists(np.tile([0, 1], 50), np.array([100])))
    assert agreement == pytest.approx([-70_000 + log(2)])


def test_gradient_is_that_of_the_likelihood() -> None:
    rng = np.random.default_rng(3)
    free = rng.normal(0, 1, (8, 3))
    size = rng.integers(2, 6, 30)
    lists = Lists(np.concatenate([rng.choice(8, n, replace=False) for n in size]), size)
    is_observed = rng.random(30) < 0.5

    def loss(parameters: np.ndarray) -> float:
        theta = np.exp(parameters - logsumexp(parameters, axis=1, keepdims=True))
        total = 0.0
        for keyword, observed in zip(np.split(lists.keyword, lists.bounds[1:-1]), is_observed, strict=True):
            odds = theta[keyword].prod(axis=0).sum() * 3 ** (len(keyword) - 1)
            total -= log(odds / (1 + odds)) if observed else log(1 / (1 + odds))
        return total

    step, found = 1e-6, gradient(free, lists, is_observed)
    for place in np.ndindex(free.shape):
        moved = np.zeros_like(free)
        moved[place] = step
        assert found[place] == pytest.approx((loss(free + moved) - loss(free - moved)) / (2 * step), abs=1e-6)


def test_planted_communities_are_recovered() -> None:
    columns = planted(n_years=1, works_a_year=1500, joined=0.05)
    lists = Lists.of(np.array(columns["work_id"]), np.array(columns["keyword_id"]))
    rng = np.random.default_rng(1)
    theta = np.exp(log_shares(fitted(first_parameters(48, FIT, rng), lists, FIT, rng)))
    assert theta.sum(axis=1) == pytest.approx(1)
    alike = theta @ theta.T
    same = np.equal.outer(community(np.arange(48)), community(np.arange(48)))
    assert alike[same].min() > alike[~same].max()


def test_parameters_of_a_year_begin_with_those_before() -> None:
    columns = planted(n_years=1, works_a_year=200)
    lists = Lists.of(np.array(columns["work_id"]), np.array(columns["keyword_id"]))
    before = np.random.default_rng(2).normal(0, 1, (48, 6))
    kept = before.copy()
    stiff, loose = (
        fitted(before, lists, Fit(6, 10, 0.3, drift, 1), np.random.default_rng(1)) for drift in (0.01, 10.0)
    )
    assert (before == kept).all()
    assert np.abs(stiff - before).mean() < 0.1 * np.abs(loose - before).mean()
