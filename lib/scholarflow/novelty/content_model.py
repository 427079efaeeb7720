"""The hypergraph model of keywords: which of them go together, as points on a simplex that drift from year to year.

Shi & Evans (2023, doi:10.1038/s41467-023-36741-4): keyword i has shares θ_i1 … θ_iK in K dimensions, Σ_d θ_id = 1, and
a popularity r_i; works with the keywords h come at the rate λ_h = (Σ_d Π_{i∈h} θ_id) · Π_{i∈h} r_i. It is fitted by
stochastic gradient descent with as many lists by chance as observed ones, and of the same sizes, each year beginning
with the parameters of the one before.

Here lists by chance are drawn in proportion to popularity: the odds that a list was observed, and not drawn, are then
λ_h over Π r_i, in which r cancels, and are one for the keywords that say nothing, θ_id = 1/K:

    log odds = log Σ_d Π_{i∈h} θ_id + (|h| − 1) · log K

θ_i is the softmax of free parameters a_i. Their change over a year is a priori normal with standard deviation `drift`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from scholarflow.novelty.content_lists import Lists, both, by_chance

#: Observed lists a step: few enough that small years take many steps, enough that numpy is not kept by overheads.
_LISTS_A_STEP = 1024
#: Free parameters of a new keyword: close to 1/K each, and different, so that dimensions can part.
_FIRST_SPREAD = 0.1
#: Added to the sum of squared gradients (Duchi, Hazan & Singer 2011), so that the first steps are not too long.
_FIRST_SQUARE = 0.01
#: The last step of a year is so much of the first.
_LAST_STEP = 0.1


@dataclass(frozen=True)
class Fit:
    """How the parameters of a year are found; units are those of `[novelty.content]`."""

    dimensions: int
    epochs: int
    learning_rate: float
    drift: float
    seed: int


def first_parameters(n_keywords: int, fit: Fit, rng: np.random.Generator) -> Any:
    """Free parameters of keywords that are seen for the first time: keywords × dimensions."""
    return rng.normal(0.0, _FIRST_SPREAD, (n_keywords, fit.dimensions))


def log_shares(free: Any) -> Any:
    """log θ of free parameters."""
    shifted = free - free.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def log_agreement(log_theta: Any, lists: Lists) -> tuple[Any, Any]:
    """log Σ_d Π_{i∈h} θ_id of each list, and the share of each dimension in that sum.

    Shares are added up as logarithms: the product of those of a long list is no double.
    """
    of_dimension = lists.incidence(len(log_theta)) @ log_theta
    if not len(lists):
        return np.zeros(0), of_dimension
    largest = of_dimension.max(axis=1, keepdims=True)
    shares = np.exp(of_dimension - largest)
    total = shares.sum(axis=1, keepdims=True)
    return (largest + np.log(total))[:, 0], shares / total


def gradient(free: Any, lists: Lists, is_observed: Any) -> Any:
    """Derivatives of −log likelihood, of which lists are observed and which by chance, by the free parameters."""
    log_theta = log_shares(free)
    agreement, shares = log_agreement(log_theta, lists)
    excess = expit(agreement + (lists.size - 1) * np.log(free.shape[1])) - is_observed
    of_keyword = lists.incidence(len(free)).T
    return of_keyword @ (excess[:, None] * shares) - (of_keyword @ excess)[:, None] * np.exp(log_theta)


def fitted(free: Any, lists: Lists, fit: Fit, rng: np.random.Generator) -> Any:
    """Free parameters after a year whose works have these lists, from those before it; every keyword is in a list."""
    before, now = free, free.copy()
    n_of_keyword = np.bincount(lists.keyword, minlength=len(free))
    squares = np.full(free.shape, _FIRST_SQUARE)
    n_steps = -(-len(lists) // _LISTS_A_STEP)
    for epoch in range(fit.epochs):
        step = fit.learning_rate * (1 - (1 - _LAST_STEP) * epoch / fit.epochs)
        chance, is_distinct = by_chance(lists, rng)
        for chosen in np.array_split(rng.permutation(len(lists)), n_steps):
            observed = lists.taken(chosen)
            of_step = both(observed, chance.taken(chosen[is_distinct[chosen]]))
            here, number = np.unique(of_step.keyword, return_inverse=True)
            is_observed = np.arange(len(of_step)) < len(observed)
            old = now[here]
            slope = gradient(old, Lists(number, of_step.size), is_observed)
            # What a keyword's change costs is paid in parts, one with each observed list that has it.
            part = np.bincount(number[: len(observed.keyword)], minlength=len(here)) / n_of_keyword[here]
            slope += (part / fit.drift**2)[:, None] * (old - before[here])
            so_far = squares[here] + slope**2
            squares[here] = so_far
            now[here] = old - step * slope / np.sqrt(so_far)
    return now
