"""The lists that ride in a work's row, of many works at once: authorships, references, fields.

What is done per author or classification is done some million times per million works: ids seen before are looked up,
everything else is numpy's and Arrow's, a column at a time.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scholarflow.ingest.canonical import MAX_LISTED_AUTHORS, NULL_AUTHOR
from scholarflow.ingest.openalex_shapes import Authorship, Scored, Work, WorkTopic
from scholarflow.ingest.openalex_values import country, entity_number, entity_numbers, keyword_number, plain_number

#: An institution, by number, and a country; either may be null.
Place = tuple[int | None, str | None]


_K = TypeVar("_K")
_V = TypeVar("_V")


class Known(dict[_K, _V]):
    """A function's values by its argument, each computed once; for arguments that recur."""

    _MOST = 1_000_000

    def __init__(self, value_of: Callable[[_K], _V]) -> None:
        self._value_of = value_of

    def __missing__(self, key: _K) -> _V:
        if len(self) >= self._MOST:
            self.clear()
        value = self[key] = self._value_of(key)
        return value


_NUMBERS = Known(entity_number)
_PLAIN_NUMBERS = Known(plain_number)
_COUNTRIES = Known(country)
_KEYWORDS = Known(keyword_number)


def reference_lists(works: Sequence[Work], type_: Any) -> Any:
    """The numbers of the works cited, as listed."""
    listed = [w.referenced_works or () for w in works]
    numbers = entity_numbers(list(chain.from_iterable(listed)))
    offsets = _starts([len(values) for values in listed])
    if numbers.null_count:  # what is no id of a work is left out
        known = _starts(numbers.is_valid().to_numpy(zero_copy_only=False))
        numbers, offsets = numbers.drop_null(), known[offsets]
    return _lists(offsets, numbers, type_)


