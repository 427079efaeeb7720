"""The works of a year beside what was known of their keywords before it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.career.timelines import Ranks, numbers
from scholarflow.novelty.content_lists import Lists

_THETA = "theta_{}"
#: log θ of a share too small for a double.
_LEAST = float(np.log(np.finfo(np.float64).tiny))


def with_history(
    work_keywords: DataFrame, keyword_parameters: DataFrame, *, history_years: int, history_works: int
) -> DataFrame:
    """Adds `has_history`: in earlier years there were so many to fit, and so many works in them."""
    years = keyword_parameters.groupBy("pub_year").agg(F.max("n_fitted").alias("n_fitted"))
    earlier = years.select(F.col("pub_year").alias("earlier_year"), F.col("n_fitted").alias("n_fitted_by_then"))
    enough = (
        years.join(F.broadcast(earlier), on=F.col("earlier_year") < F.col("pub_year"), how="inner")
        .groupBy("pub_year")
        .agg(F.count("earlier_year").alias("n_years"), F.max("n_fitted_by_then").alias("n_works"))
        .where((F.col("n_years") >= history_years) & (F.col("n_works") >= history_works))
        .select("pub_year", F.lit(True).alias("has_history"))
    )
    return work_keywords.join(F.broadcast(enough), on="pub_year", how="left").select(
        "work_id", "pub_year", "keyword_id", F.coalesce("has_history", F.lit(False)).alias("has_history")
    )


def parameters_before(keyword_parameters: DataFrame, *, dimensions: int) -> DataFrame:
    """The parameters of a keyword at the next year in which it is seen, as columns theta_0, theta_1, …"""
    of_keyword = Window.partitionBy("keyword_id").orderBy("pub_year")
    theta = [F.get("theta", d).alias(_THETA.format(d)) for d in range(dimensions)]
    shifted = keyword_parameters.select(F.lead("pub_year").over(of_keyword).alias("pub_year"), "keyword_id", *theta)
    return shifted.where(F.col("pub_year").isNotNull())


@dataclass(frozen=True)
class Year:
    """Works of a year in the order of their ids, and of each the keywords that have parameters from before it.

    `known` has a list for each of `works`, maybe an empty one; `log_theta` is keywords × dimensions.
    """

    work_ids: Any
    n_keywords: Any
    known: Lists
    log_theta: Any
    has_history: bool
    n_distinct: int

    @classmethod
    def of(cls, rows: pa.Table, parameters: pa.Table) -> "Year":
        """The year of these rows of `with_history` and `parameters_before`."""
        work_id, keyword_id = numbers(rows, "work_id"), numbers(rows, "keyword_id")
        order = np.lexsort((keyword_id, work_id))
        works, keyword_id = Ranks(work_id[order]), keyword_id[order]
        ids = numbers(parameters, "keyword_id")
        by_id = np.argsort(ids)
        place = np.searchsorted(ids[by_id], keyword_id)
        is_known = np.append(ids[by_id], 0)[place] == keyword_id
        is_known &= place < len(ids)
        names = [name for name in parameters.column_names if name.startswith(_THETA.format(""))]
        theta = np.stack([numbers(parameters, name) for name in names], axis=1)[by_id]
        size = np.bincount(works.of_row[is_known], minlength=len(works))
        with np.errstate(divide="ignore"):
            log_theta = np.maximum(np.log(theta), _LEAST)
        known = Lists(place[is_known], size)
        n_keywords = np.bincount(works.of_row, minlength=len(works))
        has_history = bool(rows["has_history"][0].as_py())
        return cls(works.values, n_keywords, known, log_theta, has_history, len(np.unique(keyword_id)))
