"""Table panel_scientist_years: what scientists published and where they moved, year by year."""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.comparison.scientist_strata import STRATUM
from scholarflow.panel.logarithms import with_log1p
from scholarflow.panel.matched import matched_weights, totals_of, weight_of
from scholarflow.study.kinds import directions_of

#: What has its logarithm beside it.
_LOGARITHMS = ("n_works", "n_field_works", "citations_received")
_PAIR = (
    "struct<origin_country: string, destination_country: string, has_moved: boolean, move_year: int, "
    "years_since_move: int, n_works_with_origin: bigint, n_works_with_destination: bigint, is_treated: boolean, "
    "stratum_id: string, cem_weight: double>"
)


def panel_scientist_years(
    scientist_years: DataFrame,
    scientists: DataFrame,
    migrations: DataFrame,
    scientist_partner_years: DataFrame,
    scientist_strata: DataFrame,
    author_country_years: DataFrame,
    *,
    pairs: Sequence[Sequence[str]],
    first_year: int,
    last_year: int,
) -> DataFrame:
    """One row per scientist and year of the period from first to last publication.

    Movers and whom they may be compared with are those of post_move_collaboration. Scientist-years are joined by author
    and year with what the year says of co-authors and strata, by author with moves and stays, which are few.
    """
    directions = directions_of(pairs)
    countries = sorted({country for pair in pairs for country in pair})
    years = scientist_years.where(F.col("pub_year").between(first_year, last_year)).join(
        scientists.select("author_id", "is_simultaneous", "first_pub_year"), on="author_id", how="inner"
    )
    at_risk = scientist_strata.where("is_at_risk").select("author_id", "country_code", *STRATUM, "is_at_risk")
    by_author = _moves(migrations, directions), _first_stays(author_country_years, countries)

    def with_paths(rows: DataFrame) -> DataFrame:
        return reduce(lambda some, paths: some.join(paths, on="author_id", how="left"), by_author, rows)

    sizes = _sizes_of_strata(with_paths(at_risk), directions)
    told = (
        with_paths(with_log1p(years, {f"log1p_{name}": name for name in _LOGARITHMS}, values=scientist_years))
        .join(_works_with(scientist_partner_years, countries), on=["author_id", "pub_year"], how="left")
        .join(at_risk.drop("country_code"), on=["author_id", "pub_year"], how="left")
        # Bins are null where nobody is at risk: such rows meet no stratum.
        .join(sizes, on=["country_code", *STRATUM], how="left")
        .crossJoin(F.broadcast(totals_of(sizes, range(len(directions)))))
    )
    return told.select(
        "author_id",
        "pub_year",
        F.coalesce("country_code", F.lit("unknown")).alias("country_key"),
        "is_simultaneous",
        "first_pub_year",
        "career_age",
        "n_works",
        "n_field_works",
        "log1p_n_works",
        "log1p_n_field_works",
        "citations_received",
        "log1p_citations_received",
        (F.col("cum_works") - F.col("n_works")).alias("prior_works"),
        (F.col("cum_citations") - F.col("citations_received")).alias("prior_citations"),
        _pairs(directions, countries).alias("pairs"),
    )


def _moves(migrations: DataFrame, directions: Sequence[tuple[str, str]]) -> DataFrame:
    """author_id, and move_n, the year of the first entry in direction n; null: none. At most one for each."""
    entry = {
        n: F.when((F.col("origin_country") == a) & (F.col("destination_country") == b), F.col("move_year"))
        for n, (a, b) in enumerate(directions)
    }
    return (
        migrations.where("is_entry")
        .select("author_id", *(year.alias(f"move_{n}") for n, year in entry.items()))
        .groupBy("author_id")
        .agg(*(F.min(f"move_{n}").alias(f"move_{n}") for n in entry))
        .where(F.coalesce(*(F.col(f"move_{n}") for n in entry)).isNotNull())
    )


def _first_stays(author_country_years: DataFrame, countries: Sequence[str]) -> DataFrame:
    """author_id, and stay_n, the first year in which country n was primary in the field; null: never."""
    return (
        author_country_years.where(F.col("is_primary_in_field") & F.col("country_code").isin(list(countries)))
        .select(
            "author_id",
            *(F.when(F.col("country_code") == c, F.col("pub_year")).alias(f"stay_{c}") for c in countries),
        )
        .groupBy("author_id")
        .agg(*(F.min(f"stay_{c}").alias(f"stay_{c}") for c in countries))
    )


def _works_with(partners: DataFrame, countries: Sequence[str]) -> DataFrame:
    """author_id, pub_year, and with_n, field works of the year with another author in country n; null: none."""
    return (
        partners.where(F.col("partner_country").isin(list(countries)))
        .select(
            "author_id",
            "pub_year",
            *(F.when(F.col("partner_country") == c, F.col("n_field_works")).alias(f"with_{c}") for c in countries),
        )
        .groupBy("author_id", "pub_year")
        .agg(*(F.max(f"with_{c}").alias(f"with_{c}") for c in countries))
    )


def _is_treated(n: int, destination: str) -> Column:
    return F.coalesce(
        F.col("is_at_risk") & (F.col("country_code") == destination) & (F.col("pub_year") == F.col(f"move_{n}")),
        F.lit(False),
    )


def _is_unit(n: int, origin: str, destination: str) -> Column:
    """A mover, or in the destination without having had the origin as primary country in an earlier year."""
    is_there = F.coalesce(F.col("is_at_risk") & (F.col("country_code") == destination), F.lit(False))
    was_in_origin = F.coalesce(F.col(f"stay_{origin}") < F.col("pub_year"), F.lit(False))
    return _is_treated(n, destination) | (is_there & ~was_in_origin)


def _sizes_of_strata(at_risk: DataFrame, directions: Sequence[tuple[str, str]]) -> DataFrame:
    """`matched_weights` of the strata of each destination."""
    units = {n: _is_unit(n, a, b) for n, (a, b) in enumerate(directions)}
    treated = {n: _is_treated(n, b) for n, (_, b) in enumerate(directions)}
    is_compared = reduce(lambda one, other: one | other, units.values())
    return matched_weights(at_risk.where(is_compared), ["country_code", *STRATUM], units=units, treated=treated)


def _pairs(directions: Sequence[tuple[str, str]], countries: Sequence[str]) -> Column:
    none = F.lit(0).cast("bigint")
    met = {c: F.coalesce(f"with_{c}", none) for c in countries}
    return F.array(
        *(
            F.struct(
                F.lit(a).alias("origin_country"),
                F.lit(b).alias("destination_country"),
                F.coalesce(F.col(f"move_{n}") <= F.col("pub_year"), F.lit(False)).alias("has_moved"),
                F.col(f"move_{n}").alias("move_year"),
                (F.col("pub_year") - F.col(f"move_{n}")).alias("years_since_move"),
                met[a].alias("n_works_with_origin"),
                met[b].alias("n_works_with_destination"),
                _is_treated(n, b).alias("is_treated"),
                F.when(_is_unit(n, a, b), F.concat_ws("-", *(F.col(name).cast("string") for name in STRATUM)))
                .otherwise("")
                .alias("stratum_id"),
                F.when(_is_unit(n, a, b), weight_of(n, _is_treated(n, b))).otherwise(0.0).alias("cem_weight"),
            ).cast(_PAIR)
            for n, (a, b) in enumerate(directions)
        )
    )
