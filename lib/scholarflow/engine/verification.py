"""What the store verifies on staged files before their commit: types, NOT NULL, checks, key."""

from collections.abc import Container, Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from scholarflow.engine.places import Place
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


def verify(engine: Engine, table: Table, folder: Place, staged: Sequence[StagedFile]) -> None:
    """Verifies staged files: NOT NULL by the Parquet footers where they count nulls, the rest by one aggregation.

    Errors: CheckError naming table, rule and an offending row.
    """
    for column in table.columns:
        nulls = sum(file.nulls.get(column.name, 0) for file in staged)
        if nulls and not column.nullable:
            raise CheckError(f"table {table.name}: column {column.name}: {nulls} nulls where none may be")
    counted = {name for name in table.column_names if all(name in file.nulls for file in staged)}
    if staged and (table.grain or table.checks or table.row_checks):
        assert not table.partition_columns, (
            "partitions lie in folders of their own, which Spark does not read from here"
        )
        rows = engine.spark.read.schema(table.stored_schema).parquet(engine.address(folder))
        verify_rows(rows, table, without_nulls=counted, with_key=not table.unfolded_from)


def verify_rows(rows: DataFrame, table: Table, *, without_nulls: Container[str] = (), with_key: bool = True) -> None:
    """Verifies key, checks and NOT NULL by one aggregation, by the key if that is to be verified.

    `without_nulls` names the columns whose nulls were counted already.
    Errors: CheckError naming table, rule and an offending row.
    """
    by_key = with_key and bool(table.grain)
    checks = (
        dict(table.checks)
        | dict(table.row_checks)
        | {
            f"{column.name}_not_null": f"{column.name} IS NOT NULL"
            for column in table.columns
            if not column.nullable and column.name not in without_nulls
        }
    )
    if not (by_key or checks):
        return
    broken = [F.sum(F.expr(f"CASE WHEN {check} THEN 0 ELSE 1 END")).alias(name) for name, check in checks.items()]
    if by_key:
        counted = rows.groupBy(*table.grain).agg(F.count(F.lit(1)).alias("n_rows"), *broken)
        worst = counted.agg(F.max("n_rows").alias("n_rows"), *(F.sum(name).alias(name) for name in checks)).collect()[0]
        if (worst["n_rows"] or 0) > 1:
            _raise_repeated(table, rows)
    else:
        worst = rows.agg(*broken).collect()[0]
    for name, check in checks.items():
        if worst[name]:
            _raise_broken(table, rows, name, check, worst[name])


def _raise_broken(table: Table, rows: DataFrame, name: str, check: str, n_rows: int) -> None:
    shown = table.grain or table.column_names
    offender = rows.where(f"NOT coalesce({check}, false)").select(*shown).limit(1).collect()[0].asDict()
    raise CheckError(f"table {table.name}: check {name} ({check}) fails in {n_rows:,} rows, as in {offender}")


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
