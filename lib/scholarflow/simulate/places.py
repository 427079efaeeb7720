"""Institutions of the simulated world: sizes by Zipf's law within a country, and a quality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scholarflow.simulate.geography import COUNTRIES
from scholarflow.simulate.seeds import FloatArray, IntArray, generator

_TEMPLATES = (
    ("University of {}", "education"),
    ("{} Institute of Technology", "education"),
    ("{} State University", "education"),
    ("{} Research Laboratory", "facility"),
    ("Technical University of {}", "education"),
    ("{} Medical Center", "healthcare"),
    ("{} Academy of Sciences", "government"),
    ("{} Systems", "company"),
    ("{} Normal University", "education"),
    ("{} Polytechnic", "education"),
    ("Royal {} College", "education"),
    ("{} Center for Advanced Study", "nonprofit"),
)


@dataclass(frozen=True)
class Places:
    """All institutions by country: those of country c are first[c] … first[c + 1] − 1, largest first."""

    ids: IntArray
    names: list[str]
    kinds: list[str]
    cities: list[str]
    country: IntArray
    first: IntArray
    size: FloatArray
    quality: FloatArray

    def draw(self, country: IntArray, rng: np.random.Generator) -> IntArray:
        """An institution in each of the given countries, by size."""
        return draw_in_blocks(self.cumulated, self.first[country], self.first[country + 1], rng)

    @property
    def cumulated(self) -> FloatArray:
        """Running sum of the sizes, with a leading zero."""
        return np.concatenate(([0.0], np.cumsum(self.size)))


def draw_in_blocks(cumulated: FloatArray, start: IntArray, end: IntArray, rng: np.random.Generator) -> IntArray:
    """An index in each block [start, end) of a weighted list, by weight; −1 for an empty block."""
    low, high = cumulated[start], cumulated[end]
    at = np.searchsorted(cumulated, low + rng.random(len(start)) * (high - low), side="right") - 1
    drawn: IntArray = np.where(high > low, np.clip(at, start, np.maximum(end - 1, start)), -1)
    return drawn


def build_places(seed: int, works: int, quality_sd: float) -> Places:
    """The institutions of a world of that many works: up to 400 in the largest country."""
    rng = generator(seed, "places")
    names: list[str] = []
    kinds: list[str] = []
    cities: list[str] = []
    first = [0]
    heaviest = max(c.early + c.late for c in COUNTRIES)
    for country in COUNTRIES:
        share = (country.early + country.late) / heaviest
        count = max(2, round(min(400.0, 1.5 * works**0.42) * share))
        for rank in range(count):
            city = country.cities[rank % len(country.cities)]
            template, kind = _TEMPLATES[(rank // len(country.cities)) % len(_TEMPLATES)]
            campus = rank // (len(country.cities) * len(_TEMPLATES))
            names.append(template.format(city) + (f", Campus {campus + 1}" if campus else ""))
            kinds.append(kind)
            cities.append(city)
        first.append(len(names))
    bounds = np.array(first)
    country_of = np.repeat(np.arange(len(COUNTRIES)), np.diff(bounds))
    rank_of = np.arange(len(names)) - bounds[country_of]
    size = 1.0 / (rank_of + 1.0) ** 0.9
    quality = np.exp(rng.normal(0.0, quality_sd, len(names)) - 0.05 * np.minimum(rank_of, 20))
    ids = (np.arange(len(names), dtype=np.int64) * 48_271 + 11) % 199_999_991 + 1_000_003
    return Places(ids, names, kinds, cities, country_of, bounds, size, quality)
