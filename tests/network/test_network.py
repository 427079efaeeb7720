"""Table network_nodes: worked by hand, against networkx, back end against back end, and what cannot be had."""

import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame

from frames import assert_same_rows, config_of, frame
from scholarflow.engine import Engine, Store
from scholarflow.engine.session import DELTA_PACKAGE, java_found
from scholarflow.errors import CheckError, InputError, UsageError
from scholarflow.network import Level
from scholarflow.network import run as module
from scholarflow.network.arrays import Arrays
from scholarflow.network.backends import distributed, in_process
from scholarflow.network.communities import communities_of_arrays
from scholarflow.network.components import (
    GRAPHFRAMES_PACKAGE,
    across_components,
    components_of_arrays,
    components_of_frames,
    has_class,
    has_graphframes,
)
from scholarflow.network.edges import Network, edges_of, with_strengths
from scholarflow.network.pagerank import pagerank_of_arrays
from scholarflow.network.run import network
from scholarflow.network.scratch import scratch
from scholarflow.progress import Silent
from scholarflow.tables.derived import COAUTHOR_EDGES, COLLABORATION_EDGES, FIELD_WORKS
from scholarflow.tables.networks import NETWORK_NODES
from stored_tables import assert_equal, stored

EDGES = "node_a bigint, node_b bigint, n_works bigint, n_units bigint"
PARTS = "node bigint, component bigint"


def arrays_of(edges: dict[tuple[int, int], int], *nodes: int) -> Arrays:
    ids = np.array(sorted({*nodes, *(node for pair in edges for node in pair)}), np.int64)
    ends = np.array(sorted(edges), np.int64).reshape(-1, 2)
    weight = np.array([edges[pair] for pair in sorted(edges)], np.int64)
    return Arrays(ids, np.searchsorted(ids, ends[:, 0]), np.searchsorted(ids, ends[:, 1]), weight)


def graph_of(arrays: Arrays) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(arrays.ids.tolist())
    ends = arrays.ids[arrays.a].tolist(), arrays.ids[arrays.b].tolist()
    graph.add_weighted_edges_from(zip(*ends, arrays.weight.tolist(), strict=True))
    return graph


def network_of(engine: Engine, edges: list[tuple[int, int, int, int]], *nodes: int) -> Network:
    """Edges with both weights; `nodes` are those that have none."""
    every = sorted({*nodes, *(node for edge in edges for node in edge[:2])})
    named = engine.spark.createDataFrame([(node, str(node)) for node in every], "node bigint, node_id string")
    rows = engine.spark.createDataFrame(edges, EDGES)
    return Network(with_strengths(named, rows), rows)


def components_known(nodes: DataFrame, edges: DataFrame) -> DataFrame:
    """In the place of GraphFrames, whose jar is not here: networkx."""
    graph = nx.Graph([tuple(row) for row in edges.select("node_a", "node_b").collect()])
    graph.add_nodes_from(row["node"] for row in nodes.collect())
    parts = [(node, min(part)) for part in nx.connected_components(graph) for node in part]
    return nodes.sparkSession.createDataFrame(parts, PARTS)


# Two triangles, of heavy and of light edges, joined by one; a pair apart; a node alone.
TWO_TRIANGLES = {(1, 2): 5, (1, 3): 5, (2, 3): 5, (3, 10): 1, (10, 11): 2, (10, 12): 2, (11, 12): 2, (20, 21): 1}


def test_components_and_communities_by_hand() -> None:
    arrays = arrays_of(TWO_TRIANGLES, 30)
    assert arrays.ids.tolist() == [1, 2, 3, 10, 11, 12, 20, 21, 30]
    assert components_of_arrays(arrays).tolist() == [1, 1, 1, 1, 1, 1, 20, 20, 30]
    assert communities_of_arrays(arrays).tolist() == [1, 1, 1, 10, 10, 10, 20, 20, 30]


# Three nodes: 2 shares 3 works with 1 and 1 with 3. r2 = 0.15/3 + 0.85 (r1 + r3), r1 = 0.15/3 + 0.85 · 3/4 · r2.
def test_pagerank_by_hand() -> None:
    r2 = (0.05 + 0.85 * 0.1) / (1 - 0.85**2)
    expected = [0.05 + 0.85 * 0.75 * r2, r2, 0.05 + 0.85 * 0.25 * r2]
    assert pagerank_of_arrays(arrays_of({(1, 2): 3, (2, 3): 1})) == pytest.approx(expected, abs=1e-6)
    # A node without an edge gives its rank to all: of a pair and one alone, r3 = (0.15 + 0.85 · r3) / 3.
    alone = 0.15 / (3 - 0.85)
    assert pagerank_of_arrays(arrays_of({(1, 2): 3}, 3)) == pytest.approx([(1 - alone) / 2] * 2 + [alone], abs=1e-6)


