"""Table content_novelty: how little a work's keywords went together before it."""

from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import to_arrow_schema
from scipy.stats import rankdata

from scholarflow.arrow import as_table, per_group_of_both
from scholarflow.novelty.content_years import Year, parameters_before, with_history, years
from scholarflow.tables.novelty import CONTENT_NOVELTY


def content_novelty(
    work_keywords: DataFrame,
    keyword_parameters: DataFrame,
    *,
    dimensions: int,
    min_keywords: int,
    history_years: int,
    history_works: int,
    min_cell: int,
) -> DataFrame:
    """One row per field work with a keyword; nulls where too few of them, or too few years, were known before it.

    A year is one task: its works meet the parameters of their keywords there. Keywords that were never seen before have
    none, and are left out of the score.
    """
    works = with_history(work_keywords, keyword_parameters, history_years=history_years, history_works=history_works)
    parameters = parameters_before(keyword_parameters)
    scored = partial(_scored, dimensions=dimensions, min_keywords=min_keywords, min_cell=min_cell)
    return per_group_of_both(works, parameters, ["pub_year"], scored, CONTENT_NOVELTY)


def _scored(works: pa.Table, parameters: pa.Table, dimensions: int, min_keywords: int, min_cell: int) -> pa.Table:
    found = years(works, parameters, dimensions=dimensions, min_keywords=min_keywords)
    scored = [_of_year(pub_year, year, min_keywords, min_cell) for pub_year, year in found]
    return pa.concat_tables(scored) if scored else as_table([], CONTENT_NOVELTY)


def _of_year(pub_year: int, year: Year, min_keywords: int, min_cell: int) -> pa.Table:
    size = year.known.size
    scored = np.flatnonzero(size >= min_keywords) if year.has_history else np.zeros(0, np.int64)
    agreement = year.log_agreement(year.known.taken(scored))
    # −0.0 where all keywords lie in one dimension is 0.0.
    novelty = np.maximum(-agreement, 0.0) + 0.0

    def for_all(values: Any) -> Any:
        every = np.full(len(size), np.nan)
        every[scored] = values
        return pa.array(every, mask=np.isnan(every))

    columns: dict[str, Any] = {
        "work_id": year.work_ids,
        "pub_year": np.full(len(size), pub_year),
        "n_keywords": year.n_keywords,
        "n_known_keywords": size,
        "content_novelty": for_all(novelty),
        "content_percentile": for_all(percentiles(novelty, np.zeros(len(novelty), np.int64))),
        "content_percentile_adjusted": for_all(percentiles(novelty, size_classes(size[scored], min_cell))),
    }
    return pa.table(columns).cast(to_arrow_schema(CONTENT_NOVELTY.stored_schema))


def percentiles(values: Any, group: Any) -> Any:
    """Per cent of the works of a group below each value, half of those at it: 50 on average, the middle for ties."""
    found = np.zeros(len(values))
    order = np.argsort(group, kind="stable")
    for here in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if len(here):
            found[here] = 100 * (rankdata(values[here]) - 0.5) / len(here)
    return found


def size_classes(size: Any, min_cell: int) -> Any:
    """A class for each number of keywords, from the smallest on: sizes are one class until it has min_cell works.

    What is left at the large end belongs to the last class.
    """
    sizes, n_works = np.unique(size, return_counts=True)
    classes, in_class, current = np.zeros(len(sizes), np.int64), 0, 0
    for place, n in enumerate(n_works):
        classes[place] = current
        in_class += n
        if in_class >= min_cell and n_works[place + 1 :].sum() >= min_cell:
            current, in_class = current + 1, 0
    return classes[np.searchsorted(sizes, size)]
