"""On a Spark standalone cluster, submitted as documented: the embedded engine's tables, whatever is killed on the way.

`make test` submits an ingest and two tables; `make cluster-test` every table, and the kills.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from frames import config_of
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store
from scholarflow.engine.session import java_found
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.simulate import simulate
from scholarflow.tables import PUBLIC
from standalone import Cluster, kill_session, node_python, package, standalone
from stored_tables import assert_equal, assert_same_tables, stored

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not java_found(), reason="Spark needs Java 17 or newer, and none was found"),
]

CHECKOUT = Path(__file__).parents[1]
#: Where Spark keeps what `spark.jars.packages` fetched; for `--jars`, these two of them are enough.
FETCHED = Path.home() / ".ivy2.5.2" / "jars"
JARS = ("io.delta_delta-spark_4.2_2.13-4.4.0.jar", "io.delta_delta-storage-4.4.0.jar")
#: Made on executors by Spark's own operators and by Python functions of the package, which come in the zip alone.
FEW_TABLES = ("citation_windows", "country_spells")
#: This many works are more than the 16 MB of part files up to which the driver reads them itself.
WORKS_FOR_EXECUTORS = 16_000
#: Seconds for a job of these sizes, many times what it takes on a machine that does nothing else.
PATIENCE = 3600

#: Sizes of the test's machine, and a JVM that compiles once and quickly; all else is as documented.
SIZES = {
    "spark.driver.memory": "1g",
    "spark.executor.memory": "1g",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}

TASK = re.compile(r"Starting task \S+ in stage \S+ \(TID \d+\) \([^,]+,\s*executor (\d+),")

Submit = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(CHECKOUT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    node = node_python(tmp_path_factory.mktemp("node"))
    asked = subprocess.run([node, "-P", "-c", "import scholarflow.cli"], env={}, capture_output=True, text=True)
    assert "No module named 'scholarflow.cli'" in asked.stderr, "the package must come from spark-submit alone"
    return node


@pytest.fixture
def cluster(python: Path, tmp_path: Path) -> Iterator[Cluster]:
    with standalone(tmp_path / "cluster", python) as started:
        yield started


@pytest.fixture
def submit(cluster: Cluster, zipped: Path, tmp_path: Path) -> Iterator[Submit]:
    """Submits jobs of jobs/ for this test's root, each logging to `<job>.log` beside it; all end with the test."""
    drivers: list[int] = []

    def submitted(
        job: str, *arguments: str | Path, conf: dict[str, str] | None = None, py_files: Path = zipped
    ) -> subprocess.Popen[bytes]:
        given = [part for item in (SIZES | (conf or {})).items() for part in ("--conf", "=".join(item))]
        driver = cluster.submit(
            *("--properties-file", CHECKOUT / "conf/spark-cluster.conf", "--py-files", py_files, *given),
            *(CHECKOUT / f"jobs/{job}.py", *arguments, "--root", tmp_path / "root", "--log-format", "json"),
            log=tmp_path / f"{job}.log",
        )
        drivers.append(driver.pid)
        return driver

    yield submitted
    for driver in drivers:
        kill_session(driver)


def finished(job: subprocess.Popen[bytes], log: Path) -> None:
    """Waits for a job to end well."""
    status = job.wait(PATIENCE)
    assert status == 0, "".join(log.read_text(errors="replace").splitlines(keepends=True)[-60:])


def lines_of(log: Path, job: subprocess.Popen[bytes]) -> Iterator[str]:
    """The lines of a log while its job writes it, each whole."""
    with log.open(errors="replace") as text:
        waiting = ""
        while (more := text.readline()) or job.poll() is None:
            waiting += more
            if waiting.endswith("\n"):
                yield waiting
                waiting = ""
            elif not more:
                time.sleep(0.005)


def task_of(stage: str, log: Path, job: subprocess.Popen[bytes]) -> str:
    """Waits for the first task of a stage; gives the id of the executor it has started on."""
    begun = False
    for line in lines_of(log, job):
        begun = begun or (line.startswith('{"event": "started"') and f'"stage": "{stage}"' in line)
        if begun and (task := TASK.search(line)):
            return task.group(1)
    raise AssertionError(f"stage {stage} started no task; {log} ends: {log.read_text(errors='replace')[-2000:]}")


def killed_in(submit: Submit, *job: str | Path, stage: str, log: Path) -> None:
    """Submits a job and kills its driver as soon as a task of a stage has started."""
    driver = submit(*job)
    task_of(stage, log, driver)
    kill_session(driver.pid)
    driver.wait()


def tasks_lost(log: Path) -> int:
    """How many tasks went with their executor; where Spark sees that it was not their fault it says so instead."""
    return len(re.findall("Lost task |failed because while it was being computed", log.read_text(errors="replace")))


def opened(root: Path, engine: Engine | None = None) -> Store:
    return Store(root, engine, study=config_of().study.name)


