"""Author lists as OpenAlex writes them, with the identifiers that merges left behind in the legacy layout."""

from __future__ import annotations

import itertools

import numpy as np

from scholarflow.simulate.batch import Authorships, Batch
from scholarflow.simulate.names import display_names
from scholarflow.simulate.openalex_fragments import URL, Fragments, dump, raw_affiliation
from scholarflow.simulate.population import author_ids
from scholarflow.simulate.seeds import BoolArray, IntArray, uniform
from scholarflow.simulate.world import World

NULL_AUTHOR = 9_999_999_999
AUTHOR_ALIAS = 6_000_000_000  # added to the index: the identifier an author had before a merge
_UNMATCHED = dump(
    {
        "id": f"{URL}I-1",
        "display_name": None,
        "ror": None,
        "country_code": None,
        "type": None,
        "lineage": [],
    }
)


class AuthorshipWriter:
    """Renders the author lists of one batch at a time; `lists` then has one piece of a record per work."""

    def __init__(self, world: World, fragments: Fragments, *, legacy: bool) -> None:
        self._world, self._fragments, self._legacy = world, fragments, legacy
        self._rendered: dict[tuple[int, int], tuple[str, str]] = {}
        self.lists: list[str] = []

    def load(self, batch: Batch) -> None:
        """Render the author lists of the batch."""
        signed, owner = batch.authorships, batch.authorships.owner
        number = self._numbers(batch)
        entries = self._entries(batch, number)
        corresponding = np.flatnonzero(signed.corresponding & (number > 0))
        urls = [f'"{URL}A{n}"' for n in number[corresponding].tolist()]
        ends = np.searchsorted(owner[corresponding], np.arange(len(batch) + 1))
        counts = self._distinct(batch)
        self.lists = [
            f'"authorships":[{",".join(people)}],"authors_count":{len(people)},'
            f'"corresponding_author_ids":[{",".join(writers)}],"corresponding_institution_ids":[],'
            f'"countries_distinct_count":{n_countries},"institutions_distinct_count":{n_places}'
            for people, writers, n_countries, n_places in zip(
                slices(entries, signed.offsets), slices(urls, ends), *counts, strict=True
            )
        ]

    def _numbers(self, batch: Batch) -> IntArray:
        """The author identifiers as written: 0 for none, now and then one that was merged since."""
        signed = batch.authorships
        entry = signed.author + batch.index[signed.owner]
        aliased = (uniform(signed.author, "merged author") < 0.02) & (uniform(entry, "alias") < 0.5)
        number = np.where(aliased & self._legacy, signed.author + AUTHOR_ALIAS, author_ids(signed.author))
        number = np.where(signed.null_kind == 2, NULL_AUTHOR, number)
        return np.where(signed.null_kind == 1, 0, number)

    def _distinct(self, batch: Batch) -> tuple[list[int], list[int]]:
        """How many countries and how many institutions each work lists."""
        signed, owner = batch.authorships, batch.authorships.owner
        country = np.append(self._world.places.country, -1)
        counts = []
        for values in (country, np.append(np.arange(len(country) - 1), -1)):
            keys = np.concatenate([owner * len(country) + values[p] for p in (signed.first, signed.second)])
            known = np.concatenate([signed.first >= 0, signed.second >= 0])
            works = np.unique(keys[known]) // len(country)
            counts.append(np.bincount(works, minlength=len(batch)).tolist())
        return counts[0], counts[1]

    def _entries(self, batch: Batch, number: IntArray) -> list[str]:
        signed, owner, people = batch.authorships, batch.authorships.owner, self._world.population
        filed, writer = signed.author, signed.true_author
        names = display_names(people.given[filed], people.middle[filed], people.family[filed])
        raw_names = display_names(people.given[writer], people.middle[writer], people.family[writer])
        orcid = (uniform(filed, "orcid") < 0.4).tolist()
        last = (signed.position == signed.counts[owner]).tolist()
        rows = zip(number.tolist(), names, raw_names, orcid, signed.position.tolist(), last,
                   signed.corresponding.tolist(), self._affiliations(batch), strict=True)  # fmt: skip
        entries = []
        for author, name, raw_name, known, position, is_last, corresponding, (listed, strings) in rows:
            place = "first" if position == 1 else "last" if is_last else "middle"
            identity = f'"{URL}A{author}"' if author else "null"
            profile = f'"https://orcid.org/0000-0002-{author % 10_000:04d}-{author // 7 % 10_000:04d}"'
            entries.append(
                f'{{"author_position":"{place}","author":{{"id":{identity},"display_name":"{name}",'
                f'"orcid":{profile if known else "null"}}},{listed},'
                f'"is_corresponding":{"true" if corresponding else "false"},'
                f'"raw_author_name":"{raw_name}",{strings}'
            )
        return entries

    def _affiliations(self, batch: Batch) -> list[tuple[str, str]]:
        """Institutions with countries of each entry, and the end of the entry with the raw affiliations."""
        signed, owner = batch.authorships, batch.authorships.owner
        first, second = self._written_places(batch, signed)
        country = np.append(self._world.places.country, -1)
        listed = signed.first >= 0
        here = np.where(listed, country[signed.first], signed.country_1).tolist()
        there = np.where(listed, country[signed.second], signed.country_2).tolist()
        codes = self._fragments.countries
        rows = zip(first.tolist(), second.tolist(), batch.subject[owner].tolist(), here, there,
                   signed.unmatched.tolist(), strict=True)  # fmt: skip
        pieces = []
        for place, other, subject, land, second_land, unmatched in rows:
            institutions, strings = self._place(place, subject)
            if other >= 0:
                institutions = f"{institutions},{self._place(other, subject)[0]}"
            if unmatched:
                institutions = f"{institutions},{_UNMATCHED}" if institutions else _UNMATCHED
            countries = codes[land] if land >= 0 else ""
            if second_land >= 0 and second_land != land:
                countries = ",".join(sorted((countries, codes[second_land])))
            pieces.append((f'"institutions":[{institutions}],"countries":[{countries}]', strings))
        return pieces

    def _written_places(self, batch: Batch, signed: Authorships) -> tuple[IntArray, IntArray]:
        """The institutions as written: beyond the last one stand the identifiers that were merged since."""
        entry = signed.author + batch.index[signed.owner]
        moved = (uniform(entry, "institution alias") < 0.5) & self._legacy
        n = len(self._world.places.ids)
        first, second = (
            np.where(moved & (place >= 0) & merged_places(place), place + n, place)
            for place in (signed.first, signed.second)
        )
        return first, second

    def _place(self, place: int, subject: int) -> tuple[str, str]:
        found = self._rendered.get((place, subject))
        if found is None:
            found = self._rendered[place, subject] = self._render_place(place, subject)
        return found

    def _render_place(self, place: int, subject: int) -> tuple[str, str]:
        if place < 0:
            return "", '"raw_affiliation_strings":[],"raw_orcid":null,"affiliations":[]}'
        places = self._world.places
        raw = dump(raw_affiliation(places, place % len(places.ids), subject))
        institution = self._fragments.institutions[place]
        number = institution.split('"', 4)[3]
        strings = (
            f'"raw_affiliation_strings":[{raw}],"raw_orcid":null,'
            f'"affiliations":[{{"raw_affiliation_string":{raw},"institution_ids":["{number}"]}}]}}'
        )
        return institution, strings


def merged_places(place: IntArray) -> BoolArray:
    """Which institutions have an identifier that was merged into theirs."""
    merged: BoolArray = uniform(place, "merged institution") < 0.05
    return merged


def slices(texts: list[str], offsets: IntArray) -> list[list[str]]:
    """The texts of each list."""
    return [texts[a:b] for a, b in itertools.pairwise(offsets.tolist())]
