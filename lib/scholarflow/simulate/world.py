"""The world: years of works with teams, subjects, venues and references, in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from scholarflow.simulate import labels, venues
from scholarflow.simulate.batch import (
    ARTICLE,
    BOOK_CHAPTER,
    CONFERENCE_PAPER,
    LANGUAGES,
    PREPRINT,
    REVIEW,
    Batch,
)
from scholarflow.simulate.citing import Library
from scholarflow.simulate.effects import Effects
from scholarflow.simulate.geography import INDEX, pair
from scholarflow.simulate.places import build_places
from scholarflow.simulate.population import Population
from scholarflow.simulate.seeds import BoolArray, FloatArray, IntArray, generator
from scholarflow.simulate.subjects import CONCEPT_INDEX, SUBJECTS
from scholarflow.simulate.teams import Teams, assemble

FIRST_YEAR, LAST_YEAR = 1990, 2024
_GROWTH = 0.052  # of the number of works, a year
_NEW_SHARE = 0.02  # works that only the second release has


def works_per_year(works: int) -> dict[int, int]:
    """Works of each year, and of the one after the last, which only the second release sees."""
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    shares = np.exp(_GROWTH * (years - FIRST_YEAR))
    ends = np.round(np.cumsum(shares / shares.sum()) * works).astype(np.int64)
    counts = np.diff(np.concatenate(([0], ends)))
    sizes = {int(year): int(count) for year, count in zip(years, counts, strict=True)}
    sizes[LAST_YEAR + 1] = max(1, round(works * _NEW_SHARE))
    return sizes


@dataclass
class World:
    """A world of that many works; every walk through its years gives the same works."""

    works: int
    seed: int
    effects: Effects
    release: int = 1

    def __post_init__(self) -> None:
        self.sizes = works_per_year(self.works)
        self.places = build_places(self.seed, self.works, self.effects.institution_quality_sd)
        self.population = Population(self.seed, self.effects, self.places, self.sizes)

    @property
    def total(self) -> int:
        """Number of works in this release, before any record is broken or withdrawn."""
        return self.works + (self.sizes[LAST_YEAR + 1] if self.release > 1 else 0)

    @property
    def last_year(self) -> int:
        """Last year with works in this release."""
        return LAST_YEAR + (1 if self.release > 1 else 0)

    def years(self) -> Iterator[Batch]:
        """The works of each year, from the first on; the population ends in the state of the last year."""
        self.population = Population(self.seed, self.effects, self.places, self.sizes)
        library = Library()
        first_index = 0
        for year in range(FIRST_YEAR, self.last_year + 1):
            self.population.advance(year)
            batch = self._year(year, first_index, library)
            first_index += len(batch)
            yield batch

    def _year(self, year: int, first_index: int, library: Library) -> Batch:
        n = self.sizes[year]
        progress = min(1.0, (year - FIRST_YEAR) / (LAST_YEAR - FIRST_YEAR))
        effects = self.effects
        rng = generator(self.seed, "works", year)
        teams = assemble(self.population, effects, year, progress, n, generator(self.seed, "teams", year))
        subject = teams.subject
        community = labels.draw_communities(subject, progress, rng)
        keywords = labels.draw_keywords(subject, community, effects, rng)
        concepts = labels.draw_concepts(subject, keywords, rng)
        topics, listed = labels.draw_topics(subject, community, rng)
        member = labels.carries(concepts, CONCEPT_INDEX[effects.premium_concept], labels.MEMBER_SCORE)
        pairs = self._pairs(teams, member)
        source, kind = self._venues(year, subject, member, pairs, rng)
        quality = self.places.quality[teams.place[teams.lead_rows()]]
        fitness = rng.lognormal(0.0, effects.fitness_sd, n) * quality
        fitness *= teams.authorships.counts**effects.team_size_elasticity
        fitness *= np.where(source < 0, 0.5, np.where(source < venues.FIVE_CONFERENCES, 1.4, 1.0))
        fitness *= self._factor(pairs, effects.citation_premiums)
        library.shelve(year, first_index, subject, fitness)
        references = library.cite(year, subject, effects, progress, generator(self.seed, "citing", year))
        return Batch(
            year=year,
            index=np.arange(first_index, first_index + n, dtype=np.int64),
            subject=subject,
            community=community,
            source=source,
            day=_days(year, rng, n),
            kind=kind,
            language=_languages(self.population.country(teams.authorships.true_author[teams.lead_rows()]), rng),
            retracted=rng.random(n) < 0.002,
            topics_listed=listed,
            truncated=np.zeros(n, dtype=bool),
            authorships=teams.authorships,
            concepts=concepts,
            topics=topics,
            keywords=keywords,
            references=references,
        )

    def _pairs(self, teams: Teams, member: BoolArray) -> dict[str, BoolArray]:
        """For each planted pair: works of the concept led from the one with a co-author in the other."""
        country = np.append(self.places.country, -1)
        first, second = country[teams.place], country[teams.second_place]
        leads = teams.lead_rows()
        partner = np.ones(len(first), dtype=bool)
        partner[leads] = False
        owner = teams.authorships.owner
        found = {}
        for text in sorted({*self.effects.citation_premiums, *self.effects.conference_premiums}):
            lead, other = pair(text)
            there = partner & ((first == other) | (second == other))
            with_other = np.bincount(owner[there], minlength=len(leads)) > 0
            led = (first[leads] == lead) | (second[leads] == lead)
            led_from_other = (first[leads] == other) | (second[leads] == other)
            found[text] = member & led & ~led_from_other & with_other
        return found

    @staticmethod
    def _factor(pairs: dict[str, BoolArray], factors: Mapping[str, float]) -> FloatArray:
        product: FloatArray = np.ones(len(next(iter(pairs.values()))) if pairs else 1)
        for text, factor in factors.items():
            product[pairs[text]] *= factor
        return product

    def _venues(
        self,
        year: int,
        subject: IntArray,
        member: BoolArray,
        pairs: dict[str, BoolArray],
        rng: np.random.Generator,
    ) -> tuple[IntArray, IntArray]:
        """Source of each work (−1: none) and what kind of work it is."""
        n = len(subject)
        source = np.full(n, -1, dtype=np.int64)
        for number in range(len(SUBJECTS)):
            rows = np.flatnonzero(subject == number)
            source[rows] = rng.choice(len(venues.SOURCES), size=len(rows), p=venues.weights(number, year))
        chance = rng.random(n)
        source[chance < 0.06] = -1
        preprint = (chance > 0.93) & (year >= 1995)
        source[preprint] = np.where(np.isin(subject, _LIFE)[preprint], venues.BIORXIV, venues.ARXIV)
        conference = member & (
            rng.random(n) < self.effects.conference_share * self._factor(pairs, self.effects.conference_premiums)
        )
        drawn = rng.choice(venues.FIVE_CONFERENCES, size=n, p=venues.conference_weights(year))
        source[conference] = drawn[conference]
        spare = rng.random(n)
        kind = np.where(spare < 0.05, REVIEW, ARTICLE)
        kind = np.where(venues.IS_CONFERENCE[source], CONFERENCE_PAPER, kind)
        kind = np.where(venues.IS_REPOSITORY[source], PREPRINT, kind)
        return source, np.where(source < 0, np.where(spare < 0.5, BOOK_CHAPTER, ARTICLE), kind)


_LIFE = [number for number, subject in enumerate(SUBJECTS) if subject.root in (86803240, 71924100)]
_LOCAL = {"CN": 1, "DE": 2, "AT": 2, "FR": 3, "JP": 4, "ES": 5, "MX": 5}


def _languages(country: IntArray, rng: np.random.Generator) -> IntArray:
    """English, now and then the language of the lead's country, or unknown."""
    local = np.zeros(len(INDEX), dtype=np.int8)
    for code, language in _LOCAL.items():
        local[INDEX[code]] = language
    chance = rng.random(len(country))
    chosen: IntArray = np.where(chance < 0.1, local[country], 0)
    chosen[chance > 0.98] = len(LANGUAGES) - 1
    return chosen


def _days(year: int, rng: np.random.Generator, n: int) -> IntArray:
    """Dates of publication as days since 1970; one in five is known to the year only: January the first."""
    start = int(np.datetime64(f"{year}-01-01", "D").astype(np.int64))
    day = rng.integers(0, 365, n)
    day[rng.random(n) < 0.2] = 0
    return start + day
