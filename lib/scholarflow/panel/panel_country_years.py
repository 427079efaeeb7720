"""Table panel_country_years: every country that leads a work of the period, in every year of it."""

from collections.abc import Sequence
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.panel.country_years import scientists_at_work
from scholarflow.panel.covariates import with_covariates
from scholarflow.panel.logarithms import with_log1p
from scholarflow.study.kinds import directions_of

_KEY = ["country_code", "pub_year"]
_MOVES = ("n_in", "n_out", "n_entries_in", "n_entries_out")
#: Null in a year in which they are not defined; where they are, a country without works has none.
_OF_HITS = ("n_hits", "share_hits", "share_context_hits", "share_content_hits")
_PER_MILLION = 1_000_000
_PAIR = "struct<partner_country: string, n_works_together: bigint, affinity: double>"

_COUNTRY = "struct<country_code: string>"


def panel_country_years(
    country_years: DataFrame,
    country_balance: DataFrame,
    collaboration_edges: DataFrame,
    field_works: DataFrame,
    author_country_years: DataFrame,
    scientists: DataFrame,
    *,
    pairs: Sequence[Sequence[str]],
    covariates: Sequence[Sequence[Any]],
    last_full_year: int,
    first_year: int,
    last_year: int,
) -> DataFrame:
    """One row per country and year. Shuffled are counts by country and year; everything joined is small."""
    of_period = F.col("pub_year").between(first_year, last_year)
    listed = (
        field_works.where(of_period)
        .select("pub_year", F.explode("countries").alias("country_code"))
        .groupBy(*_KEY)
        .agg(F.count(F.lit(1)).alias("n_works_listed"))
    )
    n_scientists = (
        scientists_at_work(author_country_years.where(of_period), scientists)
        .groupBy(*_KEY)
        .agg(F.count(F.lit(1)).alias("n_scientists"))
    )
    moves = country_balance.select("country_code", F.col("move_year").alias("pub_year"), *_MOVES)
    led = country_years.drop("country_name", "n_scientists", "is_complete")
    rows = _grid(country_years, first_year, last_year)
    for part in (led, listed, n_scientists, moves):
        rows = rows.join(part, on=_KEY, how="left")
    rows = rows.join(F.broadcast(_defined(country_years)), on="pub_year", how="left")
    counts = ("n_works", "n_works_listed", "n_international", "n_scientists", "total_c2", *_MOVES)
    rows = rows.withColumns({name: F.coalesce(name, F.lit(0)).cast("bigint") for name in counts})
    directions = directions_of(pairs)
    together = _together(collaboration_edges, listed, directions)
    rows = with_covariates(rows, covariates).join(together, on=_KEY, how="left")
    return with_log1p(rows, {"log1p_n_works": "n_works"}).select(
        *_KEY,
        "n_works",
        "log1p_n_works",
        F.coalesce("n_works_fractional", F.lit(0.0)).alias("n_works_fractional"),
        # A year in which no country leads a work has no shares.
        F.when(F.col("has_n_hits").isNotNull(), F.coalesce("share_works", F.lit(0.0))).alias("share_works"),
        "n_works_listed",
        "n_international",
        "n_scientists",
        "total_c2",
        "mean_c2",
        _or_none("n_hits"),
        _or_none("share_hits"),
        "pp_top_1pct",
        "pp_top_10pct",
        "mean_context_novelty",
        _or_none("share_context_hits"),
        "mean_content_novelty",
        _or_none("share_content_hits"),
        *_MOVES,
        (F.col("pub_year") + 2 <= last_full_year).alias("is_complete"),
        "population",
        "gdp",
        ((F.col("n_works") * _PER_MILLION).cast("double") / F.col("population").cast("double")).alias(
            "works_per_million"
        ),
        _pairs(directions).alias("pairs"),
    )


def _grid(country_years: DataFrame, first_year: int, last_year: int) -> DataFrame:
    """Every country with every year."""
    years = F.explode(F.sequence(F.lit(first_year), F.lit(last_year)))
    # Unfolded before they are made distinct: Sail would take country_code for a key of what is unfolded after.
    return country_years.select("country_code", years.alias("pub_year")).distinct()


def _defined(country_years: DataFrame) -> DataFrame:
    """pub_year in which any country leads a work, and whether hits, and each share of them, are defined there."""
    defined = (F.max(F.col(column).isNotNull()).alias(f"has_{column}") for column in _OF_HITS)
    return country_years.groupBy("pub_year").agg(*defined)


def _or_none(column: str) -> Column:
    """Zero of a country without any in a year in which the column is defined."""
    return F.when(F.col(f"has_{column}"), F.coalesce(column, F.lit(0.0))).alias(column)


def _together(edges: DataFrame, listed: DataFrame, directions: Sequence[tuple[str, str]]) -> DataFrame:
    """`_KEY`, and of partner n: together_n and affinity_n, null without a common work; listed_n, its works."""
    both = F.array(
        F.struct(F.col("country_a").alias("country_code"), F.col("country_b").alias("partner_country")),
        F.struct(F.col("country_b").alias("country_code"), F.col("country_a").alias("partner_country")),
    )
    met = edges.select("pub_year", F.col("n_works").alias("together"), "affinity", F.inline(both))
    values: dict[str, Column] = {}
    for n, (country, partner) in enumerate(directions):
        is_pair = (F.col("country_code") == country) & (F.col("partner_country") == partner)
        values |= {f"{name}_{n}": F.when(is_pair, F.col(name)) for name in ("together", "affinity", "listed")}
    # For each partner that is listed, the countries whose partner it is.
    whose = F.array(
        *(
            F.when(F.col("partner_country") == partner, F.struct(F.lit(country).alias("country_code")).cast(_COUNTRY))
            for country, partner in directions
        )
    )
    of_pairs = listed.select(
        F.col("country_code").alias("partner_country"), "pub_year", F.col("n_works_listed").alias("listed")
    ).select("pub_year", "partner_country", "listed", F.inline(F.array_compact(whose)))
    return (
        of_pairs.join(met, on=["pub_year", "country_code", "partner_country"], how="left")
        .select(*_KEY, *(value.alias(name) for name, value in values.items()))
        .groupBy(*_KEY)
        .agg(*(F.max(name).alias(name) for name in values))
    )


def _pairs(directions: Sequence[tuple[str, str]]) -> Column:
    def affinity(n: int) -> Column:
        both_list = (F.col("n_works_listed") > 0) & F.col(f"listed_{n}").isNotNull()
        return F.when(both_list, F.coalesce(f"affinity_{n}", F.lit(0.0)))

    elements = [
        F.when(
            F.col("country_code") == country,
            F.struct(
                F.lit(partner).alias("partner_country"),
                F.coalesce(f"together_{n}", F.lit(0)).cast("bigint").alias("n_works_together"),
                affinity(n).alias("affinity"),
            ).cast(_PAIR),
        )
        for n, (country, partner) in enumerate(directions)
    ]
    return F.coalesce(F.array_compact(F.array(*elements)), F.array().cast(f"array<{_PAIR}>"))
