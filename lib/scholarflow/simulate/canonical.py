"""Rows of the canonical tables for the works of a batch, by the rules that an ingest follows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from scholarflow.simulate.batch import LANGUAGES, Authorships, Batch, Labels, work_ids
from scholarflow.simulate.citing import distinct_references
from scholarflow.simulate.places import Places
from scholarflow.simulate.population import author_ids
from scholarflow.simulate.seeds import IntArray
from scholarflow.simulate.subjects import CONCEPTS, KEYWORD_IDS, KEYWORD_SLUGS, TOPICS
from scholarflow.simulate.truth import TruthFiles, countries, nullable

CUT_LIST = 5_000  # an author list of exactly this length was cut by the source

_SLUGS = pa.array(KEYWORD_SLUGS)
CONCEPT_IDS = np.array([concept.id for concept in CONCEPTS])
_LEVELS = {
    "topic": np.array([topic.id for topic in TOPICS]),
    "subfield": np.array([topic.subfield[0] for topic in TOPICS]),
    "field": np.array([topic.field[0] for topic in TOPICS]),
    "domain": np.array([topic.domain[0] for topic in TOPICS]),
}


def add_works(files: TruthFiles, batch: Batch, cited: IntArray, owner: IntArray, columns: dict[str, Any]) -> None:
    """Rows of `works` and `citations`; (owner, cited): references after merges, repeats and self included."""
    ids = work_ids(batch.index)
    lists = distinct_references(owner, cited, len(batch))
    row = lists.owner
    keep = lists.cited != batch.index[row]
    row, cited = row[keep], lists.cited[keep]
    files.add(
        "citations",
        {
            "citing_work_id": ids[row],
            "cited_work_id": work_ids(cited),
            "citing_year": np.full(len(row), batch.year),
        },
    )
    languages = pa.array(LANGUAGES).take(batch.language.astype(np.int64))
    files.add(
        "works",
        {
            "work_id": ids,
            "pub_year": np.full(len(batch), batch.year),
            "pub_date": pa.array(batch.day.astype(np.int32), type=pa.int32()),
            "title": columns["title"],
            "work_type": columns["work_type"],
            "source_id": columns["source_id"],
            "language": columns.get("language", languages),
            "n_authors": columns["n_authors"],
            "n_references": np.bincount(row, minlength=len(batch)),
            "is_retracted": batch.retracted,
        },
    )


def add_authorships(
    files: TruthFiles, batch: Batch, signed: Authorships, places: Places, *, corresponding: bool
) -> None:
    """Rows of `authorships`: one per institution, else per country, else one; equal rows are one."""
    owner = signed.owner
    last = np.zeros(len(batch), dtype=np.int64)
    np.maximum.at(last, owner, signed.position)
    cut = batch.truncated | (author_list_lengths(signed) == CUT_LIST)
    nowhere = (signed.first < 0) & (signed.second < 0)
    abroad = np.append(places.country, -1)
    parts = []  # entry, institution, country
    for place in (signed.first, signed.second):
        rows = np.flatnonzero(place >= 0)
        parts.append((rows, place[rows], abroad[place[rows]]))
    for country in (signed.country_1, signed.country_2):
        rows = np.flatnonzero(nowhere & (country >= 0))
        parts.append((rows, np.full(len(rows), -1), country[rows]))
    rows = np.flatnonzero(nowhere & (signed.country_1 < 0) & (signed.country_2 < 0))
    parts.append((rows, np.full(len(rows), -1), np.full(len(rows), -1)))
    entry, place, country = (np.concatenate([part[i] for part in parts]) for i in range(3))
    author = np.where(signed.null_kind == 0, signed.author, -1)[entry]
    work, position = owner[entry], signed.position[entry]
    keys = np.stack([work, position, author, place, country])
    order = np.lexsort(keys[::-1])
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (keys[:, order[1:]] != keys[:, order[:-1]]).any(axis=0)
    pick = order[fresh]
    work, position, author, place, country = (column[pick] for column in keys)
    flags = signed.corresponding[entry[pick]]
    files.add(
        "authorships",
        {
            "work_id": work_ids(batch.index[work]),
            "author_position": position,
            "author_id": nullable(author_ids(author), author >= 0),
            "institution_id": nullable(places.ids[place], place >= 0),
            "country_code": countries(country),
            "pub_year": np.full(len(work), batch.year),
            "is_first": position == 1,
            "is_last": pa.array(position == last[work], mask=cut[work]),
            "is_corresponding": pa.array(flags, mask=np.full(len(flags), not corresponding)),
        },
    )


def author_list_lengths(signed: Authorships) -> IntArray:
    """Length of each author list: distinct (position, author) pairs, as MAG repeats them per affiliation."""
    owner = signed.owner
    order = np.lexsort((signed.author, signed.position, owner))
    keys = np.stack([owner, signed.position, signed.author])[:, order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    return np.bincount(keys[0][fresh], minlength=len(signed.offsets) - 1)


def add_concepts(files: TruthFiles, batch: Batch, concepts: Labels, ids: IntArray = CONCEPT_IDS) -> None:
    """Rows of `work_fields` with scheme concept; the highest score where an id repeats."""
    _add_fields(files, "concept", work_ids(batch.index), concepts.owner, ids[concepts.index], concepts.score)


def add_topics_and_keywords(files: TruthFiles, batch: Batch) -> None:
    """Rows of `work_fields` from topics (else the primary one) and keywords."""
    topics, ids = batch.topics, work_ids(batch.index)
    primary = np.zeros(len(topics.index), dtype=bool)
    primary[topics.offsets[:-1][topics.counts > 0]] = True
    used = primary | batch.topics_listed[topics.owner]
    owner, index, score = topics.owner[used], topics.index[used], topics.score[used]
    for scheme, numbers in _LEVELS.items():
        _add_fields(files, scheme, ids, owner, numbers[index], score)
    words = batch.keywords
    _add_fields(files, "keyword", ids, words.owner, KEYWORD_IDS[words.index], words.score, words.index)


def _add_fields(
    files: TruthFiles,
    scheme: str,
    ids: IntArray,
    owner: IntArray,
    number: IntArray,
    score: IntArray,
    keyword: IntArray | None = None,
) -> None:
    order = np.lexsort((-score, number, owner))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (owner[order[1:]] != owner[order[:-1]]) | (number[order[1:]] != number[order[:-1]])
    pick = order[fresh]
    keys = pa.nulls(len(pick), pa.string()) if keyword is None else _SLUGS.take(keyword[pick])
    files.add(
        "work_fields",
        {
            "work_id": ids[owner[pick]],
            "scheme": [scheme] * len(pick),
            "field_id": number[pick],
            "score": score[pick] / 10_000,
            "field_key": keys,
        },
    )
