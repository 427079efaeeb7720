"""Table citation_premium: what a co-author in a partner country is worth in citations, like compared with like."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import as_table, per_group
from scholarflow.comparison.contrasts import Contrast, Resampling, contrasts, interval
from scholarflow.comparison.inference import adjusted
from scholarflow.comparison.matching import compared, in_square_units, in_units
from scholarflow.comparison.periods import Periods, Span
from scholarflow.comparison.same_last_author import VARIANTS as OF_LAST_AUTHORS
from scholarflow.comparison.same_last_author import of_last_authors
from scholarflow.comparison.variants import inline_outcomes
from scholarflow.countries import with_names
from scholarflow.study.kinds import DIRECTION, directions_of
from scholarflow.study.led_works import by_lead
from scholarflow.tables.comparisons import CITATION_PREMIUM

#: Works that are compared with each other are alike in these.
_STRATUM = ("pub_year", "n_authors", "lead_institution_id")
_COMPARISON = (*DIRECTION, "variant", "period")
_PREFIX_OF_FIELDS = "field:"


def citation_premium(
    field_works: DataFrame,
    citation_windows: DataFrame,
    comparison_works: DataFrame,
    *,
    pairs: Sequence[Sequence[str]],
    partners: Sequence[str],
    n_partners: int,
    periods: Sequence[Mapping[str, Any]],
    first_year: int,
    last_year: int,
    last_full_year: int,
    largest_team: int,
    years_apart: int,
    resampling: Mapping[str, Any],
) -> DataFrame:
    """One row per lead, partner, variant and period; leads are the countries of the pairs.

    Treated works have a co-author in the partner country, controls nobody there; strata are year × team size × lead
    institution, clusters the lead institutions. Only works with foreign co-authors are unfolded into partners: the
    controls of a stratum are all its works less those that involve the partner, so that partners cost little.
    """
    spans = Periods(first_year, last_year, last_full_year, [Span(**period) for period in periods])
    of_period = F.col("pub_year").between(first_year, last_year)
    field_works = field_works.where(of_period)
    leads = sorted({country for pair in pairs for country in pair})
    led = _led(field_works, citation_windows).where(F.col("lead_country").isin(leads))
    of_fields = by_lead(comparison_works).where(of_period & F.col("lead_country").isin(leads))
    directions = _directions(field_works, pairs, partners, n_partners)
    works = _outcomes(led).unionByName(_outcomes_in_fields(of_fields)).where("lead_institution_id IS NOT NULL")
    sums = _of_strata(works, directions, spans).unionByName(
        of_last_authors(
            led,
            _field_means(citation_windows.where(of_period)),
            directions,
            spans,
            largest_team=largest_team,
            years_apart=years_apart,
        )
    )
    premiums = partial(_premiums, spans=spans, resampling=Resampling(**resampling))
    return per_group(sums, DIRECTION, premiums, CITATION_PREMIUM)


def _led(field_works: DataFrame, citation_windows: DataFrame) -> DataFrame:
    """Works once for each country that leads them, with their citations."""
    windows = citation_windows.select("work_id", "c2", "c5", "c2_foreign_lead", "c2_foreign_any")
    return (
        by_lead(field_works)
        .join(windows, on="work_id", how="inner")
        .withColumn("is_known", F.col("n_authors_with_country") == F.col("n_authors"))
    )


def _directions(
    field_works: DataFrame, pairs: Sequence[Sequence[str]], partners: Sequence[str], n_partners: int
) -> DataFrame:
    """lead_country and partner_country to compare: the pairs, and each of their countries with every partner.

    Without `partners` these are the countries that lead most works; ties by the alphabet.
    """
    leads = sorted({country for pair in pairs for country in pair})
    named = sorted(
        {*directions_of(pairs)} | {(lead, partner) for lead in leads for partner in partners if partner != lead}
    )
    listed = F.array(*(F.struct(F.lit(a).alias("lead_country"), F.lit(b).alias("partner_country")) for a, b in named))
    directions = field_works.limit(1).select(F.inline(listed))
    if partners:
        return directions
    productive = (
        field_works.select(F.explode("lead_countries").alias("partner_country"))
        .groupBy("partner_country")
        .agg(F.count(F.lit(1)).alias("n_works"))
        .orderBy(F.desc("n_works"), "partner_country")
        .limit(n_partners)
        .select(F.explode(F.array(*map(F.lit, leads))).alias("lead_country"), "partner_country")
        .where("lead_country <> partner_country")
    )
    return directions.unionByName(productive).distinct()


def _field_means(citation_windows: DataFrame) -> DataFrame:
    """pub_year and mean_c2 of the field works of the year; a year without citations has no row."""
    return (
        citation_windows.groupBy("pub_year")
        .agg((F.sum("c2").cast("double") / F.count(F.lit(1)).cast("double")).alias("mean_c2"))
        .where("mean_c2 > 0")
    )


_WORK = ("lead_country", *_STRATUM, "lead_countries", "partner_countries", "first_countries")


def _outcomes(led: DataFrame) -> DataFrame:
    """Works once for each variant that compares them, with the outcome it compares."""
    outcomes = {
        "base": F.col("c2"),
        "c5": F.col("c5"),
        "foreign_lead": F.col("c2_foreign_lead"),
        "foreign_any": F.col("c2_foreign_any"),
        "partner_first_author": F.col("c2"),
        "known_countries": F.when(F.col("is_known"), F.col("c2")),
        "dual_lead": F.col("c2"),
    }
    return led.select(*_WORK, inline_outcomes(outcomes)).where("outcome IS NOT NULL")


def _outcomes_in_fields(led: DataFrame) -> DataFrame:
    """Works of other fields once for each set of fields they belong to."""
    return (
        led.withColumns({"first_countries": F.array().cast("array<string>"), "outcome": F.col("c2")})
        .select(*_WORK, "outcome", F.explode("field_sets").alias("field_set"))
        .select(*_WORK, F.concat(F.lit(_PREFIX_OF_FIELDS), F.col("field_set")).alias("variant"), "outcome")
    )


def _of_strata(works: DataFrame, directions: DataFrame, spans: Periods) -> DataFrame:
    """Sums by comparison and lead institution."""
    alike = ["lead_country", "variant", *_STRATUM]
    every = works.groupBy(*alike).agg(*_sums("all"))
    met = _meetings(works, directions).groupBy(*alike, "partner_country").agg(*_sums("treated"), *_sums("involved"))
    strata = met.join(every, on=alike, how="inner").select(
        *DIRECTION,
        "variant",
        "pub_year",
        F.col("lead_institution_id").alias("cluster_id"),
        F.col("treated_n").alias("n_treated"),
        in_units(F.col("treated_y")).alias("treated_sum"),
        in_square_units(F.col("treated_yy")).alias("treated_squares"),
        (F.col("all_n") - F.col("involved_n")).alias("n_controls"),
        in_units(F.col("all_y") - F.col("involved_y")).alias("control_sum"),
        in_square_units(F.col("all_yy") - F.col("involved_yy")).alias("control_squares"),
    )
    return compared(
        spans.unfolded(strata),
        _totals(every, met, directions, spans),
        comparison=_COMPARISON,
        cluster="cluster_id",
    )


def _meetings(works: DataFrame, directions: DataFrame) -> DataFrame:
    """Works once for each partner country they involve, as treated or as neither treated nor control."""
    partner, is_dual = F.col("partner_country"), F.col("variant") == "dual_lead"
    involved = F.when(is_dual, F.col("partner_countries")).otherwise(
        F.array_union("partner_countries", "lead_countries")
    )
    return (
        works.withColumn("partner_country", F.explode(involved))
        .join(F.broadcast(directions), on=list(DIRECTION), how="inner")
        .withColumn(
            "is_treated",
            F.array_contains("partner_countries", partner)
            & (is_dual | ~F.array_contains("lead_countries", partner))
            & ((F.col("variant") != "partner_first_author") | F.array_contains("first_countries", partner)),
        )
    )


def _sums(of: str) -> list[Column]:
    """Works, outcomes and their squares: of all, of treated, or of those that are no controls."""
    y = F.col("outcome")
    counted = F.when(F.col("is_treated"), F.lit(1)).otherwise(0) if of == "treated" else F.lit(1)
    return [
        F.sum(value.cast("bigint")).alias(f"{of}_{name}")
        for name, value in (("n", counted), ("y", counted * y), ("yy", counted * y * y))
    ]


def _totals(every: DataFrame, met: DataFrame, directions: DataFrame, spans: Periods) -> DataFrame:
    """All treated and all control works of each comparison, whether or not their stratum has the other side."""
    by_year = ["variant", "pub_year"]
    works = every.groupBy("lead_country", *by_year).agg(F.sum("all_n").alias("all_n"))
    of_partner = met.groupBy(*DIRECTION, *by_year).agg(
        F.sum("treated_n").alias("treated_n"), F.sum("involved_n").alias("involved_n")
    )
    years = (
        works.join(F.broadcast(directions), on="lead_country", how="inner")
        .join(of_partner, on=[*DIRECTION, *by_year], how="left")
        .select(
            *DIRECTION,
            *by_year,
            F.coalesce("treated_n", F.lit(0)).alias("all_treated"),
            (F.col("all_n") - F.coalesce("involved_n", F.lit(0))).alias("all_controls"),
        )
    )
    return (
        spans.unfolded(years)
        .groupBy(*_COMPARISON)
        .agg(F.sum("all_treated").alias("all_treated"), F.sum("all_controls").alias("all_controls"))
        .where("all_treated > 0")
    )


def _premiums(sums: pa.Table, spans: Periods, resampling: Resampling) -> pa.Table:
    """The rows of the table, from the sums of some directions by comparison and cluster."""
    found = contrasts(sums, resampling, by=list(_COMPARISON), cluster="cluster_id")
    base = {(*_direction(key), key["period"]): contrast for key, contrast in found if key["variant"] == "base"}
    rows = [
        _names(key)
        | {"is_complete": spans.is_complete(key["variant"], key["period"])}
        | _premium(contrast, resampling)
        | _below_base(key, contrast, base, resampling)
        for key, contrast in found
    ]
    _adjust(rows)
    return as_table(rows, CITATION_PREMIUM)


def _direction(key: Mapping[str, Any]) -> tuple[str, str]:
    return key["lead_country"], key["partner_country"]


def _names(key: Mapping[str, Any]) -> dict[str, Any]:
    return {**with_names(key, DIRECTION), "pub_year": int(key["period"]) if key["period"].isdigit() else None}


def _premium(contrast: Contrast, resampling: Resampling) -> dict[str, Any]:
    treated, control = contrast.means
    before, after = contrast.imbalance
    resampled = _percent(contrast.treated_means, contrast.control_means)
    enough = contrast.n_clusters >= resampling.min_clusters
    low, high = interval(resampled, resampling.level) if enough else (np.nan, np.nan)
    return {
        "n_treated": contrast.totals["n_treated"],
        "n_matched": contrast.totals["n_matched"],
        "n_controls": contrast.totals["n_controls"],
        "n_strata": contrast.n_strata,
        "n_clusters": contrast.n_clusters,
        "mean_treated": treated,
        "mean_control": control,
        "premium_pct": float(_percent(treated, control)),
        "ci_low": low,
        "ci_high": high,
        "n_undefined": int((~np.isfinite(resampled)).sum()),
        "p_value": contrast.p_by_cluster() if enough else np.nan,
        "p_welch": contrast.p_welch(),
        "ess_controls": contrast.effective_controls,
        "l1_before": before,
        "l1_after": after,
    }


def _below_base(
    key: Mapping[str, Any], contrast: Contrast, base: Mapping[Any, Contrast], resampling: Resampling
) -> dict[str, float]:
    """By how many points the base premium exceeds this one; none for itself and where clusters are others."""
    other = base.get((*_direction(key), key["period"]))
    names = ("base_minus_variant", "base_minus_variant_low", "base_minus_variant_high")
    if other is None or key["variant"] == "base" or key["variant"] in OF_LAST_AUTHORS:
        return dict.fromkeys(names, np.nan)
    difference = _percent(*other.means) - _percent(*contrast.means)
    if min(other.n_clusters, contrast.n_clusters) < resampling.min_clusters:
        return dict(zip(names, (float(difference), np.nan, np.nan), strict=True))
    resampled = _percent(other.treated_means, other.control_means) - _percent(
        contrast.treated_means, contrast.control_means
    )
    return dict(zip(names, (float(difference), *interval(resampled, resampling.level)), strict=True))


def _percent(treated: Any, control: Any) -> Any:
    """100 · (treated − control) ÷ control; NaN without a positive control mean."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(control) > 0, 100 * np.true_divide(treated - control, control), np.nan)


def _adjust(rows: list[dict[str, Any]]) -> None:
    """p_adjusted of each direction and variant over its complete years; no other row has one."""
    families: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        row["p_adjusted"] = np.nan
        if row["pub_year"] is not None and row["is_complete"]:
            families.setdefault((*_direction(row), row["variant"]), []).append(row)
    for family in families.values():
        for row, p_value in zip(family, adjusted(np.array([row["p_value"] for row in family])), strict=True):
            row["p_adjusted"] = p_value
