"""Works whose keywords come from communities, but for a few works that join two of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from pyspark.sql import DataFrame, SparkSession
from scipy.stats import rankdata

from scholarflow.novelty.keyword_parameters import keyword_parameters
from scholarflow.tables.novelty import WORK_KEYWORDS

N_COMMUNITIES, OF_COMMUNITY = 4, 12
FIT = {"dimensions": 6, "epochs": 10, "learning_rate": 0.3, "drift": 4.0, "seed": 1, "fits": 2, "min_keywords": 2}
SCORING = {"dimensions": 6, "min_keywords": 2, "history_years": 2, "history_works": 100}


def community(keyword_id: Any) -> Any:
    """Keywords of one community have neighbouring numbers."""
    return keyword_id // OF_COMMUNITY


def planted(n_years: int = 4, works_a_year: int = 250, joined: float = 0.1, seed: int = 1) -> dict[str, Any]:
    """Rows of work_keywords as columns; every work has four keywords, joining ones two of each of two communities."""
    rng = np.random.default_rng(seed)
    rows = []
    for work in range(n_years * works_a_year):
        one, other = rng.choice(N_COMMUNITIES, 2, replace=False)
        own = 2 if rng.random() < joined else 4
        chosen = [one * OF_COMMUNITY + rng.choice(OF_COMMUNITY, own, replace=False)]
        chosen.append(other * OF_COMMUNITY + rng.choice(OF_COMMUNITY, 4 - own, replace=False))
        rows += [(work, int(keyword), 2000 + work // works_a_year, "keyword") for keyword in np.concatenate(chosen)]
    return dict(zip(WORK_KEYWORDS.column_names, zip(*rows, strict=True), strict=True))


def joiners(columns: dict[str, Any]) -> set[int]:
    """The works whose keywords are of two communities."""
    of_work: dict[int, set[int]] = {}
    for work, keyword in zip(columns["work_id"], columns["keyword_id"], strict=True):
        of_work.setdefault(work, set()).add(community(keyword))
    return {work for work, communities in of_work.items() if len(communities) > 1}


def keywords(spark: SparkSession, columns: dict[str, Any]) -> DataFrame:
    """The rows of work_keywords as a DataFrame."""
    return spark.createDataFrame(list(zip(*columns.values(), strict=True)), WORK_KEYWORDS.stored_schema)


def scored(spark: SparkSession, columns: dict[str, Any], score: Callable[..., DataFrame], **parameters: Any) -> Any:
    """Rows of what `score` makes of the planted works and of the parameters fitted to them, by its first column."""
    given = keywords(spark, columns)
    fitted = spark.createDataFrame(keyword_parameters(given, **FIT).toArrow())
    made = score(given, fitted, **SCORING, **parameters)
    return {row[made.columns[0]]: row.asDict() for row in made.collect()}


def area_under_curve(values: Any, is_one: Any) -> float:
    """Chance that one of a kind has the larger value than one of the other."""
    ranks, is_one = rankdata(values), np.asarray(is_one)
    n = is_one.sum()
    return float((ranks[is_one].sum() - n * (n + 1) / 2) / (n * (~is_one).sum()))
