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
    """A column: its type, what it means, and whether a null is allowed (then the comment says what it means).

    `unit` is what its numbers count, where that is worth a word of its own: citations, works, years, share.
    `members` say what the fields of an array of structs mean, in their order.
    """

    name: str
    type: DataType
    comment: str
    nullable: bool
    unit: str = ""
    members: tuple["Column", ...] = ()


def required(name: str, type_: DataType, comment: str, unit: str = "") -> Column:
    """A column that is never null."""
    return Column(name, type_, comment, nullable=False, unit=unit)


def optional(name: str, type_: DataType, comment: str, unit: str = "") -> Column:
    """A column that may be null."""
    return Column(name, type_, comment, nullable=True, unit=unit)


def listed(name: str, comment: str, *members: Column) -> Column:
    """A column that holds a list of rows, each of these members; empty, never null."""
    type_ = ArrayType(StructType([StructField(member.name, member.type) for member in members]))
    return Column(name, type_, comment, nullable=False, members=members)


@dataclass(frozen=True)
class Table:
    """A table: one row per `grain` (nulls equal; an empty grain promises no key), and what holds in every row.

    `checks` are SQL conditions in the part of the language that Delta, Spark and Sail share; a null result fails,
    as in Delta; `row_checks` likewise, in words that Delta itself does not know, and only the store verifies them.
    A table `unfolded_from` another has a row for each element of a list there, whose row checks say that no list holds
    an element twice: its key needs no look of its own. `by_study` tables lie under `studies/<name>`, the others
    directly under the root; `as_csv` ones are also exported. `partitioned_by` names a Delta partition column.
    """

    name: str
    comment: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: Mapping[str, str] = field(default_factory=dict)
    row_checks: Mapping[str, str] = field(default_factory=dict)
    unfolded_from: str = ""
    by_study: bool = False
    as_csv: bool = False
    partitioned_by: str = ""

    def __post_init__(self) -> None:
        names = self.column_names
        unknown = [name for name in (*self.grain, *self.partition_columns) if name not in names]
        if unknown or len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: grain, partition and columns disagree: {unknown or names}")

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def partition_columns(self) -> list[str]:
        return [self.partitioned_by] if self.partitioned_by else []

    @property
    def stored_schema(self) -> StructType:
        """Names and types alone, without the partition column, as they stand in the table's files."""
        return StructType([StructField(c.name, c.type) for c in self.columns if c.name != self.partitioned_by])

    @property
    def schema(self) -> StructType:
        """The table's schema for Spark and, as JSON, for Delta: nullability and comments included."""
        return StructType([StructField(c.name, c.type, c.nullable, {"comment": c.comment}) for c in self.columns])
