"""A stage: one table, the function that makes it, the tables that function reads, and the parameters it takes."""

import hashlib
import inspect
import sys
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
    """What a stage's parameters are made from: the configuration and what the ingest found."""

    config: Config
    source: Source
    last_full_year: int


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


def code_of(*modules: ModuleType) -> str:
    """Version of the package and digest of the modules' source: when it changes, what they made is stale."""
    source = "".join(inspect.getsource(module) for module in modules)
    return f"{__version__}+{hashlib.sha256(source.encode()).hexdigest()[:12]}"
