"""Table coauthor_edges: field works that two authors share."""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def coauthor_edges(field_works: DataFrame, *, first_year: int, last_year: int, max_team: int) -> DataFrame:
    """One row per pair of authors with a common field work of the period of at most max_team authors.

    A work of n authors makes n(n−1)/2 pairs: the bound keeps the largest from outweighing all others together.
    """
    return (
        _of_period(field_works, first_year, last_year)
        .where(F.col("n_authors").between(2, max_team))
        .select("pub_year", "author_ids", F.explode("author_ids").alias("author_a"))
        .select(
            "pub_year",
            "author_a",
            F.explode(F.filter("author_ids", lambda other: other > F.col("author_a"))).alias("author_b"),
        )
        .groupBy("author_a", "author_b")
        .agg(
            F.min("pub_year").alias("first_year"),
            F.max("pub_year").alias("last_year"),
            F.count(F.lit(1)).alias("n_works"),
        )
    )


def works_left_out(
    _: DataFrame, field_works: DataFrame, *, first_year: int, last_year: int, max_team: int
) -> dict[str, Any]:
    """How many field works of the period have more than max_team authors: recorded with the commit."""
    large = _of_period(field_works, first_year, last_year).where(F.col("n_authors") > max_team)
    return {"works_left_out": large.count()}


def _of_period(field_works: DataFrame, first_year: int, last_year: int) -> DataFrame:
    return field_works.where(F.col("pub_year").between(first_year, last_year))
