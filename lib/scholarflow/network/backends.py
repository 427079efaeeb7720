"""Two ways to measure a network, one interface, equal rows: in this process (NetworKit), on Spark (GraphFrames)."""

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from scholarflow.network.arrays import Arrays
from scholarflow.network.communities import communities_of_arrays, communities_of_frames
from scholarflow.network.components import components_of_arrays, components_of_frames
from scholarflow.network.edges import Network, Weight
from scholarflow.network.pagerank import pagerank_of_arrays, pagerank_of_frames
from scholarflow.network.scratch import Scratch

#: From a network to its nodes with component and, by weight, pagerank and community, as numbers of nodes.
Backend = Callable[[Network, Scratch], DataFrame]


def in_process(network: Network, scratch: Scratch) -> DataFrame:
    """Reads the network into memory, once."""
    edges = network.edges.toArrow().sort_by([("node_a", "ascending"), ("node_b", "ascending")])
    ids = np.sort(network.nodes.select("node").toArrow().column("node").to_numpy())
    a, b = (np.searchsorted(ids, edges.column(end).to_numpy()) for end in ("node_a", "node_b"))
    measured: dict[str, Any] = {"node": ids}
    for weight in get_args(Weight):
        arrays = Arrays(ids, a, b, edges.column(weight).to_numpy())
        if "component" not in measured:
            measured["component"] = components_of_arrays(arrays)
        measured[f"pagerank_{weight}"] = pagerank_of_arrays(arrays)
        measured[f"community_{weight}"] = communities_of_arrays(arrays)
    return scratch.kept_table(pa.table(measured), "measured")


def distributed(
    network: Network,
    scratch: Scratch,
    components: Callable[[DataFrame, DataFrame], DataFrame] = components_of_frames,
) -> DataFrame:
    """Iterates over DataFrames; nothing that grows with the network is collected."""
    measured = scratch.kept(components(network.nodes, network.edges), "components")
    for weight in get_args(Weight):
        ranks = pagerank_of_frames(network.nodes, network.edges, weight, scratch.kept)
        ranks = ranks.withColumnRenamed("pagerank", f"pagerank_{weight}")
        measured = scratch.kept(measured.join(ranks, on="node", how="inner"), "measured")
        groups = communities_of_frames(network.nodes, network.edges, weight, scratch.kept)
        groups = groups.withColumnRenamed("community", f"community_{weight}")
        measured = scratch.kept(measured.join(groups, on="node", how="inner"), "measured")
    return measured
