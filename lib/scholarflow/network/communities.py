"""Communities by modularity, in one process and on an engine: equal to the bit.

Louvain's two phases (Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008), all nodes at once as in Lu,
Halappanavar & Kalyanaraman 2015 (doi:10.1016/j.parco.2015.03.003): each node u looks at the labels l of its neighbours
and at its own and prefers the highest W(u,l) − s(u) · K(l)/2m, with W its weight towards the nodes labelled l, s its
strength, K(l) the strength of those nodes without u, m the sum of weights. Ties: its own label, then the smallest. In
each round the half of the nodes that a hash of id and round picks may move, so that two neighbours do not exchange
labels for ever. A level ends when no node prefers another label, or after so many rounds; then each label is a node,
and so on until nothing merges. A community never reaches beyond its component; its name is its smallest node.
"""

from collections.abc import Callable

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from scipy.sparse import csr_array

from scholarflow.network.arrays import Arrays, Whole, summed
from scholarflow.network.edges import Weight, both_ways

_MOST_LEVELS, _MOST_ROUNDS = 12, 24
#: Prime, and a primitive root of it (Park & Miller 1988, doi:10.1145/63039.63042): products fit 63 bits.
_PRIME, _ROOT = 2_147_483_647, 48_271


def communities_of_arrays(network: Arrays) -> Whole:
    """The smallest id of each node's community, in the order of the ids."""
    ids, a, b, weight = network.ids, network.a, network.b, network.weight
    strengths, doubled = network.strengths, 2 * int(weight.sum())
    group = np.arange(len(ids))
    for _ in range(_MOST_LEVELS if doubled else 0):
        labels = _settled(Arrays(ids, a, b, weight), strengths, doubled)
        used, labels = np.unique(labels, return_inverse=True)
        if len(used) == len(ids):
            break
        group, ids, strengths = labels[group], ids[used], summed(labels, strengths, len(used))
        a, b = labels[a], labels[b]
        between = a != b
        a, b, weight = a[between], b[between], weight[between]
    smallest = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(smallest, group, network.ids)
    return np.asarray(smallest[group], np.int64)


def _settled(level: Arrays, strengths: Whole, doubled: int) -> Whole:
    """Labels of the nodes of a level, as places among them; an edge may stand there several times."""
    n = len(level.ids)
    ends = np.concatenate([level.a, level.b]), np.concatenate([level.b, level.a])
    adjacent = csr_array((np.concatenate([level.weight, level.weight]), ends), shape=(n, n))
    labels = np.arange(n)
    for number in range(_MOST_ROUNDS):
        best, prefers = _preferred(adjacent, labels, strengths, doubled)
        if not prefers.any():
            break
        moves = prefers & (level.ids % _PRIME * _multiplier(number) % _PRIME % 2 == 0)
        labels = np.where(moves, best, labels)
    return labels


def _preferred(adjacent: csr_array, labels: Whole, strengths: Whole, doubled: int) -> tuple[Whole, np.ndarray]:
    """By node the best label, and whether it is better than the node's own."""
    n = len(labels)
    among = summed(labels, strengths, n)
    chosen = csr_array((np.ones(n, np.int64), labels, np.arange(n + 1)), shape=(n, n))
    toward = (adjacent @ chosen).tocoo()
    node, label, weight = toward.row, toward.col, toward.data
    is_own = label == labels[node]
    own_weight = np.zeros(n, np.int64)
    own_weight[node[is_own]] = weight[is_own]
    own = own_weight - strengths.astype(float) * (among[labels] - strengths).astype(float) / float(doubled)
    score = np.where(
        is_own, own[node], weight - strengths[node].astype(float) * among[label].astype(float) / float(doubled)
    )
    highest = own.copy()
    np.maximum.at(highest, node, score)
    best = np.full(n, n)
    at_best = score == highest[node]
    np.minimum.at(best, node[at_best], label[at_best])
    return best, highest > own


