"""What the store verifies on staged files before their commit: types, NOT NULL, checks, key."""

from collections.abc import Sequence
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from scholarflow.engine.session import Engine
from scholarflow.engine.staging import StagedFile
from scholarflow.errors import CheckError
from scholarflow.tables import Table


def schema_differences(schema: StructType, table: Table) -> list[str]:
    """Every difference of names, order and types from the declaration; nothing is cast or dropped silently."""
    declared = [(column.name, column.type.simpleString()) for column in table.columns]
    given = [(field.name, field.dataType.simpleString()) for field in schema.fields]
    if given == declared:
        return []
    types = dict(given)
    differences = [f"column {name} is missing" for name, _ in declared if name not in types]
    differences += [f"column {name} is not declared" for name, _ in given if name not in dict(declared)]
    differences += [
        f"column {name} is {types[name]}, declared {type_}"
        for name, type_ in declared
        if name in types and types[name] != type_
    ]
    return differences or [f"columns are in the order {list(types)}, declared {table.column_names}"]


def require_schema(schema: StructType, table: Table) -> None:
    """Raises CheckError with every difference from the declaration."""
    if differences := schema_differences(schema, table):
        raise CheckError(f"table {table.name}: {'; '.join(differences)}")


def verify(engine: Engine, table: Table, folder: Path, staged: Sequence[StagedFile]) -> None:
    """Raises CheckError naming table, rule and an offending row.

    NOT NULL comes from the Parquet footers; checks and key from one aggregation over the staged files.
    """
    for column in table.columns:
        nulls = sum(file.nulls.get(column.name, 0) for file in staged)
        if nulls and not column.nullable:
            raise CheckError(f"table {table.name}: column {column.name}: {nulls} nulls where none may be")
    if not staged or not (table.grain or table.checks):
        return
    checks = _checks(table, staged)
    rows = engine.spark.read.parquet(str(folder))
    by_key = rows.groupBy(*table.grain) if table.grain else rows.groupBy(F.lit(0))
    broken = {name: F.sum(F.expr(f"CASE WHEN {check} THEN 0 ELSE 1 END")) for name, check in checks.items()}
    worst = (
        by_key.agg(F.count(F.lit(1)).alias("n_rows"), *(rule.alias(name) for name, rule in broken.items()))
        .agg(F.max("n_rows").alias("n_rows"), *(F.sum(name).alias(name) for name in broken))
        .collect()[0]
    )
    if table.grain and worst["n_rows"] > 1:
        _raise_repeated(table, rows)
    for name, check in checks.items():
        if worst[name]:
            offender = (
                rows.where(f"NOT coalesce({check}, false)")
                .select(*(table.grain or table.column_names))
                .limit(1)
                .collect()
            )
            raise CheckError(
                f"table {table.name}: check {name} ({check}) fails in {worst[name]} rows, as in {offender[0].asDict()}"
            )


def _checks(table: Table, staged: Sequence[StagedFile]) -> dict[str, str]:
    """The declared checks, and NOT NULL for the columns whose nulls the footers do not count: arrays."""
    uncounted = [
        column.name
        for column in table.columns
        if not column.nullable and any(column.name not in file.nulls for file in staged)
    ]
    return dict(table.checks) | {f"{name}_not_null": f"{name} IS NOT NULL" for name in uncounted}


def _raise_repeated(table: Table, rows: DataFrame) -> None:
    offender = (
        rows.groupBy(*table.grain)
        .agg(F.count(F.lit(1)).alias("n"))
        .where("n > 1")
        .orderBy(*table.grain)
        .limit(1)
        .collect()
    )
    values = offender[0].asDict()
    raise CheckError(f"table {table.name}: key repeated {values.pop('n')} times: {values}")
