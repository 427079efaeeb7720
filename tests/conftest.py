"""Engines for the tests: real ones, one of each a session; simulated snapshots and ingested roots, made once."""

import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from frames import World, config_of
from object_store import BUCKET, object_store
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store, start
from scholarflow.engine.session import java_found
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.simulate import simulate

# Tests run thousands of small plans: a JVM that compiles once and quickly takes half the time of one that does it well.
os.environ.setdefault("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

#: The same few examples each time; `make fuzz` looks for new ones, and many.
settings.register_profile("quick", derandomize=True, max_examples=20, deadline=None)
settings.register_profile(
    "long",
    max_examples=int(os.environ.get("EXAMPLES", "2000")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("quick")

#: Names under which systems install Chromium.
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_CONNECT_MODE = "SPARK_CONNECT_MODE_ENABLED"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """What looks at a finished root waits for a whole run: not for `make test-fast`. Whole runs come first.

    They lie in tests/ itself, few in a file and minutes long: begun last, one would leave all cores but its own idle.
    """
    for item in items:
        if "finished_root" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
    yield  # markers are looked at, and tests put in the order of their fixtures
    items.sort(key=lambda item: item.path.parent != Path(__file__).parent)


@contextmanager
def classic_pyspark() -> Iterator[None]:
    """Lets PySpark's functions build columns for classic Spark, though Sail runs in the same process.

    A variable of the environment, set when Sail starts, has them build columns for Spark Connect, Sail's protocol.
    """
    mode = os.environ.pop(_CONNECT_MODE, None)
    try:
        yield
    finally:
        if mode is not None:
            os.environ[_CONNECT_MODE] = mode


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Tests run in several processes: where the jars are not there yet, one fetches them and the others wait."""
    with (Path(tempfile.gettempdir()) / "scholarflow-tests-spark.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def sail() -> Iterator[Engine]:
    with start("sail") as engine:
        yield engine


@pytest.fixture(scope="session")
def spark() -> Iterator[Engine]:
    if not java_found():
        pytest.skip("Spark needs Java 17 or newer, and none was found")
    with classic_pyspark(), _one_at_a_time():
        started = start("spark")
        engine = started.__enter__()
    yield engine
    with classic_pyspark():
        started.__exit__(None, None, None)


@pytest.fixture(scope="session", autouse=True)
def _spark_before_sail(request: pytest.FixtureRequest) -> None:
    """Starts Spark, if any test needs it, before Sail.

    PySpark forks the process to start Java, and a fork of a process in which Sail's client is at work may die of it.
    """
    if java_found() and any(item.get_closest_marker("spark") for item in request.session.items):
        request.getfixturevalue("spark")


@pytest.fixture(autouse=True)
def _columns_for_the_engine_in_use(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("spark"):
        with classic_pyspark():
            yield
    else:
        yield


@pytest.fixture(scope="session", params=["sail", pytest.param("spark", marks=pytest.mark.spark)])
def either(request: pytest.FixtureRequest) -> Any:
    """Each engine in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def bucket(request: pytest.FixtureRequest) -> str:
    """Where to write in an object store: OBJECT_STORE of the environment, else a bucket of one on loopback."""
    given = os.environ.get("OBJECT_STORE")
    return f"{given.rstrip('/')}/{uuid.uuid4().hex}" if given else str(request.getfixturevalue("s3_bucket"))


@pytest.fixture(scope="session")
def s3_bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty bucket of an S3-compatible store on loopback."""
    log = tmp_path_factory.mktemp("object-store") / "server.log"
    with object_store(log) as found_by, pytest.MonkeyPatch.context() as environment:
        for name, value in found_by.items():
            environment.setenv(name, value)
        yield f"s3a://{BUCKET}"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program; CHROMIUM in the environment may name it."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None:
        pytest.skip("no Chromium was found; `make browser` installs it")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # half a second, which other tests need not wait for

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small dirty OpenAlex snapshot with its truth."""
    folder = tmp_path_factory.mktemp("simulated") / "snapshot"
    simulate(folder, works=1_000, seed=5, format="openalex", dirty=True)
    return folder


@pytest.fixture(scope="session")
def world(sail: Engine, simulated: Path) -> World:
    """Every derived table of the small snapshot's truth."""
    return World.of_truth(sail.spark, simulated / "truth")


@pytest.fixture(scope="session")
def finished_root(sail: Engine, simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small snapshot ingested and run; to be copied, not changed."""
    root = tmp_path_factory.mktemp("finished") / "root"
    config = config_of()
    store = Store(root, sail, study=config.study.name)
    ingest("openalex", simulated, store, config, Silent())
    derive(store, config, Silent())
    return root
