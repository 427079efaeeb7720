"""Table publication_premium: what a co-author in a partner country adds to the share of works at the conferences."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import as_table, per_group
from scholarflow.columns import FRACTION_UNIT
from scholarflow.comparison.contrasts import Contrast, Resampling, contrasts, interval
from scholarflow.comparison.inference import adjusted, fisher_p
from scholarflow.comparison.matching import SUMS
from scholarflow.countries import with_names
from scholarflow.study.conference_list import ALL
from scholarflow.study.kinds import CLUSTER, DIRECTION, KIND, works_by_kind
from scholarflow.tables.comparisons import PUBLICATION_PREMIUM

_OF_TESTS = ("difference", "ci_low", "ci_high", "p_value", "p_cluster", "p_adjusted")


def publication_premium(
    field_works: DataFrame,
    conference_sources: DataFrame,
    *,
    conferences: Sequence[str],
    pairs: Sequence[Sequence[str]],
    first_year: int,
    last_year: int,
    resampling: Mapping[str, Any],
) -> DataFrame:
    """One row per direction of each pair, kind, conference (and all) and year with works of the kind, and pooled ones.

    Works are those of kinds_of_works, also without a source. The few counting sources are broadcast; what is shuffled
    are counts by kind, year and cluster: some hundred thousand rows for a field of millions of works.
    """
    works = works_by_kind(
        field_works,
        pairs=pairs,
        first_year=first_year,
        last_year=last_year,
        keep=("pub_year", "source_id", CLUSTER),
    )
    counted = conference_sources.where("is_counted").select("source_id", "conference", "first_year", "last_year")
    names = {f"published_{place}": name for place, name in enumerate(conferences)}
    classes = (
        works.join(F.broadcast(counted), on="source_id", how="left")
        .select(
            *KIND,
            "pub_year",
            CLUSTER,
            *(_is_published_at(name).cast("bigint").alias(column) for column, name in names.items()),
        )
        .groupBy(*KIND, "pub_year", CLUSTER)
        .agg(F.count(F.lit(1)).alias("n_works"), *(F.sum(column).alias(column) for column in names))
    )
    premiums = partial(_premiums, conferences=list(conferences), resampling=Resampling(**resampling))
    return per_group(classes, DIRECTION, premiums, PUBLICATION_PREMIUM)


def _is_published_at(conference: str) -> Column:
    year = F.col("pub_year")
    of_years = (F.coalesce("first_year", year) <= year) & (year <= F.coalesce("last_year", year))
    return F.when((F.col("conference") == conference) & of_years, F.lit(1)).otherwise(0)


def _premiums(classes: pa.Table, conferences: list[str], resampling: Resampling) -> pa.Table:
    """The rows of the table, from counts of some directions by kind, year and cluster."""
    published = [f"published_{place}" for place in range(len(conferences))]
    together: Any = np.sum([classes.column(name).to_numpy() for name in published], axis=0, dtype=np.int64)
    # A work has one source, and a source counts as one conference.
    counts = classes.append_column("published_all", pa.array(together))
    columns = dict(zip([*conferences, ALL], [*published, "published_all"], strict=True))
    compared = _compared(counts, columns, resampling)
    rows = [
        row | dict.fromkeys(_OF_TESTS, np.nan) | (compared.get(_key(row), {}) if row["pub_year"] is None else {})
        for row in _shares(counts, columns)
    ]
    return as_table(rows, PUBLICATION_PREMIUM)


def _shares(counts: pa.Table, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Works and published ones of each kind and conference, by year and over all years."""
    sums: list[Any] = [(CLUSTER, "count_distinct"), *((name, "sum") for name in ("n_works", *columns.values()))]
    by_year = counts.group_by([*KIND, "pub_year"]).aggregate(sums)
    pooled = counts.group_by(list(KIND)).aggregate(sums)
    for row in (*by_year.to_pylist(), *pooled.to_pylist()):
        for conference, column in columns.items():
            yield {
                **with_names({name: row[name] for name in KIND}, DIRECTION),
                "conference": conference,
                "pub_year": row.get("pub_year"),
                "n_works": row["n_works_sum"],
                "n_published": row[f"{column}_sum"],
                "share": row[f"{column}_sum"] / row["n_works_sum"],
                "n_clusters": row[f"{CLUSTER}_count_distinct"],
            }


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["lead_country"], row["partner_country"], row["conference"]


