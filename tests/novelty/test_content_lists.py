"""Lists of keywords, and what chance makes of the same keywords."""

import numpy as np

from scholarflow.novelty.content_lists import Lists, both, by_chance

LISTS = Lists.of(np.array([7, 7, 9, 9, 9, 12]), np.array([0, 1, 1, 2, 3, 0]))


def test_lists_are_runs_of_an_owner() -> None:
    assert LISTS.size.tolist() == [2, 3, 1]
    assert LISTS.owner.tolist() == [0, 0, 1, 1, 1, 2]
    assert len(Lists.of(np.zeros(0, np.int64), np.zeros(0, np.int64))) == 0


def test_lists_are_taken_in_the_order_asked_for() -> None:
    taken = LISTS.taken(np.array([1, 0]))
    assert (taken.keyword.tolist(), taken.size.tolist()) == ([1, 2, 3, 0, 1], [3, 2])
    assert both(taken, LISTS).keyword.tolist() == [1, 2, 3, 0, 1, 0, 1, 1, 2, 3, 0]
    assert LISTS.taken(np.zeros(0, np.int64)).keyword.tolist() == []


def test_products_with_the_incidence_are_sums_over_a_list() -> None:
    values = np.array([1.0, 10.0, 100.0, 1000.0])
    assert (LISTS.incidence(4) @ values).tolist() == [11, 1110, 1]


def test_lists_by_chance_have_the_sizes_and_the_popularity_of_the_observed() -> None:
    rng = np.random.default_rng(5)
    size = rng.integers(2, 6, 20_000)
    popularity = 1 / np.arange(1, 41)
    observed = Lists(rng.choice(40, size.sum(), p=popularity / popularity.sum()), size)
    chance, is_distinct = by_chance(observed, rng)
    assert (chance.size == size).all()
    assert is_distinct.all()
    repeats = np.unique(chance.owner * 40 + chance.keyword, return_counts=True)[1]
    assert (repeats == 1).all()
    found = np.bincount(chance.keyword, minlength=40) / size.sum()
    wanted = np.bincount(observed.keyword, minlength=40) / size.sum()
    # Not exactly: a popular keyword is often drawn twice, and once of these replaced.
    assert np.abs(found - wanted).max() < 0.06
    assert np.corrcoef(found, wanted)[0, 1] > 0.98


def test_lists_that_chance_cannot_make_distinct_are_told() -> None:
    chance, is_distinct = by_chance(Lists(np.array([3, 3]), np.array([1, 1])), np.random.default_rng(1))
    assert (chance.keyword.tolist(), is_distinct.tolist()) == ([3, 3], [True, True])
    _, is_distinct = by_chance(Lists(np.array([3, 3]), np.array([2])), np.random.default_rng(1))
    assert is_distinct.tolist() == [False]
