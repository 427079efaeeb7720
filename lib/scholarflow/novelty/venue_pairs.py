"""Table venue_pairs: sources that are cited together, and how often they would be by chance."""

from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import per_group, tables_by_year
from scholarflow.novelty.references import References, counted
from scholarflow.novelty.shuffled_references import Slots, moments
from scholarflow.novelty.shuffles import moments_of_shuffles
from scholarflow.tables import Table
from scholarflow.tables.novelty import VENUE_PAIRS

#: The table without what is said of the sources themselves.
_COMPARED = Table(
    "compared_pairs",
    "Pairs of sources beside chance.",
    grain=VENUE_PAIRS.grain,
    columns=tuple(column for column in VENUE_PAIRS.columns if column.name != "since"),
)


def venue_pairs(
    field_references: DataFrame, works: DataFrame, *, null: str, seed: int = 0, shuffles: int = 0
) -> DataFrame:
    """One row per citing year and pair of sources that some work of the year cites together.

    `null`: exact, moments in closed form; shuffles, as published. A citing year is one task, which holds its references
    and its distinct pairs: some 100 bytes a reference and as many a pair.
    """
    compared = partial(_compared, null=null, seed=seed, shuffles=shuffles)
    pairs = per_group(field_references, ["pub_year"], compared, _COMPARED)
    first_years = (
        works.where(F.col("source_id").isNotNull()).groupBy("source_id").agg(F.min("pub_year").alias("first_year"))
    )
    for side in ("a", "b"):
        of_side = first_years.select(
            F.col("source_id").alias(f"source_{side}"), F.col("first_year").alias(f"first_year_{side}")
        )
        pairs = pairs.join(F.broadcast(of_side), on=f"source_{side}", how="inner")
    since = F.greatest("first_year_a", "first_year_b").alias("since")
    return pairs.select(*_COMPARED.column_names, since)


def _compared(rows: pa.Table, null: str, seed: int, shuffles: int) -> pa.Table:
    years = [
        pairs_of_year(year, of_year, null=null, seed=seed, shuffles=shuffles) for year, of_year in tables_by_year(rows)
    ]
    return pa.concat_tables(years)


def pairs_of_year(year: int, rows: pa.Table, *, null: str, seed: int, shuffles: int) -> pa.Table:
    """The pairs of the field references of one citing year, without `since`."""
    references = References.of(rows)
    keys, n = counted(references)
    source_a, source_b = np.divmod(keys, len(references.source_ids))
    mean, sd = (
        moments(references.n_in_cell, Slots.of(references), source_a, source_b)
        if null == "exact"
        else moments_of_shuffles(references, keys, seed=seed, shuffles=shuffles)
    )
    columns: dict[str, Any] = {
        "pub_year": pa.array(np.full(len(keys), year), pa.int32()),
        "source_a": references.source_ids[source_a],
        "source_b": references.source_ids[source_b],
        "n_pairs": n,
        "mean_by_chance": mean,
        "sd_by_chance": sd,
        "z": pa.array((n - mean) / np.where(sd > 0, sd, 1), mask=sd == 0),
    }
    return pa.table(columns)
