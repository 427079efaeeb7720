"""Pieces of OpenAlex records that never change, rendered once: places, sources, topics, abstracts."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from scholarflow.simulate.geography import CODES, COUNTRIES
from scholarflow.simulate.places import Places
from scholarflow.simulate.seeds import generator
from scholarflow.simulate.subjects import CONCEPTS, KEYWORD_SLUGS, KEYWORDS, SUBJECTS, TOPICS
from scholarflow.simulate.venues import SOURCES

URL = "https://openalex.org/"
SCORES = [repr(i / 10_000) for i in range(10_001)]
INSTITUTION_ALIAS = 900_000_000  # added to the index: the identifier an institution had before a merge
SOURCE_ALIAS = 700_000_000
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


def dump(value: object) -> str:
    """The value as compact JSON."""
    return orjson.dumps(value).decode()


def base32(number: int, length: int) -> str:
    """The last digits of a number, written as ROR identifiers write them."""
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits = _BASE32[digit] + digits
    return digits


def ror(number: int) -> str:
    """The ROR identifier of an institution."""
    return f"https://ror.org/0{base32(number * 2_654_435_761, 6)}{number % 89 + 10:02d}"


def institution(places: Places, i: int, *, alias: bool = False) -> dict[str, object]:
    """An institution as it stands in authorships."""
    number = INSTITUTION_ALIAS + i if alias else int(places.ids[i])
    return {
        "id": f"{URL}I{number}",
        "display_name": places.names[i],
        "ror": ror(int(places.ids[i])),
        "country_code": CODES[places.country[i]],
        "type": places.kinds[i],
        "lineage": [f"{URL}I{number}"],
    }


def raw_affiliation(places: Places, i: int, subject: int) -> str:
    """The affiliation as authors write it."""
    country = COUNTRIES[places.country[i]].name
    return f"Department of {SUBJECTS[subject].name}, {places.names[i]}, {places.cities[i]}, {country}"


def issn(number: int) -> str:
    """An ISSN-like text for a source."""
    return f"{number // 10_000 % 9000 + 1000:04d}-{number % 10_000:04d}"


def source(i: int, *, alias: bool = False) -> dict[str, object]:
    """A source as it stands in locations."""
    row = SOURCES[i]
    serial = issn(row.id) if row.kind == "journal" else None
    return {
        "id": f"{URL}S{SOURCE_ALIAS + i if alias else row.id}",
        "display_name": row.name,
        "issn_l": serial,
        "issn": [serial] if serial else None,
        "is_oa": row.kind == "repository",
        "is_in_doaj": False,
        "is_core": row.kind == "journal",
        "host_organization": f"{URL}P{4_310_320_000 + row.id % 7}",
        "host_organization_name": f"Publisher {row.id % 7 + 1}",
        "host_organization_lineage": [f"{URL}P{4_310_320_000 + row.id % 7}"],
        "host_organization_lineage_names": [f"Publisher {row.id % 7 + 1}"],
        "type": row.kind,
    }


def topic(i: int) -> dict[str, object]:
    """A topic with subfield, field and domain."""
    row = TOPICS[i]
    return {
        "id": f"{URL}T{row.id}",
        "display_name": row.name,
        "score": 0,
        "subfield": {"id": f"{URL}subfields/{row.subfield[0]}", "display_name": row.subfield[1]},
        "field": {"id": f"{URL}fields/{row.field[0]}", "display_name": row.field[1]},
        "domain": {"id": f"{URL}domains/{row.domain[0]}", "display_name": row.domain[1]},
    }


def _abstract(subject: int, number: int) -> dict[str, list[int]]:
    rng = generator("abstract", subject, number)
    words = [word for group in SUBJECTS[subject].communities for phrase in group for word in phrase.split()]
    common = [
        "the",
        "of",
        "we",
        "a",
        "and",
        "results",
        "method",
        "show",
        "that",
        "proposed",
        "for",
        "in",
        "data",
    ]
    text = [common[int(c)] if s < 0.55 else words[int(w)] for s, c, w in zip(
        rng.random(110), rng.integers(0, len(common), 110), rng.integers(0, len(words), 110), strict=True
    )]  # fmt: skip
    index: dict[str, list[int]] = {}
    for at, word in enumerate(text):
        index.setdefault(word, []).append(at)
    return index


ABSTRACTS_PER_SUBJECT = 12


@dataclass(frozen=True)
class Fragments:
    """Rendered pieces; lists ending in `_before` go in front of a score. Aliases follow the plain ones."""

    institutions: list[str]
    countries: list[str]
    sources: list[str]
    topics_before: list[str]
    topics_after: list[str]
    concepts_before: list[str]
    keywords_before: list[str]
    abstracts: list[list[str]]


def render_fragments(places: Places, *, abstract_as_text: bool) -> Fragments:
    """All pieces for a world; in Parquet the abstract is a text that holds JSON."""
    topics = [dump(topic(i)).split('"score":0,') for i in range(len(TOPICS))]
    concepts = [
        {"id": f"{URL}C{c.id}", "wikidata": f"https://www.wikidata.org/wiki/Q{c.id % 9_999_991}",
         "display_name": c.name, "level": c.level}
        for c in CONCEPTS
    ]  # fmt: skip
    keywords = [
        {"id": f"{URL}keywords/{slug}", "display_name": word.capitalize()}
        for slug, word in zip(KEYWORD_SLUGS, KEYWORDS, strict=True)
    ]
    abstracts = [[dump(_abstract(s, k)) for k in range(ABSTRACTS_PER_SUBJECT)] for s in range(len(SUBJECTS))]
    n, m = len(places.ids), len(SOURCES)
    return Fragments(
        institutions=[dump(institution(places, i % n, alias=i >= n)) for i in range(2 * n)],
        countries=[f'"{code}"' for code in CODES],
        sources=[dump(source(i % m, alias=i >= m)) for i in range(2 * m)],
        topics_before=[head + '"score":' for head, _ in topics],
        topics_after=["," + tail for _, tail in topics],
        concepts_before=[dump(c)[:-1] + ',"score":' for c in concepts],
        keywords_before=[dump(k)[:-1] + ',"score":' for k in keywords],
        abstracts=[[dump(a) for a in row] for row in abstracts] if abstract_as_text else abstracts,
    )
