"""What becomes of each record: kept, changed, withdrawn, broken; and in which partition it lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scholarflow.simulate.seeds import BoolArray, IntArray, hashed, uniform

# Fates of a work's record in a dirty snapshot. BROKEN: the newest version has no year, an older one stands.
KEPT, NO_ID, YEAR_NULL, YEAR_ZERO, YEAR_FAR, YEAR_TEXT = range(6)
PARATEXT_FLAG, PARATEXT_TYPE, XPAC, WITHDRAWN, BROKEN = range(6, 11)
BAD_YEARS = {YEAR_NULL: "null", YEAR_ZERO: "0", YEAR_FAR: "2202", YEAR_TEXT: '"n.d."', BROKEN: "null"}
_SHARES = {
    NO_ID: 0.002,
    YEAR_NULL: 0.002,
    YEAR_ZERO: 0.001,
    YEAR_FAR: 0.001,
    YEAR_TEXT: 0.001,
    PARATEXT_FLAG: 0.004,
    PARATEXT_TYPE: 0.004,
    XPAC: 0.01,
    WITHDRAWN: 0.006,
    BROKEN: 0.002,
}
NO_COPY, OLDER_COPY, TIED_COPY = range(3)

_DATES = {
    "2026": ("2025-10-10", "2025-12-03", "2026-02-11", "2026-03-18", "2026-04-22", "2026-06-24"),
    "legacy": ("2023-08-21", "2023-11-28", "2024-04-06", "2024-09-27", "2025-01-30", "2025-05-14"),
}
_NEXT_DATE = {"2026": "2026-09-16", "legacy": "2025-08-20"}
_WEIGHTS = np.array([0.3, 0.2, 0.15, 0.15, 0.12, 0.08])
_UNSETTLED = 4  # partitions from here on lose records to the next release


@dataclass(frozen=True)
class Edition:
    """One release of a snapshot: where each record lies, when it was updated, what becomes of it."""

    seed: int
    works: int
    layout: str
    dirty: bool
    release: int

    @property
    def dates(self) -> tuple[str, ...]:
        """The partitions, oldest first."""
        known = _DATES[self.layout]
        return (*known, _NEXT_DATE[self.layout]) if self.release > 1 else known

    def fate(self, index: IntArray) -> IntArray:
        """What becomes of the record of each work."""
        result = np.full(len(index), KEPT, dtype=np.int8)
        if not self.dirty:
            return result
        chance = uniform(index, self.seed, "fate")
        low = 0.0
        for fate, share in _SHARES.items():
            result[(chance >= low) & (chance < low + share)] = fate
            low += share
        result[(result == BROKEN) & (self._settled_partition(index) == 0)] = YEAR_NULL
        result[index >= self.works] = KEPT
        if self.layout == "legacy":
            result[result == XPAC] = KEPT  # the flag came later
        return result

    def overlap(self, index: IntArray) -> BoolArray:
        """Withdrawn works that are paratext besides, and paratext that is xpac besides."""
        return uniform(index, self.seed, "overlap") < 0.3

    def copy(self, index: IntArray) -> IntArray:
        """Which works have a second, superseded record in an older partition."""
        result = np.full(len(index), NO_COPY, dtype=np.int8)
        if self.dirty:
            chance = uniform(index, self.seed, "copy")
            result[chance < 0.012] = OLDER_COPY
            result[chance < 0.004] = TIED_COPY
            fate = self.fate(index)
            result[np.isin(fate, (NO_ID, YEAR_NULL, YEAR_ZERO, YEAR_FAR, YEAR_TEXT))] = NO_COPY
            result[fate == BROKEN] = OLDER_COPY
            result[(self._settled_partition(index) == 0) | (index >= self.works)] = NO_COPY
        return result

    def mangled(self, index: IntArray) -> BoolArray:
        """Which works are followed by a line cut off in the middle."""
        hit: BoolArray = (uniform(index, self.seed, "mangled") < 0.004) & self.dirty
        return hit

    def changed(self, index: IntArray) -> BoolArray:
        """Which records the second release changes and so moves to its new partition."""
        return self._moving(index) & (uniform(index, self.seed, "change") < 0.25)

    def vanished(self, index: IntArray) -> BoolArray:
        """Which records the second release no longer has."""
        chance = uniform(index, self.seed, "change")
        plain = (self.fate(index) == KEPT) & (self.copy(index) == NO_COPY)
        gone: BoolArray = self._moving(index) & (chance > 0.95) & plain
        return gone

    def partition(self, index: IntArray) -> IntArray:
        """The partition in which the current record of each work lies."""
        settled = self._settled_partition(index)
        if self.release == 1:
            return settled
        fresh = (index >= self.works) | self.changed(index)
        return np.where(fresh, len(self.dates) - 1, settled)

    def copy_partition(self, index: IntArray) -> IntArray:
        """The partition of the superseded record: the one before that of the first release."""
        return self._settled_partition(index) - 1

    def updated(self, index: IntArray, partition: IntArray) -> list[str]:
        """The `updated_date` of records in the given partitions."""
        seconds = (hashed(index, self.seed, "clock") % np.uint64(86_400_000_000)).astype(np.int64)
        dates = self.dates
        texts = []
        for day, micro in zip(partition.tolist(), seconds.tolist(), strict=True):
            rest, fraction = divmod(micro, 1_000_000)
            minutes, second = divmod(rest, 60)
            hour, minute = divmod(minutes, 60)
            texts.append(f"{dates[day]}T{hour:02d}:{minute:02d}:{second:02d}.{fraction:06d}")
        return texts

    def author_partition(self, index: IntArray, new: BoolArray) -> IntArray:
        """The partition of each author's record: the newest for authors first seen in the second release."""
        settled = np.searchsorted(np.cumsum(_WEIGHTS)[:-1], uniform(index, self.seed, "author partition"))
        if self.release == 1:
            return settled
        moved = (settled >= _UNSETTLED) & (uniform(index, self.seed, "author change") < 0.25)
        return np.where(new | moved, len(self.dates) - 1, settled)

    def _settled_partition(self, index: IntArray) -> IntArray:
        return np.searchsorted(np.cumsum(_WEIGHTS)[:-1], uniform(index, self.seed, "partition"))

    def _moving(self, index: IntArray) -> BoolArray:
        if self.release == 1:
            return np.zeros(len(index), dtype=bool)
        return (self._settled_partition(index) >= _UNSETTLED) & (index < self.works)
