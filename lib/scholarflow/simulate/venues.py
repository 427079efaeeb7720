# ruff: noqa: E501  (catalogues: one entry a line)
"""Sources of the simulated world: journals and conferences by field, the five AI conferences, repositories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scholarflow.simulate.subjects import COMPUTING, SUBJECTS


@dataclass(frozen=True)
class Source:
    """A source; `weight` is its share (unnormalised) of the works of its field, `since` its first year."""

    id: int
    name: str
    short: str
    kind: str
    subject: int
    weight: float
    since: int
    aliases: tuple[str, ...] = ()


# id, name, short name, first year, aliases; each appears in the record as a conference.
_FIVE = (
    (4210191458, "AAAI Conference on Artificial Intelligence", "AAAI", 1980, ("Proceedings of the AAAI Conference on Artificial Intelligence", "National Conference on Artificial Intelligence")),
    (4306419637, "International Conference on Learning Representations", "ICLR", 2013, ("ICLR",)),
    (4306419644, "International Conference on Machine Learning", "ICML", 1988, ("Proceedings of Machine Learning Research: ICML",)),
    (4306418267, "International Joint Conference on Artificial Intelligence", "IJCAI", 1969, ("Proceedings of the International Joint Conference on Artificial Intelligence",)),
    (4306420609, "Neural Information Processing Systems", "NIPS", 1987, ("Advances in Neural Information Processing Systems", "NeurIPS", "Conference on Neural Information Processing Systems")),
)  # fmt: skip
_JOURNALS = ("Journal of {}", "{} Letters", "IEEE Transactions on {}", "{} Review", "Advances in {}", "{} and Applications")  # fmt: skip
_CONFERENCES = ("International Conference on {}", "Symposium on {}", "European Workshop on {}")
_REPOSITORIES = (
    (4306400194, "arXiv (Cornell University)"),
    (4306402567, "bioRxiv (Cold Spring Harbor Laboratory)"),
)


def _sources() -> tuple[Source, ...]:
    rows = [Source(i, name, short, "conference", -1, 1.0, since, alias) for i, name, short, since, alias in _FIVE]
    rows += [Source(i, name, name.split()[0], "repository", -1, 1.0, 1991, ()) for i, name in _REPOSITORIES]
    for subject, field in enumerate(SUBJECTS):
        templates = [(text, "journal") for text in _JOURNALS]
        if COMPUTING[subject]:
            templates += [(text, "conference") for text in _CONFERENCES]
        for rank, (text, kind) in enumerate(templates):
            number = 100_000_007 + 1_299_709 * len(rows)
            name = text.format(field.name)
            short = "".join(word[0] for word in name.split() if word[0].isupper())
            # The late-comers let analyses leave out venues first seen after a given year.
            since = 2008 if rank == 4 else 2016 if rank == 5 else 1950
            weight = 1.0 / (1 + rank % len(_JOURNALS)) ** 0.8
            rows.append(Source(number, name, short + str(subject), kind, subject, weight, since))
    return tuple(rows)


SOURCES = _sources()
FIVE_CONFERENCES = len(_FIVE)
ARXIV, BIORXIV = FIVE_CONFERENCES, FIVE_CONFERENCES + 1
SOURCE_KIND = np.array([source.kind for source in SOURCES])
IS_CONFERENCE = SOURCE_KIND == "conference"
IS_REPOSITORY = SOURCE_KIND == "repository"


def weights(subject: int, year: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Probability of each source for the ordinary works of a field in a year."""
    values = np.array([s.weight * (s.subject == subject and s.since <= year) for s in SOURCES])
    scaled: np.ndarray[tuple[int], np.dtype[np.float64]] = values / values.sum()
    return scaled


def conference_weights(year: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Probability of each of the five conferences in a year."""
    sizes = np.array([1.3, 0.8, 1.0, 0.9, 1.2])
    open_now = np.array([SOURCES[i].since <= year for i in range(FIVE_CONFERENCES)])
    scaled: np.ndarray[tuple[int], np.dtype[np.float64]] = sizes * open_now / (sizes * open_now).sum()
    return scaled
