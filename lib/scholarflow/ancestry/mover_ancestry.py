"""Table mover_ancestry: what patterns of names say of movers, by direction, small cells left out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.ancestry.classifier import Classifier, classes_of, classifier_of
from scholarflow.ancestry.names import UNKNOWN
from scholarflow.ancestry.small_cells import hidden
from scholarflow.arrow import as_table, per_group
from scholarflow.comparison.directions import PAIR, names_of
from scholarflow.tables import Table
from scholarflow.tables.declaration import BIGINT, STRING, required
from scholarflow.tables.movers import MOVER_ANCESTRY

#: Movers by direction and class, of the names that lay together.
_COUNTED = Table(
    "movers_by_class",
    "Partial counts of movers.",
    grain=(),
    columns=(*(required(name, STRING, "of the move") for name in (*PAIR, "ancestry")), required("n", BIGINT, "movers")),
)


def mover_ancestry(
    migrations: DataFrame,
    authors: DataFrame,
    *,
    classifier: str,
    model: str = "",
    groups: Mapping[str, str] | None = None,
    min_cell: int = 0,
    published: Sequence[tuple[str, str, str, float]] = (),
) -> DataFrame:
    """One row per direction with at least `min_cell` entries and class, zeros too; no row without a classifier.

    A name is asked for once. Entries are broadcast to the names of authors, a name's movers are shuffled together, and
    what is said of a name leaves the worker only in counts. `groups` is what each class counts as; `model`, the
    classifier's version, only records what the table was made with.
    """
    if not classifier:
        nothing = (F.lit(None).cast(column.type).alias(column.name) for column in MOVER_ANCESTRY.columns)
        return migrations.where(F.lit(False)).select(*nothing)
    groups = groups or {}
    entries = migrations.where("is_entry").select("author_id", *PAIR)
    names = authors.select("author_id", "name").join(
        F.broadcast(entries.select("author_id").distinct()), on="author_id", how="left_semi"
    )
    named = entries.join(names, on="author_id", how="left").groupBy("name", *PAIR).agg(F.count(F.lit(1)).alias("n"))
    asked = partial(_by_class, classifier=classifier_of(classifier), groups=groups)
    counted = (
        per_group(named, ["name"], asked, _COUNTED).groupBy(*PAIR, "ancestry").agg(F.sum("n").cast("bigint").alias("n"))
    )
    cells = partial(_cells, ancestries=sorted({*groups.values()}), min_cell=min_cell, published=published)
    return per_group(counted, PAIR, cells, MOVER_ANCESTRY)


def _by_class(named: pa.Table, classifier: Classifier, groups: Mapping[str, str]) -> pa.Table:
    """Counts by name become counts by class; a class that no group names is unknown."""
    names = named["name"].unique().to_pylist()
    class_of = dict(zip(names, classes_of(names, classifier), strict=True))
    ancestries = [groups.get(class_of[name], UNKNOWN) for name in named["name"].to_pylist()]
    classed = named.select([*PAIR, "n"]).append_column("ancestry", pa.array(ancestries, pa.string()))
    summed = classed.group_by([*PAIR, "ancestry"]).aggregate([("n", "sum")]).rename_columns({"n_sum": "n"})
    return summed.select(_COUNTED.column_names)


def _cells(counted: pa.Table, ancestries: Sequence[str], min_cell: int, published: Sequence[Sequence[Any]]) -> pa.Table:
    """Rows to publish, of all directions with enough movers."""
    movers: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in counted.to_pylist():
        movers[row["origin_country"], row["destination_country"]][row["ancestry"]] = row["n"]
    beside = {tuple(key): value for *key, value in published}
    rows = [
        {**names_of(*direction), "published_share": beside.get((*direction, cell["ancestry"])), **cell}
        for direction, found in sorted(movers.items())
        if sum(found.values()) >= min_cell
        for cell in _of_direction({name: found.get(name, 0) for name in ancestries}, found.get(UNKNOWN, 0), min_cell)
    ]
    return as_table(rows, MOVER_ANCESTRY)


def _of_direction(counts: Mapping[str, int], n_unknown: int, min_cell: int) -> list[dict[str, Any]]:
    """Classes with their share of the movers whose name says one, then the movers whose name says none."""
    n_known = sum(counts.values())
    left_out = hidden(counts, min_cell=min_cell)
    told = [
        {"ancestry": name, "n": None, "share": None}
        if name in left_out
        else {"ancestry": name, "n": n, "share": n / n_known if n_known else None}
        for name, n in counts.items()
    ]
    return [*told, {"ancestry": UNKNOWN, "n": n_unknown, "share": None}]
