"""Table study_statistics: single numbers of a study, beside those that the paper published."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import atanh, nan, sqrt, tanh
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import as_table, per_group
from scholarflow.comparison.stayers import DIRECTION, entries, outcomes_of_movers
from scholarflow.tables.results import STUDY_STATISTICS

#: Statistics of a country: the column of country_totals they are, and that of what they are made of.
_OF_COUNTRIES = {
    "works": ("n_works", "n_works"),
    "share_works": ("share_works", "n_works"),
    "scientists": ("n_scientists", "n_scientists"),
    "total_c2": ("total_c2", "n_works"),
    "share_hits": ("share_hits", "n_works"),
}
_NORMAL_975 = 1.959963984540054
#: Shares of works enter correlations as whole numbers of this unit, exact for up to 16 works.
_SHARE_UNIT = 720_720
#: Which years count, by statistic: the paper's all from the move on; those with the destination as primary country.
_OF_AGE = {"correlation_age_origin_share": "all", "correlation_age_origin_share_staying": "staying"}


def study_statistics(
    field_works: DataFrame,
    scientists: DataFrame,
    citation_windows: DataFrame,
    country_totals: DataFrame,
    migrations: DataFrame,
    scientist_years: DataFrame,
    scientist_strata: DataFrame,
    scientist_partner_years: DataFrame,
    *,
    pairs: Sequence[Sequence[str]],
    published: Sequence[tuple[str, str, float]],
    first_year: int,
    last_year: int,
) -> DataFrame:
    """One row per statistic and subset: `all`, a country of the pairs, or a direction as `CN>US`.

    Shuffled are the years of the movers of the pairs, by scientist; everything else is summed where it lies.
    """
    of_period = F.col("pub_year").between(first_year, last_year)
    led = field_works.where(of_period & (F.size("lead_countries") > 0))
    countries = sorted({country for pair in pairs for country in pair})
    movers = entries(migrations, scientist_strata).where(
        F.concat_ws(">", *DIRECTION).isin([">".join(way) for pair in pairs for way in (pair, pair[::-1])])
    )
    found = (
        _counted(led, "field_works_led")
        .unionByName(_counted(scientists, "scientists"))
        .unionByName(_of_countries(country_totals, countries))
        .unionByName(_windows(citation_windows.where(of_period & F.col("c5_complete"))), allowMissingColumns=True)
        .unionByName(_ages(movers, scientist_years, scientist_strata, scientist_partner_years))
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
            F.struct(
                F.lit(name).alias("statistic"), F.col(column).cast("double").alias("value"), F.col(of).alias("n")
            ).cast("struct<statistic: string, value: double, n: bigint>")
            for name, (column, of) in _OF_COUNTRIES.items()
        )
    )
    chosen = country_totals.where((F.col("years") == "period") & F.col("country_code").isin(list(countries)))
    unfolded = chosen.select(F.col("country_code").alias("subset"), F.inline(values))
    return unfolded.select("statistic", "subset", "value", "n")


def _windows(windows: DataFrame) -> DataFrame:
    key = F.lit("correlation_c2_c5").alias("statistic"), F.lit("all").alias("subset")
    return _sums(windows.select(*key, "c2", "c5"))


def _ages(movers: DataFrame, years: DataFrame, strata: DataFrame, partners: DataFrame) -> DataFrame:
    """Academic age in the year of the move, and the share of field works from then on with others in the origin."""
    ages = years.select("author_id", "pub_year", "career_age")
    of_movers = outcomes_of_movers(movers, strata, partners).join(ages, on=["author_id", "pub_year"], how="inner")
    shares = F.array(
        *(
            F.struct(
                F.lit(statistic).alias("statistic"),
                F.round(F.col(f"met_{sample}") * F.lit(float(_SHARE_UNIT)) / F.col(f"works_{sample}")).alias("share"),
            ).cast("struct<statistic: string, share: bigint>")
            for statistic, sample in _OF_AGE.items()
        )
    )
    told = of_movers.select(F.concat_ws(">", *DIRECTION).alias("subset"), "career_age", F.inline(shares))
    return _sums(told.select("statistic", "subset", "career_age", "share"))


def _sums(rows: DataFrame) -> DataFrame:
    """Of two numbers by statistic and subset: sums, of squares and products too, in whole numbers."""
    x, y = (F.col(name).cast("bigint") for name in rows.columns[2:])
    sums = {"x": x, "y": y, "xx": x * x, "yy": y * y, "xy": x * y}
    # The products come first: Sail has one name for two sums over expressions of one column.
    return (
        rows.select("statistic", "subset", *(value.alias(name) for name, value in sums.items()))
        .groupBy("statistic", "subset")
        .agg(F.count(F.lit(1)).alias("n"), *(F.sum(name).alias(name) for name in sums))
        .select("statistic", "subset", F.lit(None).cast("double").alias("value"), "n", *sums)
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
