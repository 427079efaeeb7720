"""Teams: a senior lead, who signs last, and co-authors from the laboratory, the country and abroad."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scholarflow.simulate.batch import Authorships, offsets_of
from scholarflow.simulate.effects import Effects
from scholarflow.simulate.geography import COUNTRIES, pair
from scholarflow.simulate.places import draw_in_blocks
from scholarflow.simulate.population import Population
from scholarflow.simulate.seeds import BoolArray, FloatArray, IntArray
from scholarflow.simulate.subjects import COMPUTING, SUBJECTS

_SUBJECTS = len(SUBJECTS)
_LARGEST_TEAM = 60


class Roster:
    """Authors at work, sorted by (group, subject), to draw members of a group by productivity."""

    def __init__(self, staff: IntArray, group: IntArray, subject: IntArray, weight: FloatArray) -> None:
        key = group.astype(np.int64) * _SUBJECTS + subject
        order = np.argsort(key, kind="stable")
        self._key, self._staff = key[order], staff[order]
        self._cumulated = np.concatenate(([0.0], np.cumsum(weight[order])))

    def draw(self, group: IntArray, subject: IntArray, rng: np.random.Generator) -> IntArray:
        """A member of each group, of the subject where it has one, else of any; −1 for an empty group."""
        base = group.astype(np.int64) * _SUBJECTS
        found = self._draw(base + subject, base + subject + 1, rng)
        empty = np.flatnonzero(found < 0)
        found[empty] = self._draw(base[empty], base[empty] + _SUBJECTS, rng)
        return found

    def _draw(self, low: IntArray, high: IntArray, rng: np.random.Generator) -> IntArray:
        start, end = np.searchsorted(self._key, low), np.searchsorted(self._key, high)
        place = draw_in_blocks(self._cumulated, start, end, rng)
        drawn: IntArray = np.where(place >= 0, self._staff[place], -1)
        return drawn


@dataclass
class Teams:
    """Teams of a year's works: subjects, authorships as written, and where the members truly worked."""

    subject: IntArray
    authorships: Authorships
    place: IntArray
    second_place: IntArray

    def lead_rows(self) -> IntArray:
        """Entry of the last author of each work."""
        return self.authorships.offsets[1:] - 1


def assemble(
    population: Population, effects: Effects, year: int, progress: float, works: int, rng: np.random.Generator
) -> Teams:
    """The teams of a year's works, ordered by subject; `progress` runs from 0 to 1 over the years."""
    staff = population.active(year)
    weight = population.productivity[staff].astype(np.float64)
    age = year - population.start[staff]
    leading = weight * np.where(age < 3, 0.08, np.where(age < 7, 0.5, 1.0))
    cumulated = np.concatenate(([0.0], np.cumsum(leading)))
    lead = staff[draw_in_blocks(cumulated, np.zeros(works, int), np.full(works, len(staff)), rng)]
    subject = stray(population.subject[lead], 0.12, rng)
    order = np.argsort(subject, kind="stable")
    lead, subject = lead[order], subject[order]
    mean = (1.9 + 2.8 * progress) * np.where(COMPUTING[subject], 1.0, 1.5)
    size = 1 + np.minimum(rng.poisson(rng.gamma(1.3, mean / 1.3)), _LARGEST_TEAM - 1)
    partner, from_origin = _partners(population, effects, year, progress, lead, size, rng)
    size = np.where(from_origin, np.maximum(size, 2), size)
    work, author = _colleagues(population, staff, weight, (lead, subject, size, partner, from_origin), rng)
    return _signed(population, effects, year, progress, lead, subject, work, author, rng)


def stray(subject: IntArray, share: float, rng: np.random.Generator) -> IntArray:
    """The same subjects but for a share, which goes to another one: of computing for computing."""
    away = rng.random(len(subject)) < share
    near = rng.integers(0, int(COMPUTING.sum()), len(subject))
    far = rng.integers(0, _SUBJECTS, len(subject))
    strayed: IntArray = np.where(away, np.where(COMPUTING[subject], near, far), subject).astype(np.int16)
    return strayed


def _affinity(population: Population, effects: Effects, staff: IntArray) -> FloatArray:
    """Cumulated shares of partner countries for each lead country: size of the partner × planted affinity."""
    people = np.bincount(population.country(staff), minlength=len(COUNTRIES)) + 0.5
    table = np.tile(people**0.8, (len(COUNTRIES), 1))
    for text, factor in effects.affinities.items():
        table[pair(text)] *= factor
    np.fill_diagonal(table, 0.0)
    shares: FloatArray = np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)
    return shares


def _partners(
    population: Population,
    effects: Effects,
    year: int,
    progress: float,
    lead: IntArray,
    size: IntArray,
    rng: np.random.Generator,
) -> tuple[IntArray, BoolArray]:
    """Partner country of each work, −1 for none, and whether it is the one that a mover came from."""
    home = population.country(lead)
    shares = _affinity(population, effects, population.active(year))
    early, late = effects.international_share
    chance = (early + (late - early) * progress) * np.minimum(size - 1, 3) / 1.6
    abroad = rng.random(len(lead)) < chance
    drawn = np.minimum((rng.random(len(lead))[:, None] > shares[home]).sum(axis=1), len(COUNTRIES) - 1)
    partner = np.where(abroad, drawn, -1)
    came = population.origin[lead] >= 0
    origin = np.where(came, population.places.country[population.origin[lead]], -1)
    first, last = np.full(len(lead), effects.origin_share[0]), np.full(len(lead), effects.origin_share[1])
    for text, (start, end) in effects.pair_origin_shares.items():
        left, reached = pair(text)
        rows = (origin == left) & (home == reached)
        first[rows], last[rows] = start, end
    since = np.clip((year - population.moved[lead]) / 10.0, 0.0, 1.0)
    keeps = came & (origin != home) & (rng.random(len(lead)) < first + (last - first) * since)
    return np.where(keeps, origin, partner), keeps


