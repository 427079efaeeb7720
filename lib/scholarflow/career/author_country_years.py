"""Table author_country_years: in which country an author published when."""

from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.career.timelines import Ranks, countries, numbers, per_author, run_starts, spread
from scholarflow.study.country_groups import CountryGroups, with_country_groups
from scholarflow.study.field_works import with_field_mark
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS


def author_country_years(works: DataFrame, field_works: DataFrame, *, country_groups: CountryGroups = ()) -> DataFrame:
    """One row per author, year and country, all authors with an id and all fields, known countries only."""
    placed = with_country_groups(works.select("work_id", "pub_year", "author_countries"), country_groups)
    signed = with_field_mark(placed, field_works).select("pub_year", "is_field", F.inline("author_countries"))
    return per_author(signed, _counted_and_ranked, AUTHOR_COUNTRY_YEARS)


def _counted_and_ranked(signed: pa.Table) -> pa.Table:
    """Works by author, year and country, and which country of the year is primary."""
    authors, years = Ranks(numbers(signed, "author_id")), Ranks(numbers(signed, "pub_year"))
    names, country = countries(signed)
    # Author, year, country and field in one number: sorting it brings every group together.
    author_year = authors.of_row * len(years) + years.of_row
    key = np.sort((author_year * len(names) + country) * 2 + signed.column("is_field").to_numpy())
    starts = run_starts(key >> 1)
    n_works = np.diff(starts, append=len(key))
    n_field_works = np.add.reduceat(key & 1, starts)
    author_year, country = np.divmod(key[starts] >> 1, len(names))
    author, year = np.divmod(author_year, len(years))
    of_career = Ranks(author * len(names) + country)
    alphabet = len(names) - country
    return pa.table(
        {
            "author_id": pa.array(authors.values[author], pa.int64()),
            "pub_year": pa.array(years.values[year], pa.int32()),
            "country_code": names.take(country),
            "n_works": pa.array(n_works, pa.int64()),
            "n_field_works": pa.array(n_field_works, pa.int64()),
            "is_primary": _is_first(n_works, of_career, alphabet, author_year),
            "is_primary_in_field": _is_first(n_field_works, of_career, alphabet, author_year) & (n_field_works > 0),
        }
    )


def _is_first(n: Any, of_career: Ranks, alphabet: Any, author_year: Any) -> Any:
    """Whether a row has the most works of its author's year; ties: of the career in that country, then the alphabet."""
    n_career = np.bincount(of_career.of_row, weights=n).astype(np.int64)[of_career.of_row]
    rank = (n.astype(np.int64) << 40) + (n_career << 16) + alphabet
    starts = run_starts(author_year)
    return rank == spread(np.maximum.reduceat(rank, starts), starts, len(rank))