GRAPHS = st.dictionaries(
    st.tuples(st.integers(0, 25), st.integers(0, 25)).filter(lambda pair: pair[0] < pair[1]), st.integers(1, 9)
)


@settings(max_examples=25, deadline=None)
@given(GRAPHS)
def test_any_graph_against_networkx(edges: dict[tuple[int, int], int]) -> None:
    arrays = arrays_of(edges, 0, 99)
    graph = graph_of(arrays)
    parts = {node: min(part) for part in nx.connected_components(graph) for node in part}
    assert dict(zip(arrays.ids.tolist(), components_of_arrays(arrays).tolist(), strict=True)) == parts
    ranks = nx.pagerank(graph, tol=1e-10, max_iter=1_000)
    assert pagerank_of_arrays(arrays) == pytest.approx([ranks[node] for node in arrays.ids.tolist()], abs=1e-5)
    communities = defaultdict(set)
    for node, community in zip(arrays.ids.tolist(), communities_of_arrays(arrays).tolist(), strict=True):
        communities[community].add(node)
    assert all(name == min(those) for name, those in communities.items())
    assert all(len({parts[node] for node in those}) == 1 for those in communities.values())
    if edges:
        alone = nx.community.modularity(graph, [{node} for node in graph])
        assert nx.community.modularity(graph, communities.values()) >= alone


def test_communities_are_as_good_as_louvain_finds_them() -> None:
    graph = nx.planted_partition_graph(8, 25, 0.4, 0.02, seed=3)
    arrays = arrays_of({(min(pair), max(pair)): 1 for pair in graph.edges})
    found = defaultdict(set)
    for node, community in zip(arrays.ids.tolist(), communities_of_arrays(arrays).tolist(), strict=True):
        found[community].add(node)
    assert sorted(map(sorted, found.values())) == [list(range(n, n + 25)) for n in range(0, 200, 25)]


def random_edges(seed: int) -> list[tuple[int, int, int, int]]:
    """Five clusters with edges between them, another two nodes apart."""
    random = np.random.default_rng(seed)
    ends = np.sort(random.integers(0, 8, (90, 2)) + 8 * random.integers(0, 5, 90)[:, None] * [1, 1], axis=1)
    ends[:6, 1] = random.integers(20, 40, 6)
    pairs = {(int(a), int(b)) for a, b in ends if a < b} | {(100, 101)}
    return [(a, b, int(random.integers(1, 5)), int(random.integers(1, 10**12))) for a, b in sorted(pairs)]


