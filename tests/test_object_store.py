"""Input and root in an object store: the tables of a root in a folder, and the commands that read them.

The store is an S3-compatible one on loopback, or the one that OBJECT_STORE names (`make object-store-test`).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from frames import config_of
from object_store import BUCKET, found_anew, object_store
from scholarflow.cli import main
from scholarflow.derive import derive
from scholarflow.engine import Engine, Place, Store
from scholarflow.engine.lease import Lease
from scholarflow.engine.places import place_of
from scholarflow.engine.session import java_found
from scholarflow.errors import BusyError
from scholarflow.ingest.run import ingest
from scholarflow.network import Level
from scholarflow.network.run import network
from scholarflow.progress import Silent
from scholarflow.simulate import simulate
from scholarflow.tables import PUBLIC
from scholarflow.tables.networks import NETWORK_NODES
from standalone import INHERITED, SPARK_HOME
from stored_tables import assert_equal, assert_same_tables, stored

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[1]
#: Made by the engine's operators and by Python functions; the last is a result, and so has a CSV file.
FEW_TABLES = ("country_spells", "country_totals")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("object store") / "snapshot"
    simulate(folder, works=300, seed=9, format="openalex", dirty=True)
    return folder


def copied(folder: Path, to: Place) -> Place:
    """A folder as it would be copied into a bucket."""
    for path in folder.rglob("*"):
        if path.is_file():
            (to / path.relative_to(folder).as_posix()).write_bytes(path.read_bytes())
    return to


def of_root(root: Place, engine: Engine) -> Store:
    return Store(root, engine, study=config_of().study.name)


@pytest.fixture(scope="module")
def expected(sail: Engine, snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The same in folders."""
    store = of_root(tmp_path_factory.mktemp("expected") / "root", sail)
    ingest("openalex", snapshot, store, config_of(), Silent())
    derive(store, config_of(), Silent(), only=FEW_TABLES)
    network(store, config_of(), Silent(), levels=[Level.COUNTRY])
    return store


def test_a_root_in_an_object_store_is_that_of_a_folder(
    bucket: str, sail: Engine, snapshot: Path, expected: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    input_ = copied(snapshot, place_of(f"{bucket}/snapshot"))
    store = of_root(place_of(f"{bucket}/root"), sail)
    assert ingest("openalex", input_, store, config_of(), Silent())
    derive(store, config_of(), Silent(), only=FEW_TABLES)
    network(store, config_of(), Silent(), levels=[Level.COUNTRY])
    assert_same_tables(store, expected, ["canonical"])
    for table in [*(PUBLIC[name] for name in FEW_TABLES), NETWORK_NODES]:
        assert stored(store, table).num_rows
        assert_equal(stored(store, table), stored(expected, table), table.column_names, table.name)
    csv = "csv/country_totals.csv"
    assert (store.study_path / csv).read_bytes() == (expected.study_path / csv).read_bytes()
    left = {path.name for path in store.root.iterdir()}
    assert left == {path.name for path in expected.root.iterdir()} - {".lock"} | {"_lease"}
    assert not (store.study_path / "_network").exists()

    # Nothing changed: nothing is made again.
    assert not ingest("openalex", input_, store, config_of(), Silent())
    assert not derive(store, config_of(), Silent(), only=FEW_TABLES)

    with Lease(store.root).held(), pytest.raises(BusyError):
        derive(store, config_of(), Silent(), only=FEW_TABLES)

    for arguments, said in (
        (["tables"], "country_spells"),
        (["show", "country_totals", "--limit", "3"], "country_totals"),
        (["check"], "checks passed"),
        (["export", "country_spells", "--out", f"{tmp_path}/out"], "country_spells"),
    ):
        main([*arguments, "--root", f"{bucket}/root"])
        printed = capfd.readouterr()
        assert said in printed.out + printed.err
    assert (tmp_path / "out" / "country_spells.parquet").is_file()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["run", "--root", "s3a://no-such-bucket/root"], 3, "NoSuchBucket"),
        (["run", "--root", "BUCKET/nothing"], 3, "no tables here"),
        (["ingest", "openalex", "--input", "BUCKET/nothing", "--root", "R"], 3, "no such folder"),
    ],
    ids=["no bucket", "no tables", "no input"],
)
def test_what_a_user_can_get_wrong(
    s3_bucket: str, arguments: list[str], status: int, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([argument.replace("BUCKET", s3_bucket) for argument in arguments])
    error = capfd.readouterr().err
    assert ended.value.code == status
    assert message in error
    assert len(error.strip().splitlines()) == 1


def test_a_store_that_cannot_be_reached_is_named_in_one_line(
    s3_bucket: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with found_anew(), pytest.raises(SystemExit) as ended:
        main(["tables", "--root", f"{s3_bucket}/root"])
    (error,) = capfd.readouterr().err.strip().splitlines()
    assert ended.value.code == 3
    assert f"{s3_bucket}/root: Could not connect" in error


@pytest.mark.cluster
@pytest.mark.skipif(not java_found(), reason="Spark needs Java 17 or newer, and none was found")
def test_spark_as_conf_says(snapshot: Path, expected: Store, sail: Engine, tmp_path: Path) -> None:
    conf = tmp_path / "site.conf"
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    parts = [CHECKOUT / "conf" / name for name in ("spark-cluster.conf", "spark-s3a.conf")]
    conf.write_text("".join(part.read_text(encoding="utf-8") for part in parts), encoding="utf-8")
    with object_store(tmp_path / "server.log") as found_by, pytest.MonkeyPatch.context() as environment:
        for name, value in found_by.items():
            environment.setenv(name, value)
        place = place_of(f"s3a://{BUCKET}/of-spark")
        copied(snapshot, place / "snapshot")
        only = [part for name in FEW_TABLES for part in ("--only", name)]
        for job in (
            ["ingest.py", "openalex", "--input", f"{place}/snapshot", "--root", f"{place}/root"],
            ["run.py", *only, "--root", f"s3://{BUCKET}/of-spark/root"],
        ):
            submitted = subprocess.run(
                [
                    *(SPARK_HOME / "bin/spark-submit", "--master", "local[2]", "--properties-file", conf),
                    *("--conf", f"spark.hadoop.fs.s3a.endpoint={found_by['AWS_ENDPOINT_URL']}"),
                    *("--conf", "spark.hadoop.fs.s3a.path.style.access=true"),
                    *("--conf", "spark.sql.shuffle.partitions=2", "--conf", "spark.ui.enabled=false"),
                    *(CHECKOUT / "jobs" / job[0], *job[1:]),
                ],
                env=inherited | found_by | {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable},
                capture_output=True,
                text=True,
            )
            assert submitted.returncode == 0, submitted.stdout[-3000:] + submitted.stderr[-3000:]
        store = of_root(place / "root", sail)
        assert_same_tables(store, expected, ["canonical"])
        for name in FEW_TABLES:
            assert_equal(stored(store, PUBLIC[name]), stored(expected, PUBLIC[name]), PUBLIC[name].column_names, name)
