"""A stage: one table, the function that makes it, the tables that function reads, and the parameters it takes."""

import ast
import hashlib
import inspect
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from pyspark.sql import DataFrame

from scholarflow import __version__
from scholarflow.config import Config, Source
from scholarflow.tables import Table


@dataclass(frozen=True)
class Context:
    """What a stage's parameters are made from: the configuration and what the ingest found.

    `contested` names the parsed tables in which an id has several records.
    """

    config: Config
    source: Source
    last_full_year: int
    contested: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stage:
    """`make(*inputs, **parameters)` gives the rows of `table`.

    `parameters` names what of the configuration the table depends on: only a change of these makes it stale.
    `optional` inputs are null where their table is missing or empty. `manifest` counts what the commit should
    record beside the rows (works left out, …) from the rows as staged and the inputs.
    """

    table: Table
    make: Callable[..., DataFrame]
    inputs: tuple[Table, ...]
    parameters: Callable[[Context], dict[str, Any]] = lambda _: {}
    optional: tuple[Table, ...] = ()
    manifest: Callable[..., dict[str, Any]] | None = None

    @property
    def code(self) -> str:
        """Version of the package and digest of the module that makes the table."""
        return code_of(sys.modules[self.make.__module__])


#: Subpackages whose code decides about rows; a change elsewhere (the store, the command line) makes no table stale.
_ROWS = (
    "arrow",
    "columns",
    "countries",
    "hashing",
    "study",
    "career",
    "citation",
    "collaboration",
    "novelty",
    "comparison",
    "ancestry",
    "panel",
    "regression",
    "network",
    "ingest",
)


#: `ast.parse` of Python 3.11 counts its recursion for all threads together, and fails where two parse at once.
_PARSING = threading.Lock()


def code_of(*modules: ModuleType) -> str:
    """Version of the package and digest of the modules' source and of what they import that decides about rows."""
    found: dict[str, ModuleType] = {}
    waiting = list(modules)
    with _PARSING:
        while waiting:
            module = waiting.pop()
            if module.__name__ not in found:
                found[module.__name__] = module
                waiting += _imported(module)
    source = "".join(inspect.getsource(found[name]) for name in sorted(found))
    return f"{__version__}+{hashlib.sha256(source.encode()).hexdigest()[:12]}"


def same_code(one: str, other: str) -> bool:
    """Whether two values of `code_of` have one digest; a new release of the same code makes nothing stale."""
    return one.partition("+")[2] == other.partition("+")[2]


def _imported(module: ModuleType) -> list[ModuleType]:
    """Modules of the package that decide about rows, among those this one imports from."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    ours = [name for name in sorted(names) if name.startswith("scholarflow.") and name.split(".")[1] in _ROWS]
    return [sys.modules[name] for name in ours if name in sys.modules]
