"""Table post_move_years: work across a move by years since it, an event study."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import as_table, per_group
from scholarflow.columns import fraction
from scholarflow.comparison.contrasts import Contrast, Resampling, contrasts, interval
from scholarflow.comparison.directions import PAIR, by_direction, names_of
from scholarflow.comparison.matching import CLASS, SUMS, compared
from scholarflow.comparison.scientist_strata import STRATUM
from scholarflow.comparison.stayers import entries
from scholarflow.tables.movers import POST_MOVE_YEARS

#: One comparison: scientists of a country, the other country of the move, the years that count, years since the move.
_COMPARISON = ("home_country", "partner_country", "sample", "years_since_move")


def post_move_years(
    scientist_strata: DataFrame,
    scientist_partner_years: DataFrame,
    migrations: DataFrame,
    *,
    leads: int,
    lags: int,
    reference_year: int,
    resampling: Mapping[str, Any],
) -> DataFrame:
    """One row per origin and destination with an entry, sample and year since the move in which movers have works.

    The home is the origin before the move and the destination from it on, the partner the other one. Movers of a year
    are compared with scientists of the home who never moved, in the same stratum in the year of the move, as far as
    both have works in the year looked at: cohorts are stacked by year of the move (Cengiz, Dube, Lindner & Zipperer
    2019, doi:10.1093/qje/qjz014), and nobody who moves is a control. What is shuffled are the works of stayers by year
    since each year they might have moved in, once for each pair with a mover in their stratum.
    """
    movers = entries(migrations, scientist_strata)
    is_before = F.col("years_since_move") < 0
    origin, destination = F.col("origin_country"), F.col("country_code")
    of_movers = _met(
        _around(movers, scientist_strata, leads, lags)
        .withColumn("home_country", F.when(is_before, origin).otherwise(destination))
        .withColumn("partner_country", F.when(is_before, destination).otherwise(origin)),
        scientist_partner_years,
        how="left",
    )
    stayers = scientist_strata.where("is_stayer").select("author_id", "country_code", *STRATUM)
    of_stayers = _around(stayers, scientist_strata, leads, lags).withColumn("home_country", F.col("country_code"))
    movers_by_sample = _by_sample(of_movers).select(*_COMPARISON, *STRATUM, "author_id", "n_works", "n_met")
    sums = _sums(movers_by_sample, _by_sample(of_stayers), scientist_partner_years)
    home, partner = F.col("home_country"), F.col("partner_country")
    rows = partial(_rows, reference_year=reference_year, resampling=Resampling(**resampling))
    return per_group(
        sums.withColumns(
            {
                "origin_country": F.when(is_before, home).otherwise(partner),
                "destination_country": F.when(is_before, partner).otherwise(home),
            }
        ),
        PAIR,
        rows,
        POST_MOVE_YEARS,
    )


def _around(units: DataFrame, strata: DataFrame, leads: int, lags: int) -> DataFrame:
    """Scientist-years once for each year around them with field works: years_since_move, year, country, n_works."""
    years = strata.where("n_field_works > 0").select(
        "author_id",
        F.col("pub_year").alias("year"),
        F.col("country_code").alias("country"),
        F.col("n_field_works").alias("n_works"),
    )
    return (
        units.join(years, on="author_id", how="inner")
        .withColumn("years_since_move", F.col("year") - F.col("pub_year"))
        .where(F.col("years_since_move").between(-leads, lags))
    )


def _met(events: DataFrame, partners: DataFrame, *, how: str) -> DataFrame:
    """Adds n_met, works with another author in the partner country; inner: once for every partner there is."""
    met = partners.select(
        "author_id", F.col("pub_year").alias("year"), "partner_country", F.col("n_field_works").alias("n_met")
    )
    keys = ["author_id", "year"] + ["partner_country"] * ("partner_country" in events.columns)
    return events.join(met, on=keys, how=how).withColumn("n_met", F.coalesce("n_met", F.lit(0).cast("bigint")))


def _by_sample(events: DataFrame) -> DataFrame:
    """Events once for each sample that counts them."""
    is_staying = F.col("country") == F.col("home_country")
    samples = F.array(F.lit("all"), F.when(is_staying, F.lit("staying")))
    return events.withColumn("sample", F.explode(samples)).where("sample IS NOT NULL")


def _sums(movers: DataFrame, stayers: DataFrame, partners: DataFrame) -> DataFrame:
    """`SUMS` by comparison and scientist: of movers against stayers, and of all movers alone (is_matched: false).

    Stayers stand once for each partner of a mover in their stratum as having written with nobody there; what they did
    write is added.
    """
    sought = movers.select(*_COMPARISON, *STRATUM).distinct()
    share = fraction(F.col("n_met"), F.col("n_works"))
    one, none = F.lit(1), F.lit(0)
    in_any = [name for name in (*_COMPARISON, *STRATUM) if name != "partner_country"]
    classes = (
        _filled(movers, CLASS, n_treated=one, treated_sum=share)
        .unionByName(_filled(stayers.join(sought, on=in_any, how="inner"), CLASS, n_controls=one))
        .unionByName(
            _filled(
                _met(stayers, partners, how="inner").join(sought, on=[*_COMPARISON, *STRATUM], how="left_semi"),
                CLASS,
                control_sum=share,
            )
        )
    )
    matched = compared(classes, None, comparison=_COMPARISON, cluster="author_id", stratum=STRATUM)
    names = [*_COMPARISON, "author_id"]
    alone = _filled(
        movers,
        [*SUMS, "n_works", "n_met"],
        n_matched=one,
        treated_sum=share,
        n_works=F.col("n_works"),
        n_met=F.col("n_met"),
    )
    return (
        matched.withColumns({"n_works": none.cast("bigint"), "n_met": none.cast("bigint"), "is_matched": F.lit(True)})
        .unionByName(alone.drop(*STRATUM).withColumn("is_matched", F.lit(False)))
        .select(*names, *SUMS, "n_works", "n_met", "is_matched")
    )


def _filled(rows: DataFrame, names: Any, **values: Column) -> DataFrame:
    """Comparison, stratum and scientist with the numbers named, 0 where no value is given."""
    numbers = (values.get(name, F.lit(0)).cast("bigint").alias(name) for name in names)
    return rows.select(*_COMPARISON, *STRATUM, "author_id", *numbers)


def _rows(sums: pa.Table, reference_year: int, resampling: Resampling) -> pa.Table:
    """The rows of the table, from the sums of some directions by scientist."""
    rows = []
    for of_direction in by_direction(sums, *PAIR):
        found = {
            (key["sample"], key["years_since_move"], key["is_matched"]): contrast
            for key, contrast in contrasts(
                of_direction, resampling, by=["sample", "years_since_move", "is_matched"], cluster="author_id"
            )
        }
        works = of_direction.group_by(["sample", "years_since_move", "partner_country"]).aggregate(
            [("n_works", "sum"), ("n_met", "sum")]
        )
        names = names_of(*(of_direction.column(name)[0].as_py() for name in PAIR))
        for year in works.to_pylist():
            key = (year["sample"], year["years_since_move"])
            rows.append(
                names
                | {name: year[name] for name in ("sample", "years_since_move", "partner_country")}
                | {"n_works": year["n_works_sum"], "pooled_share": year["n_met_sum"] / year["n_works_sum"]}
                | _of_movers(found[*key, False], resampling)
                | _against_stayers(found[*key, True], resampling)
                | _since(
                    found[*key, True],
                    found.get((key[0], reference_year, True)),
                    resampling,
                    is_reference=key[1] == reference_year,
                )
            )
    return as_table(rows, POST_MOVE_YEARS)


def _of_movers(movers: Contrast, resampling: Resampling) -> dict[str, Any]:
    enough = movers.n_treated_clusters >= resampling.min_clusters
    low, high = interval(movers.treated_means, resampling.level) if enough else (np.nan, np.nan)
    return {
        "n_scientists": movers.totals["n_matched"],
        "share": movers.means[0],
        "ci_low": low,
        "ci_high": high,
    }


def _against_stayers(matched: Contrast, resampling: Resampling) -> dict[str, Any]:
    of_movers, of_controls = matched.means
    enough = matched.is_enough(resampling)
    low, high = interval(matched.differences, resampling.level) if enough else (np.nan, np.nan)
    return {
        "n_matched": matched.totals["n_matched"],
        "n_controls": matched.totals["n_controls"],
        "n_control_scientists": matched.n_control_clusters,
        "share_matched": of_movers,
        "share_controls": of_controls,
        "difference": of_movers - of_controls,
        "difference_low": low,
        "difference_high": high,
    }


def _since(
    matched: Contrast, reference: Contrast | None, resampling: Resampling, *, is_reference: bool
) -> dict[str, float]:
    """By how much the difference exceeds that of the reference year, in the same draws."""
    names = ("since_reference", "since_reference_low", "since_reference_high")
    if reference is None:
        return dict.fromkeys(names, np.nan)
    difference = (matched.means[0] - matched.means[1]) - (reference.means[0] - reference.means[1])
    if is_reference or not (matched.is_enough(resampling) and reference.is_enough(resampling)):
        return dict(zip(names, (difference, np.nan, np.nan), strict=True))
    resampled = matched.differences - reference.differences
    return dict(zip(names, (difference, *interval(resampled, resampling.level)), strict=True))