def communities_of_frames(
    nodes: DataFrame, edges: DataFrame, weight: Weight, kept: Callable[[DataFrame, str], DataFrame]
) -> DataFrame:
    """One row per node: node, community. `kept` writes rows down and reads them back, so that plans do not grow."""
    group = nodes.select("node", F.col("node").alias("label"))
    level = nodes.where("degree > 0").select("node", F.col(weight).alias("strength"))
    level_edges = edges.select("node_a", "node_b", F.col(weight).alias("weight"))
    total = level.agg(F.sum("strength").alias("doubled"), F.count(F.lit(1)).alias("n")).first()
    assert total is not None
    n_before = total["n"]
    for _ in range(_MOST_LEVELS if n_before else 0):
        labels = _settled_frame(level, level_edges, float(total["doubled"]), kept)
        level = kept(labels.groupBy(F.col("label").alias("node")).agg(F.sum("strength").alias("strength")), "level")
        n_after = level.count()
        if n_after == n_before:
            break
        n_before = n_after
        of_label = labels.select(F.col("node").alias("label"), F.col("label").alias("merged"))
        group = kept(
            group.join(of_label, on="label", how="left").select("node", F.coalesce("merged", "label").alias("label")),
            "group",
        )
        level_edges = kept(_between_labels(level_edges, labels), "edges")
    return group.join(group.groupBy("label").agg(F.min("node").alias("community")), on="label", how="inner").select(
        "node", "community"
    )


def _between_labels(edges: DataFrame, labels: DataFrame) -> DataFrame:
    for end in ("node_a", "node_b"):
        of_end = labels.select(F.col("node").alias(end), F.col("label").alias(f"{end}_label"))
        edges = edges.join(of_end, on=end, how="inner")
    one, other = F.least("node_a_label", "node_b_label"), F.greatest("node_a_label", "node_b_label")
    return (
        edges.select(one.alias("node_a"), other.alias("node_b"), "weight")
        .where("node_a <> node_b")
        .groupBy("node_a", "node_b")
        .agg(F.sum("weight").alias("weight"))
    )


def _settled_frame(
    level: DataFrame, edges: DataFrame, doubled: float, kept: Callable[[DataFrame, str], DataFrame]
) -> DataFrame:
    """One row per node of a level: node, strength, label."""
    ways = kept(both_ways(edges), "ways")
    labels = kept(level.select("node", "strength", F.col("node").alias("label")), "labels")
    for number in range(_MOST_ROUNDS):
        best = kept(_preferred_frame(labels, ways, doubled), "best")
        if best.where("prefers").limit(1).count() == 0:
            break
        picked = F.col("node") % _PRIME * F.lit(_multiplier(number)).cast("bigint") % _PRIME % 2 == 0
        label = F.when(F.col("prefers") & picked, F.col("best")).otherwise(F.col("label"))
        labels = kept(best.select("node", "strength", label.alias("label")), "labels")
    return labels


def _preferred_frame(labels: DataFrame, ways: DataFrame, doubled: float) -> DataFrame:
    """One row per node: node, strength, label, the best label, and whether it is better than the node's own."""
    of_neighbour = labels.select(F.col("node").alias("neighbour"), F.col("label").alias("towards"))
    toward = ways.join(of_neighbour, on="neighbour", how="inner").select("node", "towards", "weight")
    nothing = labels.select("node", F.col("label").alias("towards"), F.lit(0).cast("bigint").alias("weight"))
    summed_up = toward.unionByName(nothing).groupBy("node", "towards").agg(F.sum("weight").alias("weight"))
    among = labels.groupBy(F.col("label").alias("towards")).agg(F.sum("strength").alias("among"))
    is_own = F.col("towards") == F.col("label")
    others = F.when(is_own, F.col("among") - F.col("strength")).otherwise(F.col("among"))
    score = F.col("weight") - F.col("strength").cast("double") * others.cast("double") / F.lit(doubled)
    scored = (
        summed_up.join(among, on="towards", how="inner")
        .join(labels, on="node", how="inner")
        .select("node", "strength", "label", "towards", is_own.alias("is_own"), score.alias("score"))
    )
    best = scored.groupBy("node", "strength", "label").agg(
        F.max("score").alias("highest"), F.max(F.when(F.col("is_own"), F.col("score"))).alias("own")
    )
    at_best = scored.join(best.select("node", "highest"), on="node", how="inner").where("score = highest")
    smallest = at_best.groupBy("node").agg(F.min("towards").alias("best"))
    return best.join(smallest, on="node", how="inner").select(
        "node", "strength", "label", "best", (F.col("highest") > F.col("own")).alias("prefers")
    )


def _multiplier(number: int) -> int:
    """Of the hash that picks who may move in a round."""
    return pow(_ROOT, number + 1, _PRIME)
