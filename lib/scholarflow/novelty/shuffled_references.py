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
#: A variance below this share of the mean is rounding: the true one is 0, or at least 1 ÷ references of the year.
_NO_VARIANCE = 1e-9


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
            pairs=once - n,
            triples=twice - 3 * once + 2 * n,
            quadruples=(n4 - 6 * twice + 11 * once - 6 * n) - (n4 - 2 * twice + once),
            others=n2 * apart,
            pairs_others=(square - n2) * apart,
            both=(n[:, None] * n * n2 - n[:, None] * square.T - n * square + n2**2) * apart,
            two_others=n3 * apart[:, :, None] * apart[:, None, :],
        )


@dataclass(frozen=True)
class _Sources:
    """What the formulas take of each source, by cell: sources × cells."""

    n: Any  # cited works of the source
    p: Any  # share of the slots
    c: Any  # variance of a slot, per unit of H
    elsewhere: Any  # Σ_w k_s m_w, where m_w is what is expected of work w in other cells
    elsewhere_pairs: Any  # Σ_w (k_s)₂ m_w
    both: Any  # Σ_u tr(H_s H_u) c_u
    spread: Any  # mᵀ H_s m

    @classmethod
    def of(cls, n_in_cell: Any, cells: _Cells) -> "_Sources":
        n = n_in_cell.astype(np.float64)
        p = n / cells.n
        c = _over(n * (cells.n - n), cells.n**2 * (cells.n - 1))
        elsewhere = p @ cells.others
        spread = np.stack([((p @ two_others) * p).sum(axis=1) for two_others in cells.two_others], axis=1)
        return cls(n, p, c, elsewhere, p @ cells.pairs_others.T, c @ cells.both, cells.n * spread - elsewhere**2)


def moments(n_in_cell: Any, slots: Slots, source_a: Any, source_b: Any) -> tuple[Any, Any]:
    """Mean and standard deviation of the count of each pair; `source_a` ≤ `source_b`, in the order of the first.

    `n_in_cell`: sources × cells, how many references of the cell go to the source. A deviation of 0: the count cannot
    vary. Some S² steps a pair, S the cells that its first source has references in.
    """
    cells = _Cells.of(slots)
    sources = _Sources.of(n_in_cell, cells)
    mean, variance = np.empty(len(source_a)), np.empty(len(source_a))
    bounds = np.searchsorted(source_a, np.arange(len(n_in_cell) + 1))
    for a in range(len(n_in_cell)):
        for first in range(bounds[a], bounds[a + 1], _PAIRS_AT_ONCE):
            here = slice(first, min(first + _PAIRS_AT_ONCE, bounds[a + 1]))
            mean[here], variance[here] = _with_other(a, source_b[here], sources, cells)
            if source_b[first] == a:
                mean[first], variance[first] = _with_itself(a, sources, cells)
    return mean, np.sqrt(np.where(variance > _NO_VARIANCE * mean, variance, 0.0))


def _with_other(a: int, b: Any, sources: _Sources, cells: _Cells) -> tuple[Any, Any]:
    """Mean and variance of source a with each of other sources."""
    size = cells.n
    n_a, n_b, p_a, p_b = sources.n[a], sources.n[b], sources.p[a], sources.p[b]
    pair = _over(n_a * n_b, size * (size - 1))
    mean = p_b @ sources.elsewhere[a] + pair @ cells.pairs
    # Within a cell.
    aab, abb = pair * _over(n_a - 1, size - 2), pair * _over(n_b - 1, size - 2)
    aabb = aab * _over(n_b - 1, size - 3)
    beyond = np.where(
        size > 3,
        pair
        * _over(
            n_a * n_b * (4 * size - 6) - (n_a + n_b - 1) * size * (size - 1),
            size * (size - 1) * (size - 2) * (size - 3),
        ),
        aabb - pair**2,
    )
    within = (pair * cells.pairs + (aab + abb) * cells.triples + aabb * cells.quadruples + beyond * cells.pairs**2).sum(
        axis=1
    )
    # One cell, the others at what is expected of them.
    d = _over(n_a * n_b, size**2 * (size - 1))
    has_a = np.flatnonzero(n_a)
    crossed = np.einsum("u,suv->sv", p_a[has_a], cells.two_others[np.ix_(has_a, has_a)])
    cross = size[has_a] * (p_b @ crossed.T) - sources.elsewhere[a, has_a] * sources.elsewhere[b][:, has_a]
    linear = sources.spread[b] @ sources.c[a] + sources.c[b] @ sources.spread[a] - 2 * (d[:, has_a] * cross).sum(axis=1)
    mixed = _with_linear(pair, aab, n_a, 2 * n_a - size, sources.elsewhere[b], sources.elsewhere_pairs[b], cells)
    mixed += _with_linear(pair, abb, n_b, 2 * n_b - size, sources.elsewhere[a], sources.elsewhere_pairs[a], cells)
    # Two cells.
    shared = d[:, has_a]
    two = sources.c[b] @ sources.both[a] + ((shared @ cells.both[np.ix_(has_a, has_a)]) * shared).sum(axis=1)
    return mean, within + linear + 2 * mixed + two


def _with_linear(pair: Any, triple: Any, n: Any, excess: Any, m: Any, m_pairs: Any, cells: _Cells) -> Any:
    """Covariance of a pair's count within a cell with Σ_w A_w m_w, summed over cells."""
    size = cells.n
    beyond = np.where(size > 2, pair * _over(excess, size * (size - 2)), triple - pair * n / size)
    return (m * cells.pairs * beyond + m_pairs * (pair - 2 * triple)).sum(axis=1)


def _with_itself(a: int, sources: _Sources, cells: _Cells) -> tuple[float, float]:
    """Mean and variance of pairs of references to the same source."""
    size, n, p, c = cells.n, sources.n[a], sources.p[a], sources.c[a]
    pair = _over(n * (n - 1), size * (size - 1))
    triple = pair * _over(n - 2, size - 2)
    quadruple = triple * _over(n - 3, size - 3)
    beyond_pair = np.where(size > 2, pair * _over(2 * (n - size), size * (size - 2)), triple - pair * p)
    beyond = np.where(
        size > 3,
        -pair * _over((size - n) * (4 * n * size - 6 * size - 6 * n + 6), size * (size - 1) * (size - 2) * (size - 3)),
        quadruple - pair**2,
    )
    # Ordered pairs: each pair of references twice.
    mean = p @ sources.elsewhere[a] + pair @ cells.pairs
    within = (
        2 * pair * cells.pairs + 4 * triple * cells.triples + quadruple * cells.quadruples + beyond * cells.pairs**2
    )
    mixed = sources.elsewhere[a] * cells.pairs * beyond_pair + 2 * sources.elsewhere_pairs[a] * (pair - triple)
    variance = within.sum() + 4 * (c @ sources.spread[a]) + 4 * mixed.sum() + 2 * (c @ sources.both[a])
    return mean / 2, variance / 4


def _over(numerator: Any, denominator: Any) -> Any:
    """A quotient; 0 where the denominator is not positive: there is no choice of so many slots."""
    return numerator / np.where(denominator > 0, denominator, np.inf)
