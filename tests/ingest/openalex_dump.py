"""Small OpenAlex snapshots written by hand, and what an ingest makes of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from frames import config_of
from ingest.mag_dump import Tables
from scholarflow.engine import Engine, Store
from scholarflow.ingest.run import ingest
from scholarflow.progress import Progress, Silent

URL = "https://openalex.org/"
Record = dict[str, Any] | str | bytes


def work(number: int | None, **members: Any) -> dict[str, Any]:
    """A work of the year 2010, unless told otherwise."""
    named = {"id": f"{URL}W{number}" if number is not None else None}
    return {**named, "publication_year": 2010, "updated_date": "2026-01-01T00:00:00.000000", **members}


def signed(
    author: int | None, *institutions: tuple[int, str | None] | int, countries: Sequence[str] = (), **members: Any
) -> dict[str, Any]:
    """An entry of an author list; institutions are (number, country), a bare number has no country."""
    places = [place if isinstance(place, tuple) else (place, None) for place in institutions]
    return {
        "author": {"id": f"{URL}A{author}" if author is not None else None, "display_name": f"author {author}"},
        "institutions": [{"id": f"{URL}I{number}", "country_code": country} for number, country in places],
        "countries": list(countries),
        **members,
    }


def cites(*works: int) -> list[str]:
    """A list of references."""
    return [f"{URL}W{number}" for number in works]


def write(folder: Path, file: str, *records: Record) -> Path:
    """A file of the snapshot with these records, one a line; gzipped if it is named so."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(record) if isinstance(record, dict) else record for record in records]
    content = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path


def write_works(folder: Path, *records: Record, date: str = "2026-01-01", base: str = "data/jsonl") -> Path:
    """A part file of works."""
    return write(folder, f"{base}/works/updated_date={date}/part_0000.gz", *records)


def write_manifest(folder: Path, *parts: Path, entity: str = "works", **promised: int) -> None:
    """The entity's manifest with the true sizes of its parts, one record each, unless `promised` says otherwise."""
    files = [
        {
            "url": f"s3://openalex/{part.relative_to(folder).as_posix()}",
            "meta": {"content_length": part.stat().st_size, "record_count": 1} | promised,
        }
        for part in parts
    ]
    (folder / f"data/jsonl/{entity}/manifest.json").write_text(json.dumps({"entity": entity, "files": files}))


def ingested(
    engine: Engine,
    folder: Path,
    root: Path,
    *,
    allow_incomplete: bool = False,
    progress: Progress | None = None,
    **settings: Any,
) -> Tables:
    """The canonical tables that an ingest of the folder makes under the root."""
    config = config_of(**settings)
    store = Store(root, engine, study=config.study.name)
    ingest("openalex", folder, store, config, progress or Silent(), allow_incomplete=allow_incomplete)
    return Tables(root)
