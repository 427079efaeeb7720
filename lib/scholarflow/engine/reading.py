"""Reading raw part files, each row with the file it came from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq
from isal import igzip
from isal.igzip_lib import IsalError
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.engine.places import Place
from scholarflow.engine.session import Engine

#: What is raised by reading a part file that is not whole, or not what its name says (isal declares its class wrongly).
READ_ERRORS: tuple[type[Exception], ...] = (OSError, EOFError, cast(type[Exception], IsalError), pa.ArrowException)
#: Text read at a time: enough lines to work on whole columns, few enough to stay in a processor's cache.
_BYTES_A_BLOCK = 8 << 20
#: A line beyond this is no record (the longest have some megabytes): a small archive may hold one without end.
_LONGEST_LINE = 256 << 20


@dataclass(frozen=True)
class SourceFile:
    """A part file of a snapshot: where it lies, its name relative to the input, and its size in bytes."""

    path: Place
    source_path: str
    size: int

    @property
    def is_empty_archive(self) -> bool:
        """No bytes, and so not whole: even without records an archive has some."""
        return self.size == 0 and self.path.suffix in (".gz", ".parquet")


def read_lines(engine: Engine, files: Sequence[SourceFile]) -> DataFrame:
    """The lines of text files, plain or gzipped: source_path, value; split at LF only.

    Bytes that are no UTF-8 become U+FFFD, everything else is untouched. A gzip file is one task: where there are fewer
    files than tasks the lines are spread after reading, never before.
    """
    if not engine.is_spark:
        numbers = engine.spark.createDataFrame([(number,) for number in range(len(files))], "number int")
        return numbers.mapInArrow(partial(_lines_of_files, files=files), "source_path string, value string")
    parts = [
        # Spark's own file name, cut to as many trailing segments as the relative name has: the head of the address is
        # not compared, because Hadoop and Python escape it differently.
        engine.spark.read.option("lineSep", "\n")
        .text([engine.address(file.path) for file in group])
        .select(F.substring_index(F.col("_metadata.file_path"), "/", -depth).alias("source_path"), "value")
        for depth, group in _by_depth(files).items()
    ]
    read = reduce(DataFrame.unionByName, parts)
    valid = read.withColumn("value", F.make_valid_utf8("value"))
    return valid.repartition(engine.parallelism) if len(files) < engine.parallelism else valid


def _lines_of_files(batches: Iterable[pa.RecordBatch], files: Sequence[SourceFile]) -> Iterator[pa.RecordBatch]:
    """Sail's own text reader fails on bytes that are no UTF-8, and invents rows in gzipped CRLF files."""
    for batch in batches:
        for file in (files[number] for number in batch.column("number").to_numpy()):
            for block in line_blocks(file.path):
                values = [line.decode("utf-8", "replace") for line in block]
                yield pa.RecordBatch.from_pydict({"source_path": [file.source_path] * len(values), "value": values})


@contextmanager
def opened(path: Place) -> Iterator[BinaryIO]:
    """A part file as lines of bytes, through gzip where its name says so."""
    with path.open("rb") as content:
        if path.suffix == ".gz":
            with igzip.open(content) as text:
                yield cast(BinaryIO, text)
        else:
            yield content


@contextmanager
def opened_parquet(path: Place) -> Iterator[pq.ParquetFile]:
    """A Parquet file."""
    with path.open("rb") as content, pq.ParquetFile(content) as parquet:
        yield parquet


def line_blocks(path: Place) -> Iterator[list[bytes]]:
    """The lines of a part file without their LF, some megabytes at a time.

    Errors: OSError for a line beyond 256 MiB, so that a file takes a bounded share of memory however far it unpacks.
    """
    with opened(path) as content:
        begun = b""
        while text := content.read(_BYTES_A_BLOCK):
            *lines, begun = (begun + text).split(b"\n")
            if len(begun) > _LONGEST_LINE:
                raise OSError(f"it has a line of more than {_LONGEST_LINE:,} bytes")
            if lines:
                yield lines
        if begun:
            yield [begun]


def _by_depth(files: Sequence[SourceFile]) -> dict[int, list[SourceFile]]:
    groups: dict[int, list[SourceFile]] = defaultdict(list)
    for file in files:
        groups[file.source_path.count("/") + 1].append(file)
    return dict(sorted(groups.items()))


def unreadable(file: SourceFile) -> str | None:
    """Why a part file cannot be read to its end; null where it can.

    It is read through: what is wrong may show only at the end.
    """
    try:
        if file.is_empty_archive:
            return "is empty"
        if file.path.suffix == ".parquet":
            with opened_parquet(file.path) as parquet:
                for _ in parquet.iter_batches():
                    pass
        else:
            for _ in line_blocks(file.path):
                pass
    except EOFError:
        return "is truncated"
    except READ_ERRORS as error:
        return f"cannot be read: {str(error).splitlines()[0]}"
    return None
