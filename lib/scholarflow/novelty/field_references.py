"""Table field_references: which works, of which sources, the field cites."""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def field_references(works: DataFrame, field_works: DataFrame, *, max_references: int) -> DataFrame:
    """One row per reference to a work of known source, of field works with at most `max_references`.

    The field's references are shuffled once, to the works they cite, of which three columns are read.
    """
    field = field_works.where(F.col("n_references").between(1, max_references)).select("work_id")
    references = works.join(field, on="work_id", how="left_semi").select(
        "work_id", F.explode("referenced_works").alias("cited_work_id"), "pub_year"
    )
    cited = works.where(F.col("source_id").isNotNull()).select(
        F.col("work_id").alias("cited_work_id"), "source_id", F.col("pub_year").alias("cited_year")
    )
    return references.join(cited, on="cited_work_id", how="inner").select(
        "work_id", "cited_work_id", "pub_year", "source_id", "cited_year"
    )


def works_without_context(
    _: DataFrame, __: DataFrame, field_works: DataFrame, *, max_references: int
) -> dict[str, Any]:
    """How many field works have more than max_references references: recorded with the commit."""
    return {"works_left_out": field_works.where(F.col("n_references") > max_references).count()}
