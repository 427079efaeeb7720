"""Context novelty as plainly as it can be said: dictionaries, loops, NumPy's own percentile. Small inputs only."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import numpy as np

#: Citing work, cited work, source, cited year: the references of one citing year.
Reference = tuple[int, int, int, int]
Pair = tuple[int, int]


def pairs_of(references: Iterable[Reference]) -> dict[int, list[Pair]]:
    """For each work the sources of each two of its references."""
    sources = defaultdict(list)
    for work, _, source, _ in references:
        sources[work].append(source)
    return {work: [(min(p), max(p)) for p in combinations(listed, 2)] for work, listed in sources.items()}


def counts(references: Iterable[Reference]) -> Counter[Pair]:
    """Pairs of references by their sources."""
    return Counter(pair for listed in pairs_of(references).values() for pair in listed)


def shuffled(references: list[Reference], rng: np.random.Generator) -> list[Reference]:
    """The same references, their sources dealt out anew within each cited year."""
    cells = defaultdict(list)
    for place, (_, _, _, year) in enumerate(references):
        cells[year].append(place)
    found = list(references)
    for places in cells.values():
        for place, other in zip(places, rng.permutation(places), strict=True):
            work, cited, _, year = references[place]
            found[place] = (work, cited, references[other][2], year)
    return found


def by_chance(references: list[Reference], shuffles: int, seed: int) -> dict[Pair, tuple[float, float]]:
    """Mean and standard deviation of the count of each pair that is there, over the shuffles."""
    rng = np.random.default_rng(seed)
    drawn = [counts(shuffled(references, rng)) for _ in range(shuffles)]
    return {
        pair: (float(np.mean(values)), float(np.std(values, ddof=1)))
        for pair in counts(references)
        if (values := [draw[pair] for draw in drawn])
    }


def scores(
    references: Iterable[Reference], z: dict[Pair, float | None], keep: Callable[[Pair], bool] = lambda _: True
) -> dict[int, dict[str, Any]]:
    """Low tail, median and number of the z of each work's pairs; works without one are left out."""
    found = {}
    for work, listed in pairs_of(references).items():
        known = [value for pair in listed if keep(pair) and (value := z[pair]) is not None]
        if known:
            found[work] = {"low": np.percentile(known, 10), "median": np.median(known), "n": len(known)}
    return found
