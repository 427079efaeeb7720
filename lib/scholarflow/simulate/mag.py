"""A MAG dump: the same world in tab-separated tables, without header, quoting or escaping."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from scholarflow.simulate import canonical, defects, truth
from scholarflow.simulate.batch import Authorships, Batch, Labels, keep_works, offsets_of, work_ids
from scholarflow.simulate.census import Census, take_census
from scholarflow.simulate.fates import (
    KEPT,
    NO_ID,
    PARATEXT_FLAG,
    PARATEXT_TYPE,
    XPAC,
    YEAR_FAR,
    YEAR_NULL,
    YEAR_TEXT,
    YEAR_ZERO,
    Edition,
)
from scholarflow.simulate.files import Ledger
from scholarflow.simulate.labels import MEMBER_SCORE
from scholarflow.simulate.mag_entities import write_entities
from scholarflow.simulate.mag_table import Table
from scholarflow.simulate.names import display_name
from scholarflow.simulate.openalex import CHUNK, REVISED
from scholarflow.simulate.openalex_fragments import SCORES, raw_affiliation
from scholarflow.simulate.population import author_ids
from scholarflow.simulate.seeds import BoolArray, IntArray, hashed, uniform
from scholarflow.simulate.subjects import CONCEPTS
from scholarflow.simulate.titles import titles_of
from scholarflow.simulate.venues import IS_CONFERENCE, IS_REPOSITORY, SOURCES
from scholarflow.simulate.world import World

_DOC_TYPES = ("Journal", "Conference", "Repository", "BookChapter", "Journal")
_PATENT, _DATASET = 100, 101
_YEARS = {YEAR_NULL: "", YEAR_ZERO: "0", YEAR_FAR: "2202", YEAR_TEXT: "n.d."}
_OUTCOMES = {KEPT: "kept", NO_ID: "rejected:no_id", _PATENT: "patent", _DATASET: "dataset"}
_SOURCE_IDS = np.array([source.id for source in SOURCES])


class MagDump:
    """Writes one release of a world as MAG does, and its truth."""

    def __init__(self, out: Path, world: World, edition: Edition, *, compress: bool) -> None:
        self.out, self.world, self.edition, self.compress = out, world, edition, compress
        self.ledger = Ledger()
        self.census: Census = take_census(world)

    def table(self, path: str, *, crlf: bool = False) -> Table:
        """Open a table of the dump."""
        return Table(self.out, path, self.ledger, compress=self.compress, crlf=crlf and self.edition.dirty)

    def write(self, files: truth.TruthFiles, progress: Callable[[int, int], None] | None) -> None:
        """All tables and the truth."""
        papers, signed = self.table("mag/Papers.txt"), self.table("mag/PaperAuthorAffiliations.txt")
        cited = self.table("mag/PaperReferences.txt", crlf=True)
        about = self.table("advanced/PaperFieldsOfStudy.txt")
        done = 0
        for batch in self.world.years():
            defects.revise(batch, self.edition, self.world.population)
            defects.soil(batch, self.edition, self.world)
            fate = self._fate(batch.index)
            truth.add_misfiled(files, batch, (fate == KEPT) & ~self.edition.vanished(batch.index), self.world)
            batch = keep_works(batch, ~self.edition.vanished(batch.index))
            for low in range(0, len(batch), CHUNK):
                chunk = batch.rows(low, min(low + CHUNK, len(batch)))
                chunk.authorships = self._per_affiliation(chunk)
                self._write_papers(chunk, papers, files)
                self._write_authorships(chunk, signed)
                self._write_pairs(chunk, cited, about)
                done += len(chunk)
                if progress:
                    progress(done, self.world.total)
        for table in (papers, signed, cited, about):
            table.close()
        write_entities(self, files)
        truth.add_world(files, self.world, self.census, self.ledger)

    def _fate(self, index: IntArray) -> IntArray:
        """What MAG makes of the fates: no paratext, but patents and data sets; nothing is withdrawn."""
        fate = self.edition.fate(index)
        mapped = np.where(np.isin(fate, (NO_ID, *_YEARS)), fate, KEPT)
        mapped = np.where(np.isin(fate, (PARATEXT_FLAG, PARATEXT_TYPE)), _PATENT, mapped)
        return np.where(fate == XPAC, _DATASET, mapped)

    def _per_affiliation(self, batch: Batch) -> Authorships:
        """Author lists with one entry per affiliation, as MAG has them, with its defects where dirty."""
        signed = batch.authorships
        rows = np.repeat(np.arange(len(signed.author)), 1 + (signed.second >= 0))
        again = np.append(False, rows[1:] == rows[:-1])
        lists = signed.pick(rows, np.bincount(signed.owner[rows], minlength=len(batch)))
        lists.first = np.where(again, lists.second, lists.first)
        lists.second = np.full(len(rows), -1)
        if not self.edition.dirty:
            return lists
        chance = defects.entry_chance(batch, lists, self.edition.seed, "row")
        # The same row twice, and an author with one row that has the affiliation and one that has not.
        copies = 1 + (chance < 0.01)
        entries = np.repeat(np.arange(len(chance)), copies)
        repeated = np.append(False, entries[1:] == entries[:-1])
        lists = lists.pick(entries, np.bincount(lists.owner[entries], minlength=len(batch)))
        lists.first = np.where(repeated & (chance[entries] < 0.005), -1, lists.first)
        # Two authors at one position: the later one of the two is set back.
        shared = (chance[entries] > 0.995) & (lists.position > 1)
        lists.position = lists.position - shared
        return lists

    def _write_papers(self, chunk: Batch, papers: Table, files: truth.TruthFiles) -> None:
        edition, index = self.edition, chunk.index
        titles = titles_of(chunk, edition.seed, odd=edition.dirty)
        for row in np.flatnonzero(edition.changed(index)).tolist():
            titles[row] = REVISED.format(titles[row])
        only_normalized = (uniform(index, edition.seed, "original title") < 0.03).tolist()
        standing = [t.lower() if bare else t for t, bare in zip(titles, only_normalized, strict=True)]
        fate = self._fate(index)
        lines, outcomes = self._paper_lines(chunk, titles, only_normalized, fate)
        papers.write(lines, outcomes)
        kept = fate == KEPT
        good = keep_works(chunk, kept)
        kinds = zip(good.kind.tolist(), good.source.tolist(), strict=True)
        types = [_DOC_TYPES[kind] if source >= 0 or kind else None for kind, source in kinds]
        listed = (good.source >= 0) & ~IS_REPOSITORY[good.source]
        columns: dict[str, Any] = {
            "title": [t for t, k in zip(standing, kept.tolist(), strict=True) if k],
            "work_type": types,
            "source_id": truth.nullable(_SOURCE_IDS[good.source], listed),
            "language": [None] * len(good),
            "n_authors": canonical.author_list_lengths(good.authorships),
        }
        canonical.add_works(files, good, good.references.cited, good.references.owner, columns)
        canonical.add_authorships(files, good, good.authorships, self.world.places, corresponding=False)
        canonical.add_concepts(files, good, members_only(good.concepts))

    def _paper_lines(
        self, chunk: Batch, titles: list[str], only_normalized: list[bool], fate: IntArray
    ) -> tuple[list[str], list[str]]:
        """Rows of Papers, some short, stained or followed by one too wide, and what becomes of each."""
        seed, dirty, index = self.edition.seed, self.edition.dirty, chunk.index
        short = ((uniform(index, seed, "short row") < 0.01) & dirty & ~chunk.retracted).tolist()
        stained = ((uniform(index, seed, "stained") < 0.01) & dirty).tolist()
        wide = self.edition.mangled(index).tolist()
        lines: list[str] = []
        outcomes: list[str] = []
        codes = fate.tolist()
        for row, cells in enumerate(self._paper_cells(chunk, codes)):
            title = titles[row]
            if stained[row]:
                title = f"{title[:3]}\x00{title[3:7]}\r{title[7:]}\r"
            cells[4:6] = title.lower(), "" if only_normalized[row] else title
            if short[row]:
                del cells[22:]
            lines.append("\t".join(cells))
            outcomes.append(_OUTCOMES.get(codes[row], "rejected:no_year"))
            if wide[row]:
                lines.append("\t".join([*cells[:22], *[""] * 4, "surplus", "columns"]))
                outcomes.append("rejected:bad_columns")
        return lines, outcomes

    def _paper_cells(self, chunk: Batch, fate: list[int]) -> Iterator[list[str]]:
        """The 26 columns of each paper, the titles still empty."""
        index = chunk.index
        dates = chunk.day.astype("datetime64[D]").astype(str).tolist()
        draws = (hashed(index, "details") >> np.uint64(20)).tolist()
        received = (self.census.cited_by[index].sum(axis=1) + self.census.cited_before[index]).tolist()
        rows = zip(work_ids(index).tolist(), fate, chunk.kind.tolist(), chunk.source.tolist(), draws, dates,
                   chunk.retracted.tolist(), chunk.references.counts.tolist(), received, strict=True)  # fmt: skip
        for number, code, kind, source, draw, date, retracted, n_references, n_citations in rows:
            doi = f"10.{1000 + draw % 9000}/SF.{number}" if draw % 10 else ""
            ordinary = _DOC_TYPES[kind] if source >= 0 or kind else ""
            listed = source >= 0 and not IS_REPOSITORY[source]
            venue = str(SOURCES[source].id) if listed else ""
            series = listed and bool(IS_CONFERENCE[source])
            yield [
                "" if code == NO_ID else str(number), str(20_000 + draw % 5000), doi,
                {_PATENT: "Patent", _DATASET: "Dataset"}.get(code, ordinary), "", "", "",
                _YEARS.get(code, str(chunk.year)), date, "", "",
                "" if series else venue, venue if series else "", "", str(draw % 40 + 1), str(draw % 6 + 1),
                "", "", str(n_references), str(n_citations), str(n_citations),
                SOURCES[source].name if source >= 0 else "", "", "",
                "Retracted Publication" if retracted else "", "2016-06-24",
            ]  # fmt: skip

    def _write_authorships(self, chunk: Batch, table: Table) -> None:
        signed, places, population = chunk.authorships, self.world.places, self.world.population
        owner = signed.owner
        writer = signed.true_author
        columns = (
            work_ids(chunk.index[owner]).tolist(), author_ids(signed.author).tolist(), signed.first.tolist(),
            signed.position.tolist(), chunk.subject[owner].tolist(), population.given[writer].tolist(),
            population.middle[writer].tolist(), population.family[writer].tolist(),
        )  # fmt: skip
        wide = (
            (defects.entry_chance(chunk, signed, self.edition.seed, "wide row") < 0.0005) & self.edition.dirty
        ).tolist()
        ids = places.ids.tolist()
        lines: list[str] = []
        outcomes: list[str] = []
        for row, (work, author, place, position, subject, given, middle, family) in enumerate(
            zip(*columns, strict=True)
        ):
            name = display_name(given, middle, family)
            affiliation, raw = (ids[place], raw_affiliation(places, place, subject)) if place >= 0 else ("", "")
            where = f"{affiliation}\t{position}\t{name}\t{raw}"
            lines.append(f"{work}\t{author}\t{where}")
            outcomes.append("kept")
            if wide[row]:
                lines.append(f"{work}\t{author}\t{where}\tsurplus\tcolumns")
                outcomes.append("rejected:bad_columns")
        table.write(lines, outcomes)

    @staticmethod
    def _write_pairs(chunk: Batch, cited: Table, about: Table) -> None:
        ids = work_ids(chunk.index)
        lists = chunk.references
        pairs = zip(ids[lists.owner].tolist(), work_ids(lists.cited).tolist(), strict=True)
        cited.write(f"{work}\t{other}" for work, other in pairs)
        labels = members_only(chunk.concepts)
        rows = zip(ids[labels.owner].tolist(), labels.index.tolist(), labels.score.tolist(), strict=True)
        about.write(f"{work}\t{CONCEPTS[concept].id}\t{SCORES[score]}" for work, concept, score in rows)


def members_only(labels: Labels) -> Labels:
    """The labels that MAG gives: no ancestors put on afterwards."""
    strong: BoolArray = labels.score >= MEMBER_SCORE
    entries = np.flatnonzero(strong)
    return Labels(
        offsets_of(np.bincount(labels.owner[entries], minlength=len(labels.offsets) - 1)),
        labels.index[entries],
        labels.score[entries],
    )
