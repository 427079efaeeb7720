"""Connected components, by NetworKit in one process or GraphFrames on Spark: no other module imports either."""

import numpy as np
from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from scholarflow.engine.session import DELTA_PACKAGE
from scholarflow.errors import InputError
from scholarflow.network.arrays import Arrays, Whole

#: The jar that belongs to the pinned graphframes-py; only the session of `scholarflow network` asks for it.
GRAPHFRAMES_PACKAGE = "io.graphframes:graphframes-spark4_2.13:0.12.3"


def components_of_arrays(network: Arrays) -> Whole:
    """The smallest id of each node's component, in the order of the ids; by NetworKit."""
    import networkit

    graph = networkit.Graph(len(network.ids))
    graph.addEdges((network.a.astype(np.uint64), network.b.astype(np.uint64)), checkMultiEdge=False)
    found = networkit.components.ConnectedComponents(graph)
    found.run()
    part = np.asarray(found.getPartition().getVector(), np.int64)
    smallest = np.full(len(network.ids) + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, part, network.ids)
    return np.asarray(smallest[part], np.int64)


def components_of_frames(nodes: DataFrame, edges: DataFrame) -> DataFrame:
    """One row per node: node, component, the smallest node of it; by GraphFrames.

    Algorithm and storage are given and not left to the library's defaults. What it keeps between its rounds are local
    checkpoints, on the disks of the executors: an executor that is lost ends the command, which is then run again.
    Errors: InputError where the session has not the jar.
    """
    from graphframes import GraphFrame

    if not has_graphframes(nodes.sparkSession):
        raise InputError(
            f"--backend graphframes: the session has not {GRAPHFRAMES_PACKAGE}; under spark-submit it is given with "
            f"--packages {DELTA_PACKAGE},{GRAPHFRAMES_PACKAGE} (both: --packages replaces those of --properties-file), "
            "or with --jars"
        )
    vertices = nodes.select(F.col("node").alias("id"))
    graph = GraphFrame(vertices, edges.select(F.col("node_a").alias("src"), F.col("node_b").alias("dst")))
    found = graph.connectedComponents(
        algorithm="two_phase",
        checkpointInterval=2,
        broadcastThreshold=-1,
        use_local_checkpoints=True,
        storage_level=StorageLevel.MEMORY_AND_DISK_DESER,
    ).select(F.col("id").alias("node"), F.col("component").alias("part"))
    smallest = found.groupBy("part").agg(F.min("node").alias("component"))
    component_of: DataFrame = found.join(smallest, on="part", how="inner").select("node", "component")
    return component_of


def has_graphframes(spark: SparkSession) -> bool:
    """Whether a Spark session has the jar, however it came: as a package, by --jars, with Spark itself."""
    return has_class(spark, "org.graphframes.GraphFramePythonAPI")


def has_class(spark: SparkSession, name: str) -> bool:
    """Whether the driver's JVM has a class, where GraphFrames looks for its own."""
    jvm = spark.sparkContext._jvm
    assert jvm is not None, "a running session has one"
    try:
        jvm.Thread.currentThread().getContextClassLoader().loadClass(name)
    except Py4JJavaError:
        return False
    return True


def across_components(edges: DataFrame, component_of: DataFrame) -> DataFrame:
    """Edges whose ends are not in one component, or in none: none, if the components are right."""
    for end in ("node_a", "node_b"):
        of_end = component_of.select(F.col("node").alias(end), F.col("component").alias(f"{end}_component"))
        edges = edges.join(of_end, on=end, how="left")
    is_one = F.coalesce(F.col("node_a_component") == F.col("node_b_component"), F.lit(False))
    return edges.where(~is_one).select("node_a", "node_b", "node_a_component", "node_b_component")
