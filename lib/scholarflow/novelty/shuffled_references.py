"""How often a pair of sources would come together by chance: exactly, from the moments of a random permutation.

The null of Uzzi, Mukherjee, Stringer & Jones (2013, doi:10.1126/science.1240474) keeps each citing work's number of
references to every cited year and how often each source is cited there, and is otherwise random: within a cell, the
references of one citing year to one cited year, the cited works change places by a uniformly random permutation. Mean
and variance of a pair's count under it need no shuffling.

Say A_ws references of work w to year s go to source a, B_ws to b; k_ws references go to year s in all. The pair's count
is X = Σ_w Σ_s Σ_u A_ws B_wu. Cells are independent, and X is a sum of products of at most two of them, so that its
variance is that of the parts which depend on one cell alone and of those which depend on two:

    Var X = Σ_s Var E[X | s] + Σ_{s<u} Var Q_su,    Q_su = Σ_w (α_ws β_wu + α_wu β_ws),  α = A − E A,  β = B − E B

Within a cell of N slots, n_a of them filled by source a, Cov(A_w, A_v) = c_a H_wv and Cov(A_w, B_v) = −d H_wv with
H = N·diag(k) − k kᵀ, c_a = n_a (N − n_a) / (N² (N − 1)), d = n_a n_b / (N² (N − 1)), and what lies within one cell
alone is counted out by falling factorials. All that is needed of the works are Σ_w k_ws k_wu k_wv and Σ_w k_ws⁴.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scholarflow.novelty.references import References

#: Works whose lists are laid out as a matrix at a time: 20 MB at 150 cited years.
_WORKS_AT_ONCE = 1 << 14
#: Pairs of one source worked on at a time.
_PAIRS_AT_ONCE = 1 << 14
#: A variance below this share of the mean is rounding, which leaves up to some 1e-14 of it. Counts that can vary have
#: more; least have pairs of a source that has all references but a few.
_NO_VARIANCE = 1e-12


@dataclass(frozen=True)
class Slots:
    """How works' references spread over cells: sums over works of products of their numbers in one to four cells."""

    n: Any  # Σ k_s, the slots of each cell
    n2: Any  # Σ k_s k_u
    n3: Any  # Σ k_s k_u k_v
    n4: Any  # Σ k_s⁴

    @classmethod
    def of(cls, references: References) -> "Slots":
        """The sums over all works; whole numbers, exact in doubles below 2⁵³, whatever the order of works."""
        n_cells = len(references.cited_years)
        # A first cell in which every work has one slot: sums of fewer factors are those with it.
        n3, n4 = np.zeros((n_cells + 1,) * 3), np.zeros(n_cells)
        for first in range(0, len(references.work_ids), _WORKS_AT_ONCE):
            n_works = min(_WORKS_AT_ONCE, len(references.work_ids) - first)
            here = slice(*np.searchsorted(references.work, (first, first + n_works)))
            place = (references.work[here] - first) * (n_cells + 1) + references.cell[here] + 1
            k = np.bincount(place, minlength=n_works * (n_cells + 1)).reshape(n_works, -1).astype(np.float64)
            k[:, 0] = 1
            n4 += (k[:, 1:] ** 4).sum(axis=0)
            for s in range(n_cells + 1):
                cited = k[k[:, s] > 0]
                n3[s] += cited.T @ (cited * cited[:, s : s + 1])
        return cls(n3[0, 0, 1:], n3[0, 1:, 1:], n3[1:, 1:, 1:], n4)


