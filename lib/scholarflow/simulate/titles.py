# ruff: noqa: E501  (catalogues: one entry a line)
"""Titles of works, by hashing: the same work has the same title in every format."""

from __future__ import annotations

import numpy as np

from scholarflow.simulate.batch import Batch
from scholarflow.simulate.seeds import hashed, uniform
from scholarflow.simulate.subjects import KEYWORD_SPANS, KEYWORDS

_OPENINGS = ("A new approach to", "On", "Towards robust", "Efficient", "An empirical study of", "Revisiting", "Scalable", "A survey of", "Learning from", "Beyond", "Adaptive", "Fast and accurate", "The role of", "Evaluating")  # fmt: skip
_LINKS = (
    "for",
    "with",
    "in the presence of",
    "under",
    "based on",
    "and",
    "via",
    "without",
    "using",
    "beyond",
)
_CLOSINGS = ("large data sets", "uncertain environments", "real-world applications", "limited resources", "dynamic systems", "heterogeneous sources", "noisy observations", "high dimensions", "ageing populations", "complex networks", "the long run", "several scales")  # fmt: skip
# What real titles contain; each must reach the tables as it stands.
_ODD = (
    "<i>Escherichia coli</i> & <sub>2</sub>: {}",
    "{}'); DROP TABLE works;--",
    "../../etc/passwd: {}",
    "C:\\Temp\\new: {}",
    '"Quoted" beginnings: {}',
    "{} — ψ, 漢字, émigré 🧬",
    "  {}  ",
    "{}, {{\"a\": 1}}",
    "=HYPERLINK({})",
    "NULL",
)  # fmt: skip


def titles_of(batch: Batch, seed: int, *, odd: bool) -> list[str]:
    """One title per work; with `odd`, one in a hundred holds markup, quotes, paths or the like."""
    first, size = KEYWORD_SPANS[batch.subject, batch.community].T
    draws = hashed(batch.index, seed, "title")
    opening = (draws % np.uint64(len(_OPENINGS))).tolist()
    topic = (first + (draws >> np.uint64(8)) % size.astype(np.uint64)).astype(np.int64).tolist()
    other = (first + (draws >> np.uint64(16)) % size.astype(np.uint64)).astype(np.int64).tolist()
    link = ((draws >> np.uint64(24)) % np.uint64(len(_LINKS))).tolist()
    closing = ((draws >> np.uint64(32)) % np.uint64(len(_CLOSINGS))).tolist()
    titles = []
    for o, t, u, k, c in zip(opening, topic, other, link, closing, strict=True):
        end = _CLOSINGS[c] if t == u else f"{KEYWORDS[u]} {_LINKS[(k + 3) % len(_LINKS)]} {_CLOSINGS[c]}"
        titles.append(f"{_OPENINGS[o]} {KEYWORDS[t]} {_LINKS[k]} {end}")
    if odd:
        for row in np.flatnonzero(uniform(batch.index, seed, "odd title") < 0.01).tolist():
            titles[row] = _ODD[row % len(_ODD)].format(titles[row])
    return titles
