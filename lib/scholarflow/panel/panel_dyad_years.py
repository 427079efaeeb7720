"""Table panel_dyad_years: every ordered pair of countries in every year, with flows, common works and both sides."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

_KEY = ["origin_country", "destination_country", "pub_year"]
_OF_SIDE = ("n_scientists", "n_works", "population", "gdp")


def panel_dyad_years(
    panel_country_years: DataFrame, migration_flows: DataFrame, collaboration_edges: DataFrame
) -> DataFrame:
    """One row per origin, destination and year: countries² × years, some 900,000 for 200 countries and 22 years.

    Flows and edges of countries that never lead a work have no row, as these have none in panel_country_years. All
    inputs are small, the countries of a year are broadcast to themselves.
    """
    dyads = _side(panel_country_years, "origin").join(
        F.broadcast(_side(panel_country_years, "destination")), on="pub_year", how="inner"
    )
    flows = migration_flows.select(
        "origin_country", "destination_country", F.col("move_year").alias("pub_year"), "n_moves", "n_entries"
    )
    rows = (
        dyads.where("origin_country <> destination_country")
        .join(flows, on=_KEY, how="left")
        .join(_mirrored(collaboration_edges), on=_KEY, how="left")
    )
    a, b = F.col("origin_country"), F.col("destination_country")
    year = F.col("pub_year").cast("string")
    both_list = (F.col("listed_origin") > 0) & (F.col("listed_destination") > 0)
    return rows.select(
        *_KEY,
        *(
            F.coalesce(name, F.lit(0)).cast("bigint").alias(name)
            for name in ("n_moves", "n_entries", "n_works_together")
        ),
        F.coalesce("n_works_together_fractional", F.lit(0.0)).alias("n_works_together_fractional"),
        F.when(both_list, F.coalesce("affinity", F.lit(0.0))).alias("affinity"),
        *(f"{name}_{side}" for name in _OF_SIDE for side in ("origin", "destination")),
        F.concat_ws("-", F.least(a, b), F.greatest(a, b)).alias("pair_key"),
        F.concat_ws("-", a, year).alias("origin_year_key"),
        F.concat_ws("-", b, year).alias("destination_year_key"),
    )


def _side(panel_country_years: DataFrame, side: str) -> DataFrame:
    return panel_country_years.select(
        "pub_year",
        F.col("country_code").alias(f"{side}_country"),
        F.col("n_works_listed").alias(f"listed_{side}"),
        *(F.col(name).alias(f"{name}_{side}") for name in _OF_SIDE),
    )


def _mirrored(edges: DataFrame) -> DataFrame:
    """Each edge in both directions."""
    both = F.array(
        F.struct(F.col("country_a").alias("origin_country"), F.col("country_b").alias("destination_country")),
        F.struct(F.col("country_b").alias("origin_country"), F.col("country_a").alias("destination_country")),
    )
    return edges.select(
        "pub_year",
        F.col("n_works").alias("n_works_together"),
        F.col("n_works_fractional").alias("n_works_together_fractional"),
        "affinity",
        F.inline(both),
    )
