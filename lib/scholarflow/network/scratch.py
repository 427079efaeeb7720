"""What an iteration keeps between its rounds: Parquet under one folder, gone at the end."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from scholarflow.engine import Engine, Place
from scholarflow.engine.places import make_folder, remove_folder, whole_file


class Scratch:
    """Rows written down under a name and read back: whatever is made of them next has a short plan on either engine.

    Not Spark's own checkpoints, which Sail has not. Driver and executors see the folder under one path. Of a name the
    newest rows and those before are there, as the newest are made of these; older ones are removed.
    """

    def __init__(self, engine: Engine, folder: Place) -> None:
        self._engine, self._folder = engine, folder
        self._written: Counter[str] = Counter()

    def kept(self, rows: DataFrame, name: str) -> DataFrame:
        """The rows, as they were when this was called."""
        path = self._next(name)
        rows.write.parquet(self._engine.address(path))
        return self._read(path, rows.schema)

    def kept_table(self, rows: pa.Table, name: str) -> DataFrame:
        """Rows of the driver, which may be too many to travel in a plan."""
        path = self._next(name)
        make_folder(path)
        with whole_file(path / "part-0.parquet") as file:
            pq.write_table(rows, file)
        return self._read(path, from_arrow_schema(rows.schema))

    def _read(self, path: Place, schema: StructType) -> DataFrame:
        return self._engine.spark.read.schema(schema).parquet(self._engine.address(path))

    def _next(self, name: str) -> Place:
        self._written[name] += 1
        remove_folder(self._folder / f"{name}-{self._written[name] - 2}")
        return self._folder / f"{name}-{self._written[name]}"


@contextmanager
def scratch(engine: Engine, folder: Place) -> Iterator[Scratch]:
    """An empty folder for the time of the block; what a killed run left in it is removed."""
    remove_folder(folder)
    make_folder(folder)
    try:
        yield Scratch(engine, folder)
    finally:
        remove_folder(folder)
