"""Authors, institutions, sources, concepts and topics as OpenAlex writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scholarflow.simulate.files import Part
from scholarflow.simulate.geography import CODES, COUNTRIES
from scholarflow.simulate.names import display_names
from scholarflow.simulate.openalex_authorships import AUTHOR_ALIAS, merged_places
from scholarflow.simulate.openalex_fragments import (
    URL,
    dump,
    institution,
    ror,
    source,
    topic,
)
from scholarflow.simulate.population import author_ids
from scholarflow.simulate.seeds import BoolArray, IntArray, uniform
from scholarflow.simulate.subjects import CONCEPTS, TOPICS
from scholarflow.simulate.truth import TruthFiles
from scholarflow.simulate.venues import SOURCES

if TYPE_CHECKING:
    from scholarflow.simulate.openalex import OpenAlexSnapshot

_AUTHORS_AT_ONCE = 20_000


def write_entities(snapshot: OpenAlexSnapshot, files: TruthFiles) -> dict[str, list[Part]]:
    """Write all entities but works; returns the finished parts of each."""
    finished = {"authors": _write_authors(snapshot, files)}
    small = {
        "institutions": _institutions(snapshot),
        "sources": _sources(snapshot),
        "concepts": _concepts(),
        "topics": _topics(),
    }
    date = snapshot.edition.dates[0]
    for entity, records in small.items():
        with snapshot.parts(entity) as parts:
            for record, outcome in records:
                stamped = {
                    **record,
                    "updated_date": f"{date}T03:00:00.000000",
                    "created_date": "2016-06-24T00:00:00.000000",
                }
                parts.write(date, dump(stamped).encode(), outcome)
        finished[entity] = parts.finished
    _add_truth(snapshot, files)
    return finished


def _write_authors(snapshot: OpenAlexSnapshot, files: TruthFiles) -> list[Part]:
    census, edition, population = snapshot.census, snapshot.edition, snapshot.world.population
    everyone = np.flatnonzero(census.seen)
    with snapshot.parts("authors") as parts:
        for low in range(0, len(everyone), _AUTHORS_AT_ONCE):
            index = everyone[low : low + _AUTHORS_AT_ONCE]
            new = census.author_works[index] == 0
            partition = edition.author_partition(index, new).tolist()
            updated = edition.updated(index, np.array(partition))
            # Those who came with the second release stand where they are now.
            place = np.where(new, population.institution[index], census.last_place[index]).tolist()
            ids = author_ids(index).tolist()
            alias = merged_authors(snapshot, index).tolist()
            names = display_names(population.given[index], population.middle[index], population.family[index])
            works = census.author_works[index].tolist()
            for row, number in enumerate(ids):
                record = _author(snapshot, number, names[row], place[row], works[row], updated[row])
                parts.write(edition.dates[partition[row]], record, "kept")
                if alias[row] and partition[row] == 0:
                    old = _author(snapshot, AUTHOR_ALIAS + int(index[row]), names[row], place[row], 0, updated[row])
                    parts.write(edition.dates[0], old, "merged")
            files.add("authors", {"author_id": ids, "name": names})
    return parts.finished


def merged_authors(snapshot: OpenAlexSnapshot, index: IntArray) -> BoolArray:
    """Which authors had another identifier that was merged into theirs (legacy layout)."""
    return (uniform(index, "merged author") < 0.02) & (snapshot.edition.layout == "legacy")


def _author(snapshot: OpenAlexSnapshot, number: int, name: str, place: int, works: int, updated: str) -> bytes:
    where = dump(institution(snapshot.world.places, place))
    identity = f"{URL}A{number}"
    return (
        f'{{"id":"{identity}","display_name":"{name}","display_name_alternatives":["{name}"],"raw_author_names":["{name}"],'
        f'"full_name":"{name}","orcid":null,"works_count":{works},"cited_by_count":0,"summary_stats":{{"2yr_mean_citedness":0.0,'
        f'"h_index":0,"i10_index":0}},"ids":{{"openalex":"{identity}"}},"affiliations":[],"last_known_institutions":[{where}],'
        f'"topics":[],"topic_share":[],"x_concepts":[],"sources":[],"counts_by_year":[],'
        f'"works_api_url":"https://api.openalex.org/works?filter=author.id:A{number}","updated_date":"{updated}",'
        f'"created_date":"2023-07-21T00:00:00.000000"}}'
    ).encode()


Records = list[tuple[dict[str, object], str]]


def _institutions(snapshot: OpenAlexSnapshot) -> Records:
    places, legacy = snapshot.world.places, snapshot.edition.layout == "legacy"
    merged = merged_places(np.arange(len(places.ids))) & legacy
    rows: Records = []
    for i in range(len(places.ids)):
        country = COUNTRIES[places.country[i]]
        geo = {"city": places.cities[i], "country": country.name, "country_code": country.code}
        extra: dict[str, object] = {
            "homepage_url": None,
            "works_count": 0,
            "cited_by_count": 0,
            "geo": geo,
            "display_name_alternatives": [],
        }
        rows.append(({**institution(places, i), **extra}, "kept"))
        if merged[i]:
            rows.append(({**institution(places, i, alias=True), **extra}, "merged"))
    return rows


def _sources(snapshot: OpenAlexSnapshot) -> Records:
    legacy = snapshot.edition.layout == "legacy"
    merged = (uniform(np.arange(len(SOURCES)), "merged source") < 0.15) & legacy
    rows: Records = []
    for i, row in enumerate(SOURCES):
        extra = {
            "abbreviated_title": row.short,
            "alternate_titles": list(row.aliases),
            "works_count": 0,
            "country_code": None,
        }
        rows.append(({**source(i), **extra}, "kept"))
        if merged[i]:
            rows.append(({**source(i, alias=True), **extra}, "merged"))
    return rows


def _concepts() -> Records:
    rows: Records = []
    for c in CONCEPTS:
        identity = f"{URL}C{c.id}"
        record: dict[str, object] = {"id": identity, "display_name": c.name, "level": c.level}
        record["ids"] = {"openalex": identity, "mag": c.id}
        record["wikidata"] = f"https://www.wikidata.org/wiki/Q{c.id % 9_999_991}"
        rows.append(({**record, "works_count": 0}, "kept"))
    return rows


def _topics() -> Records:
    rows: Records = []
    for i in range(len(TOPICS)):
        record = {key: value for key, value in topic(i).items() if key != "score"}
        rows.append(({**record, "description": None, "keywords": [], "works_count": 0}, "kept"))
    return rows


def _add_truth(snapshot: OpenAlexSnapshot, files: TruthFiles) -> None:
    places = snapshot.world.places
    files.add(
        "institutions",
        {
            "institution_id": places.ids,
            "name": places.names,
            "country_code": [CODES[c] for c in places.country],
            "ror_id": [ror(int(number)) for number in places.ids],
            "institution_type": places.kinds,
        },
    )
    files.add(
        "sources",
        {
            "source_id": [s.id for s in SOURCES],
            "name": [s.name for s in SOURCES],
            "source_type": [s.kind for s in SOURCES],
        },
    )
    rows: list[tuple[str, int, str, int | None]] = [("concept", c.id, c.name, c.level) for c in CONCEPTS]
    rows += [("topic", t.id, t.name, None) for t in TOPICS]
    for scheme in ("subfield", "field", "domain"):
        rows += [(scheme, number, name, None) for number, name in sorted({getattr(t, scheme) for t in TOPICS})]
    files.add("fields", dict(zip(("scheme", "field_id", "name", "level"), zip(*rows, strict=True), strict=True)))
