"""A table as plain columns: what holds for a pair of countries in columns named after the pair."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql.pandas.types import to_arrow_type

from scholarflow.foreign_text import without_formulas
from scholarflow.study.kinds import directions_of
from scholarflow.tables import Column, Table

#: Members of an element that say whose it is: they name its columns, and are none themselves.
_NAMING = ("partner_country", "origin_country", "destination_country")


@dataclass(frozen=True)
class FlatColumn:
    """A column of the exported file: as declared, under its name there.

    Of a list of rows it is one member, of the element with these values of the members that say whose it is.
    """

    column: Column
    member_of: str = ""
    whose: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return "_".join([self.column.name, *self.whose])

    @property
    def meaning(self) -> str:
        if not self.member_of:
            return self.column.comment
        if len(self.whose) > 1:
            return f"{' to '.join(self.whose)}: {self.column.comment}"
        return f"partner {self.whose[0]}: {self.column.comment}; null where the row's country has no such partner"

    @property
    def type(self) -> pa.DataType:
        return to_arrow_type(self.column.type)


def flat_columns(table: Table, pairs: Sequence[Sequence[str]]) -> list[FlatColumn]:
    """The columns of an exported table, in order; `pairs` are those it was made with."""
    flat = []
    for column in table.columns:
        naming = [member.name for member in column.members if member.name in _NAMING]
        if not naming:
            flat.append(FlatColumn(column))
            continue
        ways = directions_of(pairs)
        whose = ways if len(naming) > 1 else sorted({(partner,) for _, partner in ways})
        flat += [
            FlatColumn(replace(member, nullable=True), column.name, tuple(of))
            for of in whose
            for member in column.members
            if member.name not in _NAMING
        ]
    return flat


def flattened(batch: pa.RecordBatch, columns: Sequence[FlatColumn]) -> pa.RecordBatch:
    """The rows of a batch in these columns."""
    places: dict[tuple[str, tuple[str, ...]], Any] = {}
    arrays = []
    for column in columns:
        if not column.member_of:
            arrays.append(batch.column(column.name).cast(column.type))
            continue
        elements = pc.list_flatten(batch.column(column.member_of))
        key = (column.member_of, column.whose)
        if key not in places:
            places[key] = _places(batch.column(column.member_of), elements, column.whose)
        arrays.append(pc.struct_field(elements, column.column.name).take(places[key]).cast(column.type))
    return pa.RecordBatch.from_arrays(arrays, [column.name for column in columns])


def _places(lists: Any, elements: Any, whose: tuple[str, ...]) -> Any:
    """For each row the place of its element of a pair among all elements; null: it has none."""
    names = [name for name in _NAMING if elements.type.get_field_index(name) >= 0]
    is_of_pair = np.ones(len(elements), bool)
    for name, value in zip(names, whose, strict=True):
        names_it = pc.equal(pc.struct_field(elements, name).cast(pa.string()), pa.scalar(value))
        is_of_pair &= names_it.to_numpy(zero_copy_only=False)
    place = np.full(len(lists), -1)
    place[pc.list_parent_indices(lists).to_numpy()[is_of_pair]] = np.flatnonzero(is_of_pair)
    return pa.array(place, mask=place < 0)


def as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Lists as JSON, which CSV has no other word for, and no text that a spreadsheet takes for a formula."""
    arrays = [
        pa.array([None if value is None else _json(value) for value in column.to_pylist()], pa.string())
        if pa.types.is_nested(column.type)
        else column
        for column in batch.columns
    ]
    return without_formulas(pa.RecordBatch.from_arrays(arrays, batch.schema.names))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
