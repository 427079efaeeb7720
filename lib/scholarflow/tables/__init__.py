"""What exists: every table's grain, columns, comments and checks, one module per layer.

The declarations are the contract. The store compares names and types with them before a commit, Delta carries
their comments, `docs/tables.md` and `scholarflow tables` are printed from them.
"""

from scholarflow.tables import (
    canonical,
    careers,
    comparisons,
    derived,
    movers,
    networks,
    novelty,
    panels,
    parsed,
    results,
)
from scholarflow.tables.declaration import Column, Table, optional, required

LAYERS = {
    "canonical": canonical.TABLES,
    "derived": derived.TABLES + careers.TABLES + novelty.TABLES,
    "results": results.TABLES + comparisons.TABLES + movers.TABLES + novelty.RESULTS,
    "panels": panels.TABLES,
}
PUBLIC = {table.name: table for tables in LAYERS.values() for table in tables}
#: Made by a command of their own, where it is asked for: the rest of a study does without.
ON_REQUEST = {table.name: table for table in (*panels.ON_REQUEST, *networks.ON_REQUEST)}
INTERNAL = {table.name: table for table in parsed.TABLES}

__all__ = ["INTERNAL", "LAYERS", "ON_REQUEST", "PUBLIC", "Column", "Table", "optional", "required"]
