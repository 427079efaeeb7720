"""Where faults strike: every table, parsed ones included, with the command that makes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from frames import config_of
from scholarflow.derive import derive
from scholarflow.engine import Store
from scholarflow.ingest import openalex
from scholarflow.ingest.run import ingest
from scholarflow.network.run import network
from scholarflow.pipeline import STAGES
from scholarflow.progress import Silent
from scholarflow.regression.run import regress
from scholarflow.tables import Table, networks, panels, parsed


@dataclass(frozen=True)
class Struck:
    """A table, the command in whose making of it the kill strikes, and that command's first line about it."""

    table: Table
    command: str
    line: str

    def __str__(self) -> str:
        return self.table.name

    @property
    def is_missing_first(self) -> bool:
        """Whether it is made from nothing: what the others have no --force for."""
        return self.command != "run"

    def arguments(self, root: Path, snapshot: Path) -> list[str | Path]:
        """The command that makes the table in a root."""
        if self.command == "ingest":
            return ["ingest", "openalex", "--input", snapshot, "--root", root, "--log-format", "json"]
        which = ["--only", self.table.name, "--force"] if self.command == "run" else []
        return [self.command, "--root", root, *which, "--log-format", "json"]

    def run_again(self, store: Store, snapshot: Path) -> None:
        """The next run."""
        if self.command == "ingest":
            ingest("openalex", snapshot, store, config_of(), Silent())
        elif self.command == "run":
            derive(store, config_of(), Silent(), only=[self.table.name])
        elif self.command == "network":
            network(store, config_of(), Silent())
        else:
            regress(store, config_of(), Silent())


_PARSED = {
    "read works": parsed.WORKS,
    "read authors": parsed.AUTHORS,
    "read institutions": parsed.INSTITUTIONS,
    "read sources": parsed.SOURCES,
    "read concepts": parsed.CONCEPTS,
    "read topics": parsed.TOPICS,
    "read deleted_ids": parsed.DELETED_IDS,
}
EVERYWHERE = {
    struck.table.name: struck
    for struck in (
        *(Struck(table, "ingest", line) for line, table in _PARSED.items()),
        *(Struck(stage.table, "ingest", stage.table.name) for stage in openalex.STAGES),
        *(Struck(stage.table, "run", stage.table.name) for stage in STAGES),
        Struck(networks.NETWORK_NODES, "network", "network country"),
        Struck(panels.REGRESSIONS, "regress", "premium"),
    )
}


def at_length(names: Iterable[Any], *quick: Any) -> list[Any]:
    """Parameters of a test: `make fault-test` takes all, `make test` the quick ones."""
    return [pytest.param(name, marks=() if name in quick else pytest.mark.faults, id=str(name)) for name in names]


def everywhere(*quick: str) -> pytest.MarkDecorator:
    """Parametrizes by table; but for the quick ones only `make fault-test` gets there."""
    return pytest.mark.parametrize("struck", at_length(EVERYWHERE.values(), *map(EVERYWHERE.__getitem__, quick)))
