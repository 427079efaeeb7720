"""Sessions of the two engines: Spark (the cluster's) and Sail (embedded, no JVM)."""

import logging
import multiprocessing
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import as_file
from pathlib import Path
from typing import Literal, get_args

from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession

from scholarflow.config import conf_folder, spark_properties
from scholarflow.engine.places import Place, address
from scholarflow.errors import InputError, UsageError

EngineName = Literal["auto", "spark", "sail"]

#: The jar that belongs to the pinned delta-spark; sites without internet give `--jars` to spark-submit instead.
DELTA_PACKAGE = "io.delta:delta-spark_4.2_2.13:4.4.0"
#: What any Spark session must have.
_OF_A_SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.compression.codec": "zstd",
    # OpenAlex records are 20 kB each: ten thousand of them at a time would take 200 MB in every Python worker.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",
}


@dataclass(frozen=True)
class Engine:
    """A running engine: its name, its session, and how to end them."""

    name: str
    spark: SparkSession
    stop: Callable[[], None]

    @property
    def is_spark(self) -> bool:
        return self.name == "spark"

    def address(self, place: Place) -> str:
        """What this engine calls a place."""
        # Spark takes a bare path for one of fs.defaultFS, which on YARN is HDFS.
        return f"file://{place.absolute()}" if self.is_spark and isinstance(place, Path) else address(place)

    @contextmanager
    def working_on(self, what: str) -> Iterator[None]:
        """Names what this thread's Spark jobs are for, in Spark's web interface and event log."""
        if not self.is_spark:
            yield
            return
        context = self.spark.sparkContext
        context.setLocalProperty("spark.job.description", what)
        try:
            yield
        finally:
            context.setLocalProperty("spark.job.description", None)  # type: ignore[arg-type]

    @cached_property
    def workers(self) -> ProcessPoolExecutor:
        """Python processes beside the embedded engine, started when first needed; they end with it."""
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.parallelism, mp_context=spawn, initializer=_end_with_parent)

    def end(self) -> None:
        """Ends the workers and the session."""
        if "workers" in vars(self):
            self.workers.shutdown(cancel_futures=True)
        self.stop()

    @property
    def parallelism(self) -> int:
        """Tasks that run side by side."""
        if self.is_spark:
            return int(self.spark.sparkContext.defaultParallelism)
        return os.cpu_count() or 1


def _end_with_parent() -> None:
    """Ends this worker when its parent is gone, however that ended.

    A pool's workers wait for work for ever, and one in the middle of a file would write on into the next run's folder.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def start(name: EngineName = "auto", *, master: str | None = None, packages: Sequence[str] = ()) -> Iterator[Engine]:
    """Starts an engine and ends it with the block.

    `auto` is Spark when started by spark-submit or given a master, else the embedded Sail. `packages` are what a Spark
    that was not submitted fetches from Maven besides Delta. A Spark session that is there already is used as it is and
    not ended: Databricks has one for all tasks of a cluster, with a Delta of its own.
    Errors: UsageError for an unknown name or a master for Sail, InputError where Spark has no Java.
    """
    if name not in get_args(EngineName):
        raise UsageError(f"--engine {name}: unknown; one of {', '.join(get_args(EngineName))}")
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if name == "auto":
        name = "spark" if submitted or master else "sail"
    if name == "sail" and master:
        raise UsageError(f"--master {master}: Sail is embedded and has no master; use --engine spark")
    engine = _start_sail() if name == "sail" else _start_spark(master, packages, submitted=submitted)
    try:
        yield engine
    finally:
        engine.end()


def _start_sail() -> Engine:
    os.environ.setdefault("RUST_LOG", "error")
    # Sail ends a session that was idle for a quarter of an hour; worker processes read part files for hours beside it.
    os.environ.setdefault("SAIL_SPARK__SESSION_TIMEOUT_SECS", str(30 * 86_400))
    logging.getLogger("pyspark.sql.connect").setLevel(logging.ERROR)
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    if threading.current_thread() is threading.main_thread():
        # Sail would end itself on Ctrl-C and leave its client asking a dead server: the signal is Python's again.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def stop() -> None:
        spark.stop()
        server.stop()

    return Engine("sail", spark, stop)


def _start_spark(master: str | None, packages: Sequence[str], *, submitted: bool) -> Engine:
    if not submitted and not java_found():
        raise InputError(
            "Spark needs Java 17 or newer and found none: install a JDK (Debian: openjdk-17-jdk-headless) "
            "and set JAVA_HOME, or use --engine sail, which needs no Java"
        )
    if (found := SparkSession.getActiveSession()) is not None:
        for key, value in _OF_A_SESSION.items():
            found.conf.set(key, value)
        return Engine("spark", found, lambda: None)
    builder = (
        SparkSession.builder.appName("scholarflow")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    )
    for key, value in _OF_A_SESSION.items():
        builder = builder.config(key, value)
    if not submitted:
        # Under spark-submit, places and resources are the caller's: --master, --properties-file, --packages.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.master(master or "local[*]")
        for key, value in spark_properties("spark-local.conf").items():
            builder = builder.config(key, value)
        builder = builder.config("spark.jars.packages", ",".join([DELTA_PACKAGE, *packages]))
        with as_file(conf_folder() / "log4j2-quiet.properties") as quiet:
            builder = builder.config("spark.driver.extraJavaOptions", f"-Dlog4j2.configurationFile={quiet.as_uri()}")
    try:
        spark = builder.getOrCreate()
    except PySparkRuntimeError as error:
        if error.getCondition() != "JAVA_GATEWAY_EXITED":
            raise
        wanted = ", ".join([DELTA_PACKAGE, *packages])
        raise InputError(f"Spark did not start and says why above; jars it fetches: {wanted}") from None
    return Engine("spark", spark, spark.stop)


def java_found() -> bool:
    """Whether a Java to start Spark with can be found."""
    home = os.environ.get("JAVA_HOME")
    return bool(home and os.access(os.path.join(home, "bin", "java"), os.X_OK)) or shutil.which("java") is not None  # noqa: PTH118
