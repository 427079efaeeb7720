"""The three networks of a study, from the lists that its works carry: nodes, and edges with two weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from scholarflow.columns import fraction, sorted_set
from scholarflow.network import Level

#: The columns of edges that weigh them.
Weight = Literal["n_works", "n_units"]


@dataclass(frozen=True)
class Network:
    """`nodes`: node (bigint), node_id (text), in one order, degree, and strengths by the names of the weights.

    `edges`: node_a < node_b, n_works (common works), n_units (the same, 2/(k(k−1)) of a work with k members to each of
    its pairs, in units of `columns.FRACTION_UNIT`). Nodes without an edge are there.
    """

    nodes: DataFrame
    edges: DataFrame


def members(works: DataFrame, field_works: DataFrame, level: Level, *, max_team: int) -> DataFrame:
    """One row per field work: `members`, its countries, institutions or authors, distinct and sorted; empty: unknown.

    Both inputs are already of the period. Of works with more than `max_team` authors only countries are listed.
    """
    if level is Level.COUNTRY:
        return field_works.select(F.col("countries").alias("members"))
    small = field_works.where(F.col("n_authors") <= max_team)
    if level is Level.AUTHOR:
        return small.select(F.col("author_ids").alias("members"))
    # Works carry their institutions, field works do not: ids of a study's works can usually be broadcast.
    of_field = works.join(small.select("work_id"), on="work_id", how="left_semi")
    return of_field.select(sorted_set(F.col("authorships.institution_id")).alias("members"))


def nodes_of(works: DataFrame) -> DataFrame:
    """One row per member of any work: `member`; also of those that are alone on all of theirs."""
    return works.select(F.explode("members").alias("member")).distinct()


def edges_of(works: DataFrame) -> DataFrame:
    """One row per pair of members with a common work, by two explosions of the work's own array, no self-join."""
    k = F.size("members").cast("bigint")
    return (
        works.where(k > 1)
        .select("members", fraction(F.lit(2), k * (k - 1)).alias("share"), F.explode("members").alias("member_a"))
        .select(
            "member_a",
            F.explode(F.filter("members", lambda other: other > F.col("member_a"))).alias("member_b"),
            "share",
        )
        .groupBy("member_a", "member_b")
        .agg(F.count(F.lit(1)).alias("n_works"), F.sum("share").alias("n_units"))
    )


def numbered(members: DataFrame, level: Level) -> DataFrame:
    """One row per node: `member`, `node` (bigint) and `node_id` (text); nodes are in the order of the members."""
    if level is Level.COUNTRY:
        # Some hundred rows: one task orders them.
        node = F.row_number().over(Window.partitionBy(F.lit(1)).orderBy("member")).cast("bigint")
    else:
        node = F.col("member")
    return members.select("member", node.alias("node"), F.col("member").cast("string").alias("node_id"))


def between_nodes(edges: DataFrame, nodes: DataFrame, level: Level) -> DataFrame:
    """Edges between members as edges between nodes; ids are nodes as they are."""
    ends = [F.col("member_a").alias("node_a"), F.col("member_b").alias("node_b")]
    if level is Level.COUNTRY:
        for end in ("a", "b"):
            number = nodes.select(F.col("member").alias(f"member_{end}"), F.col("node").alias(f"node_{end}"))
            edges = edges.join(F.broadcast(number), on=f"member_{end}", how="inner")
        ends = [F.col("node_a"), F.col("node_b")]
    return edges.select(*ends, "n_works", "n_units")


def with_names(rows: DataFrame, nodes: DataFrame, level: Level, columns: Sequence[str]) -> DataFrame:
    """Columns that hold nodes hold their node_id instead."""
    for column in columns:
        if level is Level.COUNTRY:
            text = nodes.select(F.col("node").alias(column), F.col("node_id").alias(f"{column}_id"))
            rows = rows.join(F.broadcast(text), on=column, how="inner").drop(column)
            rows = rows.withColumnRenamed(f"{column}_id", column)
        else:
            rows = rows.withColumn(column, F.col(column).cast("string"))
    return rows


def both_ways(edges: DataFrame) -> DataFrame:
    """Each edge once from either end: node, neighbour and the weights."""
    weights = [name for name in edges.columns if name not in ("node_a", "node_b")]
    there, back = (
        edges.select(F.col(one).alias("node"), F.col(other).alias("neighbour"), *weights)
        for one, other in (("node_a", "node_b"), ("node_b", "node_a"))
    )
    return there.unionByName(back)


def with_strengths(nodes: DataFrame, edges: DataFrame) -> DataFrame:
    """Adds degree (partners) and, by the names of the weights, their sums over a node's edges; 0 of a node without."""
    sums = (
        both_ways(edges)
        .groupBy("node")
        .agg(F.count(F.lit(1)).alias("degree"), F.sum("n_works").alias("n_works"), F.sum("n_units").alias("n_units"))
    )
    zero = F.lit(0).cast("bigint")
    counted = [F.coalesce(name, zero).alias(name) for name in ("degree", "n_works", "n_units")]
    return nodes.join(sums, on="node", how="left").select("node", "node_id", *counted)
