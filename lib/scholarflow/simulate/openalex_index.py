"""What lies beside the part files: manifests, lists of deleted and of merged identifiers."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from scholarflow.simulate.batch import work_ids
from scholarflow.simulate.fates import WITHDRAWN, Edition
from scholarflow.simulate.files import Part, write_lines
from scholarflow.simulate.merges import Merges
from scholarflow.simulate.openalex_authorships import AUTHOR_ALIAS, merged_places
from scholarflow.simulate.openalex_fragments import INSTITUTION_ALIAS, SOURCE_ALIAS, URL
from scholarflow.simulate.population import author_ids
from scholarflow.simulate.seeds import uniform
from scholarflow.simulate.venues import SOURCES
from scholarflow.simulate.world import World


def write_index(
    out: Path, edition: Edition, encoding: str, finished: dict[str, list[Part]], merges: Merges, world: World
) -> None:
    """Manifests of the layout at hand, and deleted or merged identifiers."""
    if edition.layout == "legacy":
        for entity, parts in finished.items():
            _write_redshift_manifest(out, entity, parts)
        _write_merged_ids(out, edition, merges, world)
        return
    _write_manifests(out, edition, encoding, finished)
    index = np.arange(world.total)
    vanished = edition.vanished(index)
    gone = (edition.fate(index) == WITHDRAWN) | vanished
    dates = np.where(vanished[gone], edition.dates[-1], edition.dates[-1 - (edition.release > 1)])
    rows = zip(work_ids(index[gone]).tolist(), dates.tolist(), strict=True)
    lines = (f"{URL}W{number},{date}" for number, date in rows)
    write_lines(out / f"data/{encoding}/works/deleted_ids.csv", ["work_id,deleted_date", *lines])


def _write_manifests(out: Path, edition: Edition, encoding: str, finished: dict[str, list[Part]]) -> None:
    entities = []
    head = {"date": edition.dates[-1], "format": encoding}
    for entity, parts in finished.items():
        files = _listed(parts)
        totals = {
            "record_count": sum(part.records for part in parts),
            "content_length": sum(part.size for part in parts),
        }
        entities.append({"entity": entity, **totals, "files": files})
        _write_json(
            out / f"data/{encoding}/{entity}/manifest.json",
            {**head, "entity": entity, **totals, "files": files},
        )
    meta = {key: sum(entity[key] for entity in entities) for key in ("record_count", "content_length")}  # type: ignore[misc]
    _write_json(out / f"data/{encoding}/manifest.json", {**head, "meta": meta, "entities": entities})


def _listed(parts: list[Part]) -> list[dict[str, object]]:
    return [
        {"url": f"s3://openalex/{part.path}", "meta": {"content_length": part.size, "record_count": part.records}}
        for part in parts
    ]


def _write_redshift_manifest(out: Path, entity: str, parts: list[Part]) -> None:
    total = {
        "content_length": sum(part.size for part in parts),
        "record_count": sum(part.records for part in parts),
    }
    _write_json(out / f"data/{entity}/manifest", {"entries": _listed(parts), "meta": total})


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _write_merged_ids(out: Path, edition: Edition, merges: Merges, world: World) -> None:
    old, new = edition.dates[1], edition.dates[-1]
    ids, targets = work_ids(merges.merged).tolist(), work_ids(merges.into).tolist()
    works = [(f"W{a}", f"W{b}") for a, b in zip(ids, targets, strict=True)]
    settled = [row for row, fresh in zip(works, merges.fresh.tolist(), strict=True) if not fresh]
    _write_merges(out, "works", old, settled)
    if edition.release > 1:
        fresh_rows = [row for row, fresh in zip(works, merges.fresh.tolist(), strict=True) if fresh]
        _write_merges(out, "works", new, fresh_rows)
    people = np.arange(len(world.population))
    people = people[uniform(people, "merged author") < 0.02]
    pairs = zip(people.tolist(), author_ids(people).tolist(), strict=True)
    _write_merges(out, "authors", old, [(f"A{AUTHOR_ALIAS + i}", f"A{number}") for i, number in pairs])
    places = np.flatnonzero(merged_places(np.arange(len(world.places.ids))))
    _write_merges(
        out,
        "institutions",
        old,
        [(f"I{INSTITUTION_ALIAS + i}", f"I{world.places.ids[i]}") for i in places.tolist()],
    )
    sources = np.flatnonzero(uniform(np.arange(len(SOURCES)), "merged source") < 0.15)
    _write_merges(out, "sources", old, [(f"S{SOURCE_ALIAS + i}", f"S{SOURCES[i].id}") for i in sources.tolist()])


def _write_merges(out: Path, entity: str, date: str, rows: Iterable[tuple[str, str]]) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("merge_date", "id", "merge_into_id"))
    table.writerows((date, a, b) for a, b in rows)
    path = out / f"data/merged_ids/{entity}/{date}.csv.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
