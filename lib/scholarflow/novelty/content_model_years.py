"""Table content_model_years: how well the keywords' parameters foretell the works of the next year."""

from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from scipy.stats import rankdata

from scholarflow.arrow import as_table, per_group_of_both
from scholarflow.novelty.content_lists import Lists, by_chance
from scholarflow.novelty.content_years import Year, parameters_before, with_history, years
from scholarflow.tables.novelty import CONTENT_MODEL_YEARS

#: Sets the draws of the test apart from those of the fits, which are numbered from 0.
_HELD_OUT = 1 << 31


def content_model_years(
    work_keywords: DataFrame,
    keyword_parameters: DataFrame,
    *,
    dimensions: int,
    min_keywords: int,
    history_years: int,
    history_works: int,
    seed: int,
) -> DataFrame:
    """One row per year with keywords; the works of a year are judged by what is known from years before it."""
    works = with_history(work_keywords, keyword_parameters, history_years=history_years, history_works=history_works)
    parameters = parameters_before(keyword_parameters)
    judged = partial(_judged, dimensions=dimensions, min_keywords=min_keywords, seed=seed)
    return per_group_of_both(works, parameters, ["pub_year"], judged, CONTENT_MODEL_YEARS)


def _judged(works: pa.Table, parameters: pa.Table, dimensions: int, min_keywords: int, seed: int) -> pa.Table:
    found = years(works, parameters, dimensions=dimensions, min_keywords=min_keywords)
    return as_table([_of_year(pub_year, year, min_keywords, seed) for pub_year, year in found], CONTENT_MODEL_YEARS)


def _of_year(pub_year: int, year: Year, min_keywords: int, seed: int) -> dict[str, Any]:
    size = year.known.size
    observed = year.known.taken(np.flatnonzero(size >= min_keywords))
    rng = np.random.default_rng([seed, pub_year, _HELD_OUT])
    return {
        "pub_year": pub_year,
        "n_works": int((year.n_keywords >= min_keywords).sum()),
        "n_scored": len(observed) if year.has_history else 0,
        "n_keywords": year.n_distinct,
        "n_known_keywords": year.log_theta.shape[1],
        "auc": held_out_auc(observed, year, rng),
    }


def held_out_auc(observed: Lists, year: Year, rng: np.random.Generator) -> float | None:
    """Chance that an observed list agrees more than one by chance of the same size, ties a half; null without either.

    By ranks within each size, so that sizes are not compared; each size weighs by its pairs.
    """
    if not len(observed):
        return None
    chance, is_distinct = by_chance(observed, rng)
    true, false = year.log_agreement(observed), year.log_agreement(chance)
    wins = pairs = 0.0
    for size in np.unique(observed.size):
        of_size = observed.size == size
        one, other = true[of_size], false[of_size & is_distinct]
        ranks = rankdata(np.concatenate([one, other]))[: len(one)]
        wins += ranks.sum() - len(one) * (len(one) + 1) / 2
        pairs += len(one) * len(other)
    return wins / pairs if pairs else None
