"""Panels' `pairs` beside the columns of their row, for tests."""

from typing import Any

import pytest
from pyspark.sql import DataFrame

from oracle.literals import rows as literal_rows


def unfolded(rows: DataFrame) -> list[dict[str, Any]]:
    """A row for each element of `pairs`, its members beside the row's own columns."""
    return [
        {name: value for name, value in row.items() if name != "pairs"} | pair
        for row in (row.asDict(recursive=True) for row in rows.collect())
        for pair in row["pairs"]
    ]


def assert_pairs(rows: DataFrame, literal: str) -> None:
    """All elements of `pairs`, in the columns that the literal names; `''` there is the empty text."""
    wanted = [{name: "" if value == "''" else value for name, value in row.items()} for row in literal_rows(literal)]
    names = list(wanted[0])

    def in_order(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(({name: row[name] for name in names} for row in found), key=lambda row: str(list(row.values())))

    for found, expected in zip(in_order(unfolded(rows)), in_order(wanted), strict=True):
        assert found == {
            name: pytest.approx(value) if isinstance(value, float) else value for name, value in expected.items()
        }


def written(rows: DataFrame) -> DataFrame:
    """The same rows, made once however often they are looked at."""
    return rows.sparkSession.createDataFrame(rows.toArrow(), rows.schema)