def _colleagues(
    population: Population,
    staff: IntArray,
    weight: FloatArray,
    plan: tuple[IntArray, IntArray, IntArray, IntArray, BoolArray],
    rng: np.random.Generator,
) -> tuple[IntArray, IntArray]:
    """The co-authors as (work, author), without repeats and without the lead."""
    lead, subject, size, partner, from_origin = plan
    labs = Roster(staff, population.institution[staff], population.subject[staff], weight)
    lands = Roster(staff, population.country(staff), population.subject[staff], weight)
    work = np.repeat(np.arange(len(lead)), size - 1)
    slot = np.arange(len(work)) - np.repeat(offsets_of(size - 1)[:-1], size - 1)
    n = len(work)
    foreign = (partner[work] >= 0) & ((slot == 0) | (rng.random(n) < 0.3))
    country = np.where(foreign, partner[work], population.country(lead)[work])
    old_lab = foreign & from_origin[work] & (rng.random(n) < 0.6)
    same_lab = ~foreign & (rng.random(n) < 0.7)
    lab = np.where(old_lab, population.origin[lead][work], population.institution[lead][work])
    author = np.where(old_lab | same_lab, labs.draw(lab, subject[work], rng), -1)
    # A laboratory may have nobody else: then somebody from the country signs.
    empty = np.flatnonzero((author < 0) | (author == lead[work]))
    author[empty] = lands.draw(country[empty], subject[work][empty], rng)
    keep = (author >= 0) & (author != lead[work])
    keys = np.unique(work[keep].astype(np.int64) * len(population) + author[keep])
    return keys // len(population), keys % len(population)


def _signed(
    population: Population,
    effects: Effects,
    year: int,
    progress: float,
    lead: IntArray,
    subject: IntArray,
    work: IntArray,
    author: IntArray,
    rng: np.random.Generator,
) -> Teams:
    """Order of signature (juniors first, the lead last), affiliations as listed, some misfiled entries."""
    n_works = len(lead)
    everyone = np.concatenate((author, lead))
    owner = np.concatenate((work, np.arange(n_works)))
    rank = (year - population.start[everyone]) / 8.0 + rng.random(len(everyone)) * 1.5
    rank[len(author) :] = np.inf
    order = np.lexsort((rank, owner))
    who, owner = everyone[order], owner[order]
    counts = np.bincount(owner, minlength=n_works)
    offsets = offsets_of(counts)
    place = population.institution[who]
    second = np.where(rng.random(len(who)) < 0.6, population.second[who], -1)
    early, late = effects.missing_affiliation
    care = 0.6 + 0.8 * ((np.arange(len(COUNTRIES)) * 7) % 11) / 10.0
    unlisted = rng.random(len(who)) < (early + (late - early) * progress) * care[population.country(who)]
    by_lead = rng.random(n_works) < 0.6
    corresponding = np.zeros(len(who), dtype=bool)
    corresponding[np.where(by_lead, offsets[1:] - 1, offsets[:-1])] = True
    none = np.full(len(who), -1, dtype=np.int16)
    signed = Authorships(
        offsets,
        author=_filed(population, effects, year, who, owner, rng),
        true_author=who,
        first=np.where(unlisted, -1, place),
        second=np.where(unlisted, -1, second),
        corresponding=corresponding,
        null_kind=np.zeros(len(who), dtype=np.int8),
        unmatched=np.zeros(len(who), dtype=bool),
        country_1=none,
        country_2=none,
        position=np.arange(len(who)) - offsets[owner] + 1,
    )
    return Teams(subject, signed, place, second)


def _filed(
    population: Population,
    effects: Effects,
    year: int,
    who: IntArray,
    owner: IntArray,
    rng: np.random.Generator,
) -> IntArray:
    """Under whom each entry is filed: now and then under somebody of similar name who is not on the work."""
    other = population.namesake[who]
    at_work = (population.start[other] <= year) & (population.end[other] + 2 >= year)
    possible = np.flatnonzero((other >= 0) & at_work)
    # Few have a namesake at work: those are misfiled the more, so that the share holds over all entries.
    share = min(1.0, effects.misfiled_share * len(who) / max(1, len(possible)))
    chosen = possible[rng.random(len(possible)) < share]
    present = owner.astype(np.int64) * len(population) + who
    filed = owner[chosen].astype(np.int64) * len(population) + other[chosen]
    # Two entries of one work filed under the same person would be a different defect: only the first stays.
    _, once = np.unique(filed, return_index=True)
    chosen, filed = chosen[once], filed[once]
    chosen = chosen[~np.isin(filed, present)]
    author = who.copy()
    author[chosen] = other[chosen]
    return author