@dataclass(frozen=True)
class _Cells:
    """What the formulas take of the slots, by cell: falling moments within it, and sums with every other cell."""

    n: Any
    per_pair: Any  # 1 ÷ (N)₂; 0 where there are no two slots
    per_triple: Any
    per_quadruple: Any
    pairs: Any  # Σ (k)₂
    triples: Any  # Σ (k)₃
    quadruples: Any  # Σ (k)₄ − Σ (k)₂²
    others: Any  # Σ k_s k_u, u ≠ s
    pairs_others: Any  # Σ (k_s)₂ k_u, u ≠ s
    both: Any  # tr(H_s H_u), u ≠ s
    two_others: Any  # Σ k_s k_u k_v, u ≠ s ≠ v

    @classmethod
    def of(cls, slots: Slots) -> "_Cells":
        n, n2, n3, n4 = slots.n, slots.n2, slots.n3, slots.n4
        apart = 1 - np.eye(len(n))
        once, twice = np.diagonal(n2), np.einsum("sss->s", n3)
        square = np.einsum("ssu->su", n3)
        return cls(
            n,
            per_pair=_inverse(n * (n - 1)),
            per_triple=_inverse(n * (n - 1) * (n - 2)),
            per_quadruple=_inverse(n * (n - 1) * (n - 2) * (n - 3)),
            pairs=once - n,
            triples=twice - 3 * once + 2 * n,
            quadruples=(n4 - 6 * twice + 11 * once - 6 * n) - (n4 - 2 * twice + once),
            others=n2 * apart,
            pairs_others=(square - n2) * apart,
            both=(n[:, None] * n * n2 - n[:, None] * square.T - n * square + n2**2) * apart,
            two_others=n3 * apart[:, :, None] * apart[:, None, :],
        )


def _inverse(falling: Any) -> Any:
    """1 ÷ a falling factorial; 0 where that is 0: nothing takes so many slots of the cell."""
    return 1 / np.where(falling > 0, falling, np.inf)


@dataclass(frozen=True)
class _Sources:
    """What the formulas take of each source, by cell: sources × cells."""

    n: Any  # cited works of the source
    c: Any  # variance of a slot, per unit of H
    elsewhere: Any  # Σ_w k_s m_w, where m_w is what is expected of work w in other cells
    elsewhere_pairs: Any  # Σ_w (k_s)₂ m_w
    both: Any  # Σ_u tr(H_s H_u) c_u
    spread: Any  # mᵀ H_s m

    @classmethod
    def of(cls, n: Any, cells: _Cells) -> "_Sources":
        p = n / cells.n
        c = n * (cells.n - n) * cells.per_pair / cells.n
        elsewhere = p @ cells.others
        spread = np.stack([((p @ two_others) * p).sum(axis=1) for two_others in cells.two_others], axis=1)
        return cls(n, c, elsewhere, p @ cells.pairs_others.T, c @ cells.both, cells.n * spread - elsewhere**2)


def moments(n_in_cell: Any, slots: Slots, source_a: Any, source_b: Any) -> tuple[Any, Any]:
    """Mean and standard deviation of the count of each pair of sources.

    `n_in_cell`: sources × cells, how many references of the cell go to the source. A deviation of 0: the count cannot
    vary. A pair costs as many steps as there are cells, times those that the source cited in fewer has references in.
    """
    # Sources by the number of their cells, so that the first of a pair has the fewer.
    by_spread = np.argsort((n_in_cell > 0).sum(axis=1), kind="stable")
    place = np.argsort(by_spread)
    first, other = np.minimum(place[source_a], place[source_b]), np.maximum(place[source_a], place[source_b])
    order = np.lexsort((other, first))
    cells = _Cells.of(slots)
    sources = _Sources.of(n_in_cell[by_spread].astype(np.float64), cells)
    found = np.empty((2, len(order)))
    bounds = np.searchsorted(first[order], np.arange(len(n_in_cell) + 1))
    for a in range(len(n_in_cell)):
        for start in range(bounds[a], bounds[a + 1], _PAIRS_AT_ONCE):
            pairs = order[start : min(start + _PAIRS_AT_ONCE, bounds[a + 1])]
            found[:, pairs] = _with_others(a, other[pairs], sources, cells)
            if other[pairs[0]] == a:
                found[:, pairs[0]] = _with_itself(a, sources, cells)
    mean, variance = found
    return mean, np.sqrt(np.where(variance > _NO_VARIANCE * mean, variance, 0.0))


