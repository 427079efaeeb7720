"""Defects inside records: what dirty snapshots and revisions do to author lists, references and labels."""

from __future__ import annotations

import dataclasses

import numpy as np

from scholarflow.simulate.batch import UNKNOWN_WORKS, Authorships, Batch, Labels, References, offsets_of
from scholarflow.simulate.fates import KEPT, NO_COPY, Edition
from scholarflow.simulate.geography import COUNTRIES
from scholarflow.simulate.population import Population
from scholarflow.simulate.seeds import FloatArray, IntArray, generator, hashed, uniform
from scholarflow.simulate.world import World

# Authors of the two large works that a dirty world of at least this many works has in this year.
LARGE_TEAMS = (5_000, 2_000)
LARGE_FROM = 20_000
LARGE_YEAR = 2015


def revise(batch: Batch, edition: Edition, population: Population) -> None:
    """What the second release corrects in the records it changes: missing affiliations, retractions."""
    changed = edition.changed(batch.index)
    signed = batch.authorships
    filled = changed[signed.owner] & (signed.first < 0)
    signed.first = np.where(filled, population.institution[signed.true_author], signed.first)
    batch.retracted |= changed & (uniform(batch.index, edition.seed, "retraction") < 0.1)


def soil(batch: Batch, edition: Edition, world: World) -> None:
    """The defects of any dirty source: large teams, references to oneself, to strangers, repeated."""
    if not edition.dirty:
        return
    if batch.year == LARGE_YEAR and world.works >= LARGE_FROM:
        batch.authorships = with_large_teams(batch, edition, world.population)
    batch.references = with_odd_references(batch, edition.seed)


def soil_openalex(batch: Batch, edition: Edition, world: World) -> None:
    """All defects of OpenAlex: null authors, no-match institutions, countries only, repeated entries."""
    if not edition.dirty:
        return
    repeat_entries(batch, edition.seed)
    soil(batch, edition, world)
    signed = batch.authorships
    chance = entry_chance(batch, signed, edition.seed, "entry")
    signed.null_kind = np.where(chance < 0.008, np.where(chance < 0.004, 1, 2), 0).astype(np.int8)
    signed.unmatched = (chance >= 0.008) & (chance < 0.016)
    alone = (chance >= 0.008) & (chance < 0.012)
    bare = (chance >= 0.016) & (chance < 0.032) & (signed.first >= 0)
    here = np.append(world.places.country, -1)[signed.first]
    other = (hashed(signed.author, edition.seed, "second country") % np.uint64(len(COUNTRIES))).astype(np.int64)
    signed.country_1 = np.where(bare, here, -1)
    signed.country_2 = np.where(bare & (chance < 0.020) & (other != here), other, -1)
    twice = (chance >= 0.032) & (chance < 0.036)
    signed.second = np.where(twice, signed.first, np.where(bare | alone, -1, signed.second))
    signed.first = np.where(bare | alone, -1, signed.first)
    batch.concepts = with_repeated_labels(batch.concepts, batch.index, edition.seed)
    batch.truncated = (uniform(batch.index, edition.seed, "cut") < 0.003) & (edition.layout == "legacy")


def entry_chance(batch: Batch, signed: Authorships, seed: int, purpose: str) -> FloatArray:
    """A number in [0, 1) for each entry of the author lists."""
    return uniform(batch.index[signed.owner] * 8_192 + signed.position, seed, purpose)


def repeat_entries(batch: Batch, seed: int) -> None:
    """In some works one author is listed twice in a row: both keep their places in the list."""
    signed = batch.authorships
    again = entry_chance(batch, signed, seed, "listed twice") < 0.002
    entries = np.repeat(np.arange(len(again)), 1 + again)
    batch.authorships = repositioned(signed, entries)


def repositioned(signed: Authorships, entries: IntArray) -> Authorships:
    """The entries at the given places, in order of works, numbered anew."""
    owner = signed.owner[entries]
    lists = signed.pick(entries, np.bincount(owner, minlength=len(signed.offsets) - 1))
    lists.position = np.arange(len(entries)) - lists.offsets[owner] + 1
    return lists


def with_large_teams(batch: Batch, edition: Edition, population: Population) -> Authorships:
    """The first works of the year get very long author lists: one is exactly as long as a source lists."""
    signed = batch.authorships
    plain = (edition.fate(batch.index) == KEPT) & (edition.copy(batch.index) == NO_COPY)
    rows = np.flatnonzero(plain & ~edition.vanished(batch.index))[: len(LARGE_TEAMS)]
    crowd = generator(edition.seed, "large teams").permutation(len(population))
    counts = signed.counts.copy()
    keep = ~np.isin(signed.owner, rows)
    counts[rows] = 0
    rest = signed.pick(np.flatnonzero(keep), counts)
    owner = np.concatenate((rest.owner, *(np.full(n, row) for row, n in zip(rows, LARGE_TEAMS, strict=True))))
    order = np.argsort(owner, kind="stable")
    who = np.concatenate([crowd[:n] for n in LARGE_TEAMS])
    added = {
        "author": who,
        "true_author": who,
        "first": population.institution[who],
        "position": np.concatenate([np.arange(1, n + 1) for n in LARGE_TEAMS]),
    }
    columns = {}
    for name in [column.name for column in dataclasses.fields(Authorships)[1:]]:
        old = getattr(rest, name)
        filler = np.full(len(who), -1 if name in {"second", "country_1", "country_2"} else 0, dtype=old.dtype)
        columns[name] = np.concatenate((old, added.get(name, filler)))[order]
    return Authorships(offsets_of(np.bincount(owner, minlength=len(batch))), **columns)


def with_odd_references(batch: Batch, seed: int) -> References:
    """Some works also cite themselves, a work that no snapshot holds, and their first reference once more."""
    lists = batch.references
    chance = uniform(batch.index, seed, "odd references")
    selves = np.flatnonzero(chance < 0.01)
    strangers = np.flatnonzero(chance < 0.03)
    again = np.flatnonzero((chance < 0.05) & (lists.counts > 0))
    unknown = UNKNOWN_WORKS + (hashed(batch.index[strangers], seed, "stranger") % np.uint64(9_999_991)).astype(np.int64)
    owner = np.concatenate((lists.owner, selves, strangers, again))
    cited = np.concatenate((lists.cited, batch.index[selves], unknown, lists.cited[lists.offsets[again]]))
    order = np.argsort(owner, kind="stable")
    return References(offsets_of(np.bincount(owner, minlength=len(batch))), cited[order])


def with_repeated_labels(labels: Labels, index: IntArray, seed: int) -> Labels:
    """Some works list their best label once more with half the score."""
    again = np.flatnonzero((uniform(index, seed, "repeated label") < 0.005) & (labels.counts > 0))
    first = labels.offsets[again]
    owner = np.concatenate((labels.owner, again))
    order = np.argsort(owner, kind="stable")
    return Labels(
        offsets_of(np.bincount(owner, minlength=len(index))),
        np.concatenate((labels.index, labels.index[first]))[order],
        np.concatenate((labels.score, labels.score[first] // 2))[order],
    )
