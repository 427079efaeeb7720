"""Table keyword_parameters: where each keyword stands after the works of each year."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema

from scholarflow.arrow import tables_by_year
from scholarflow.career.timelines import numbers
from scholarflow.novelty.content_lists import Lists
from scholarflow.novelty.content_model import Fit, first_parameters, fitted, log_shares
from scholarflow.tables.novelty import KEYWORD_PARAMETERS

_ROWS_A_BATCH = 1 << 14


def keyword_parameters(
    work_keywords: DataFrame,
    *,
    dimensions: int,
    epochs: int,
    learning_rate: float,
    drift: float,
    seed: int,
    fits: int,
    min_keywords: int,
) -> DataFrame:
    """One row per year and keyword of its works with at least min_keywords.

    A year needs what the year before has found: one task reads all rows in the order of their years, as a stream. It
    holds the works of one year, and of every keyword so far its parameters, 8 bytes a dimension of each fit.
    """
    fit = Fit(dimensions, epochs, learning_rate, drift, seed)
    # The place in a window is what makes both engines hand Python the rows in order: a sort alone Sail leaves out.
    in_order = Window.partitionBy(F.lit(0)).orderBy("pub_year")
    rows = work_keywords.select("pub_year", "work_id", "keyword_id", F.row_number().over(in_order).alias("place"))
    made = rows.mapInArrow(
        partial(_year_by_year, fit=fit, fits=fits, min_keywords=min_keywords), KEYWORD_PARAMETERS.stored_schema
    )
    # Python's lists may be null to the engine, a table's may not.
    return made.withColumn("theta", F.coalesce("theta", F.array().cast("array<double>")))


@dataclass(frozen=True)
class _Known:
    """What was found so far: ids of keywords, ascending, and for each its works and its free parameters in each fit."""

    keyword_id: Any
    n_works: Any
    free: Any
    n_fitted: int = 0


def _year_by_year(
    batches: Iterable[pa.RecordBatch], fit: Fit, fits: int, min_keywords: int
) -> Iterator[pa.RecordBatch]:
    nothing = np.zeros(0, np.int64)
    known = _Known(nothing, nothing, np.zeros((fits, 0, fit.dimensions)))
    for year, owner, keyword_id in _years(batches):
        size = Lists.of(owner, keyword_id).size
        is_of_list = np.repeat(size >= min_keywords, size)
        if is_of_list.any():
            known, rows = _with_year(known, year, owner[is_of_list], keyword_id[is_of_list], fit)
            yield from rows.to_batches(max_chunksize=_ROWS_A_BATCH)


def _years(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, Any, Any]]:
    """Each year with the works and keywords of its rows, in their order."""
    held: list[pa.Table] = []
    newest = None
    for batch in batches:
        for year, rows in tables_by_year(pa.Table.from_batches([batch])):
            if newest is not None and year < newest:
                raise ValueError(f"rows of {year} came after rows of {newest}")
            if year != newest:
                yield from _of_year(newest, held)
                newest, held = year, []
            held.append(rows)
    yield from _of_year(newest, held)


def _of_year(year: int | None, held: list[pa.Table]) -> Iterator[tuple[int, Any, Any]]:
    if year is not None:
        rows = pa.concat_tables(held)
        owner, keyword_id = numbers(rows, "work_id"), numbers(rows, "keyword_id")
        order = np.lexsort((keyword_id, owner))
        yield year, owner[order], keyword_id[order]


def _with_year(known: _Known, year: int, owner: Any, keyword_id: Any, fit: Fit) -> tuple[_Known, pa.Table]:
    """What is known after a year, and the year's rows."""
    draws = [np.random.default_rng([fit.seed, year, number]) for number in range(len(known.free))]
    ids, keyword, n_works = np.unique(keyword_id, return_inverse=True, return_counts=True)
    known = _with_new(known, ids, fit, draws)
    place = np.searchsorted(known.keyword_id, ids)
    lists = Lists.of(owner, keyword)
    for free, rng in zip(known.free, draws, strict=True):
        free[place] = fitted(free[place], lists, fit, rng)
    known.n_works[place] += n_works
    known = replace(known, n_fitted=known.n_fitted + len(lists))
    columns: dict[str, Any] = {
        "pub_year": np.full(len(ids), year),
        "keyword_id": ids,
        "theta": _as_lists(np.concatenate([np.exp(log_shares(free[place])) for free in known.free], axis=1)),
        "popularity": n_works / len(lists),
        "n_works": n_works,
        "cum_works": known.n_works[place],
        "n_fitted": np.full(len(ids), known.n_fitted),
    }
    return known, pa.table(columns).cast(to_arrow_schema(KEYWORD_PARAMETERS.stored_schema))


def _with_new(known: _Known, ids: Any, fit: Fit, draws: Sequence[np.random.Generator]) -> _Known:
    """With the keywords that are seen for the first time, among ids that ascend."""
    new = ids[~np.isin(ids, known.keyword_id, assume_unique=True)]
    merged = np.concatenate([known.keyword_id, new])
    order = np.argsort(merged)
    first = np.stack([first_parameters(len(new), fit, rng) for rng in draws])
    free = np.concatenate([known.free, first], axis=1)[:, order]
    n_works = np.concatenate([known.n_works, np.zeros(len(new), np.int64)])[order]
    return replace(known, keyword_id=merged[order], n_works=n_works, free=free)


def _as_lists(rows: Any) -> Any:
    return pa.ListArray.from_arrays(pa.array(np.arange(len(rows) + 1) * rows.shape[1], pa.int32()), rows.ravel())
