"""Reading raw part files, each row with the file it came from."""

import gzip
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.engine.session import Engine

#: Sail crashes on unions of some hundred reads, so callers hand it no more files than this at a time.
MAX_FILES_A_READ = {"sail": 64, "spark": 4096}


@dataclass(frozen=True)
class SourceFile:
    """A part file of a snapshot: where it lies, its name relative to the input, and its size in bytes."""

    path: Path
    source_path: str
    size: int


def read_lines(engine: Engine, files: Sequence[SourceFile]) -> DataFrame:
    """The lines of text files, plain or gzipped: source_path, value; split at LF only, bytes otherwise untouched.

    A gzip file is one task: where there are fewer files than tasks the lines are spread after reading, never before.
    """
    read = _read(engine, files, lambda paths: engine.spark.read.option("lineSep", "\n").text(paths), ["value"])
    if engine.is_spark and len(files) < engine.parallelism:
        return read.repartition(engine.parallelism)
    return read


def read_parquet(engine: Engine, files: Sequence[SourceFile], columns: Sequence[str]) -> DataFrame:
    """The given columns of Parquet files of one schema, with source_path."""
    return _read(engine, files, lambda paths: engine.spark.read.parquet(*paths), columns)


def _read(
    engine: Engine,
    files: Sequence[SourceFile],
    read: Callable[[list[str]], DataFrame],
    columns: Sequence[str],
) -> DataFrame:
    if engine.is_spark:
        parts = [
            # Spark's own file name, cut to as many trailing segments as the relative name has: the head of the
            # address is not compared, because Hadoop and Python escape it differently.
            read([str(file.path) for file in group]).select(
                F.substring_index(F.col("_metadata.file_path"), "/", -depth).alias("source_path"), *columns
            )
            for depth, group in _by_depth(files).items()
        ]
    else:
        # Sail knows neither _metadata nor input_file_name: one read a file, the name as a literal.
        parts = [
            read([str(file.path)]).select(F.lit(file.source_path).alias("source_path"), *columns) for file in files
        ]
    return reduce(DataFrame.unionByName, parts)


def _by_depth(files: Sequence[SourceFile]) -> dict[int, list[SourceFile]]:
    groups: dict[int, list[SourceFile]] = defaultdict(list)
    for file in files:
        groups[file.source_path.count("/") + 1].append(file)
    return dict(sorted(groups.items()))


def unreadable(file: SourceFile) -> str | None:
    """Why a part file cannot be read to its end; null where it can.

    Gzip is read through (a truncated part shows only at its end), Parquet by its footer.
    """
    try:
        if file.size == 0 and file.path.suffix in (".gz", ".parquet"):
            return "is empty"
        if file.path.suffix == ".gz":
            with gzip.open(file.path) as lines:
                while lines.read(1 << 24):
                    pass
        elif file.path.suffix == ".parquet":
            pq.ParquetFile(file.path).close()
    except EOFError:
        return "is truncated"
    except (OSError, zlib.error, pa.ArrowInvalid) as error:
        return f"cannot be read: {str(error).splitlines()[0]}"
    return None
