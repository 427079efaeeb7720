"""An OpenAlex snapshot: works in partitions by date of update, stale copies and broken lines where dirty."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np

from scholarflow.simulate import canonical, defects, truth
from scholarflow.simulate.batch import Batch, keep_works
from scholarflow.simulate.census import Census, take_census
from scholarflow.simulate.fates import (
    BROKEN,
    KEPT,
    NO_COPY,
    NO_ID,
    PARATEXT_FLAG,
    PARATEXT_TYPE,
    TIED_COPY,
    WITHDRAWN,
    XPAC,
    YEAR_FAR,
    YEAR_NULL,
    YEAR_TEXT,
    YEAR_ZERO,
    Edition,
)
from scholarflow.simulate.files import GzipLines, Ledger, Part, Parts
from scholarflow.simulate.merges import Merges, merge_works
from scholarflow.simulate.openalex_entities import write_entities
from scholarflow.simulate.openalex_fragments import render_fragments
from scholarflow.simulate.openalex_index import write_index
from scholarflow.simulate.openalex_parquet import ParquetRecords
from scholarflow.simulate.openalex_records import WORK_TYPES, WorkWriter
from scholarflow.simulate.seeds import BoolArray, IntArray
from scholarflow.simulate.titles import titles_of
from scholarflow.simulate.venues import SOURCES
from scholarflow.simulate.world import World

CHUNK = 4_000
DRAFT = "Draft: {}"
REVISED = "{} (revised)"
_SOURCE_IDS = np.array([source.id for source in SOURCES])


class OpenAlexSnapshot:
    """Writes one release of a world as OpenAlex does, and its truth."""

    def __init__(self, out: Path, world: World, edition: Edition, encoding: str) -> None:
        self.out, self.world, self.edition, self.encoding = out, world, edition, encoding
        self.ledger = Ledger()
        self.census: Census = take_census(world)
        self.merges: Merges = merge_works(edition, world.total)
        self.tabular = encoding == "parquet"
        self.writer = WorkWriter(
            world,
            self.census,
            render_fragments(world.places, abstract_as_text=self.tabular),
            edition,
        )

    def parts(self, entity: str) -> Parts:
        """The part files of an entity in the layout at hand."""
        if self.edition.layout == "legacy":
            return Parts(self.out, f"data/{entity}", entity, "part_{:03d}.gz", GzipLines, self.ledger)
        folder = f"data/{self.encoding}/{entity}"
        if self.tabular:
            sink = functools.partial(ParquetRecords, entity=entity, dirty=self.edition.dirty)
            return Parts(self.out, folder, entity, "part_{:04d}.parquet", sink, self.ledger)
        return Parts(self.out, folder, entity, "part_{:04d}.gz", GzipLines, self.ledger)

    def write(self, files: truth.TruthFiles, progress: Callable[[int, int], None] | None) -> None:
        """All entities, the lists beside them, and the truth."""
        finished: dict[str, list[Part]] = {}
        done = 0
        with self.parts("works") as parts:
            for batch in self.world.years():
                defects.revise(batch, self.edition, self.world.population)
                defects.soil_openalex(batch, self.edition, self.world)
                truth.add_misfiled(files, batch, self._kept(batch.index), self.world)
                for low in range(0, len(batch), CHUNK):
                    chunk = batch.rows(low, min(low + CHUNK, len(batch)))
                    self._write_works(chunk, parts, files)
                    done += len(chunk)
                    if progress:
                        progress(done, self.world.total)
        finished["works"] = parts.finished
        finished |= write_entities(self, files)
        write_index(self.out, self.edition, self.encoding, finished, self.merges, self.world)
        truth.add_world(files, self.world, self.census, self.ledger)

    def _kept(self, index: IntArray) -> BoolArray:
        return np.isin(self.edition.fate(index), (KEPT, BROKEN)) & ~self.edition.vanished(index)

    def _write_works(self, chunk: Batch, parts: Parts, files: truth.TruthFiles) -> None:
        edition, index = self.edition, chunk.index
        titles = titles_of(chunk, edition.seed, odd=edition.dirty)
        changed = edition.changed(index)
        for row in np.flatnonzero(changed).tolist():
            titles[row] = REVISED.format(titles[row])
        fate = edition.fate(index)
        standing = [DRAFT.format(t) if f == BROKEN else t for t, f in zip(titles, fate.tolist(), strict=True)]
        self.writer.load(chunk, titles)
        self._write_records(chunk, parts, fate)
        kept = self._kept(index)
        self._add_truth(files, keep_works(chunk, kept), [t for t, k in zip(standing, kept.tolist(), strict=True) if k])

    def _write_records(self, chunk: Batch, parts: Parts, fate: IntArray) -> None:
        edition, index = self.edition, chunk.index
        partition = edition.partition(index)
        updated = edition.updated(index, partition)
        vanished, mangled = edition.vanished(index).tolist(), edition.mangled(index).tolist()
        overlap = edition.overlap(index).tolist()
        copies = edition.copy(index).tolist()
        dates = edition.dates
        gone = "merged" if edition.layout == "legacy" else "deleted"
        for row, (code, where) in enumerate(zip(fate.tolist(), partition.tolist(), strict=True)):
            if vanished[row]:
                continue
            shown = PARATEXT_FLAG if code == WITHDRAWN and overlap[row] else code
            if self.tabular and code == YEAR_TEXT:
                shown = YEAR_NULL
            text = self.writer.record(row, updated[row], shown).encode()
            parts.write(dates[where], text, gone if code == WITHDRAWN else _OUTCOMES[code])
            if mangled[row] and not self.tabular:
                parts.write(dates[where], text[: len(text) * 2 // 5], "rejected:malformed")
            if copies[row] != NO_COPY:
                self._write_copy(chunk, row, parts, tied=copies[row] == TIED_COPY, broken=code == BROKEN)

    def _write_copy(self, chunk: Batch, row: int, parts: Parts, *, tied: bool, broken: bool) -> None:
        """The superseded record; tied: as new as the one that supersedes it, but in an older partition."""
        one = chunk.index[row : row + 1]
        older = self.edition.copy_partition(one)
        updated = self.edition.updated(one, older + 1 if tied else older)[0]
        title = DRAFT.format(self.writer.title(row))
        text = self.writer.record(row, updated, KEPT, title).encode()
        parts.write(self.edition.dates[int(older[0])], text, "kept" if broken else "superseded")

    def _add_truth(self, files: truth.TruthFiles, batch: Batch, titles: list[str]) -> None:
        types = WORK_TYPES[self.edition.layout]
        references = batch.references
        cited = references.cited
        known = cited < len(self.merges.final)
        cited = np.where(known, self.merges.final[np.where(known, cited, 0)], cited)
        canonical.add_works(
            files,
            batch,
            cited,
            references.owner,
            {
                "title": titles,
                "work_type": [types[kind] for kind in batch.kind.tolist()],
                "source_id": truth.nullable(_SOURCE_IDS[batch.source], batch.source >= 0),
                "n_authors": batch.authorships.counts,
            },
        )
        canonical.add_authorships(files, batch, batch.authorships, self.world.places, corresponding=True)
        canonical.add_concepts(files, batch, batch.concepts)
        canonical.add_topics_and_keywords(files, batch)


_OUTCOMES = {
    KEPT: "kept",
    NO_ID: "rejected:no_id",
    YEAR_NULL: "rejected:no_year",
    YEAR_ZERO: "rejected:no_year",
    YEAR_FAR: "rejected:no_year",
    YEAR_TEXT: "rejected:no_year",
    BROKEN: "rejected:no_year",
    PARATEXT_FLAG: "paratext",
    PARATEXT_TYPE: "paratext",
    XPAC: "xpac",
}
