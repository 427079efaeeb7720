"""What is verified of rows before a commit, in the words of the message."""

import pytest
from pyspark.sql import DataFrame

from scholarflow.engine import Engine
from scholarflow.engine.verification import require_schema, schema_differences, verify_rows
from scholarflow.errors import CheckError
from scholarflow.tables.declaration import BIGINT, DOUBLE, STRING, Table, optional, required

SHARES = Table(
    "shares",
    "Shares by country.",
    grain=("country_code",),
    columns=(optional("country_code", STRING, "code"), required("n", BIGINT, "n"), optional("share", DOUBLE, "share")),
    checks={"a_share": "share IS NULL OR share >= 0 AND share <= 1", "some": "n > 0"},
)


def shares(engine: Engine, *rows: tuple[str | None, int | None, float | None]) -> DataFrame:
    return engine.spark.createDataFrame(list(rows), "country_code string, n bigint, share double")


def test_rows_as_declared(either: Engine) -> None:
    rows = shares(either, ("AT", 1, 0.0), (None, 2, 1.0), ("BE", 3, None))
    require_schema(rows.schema, SHARES)
    verify_rows(rows, SHARES)
    verify_rows(rows.limit(0), SHARES)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("CZ", 1, 1.5), r"shares: check a_share \(.*\) fails in 1 rows, as in {'country_code': 'CZ'}"),
        (("CZ", 0, 0.5), "check some .*'CZ'"),
        (("CZ", None, 0.5), "check (some|n_not_null) .*'CZ'"),
        (("AT", 1, 0.5), "shares: key repeated 2 times: {'country_code': 'AT'}"),
        ((None, 1, 0.5), "shares: key repeated 2 times: {'country_code': None}"),
    ],
)
def test_rows_that_break_it(either: Engine, row: tuple[str | None, int | None, float | None], message: str) -> None:
    with pytest.raises(CheckError, match=message):
        verify_rows(shares(either, ("AT", 1, 0.0), (None, 2, 1.0), row), SHARES)


def test_schema_differences(sail: Engine) -> None:
    assert schema_differences(shares(sail).schema, SHARES) == []
    other = sail.spark.createDataFrame([], "share string, n bigint, more int")
    assert schema_differences(other.schema, SHARES) == [
        "column country_code is missing",
        "column more is not declared",
        "column share is string, declared double",
    ]
