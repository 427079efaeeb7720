"""Weighted PageRank in whole numbers, in one process and on an engine: equal to the bit.

r(i) = (1 − d)/n + d · (Σ over neighbours j of r(j) · w(ij)/s(j) + Σ over nodes k without an edge of r(k)/n), with w the
weight of an edge and s(j) the sum of those of j: Brin & Page 1998, doi:10.1016/S0169-7552(98)00110-X, on an undirected
graph. Ranks are counted in units of 2⁻³⁰ of the mean rank and every transfer is rounded to one, so that no sum depends
on its order.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.network.arrays import Arrays, Whole, summed
from scholarflow.network.edges import Weight, both_ways

DAMPING = 0.85
#: The rank of a node that is like all others.
_MEAN = 1 << 30
#: Iterations end where ranks move by less than this share of their sum in all, or after so many.
_TOLERANCE, _MOST_ROUNDS = 1e-6, 100


def pagerank_of_arrays(network: Arrays) -> NDArray[np.float64]:
    """Ranks in the order of the ids; they sum to 1."""
    n, strengths = len(network.ids), network.strengths
    given_by, given_to = np.concatenate([network.a, network.b]), np.concatenate([network.b, network.a])
    weight = np.concatenate([network.weight, network.weight]).astype(float)
    of_giver = strengths[given_by].astype(float)
    ranks = np.full(n, _MEAN, np.int64)
    for _ in range(_MOST_ROUNDS):
        given = np.floor(DAMPING * ranks[given_by] * weight / of_giver + 0.5).astype(np.int64)
        moved = summed(given_to, given, n) + _from_all(int(ranks[strengths == 0].sum()), n)
        change = int(np.abs(moved - ranks).sum())
        ranks = moved
        if change <= _TOLERANCE * n * _MEAN:
            break
    return _shares(ranks)


def pagerank_of_frames(
    nodes: DataFrame, edges: DataFrame, weight: Weight, kept: Callable[[DataFrame, str], DataFrame]
) -> DataFrame:
    """One row per node: node, pagerank. `kept` writes rows down and reads them back, so that plans do not grow."""
    # The strength of whoever gives travels with the edge: a round joins the ranks alone.
    strength = nodes.select(F.col("node"), F.col(weight).cast("double").alias("strength"))
    ways = both_ways(edges.select("node_a", "node_b", F.col(weight).cast("double").alias("weight")))
    ways = kept(ways.join(strength, on="node", how="inner"), "ways")
    given = F.floor(F.lit(DAMPING) * F.col("rank") * F.col("weight") / F.col("strength") + F.lit(0.5)).cast("bigint")
    start = F.lit(_MEAN).cast("bigint")
    is_alone = F.col("degree") == 0
    ranks = kept(nodes.select("node", is_alone.alias("is_alone"), start.alias("rank"), start.alias("change")), "ranks")
    for _ in range(_MOST_ROUNDS):
        alone = F.sum(F.when(F.col("is_alone"), F.col("rank")))
        told = ranks.agg(F.count(F.lit(1)).alias("n"), alone.alias("alone"), F.sum("rank").alias("total")).first()
        assert told is not None
        base = F.lit(_from_all(told["alone"] or 0, told["n"])).cast("bigint")
        received = (
            ways.join(ranks.select("node", "rank"), on="node", how="inner")
            .select(F.col("neighbour").alias("node"), given.alias("given"))
            .groupBy("node")
            .agg(F.sum("given").alias("given"))
        )
        moved = F.coalesce("given", F.lit(0).cast("bigint")) + base
        ranks = kept(
            ranks.select("node", "is_alone", F.col("rank").alias("before"))
            .join(received, on="node", how="left")
            .select("node", "is_alone", moved.alias("rank"), F.abs(moved - F.col("before")).alias("change")),
            "ranks",
        )
        change = ranks.agg(F.sum("change").alias("change")).first()
        assert change is not None
        if (change["change"] or 0) <= _TOLERANCE * told["n"] * _MEAN:
            break
    total = ranks.agg(F.sum("rank").alias("total"))
    return ranks.crossJoin(total).select(
        "node", (F.col("rank").cast("double") / F.col("total").cast("double")).alias("pagerank")
    )


def _from_all(alone: int, n: int) -> int:
    """What every node gets of all: the jump, and an equal part of the ranks of nodes without an edge."""
    return math.floor((1 - DAMPING) * _MEAN + DAMPING * alone / max(n, 1) + 0.5)


def _shares(ranks: Whole) -> NDArray[np.float64]:
    return ranks.astype(float) / float(ranks.sum())
