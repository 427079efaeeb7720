"""`scholarflow network`: the works of a study in, table network_nodes out."""

from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.collaboration.coauthor_edges import works_left_out
from scholarflow.columns import FRACTION_UNIT
from scholarflow.config import Config
from scholarflow.derive import ingested, study_context
from scholarflow.engine import Engine, Store
from scholarflow.errors import CheckError, UsageError
from scholarflow.network import BackendName, Level
from scholarflow.network.backends import Backend, distributed, in_process
from scholarflow.network.components import across_components, has_graphframes
from scholarflow.network.edges import (
    Network,
    between_nodes,
    edges_of,
    members,
    nodes_of,
    numbered,
    with_names,
    with_strengths,
)
from scholarflow.network.scratch import Scratch, scratch
from scholarflow.progress import Progress
from scholarflow.runner import plan, run_stage
from scholarflow.show import require_made
from scholarflow.stage import Context, Stage
from scholarflow.tables.canonical import WORKS
from scholarflow.tables.derived import FIELD_WORKS
from scholarflow.tables.networks import NETWORK_NODES

#: Edges of one level that are read into this process; docs/decisions/network.md says what they take.
MOST_EDGES_IN_PROCESS = 10_000_000


def network(
    store: Store,
    config: Config,
    progress: Progress,
    *,
    backend: BackendName = "auto",
    levels: Sequence[Level] = tuple(Level),
) -> int | None:
    """Makes the table, of these levels, where it is missing or stale; gives its rows, null where it was up to date.

    Errors: InputError where field_works is missing or the session lacks the jar of GraphFrames, UsageError for a
    network too large for the back end, CheckError where an edge joins two components; the table then stays as it was.
    """
    require_made(store, FIELD_WORKS)
    folder = store.path(NETWORK_NODES).with_name("_network")
    with store.locked(progress.note), scratch(store.engine, folder) as kept:

        def make(works: DataFrame, field_works: DataFrame, **parameters: Any) -> DataFrame:
            measure = partial(_level, engine=store.engine, backend=backend, kept=kept, progress=progress)
            return _levels(works, field_works, measure, **parameters)

        def parameters(context: Context) -> dict[str, Any]:
            study = context.config.study
            return {
                "first_year": study.first_year,
                "last_year": study.last_year,
                "max_team": context.config.collaboration.max_team,
                "levels": [level.value for level in Level if level in levels],
            }

        stage = Stage(NETWORK_NODES, make, (WORKS, FIELD_WORKS), parameters, manifest=_left_out)
        works = ingested(store)
        context = study_context(works, config)
        for step in plan([stage], store, context):
            return run_stage(step.stage, store, context, snapshot=works.snapshot).n_rows
    return None


def _levels(
    works: DataFrame,
    field_works: DataFrame,
    measure: Callable[[DataFrame, Level], DataFrame],
    *,
    first_year: int,
    last_year: int,
    max_team: int,
    levels: Sequence[str],
) -> DataFrame:
    works, field_works = (r.where(F.col("pub_year").between(first_year, last_year)) for r in (works, field_works))
    measured = (measure(members(works, field_works, level, max_team=max_team), level) for level in map(Level, levels))
    return reduce(DataFrame.unionByName, measured)


def _left_out(
    staged: DataFrame, _: DataFrame, field_works: DataFrame, *, levels: Sequence[str], **given: Any
) -> dict[str, Any]:
    """Works whose authors and institutions make no pairs; of countries all do."""
    return works_left_out(staged, field_works, **given) if {*levels} - {Level.COUNTRY.value} else {}


def _level(
    listed: DataFrame, level: Level, *, engine: Engine, backend: BackendName, kept: Scratch, progress: Progress
) -> DataFrame:
    """The rows of one level, from the members of its works; verified."""
    with progress.stage(f"network {level}") as stage:
        listed = kept.kept(listed, f"{level}_members")
        named = kept.kept(numbered(nodes_of(listed), level), f"{level}_named")
        edges = kept.kept(between_nodes(edges_of(listed), named, level), f"{level}_edges")
        nodes = kept.kept(with_strengths(named, edges), f"{level}_nodes")
        n_edges = edges.count()
        measured = _chosen(backend, level, n_edges, engine)(Network(nodes, edges), kept)
        if across := across_components(edges, measured).limit(1).collect():
            raise CheckError(f"table {NETWORK_NODES.name}: {level}: an edge joins two components: {across[0].asDict()}")
        rows = kept.kept(_rows(nodes, measured, level), f"{level}_rows")
        stage.done(nodes=rows.count(), edges=n_edges)
    return rows


def _chosen(backend: BackendName, level: Level, n_edges: int, engine: Engine) -> Backend:
    if backend == "graphframes":
        return distributed
    if n_edges <= MOST_EDGES_IN_PROCESS:
        return in_process
    if backend == "auto" and engine.is_spark and has_graphframes(engine.spark):
        return distributed
    raise UsageError(
        f"--level {level}: {n_edges:,} edges, more than the {MOST_EDGES_IN_PROCESS:,} that are read into one process; "
        "use --backend graphframes"
    )


def _rows(nodes: DataFrame, measured: DataFrame, level: Level) -> DataFrame:
    texts = ("component", "community_n_works", "community_n_units")
    named = with_names(nodes.join(measured, on="node", how="inner"), nodes, level, texts)
    return named.select(
        F.lit(level.value).alias("level"),
        "node_id",
        "component",
        "degree",
        F.col("n_works").alias("strength"),
        (F.col("n_units").cast("double") / F.lit(float(FRACTION_UNIT))).alias("strength_fractional"),
        F.col("pagerank_n_works").alias("pagerank"),
        F.col("pagerank_n_units").alias("pagerank_fractional"),
        F.col("community_n_works").alias("community"),
        F.col("community_n_units").alias("community_fractional"),
    )
