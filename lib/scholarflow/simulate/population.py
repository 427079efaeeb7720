"""Authors, their careers and their moves: a state that advances year by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scholarflow.simulate import names
from scholarflow.simulate.effects import Effects
from scholarflow.simulate.geography import CODES, COUNTRIES, pair
from scholarflow.simulate.places import Places
from scholarflow.simulate.seeds import FloatArray, IntArray, generator
from scholarflow.simulate.subjects import SUBJECTS

_STOCK_YEARS = 22  # cohorts that are already at work when the first year begins
_AUTHORS_PER_WORK = 0.5


@dataclass
class Moves:
    """True relocations in the order in which they happen."""

    author: list[IntArray]
    origin: list[IntArray]
    destination: list[IntArray]
    year: list[IntArray]


class Population:
    """All authors of the world: fixed traits, and where they work as of the year last advanced to."""

    def __init__(self, seed: int, effects: Effects, places: Places, sizes: Mapping[int, int]) -> None:
        self.seed, self.effects, self.places = seed, effects, places
        self.first_year = min(sizes)
        start = _cohorts(sizes)
        rng = generator(seed, "authors")
        n = len(start)
        self.start = start
        self.home = _home_countries(start, self.first_year, max(sizes), rng)
        self.subject = _main_subjects(start, self.first_year, max(sizes), rng)
        self.region, self.given, self.middle, self.family = names.draw_names(self.home, rng)
        self.namesake = names.namesakes(self.given, self.family, rng)
        self.productivity = np.exp(rng.normal(0.0, 1.0, n)).astype(np.float32)
        brief = rng.random(n) < 0.45
        length = np.where(brief, rng.geometric(0.5, n), 4 + rng.gamma(2.0, 7.0, n).astype(np.int64))
        self.end = (start + np.minimum(length, 48)).astype(np.int16)
        self.institution = places.draw(self.home, rng).astype(np.int32)
        second = rng.random(n) < effects.dual_affiliation_share
        abroad = rng.random(n) < 0.3
        elsewhere = np.where(abroad, rng.permutation(self.home), self.home)
        drawn = places.draw(elsewhere, rng)
        self.second = np.where(second & (drawn != self.institution), drawn, -1).astype(np.int32)
        self.origin = np.full(n, -1, dtype=np.int32)  # institution left at the last move abroad
        self.moved = np.zeros(n, dtype=np.int16)
        self.moves = Moves([], [], [], [])
        self._rates, self._targets = _move_table(effects)

    def __len__(self) -> int:
        return len(self.start)

    def active(self, year: int) -> IntArray:
        """Indexes of the authors at work in the year."""
        return np.flatnonzero((self.start <= year) & (self.end >= year))

    def country(self, index: IntArray) -> IntArray:
        """The countries where authors work now."""
        result: IntArray = self.places.country[self.institution[index]]
        return result

    def advance(self, year: int) -> None:
        """Let the year's relocations happen, abroad and within the country."""
        rng = generator(self.seed, "moves", year)
        staff = self.active(year)
        staff = staff[self.start[staff] < year]
        here = self.country(staff)
        chance = rng.random(len(staff))
        back = (self.origin[staff] >= 0) & (chance < self.effects.return_rate)
        away = ~back & (chance >= 1.0 - self._rates[here])
        goal = here.copy()
        goal[back] = self.places.country[self.origin[staff[back]]]
        draws = rng.random(int(away.sum()))
        goal[away] = (draws[:, None] > self._targets[here[away]]).sum(axis=1)
        goal = np.minimum(goal, len(COUNTRIES) - 1)
        abroad = goal != here
        self._relocate(staff[abroad], here[abroad], goal[abroad], year, rng)
        inland = ~abroad & (rng.random(len(staff)) < 0.03)
        self.institution[staff[inland]] = self.places.draw(here[inland], rng)
        same = self.second == self.institution
        self.second[same] = -1

    def _relocate(self, who: IntArray, here: IntArray, goal: IntArray, year: int, rng: np.random.Generator) -> None:
        left = self.institution[who].copy()
        self.institution[who] = self.places.draw(goal, rng)
        # One mover in eight keeps the old place as a second affiliation.
        keeps = rng.random(len(who)) < 0.12
        self.second[who] = np.where(keeps, left, -1)
        self.origin[who] = left
        self.moved[who] = year
        self.moves.author.append(who)
        self.moves.origin.append(here)
        self.moves.destination.append(goal)
        self.moves.year.append(np.full(len(who), year))


def author_ids(index: IntArray) -> IntArray:
    """The identifiers of authors, by index: spread over ten digits, none twice."""
    result: IntArray = (index.astype(np.int64) * 387_420_489 + 7) % 999_999_937 + 5_000_000_000
    return result


def _cohorts(sizes: Mapping[int, int]) -> IntArray:
    """The year in which each author starts, in order."""
    first = min(sizes)
    per_year = {year: max(2, round(size * _AUTHORS_PER_WORK)) for year, size in sizes.items()}
    stock = [max(2, round(per_year[first] * 0.95**back)) for back in range(_STOCK_YEARS, 0, -1)]
    years = [*range(first - _STOCK_YEARS, first), *sorted(sizes)]
    counts = [*stock, *(per_year[year] for year in sorted(sizes))]
    return np.repeat(np.array(years, dtype=np.int16), counts)


def _progress(start: IntArray, first: int, last: int) -> FloatArray:
    progress: FloatArray = np.clip((start - first) / max(1, last - first), 0.0, 1.0)
    return progress


def _home_countries(start: IntArray, first: int, last: int, rng: np.random.Generator) -> IntArray:
    early = np.array([country.early for country in COUNTRIES])
    late = np.array([country.late for country in COUNTRIES])
    return _drawn_by_progress(early, late, _progress(start, first, last), rng)


def _main_subjects(start: IntArray, first: int, last: int, rng: np.random.Generator) -> IntArray:
    early = np.array([subject.early for subject in SUBJECTS])
    late = np.array([subject.late for subject in SUBJECTS])
    return _drawn_by_progress(early, late, _progress(start, first, last), rng)


def _drawn_by_progress(early: FloatArray, late: FloatArray, progress: FloatArray, rng: np.random.Generator) -> IntArray:
    """One draw per author from shares that pass from early to late, year by year."""
    drawn = np.empty(len(progress), dtype=np.int16)
    for value in np.unique(progress):
        rows = np.flatnonzero(progress == value)
        shares = (1 - value) * early / early.sum() + value * late / late.sum()
        drawn[rows] = rng.choice(len(shares), size=len(rows), p=shares / shares.sum())
    return drawn


def _move_table(effects: Effects) -> tuple[FloatArray, FloatArray]:
    """Hazard of leaving each country, and cumulated shares of destinations: gravity, then planted pairs."""
    pull = np.array([country.early + country.late for country in COUNTRIES])
    pull[CODES.index("US")] *= 1.5
    rates = effects.move_rate * np.tile(pull / pull.sum(), (len(pull), 1))
    np.fill_diagonal(rates, 0.0)
    for text, rate in effects.pair_move_rates.items():
        rates[pair(text)] = rate
    total = rates.sum(axis=1)
    shares = np.cumsum(rates / np.maximum(total, 1e-12)[:, None], axis=1)
    return total, shares
