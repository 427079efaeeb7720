"""DataFrames for the tests: of literals that name only the columns that matter, of canonical tables, of a whole study.

Literals are those of `oracle.literals`: one line of column names, one line per row.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from chispa import assert_approx_df_equality, assert_df_equality
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import ArrayType, DoubleType, StringType, StructField, StructType

from oracle.literals import CANONICAL_SCHEMAS, canonical_tables, rows
from scholarflow import config as configuration
from scholarflow.config import Config, Source
from scholarflow.derive import last_full_year
from scholarflow.engine.verification import require_schema
from scholarflow.pipeline import STAGES
from scholarflow.stage import Context, Stage
from scholarflow.tables import PUBLIC, Table, canonical

#: Doubles of worked examples are compared to this precision.
PRECISION = 1e-9


def frame(spark: SparkSession, table: Table, literal: str) -> DataFrame:
    """The columns of a table that the literal names, with the declared types."""
    types = {column.name: column.type for column in table.columns}
    names = literal.split("\n")[0].split() or literal.split("\n")[1].split()
    schema = StructType([StructField(name, types[name]) for name in names])

    def value(name: str, written: Any) -> Any:
        if written is not None and isinstance(types[name], DoubleType):
            return float(written)
        return str(written) if written is not None and isinstance(types[name], StringType) else written

    return spark.createDataFrame([tuple(value(n, row[n]) for n in names) for row in rows(literal)], schema)


def assert_rows(actual: DataFrame, table: Table, literal: str) -> None:
    """All rows of a table, in the columns that the literal names."""
    expected = frame(actual.sparkSession, table, literal)
    assert_approx_df_equality(
        actual.select(*expected.columns), expected, PRECISION, transforms=[_in_order], ignore_nullable=True
    )


def assert_declared(actual: DataFrame, table: Table) -> None:
    """Names, order and types of columns are those of the declaration."""
    require_schema(actual.schema, table)


def canonical_frames(spark: SparkSession, flat: Mapping[str, pa.Table]) -> dict[str, DataFrame]:
    """The canonical tables as DataFrames: flat tables of the contract, and in `works` the lists that ride along."""
    tables = {name: flat[name].cast(to_arrow_schema(PUBLIC[name].schema)) for name in flat if name != "works"}
    tables["works"] = _with_lists(flat)
    return {name: spark.createDataFrame(table, _without_comments(PUBLIC[name])) for name, table in tables.items()}


def _with_lists(flat: Mapping[str, pa.Table]) -> pa.Table:
    lists: dict[str, dict[int, list[Any]]] = {"authorships": {}, "fields": {}, "referenced_works": {}}
    for name, source, id_column in (
        ("authorships", "authorships", "work_id"),
        ("fields", "work_fields", "work_id"),
        ("referenced_works", "citations", "citing_work_id"),
    ):
        for row in flat[source].to_pylist():
            value = row["cited_work_id"] if source == "citations" else row
            lists[name].setdefault(row[id_column], []).append(value)
    nothing_dropped = {"n_self_references": 0, "n_repeated_references": 0}
    works = [
        row | nothing_dropped | {name: by_work.get(row["work_id"], []) for name, by_work in lists.items()}
        for row in flat["works"].to_pylist()
    ]
    for row in works:
        row["fields"] = sorted(row["fields"], key=lambda field: (field["scheme"], field["field_id"]))
        row |= _author_sets(row["authorships"])
    return pa.Table.from_pylist(works, schema=to_arrow_schema(canonical.WORKS.schema))


def _author_sets(authorships: list[dict[str, Any]]) -> dict[str, list[Any]]:
    whose = {"first_countries": "is_first", "last_countries": "is_last", "corresponding_countries": "is_corresponding"}
    known = [a for a in authorships if a["country_code"]]
    pairs = {(a["author_id"], a["country_code"]) for a in known if a["author_id"]}
    return {
        "countries": sorted({a["country_code"] for a in known}),
        "author_ids": sorted({a["author_id"] for a in authorships if a["author_id"]}),
        "author_countries": [{"author_id": id_, "country_code": code} for id_, code in sorted(pairs)],
    } | {name: sorted({a["country_code"] for a in known if a[flag]}) for name, flag in whose.items()}


def signed_works(spark: SparkSession, literal: str) -> DataFrame:
    """Works of a literal of authorships, which names work_id, pub_year, author_id and country_code."""
    by_work: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for row in rows(literal):
        flags = {"is_first": False, "is_last": False, "is_corresponding": False}
        by_work.setdefault((row["work_id"], row["pub_year"]), []).append(row | flags)
    names = ("work_id", "pub_year", "countries", "author_ids", "author_countries")
    works = [
        {"work_id": id_, "pub_year": year} | {name: sets[name] for name in names[2:]}
        for (id_, year), signed in by_work.items()
        if (sets := _author_sets(signed))
    ]
    schema = StructType([StructField(c.name, c.type) for c in canonical.WORKS.columns if c.name in names])
    table = pa.Table.from_pylist(works, schema=to_arrow_schema(schema))
    return spark.createDataFrame(table, schema)


def canonical_literals(spark: SparkSession, **literals: str) -> dict[str, DataFrame]:
    """The canonical tables of literals, completed as `oracle.literals.canonical_tables` does."""
    return canonical_frames(spark, canonical_tables(literals))


def config_of(**settings: Any) -> Config:
    """The configuration with these `section__key` settings."""
    return configuration.load(settings=[f"{key.replace('__', '.')}={_toml(value)}" for key, value in settings.items()])


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


@dataclass
class World:
    """Every table of a study over canonical tables, made as the pipeline makes them, without a store."""

    spark: SparkSession
    canonical: Mapping[str, DataFrame]
    context: Context

    @classmethod
    def of(cls, spark: SparkSession, flat: Mapping[str, pa.Table], config: Config, source: Source) -> "World":
        """A study over flat canonical tables."""
        by_year = Counter(str(year) for year in flat["works"]["pub_year"].to_pylist())
        newest = config.snapshot.last_full_year or last_full_year(by_year)
        return cls(spark, canonical_frames(spark, flat), Context(config, source, newest))

    @classmethod
    def of_truth(cls, spark: SparkSession, truth: Path, *, source: Source = "openalex", **settings: Any) -> "World":
        """A study over the truth of a simulated snapshot."""
        flat = {name: pq.read_table(truth / f"{name}.parquet") for name in CANONICAL_SCHEMAS}
        return cls.of(spark, flat, config_of(**settings), source)

    @cached_property
    def tables(self) -> dict[str, DataFrame]:
        """Every derived and result table, each written out before the next is made from it."""
        return self.made(*(stage.table.name for stage in STAGES))

    def made(self, *names: str) -> dict[str, DataFrame]:
        """These tables and those they are made from."""
        needed = set(names)
        for stage in reversed(STAGES):
            if stage.table.name in needed:
                needed |= {table.name for table in stage.inputs}
        made = dict(self.canonical)
        for stage in STAGES:
            if stage.table.name not in needed:
                continue
            rows = self._make(stage, made)
            assert_declared(rows, stage.table)
            made[stage.table.name] = self.spark.createDataFrame(rows.toArrow(), _without_comments(stage.table))
        return made

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        return [row.asDict(recursive=True) for row in self.tables[name].collect()]

    def _make(self, stage: Stage, tables: Mapping[str, DataFrame]) -> DataFrame:
        return stage.make(*(tables[table.name] for table in stage.inputs), **stage.parameters(self.context))

    def assert_repartitioning_changes_nothing(self, name: str) -> None:
        """Whatever the partitions of its inputs, a table has the same rows, doubles to the bit."""
        stage = next(stage for stage in STAGES if stage.table.name == name)
        assert self.tables[name].count(), f"{name} is empty here: nothing would be compared"
        for n_partitions in (1, 5):
            spread = {table.name: self.tables[table.name].repartition(n_partitions) for table in stage.inputs}
            assert_same_rows(self._make(stage, spread), self.tables[name])

    def assert_empty_without_works(self, name: str) -> None:
        """From empty inputs a table is empty, and still has its columns."""
        stage = next(stage for stage in STAGES if stage.table.name == name)
        made = self._make(stage, {table.name: self.tables[table.name].limit(0) for table in stage.inputs})
        assert_declared(made, stage.table)
        assert made.count() == 0


def assert_same_rows(actual: DataFrame, expected: DataFrame) -> None:
    """The same rows in any order, doubles to the bit."""
    assert_df_equality(actual, expected, transforms=[_in_order], ignore_nullable=True, ignore_metadata=True)


def _in_order(rows: DataFrame) -> DataFrame:
    """Sorted by all columns; chispa's own order would hash arrays, which Sail does not."""
    return rows.sort(
        *(
            F.col(field.name).cast("string") if isinstance(field.dataType, ArrayType) else F.col(field.name)
            for field in rows.schema.fields
        )
    )


def _without_comments(table: Table) -> StructType:
    return StructType([StructField(column.name, column.type) for column in table.columns])
