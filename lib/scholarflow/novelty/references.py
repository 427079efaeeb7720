"""The references of a citing year as arrays, and the pairs of sources that its works bring together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from scholarflow.career.timelines import Ranks, numbers, run_starts

#: Pairs worked on at a time: some 300 MB of arrays.
_PAIRS_AT_ONCE = 1 << 22
_COLUMNS = ("work_id", "cited_work_id", "source_id", "cited_year")


@dataclass(frozen=True)
class References:
    """References of the works of one citing year, in the order of the ids of citing and cited work.

    `work`, `source` and `cell` number the citing work, the cited source and the cited year of each reference by
    their place among `work_ids`, `source_ids` and `cited_years`, which ascend.
    """

    work_ids: Any
    source_ids: Any
    cited_years: Any
    work: Any
    source: Any
    cell: Any
    cited_work_id: Any

    @classmethod
    def of(cls, rows: pa.Table) -> "References":
        """References of rows of `field_references`, all of one year."""
        order = np.lexsort((numbers(rows, "cited_work_id"), numbers(rows, "work_id")))
        work, cited, source, cell = (numbers(rows, name)[order] for name in _COLUMNS)
        works, sources, years = Ranks(work), Ranks(source), Ranks(cell)
        return cls(works.values, sources.values, years.values, works.of_row, sources.of_row, years.of_row, cited)

    def with_sources(self, source: Any) -> "References":
        """The same slots filled by other sources."""
        return replace(self, source=source)

    @property
    def n_in_cell(self) -> Any:
        """sources × cells: how many references a source has in each cited year."""
        shape = (len(self.source_ids), len(self.cited_years))
        return np.bincount(self.source * shape[1] + self.cell, minlength=shape[0] * shape[1]).reshape(shape)


@dataclass(frozen=True)
class Pairs:
    """Pairs of sources in works, a row per work and pair: `n` pairs of its references, `key` as `pair_key` has it."""

    work: Any
    key: Any
    n: Any

    def among(self, keys: Any) -> tuple[Any, Any]:
        """The rows whose pair is one of `keys`, which ascend, and its place there."""
        at = np.searchsorted(keys, self.key)
        # Beyond the last key there is none to compare with.
        inside = np.flatnonzero(at < len(keys))
        known = inside[keys[at[inside]] == self.key[inside]]
        return known, at[known]


def pair_key(source_a: Any, source_b: Any, n_sources: int) -> Any:
    """One number for a pair of sources, the smaller place first; they ascend as the pairs do."""
    return source_a * n_sources + source_b


def pairs_in_works(references: References) -> Iterator[Pairs]:
    """All pairs of references of each work, by their sources, works in order and several at a time.

    A work of n references has n(n−1)/2 pairs; references to the same source are pairs too.
    """
    n_sources = len(references.source_ids)
    listed, n_listed = np.unique(references.work * n_sources + references.source, return_counts=True)
    work, source = np.divmod(listed, max(n_sources, 1))
    starts = run_starts(work)
    ends = np.repeat(np.append(starts, len(work))[1:], np.diff(starts, append=len(work)))
    # An entry is paired with itself and all after it in its work.
    n_partners = ends - np.arange(len(work))
    done = np.concatenate(([0], np.cumsum(n_partners)))
    first = 0
    while first < len(work):
        # Whole works: up to the last that fits, at least one.
        fits = np.searchsorted(done, done[first] + _PAIRS_AT_ONCE, side="right") - 1
        last = int(starts[np.searchsorted(starts, fits, side="right") - 1]) if fits < len(work) else len(work)
        last = last if last > first else int(ends[first])
        one = np.repeat(np.arange(first, last), n_partners[first:last])
        other = one + np.arange(len(one)) - np.repeat(done[first:last] - done[first], n_partners[first:last])
        n = np.where(one == other, n_listed[one] * (n_listed[one] - 1) // 2, n_listed[one] * n_listed[other])
        some = n > 0
        one, other = one[some], other[some]
        yield Pairs(work[one], pair_key(source[one], source[other], n_sources), n[some])
        first = last


def counted(references: References) -> tuple[Any, Any]:
    """The distinct pairs of sources, ascending by key, and how many pairs of references have them."""
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    for pairs in pairs_in_works(references):
        merged = np.concatenate((keys, pairs.key))
        order = np.argsort(merged, kind="stable")
        merged = merged[order]
        starts = run_starts(merged)
        keys, counts = merged[starts], np.add.reduceat(np.concatenate((counts, pairs.n))[order], starts)
    return keys, counts
