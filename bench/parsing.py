"""What reading real records costs one core."""

import gzip
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np

from scholarflow import config
from scholarflow.engine import SourceFile, Store, start
from scholarflow.ingest.openalex_snapshot import feeds
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent

#: Text that a part file is made of: as much as keeps a core busy for some seconds.
_BYTES = 300_000_000


@dataclass(frozen=True)
class Parsing:
    """Records read and written as Parquet: CPU seconds, how many, and bytes of them plain, as gzip and as Parquet."""

    snapshot: str
    cpu: float
    records: int
    plain: int
    gzipped: int
    parquet: int
    is_mag: bool = False


def of_openalex(snapshot: Path) -> Parsing:
    """Reads the works of a snapshot as one part file, repeated until it is long enough, or cut off where it is."""
    lines: list[bytes] = []
    for part in sorted((snapshot / "data" / "jsonl" / "works").rglob("*.gz")):
        lines += gzip.decompress(part.read_bytes()).splitlines(keepends=True)
        if sum(map(len, lines)) > _BYTES:
            break
    size = sum(map(len, lines)) / len(lines)
    records = int(_BYTES / size)
    text = b"".join((lines * (records // len(lines) + 1))[:records])
    with TemporaryDirectory() as folder, start("sail") as engine:
        path = Path(folder, "data/jsonl/works/updated_date=2026-01-01/part_0000.gz")
        path.parent.mkdir(parents=True)
        path.write_bytes(gzip.compress(text, 6))
        (works, *_) = feeds(Path(folder), config.load())
        file, rows = SourceFile(path, path.name, path.stat().st_size), Path(folder, "rows")
        started = time.process_time()
        works.write(engine, [file], rows)
        cpu = time.process_time() - started
        parquet = sum(part.stat().st_size for part in rows.rglob("*.parquet"))
        return Parsing(snapshot.name, cpu, records, len(text), file.size, parquet)


def of_mag(snapshot: Path) -> Parsing:
    """The whole ingest of a MAG dump by the embedded engine; records are papers, `parquet` is all tables."""
    tables = [part for part in snapshot.rglob("*.gz") if part.is_file()]
    plain = {part: gzip.decompress(part.read_bytes()) for part in tables}
    papers = next(text.count(b"\n") for part, text in plain.items() if part.name.startswith("Papers."))
    loaded = config.load()
    with TemporaryDirectory() as folder, start("sail") as engine:
        store = Store(Path(folder), engine, study=loaded.study.name)
        started = time.process_time()
        ingest("mag", snapshot, store, loaded, Silent())
        cpu = time.process_time() - started
        stored = sum(part.stat().st_size for part in Path(folder).rglob("*.parquet"))
    packed = sum(part.stat().st_size for part in tables)
    return Parsing(snapshot.name, cpu, papers, sum(map(len, plain.values())), packed, stored, is_mag=True)


def load(file: Path) -> list[Parsing]:
    """The measurements of a file, of several of one snapshot the last."""
    found = [msgspec.json.decode(line, type=Parsing) for line in file.read_bytes().splitlines()]
    return list({one.snapshot: one for one in found}.values())


def by_record_and_byte(one: Parsing, other: Parsing) -> tuple[float, float]:
    """CPU seconds a record, and a byte of its JSON, that explain two files of records of different length."""
    rows = [[parsing.records, parsing.plain] for parsing in (one, other)]
    a_record, a_byte = np.linalg.solve(np.array(rows, float), np.array([one.cpu, other.cpu]))
    return float(a_record), float(a_byte)