def authorship_columns(works: Sequence[Work], schema: pa.Schema) -> dict[str, Any]:
    """`authorships`, and the sets of a work's row: countries of all, first, last and corresponding authors, authors.

    A struct per author and institution; of an author without any, one per country, or one with nulls. A country that no
    institution of the author accounts for has a struct of its own, without institution.
    """
    listed = [w.authorships or () for w in works]
    signed: list[Authorship] = list(chain.from_iterable(listed))
    institutions, codes, n_places = _places_of_all(signed)
    of_place = np.repeat(np.arange(len(signed)), n_places)
    of_work = _of_work(listed)[of_place]
    starts = _starts([len(values) for values in listed])
    positions = of_place + 1 - starts[:-1][of_work]
    n_listed = np.diff(starts)
    is_cut = np.array([bool(w.authorships_truncated or w.is_authors_truncated) for w in works], bool)
    is_cut = (is_cut | (n_listed == MAX_LISTED_AUTHORS))[of_work]
    is_first, is_last = positions == 1, positions == n_listed[of_work]
    is_corresponding = pa.array([a.is_corresponding for a in signed], pa.bool_()).take(of_place)
    authors = entity_numbers([a.author.id if a.author else None for a in signed])
    authors = pc.if_else(pc.equal(authors, pa.scalar(NULL_AUTHOR)), None, authors)
    countries = pa.array(codes, pa.string())
    columns = [
        pa.array(positions, pa.int32()),
        authors.take(of_place),
        pa.array(institutions, pa.int64()),
        countries,
        pa.array(is_first),
        pa.array(is_last, mask=is_cut),
        is_corresponding,
    ]
    of_authors = {
        "countries": np.ones(len(of_place), bool),
        "first_countries": is_first,
        "last_countries": is_last & ~is_cut,
        "corresponding_countries": is_corresponding.fill_null(False).to_numpy(zero_copy_only=False),
    }
    offsets = _starts(n_places)[starts]
    sets = _Sets(of_work, len(works))
    names = pa.array(sorted({code for code in codes if code}), pa.string())
    country = pc.index_in(countries, names).fill_null(-1).to_numpy()
    author_ids, author = np.unique(columns[1].fill_null(0).to_numpy(), return_inverse=True)
    is_known = columns[1].is_valid().to_numpy(zero_copy_only=False)
    has_country = country >= 0
    n_names = max(len(names), 1)
    pair_offsets, pairs = sets.of(author * n_names + country, is_known & has_country)
    id_offsets, ids = sets.of(author, is_known)
    pair_columns = [pa.array(author_ids[pairs // n_names]), names.take(pairs % n_names)]
    country_sets = {name: sets.of(country, which & has_country) for name, which in of_authors.items()}
    return {
        "authorships": _lists_of_structs(offsets, columns, schema.field("authorships").type),
        "author_ids": _lists(id_offsets, pa.array(author_ids[ids]), schema.field("author_ids").type),
        "author_countries": _lists_of_structs(pair_offsets, pair_columns, schema.field("author_countries").type),
    } | {name: _lists(at, names.take(chosen), schema.field(name).type) for name, (at, chosen) in country_sets.items()}


class _Sets:
    """Sets of values, one a work, of rows that each belong to a work."""

    def __init__(self, of_work: Any, n_works: int) -> None:
        self.of_work, self.n_works = of_work, n_works

    def of(self, values: Any, which: Any) -> tuple[Any, Any]:
        """Offsets by work and the distinct values, ascending, of some rows; values are whole numbers from 0."""
        span = int(values.max(initial=0)) + 1
        found = np.unique(self.of_work[which] * span + values[which])
        return _starts(np.bincount(found // span, minlength=self.n_works)), found % span


def _places_of_all(signed: Sequence[Authorship]) -> tuple[list[int | None], list[str | None], list[int]]:
    """Institutions and countries of all authors, and how many each author has; nearly all have one or none."""
    institutions: list[int | None] = []
    countries: list[str | None] = []
    n_places: list[int] = []
    for authorship in signed:
        named, listed = authorship.institutions, authorship.countries
        number: int | None = None
        code: str | None = None
        if named and len(named) == 1 and named[0] is not None:
            number, code = _NUMBERS[named[0].id], _COUNTRIES[named[0].country_code]
        is_alone = number is not None and (not listed or (len(listed) == 1 and _COUNTRIES[listed[0]] in (code, None)))
        if is_alone or not (named or listed):
            institutions.append(number)
            countries.append(code)
            n_places.append(1)
        else:
            places = _places(authorship)
            institutions += [institution for institution, _ in places]
            countries += [country for _, country in places]
            n_places.append(len(places))
    return institutions, countries, n_places


def _places(authorship: Authorship) -> list[Place]:
    """The distinct places of an author; one with nulls where none is known."""
    places: dict[Place, None] = {}
    known: set[str | None] = set()
    for institution in authorship.institutions or ():
        if institution is not None and (number := _NUMBERS[institution.id]) is not None:
            code = _COUNTRIES[institution.country_code]
            places[number, code] = None
            known.add(code)
    for listed in authorship.countries or ():
        code = _COUNTRIES[listed]
        if code is not None and code not in known:
            places[None, code] = None
    return list(places) or [(None, None)]


#: The schemes of a work's fields in their order, and what stands for each in sort keys.
SCHEMES = ("concept", "domain", "field", "keyword", "subfield", "topic")
_CONCEPT, _DOMAIN, _FIELD, _KEYWORD, _SUBFIELD, _TOPIC = range(len(SCHEMES))


def field_lists(works: Sequence[Work], type_: Any) -> Any:
    """(scheme, field_id, score, field_key), each id once with its highest score, in the order of scheme and id."""
    listed_concepts = [w.concepts or () for w in works]
    listed_keywords = [[k for k in w.keywords or () if k.id] for w in works]
    listed_topics = [w.topics or ([w.primary_topic] if w.primary_topic else ()) for w in works]
    concepts = list(chain.from_iterable(listed_concepts))
    keywords = list(chain.from_iterable(listed_keywords))
    topics: list[WorkTopic] = list(chain.from_iterable(listed_topics))
    slugs = [k.id[k.id.rfind("/") + 1 :] for k in keywords]  # type: ignore[union-attr,index]
    topic_of, topic_scores = _of_work(listed_topics), _scores(topics)
    parts = [
        _Part(_CONCEPT, _of_work(listed_concepts), [_NUMBERS[c.id] for c in concepts], _scores(concepts)),
        _Part(_KEYWORD, _of_work(listed_keywords), [_KEYWORDS[slug] for slug in slugs], _scores(keywords)),
        _Part(_TOPIC, topic_of, [_NUMBERS[t.id] for t in topics], topic_scores),
        *(
            _Part(scheme, topic_of, [_PLAIN_NUMBERS[above.id] if above else None for above in named], topic_scores)
            for scheme, named in (
                (_SUBFIELD, [t.subfield for t in topics]),
                (_FIELD, [t.field for t in topics]),
                (_DOMAIN, [t.domain for t in topics]),
            )
        ),
    ]
    at = np.concatenate([part.at for part in parts])  # the work and the scheme, in one number
    ids = np.concatenate([part.ids for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    kept = _highest_of_each(at, ids, scores, np.concatenate([part.is_known for part in parts]))
    first_slug = len(parts[0].ids)
    slug_at = np.where((kept >= first_slug) & (kept < first_slug + len(slugs)), kept - first_slug, -1)
    schemes = pa.array(SCHEMES).take(at[kept] % len(SCHEMES))
    slug_places: Any = pa.array(slug_at, mask=slug_at < 0)
    keys = pa.array(slugs, pa.string()).take(slug_places)
    kept_scores = pa.array(scores[kept], mask=np.isnan(scores[kept]))
    offsets = _starts(np.bincount(at[kept] // len(SCHEMES), minlength=len(works)))
    return _lists_of_structs(offsets, [schemes, pa.array(ids[kept]), kept_scores, keys], type_)


class _Part:
    """The classifications of all works in one scheme, a row each, those without a number included."""

    def __init__(self, scheme: int, of_work: Any, numbers: Sequence[int | None], scores: Any) -> None:
        known = pa.array(numbers, pa.int64())
        self.at = of_work * len(SCHEMES) + scheme
        self.is_known = known.is_valid().to_numpy(zero_copy_only=False)
        self.ids = known.fill_null(0).to_numpy()
        self.scores = scores


def _scores(classified: Sequence[Scored]) -> Any:
    """Scores, NaN where there is none."""
    return pa.array([field.score for field in classified], pa.float64()).fill_null(np.nan).to_numpy()


def _of_work(listed: Sequence[Sequence[Any]]) -> Any:
    """The place of the work of each element."""
    return np.repeat(np.arange(len(listed)), [len(values) for values in listed])


def _highest_of_each(at: Any, ids: Any, scores: Any, is_known: Any) -> Any:
    """Where the highest score of each (at, id) stands, the first of equals; a missing score is the lowest."""
    order = np.lexsort((-scores, ids, at))  # NaN comes last; equals keep their order
    order = order[is_known[order]]
    repeats = np.zeros(len(order), bool)
    repeats[1:] = (at[order][1:] == at[order][:-1]) & (ids[order][1:] == ids[order][:-1])
    return order[~repeats]


def _starts(sizes: Any) -> Any:
    """Where each of some parts of these sizes starts, and where the last ends."""
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))


def _lists(offsets: Any, values: Any, type_: Any) -> Any:
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values, type=type_)


def _lists_of_structs(offsets: Any, columns: Sequence[Any], type_: Any) -> Any:
    fields = [type_.value_type.field(i) for i in range(type_.value_type.num_fields)]
    structs = pa.StructArray.from_arrays(list(columns), fields=fields)
    return _lists(offsets, structs, type_)
