"""Part files through a Python function, to Parquet partitioned by part file: one file, one task.

The tasks open the files and write their rows themselves, so that the raw bytes, ten times the rows made of them, never
pass through an engine. Spark distributes the names of the files over its executors, which therefore must see input and
root as the driver does; the embedded engine has worker processes instead, because Python functions inside it would take
turns in one interpreter.
"""

import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import wait
from functools import partial
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from scholarflow.engine.places import Place, found, make_folder, whole_file
from scholarflow.engine.reading import SourceFile
from scholarflow.engine.session import Engine

#: Makes the rows of a parsed table of one part file. Picklable: a module's function or a partial of one.
FileParser = Callable[[SourceFile], Iterator[pa.RecordBatch]]

_ROWS_A_GROUP = 50_000
#: Less input than this is read before worker processes have started.
_BYTES_WORTH_WORKERS = 16 << 20


def write_parsed_files(engine: Engine, files: Sequence[SourceFile], folder: Place, *, parse: FileParser) -> None:
    """Writes what `parse` makes of the files under `folder`, a Parquet partition per source_path.

    Errors: those of `parse` for a file that cannot be read to its end; on Spark inside a PySparkException.
    """
    make_folder(folder)
    write = partial(_write_part_file, parse=parse, folder=folder)
    largest_first = sorted(files, key=lambda file: -file.size)
    if len(files) == 1 or sum(file.size for file in files) < _BYTES_WORTH_WORKERS:
        for file in files:
            write(file)
    elif engine.is_spark:
        # A range of n numbers in n partitions is one number a task.
        numbers = engine.spark.range(0, len(files), 1, len(files))
        numbers.mapInArrow(partial(_write_numbered, files=largest_first, write=write), "id bigint").collect()
        for left in found(folder, "*/.*.unfinished"):  # by executors that were killed
            left.unlink()
    else:
        under_way = [engine.workers.submit(write, file) for file in largest_first]
        try:
            for done in under_way:
                done.result()
        finally:
            for begun in under_way:
                begun.cancel()
            wait(under_way)  # nothing writes on where a file has failed


def _write_numbered(
    batches: Iterable[pa.RecordBatch], files: Sequence[SourceFile], write: Callable[[SourceFile], None]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for number in batch.column("id").to_numpy():
            write(files[number])
        yield batch


def _write_part_file(file: SourceFile, parse: FileParser, folder: Place) -> None:
    """One file's rows; whole or not there, however often a task is begun anew."""
    partition = folder / f"source_path={quote(file.source_path, safe='')}"
    groups = _groups(parse(file))
    first = next(groups, None)
    if first is None:
        return
    make_folder(partition)
    with (
        whole_file(partition / "part-0.parquet", attempt=uuid.uuid4().hex) as unfinished,
        pq.ParquetWriter(unfinished, first.schema, compression="zstd") as writer,
    ):
        for group in itertools.chain([first], groups):
            writer.write_table(group)


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Row groups without the partition column."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(part.num_rows for part in waiting) >= _ROWS_A_GROUP:
            yield pa.Table.from_batches(waiting).drop_columns(["source_path"])
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting).drop_columns(["source_path"])