def _with_others(a: int, b: Any, sources: _Sources, cells: _Cells) -> tuple[Any, Any]:
    """Mean and variance of source a with each of other sources: polynomials in what these have in each cell."""
    size, n_a, n_b = cells.n, sources.n[a], sources.n[b]
    has_a = np.flatnonzero(n_a)
    pair = n_a * cells.per_pair
    linear, square, of_elsewhere, of_elsewhere_pairs = _coefficients(a, sources, cells)
    crossed = np.einsum("u,suv->sv", (n_a / size)[has_a], cells.two_others[np.ix_(has_a, has_a)])
    d = (pair / size)[has_a]
    product = -2 * pair[has_a, None] * crossed / size
    product[:, has_a] += d[:, None] * cells.both[np.ix_(has_a, has_a)] * d
    variance = (
        n_b @ linear
        + n_b**2 @ square
        + (n_b * sources.elsewhere[b]) @ of_elsewhere
        + (n_b * sources.elsewhere_pairs[b]) @ of_elsewhere_pairs
        + sources.spread[b] @ sources.c[a]
        + ((n_b @ product.T) * n_b[:, has_a]).sum(axis=1)
    )
    return n_b @ (sources.elsewhere[a] / size + pair * cells.pairs), variance


def _coefficients(a: int, sources: _Sources, cells: _Cells) -> tuple[Any, Any, Any, Any]:
    """What n_b, n_b² and n_b times `elsewhere` and `elsewhere_pairs` of b are weighed by, in each cell."""
    size, n_a = cells.n, sources.n[a]
    pair, triple = n_a * cells.per_pair, n_a * cells.per_triple
    quadruple = n_a * cells.per_quadruple
    # Of E x_i y_j x_k y_l − (E x_i y_j)², what grows with n_b²; what grows with n_b is E x_i y_j x_k y_l alone.
    beyond = np.where(size > 3, quadruple * (n_a * (4 * size - 6) * cells.per_pair - 1), -(pair**2))
    # Of E x_i y_j y_k − E x_i y_j E y_k likewise, and of E x_i x_k y_j − E x_i y_j E x_k what grows with n_b.
    beyond_b = np.where(size > 2, 2 * triple / size, -pair / size)
    beyond_a = np.where(size > 2, triple * (2 * n_a - size) / size, -pair * n_a / size)
    elsewhere, elsewhere_pairs = sources.elsewhere[a], sources.elsewhere_pairs[a]
    # c_b = n_b ÷ (N)₂ − n_b² ÷ (N (N)₂): what it is weighed by.
    spread = (sources.spread[a] + sources.both[a]) * cells.per_pair
    linear = (
        pair * cells.pairs
        + triple * (n_a - 2) * cells.triples
        - quadruple * (n_a - 1) * (cells.quadruples + cells.pairs**2)
        + 2 * elsewhere_pairs * (pair + 2 * triple)
        - 2 * elsewhere * cells.pairs * triple
        + spread
    )
    square = (
        triple * cells.triples
        + quadruple * (n_a - 1) * cells.quadruples
        + beyond * cells.pairs**2
        + 2 * elsewhere * cells.pairs * beyond_b
        - 4 * elsewhere_pairs * triple
        - spread / size
    )
    of_elsewhere = 2 * cells.pairs * beyond_a + 2 * pair * elsewhere / size
    return linear, square, of_elsewhere, 2 * (pair - 2 * triple * (n_a - 1))


def _with_itself(a: int, sources: _Sources, cells: _Cells) -> tuple[float, float]:
    """Mean and variance of pairs of references to the same source."""
    size, n, c = cells.n, sources.n[a], sources.c[a]
    pair = n * (n - 1) * cells.per_pair
    triple = n * (n - 1) * (n - 2) * cells.per_triple
    quadruple = n * (n - 1) * (n - 2) * (n - 3) * cells.per_quadruple
    beyond_pair = np.where(size > 2, 2 * n * (n - 1) * (n - size) * cells.per_triple / size, triple - pair * n / size)
    beyond = np.where(
        size > 3, -pair * (size - n) * (4 * n * size - 6 * size - 6 * n + 6) * cells.per_quadruple, -(pair**2)
    )
    # Ordered pairs: each pair of references twice.
    mean = n / size @ sources.elsewhere[a] + pair @ cells.pairs
    within = (
        2 * pair * cells.pairs + 4 * triple * cells.triples + quadruple * cells.quadruples + beyond * cells.pairs**2
    )
    mixed = sources.elsewhere[a] * cells.pairs * beyond_pair + 2 * sources.elsewhere_pairs[a] * (pair - triple)
    variance = within.sum() + 4 * (c @ sources.spread[a]) + 4 * mixed.sum() + 2 * (c @ sources.both[a])
    return mean / 2, variance / 4
