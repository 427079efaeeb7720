"""References: whom a work cites, by age, subject and attractiveness."""

from __future__ import annotations

import numpy as np

from scholarflow.simulate.batch import References
from scholarflow.simulate.effects import Effects
from scholarflow.simulate.places import draw_in_blocks
from scholarflow.simulate.seeds import FloatArray, IntArray
from scholarflow.simulate.subjects import SUBJECTS
from scholarflow.simulate.teams import stray

OLDEST_REFERENCE = 15
_AGES = np.arange(OLDEST_REFERENCE + 1)
_AGE_SHARES = (_AGES + 0.4) ** 0.8 * np.exp(-_AGES / 3.5)


class Library:
    """The works of the last years with their attractiveness, to draw references from."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._bounds: dict[int, IntArray] = {}
        self._cumulated: dict[int, FloatArray] = {}

    def shelve(self, year: int, first_index: int, subject: IntArray, attractiveness: FloatArray) -> None:
        """Add a year's works, which are ordered by subject; forget years too old to be cited."""
        self._first[year] = first_index
        self._bounds[year] = np.searchsorted(subject, np.arange(len(SUBJECTS) + 1))
        self._cumulated[year] = np.concatenate(([0.0], np.cumsum(attractiveness)))
        for table in (self._first, self._bounds, self._cumulated):
            table.pop(year - OLDEST_REFERENCE - 1, None)

    def cite(
        self, year: int, subject: IntArray, effects: Effects, progress: float, rng: np.random.Generator
    ) -> References:
        """The references of the year's works: distinct, ascending, without the work itself."""
        n = len(subject)
        mean = effects.mean_references * (0.6 + 0.7 * progress)
        counts = np.minimum(rng.lognormal(np.log(max(mean, 1e-9)) - 0.32, 0.8, n), 400.0).astype(np.int64)
        counts[rng.random(n) < 0.04] = 0
        work = np.repeat(np.arange(n), counts)
        age = np.searchsorted(np.cumsum(_AGE_SHARES / _AGE_SHARES.sum()), rng.random(len(work)))
        about = stray(subject[work], 0.15, rng)
        cited = np.full(len(work), -1, dtype=np.int64)
        for back in range(OLDEST_REFERENCE + 1):
            then = year - back
            if then not in self._first:
                continue
            rows = np.flatnonzero(age == back)
            bounds = self._bounds[then]
            drawn = draw_in_blocks(self._cumulated[then], bounds[about[rows]], bounds[about[rows] + 1], rng)
            cited[rows] = np.where(drawn >= 0, drawn + self._first[then], -1)
        keep = (cited >= 0) & (cited != work + self._first[year])
        return distinct_references(work[keep], cited[keep], n)


def distinct_references(work: IntArray, cited: IntArray, n: int) -> References:
    """Pairs (row of the citing work, index of the cited one) as lists, each pair once."""
    order = np.lexsort((cited, work))
    work, cited = work[order], cited[order]
    fresh = np.ones(len(work), dtype=bool)
    fresh[1:] = (work[1:] != work[:-1]) | (cited[1:] != cited[:-1])
    counts = np.bincount(work[fresh], minlength=n)
    return References(np.concatenate(([0], np.cumsum(counts))), cited[fresh])
