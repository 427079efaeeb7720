"""Works as OpenAlex writes them: one JSON text per record, fields in the order of the real writer."""

from __future__ import annotations

import numpy as np

from scholarflow.simulate.batch import LANGUAGES, Batch, Labels, work_ids
from scholarflow.simulate.census import FIRST_COUNTED, Census
from scholarflow.simulate.fates import BAD_YEARS, NO_ID, PARATEXT_FLAG, PARATEXT_TYPE, XPAC, Edition
from scholarflow.simulate.openalex_authorships import AuthorshipWriter, slices
from scholarflow.simulate.openalex_fragments import (
    ABSTRACTS_PER_SUBJECT,
    SCORES,
    URL,
    Fragments,
    dump,
)
from scholarflow.simulate.seeds import hashed, uniform
from scholarflow.simulate.venues import ARXIV, SOURCE_KIND
from scholarflow.simulate.world import World

WORK_TYPES = {
    "2026": ("article", "conference-paper", "preprint", "book-chapter", "review"),
    "legacy": ("article", "article", "preprint", "book-chapter", "review"),
}
_CROSSREF_TYPES = (
    "journal-article",
    "proceedings-article",
    "posted-content",
    "book-chapter",
    "journal-article",
)
# A field that no reader knows yet.
NEW_FIELD = '"novelty_signals":{"value":0.5,"model":"v1"},'
_LANGUAGE_TEXTS = [dump(language) for language in LANGUAGES]


