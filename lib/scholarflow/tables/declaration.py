"""How a table is declared."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    DateType,
    DoubleType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
)

BIGINT, INT, DOUBLE = LongType(), IntegerType(), DoubleType()
STRING, BOOLEAN, DATE = StringType(), BooleanType(), DateType()
BIGINTS, STRINGS = ArrayType(LongType()), ArrayType(StringType())


@dataclass(frozen=True)
class Column:
    """A column: its type, what it means, and whether a null is allowed (then the comment says what it means)."""

    name: str
    type: DataType
    comment: str
    nullable: bool


def required(name: str, type_: DataType, comment: str) -> Column:
    """A column that is never null."""
    return Column(name, type_, comment, nullable=False)


def optional(name: str, type_: DataType, comment: str) -> Column:
    """A column that may be null."""
    return Column(name, type_, comment, nullable=True)


@dataclass(frozen=True)
class Table:
    """A table: one row per `grain` (nulls equal; an empty grain promises no key), and what holds in every row.

    `checks` are SQL conditions in the part of the language that Delta, Spark and Sail share; a null result fails,
    as in Delta. `layout` names the columns whose neighbours lie together in the files, so that readers of a
    range of them skip the rest and an aggregation by the first of them hardly shuffles. `by_study` tables lie
    under `studies/<name>`, the others directly under the root; `as_csv` ones are also exported. Of a `partitioned`
    table the first layout column is a Delta partition.
    """

    name: str
    comment: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: Mapping[str, str] = field(default_factory=dict)
    layout: tuple[str, ...] = ()
    by_study: bool = False
    as_csv: bool = False
    partitioned: bool = False

    def __post_init__(self) -> None:
        names = self.column_names
        unknown = [name for name in (*self.grain, *self.layout) if name not in names]
        if unknown or len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: grain, layout and columns disagree: {unknown or names}")

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def partition_columns(self) -> list[str]:
        return list(self.layout[:1]) if self.partitioned else []

    @property
    def schema(self) -> StructType:
        """The table's schema for Spark and, as JSON, for Delta: nullability and comments included."""
        return StructType([StructField(c.name, c.type, c.nullable, {"comment": c.comment}) for c in self.columns])
