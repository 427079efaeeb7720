"""Table study_statistics: single numbers of a study, beside those that the paper published."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import atanh, nan, sqrt, tanh
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import as_table, per_group
from scholarflow.tables.results import STUDY_STATISTICS

#: Statistics of a country, and the column of country_totals they are.
_OF_COUNTRIES = {
    "works": "n_works",
    "share_works": "share_works",
    "scientists": "n_scientists",
    "total_c2": "total_c2",
    "share_hits": "share_hits",
}
_NORMAL_975 = 1.959963984540054


def study_statistics(
    field_works: DataFrame,
    scientists: DataFrame,
    citation_windows: DataFrame,
    country_totals: DataFrame,
    *,
    pairs: Sequence[Sequence[str]],
    published: Sequence[tuple[str, str, float]],
    first_year: int,
    last_year: int,
) -> DataFrame:
    """One row per statistic and subset: `all`, or a country of the pairs."""
    of_period = F.col("pub_year").between(first_year, last_year)
    led = field_works.where(of_period & (F.size("lead_countries") > 0))
    countries = sorted({country for pair in pairs for country in pair})
    found = (
        _counted(led, "field_works_led")
        .unionByName(_counted(scientists, "scientists"))
        .unionByName(_of_countries(country_totals, countries))
        .unionByName(_windows(citation_windows.where(of_period & F.col("c5_complete"))), allowMissingColumns=True)
    )
    beside = {(statistic, subset): value for statistic, subset, value in published}
    return per_group(found, ["statistic"], partial(_statistics, published=beside), STUDY_STATISTICS)


def _counted(rows: DataFrame, statistic: str) -> DataFrame:
    return rows.agg(F.count(F.lit(1)).alias("n")).select(
        F.lit(statistic).alias("statistic"), F.lit("all").alias("subset"), F.col("n").cast("double").alias("value"), "n"
    )


def _of_countries(country_totals: DataFrame, countries: Sequence[str]) -> DataFrame:
    values = F.array(
        *(
            F.struct(F.lit(name).alias("statistic"), F.col(column).cast("double").alias("value")).cast(
                "struct<statistic: string, value: double>"
            )
            for name, column in _OF_COUNTRIES.items()
        )
    )
    chosen = country_totals.where((F.col("years") == "period") & F.col("country_code").isin(list(countries)))
    unfolded = chosen.select(F.col("country_code").alias("subset"), F.col("n_works").alias("n"), F.inline(values))
    return unfolded.select("statistic", "subset", "value", "n")


def _windows(windows: DataFrame) -> DataFrame:
    """Sums of c2 and c5, their squares and products: whole numbers, the same for any partitioning."""
    x, y = F.col("c2"), F.col("c5")
    sums = {"x": x, "y": y, "xx": x * x, "yy": y * y, "xy": x * y}
    return windows.agg(
        F.count(F.lit(1)).alias("n"), *(F.sum(value).alias(name) for name, value in sums.items())
    ).select(
        F.lit("correlation_c2_c5").alias("statistic"),
        F.lit("all").alias("subset"),
        F.lit(None).cast("double").alias("value"),
        "n",
        *sums,
    )


def _statistics(found: pa.Table, published: Mapping[tuple[str, str], float]) -> pa.Table:
    rows = [
        {
            **row,
            "published_value": published.get((row["statistic"], row["subset"]), nan),
            **(_correlation(row) if row["statistic"].startswith("correlation_") else {"ci_low": nan, "ci_high": nan}),
        }
        for row in found.to_pylist()
    ]
    return as_table(rows, STUDY_STATISTICS)


def _correlation(sums: Mapping[str, Any]) -> dict[str, float]:
    """Pearson's r, and its 95 % interval by Fisher's z, which takes works as independent; NaN without variance."""
    n = sums["n"]
    if n < 2:
        return {"value": nan, "ci_low": nan, "ci_high": nan}
    # n · Σxy − Σx · Σy, in whole numbers of any length.
    spread_x = n * sums["xx"] - sums["x"] ** 2
    spread_y = n * sums["yy"] - sums["y"] ** 2
    if not (spread_x and spread_y):
        return {"value": nan, "ci_low": nan, "ci_high": nan}
    r = (n * sums["xy"] - sums["x"] * sums["y"]) / (sqrt(spread_x) * sqrt(spread_y))
    if n <= 3 or abs(r) >= 1:
        return {"value": r, "ci_low": nan, "ci_high": nan}
    error = _NORMAL_975 / sqrt(n - 3)
    return {"value": r, "ci_low": tanh(atanh(r) - error), "ci_high": tanh(atanh(r) + error)}
