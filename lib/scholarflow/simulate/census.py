"""What records say about the whole world: citations received, works of each author, last place of work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scholarflow.simulate.batch import UNKNOWN_WORKS
from scholarflow.simulate.seeds import IntArray
from scholarflow.simulate.world import LAST_YEAR, World

FIRST_COUNTED = 2012  # records list citations by year from here on


@dataclass
class Census:
    """Totals over the works of the first release, so that a later one leaves old records as they were.

    cited_by: citations per work and citing year since 2012; cited_before: earlier ones; author_works: works
    filed under each author in the first release; seen: authors with any work in this one; last_place:
    institution at the end.
    """

    cited_by: IntArray
    cited_before: IntArray
    author_works: IntArray
    seen: IntArray
    last_place: IntArray

    def add_references(self, year: int, cited: IntArray) -> None:
        """Count the references of one year's works."""
        known = cited[cited < UNKNOWN_WORKS]
        if year < FIRST_COUNTED:
            np.add.at(self.cited_before, known, 1)
        else:
            np.add.at(self.cited_by[:, year - FIRST_COUNTED], known, 1)


def take_census(world: World) -> Census:
    """Walk once through the years of the world."""
    authors = len(world.population)
    census = Census(
        cited_by=np.zeros((world.total, LAST_YEAR - FIRST_COUNTED + 1), dtype=np.uint16),
        cited_before=np.zeros(world.total, dtype=np.uint16),
        author_works=np.zeros(authors, dtype=np.int32),
        seen=np.zeros(authors, dtype=bool),
        last_place=np.zeros(authors, dtype=np.int32),
    )
    for batch in world.years():
        filed = batch.authorships.author
        census.seen[filed] = True
        if batch.year > LAST_YEAR:
            continue
        census.add_references(batch.year, batch.references.cited)
        census.author_works += np.bincount(filed, minlength=authors).astype(np.int32)
        if batch.year == LAST_YEAR:
            census.last_place[:] = world.population.institution
    return census
