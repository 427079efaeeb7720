"""An OpenAlex snapshot on disk: both layouts, both encodings."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.config import Config
from scholarflow.engine import Engine, Place, SourceFile, read_lines
from scholarflow.engine.part_files import write_parsed_files
from scholarflow.engine.places import found, name_within
from scholarflow.errors import InputError
from scholarflow.ingest.openalex_files import rows_of_lines, rows_of_parquet
from scholarflow.ingest.openalex_records import ENTITIES, Entity
from scholarflow.ingest.parsing import Feed, write_rows
from scholarflow.ingest.refused import rows_or_refusals
from scholarflow.ingest.snapshot import Promise, below, manifest_promises, require_folder, source_files
from scholarflow.stage import code_of
from scholarflow.tables import parsed

#: Where the entities lie below the input: since 2026, before, and when the input is already that folder.
_BASES = ("data/parquet", "data/jsonl", "parquet", "jsonl", "data")
_SUFFIXES = {"parquet": (".parquet",), "jsonl": (".gz", ".jsonl", ".json")}


def feeds(folder: Place, config: Config) -> list[Feed]:
    """What there is to read, entity by entity.

    Errors: InputError for a folder without works.
    """
    require_folder(folder)
    bases = [*(folder / name for name in _BASES), folder]
    base = next((base for base in bases if (base / "works").is_dir()), None)
    if base is None:
        raise InputError(f"--input {folder}: no folder works in it, nor in data/, data/jsonl/ or data/parquet/")
    feeds = [_entity_feed(folder, base, entity, config) for entity in ENTITIES]
    if not feeds[0].files:
        raise InputError(f"--input {base / 'works'}: no part files (*.gz, *.jsonl or *.parquet)")
    return [*feeds, *_list_feeds(folder, base)]


def _entity_feed(folder: Place, base: Place, entity: Entity, config: Config) -> Feed:
    everything = below(base / entity.name)
    encoding = "parquet" if any(path.suffix == ".parquet" for path in everything) else "jsonl"
    paths = [p for p in everything if p.suffix in _SUFFIXES[encoding] and p.name != "manifest.json"]
    years = {"first_year": config.ingest.first_year, "last_year": config.ingest.last_year}
    read = rows_of_lines if encoding == "jsonl" else rows_of_parquet
    parse = partial(read, entity=entity, first_year=config.ingest.first_year, last_year=config.ingest.last_year)
    return Feed(
        entity.name,
        entity.table,
        source_files(folder, paths),
        partial(write_parsed_files, parse=parse),
        parameters={"encoding": encoding} | (years if entity.name == "works" else {}),
        code=code_of(sys.modules[read.__module__]),
        promises=_promises(folder, base, entity),
    )


def _promises(folder: Place, base: Place, entity: Entity) -> list[Promise]:
    """What the entity's manifest promises, by names relative to the input as those of the files are."""
    within = PurePosixPath(name_within(folder, base))
    return [replace(p, source_path=(within / p.source_path).as_posix()) for p in manifest_promises(base, entity.name)]


def _list_feeds(folder: Place, base: Place) -> list[Feed]:
    """The lists of ids beside the entities: merged ones in the legacy layout, deleted works since 2026."""
    merged = [path for path in below(base / "merged_ids") if ".csv" in path.name]
    lists = (
        ("merged_ids", parsed.MERGED_IDS, merged, merged_id_rows),
        ("deleted_ids", parsed.DELETED_IDS, found(base / "works", "deleted_ids.csv*"), deleted_id_rows),
    )
    code = code_of(sys.modules[__name__])
    return [
        Feed(name, table, source_files(folder, paths), partial(write_rows, parse=parse, table=table), {}, code)
        for name, table, paths, parse in lists
    ]


def _entity_number(address: Column) -> Column:
    number = F.substring(F.substring_index(address, "/", -1), 2, 20).try_cast("bigint")
    return F.when(number > 0, number)


def merged_id_rows(engine: Engine, files: Sequence[SourceFile]) -> DataFrame:
    """merge_date,id,merge_into_id; the entity is the folder's name."""
    cells = F.split(F.col("value"), ",")
    id_, into = _entity_number(F.get(cells, F.lit(1))), _entity_number(F.get(cells, F.lit(2)))
    entity = F.regexp_extract("source_path", r"merged_ids/([^/]+)/", 1)
    return _list_rows(
        engine,
        files,
        "merge_date",
        F.when(id_.isNull() | into.isNull(), "no two ids"),
        {"entity": entity, "id": id_, "into_id": into},
    )


def deleted_id_rows(engine: Engine, files: Sequence[SourceFile]) -> DataFrame:
    """work_id,deleted_date."""
    id_ = _entity_number(F.get(F.split(F.col("value"), ","), F.lit(0)))
    return _list_rows(engine, files, "work_id", F.when(id_.isNull(), "no work_id"), {"work_id": id_})


def _list_rows(
    engine: Engine, files: Sequence[SourceFile], header: str, reason: Column, row: dict[str, Column]
) -> DataFrame:
    lines = read_lines(engine, files).withColumn("value", F.regexp_replace("value", "\r", ""))
    listed = lines.where((F.trim("value") != "") & ~F.col("value").startswith(f"{header},"))
    return rows_or_refusals(listed, reason, row)
