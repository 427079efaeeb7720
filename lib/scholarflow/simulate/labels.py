"""What a work is about: concepts with scores (low ones inherited), topics, keywords of its community."""

from __future__ import annotations

import numpy as np

from scholarflow.simulate.batch import Labels, offsets_of
from scholarflow.simulate.effects import Effects
from scholarflow.simulate.seeds import BoolArray, IntArray
from scholarflow.simulate.subjects import (
    AI_CONCEPT,
    COMMUNITIES,
    COMPUTING,
    CONCEPT_INDEX,
    FIRST_KEYWORD_CONCEPT,
    KEYWORD_SPANS,
    PATTERN_RECOGNITION,
    SUBJECT_CONCEPTS,
    SUBJECT_ROOTS,
    SUBJECTS,
    TOPIC_INDEX,
    TOPICS,
)

MEMBER_SCORE = 3000  # ten-thousandths: below lie ancestors put on afterwards
_NEAR_AI = np.array(
    [s.name in {"Computer vision", "Machine learning", "Natural language processing"} for s in SUBJECTS]
)
_KEYWORD_COLUMNS = 7
_TOPIC_LISTS = np.array([[TOPIC_INDEX[t] for t in (s.topics * 4)[:4]] for s in SUBJECTS])


def draw_communities(subject: IntArray, progress: float, rng: np.random.Generator) -> IntArray:
    """The community of each work: the third of each subject grows as the first recedes."""
    shares = np.cumsum([0.45 - 0.25 * progress, 0.33, 1.0])
    drawn: IntArray = np.searchsorted(shares[:-1], rng.random(len(subject))).astype(np.int8)
    return drawn


def draw_keywords(subject: IntArray, community: IntArray, effects: Effects, rng: np.random.Generator) -> Labels:
    """Two to five keywords of the community; a small share of works adds two of another one."""
    n = len(subject)
    first, size = KEYWORD_SPANS[subject, community].T
    shuffled = np.argsort(rng.random((n, _KEYWORD_COLUMNS)), axis=1)
    own = rng.integers(2, 6, n)
    own[rng.random(n) < 0.05] = 0
    column = np.minimum(shuffled[:, :5], 10**6)
    present = (np.arange(5) < own[:, None]) & (column < size[:, None])
    joins = rng.random(n) < effects.joined_communities_share
    near = rng.integers(0, int(COMPUTING.sum()), n)
    other_subject = np.where(COMPUTING[subject], near, subject)
    other = np.where(other_subject == subject, (community + 1) % COMMUNITIES, rng.integers(0, COMMUNITIES, n))
    start, length = KEYWORD_SPANS[other_subject, other].T
    pick = rng.integers(0, length)
    extra = np.stack([start + pick, start + (pick + 1) % length], axis=1)
    index = np.concatenate((first[:, None] + column, extra), axis=1)
    mask = np.concatenate((present, np.repeat((joins & (own > 0))[:, None], 2, axis=1)), axis=1)
    return ranked(index, rng.integers(2500, 9900, index.shape), mask)


def draw_concepts(subject: IntArray, keywords: Labels, rng: np.random.Generator) -> Labels:
    """The subject, its root, related ones, the level-2 concepts of the keywords; ancestors score low."""
    n = len(subject)
    chance = rng.random((n, 4))
    member = rng.integers(MEMBER_SCORE, 7000, n)
    ancestor = rng.integers(0, MEMBER_SCORE, n)
    belongs = np.where(_NEAR_AI[subject], 0.5, np.where(COMPUTING[subject], 0.06, 0.015))
    inherits = np.where(_NEAR_AI[subject], 1.0, np.where(COMPUTING[subject], 0.3, 0.12))
    ai = np.where(chance[:, 0] < belongs, member, ancestor)
    own = SUBJECT_CONCEPTS[subject]
    pattern = np.full(n, CONCEPT_INDEX[PATTERN_RECOGNITION])
    lead_keyword = np.where(keywords.counts > 0, _at(keywords, 0), 0) + FIRST_KEYWORD_CONCEPT
    next_keyword = np.where(keywords.counts > 1, _at(keywords, 1), 0) + FIRST_KEYWORD_CONCEPT
    index = np.stack([SUBJECT_ROOTS[subject], own, np.full(n, AI_CONCEPT), pattern, lead_keyword, next_keyword], 1)
    score = np.stack(
        [
            rng.integers(4500, 9500, n),
            rng.integers(3500, 9500, n),
            ai,
            rng.integers(1000, 8000, n),
            rng.integers(3000, 9900, n),
            rng.integers(500, 9000, n),
        ],
        axis=1,
    )
    mask = np.stack(
        [
            chance[:, 3] < 0.97,
            np.ones(n, dtype=bool),
            (own != AI_CONCEPT) & (chance[:, 0] < inherits),
            (chance[:, 1] < 0.35) & (_NEAR_AI[subject] | (own == AI_CONCEPT)),
            keywords.counts > 0,
            (keywords.counts > 1) & (chance[:, 2] < 0.7) & (next_keyword != lead_keyword),
        ],
        axis=1,
    )
    return ranked(index, score, mask)


def draw_topics(subject: IntArray, community: IntArray, rng: np.random.Generator) -> tuple[Labels, BoolArray]:
    """Up to three topics, the best first, and whether the record lists them beside the primary one."""
    n = len(subject)
    lists = _TOPIC_LISTS[subject]
    rows = np.arange(n)
    first = lists[rows, np.where(rng.random(n) < 0.7, community, rng.integers(0, 4, n))]
    second = lists[rows, rng.integers(0, 4, n)]
    third = rng.integers(0, len(TOPICS), n)
    index = np.stack([first, second, third], axis=1)
    top = rng.integers(6000, 10000, n)
    score = np.stack([top, top - rng.integers(1, 900, n), top - rng.integers(900, 5000, n)], axis=1)
    known = rng.random(n) > 0.04
    mask = np.stack(
        [
            known,
            known & (second != first) & (rng.random(n) < 0.6),
            known & (third != first) & (third != second) & (rng.random(n) < 0.4),
        ],
        axis=1,
    )
    return ranked(index, score, mask), rng.random(n) > 0.02


def ranked(index: IntArray, score: IntArray, present: BoolArray) -> Labels:
    """The present cells of (work × column) tables as lists, highest score first."""
    order = np.argsort(np.where(present, -score, 1), axis=1, kind="stable")
    index, score, present = (np.take_along_axis(table, order, axis=1) for table in (index, score, present))
    return Labels(offsets_of(present.sum(axis=1)), index[present], score[present])


def carries(labels: Labels, index: int, least: int) -> BoolArray:
    """Which works have the label with at least that score."""
    hits = labels.owner[(labels.index == index) & (labels.score >= least)]
    return np.bincount(hits, minlength=len(labels.offsets) - 1) > 0


def _at(labels: Labels, place: int) -> IntArray:
    """The label at a place of each list; anything where the list is shorter."""
    padded = np.append(labels.index, [0] * (place + 1))
    found: IntArray = padded[labels.offsets[:-1] + place]
    return found
