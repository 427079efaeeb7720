"""`scholarflow regress`: the panels of a study in, table regressions out."""

import sys
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa

from scholarflow.arrow import as_table
from scholarflow.config import Config
from scholarflow.engine import Provenance, Store
from scholarflow.export.flat import flat_columns, flattened
from scholarflow.progress import Progress
from scholarflow.regression import gravity, moves, premium
from scholarflow.regression.estimate import Specification, estimated, require_pyfixest
from scholarflow.runner import export_csv
from scholarflow.show import require_made
from scholarflow.stage import code_of
from scholarflow.study.kinds import directions_of
from scholarflow.tables import Table
from scholarflow.tables.panels import PANEL_DYAD_YEARS, PANEL_SCIENTIST_YEARS, PREMIUM_CELLS, REGRESSIONS

INPUTS = (PREMIUM_CELLS, PANEL_SCIENTIST_YEARS, PANEL_DYAD_YEARS)
_OF_MOVES = ("move_year", "is_treated", "stratum_id", "cem_weight")
_OF_SCIENTISTS = ("author_id", "pub_year", "n_works", "citations_received", "log1p_n_works", "pairs")
_DYADS = (
    "origin_country",
    "destination_country",
    "pub_year",
    "n_moves",
    "n_entries",
    "n_works_together",
    "n_works_together_fractional",
    "pair_key",
    "origin_year_key",
    "destination_year_key",
)


def regress(store: Store, config: Config, progress: Progress) -> int:
    """Runs every specification on the panels as they are stored, and writes the table; gives its rows.

    Errors: UsageError without pyfixest, InputError for a panel that is missing, both before anything is read.
    """
    require_inputs(store)
    with store.locked(progress.note):
        rows = []
        for specification, sample in _specifications(store, config):
            name = f"{specification.name} {specification.outcome} {specification.sample}"
            with progress.stage(name) as stage:
                rows += list(estimated(specification, sample, min_clusters=config.bootstrap.min_clusters))
                stage.done(observations=rows[-1]["n_obs"], clusters=rows[-1]["n_clusters"])
        made = {table.name: require_made(store, table) for table in INPUTS}
        first = made[PREMIUM_CELLS.name]
        made_from = Provenance(
            code=code_of(*(sys.modules[f"scholarflow.regression.{part}"] for part in _PARTS)),
            parameters=_parameters(config),
            inputs={name: table.identity for name, table in made.items()},
            snapshot=first.snapshot,
            source=first.source,
            engine=store.engine.name,
        )
        frame = store.engine.spark.createDataFrame(as_table(rows, REGRESSIONS), REGRESSIONS.stored_schema)
        store.write(REGRESSIONS, frame, made_from)
        export_csv([REGRESSIONS], store)
    return len(rows)


_PARTS = ("run", "estimate", "premium", "moves", "gravity")


def require_inputs(store: Store) -> None:
    """Raises what keeps a regression from being run: a package or a panel that is missing."""
    require_pyfixest()
    for table in INPUTS:
        require_made(store, table)


def _parameters(config: Config) -> dict[str, Any]:
    around = config.after_move
    return {
        "leads": around.leads,
        "lags": around.lags,
        "reference_year": around.reference_year,
        "min_clusters": config.bootstrap.min_clusters,
    }


def _specifications(store: Store, config: Config) -> Iterator[tuple[Specification, pd.DataFrame]]:
    """One sample after the other is held in memory."""
    yield from premium.premium_regressions(_read(store, PREMIUM_CELLS, PREMIUM_CELLS.column_names).to_pandas())
    made = require_made(store, PANEL_SCIENTIST_YEARS)
    for origin, destination in directions_of(made.parameters["pairs"]):
        around = {name: value for name, value in _parameters(config).items() if name != "min_clusters"}
        years = _of_direction(store, made.parameters["pairs"], (origin, destination))
        yield from moves.move_regressions(years, direction=f"{origin}>{destination}", **around)
    yield from gravity.gravity_regressions(_read(store, PANEL_DYAD_YEARS, _DYADS).to_pandas())


def _read(store: Store, table: Table, columns: Any) -> Any:
    """Some columns of a table, in the order of its key, on which the last digits of sums depend."""
    rows = store.dataset(table).to_table(list(columns))
    return rows.sort_by([(name, "ascending") for name in table.grain])


def _of_direction(store: Store, pairs: list[list[str]], direction: tuple[str, str]) -> pd.DataFrame:
    """Scientist-years with what holds for one direction, under the names of the members."""
    columns = [
        column
        for column in flat_columns(PANEL_SCIENTIST_YEARS, pairs)
        if (column.whose == direction and column.column.name in _OF_MOVES)
        or (not column.member_of and column.name in _OF_SCIENTISTS)
    ]
    dataset = store.dataset(PANEL_SCIENTIST_YEARS)
    # What holds for the other directions is let go batch by batch: with many pairs it is the larger part.
    batches = (flattened(batch, columns) for batch in dataset.to_batches(columns=list(_OF_SCIENTISTS)))
    schema = pa.schema([pa.field(column.name, column.type) for column in columns])
    read = pa.Table.from_batches(batches, schema).rename_columns([column.column.name for column in columns])
    return read.sort_by([(name, "ascending") for name in PANEL_SCIENTIST_YEARS.grain]).to_pandas()
