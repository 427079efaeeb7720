"""Measurements on disk: a JSON line a process, so that a page can be made again and a run gone on with."""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import msgspec

from bench.event_log import SparkCost
from bench.measure import Cost

Step = Literal["ingest", "derive", "equal"]
_PACKAGES = ("scholarflow", "pyspark", "delta-spark", "pysail", "deltalake", "duckdb", "pyarrow", "pandas")


@dataclass(frozen=True)
class Host:
    """Where and with what a process ran."""

    cpu: str
    cores: int
    memory: int
    system: str
    versions: dict[str, str]
    commit: str


@dataclass(frozen=True)
class Record:
    """One process: a step of a contender at a size, in one of the repeats.

    Step `equal` compares the tables of a contender with DuckDB's, and is no part of any time. `spark` has the figures
    of the event log by stage, empty for the other contenders. `stored` is bytes: of each folder of the root after the
    step, and after an ingest of the part files read, as `input`.
    """

    series: str
    size: int
    repeat: int
    contender: str
    step: Step
    cost: Cost
    host: Host
    settings: dict[str, str] = field(default_factory=dict)
    spark: dict[str, SparkCost] = field(default_factory=dict)
    stored: dict[str, int] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        return self.cost.status == 0


def append(file: Path, record: Record) -> None:
    """Adds a record to a file of them."""
    with file.open("ab") as lines:
        lines.write(msgspec.json.encode(record) + b"\n")


def load(file: Path) -> list[Record]:
    """The records of a file; none where there is none."""
    if not file.is_file():
        return []
    return [msgspec.json.decode(line, type=Record) for line in file.read_bytes().splitlines() if line.strip()]


def newest(records: Iterable[Record]) -> list[Record]:
    """Of several records of one process, as after a failure and another try, the last."""
    return list({(r.size, r.repeat, r.contender, r.step): r for r in records}.values())


def host(pyscisci_python: str | None = None) -> Host:
    """This machine, its software and the state of the checkout; pySciSci may have a Python of its own."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s+(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return Host(
        cpu=cpu[1] if cpu else platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        memory=int(memory[1]) * 1024 if memory else 0,
        system=_system(),
        versions={"python": platform.python_version(), "java": _java(), **_packages(), **_pyscisci(pyscisci_python)},
        commit=_commit(),
    )


def _system() -> str:
    pretty = re.search(r'^PRETTY_NAME="(.+)"$', Path("/etc/os-release").read_text(), re.MULTILINE)
    return f"{pretty[1] if pretty else platform.system()}, Linux {platform.release()}"


def _java() -> str:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None:
        return "none"
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "([^"]+)"', said)
    return found[1] if found else "unknown"


def _packages() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _pyscisci(python: str | None) -> dict[str, str]:
    """The version of pySciSci, as an entry; none where it is not installed."""
    asked = [python or sys.executable, "-c", "import importlib.metadata as m; print(m.version('pyscisci'))"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    return {"pyscisci": said.stdout.strip()} if said.returncode == 0 else {}


def _commit() -> str:
    """The commit of the checkout, with a + where files under lib/, conf/ or bench/ differ from it."""
    top = Path(__file__).parents[1]
    head = subprocess.run(
        ["git", "-C", top, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=False
    )
    changed = subprocess.run(
        ["git", "-C", top, "status", "--porcelain", "--", "lib", "conf", "bench"],
        capture_output=True,
        text=True,
        check=False,
    )
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "") or "no checkout"
