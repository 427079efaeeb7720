"""Table panel_works: led works of the period, with everything a regression on works needs in one row."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.panel.logarithms import with_log1p
from scholarflow.panel.matched import matched_weights, totals_of, weight_of
from scholarflow.study.kinds import directions_of
from scholarflow.study.led_works import by_lead

#: Works alike in these are compared: those of variant `base` of citation_premium.
_STRATUM = ("pub_year", "n_authors", "lead_institution_id")
_NOVELTY = ("context_novelty", "context_hit_1pct", "content_novelty", "content_percentile_adjusted", "content_hit_1pct")
_PAIR = (
    "struct<partner_country: string, collaborates: boolean, is_compared: boolean, stratum_id: string, "
    "cem_weight: double>"
)


def panel_works(
    field_works: DataFrame,
    citation_windows: DataFrame,
    work_novelty: DataFrame,
    works: DataFrame,
    *,
    pairs: Sequence[Sequence[str]],
    first_year: int,
    last_year: int,
) -> DataFrame:
    """One row per work of the period and lead country.

    Shuffled are the signatures of lead authors by author and year, partly summed before; the strata of the countries of
    the pairs, likewise; and the led works by author and year.
    """
    of_period = F.col("pub_year").between(first_year, last_year)
    windows = citation_windows.where(of_period)
    led = by_lead(field_works.where(of_period))
    directions = directions_of(pairs)
    sizes = _sizes_of_strata(led, directions)
    careers = _careers(works, led.select(F.col("lead_author_id").alias("author_id")).distinct())
    told = (
        with_log1p(
            led.join(_outcomes(windows), on="work_id", how="inner"),
            {"log1p_c2": "c2", "log1p_c5": "c5"},
            values=windows,
        )
        .join(work_novelty.select("work_id", *_NOVELTY), on="work_id", how="inner")
        .join(careers, on=["lead_author_id", "pub_year"], how="left")
        .join(sizes, on=["lead_country", *_STRATUM], how="left")
        .crossJoin(F.broadcast(totals_of(sizes, range(len(directions)))))
    )
    return told.select(
        "work_id",
        "lead_country",
        "pub_year",
        "c2",
        "c5",
        "log1p_c2",
        "log1p_c5",
        "c2_relative",
        "c5_relative",
        "hit_1pct",
        "hit_10pct",
        *_NOVELTY,
        "c2_complete",
        "c5_complete",
        "n_authors",
        F.size("countries").alias("n_countries"),
        (F.size("countries") > 1).alias("is_international"),
        (F.size("lead_countries") > 1).alias("is_dual"),
        "n_references",
        F.coalesce("language", F.lit("unknown")).alias("language_key"),
        "lead_author_career_age",
        "lead_author_prior_works",
        *(
            F.coalesce(column, F.lit(0).cast("bigint")).alias(key)
            for key, column in (
                ("institution_key", "lead_institution_id"),
                ("lead_author_key", "lead_author_id"),
                ("source_key", "source_id"),
            )
        ),
        _pairs(directions).alias("pairs"),
    )


def _outcomes(windows: DataFrame) -> DataFrame:
    """work_id and its citations, also ÷ the mean of the field works of the year, led from somewhere known or not."""
    names = {"c2_mean": "c2", "c5_mean": "c5"}
    n = F.count(F.lit(1)).cast("double")
    means = windows.groupBy("pub_year").agg(*(F.sum(c).cast("double") / n for c in names.values()))
    means = means.toDF("pub_year", *names)
    return windows.join(F.broadcast(means), on="pub_year", how="inner").select(
        "work_id",
        "c2",
        "c5",
        *(
            (F.col(column).cast("double") / F.nullif(F.col(mean), F.lit(0.0))).alias(f"{column}_relative")
            for mean, column in names.items()
        ),
        "hit_1pct",
        "hit_10pct",
        "c2_complete",
        "c5_complete",
    )


def _careers(works: DataFrame, lead_authors: DataFrame) -> DataFrame:
    """lead_author_id, pub_year, lead_author_career_age, lead_author_prior_works: of the years with a work."""
    author = Window.partitionBy("author_id")
    return (
        works.select("pub_year", F.explode("author_ids").alias("author_id"))
        .join(lead_authors, on="author_id", how="left_semi")
        .groupBy("author_id", "pub_year")
        .agg(F.count(F.lit(1)).alias("n_works"))
        .select(
            F.col("author_id").alias("lead_author_id"),
            "pub_year",
            (F.col("pub_year") - F.min("pub_year").over(author)).alias("lead_author_career_age"),
            (F.sum("n_works").over(author.orderBy("pub_year")) - F.col("n_works")).alias("lead_author_prior_works"),
        )
    )


def _collaborates(partner: str) -> Column:
    return F.array_contains("partner_countries", partner)


def _is_compared(partner: str) -> Column:
    return F.col("lead_institution_id").isNotNull() & ~F.array_contains("lead_countries", partner)


def _sizes_of_strata(led: DataFrame, directions: Sequence[tuple[str, str]]) -> DataFrame:
    """`matched_weights` of the strata of the countries of the pairs, counted in the rows of works alone."""
    units = {n: (F.col("lead_country") == lead) & _is_compared(partner) for n, (lead, partner) in enumerate(directions)}
    treated = {n: _collaborates(partner) for n, (_, partner) in enumerate(directions)}
    leads = sorted({lead for lead, _ in directions})
    of_pairs = led.where(F.col("lead_country").isin(leads))
    return matched_weights(of_pairs, ["lead_country", *_STRATUM], units=units, treated=treated)


def _pairs(directions: Sequence[tuple[str, str]]) -> Column:
    elements = [
        F.when(
            F.col("lead_country") == lead,
            F.struct(
                F.lit(partner).alias("partner_country"),
                _collaborates(partner).alias("collaborates"),
                _is_compared(partner).alias("is_compared"),
                F.when(_is_compared(partner), F.concat_ws("-", *(F.col(name).cast("string") for name in _STRATUM)))
                .otherwise("")
                .alias("stratum_id"),
                F.when(_is_compared(partner), weight_of(n, _collaborates(partner))).otherwise(0.0).alias("cem_weight"),
            ).cast(_PAIR),
        )
        for n, (lead, partner) in enumerate(directions)
    ]
    return F.coalesce(F.array_compact(F.array(*elements)), F.array().cast(f"array<{_PAIR}>"))
