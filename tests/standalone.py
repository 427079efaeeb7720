"""A Spark standalone cluster on loopback: master and workers from the installed pyspark, each a process of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyspark

SPARK_HOME = Path(pyspark.__file__).parent
#: Seconds that master and workers have to find each other, and that each process has to end by itself.
_PATIENCE = 60
#: Of the environment only these: no PYTHONPATH, no settings of whoever runs the tests.
INHERITED = ("PATH", "HOME", "JAVA_HOME", "LANG", "TMPDIR")


@dataclass(frozen=True)
class Cluster:
    """A running cluster: its address, the folder of its logs and work, the sessions of its workers' processes.

    Everything a worker starts stays in the worker's session, whatever its parent: that is how it is found.
    """

    master: str
    folder: Path
    environment: Mapping[str, str]
    workers: Sequence[int]

    def submit(self, *arguments: str | Path, log: Path) -> subprocess.Popen[bytes]:
        """Starts spark-submit with these arguments, in a session of its own; all that it says goes to `log`.

        What the driver's Python says on standard error, spark-submit says on standard output.
        """
        command = [SPARK_HOME / "bin/spark-submit", "--master", self.master, *arguments]
        return _started(command, self.environment, log)

    def executors(self) -> dict[str, int]:
        """The process ids of the executors running now, by Spark's ids of the executors."""
        commands = {pid: _command_line(pid) for pid in processes_of(self.workers)}
        return {
            command[command.index("--executor-id") + 1]: pid
            for pid, command in commands.items()
            if "--executor-id" in command
        }


@contextmanager
def standalone(folder: Path, python: Path, *, workers: int = 2) -> Iterator[Cluster]:
    """A master and workers of one core and 1 GB each, registered; exactly their processes end with the block.

    `python` is the interpreter of driver and executors.
    """
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
        "SPARK_HOME": str(SPARK_HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "PYSPARK_PYTHON": str(python),
        "PYSPARK_DRIVER_PYTHON": str(python),
    }
    port, page = _free_ports(2)
    address, state = f"spark://127.0.0.1:{port}", f"http://127.0.0.1:{page}/json/"
    with ExitStack() as started:

        def daemon(name: str, role: str, *arguments: str | Path) -> int:
            command = [SPARK_HOME / "bin/spark-class", f"org.apache.spark.deploy.{role}", *arguments]
            return started.enter_context(_daemon(command, environment, folder / f"{name}.log"))

        (folder / "local").mkdir(parents=True)
        daemon("master", "master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(page))
        node = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0"]
        pids = [
            daemon(name, "worker.Worker", *node, "--work-dir", folder / name, address)
            for name in (f"worker{number}" for number in range(workers))
        ]
        _wait_for_workers(state, workers, folder)
        yield Cluster(address, folder, environment, pids)


def node_python(folder: Path) -> Path:
    """An interpreter as on a node: with the packages this one has installed, but not scholarflow itself.

    The folder of packages is on its path, but nothing that .pth files there add, as for a checkout installed to be
    edited.
    """
    venv.create(folder, symlinks=True, with_pip=False)
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "packages.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return folder / "bin" / "python"


def package(checkout: Path, folder: Path) -> Path:
    """The zip for `--py-files`, as `make dist` builds it."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, checkout]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    return Path(shutil.copy(next(folder.glob("*.whl")), folder / "scholarflow.zip"))


def processes_of(sessions: Sequence[int]) -> list[int]:
    """The processes of these sessions that have not ended, by id."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended just now
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) in sessions and fields[0] not in "ZX":
                found.append(int(stat.parent.name))
    return found


def kill_session(session: int) -> None:
    """SIGKILL to every process of a session at once, as when its machine goes."""
    while pids := processes_of([session]):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def _daemon(command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> Iterator[int]:
    process = _started(command, environment, log)
    try:
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        kill_session(process.pid)
        process.wait()


def _started(command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as said:
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )


def _free_ports(n: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(n)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _wait_for_workers(state: str, n: int, folder: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        # Until the master is ready it answers with a page of HTML, or not at all.
        with suppress(OSError, json.JSONDecodeError), urllib.request.urlopen(state, timeout=5) as answer:
            if json.load(answer)["aliveworkers"] == n:
                return
        time.sleep(0.2)
    said = {log.name: log.read_text(errors="replace")[-2000:] for log in folder.glob("*.log")}
    raise TimeoutError(f"{n} workers did not register within {_PATIENCE} s: {said}")


def _command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []  # it ended just now
