"""Networks of a study, made by `scholarflow network` alone."""

from scholarflow.tables.declaration import BIGINT, DOUBLE, STRING, Table, required

NETWORK_NODES = Table(
    "network_nodes",
    "Countries, institutions and authors in the networks of common field works of the period, by level.",
    grain=("level", "node_id"),
    by_study=True,
    columns=(
        required("level", STRING, "country, institution or author"),
        required("node_id", STRING, "country code, institution or author id; also those without a partner"),
        required("component", STRING, "smallest node of all that are joined to it, directly or not; its own: alone"),
        required("degree", BIGINT, "nodes it shares a work with", "nodes"),
        required("strength", BIGINT, "sum over them of works shared", "works"),
        required(
            "strength_fractional",
            DOUBLE,
            "the same; a work with k members gives 2/(k(k−1)) to each pair",
            "works",
        ),
        required("pagerank", DOUBLE, "weighted by works shared, damping 0.85; sums to 1 in each level", "share"),
        required("pagerank_fractional", DOUBLE, "the same, weighted fractionally", "share"),
        required("community", STRING, "smallest node of its community: modularity, weighted by works shared"),
        required("community_fractional", STRING, "the same, weighted fractionally"),
    ),
    checks={
        "level_is_known": "level IN ('country', 'institution', 'author')",
        "partners_share_works": "degree >= 0 AND strength >= degree",
        "ranks_are_shares": "pagerank > 0 AND pagerank <= 1 AND pagerank_fractional > 0 AND pagerank_fractional <= 1",
    },
)

#: Made by `scholarflow network` alone: a study does without, and its cost is that of graphs.
ON_REQUEST = (NETWORK_NODES,)
