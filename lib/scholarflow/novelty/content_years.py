"""The works of a year beside what was known of their keywords before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.arrow import years_of_both
from scholarflow.career.timelines import Ranks, numbers
from scholarflow.novelty.content_lists import Lists
from scholarflow.novelty.content_model import log_agreement

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


def parameters_before(keyword_parameters: DataFrame) -> DataFrame:
    """The parameters of a keyword at the next year in which it is seen, one row a dimension of each fit."""
    of_keyword = Window.partitionBy("keyword_id").orderBy("pub_year")
    shifted = keyword_parameters.select(
        F.lead("pub_year").over(of_keyword).alias("pub_year"), "keyword_id", "theta"
    ).where(F.col("pub_year").isNotNull())
    return shifted.select("pub_year", "keyword_id", F.posexplode("theta").alias("dimension", "share"))


@dataclass(frozen=True)
class Year:
    """Works of a year in the order of their ids, and of each the keywords that have parameters from before it.

    `known` has a list for each of the works, an empty one where they have too few keywords: those are not learnt from,
    and what they alone have in a year is not counted in `n_distinct`. `log_theta` is fits × keywords × dimensions.
    """

    work_ids: Any
    n_keywords: Any
    known: Lists
    log_theta: Any
    has_history: bool
    n_distinct: int

    @classmethod
    def of(cls, rows: pa.Table, parameters: pa.Table, dimensions: int, min_keywords: int) -> "Year":
        """The year of these rows of `with_history` and `parameters_before`."""
        work_id, keyword_id = numbers(rows, "work_id"), numbers(rows, "keyword_id")
        order = np.lexsort((keyword_id, work_id))
        works, keyword_id = Ranks(work_id[order]), keyword_id[order]
        ids, log_theta = _by_fit(parameters, dimensions)
        place = np.searchsorted(ids, keyword_id)
        n_keywords = np.bincount(works.of_row, minlength=len(works))
        is_of_list = n_keywords[works.of_row] >= min_keywords
        is_known = is_of_list & np.isin(keyword_id, ids)
        known = Lists(place[is_known], np.bincount(works.of_row[is_known], minlength=len(works)))
        has_history = bool(rows["has_history"][0].as_py())
        return cls(works.values, n_keywords, known, log_theta, has_history, len(np.unique(keyword_id[is_of_list])))

    def log_agreement(self, lists: Lists) -> Any:
        """log Σ_d Π_{i∈h} θ_id of each list, mean of the fits."""
        return np.mean([log_agreement(log_theta, lists)[0] for log_theta in self.log_theta], axis=0)


def years(works: pa.Table, parameters: pa.Table, *, dimensions: int, min_keywords: int) -> Iterator[tuple[int, Year]]:
    """Each year of rows of `with_history`, beside those of `parameters_before`."""
    for year, rows, known in years_of_both(works, parameters):
        yield year, Year.of(rows, known, dimensions, min_keywords)


def _by_fit(parameters: pa.Table, dimensions: int) -> tuple[Any, Any]:
    """Ids of keywords, ascending, and log θ as fits × keywords × dimensions; one fit of none where there are none."""
    keyword_id, dimension = numbers(parameters, "keyword_id"), numbers(parameters, "dimension")
    order = np.lexsort((dimension, keyword_id))
    ids = np.unique(keyword_id)
    share = numbers(parameters, "share")[order]
    with np.errstate(divide="ignore"):
        log_theta = np.maximum(np.log(share), _LEAST)
    fits = len(share) // (len(ids) * dimensions) if len(ids) else 1
    return ids, log_theta.reshape(len(ids), fits, dimensions).transpose(1, 0, 2)
