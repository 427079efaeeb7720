"""Lists of keywords laid end to end, and lists of the same sizes that chance would make of the same keywords."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from scholarflow.career.timelines import run_starts

#: How often a list that chance gave one keyword twice is drawn again before it is left out.
_TRIES = 10


@dataclass(frozen=True)
class Lists:
    """`keyword` numbers the keywords of one list after another; `size` says how many each has."""

    keyword: Any
    size: Any

    @classmethod
    def of(cls, owner: Any, keyword: Any) -> "Lists":
        """One list for each run of equal owners."""
        return cls(keyword, np.diff(run_starts(owner), append=len(owner)))

    def __len__(self) -> int:
        return len(self.size)

    @property
    def owner(self) -> Any:
        """The number of its list, for each keyword."""
        return np.repeat(np.arange(len(self.size)), self.size)

    @property
    def bounds(self) -> Any:
        """Where each list begins, and where the last one ends."""
        return np.concatenate(([0], np.cumsum(self.size)))

    def taken(self, lists: Any) -> "Lists":
        """These lists, by their numbers, in that order."""
        size = self.size[lists]
        shift = self.bounds[:-1][lists] - (np.cumsum(size) - size)
        return Lists(self.keyword[np.repeat(shift, size) + np.arange(size.sum())], size)

    def incidence(self, n_keywords: int) -> Any:
        """Lists × keywords, 1 where the list has the keyword: its products are sums over keywords or over lists."""
        shape = (len(self), n_keywords)
        return sparse.csr_matrix((np.ones(len(self.keyword)), self.keyword, self.bounds), shape=shape)


def both(one: Lists, other: Lists) -> Lists:
    """The lists of one, then those of the other."""
    return Lists(np.concatenate([one.keyword, other.keyword]), np.concatenate([one.size, other.size]))


def by_chance(lists: Lists, rng: np.random.Generator) -> tuple[Lists, Any]:
    """A list of each size drawn from all places of the lists, and whether its keywords are distinct.

    A keyword is drawn in proportion to how many lists have it, so that what is popular is no clue to what is by chance.
    Where one came twice the list is drawn again, and at last counts as not distinct.
    """
    keyword = lists.keyword[rng.integers(0, len(lists.keyword), len(lists.keyword))]
    owner, waiting, drawn = lists.owner, np.arange(len(lists)), np.arange(len(keyword))
    beyond = keyword.max(initial=0) + 1
    for _ in range(_TRIES):
        key = owner[drawn] * beyond + keyword[drawn]
        order = np.argsort(key, kind="stable")
        again = drawn[order[1:][np.diff(key[order]) == 0]]
        waiting = np.unique(owner[again])
        if not len(waiting):
            break
        keyword[again] = lists.keyword[rng.integers(0, len(lists.keyword), len(again))]
        drawn = np.flatnonzero(np.isin(owner, waiting))
    is_distinct = np.ones(len(lists), bool)
    is_distinct[waiting] = False
    return Lists(keyword, lists.size), is_distinct
