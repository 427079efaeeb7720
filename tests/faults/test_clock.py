"""The clock set back, or forward, between two runs: nothing goes stale, nothing is lost, versions go on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from deltalake import DeltaTable

from faults.conftest import Survived
from faults.roots import TABLES, assert_same, assert_same_csv, copied
from scholarflow.engine import Store
from scholarflow.tables.results import COVERAGE_COUNTRY_YEARS

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("faketime"), reason="needs faketime (Debian: apt-get install faketime)"),
]


def at(offset: str, *arguments: str | Path) -> str:
    """What a command says that runs at another time; by the system's own clock for waiting."""
    python = [sys.executable, "-c", "from scholarflow.cli import main; main()"]
    environment = os.environ | {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        ["faketime", "-f", offset, *python, *map(str, arguments)], env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stderr + ran.stdout


@pytest.mark.parametrize("offset", ["-1y", "+1y"])
def test_a_run_at_another_time(reference: Store, tmp_path: Path, survived: Survived, offset: str) -> None:
    store = copied(reference.root, tmp_path / "root")
    before = {table.name: made.version for table in TABLES if (made := store.provenance(table))}
    assert at(offset, "run", "--root", store.root, "--dry-run") == "every table is up to date\n"
    name = COVERAGE_COUNTRY_YEARS.name
    at(offset, "run", "--root", store.root, "--only", name, "--force")
    after = {table.name: made.version for table in TABLES if (made := store.provenance(table))}
    assert after == before | {name: before[name] + 1}
    assert_same(store, reference, COVERAGE_COUNTRY_YEARS)
    assert_same_csv(store, reference)
    assert DeltaTable(store.path(COVERAGE_COUNTRY_YEARS), version=before[name]).to_pyarrow_table().num_rows
    survived("clock set back a year" if offset == "-1y" else "clock set forward a year", name)
