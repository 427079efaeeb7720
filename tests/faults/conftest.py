"""Counts what was survived: a table at the end, and `build/faults.md`, whose rows are those of docs/faults.md."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.roots import copied, opened
from frames import config_of
from scholarflow.engine import Engine, Store
from scholarflow.network.run import network
from scholarflow.progress import Silent
from scholarflow.regression.run import regress

#: How often each fault strikes each stage: `make fault-test TIMES=20`.
TIMES = int(os.environ.get("TIMES", "1"))

Survived = Callable[..., None]
_COUNTS: Counter[tuple[str, str]] = Counter()


@pytest.fixture
def survived(record_property: Callable[[str, object], None]) -> Survived:
    """`survived(fault, where)`, said at the end of a test that a fault struck, counts it."""

    def count(fault: str, where: str, times: int = 1) -> None:
        record_property("survived", [fault, where, times])

    return count


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        for name, value in report.user_properties:
            if name == "survived":
                fault, where, times = value
                _COUNTS[fault, where] += times


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _COUNTS:
        return
    faults: dict[str, dict[str, int]] = {}
    for (fault, where), times in sorted(_COUNTS.items()):
        faults.setdefault(fault, {})[where] = times
    rows = [f"| {fault} | {sum(places.values()):,} | {len(places)} |" for fault, places in faults.items()]
    terminalreporter.section("faults survived")
    for row in rows:
        terminalreporter.write_line(row)
    written = Path("build/faults.md")
    written.parent.mkdir(exist_ok=True)
    written.write_text("\n".join(("| fault | times | places |", "|---|---:|---:|", *rows)) + "\n")


@pytest.fixture(scope="session")
def reference(sail: Engine, finished_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The undisturbed run, with the tables that are made on request; to be copied, not changed."""
    store = opened(copied(finished_root, tmp_path_factory.mktemp("undisturbed") / "root").root, sail)
    network(store, config_of(), Silent())
    regress(store, config_of(), Silent())
    return store
