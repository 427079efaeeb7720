"""The works of one year as ragged columns: what world, defects, writers and truth hand to each other."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from scholarflow.simulate.seeds import BoolArray, IntArray

_WORK_MODULUS = 2_147_483_647
UNKNOWN_WORKS = 1_500_000_000  # indexes from here on are works that no snapshot holds


def work_ids(index: IntArray) -> IntArray:
    """The identifiers of works, by index: none twice, and all in the range that MAG gave out."""
    ids: IntArray = (index.astype(np.int64) * 48_271 + 12_345_701) % _WORK_MODULUS + 1_000_000
    return ids


def offsets_of(counts: IntArray) -> IntArray:
    """Where each list starts in the flat column, with the total at the end."""
    return np.concatenate(([0], np.cumsum(counts)))


@dataclass
class Ragged:
    """Lists of one length per work: `offsets` has one entry more than there are works."""

    offsets: IntArray

    @property
    def counts(self) -> IntArray:
        """Length of each work's list."""
        return np.diff(self.offsets)

    @property
    def owner(self) -> IntArray:
        """Row of the work that each entry belongs to."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.counts)

    def rows(self, low: int, high: int) -> Self:
        """The lists of works low … high − 1."""
        start, end = int(self.offsets[low]), int(self.offsets[high])
        columns = {f.name: getattr(self, f.name)[start:end] for f in dataclasses.fields(self)[1:]}
        return type(self)(self.offsets[low : high + 1] - start, **columns)

    def pick(self, entries: IntArray, counts: IntArray) -> Self:
        """The entries at the given places, in that order, as lists of the given lengths."""
        columns = {f.name: getattr(self, f.name)[entries] for f in dataclasses.fields(self)[1:]}
        return type(self)(offsets_of(counts), **columns)


@dataclass
class Labels(Ragged):
    """Concepts, topics or keywords: index into the catalogue and score in ten-thousandths, best first."""

    index: IntArray
    score: IntArray


@dataclass
class References(Ragged):
    """Indexes of the cited works as the record lists them."""

    cited: IntArray


@dataclass
class Authorships(Ragged):
    """The author list as the record writes it.

    author: index of the author it is filed under; true_author: who wrote it; first, second: institutions, −1
    for none; null_kind: 1 author without id, 2 the null author; unmatched: lists the no-match institution;
    country_1, country_2: countries given without an institution, −1 for none; position counts from 1.
    """

    author: IntArray
    true_author: IntArray
    first: IntArray
    second: IntArray
    corresponding: BoolArray
    null_kind: IntArray
    unmatched: BoolArray
    country_1: IntArray
    country_2: IntArray
    position: IntArray


@dataclass
class Batch:
    """Works of one year, ordered by subject; `fate` and `flags` say what happens to each record."""

    year: int
    index: IntArray
    subject: IntArray
    community: IntArray
    source: IntArray
    day: IntArray  # days since 1970-01-01
    kind: IntArray
    language: IntArray
    retracted: BoolArray
    topics_listed: BoolArray
    truncated: BoolArray
    authorships: Authorships
    concepts: Labels
    topics: Labels
    keywords: Labels
    references: References
    titles: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.index)

    def rows(self, low: int, high: int) -> Batch:
        """The works low … high − 1."""
        values: dict[str, Any] = {}
        for column in dataclasses.fields(self):
            value = getattr(self, column.name)
            if isinstance(value, Ragged):
                values[column.name] = value.rows(low, high)
            elif isinstance(value, int):
                values[column.name] = value
            else:
                values[column.name] = value[low:high]
        return Batch(**values)


ARTICLE, CONFERENCE_PAPER, PREPRINT, BOOK_CHAPTER, REVIEW = range(5)
LANGUAGES = ("en", "zh", "de", "fr", "ja", "es", None)


def keep_works(batch: Batch, kept: BoolArray) -> Batch:
    """The works for which `kept` holds."""
    rows = np.flatnonzero(kept)
    values: dict[str, Any] = {}
    for column in dataclasses.fields(batch):
        value = getattr(batch, column.name)
        if isinstance(value, Ragged):
            values[column.name] = value.pick(np.flatnonzero(kept[value.owner]), value.counts[rows])
        elif isinstance(value, np.ndarray):
            values[column.name] = value[rows]
        elif isinstance(value, list):
            values[column.name] = [value[row] for row in rows.tolist()] if value else value
        else:
            values[column.name] = value
    return Batch(**values)
