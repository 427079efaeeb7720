"""Table mover_profiles: how old, productive and cited movers are, against who was there and who went the other way."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.arrow import as_table, per_group
from scholarflow.career.timelines import run_starts
from scholarflow.comparison.contrasts import Contrast, Resampling, contrasts, interval
from scholarflow.comparison.directions import PAIR
from scholarflow.comparison.inference import welch_p
from scholarflow.comparison.matching import compared, in_units
from scholarflow.comparison.quantiles import quartiles
from scholarflow.countries import with_names
from scholarflow.study.scientists import movable
from scholarflow.tables.movers import MOVER_PROFILES

STAYERS, OPPOSITE = "stayers_of_destination", "opposite_direction"
#: What is compared, of the move year: columns of `scientist_years` by metric.
METRICS = {"career_age": "career_age", "n_works": "n_works", "citations": "cum_citations"}
TESTS = {STAYERS: "t, clustered by scientist", OPPOSITE: "Welch's t"}
_COMPARISON = (*PAIR, "comparison", "metric")
_CLUSTER = "cluster_id"


def mover_profiles(
    migrations: DataFrame,
    author_country_years: DataFrame,
    scientists: DataFrame,
    scientist_years: DataFrame,
    *,
    resampling: Mapping[str, Any],
) -> DataFrame:
    """One row per pair of countries with an entry, comparison and metric; movers are the entries of the period.

    Stayers are scientist-years in the destination in a year in which somebody entered it from the origin, of whoever
    never lived in the origin before; years are strata, each stayer of a year weighing (m_T/m_C). A scientist is a
    cluster. Years of scientists are shuffled by author; entries, and the numbers of both sides in each year of a pair,
    are small and broadcast. Each stayer-year then counts once for each origin from which somebody came that year, and
    is summed where it lies: what is shuffled are sums by pair, metric and scientist, and counts of values.
    """
    entries = migrations.where("is_entry").select("author_id", *PAIR, F.col("move_year").alias("pub_year"))
    metrics = scientist_years.select("author_id", "pub_year", _metrics())
    movers = metrics.join(F.broadcast(entries), on=["author_id", "pub_year"], how="inner")
    pairs = entries.groupBy(*PAIR).agg(F.count(F.lit(1)).alias("n_entries"))
    residents = _residents(author_country_years, scientists).join(metrics, on=["author_id", "pub_year"], how="inner")
    stayers = _stayers(residents, entries)
    units = (
        _units(movers, STAYERS, is_mover=1)
        .unionByName(_units(stayers, STAYERS, is_mover=0))
        .unionByName(_units(movers, OPPOSITE, is_mover=1))
        .unionByName(_units(_swapped(movers), OPPOSITE, is_mover=0))
        .join(F.broadcast(pairs), on=list(PAIR), how="inner")
    )
    classes = _classes(units, resampling["min_clusters"])
    sums = compared(
        classes,
        _totals(pairs),
        comparison=_COMPARISON,
        cluster=_CLUSTER,
        stratum=["stratum"],
        strata=_strata(units),
    )
    counts = units.groupBy(*_COMPARISON, "stratum", "value").agg(
        F.sum("is_mover").alias("n_movers"), F.sum(1 - F.col("is_mover")).alias("n_others")
    )
    profiles = partial(_profiles, resampling=Resampling(**resampling))
    return per_group(sums.unionByName(counts, allowMissingColumns=True), PAIR, profiles, MOVER_PROFILES)


def _metrics() -> Column:
    values = (
        F.struct(F.lit(metric).alias("metric"), F.col(column).cast("bigint").alias("value"))
        for metric, column in METRICS.items()
    )
    return F.array(*values).alias("metrics")


def _residents(author_country_years: DataFrame, scientists: DataFrame) -> DataFrame:
    """Years of scientists never in two countries at once, where they were in the field, and where they had been."""
    so_far = Window.partitionBy("author_id").orderBy("pub_year").rowsBetween(Window.unboundedPreceding, 0)
    return (
        author_country_years.where("is_primary_in_field")
        .join(movable(scientists), on="author_id", how="left_semi")
        .select("author_id", "pub_year", "country_code", F.collect_set("country_code").over(so_far).alias("been_in"))
    )


def _stayers(residents: DataFrame, entries: DataFrame) -> DataFrame:
    """Residents of a destination in a year of entries, once for each origin of these, unless they had been there.

    Whoever lived in the origin and is elsewhere now has moved from it, in the period or before.
    """
    cells = entries.select(*PAIR, "pub_year").distinct()
    return (
        residents.withColumnRenamed("country_code", "destination_country")
        .join(F.broadcast(cells), on=["destination_country", "pub_year"], how="inner")
        .where(~F.array_contains("been_in", F.col("origin_country")))
    )


def _swapped(movers: DataFrame) -> DataFrame:
    """Movers as the others of those who went the opposite way."""
    return movers.select(
        "author_id",
        F.col("destination_country").alias("origin_country"),
        F.col("origin_country").alias("destination_country"),
        "pub_year",
        "metrics",
    )


def _units(people: DataFrame, comparison: str, *, is_mover: int) -> DataFrame:
    """People once for each metric; those who moved the opposite way are compared whatever the year."""
    return people.select(
        *PAIR,
        F.lit(comparison).alias("comparison"),
        (F.col("pub_year") if comparison == STAYERS else F.lit(0)).alias("stratum"),
        "author_id",
        F.lit(is_mover).cast("bigint").alias("is_mover"),
        F.inline("metrics"),
    )


def _classes(units: DataFrame, min_clusters: int) -> DataFrame:
    """Units as `compared` takes them; pairs with too few movers for an interval need no sums of single scientists."""
    is_mover, value = F.col("is_mover"), F.col("value")
    return units.select(
        *_COMPARISON,
        "stratum",
        F.when(F.col("n_entries") >= min_clusters, F.col("author_id")).otherwise(0).alias(_CLUSTER),
        is_mover.alias("n_treated"),
        in_units(is_mover * value).alias("treated_sum"),
        (1 - is_mover).alias("n_controls"),
        in_units((1 - is_mover) * value).alias("control_sum"),
        # Only Welch's test of sums needs squares; here it is made of the counts of values.
        *(F.lit(0).cast("bigint").alias(name) for name in ("treated_squares", "control_squares")),
    )


def _strata(units: DataFrame) -> DataFrame:
    """Units of each year of a pair, the same for every metric: a small table."""
    return (
        units.where(F.col("metric") == next(iter(METRICS)))
        .groupBy(*PAIR, "comparison", "stratum")
        .agg(
            F.sum("is_mover").alias("m_treated"),
            F.sum(1 - F.col("is_mover")).alias("m_controls"),
            F.count(F.lit(1)).alias("n_classes"),
        )
    )


def _totals(pairs: DataFrame) -> DataFrame:
    """What `compared` measures imbalance by; nobody asks for that of whole years, so that no stayer is counted."""
    comparisons = (
        F.struct(F.lit(comparison).alias("comparison"), F.lit(metric).alias("metric"))
        for comparison in TESTS
        for metric in METRICS
    )
    nobody = F.lit(0).cast("bigint").alias("all_controls")
    return pairs.select(*PAIR, F.col("n_entries").alias("all_treated"), nobody, F.inline(F.array(*comparisons)))


def _profiles(rows: pa.Table, resampling: Resampling) -> pa.Table:
    """The rows of the table for some pairs, from sums by scientist and counts of values."""
    is_sum = rows.column(_CLUSTER).is_valid()
    found = {
        tuple(key[name] for name in _COMPARISON): contrast
        for key, contrast in contrasts(rows.filter(is_sum), resampling, by=list(_COMPARISON), cluster=_CLUSTER)
    }
    described = _by_comparison(rows.filter(rows.column("value").is_valid()))
    return as_table([_profile(key, counts, found[key], resampling) for key, counts in described], MOVER_PROFILES)


def _by_comparison(counts: pa.Table) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Numbers of movers and others by value and stratum, of each comparison in turn, in the order of values."""
    ordered = counts.sort_by([(name, "ascending") for name in (*_COMPARISON, "value", "stratum")])
    starts = run_starts(*(ordered.column(name).to_numpy(zero_copy_only=False) for name in _COMPARISON))
    for start, length in zip(starts, np.diff(starts, append=len(ordered)), strict=True):
        of_one = ordered.slice(start, length)
        yield (
            tuple(of_one.column(name)[0].as_py() for name in _COMPARISON),
            {name: of_one.column(name).to_numpy() for name in ("stratum", "value", "n_movers", "n_others")},
        )


