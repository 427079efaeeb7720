"""Movers, those they may be compared with, and what both do from a year on: works, and works with others in a country.

Every stayer of a destination may be compared with the movers from any origin, and has written with nobody in most
of them. So stayers are told once, as having no works with anybody, and the few who have, or who have been in an origin
themselves, once more for each such origin with what is to be added.
"""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.columns import fraction
from scholarflow.comparison.scientist_strata import CELL, STRATUM

#: Years that count: those with the destination still the primary country, and all from the move on.
SAMPLES = ("staying", "all")
#: The scientist-years of a direction are in its destination, `country_code`.
DIRECTION = ("origin_country", "country_code")
#: From a year on: the share of field works with the origin, field works, and those with the origin.
OUTCOMES = tuple(f"{measure}_{sample}" for sample in SAMPLES for measure in ("share", "works", "met"))


def entries(migrations: DataFrame, strata: DataFrame) -> DataFrame:
    """Scientist-years that enter their country, with `origin_country`: at most one per scientist and destination."""
    moves = migrations.where("is_entry").select(
        "author_id",
        F.col("move_year").alias("pub_year"),
        F.col("destination_country").alias("country_code"),
        "origin_country",
    )
    at_risk = strata.where("is_at_risk").select("author_id", "country_code", *STRATUM, *CELL)
    return at_risk.join(moves, on=["author_id", "pub_year", "country_code"], how="inner")


def stays(author_country_years: DataFrame) -> DataFrame:
    """author_id, origin_country, first_stay_year, left_year of who has had several primary countries in the field.

    The first year in which it was the primary one, and that of the first move away from it; null: none.
    """
    career = Window.partitionBy("author_id").orderBy("pub_year")
    moves_next = F.lead("country_code").over(career) != F.col("country_code")
    return (
        author_country_years.where("is_primary_in_field")
        .select(
            "author_id",
            F.col("country_code").alias("origin_country"),
            "pub_year",
            F.when(moves_next, F.lead("pub_year").over(career)).alias("next_year"),
            F.min("pub_year").over(Window.partitionBy("author_id")).alias("first_of_all"),
        )
        .groupBy("author_id", "origin_country")
        .agg(
            F.min("pub_year").alias("first_stay_year"),
            F.min("next_year").alias("left_year"),
            F.min("first_of_all").alias("first_of_all"),
        )
        # The first of all and never left: the only one.
        .where("left_year IS NOT NULL OR first_stay_year > first_of_all")
        .drop("first_of_all")
    )


def ruled_out(strata: DataFrame, of_stays: DataFrame, directions: DataFrame) -> DataFrame:
    """Scientist-years, with an origin, that are no controls: it was their primary country before."""
    return (
        strata.where("is_at_risk")
        .join(of_stays, on="author_id", how="inner")
        .where("first_stay_year < pub_year")
        .join(F.broadcast(directions), on=list(DIRECTION), how="left_semi")
    )


def outcomes_of_movers(movers: DataFrame, strata: DataFrame, partners: DataFrame) -> DataFrame:
    """The movers with `OUTCOMES` of the year of the move and after."""
    later = strata.select(
        "author_id", F.col("pub_year").alias("year"), F.col("country_code").alias("country"), "n_field_works"
    )
    key = ["author_id", *DIRECTION, *STRATUM]
    is_staying = F.col("country") == F.col("country_code")
    of_year = {"works": F.col("n_field_works"), "met": _or_0("n_met")}
    return _with_shares(
        movers.join(later, on="author_id", how="inner")
        .where("year >= pub_year")
        .join(_meetings(partners, year="year"), on=["author_id", "year", "origin_country"], how="left")
        .select(
            *key,
            *(value.alias(f"{name}_all") for name, value in of_year.items()),
            *(F.when(is_staying, value).otherwise(0).alias(f"{name}_staying") for name, value in of_year.items()),
        )
        .groupBy(*key)
        .agg(*(F.sum(f"{name}_{sample}").alias(f"{name}_{sample}") for name in of_year for sample in SAMPLES))
    )


