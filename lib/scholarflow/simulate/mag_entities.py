"""Authors, affiliations, journals, conference series and fields of study as MAG writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scholarflow.simulate.geography import CODES
from scholarflow.simulate.names import display_names
from scholarflow.simulate.population import author_ids
from scholarflow.simulate.subjects import CONCEPTS
from scholarflow.simulate.truth import TruthFiles
from scholarflow.simulate.venues import SOURCES

if TYPE_CHECKING:
    from scholarflow.simulate.mag import MagDump

_CREATED = "2016-06-24"
_AUTHORS_AT_ONCE = 20_000


def write_entities(dump: MagDump, files: TruthFiles) -> None:
    """The tables that name things, and their truth."""
    _write_authors(dump, files)
    _write_affiliations(dump, files)
    _write_venues(dump, files)
    _write_fields(dump, files)


def _write_authors(dump: MagDump, files: TruthFiles) -> None:
    census, population, places = dump.census, dump.world.population, dump.world.places
    table = dump.table("mag/Authors.txt")
    everyone = np.flatnonzero(census.seen)
    for low in range(0, len(everyone), _AUTHORS_AT_ONCE):
        index = everyone[low : low + _AUTHORS_AT_ONCE]
        ids = author_ids(index).tolist()
        names = display_names(population.given[index], population.middle[index], population.family[index])
        last = places.ids[population.institution[index]].tolist()
        works = census.author_works[index].tolist()
        rows = zip(ids, names, last, works, strict=True)
        table.write(
            f"{number}\t20000\t{name.lower()}\t{name}\t{place}\t{n}\t{n}\t0\t{_CREATED}"
            for number, name, place, n in rows
        )
        files.add("authors", {"author_id": ids, "name": names})
    table.close()


def _write_affiliations(dump: MagDump, files: TruthFiles) -> None:
    places = dump.world.places
    table = dump.table("mag/Affiliations.txt", crlf=True)
    codes = [CODES[c] for c in places.country]
    rows = list(zip(places.ids.tolist(), places.names, codes, strict=True))
    table.write(
        f"{number}\t10000\t{name.lower()}\t{name}\tgrid.{number % 500_000}.{number % 10}\t\t\t"
        f"0\t0\t0\t{code}\t\t\t{_CREATED}"
        for number, name, code in rows
    )
    table.close()
    empty = [None] * len(rows)
    files.add(
        "institutions",
        {
            "institution_id": places.ids,
            "name": places.names,
            "country_code": codes,
            "ror_id": empty,
            "institution_type": empty,
        },
    )


def _write_venues(dump: MagDump, files: TruthFiles) -> None:
    journals, series = dump.table("mag/Journals.txt"), dump.table("mag/ConferenceSeries.txt")
    named = [source for source in SOURCES if source.kind in {"journal", "conference"}]
    for source in named:
        if source.kind == "journal":
            journals.write([f"{source.id}\t10000\t{source.name.lower()}\t{source.name}\t\t\t\t0\t0\t0\t{_CREATED}"])
        else:
            series.write([f"{source.id}\t10000\t{source.short}\t{source.name}\t0\t0\t0\t{_CREATED}"])
    journals.close()
    series.close()
    files.add(
        "sources",
        {
            "source_id": [source.id for source in named],
            "name": [source.name for source in named],
            "source_type": [source.kind for source in named],
        },
    )


def _write_fields(dump: MagDump, files: TruthFiles) -> None:
    table = dump.table("advanced/FieldsOfStudy.txt")
    table.write(f"{c.id}\t9000\t{c.name.lower()}\t{c.name}\t\t{c.level}\t0\t0\t0\t{_CREATED}" for c in CONCEPTS)
    table.close()
    files.add(
        "fields",
        {
            "scheme": ["concept"] * len(CONCEPTS),
            "field_id": [c.id for c in CONCEPTS],
            "name": [c.name for c in CONCEPTS],
            "level": [c.level for c in CONCEPTS],
        },
    )