@pytest.mark.slow
def test_both_back_ends_agree_to_the_bit_whatever_the_partitions(
    either: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if either.is_spark:  # a round takes seconds there: of each measure the first ones
        for most in ("pagerank._MOST_ROUNDS", "communities._MOST_ROUNDS", "communities._MOST_LEVELS"):
            monkeypatch.setattr(f"scholarflow.network.{most}", 3)
    given_network = network_of(either, random_edges(1), 200)
    spread = Network(given_network.nodes.repartition(3), given_network.edges.repartition(4))
    with scratch(either, tmp_path / "one") as one, scratch(either, tmp_path / "other") as other:
        alone = in_process(given_network, one)
        assert alone.count() > 30
        assert_same_rows(distributed(spread, other, components_known).select(*alone.columns), alone)
    assert not list(tmp_path.iterdir())


def test_a_network_without_edges_and_one_without_nodes(sail: Engine, tmp_path: Path) -> None:
    for number, nodes in enumerate([(4, 5), ()]):
        empty = network_of(sail, [], *nodes)
        with scratch(sail, tmp_path / f"a{number}") as one, scratch(sail, tmp_path / f"b{number}") as other:
            iterated = distributed(empty, other, lambda rows, _: rows.selectExpr("node", "node AS component"))
            for rows in (in_process(empty, one), iterated):
                found = [tuple(row) for row in rows.select("node", "pagerank_n_works", "community_n_units").collect()]
                assert sorted(found) == [(node, 1 / len(nodes), node) for node in nodes]


def test_an_edge_across_components_is_found(sail: Engine) -> None:
    edges = sail.spark.createDataFrame([(1, 2, 1, 1), (2, 3, 1, 1), (3, 4, 1, 1)], EDGES)
    parts = sail.spark.createDataFrame([(1, 1), (2, 1), (3, 3)], PARTS)
    found = across_components(edges, parts).select("node_a", "node_b").collect()
    assert sorted(map(tuple, found)) == [(2, 3), (3, 4)]


def test_a_work_gives_each_of_its_pairs_its_part(either: Engine) -> None:
    works = frame(either.spark, FIELD_WORKS, "countries\n[AT,CN,US]\n[CN,US]\n[DE]\n[]").selectExpr(
        "countries AS members"
    )
    rows = edges_of(works).selectExpr("member_a", "member_b", "n_works", "n_units / 5354228880D").collect()
    assert sorted(map(tuple, rows)) == [
        ("AT", "CN", 1, pytest.approx(1 / 3)),
        ("AT", "US", 1, pytest.approx(1 / 3)),
        ("CN", "US", 2, pytest.approx(4 / 3)),
    ]


@pytest.fixture
def root(finished_root: Path, tmp_path: Path) -> Path:
    shutil.copytree(finished_root, tmp_path / "root")
    return tmp_path / "root"


def test_the_table_is_that_of_the_edges_and_made_once(sail: Engine, root: Path) -> None:
    config = config_of()
    store = Store(root, sail, study=config.study.name)
    n_rows = network(store, config, Silent())
    nodes = stored(store, NETWORK_NODES).to_pylist()
    assert n_rows == len(nodes)
    for level, table, ends in (
        ("country", COLLABORATION_EDGES, ("country_a", "country_b")),
        ("author", COAUTHOR_EDGES, ("author_a", "author_b")),
    ):
        graph = nx.Graph()
        for row in stored(store, table).to_pylist():
            a, b = (str(row[end]) for end in ends)
            graph.add_edge(a, b, weight=row["n_works"] + (graph.get_edge_data(a, b) or {"weight": 0})["weight"])
        of_level = {row["node_id"]: row for row in nodes if row["level"] == level}
        assert {id_ for id_, row in of_level.items() if row["degree"]} == set(graph)
        assert all(of_level[id_]["degree"] == graph.degree(id_) for id_ in graph)
        assert all(of_level[id_]["strength"] == graph.degree(id_, weight="weight") for id_ in graph)
        assert sum(row["pagerank"] for row in of_level.values()) == pytest.approx(1)
    assert {row["level"] for row in nodes} == {level.value for level in Level}
    assert store.provenance(NETWORK_NODES).counts["works_left_out"] >= 0  # type: ignore[union-attr]
    assert network(store, config, Silent()) is None, "nothing changed"
    assert network(store, config, Silent(), levels=[Level.COUNTRY]) == sum(row["level"] == "country" for row in nodes)


def test_what_keeps_a_network_from_being_measured(sail: Engine, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_of()
    store = Store(root, sail, study=config.study.name)
    monkeypatch.setattr(module, "MOST_EDGES_IN_PROCESS", 2)
    with pytest.raises(UsageError, match=r"--level country: \d+ edges, more than the 2 .* use --backend graphframes"):
        network(store, config, Silent())
    monkeypatch.undo()

    def wrong(given: Network, kept: Any) -> DataFrame:
        rows = in_process(given, kept).toArrow()
        place = rows.schema.get_field_index("component")
        return sail.spark.createDataFrame(rows.set_column(place, "component", rows["node"].cast(pa.int64())))

    monkeypatch.setattr(module, "in_process", wrong)
    with pytest.raises(CheckError, match="network_nodes: country: an edge joins two components"):
        network(store, config, Silent())
    assert store.provenance(NETWORK_NODES) is None
    shutil.rmtree(store.path(FIELD_WORKS))
    with pytest.raises(InputError, match="field_works is missing; `scholarflow run` makes it"):
        network(store, config, Silent())


@pytest.mark.spark
def test_a_jar_is_known_by_its_class(spark: Engine) -> None:
    assert has_class(spark.spark, "io.delta.tables.DeltaTable"), "of a package that the session fetched"
    assert not has_graphframes(spark.spark)
    nodes = spark.spark.createDataFrame([(1,)], "node bigint")
    edges = spark.spark.createDataFrame([], EDGES)
    with pytest.raises(InputError, match=f"--packages {DELTA_PACKAGE},{GRAPHFRAMES_PACKAGE} "):
        components_of_frames(nodes, edges)


@pytest.mark.slow
@pytest.mark.spark
def test_graphframes_gives_the_rows_of_networkit(root: Path, sail: Engine) -> None:
    if not java_found():
        pytest.skip("Spark needs Java 17 or newer, and none was found")
    config = config_of()
    store = Store(root, sail, study=config.study.name)
    command = "import sys; from scholarflow.cli import main; main(sys.argv[1:])"
    # A process of its own: the session of the other tests was started without the jar.
    arguments = ["network", "--root", str(root), "--backend", "graphframes"]
    ended = subprocess.run([sys.executable, "-c", command, *arguments], capture_output=True, text=True, check=False)
    if "jars it fetches" in ended.stderr:
        assert ended.returncode == 3
        pytest.skip(f"the jar {GRAPHFRAMES_PACKAGE} cannot be had here")
    assert ended.returncode == 0, ended.stderr
    by_graphframes = stored(store, NETWORK_NODES)
    shutil.rmtree(store.path(NETWORK_NODES))
    network(store, config, Silent())
    assert_equal(by_graphframes, stored(store, NETWORK_NODES), NETWORK_NODES.column_names, "network_nodes")