def stayers(strata: DataFrame) -> DataFrame:
    """Scientist-years at risk with `OUTCOMES`, as if they had written with nobody in an origin; n_units: 1."""
    alone = _from_then_on(strata.withColumn("n_met", F.lit(0).cast("bigint")), ["author_id"])
    return _with_shares(alone).where("is_at_risk").withColumn("n_units", F.lit(1))


def corrections(strata: DataFrame, partners: DataFrame, of_stays: DataFrame, directions: DataFrame) -> DataFrame:
    """What differs for scientist-years of a destination towards one origin, to be added to n_units and `OUTCOMES`.

    Who had the origin as primary country before is no stayer: n_units −1 takes the unit out. Who moves from it later
    leaves in that year; who writes with somebody there has works that count.
    """
    met = _meetings(partners, year="pub_year")
    touched = met.select("author_id", "origin_country").unionByName(of_stays.select("author_id", "origin_country"))
    is_in_time = F.col("left_year").isNull() | (F.col("pub_year") < F.col("left_year"))
    as_told = {f"{name}_{sample}": f"told_{name}_{sample}" for name in ("works", "met") for sample in SAMPLES}
    towards = (
        _from_then_on(strata.withColumn("n_met", F.lit(0).cast("bigint")), ["author_id"])
        .withColumnsRenamed(as_told)
        .drop("n_met")
        .join(touched.distinct(), on="author_id", how="inner")
        .join(met, on=["author_id", "origin_country", "pub_year"], how="left")
        .join(of_stays, on=["author_id", "origin_country"], how="left")
        .withColumns(
            {
                "n_field_works": F.when(is_in_time, F.col("n_field_works")).otherwise(0),
                "n_met": F.when(is_in_time, _or_0("n_met")).otherwise(0),
            }
        )
    )
    is_out = F.coalesce(F.col("first_stay_year") < F.col("pub_year"), F.lit(False))
    told = {name: F.lit(0) if name.startswith("share") else F.col(f"told_{name}") for name in OUTCOMES}
    return (
        _with_shares(_from_then_on(towards, ["author_id", "origin_country"]))
        .where("is_at_risk AND origin_country <> country_code")
        .where((F.col("met_all") > 0) | F.col("first_stay_year").isNotNull())
        .join(F.broadcast(directions), on=list(DIRECTION), how="left_semi")
        .select(
            "author_id",
            *DIRECTION,
            *STRATUM,
            F.when(is_out, -1).otherwise(0).alias("n_units"),
            *((F.when(is_out, 0).otherwise(F.col(name)) - told[name]).alias(name) for name in OUTCOMES),
        )
    )


def _meetings(partners: DataFrame, *, year: str) -> DataFrame:
    """author_id, the year, origin_country, n_met: field works with another author there."""
    return partners.select(
        "author_id",
        F.col("pub_year").alias(year),
        F.col("partner_country").alias("origin_country"),
        F.col("n_field_works").alias("n_met"),
    )


def _from_then_on(years: DataFrame, whose: Sequence[str]) -> DataFrame:
    """Adds works_x and met_x: field works of the year and all later ones; staying: of those in the year's country."""
    samples = {"staying": Window.partitionBy(*whose, "country_code"), "all": Window.partitionBy(*whose)}
    return years.withColumns(
        {
            f"{name}_{sample}": F.sum(value).over(window.orderBy(F.desc("pub_year")))
            for sample, window in samples.items()
            for name, value in (("works", "n_field_works"), ("met", "n_met"))
        }
    )


def _with_shares(rows: DataFrame) -> DataFrame:
    """Adds share_x, met_x ÷ works_x in units; 0 where nothing is counted."""
    shares = {x: fraction(F.col(f"met_{x}"), F.nullif(F.col(f"works_{x}"), F.lit(0))) for x in SAMPLES}
    return rows.withColumns({f"share_{x}": F.coalesce(share, F.lit(0).cast("bigint")) for x, share in shares.items()})


def _or_0(column: str) -> Column:
    return F.coalesce(F.col(column), F.lit(0).cast("bigint"))
