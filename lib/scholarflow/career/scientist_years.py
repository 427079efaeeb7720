"""Table scientist_years: where a scientist was, published and was cited, year by year."""

from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.career.timelines import Ranks, countries, numbers, per_author
from scholarflow.study.field_works import with_field_mark
from scholarflow.tables.careers import SCIENTIST_YEARS


def scientist_years(
    works: DataFrame, field_works: DataFrame, author_country_years: DataFrame, scientists: DataFrame
) -> DataFrame:
    """One row per scientist and year from first to last publication, years without works included.

    Works and their citations meet twice at most: references are joined with the works of scientists, which are few, and
    counted by cited work and year before they are unfolded into authors.
    """
    ids = scientists.select("author_id")
    signed = (
        with_field_mark(works, field_works)
        .select("work_id", "pub_year", F.col("is_field").cast("bigint"), F.explode("author_ids").alias("author_id"))
        .join(ids, on="author_id", how="left_semi")
    )
    published = signed.groupBy("author_id", F.col("pub_year").alias("year")).agg(
        F.count(F.lit(1)).alias("n_works"), F.sum("is_field").alias("n_field_works")
    )
    there = author_country_years.where("is_primary_in_field").join(ids, on="author_id", how="left_semi")
    spans = scientists.select("author_id", F.col("first_pub_year").alias("year"), "last_pub_year")
    events = (
        published.unionByName(_cited(works, signed), allowMissingColumns=True)
        .unionByName(
            there.select("author_id", F.col("pub_year").alias("year"), "country_code"), allowMissingColumns=True
        )
        .unionByName(spans, allowMissingColumns=True)
    )
    return per_author(events, _year_by_year, SCIENTIST_YEARS)


def _cited(works: DataFrame, signed: DataFrame) -> DataFrame:
    """Citations by scientist and year of the citing work; a work citing two works of a scientist counts twice."""
    citing = works.where(F.size("referenced_works") > 0).select(
        F.col("pub_year").alias("year"), F.explode("referenced_works").alias("work_id")
    )
    by_work = (
        citing.join(signed.select("work_id").distinct(), on="work_id", how="left_semi")
        .groupBy("work_id", "year")
        .agg(F.count(F.lit(1)).alias("citations"))
    )
    return (
        by_work.join(signed.select("work_id", "author_id"), on="work_id", how="inner")
        .groupBy("author_id", "year")
        .agg(F.sum("citations").alias("citations"))
    )


def _year_by_year(events: pa.Table) -> pa.Table:
    """Each scientist's years from the first to the last one; events after it are not told."""
    authors = Ranks(numbers(events, "author_id"))
    year = numbers(events, "year")
    is_span = events.column("last_pub_year").is_valid().to_numpy(zero_copy_only=False)
    first, last = np.zeros(len(authors), np.int64), np.zeros(len(authors), np.int64)
    first[authors.of_row[is_span]] = year[is_span]
    last[authors.of_row[is_span]] = events.column("last_pub_year").drop_null().to_numpy()
    starts = np.concatenate(([0], np.cumsum(last - first + 1)))
    author = np.repeat(np.arange(len(authors)), np.diff(starts))
    age = np.arange(starts[-1]) - starts[author]
    is_early = year < first[authors.of_row]
    place = starts[authors.of_row] + np.where(is_early, 0, year - first[authors.of_row])
    is_told = year <= last[authors.of_row]

    def total(column: str, told: Any) -> Any:
        values = events.column(column).fill_null(pa.scalar(0, pa.int64())).to_numpy()
        return np.bincount(place[told], values[told], starts[-1]).astype(np.int64)

    n_works = total("n_works", is_told)
    citations = total("citations", is_told & ~is_early)
    # Works cite before the first publication where a date is wrong: such citations accumulate from there on.
    early = total("citations", is_early)
    names, country = _last_known(events, place, starts, author)
    return pa.table(
        {
            "author_id": pa.array(authors.values[author], pa.int64()),
            "pub_year": pa.array(first[author] + age, pa.int32()),
            "country_code": names.take(pa.array(country, mask=country < 0)),
            "career_age": pa.array(age, pa.int32()),
            "n_works": n_works,
            "n_field_works": total("n_field_works", is_told),
            "cum_works": _cumulated(n_works, starts, author),
            "citations_received": citations,
            "cum_citations": _cumulated(citations + early, starts, author),
        }
    )


def _last_known(events: pa.Table, place: Any, starts: Any, author: Any) -> tuple[Any, Any]:
    """Names of countries, and for each year which was the last one known, −1 before the first."""
    names, of_event = countries(events.filter(events.column("country_code").is_valid()))
    known = events.column("country_code").is_valid().to_numpy(zero_copy_only=False)
    country = np.full(len(author), -1)
    country[place[known]] = of_event
    seen = np.where(country >= 0, np.arange(len(author)), -1)
    latest = np.maximum.accumulate(seen) if len(seen) else seen
    return names, np.where(latest >= starts[author], country[latest], -1)


def _cumulated(values: Any, starts: Any, author: Any) -> Any:
    """Sums from a scientist's first year on."""
    sums = np.cumsum(values)
    return sums - np.where(starts[author] > 0, sums[starts[author] - 1], 0)
