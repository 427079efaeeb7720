"""Table coauthor_edges: field works that two authors share."""

from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.columns import sorted_set
from scholarflow.study.field_works import keep_field_works


def coauthor_edges(
    works: DataFrame,
    *,
    scheme: str,
    fields: Sequence[int],
    min_score: float,
    first_year: int,
    last_year: int,
    max_team: int,
) -> DataFrame:
    """One row per pair of authors with a common field work of the period of at most max_team authors.

    A work of n authors makes n(n−1)/2 pairs: the bound keeps the largest from outweighing all others together.
    """
    period = keep_field_works(works, scheme=scheme, fields=fields, min_score=min_score).where(
        F.col("pub_year").between(first_year, last_year)
    )
    teams = period.where(F.col("n_authors").between(2, max_team)).select(
        "pub_year", sorted_set(F.transform("authorships", lambda a: a["author_id"])).alias("authors")
    )
    return (
        teams.select("pub_year", "authors", F.explode("authors").alias("author_a"))
        .select(
            "pub_year",
            "author_a",
            F.explode(F.filter("authors", lambda other: other > F.col("author_a"))).alias("author_b"),
        )
        .groupBy("author_a", "author_b")
        .agg(
            F.min("pub_year").alias("first_year"),
            F.max("pub_year").alias("last_year"),
            F.count(F.lit(1)).alias("n_works"),
        )
    )


def works_left_out(
    _: DataFrame,
    works: DataFrame,
    *,
    scheme: str,
    fields: Sequence[int],
    min_score: float,
    first_year: int,
    last_year: int,
    max_team: int,
) -> dict[str, Any]:
    """How many field works of the period have more than max_team authors: recorded with the commit."""
    large = keep_field_works(works, scheme=scheme, fields=fields, min_score=min_score).where(
        F.col("pub_year").between(first_year, last_year) & (F.col("n_authors") > max_team)
    )
    return {"works_left_out": large.count()}
