"""Table country_spells: runs of one primary country over an author's active years."""

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from scholarflow.career.timelines import Ranks, countries, numbers, per_author, run_starts, spread
from scholarflow.tables.careers import COUNTRY_SPELLS


def country_spells(author_country_years: DataFrame) -> DataFrame:
    """One row per author and run of equal `is_primary` country; a year without works does not end a run."""
    primary = author_country_years.where("is_primary").select("author_id", "pub_year", "country_code", "n_works")
    return per_author(primary, _runs, COUNTRY_SPELLS)


def _runs(primary: pa.Table) -> pa.Table:
    authors, years = Ranks(numbers(primary, "author_id")), Ranks(numbers(primary, "pub_year"))
    names, country = countries(primary)
    order = np.argsort(authors.of_row * len(years) + years.of_row)
    author, year, country = authors.of_row[order], years.values[years.of_row[order]], country[order]
    starts = run_starts(author, country)
    ends = np.append(starts[1:], len(order)) - 1
    first_runs = run_starts(author[starts])
    spell = np.arange(len(starts)) - spread(first_runs, first_runs, len(starts)) + 1
    return pa.table(
        {
            "author_id": pa.array(authors.values[author[starts]], pa.int64()),
            "spell": pa.array(spell, pa.int32()),
            "country_code": names.take(country[starts]),
            "start_year": pa.array(year[starts], pa.int32()),
            "end_year": pa.array(year[ends], pa.int32()),
            "n_works": pa.array(np.add.reduceat(numbers(primary, "n_works")[order], starts), pa.int64()),
        }
    )