def _profile(
    key: tuple[str, ...], counts: dict[str, Any], contrast: Contrast, resampling: Resampling
) -> dict[str, Any]:
    names = dict(zip(_COMPARISON, key, strict=True))
    stratum = np.unique(counts["stratum"], return_inverse=True)[1]
    of_year = {name: np.bincount(stratum, counts[name])[stratum] for name in ("n_movers", "n_others")}
    is_stayers = names["comparison"] == STAYERS
    # Movers of the opposite way need nobody of their year; years with movers alone compare nothing.
    with_others = (of_year["n_others"] > 0) | (not is_stayers)
    movers = _described("movers", counts["value"], counts["n_movers"] * with_others, weight=1.0)
    others = _described(
        "others",
        counts["value"],
        counts["n_others"],
        weight=of_year["n_movers"] / np.maximum(of_year["n_others"], 1) if is_stayers else 1.0,
    )
    enough = contrast.is_enough(resampling)
    low, high = interval(contrast.differences, resampling.level) if enough else (np.nan, np.nan)
    p_value = (contrast.p_by_cluster() if is_stayers else _welch(counts)) if enough else np.nan
    return {
        **with_names(names, PAIR),
        **movers,
        **others,
        "n_unmatched": int(counts["n_movers"].sum()) - movers["movers_n"],
        "difference": movers["movers_mean"] - others["others_mean"],
        "ci_low": low,
        "ci_high": high,
        "p_value": p_value,
        "test": TESTS[names["comparison"]],
    }


def _described(group: str, value: Any, n: Any, *, weight: Any) -> dict[str, Any]:
    """Number, mean and quartiles of one group; NaN of nobody."""
    total = float((n * weight).sum())
    mean = float((n * weight * value).sum()) / total if total else float("nan")
    points = zip(("q1", "median", "q3"), quartiles(value, n * weight), strict=True)
    return {f"{group}_n": int(n.sum()), f"{group}_mean": mean} | {f"{group}_{name}": at for name, at in points}


def _welch(counts: dict[str, Any]) -> float:
    """Welch's p of movers and others as they are: nobody moves both ways, so that all are independent."""
    value = counts["value"].astype(float)
    moments = []
    for name in ("n_movers", "n_others"):
        n = counts[name].sum()
        moments += [n, *((counts[name] * value**power).sum() / n for power in (1, 2))]
    return welch_p(*moments)
