"""Table scientist_partner_years: in which countries the co-authors of a scientist's field works were, year by year."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import per_batch
from scholarflow.career.timelines import run_starts
from scholarflow.study.country_groups import CountryGroups, with_country_groups
from scholarflow.study.field_works import in_fields
from scholarflow.tables.careers import SCIENTIST_PARTNER_YEARS

#: Pairs of author and country unfolded at a time: one work may have thousands of authors in dozens of countries.
_PAIRS_AT_ONCE = 1 << 22
#: Stands for an author without id.
_NOBODY = -1


def scientist_partner_years(
    works: DataFrame,
    scientists: DataFrame,
    *,
    scheme: str,
    fields: Sequence[int],
    min_score: float,
    country_groups: CountryGroups = (),
) -> DataFrame:
    """One row per scientist, year and country with another author of one of the scientist's field works.

    One pass over `works`, whose rows hold their authorships and say themselves whether they are of the field; shuffled
    are only counts by author, year and country, of scientists alone.
    """
    signed = works.where(in_fields(scheme=scheme, fields=fields, min_score=min_score) & (F.size("countries") > 0))
    met = per_batch(
        with_country_groups(signed.select("pub_year", "authorships"), country_groups).select(
            "pub_year",
            F.col("authorships.author_id").alias("author_ids"),
            F.col("authorships.country_code").alias("country_codes"),
        ),
        _met,
        SCIENTIST_PARTNER_YEARS,
    )
    return (
        met.join(scientists.select("author_id"), on="author_id", how="left_semi")
        .groupBy("author_id", "pub_year", "partner_country")
        .agg(F.sum("n_field_works").alias("n_field_works"))
    )


def _met(signed: pa.Table) -> pa.Table:
    """Works by author, year and country of other authors, of some works."""
    lists = signed.column("author_ids").combine_chunks()
    work = np.repeat(np.arange(len(signed)), pc.list_value_length(lists).to_numpy())
    author = pc.list_flatten(lists).fill_null(_NOBODY).to_numpy()
    codes = pc.list_flatten(signed.column("country_codes").combine_chunks()).cast(pa.string())
    names: Any = pc.unique(codes.drop_null())
    country = pc.index_in(codes, names).fill_null(-1).to_numpy()
    years = signed.column("pub_year").to_numpy()
    pieces = [
        _counted(author_of, years[work_of], country_of)
        for work_of, author_of, country_of in _others(work, author, country, len(signed))
    ]
    counted = [np.concatenate(column) for column in zip(*pieces, strict=True)]
    return pa.table(
        {
            "author_id": pa.array(counted[0], pa.int64()),
            "pub_year": pa.array(counted[1], pa.int32()),
            "partner_country": names.take(pa.array(counted[2])),
            "n_field_works": pa.array(counted[3], pa.int64()),
        }
    )


def _others(work: Any, author: Any, country: Any, n_works: int) -> Iterator[tuple[Any, Any, Any]]:
    """Each author with each country of the other authors of a work, as work, author and country, some at a time.

    Every author of a work has a country of the work among the others' but who is the only one to list it.
    """
    known = np.flatnonzero(country >= 0)
    known = known[np.lexsort((author[known], country[known], work[known]))]
    starts = run_starts(work[known], country[known])
    ends = np.append(starts[1:], len(known))[: len(starts)] - 1
    there, place = work[known[starts]], country[known[starts]]
    first, last = author[known[starts]], author[known[ends]]
    only = np.where(first == last, first, _NOBODY)
    named = np.flatnonzero(author != _NOBODY)
    named = named[np.lexsort((author[named], work[named]))]
    signers = named[run_starts(work[named], author[named])]
    who, whose = author[signers], work[signers]
    n_countries = np.bincount(there, minlength=n_works)
    begins = np.concatenate(([0], np.cumsum(n_countries)))
    per_signer = n_countries[whose]
    piece = np.cumsum(per_signer) // _PAIRS_AT_ONCE
    for rows in np.split(np.arange(len(who)), run_starts(piece)[1:]):
        n = per_signer[rows]
        within = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
        of_work = np.repeat(begins[whose[rows]], n) + within
        of_author = np.repeat(who[rows], n)
        other = only[of_work] != of_author
        yield np.repeat(whose[rows], n)[other], of_author[other], place[of_work[other]]


def _counted(author: Any, year: Any, country: Any) -> tuple[Any, Any, Any, Any]:
    """Distinct triples, and how often each occurs."""
    order = np.lexsort((country, year, author))
    author, year, country = author[order], year[order], country[order]
    starts = run_starts(author, year, country)
    return author[starts], year[starts], country[starts], np.diff(starts, append=len(author))