def _compared(
    counts: pa.Table, columns: Mapping[str, str], resampling: Resampling
) -> dict[tuple[str, str, str], dict[str, float]]:
    """Both kinds of works of a direction against each other, by conference over all years."""
    by = [*DIRECTION, "conference"]
    found = {
        _key(key): _difference(contrast, resampling)
        for key, contrast in contrasts(_sums(counts, columns), resampling, by=by, cluster=CLUSTER)
    }
    for direction in {key[:2] for key in found}:
        family = [name for name in columns if name != ALL]
        p_values = np.array([found[(*direction, name)]["p_value"] for name in family])
        for name, p_value in zip(family, adjusted(p_values), strict=True):
            found[(*direction, name)]["p_adjusted"] = float(p_value)
        together = found[(*direction, ALL)]
        together["p_adjusted"] = together["p_value"]
    return found


def _sums(counts: pa.Table, columns: Mapping[str, str]) -> pa.Table:
    """`SUMS` by direction, conference and cluster: works and whether they are published, all years together.

    As `contrasts` takes them, collaborating works are the treated ones, the others controls of weight 1; what only
    matching needs is 0.
    """
    collaborates = counts.column("collaborates")
    sides = {}
    for name in ("n_works", *columns.values()):
        zero = pa.scalar(0, pa.int64())
        sides[f"{name}_with"] = pc.if_else(collaborates, counts.column(name), zero)
        sides[f"{name}_without"] = pc.if_else(collaborates, zero, counts.column(name))
    by = [*DIRECTION, CLUSTER]
    split = pa.Table.from_arrays([*(counts.column(name) for name in by), *sides.values()], names=[*by, *sides])
    clusters = split.group_by(by).aggregate([(name, "sum") for name in sides])

    def units(name: str) -> Any:
        return clusters.column(f"{name}_sum").to_numpy() * np.int64(FRACTION_UNIT)

    nothing = np.zeros(len(clusters), np.int64)
    tables = []
    for conference, column in columns.items():
        sums = dict.fromkeys(SUMS, nothing) | {
            "n_treated": clusters.column("n_works_with_sum").to_numpy(),
            "n_matched": clusters.column("n_works_with_sum").to_numpy(),
            "n_controls": clusters.column("n_works_without_sum").to_numpy(),
            "treated_sum": units(f"{column}_with"),
            "control_weight": units("n_works_without"),
            "control_sum": units(f"{column}_without"),
        }
        named = clusters.select(by).append_column("conference", pa.array([conference] * len(clusters)))
        for name, values in sums.items():
            named = named.append_column(name, pa.array(values))
        tables.append(named)
    return pa.concat_tables(tables)


def _difference(contrast: Contrast, resampling: Resampling) -> dict[str, float]:
    """Share of collaborating less share of other works, and how sure one can be of it; NaN where a kind is empty."""
    collaborating, other = contrast.means
    p_value = _fisher_p(contrast)
    # Where nothing, or everything, is published, replicates do not vary: no interval rather than one of width 0.
    enough = contrast.is_enough(resampling) and not np.isnan(p_value)
    low, high = interval(contrast.differences, resampling.level) if enough else (np.nan, np.nan)
    return {
        "difference": collaborating - other,
        "ci_low": low,
        "ci_high": high,
        "p_value": p_value,
        "p_cluster": contrast.p_by_cluster() if enough else np.nan,
    }


def _fisher_p(contrast: Contrast) -> float:
    """Two-sided p of Fisher's exact test of published against kind; NaN where a margin is empty: nothing to tell."""
    n = [contrast.totals["n_matched"], contrast.totals["n_controls"]]
    published = [contrast.totals[name] // FRACTION_UNIT for name in ("treated_sum", "control_sum")]
    if not all(n) or not 0 < sum(published) < sum(n):
        return float("nan")
    return fisher_p(published[0], n[0], published[1], n[1])