class WorkWriter:
    """Renders the works of one batch at a time."""

    def __init__(self, world: World, census: Census, fragments: Fragments, edition: Edition) -> None:
        self._world, self._census, self._fragments = world, census, fragments
        self._layout, self._dirty = edition.layout, edition.dirty
        layout = edition.layout
        self._types = WORK_TYPES[layout]
        self._signed = AuthorshipWriter(world, fragments, legacy=layout == "legacy")

    def load(self, batch: Batch, titles: list[str]) -> None:
        """Take up a batch: from here on `record` speaks of its rows."""
        legacy = self._layout == "legacy"
        index = batch.index
        self._titles = titles
        self._ids = work_ids(index).tolist()
        self._year = batch.year
        self._dates = batch.day.astype("datetime64[D]").astype(str).tolist()
        self._created = (batch.day + 40).astype("datetime64[D]").astype(str).tolist()
        self._subject, self._kind = batch.subject.tolist(), batch.kind.tolist()
        self._language = batch.language.tolist()
        self._retracted, self._listed = batch.retracted.tolist(), batch.topics_listed.tolist()
        self._truncated = batch.truncated.tolist()
        renamed = (uniform(index, "source alias") < 0.5) & legacy
        aliased = renamed & (uniform(batch.source, "merged source") < 0.15) & (batch.source >= 0)
        self._source = np.where(aliased, batch.source + len(SOURCE_KIND), batch.source).tolist()
        self._draws = (hashed(index, "details") >> np.uint64(20)).tolist()
        self._concepts = self._labels(batch.concepts, self._fragments.concepts_before, None)
        self._topics = self._labels(batch.topics, self._fragments.topics_before, self._fragments.topics_after)
        self._keywords = self._labels(batch.keywords, self._fragments.keywords_before, None)
        cited = [f'"{URL}W{number}"' for number in work_ids(batch.references.cited).tolist()]
        self._references = slices(cited, batch.references.offsets)
        self._cited_by = self._census.cited_by[np.minimum(index, len(self._census.cited_by) - 1)].tolist()
        self._cited_before = self._census.cited_before[np.minimum(index, len(self._census.cited_before) - 1)].tolist()
        self._signed.load(batch)

    def title(self, row: int) -> str:
        """The current title of a work."""
        return self._titles[row]

    def record(self, row: int, updated: str, fate: int, title: str | None = None) -> str:
        """One record; the fate breaks or flags it, the title replaces the current one."""
        name = dump(self._titles[row] if title is None else title)
        new = NEW_FIELD if self._dirty and self._draws[row] % 2 else ""
        return (
            f"{{{self._heading(row, fate, name)},{self._signed.lists[row]},{self._about(row)},"
            f"{self._locations(row, self._ids[row])},{self._flags(row, fate)},{self._citations(row)},"
            f'{self._only_in_layout(row, fate)}"has_fulltext":false,{new}'
            f'"created_date":"{self._created[row]}T00:00:00.000000","updated_date":"{updated}"}}'
        )

    def _heading(self, row: int, fate: int, name: str) -> str:
        number, draw = self._ids[row], self._draws[row]
        identity = "null" if fate == NO_ID else f'"{URL}W{number}"'
        doi = f'"https://doi.org/10.{1000 + draw % 9000}/sf.{number}"' if draw % 10 else "null"
        mag = f'"{number}"' if self._layout == "2026" else str(number)  # a text since 2026
        kind = "paratext" if fate == PARATEXT_TYPE else self._types[self._kind[row]]
        return (
            f'"id":{identity},"doi":{doi},"title":{name},"display_name":{name},'
            f'"ids":{{"openalex":"{URL}W{number}","mag":{mag}}},"indexed_in":["crossref"],'
            f'"publication_date":"{self._dates[row]}","publication_year":{BAD_YEARS.get(fate, self._year)},'
            f'"language":{_LANGUAGE_TEXTS[self._language[row]]},"type":"{kind}"'
        )

    def _about(self, row: int) -> str:
        topics = self._topics[row]
        return (
            f'"primary_topic":{topics[0] if topics else "null"},'
            f'"topics":[{",".join(topics) if self._listed[row] else ""}],'
            f'"keywords":[{",".join(self._keywords[row])}],"concepts":[{",".join(self._concepts[row])}],'
            '"sustainable_development_goals":[],"mesh":[]'
        )

    def _flags(self, row: int, fate: int) -> str:
        draw = self._draws[row]
        return (
            '"open_access":{"is_oa":false,"oa_status":"closed","any_repository_has_fulltext":false,"oa_url":null},'
            f'"is_paratext":{_flag(fate == PARATEXT_FLAG)},"is_retracted":{_flag(self._retracted[row])},'
            f'"biblio":{{"volume":"{draw % 40 + 1}","issue":"{draw % 6 + 1}",'
            f'"first_page":"{draw % 900}","last_page":null}}'
        )

    def _citations(self, row: int) -> str:
        draw, references, cited_by = self._draws[row], self._references[row], self._cited_by[row]
        counts = ",".join(f'{{"year":{FIRST_COUNTED + i},"cited_by_count":{n}}}' for i, n in enumerate(cited_by) if n)
        abstract = self._fragments.abstracts[self._subject[row]][draw // 100 % ABSTRACTS_PER_SUBJECT]
        return (
            f'"referenced_works":[{",".join(references)}],"referenced_works_count":{len(references)},'
            f'"related_works":[],"abstract_inverted_index":{abstract if draw % 5 < 3 else "null"},'
            f'"cited_by_count":{sum(cited_by) + self._cited_before[row]},"counts_by_year":[{counts}],'
            '"apc_list":null,"apc_paid":null,"fwci":null,"citation_normalized_percentile":null,'
            '"cited_by_percentile_year":null'
        )

    def _only_in_layout(self, row: int, fate: int) -> str:
        if self._layout == "2026":
            return (
                f'"is_xpac":{_flag(fate in (XPAC, PARATEXT_TYPE))},'
                '"awards":[],"funders":[],"institutions":[],'
                '"has_content":{"pdf":false,"grobid_xml":false},'
            )
        url = f"https://api.openalex.org/works?filter=cites:W{self._ids[row]}"
        return (
            f'"type_crossref":"{_CROSSREF_TYPES[self._kind[row]]}","grants":[],"datasets":[],"versions":[],'
            f'"concepts_count":{len(self._concepts[row])},"topics_count":{len(self._topics[row])},'
            f'"is_authors_truncated":{_flag(self._truncated[row])},"cited_by_api_url":"{url}",'
        )

    def _locations(self, row: int, number: int) -> str:
        source, draw = self._source[row], self._draws[row]
        primary = _location(f"doi:10.{number}", self._fragments.sources[source] if source >= 0 else "null", "published")
        places = [primary]
        if draw % 3 == 0 and source != ARXIV:
            places.append(_location(f"pmh:oai:{number}", self._fragments.sources[ARXIV], "submitted"))
        listed = ",".join(places)
        return (
            f'"locations":[{listed}],"locations_count":{len(places)},"primary_location":{primary},'
            '"best_oa_location":null'
        )

    def _labels(self, labels: Labels, before: list[str], after: list[str] | None) -> list[list[str]]:
        pairs = zip(labels.index.tolist(), labels.score.tolist(), strict=True)
        if after is None:
            texts = [f"{before[i]}{SCORES[s]}}}" for i, s in pairs]
        else:
            texts = [f"{before[i]}{SCORES[s]}{after[i]}" for i, s in pairs]
        return slices(texts, labels.offsets)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _location(identity: str, source: str, version: str) -> str:
    published = "true" if version == "published" else "false"
    return (
        f'{{"id":"{identity}","source":{source},"is_oa":false,"is_published":{published},"landing_page_url":null,'
        f'"pdf_url":null,"raw_source_name":null,"raw_type":"journal-article","provenance":"crossref","license":null,'
        f'"license_id":null,"version":"{version}Version","is_accepted":{published}}}'
    )
