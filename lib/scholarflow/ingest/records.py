"""Records of part files as structs: JSON lines strictly, Parquet by name."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, StructType

from scholarflow.engine import Engine, SourceFile, read_lines, read_parquet

#: What Spark's JSON reader accepts by default and JSON does not.
_STRICT = {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}


def json_records(engine: Engine, files: Sequence[SourceFile], schema: str) -> DataFrame:
    """source_path, record (the line) and value (the struct; null: not a JSON object). Blank lines are no records.

    The line is read as an array of one object: so both engines refuse a line that is cut short, has anything behind
    the object, or holds two.
    """
    lines = read_lines(engine, files).where("value RLIKE '[^[:space:]]'")
    as_array = F.from_json(F.concat(F.lit("["), F.col("value"), F.lit("]")), f"array<struct<{schema}>>", _STRICT)
    return lines.select("source_path", F.col("value").alias("record"), as_array.alias("array")).select(
        "source_path", "record", F.when(F.size("array") == 1, F.get("array", F.lit(0))).alias("value")
    )


def parquet_records(engine: Engine, files: Sequence[SourceFile], schema: str) -> DataFrame:
    """The same from Parquet: columns that a file lacks are null, new ones are ignored."""
    wanted = engine.spark.createDataFrame([], schema.replace("\n", " ")).schema
    stored = engine.spark.read.parquet(str(files[0].path)).schema
    present = [field.name for field in wanted.fields if field.name in stored.names]
    rows = read_parquet(engine, files, present)
    value = F.struct(
        *(
            conformed(F.col(field.name), stored[field.name].dataType, field.dataType).alias(field.name)
            if field.name in present
            else F.lit(None).cast(field.dataType).alias(field.name)
            for field in wanted.fields
        )
    )
    return rows.select("source_path", value.alias("value")).select(
        "source_path", F.to_json("value").alias("record"), "value"
    )


def conformed(column: Column, stored: DataType, wanted: DataType) -> Column:
    """A column as the type wanted: members of structs by name, missing ones null, others cast."""
    if isinstance(wanted, ArrayType) and isinstance(stored, ArrayType):
        return F.transform(column, lambda element: conformed(element, stored.elementType, wanted.elementType))
    if isinstance(wanted, StructType) and isinstance(stored, StructType):
        members = (
            conformed(column[field.name], stored[field.name].dataType, field.dataType).alias(field.name)
            if field.name in stored.names
            else F.lit(None).cast(field.dataType).alias(field.name)
            for field in wanted.fields
        )
        return F.when(column.isNotNull(), F.struct(*members))
    return column.cast(wanted)
