"""Moments of a pair's count under a random permutation, against all permutations and against many shuffles."""

from itertools import permutations, product

import numpy as np
import pyarrow as pa
import pytest

from novelty.test_references import drawn
from scholarflow.novelty.references import References, counted
from scholarflow.novelty.shuffled_references import Slots, moments
from scholarflow.novelty.shuffles import moments_of_shuffles


def exact(references: References) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of every pair of sources, those that nobody cites together too."""
    return moments(references.n_in_cell, Slots.of(references), *all_pairs(references))


def all_pairs(references: References) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.triu_indices(len(references.source_ids))
    return a, b


def of_all_permutations(references: References) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance over every way to deal out the cited works within cited years."""
    a, b = all_pairs(references)
    cells = [np.flatnonzero(references.cell == cell) for cell in range(len(references.cited_years))]
    counts = []
    for dealt in product(*(permutations(references.source[cell]) for cell in cells)):
        cited = np.zeros((len(references.work_ids), len(references.source_ids)))
        for cell, sources in zip(cells, dealt, strict=True):
            np.add.at(cited, (references.work[cell], list(sources)), 1)
        together = cited.T @ cited
        counts.append(np.where(a == b, (together[a, a] - cited.sum(axis=0)[a]) / 2, together[a, b]))
    return np.mean(counts, axis=0), np.var(counts, axis=0)


@pytest.mark.parametrize("seed", range(30))
def test_moments_are_those_of_all_permutations(seed: int) -> None:
    sizes = np.random.default_rng(seed).integers(2, 4, 3)
    n = 4 + seed % 5
    references = References.of(drawn(seed, n, n_works=sizes[0], n_sources=sizes[1], n_years=sizes[2]))
    mean, sd = exact(references)
    expected_mean, expected_variance = of_all_permutations(references)
    np.testing.assert_allclose(mean, expected_mean, atol=1e-12)
    np.testing.assert_allclose(sd**2, expected_variance, atol=1e-12)


def test_moments_are_those_of_many_shuffles() -> None:
    references = References.of(drawn(5, 1500, n_works=120, n_sources=15, n_years=8))
    keys, _ = counted(references)
    a, b = np.divmod(keys, len(references.source_ids))
    mean, sd = moments(references.n_in_cell, Slots.of(references), a, b)
    shuffles = 2000
    drawn_mean, drawn_sd = moments_of_shuffles(references, keys, seed=3, shuffles=shuffles)
    assert (np.abs(drawn_mean - mean) < 5 * sd / np.sqrt(shuffles)).all()
    np.testing.assert_allclose(drawn_sd, sd, rtol=0.15)
    assert np.median(drawn_sd / sd) == pytest.approx(1, abs=0.01)


def test_what_cannot_vary_has_no_deviation() -> None:
    rows = drawn(6, 60, n_works=8, n_sources=1)
    mean, sd = exact(References.of(rows))
    assert sd.tolist() == [0]
    keys, n = counted(References.of(rows))
    assert mean.tolist() == n.tolist()
    drawn_mean, drawn_sd = moments_of_shuffles(References.of(rows), keys, seed=1, shuffles=7)
    assert (drawn_mean.tolist(), drawn_sd.tolist()) == (n.tolist(), [0])


def test_a_source_that_has_all_references_but_one_varies_with_that_one() -> None:
    # Works of 20 references and one of 21: the odd source's reference lies in the longer list or in another.
    n_works = 20_000
    size = np.full(n_works, 20)
    size[0] = 21
    n = size.sum()
    source = np.ones(n, np.int64)
    source[-1] = 2
    years = pa.array(np.full(n, 2005), pa.int32())
    columns = {"work_id": np.repeat(np.arange(n_works), size), "cited_work_id": np.arange(n), "source_id": source}
    mean, sd = exact(References.of(pa.table(columns | {"cited_year": years})))
    longer = 21 / n
    assert mean[1] == pytest.approx(19 + longer)
    assert sd[:2] == pytest.approx([np.sqrt(longer * (1 - longer))] * 2, rel=1e-3)


def test_shuffles_have_the_moments_of_their_counts() -> None:
    references = References.of(drawn(8, 60, n_works=8, n_sources=4, n_years=2))
    keys, _ = counted(references)
    two, three = (moments_of_shuffles(references, keys, seed=4, shuffles=n) for n in (2, 3))
    # The first two shuffles are those of both: mean ± sd ÷ √2 of two numbers, and the third from the two means.
    one, other = (two[0] + sign * two[1] / np.sqrt(2) for sign in (1, -1))
    counts = np.stack([one, other, 3 * three[0] - 2 * two[0]])
    assert counts == pytest.approx(np.round(counts))
    assert three[1] == pytest.approx(counts.std(axis=0, ddof=1))


def test_nothing_depends_on_the_order_of_rows() -> None:
    rows = drawn(7)
    other = rows.take(pa.array(np.random.default_rng(0).permutation(rows.num_rows)))
    one, two = References.of(rows), References.of(other)
    for left, right in zip(exact(one), exact(two), strict=True):
        assert left.tobytes() == right.tobytes()
    keys, _ = counted(one)
    shuffles = [moments_of_shuffles(references, keys, seed=1, shuffles=10) for references in (one, two)]
    assert shuffles[0][0].tobytes() == shuffles[1][0].tobytes()
    assert moments_of_shuffles(one, keys, seed=2, shuffles=10)[0].tobytes() != shuffles[0][0].tobytes()
