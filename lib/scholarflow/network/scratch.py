"""What an iteration keeps between its rounds: Parquet under one folder, gone at the end."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema


class Scratch:
    """Rows written down under a name and read back: whatever is made of them next has a short plan on either engine.

    Not Spark's own checkpoints, which Sail has not. Driver and executors see the folder under one path. Of a name the
    newest rows and those before are there, as the newest are made of these; older ones are removed.
    """

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self._spark, self._folder = spark, folder
        self._written: Counter[str] = Counter()

    def kept(self, rows: DataFrame, name: str) -> DataFrame:
        """The rows, as they were when this was called."""
        path = self._next(name)
        rows.write.parquet(str(path))
        return self._spark.read.schema(rows.schema).parquet(str(path))

    def kept_table(self, rows: pa.Table, name: str) -> DataFrame:
        """Rows of the driver, which may be too many to travel in a plan."""
        path = self._next(name)
        path.mkdir(parents=True)
        pq.write_table(rows, path / "part-0.parquet")
        return self._spark.read.schema(from_arrow_schema(rows.schema)).parquet(str(path))

    def _next(self, name: str) -> Path:
        self._written[name] += 1
        shutil.rmtree(self._folder / f"{name}-{self._written[name] - 2}", ignore_errors=True)
        return self._folder / f"{name}-{self._written[name]}"


@contextmanager
def scratch(spark: SparkSession, folder: Path) -> Iterator[Scratch]:
    """An empty folder for the time of the block; what a killed run left in it is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield Scratch(spark, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
