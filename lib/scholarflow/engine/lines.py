"""Lines of part files through a Python function, to Parquet partitioned by part file.

On Spark the lines are read by Spark and mapped on the executors (`mapInArrow`), so that any file system Spark knows
will do. The embedded engine has no such need: worker processes read and write part files side by side, past the one
interpreter in which its own Python functions would take turns.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame

from scholarflow.engine.reading import SourceFile, line_blocks, read_lines
from scholarflow.engine.session import Engine
from scholarflow.tables import Table

#: Makes rows of a parsed table of the lines of one part file. Picklable: a module's function or a partial of one.
LineParser = Callable[[Sequence[bytes], str], pa.RecordBatch]

_LINES_A_BATCH = 2_000
_ROWS_A_GROUP = 100_000
#: Less input than this is read before worker processes have started.
_BYTES_WORTH_WORKERS = 16 << 20


def write_parsed_lines(
    engine: Engine, files: Sequence[SourceFile], folder: Path, *, parse: LineParser, table: Table
) -> None:
    """Writes what `parse` makes of the files under `folder`, a Parquet partition per source_path.

    Errors: whatever the engine raises for a file that cannot be read to its end.
    """
    if engine.is_spark:
        rows = map_lines(read_lines(engine, files), parse, table)
        rows.write.partitionBy("source_path").parquet(str(folder))
        return
    folder.mkdir(parents=True)
    write = partial(_write_part_file, parse=parse, folder=folder)
    if len(files) == 1 or sum(file.size for file in files) < _BYTES_WORTH_WORKERS:
        for file in files:
            write(file)
        return
    with ProcessPoolExecutor(engine.parallelism, mp_context=multiprocessing.get_context("spawn")) as pool:
        largest_first = sorted(files, key=lambda file: -file.size)
        for _ in pool.map(write, largest_first):
            pass


def map_lines(lines: DataFrame, parse: LineParser, table: Table) -> DataFrame:
    """What `parse` makes of the rows (source_path, value), by the engine's own Python workers."""
    return lines.mapInArrow(partial(_map_batches, parse=parse), table.schema)


def _map_batches(batches: Iterable[pa.RecordBatch], parse: LineParser) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        lines: list[bytes] = batch.column("value").cast(pa.binary()).to_pylist()  # type: ignore[assignment]
        paths = batch.column("source_path").to_pylist()
        for path, group in groupby(zip(paths, lines, strict=True), key=lambda pair: pair[0]):
            yield parse([line for _, line in group], path)


def _write_part_file(file: SourceFile, parse: LineParser, folder: Path) -> None:
    partition = folder / f"source_path={quote(file.source_path, safe='')}"
    partition.mkdir()
    writer = None
    waiting: list[pa.RecordBatch] = []
    for block in line_blocks(file.path, _LINES_A_BATCH):
        waiting.append(parse(block, file.source_path))
        if sum(part.num_rows for part in waiting) >= _ROWS_A_GROUP:
            writer = _write_group(writer, waiting, partition)
    if waiting:
        writer = _write_group(writer, waiting, partition)
    if writer:
        writer.close()


def _write_group(writer: pq.ParquetWriter | None, waiting: list[pa.RecordBatch], partition: Path) -> pq.ParquetWriter:
    """Appends a row group without the partition column and empties `waiting`."""
    group = pa.Table.from_batches(waiting).drop_columns(["source_path"])
    waiting.clear()
    writer = writer or pq.ParquetWriter(partition / "part-0.parquet", group.schema, compression="zstd")
    writer.write_table(group)
    return writer