def test_a_submitted_job_makes_the_tables_of_the_embedded_engine(
    submit: Submit, simulated: Path, finished_root: Path, tmp_path: Path
) -> None:
    finished(submit("ingest", "openalex", "--input", simulated), tmp_path / "ingest.log")
    assert all((FETCHED / jar).is_file() for jar in JARS), "the first job fetched them, as spark-cluster.conf says"
    # As on a site without internet; and with the documented number of shuffle partitions, coalesced to one or two.
    offline = {
        "spark.jars.packages": "",
        "spark.jars": ",".join(str(FETCHED / jar) for jar in JARS),
        "spark.sql.shuffle.partitions": "4000",
    }
    only = [part for table in FEW_TABLES for part in ("--only", table)]
    finished(submit("run", *only, conf=offline), tmp_path / "run.log")
    store, expected = opened(tmp_path / "root"), opened(finished_root)
    assert_same_tables(store, expected, ["canonical"])
    for name in FEW_TABLES:
        found = stored(store, PUBLIC[name])
        assert found.num_rows, f"{name} is empty: nothing would be compared"
        assert_equal(found, stored(expected, PUBLIC[name]), PUBLIC[name].column_names, name)


@pytest.mark.cluster
def test_a_wheel_under_its_own_name_is_on_the_path_of_the_driver_alone(
    submit: Submit, zipped: Path, finished_root: Path, tmp_path: Path
) -> None:
    (wheel,) = zipped.parent.glob("*.whl")
    assert wheel.read_bytes() == zipped.read_bytes(), "what `--py-files` takes is the wheel by another name"
    shutil.copytree(finished_root, tmp_path / "root", ignore=shutil.ignore_patterns("studies"))
    # Its rows are made by a function of the package.
    assert submit("run", "--only", "country_spells", py_files=wheel).wait(PATIENCE) != 0
    said = (tmp_path / "run.log").read_text(errors="replace")
    assert '{"event": "started"' in said, "the driver had the package"
    assert "No module named 'scholarflow" in said, "its executors had not"


@pytest.fixture(scope="module")
def larger(sail: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Store]:
    """A snapshot whose part files the executors read, and its tables by the embedded engine, undisturbed."""
    folder = tmp_path_factory.mktemp("larger")
    simulate(folder / "snapshot", works=WORKS_FOR_EXECUTORS, seed=31, format="openalex", dirty=True)
    store = opened(folder / "root", sail)
    ingest("openalex", folder / "snapshot", store, config_of(), Silent())
    derive(store, config_of(), Silent(), only=["keyword_parameters"])
    return folder / "snapshot", store


@pytest.mark.cluster
def test_an_ingest_outlives_its_driver_and_an_executor(
    cluster: Cluster, submit: Submit, larger: tuple[Path, Store], tmp_path: Path
) -> None:
    (snapshot, expected), log = larger, tmp_path / "ingest.log"
    ingesting = ("ingest", "openalex", "--input", snapshot)
    # First the driver goes while its executors read part files; the next finds what they had begun.
    killed_in(submit, *ingesting, stage="read works", log=log)
    # Then an executor while it reads; another takes its place.
    driver = submit(*ingesting)
    executor = task_of("read works", log, driver)
    os.kill(cluster.executors()[executor], signal.SIGKILL)
    finished(driver, log)
    assert tasks_lost(log), "the executor was killed between tasks"
    assert_same_tables(opened(tmp_path / "root"), expected, ["canonical"])
    assert not list((tmp_path / "root").rglob("*.unfinished"))


@pytest.mark.cluster
def test_a_run_outlives_a_worker(cluster: Cluster, submit: Submit, larger: tuple[Path, Store], tmp_path: Path) -> None:
    (_, expected), log = larger, tmp_path / "run.log"
    shutil.copytree(expected.root, tmp_path / "root", ignore=shutil.ignore_patterns("studies"))
    driver = submit("run", "--only", "keyword_parameters", conf={"spark.sql.shuffle.partitions": "4"})
    # In the first task of several jobs; with the worker go its executor and the shuffle files there.
    executor = task_of("keyword_parameters", log, driver)
    kill_session(os.getsid(cluster.executors()[executor]))
    finished(driver, log)
    assert "worker lost: " in log.read_text(errors="replace"), "the run ended before the worker"
    for table in (PUBLIC["work_keywords"], PUBLIC["keyword_parameters"]):
        assert_equal(stored(opened(tmp_path / "root"), table), stored(expected, table), table.column_names, table.name)


@pytest.mark.cluster
def test_every_table_is_the_same_though_drivers_were_killed(
    cluster: Cluster, submit: Submit, simulated: Path, finished_root: Path, tmp_path: Path
) -> None:
    store, ingesting = opened(tmp_path / "root"), ("ingest", "openalex", "--input", simulated)
    killed_in(submit, *ingesting, stage="works", log=tmp_path / "ingest.log")
    assert store.provenance(PUBLIC["works"]) is None, "works was committed before the kill"
    finished(submit(*ingesting), tmp_path / "ingest.log")
    killed_in(submit, "run", stage="citation_windows", log=tmp_path / "run.log")
    assert store.provenance(PUBLIC["citation_windows"]) is None, "citation_windows was committed before the kill"
    finished(submit("run"), tmp_path / "run.log")
    assert_same_tables(store, opened(finished_root))
    deadline = time.monotonic() + 60
    while cluster.executors() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not cluster.executors(), "executors of killed drivers end by themselves"
