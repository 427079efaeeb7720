"""Engines: which one a name means, and what a user is told who asks for none that can start."""

import os
import subprocess
import sys

import pytest

from scholarflow.engine import Engine, start
from scholarflow.engine.session import java_found
from scholarflow.errors import InputError, UsageError


def test_an_engine_that_is_none() -> None:
    with pytest.raises(UsageError, match="--engine flink: unknown; one of auto, spark, sail"), start("flink"):
        pass


def test_sail_has_no_master() -> None:
    with pytest.raises(UsageError, match=r"--master local\[2\]: Sail is embedded"), start("sail", master="local[2]"):
        pass


def test_without_java_spark_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    assert not java_found()
    with pytest.raises(InputError, match=r"needs Java 17 or newer.*openjdk-17.*--engine sail"), start("spark"):
        pass


@pytest.mark.spark
def test_a_session_that_is_there_is_used_and_not_ended(spark: Engine) -> None:
    with start("spark") as again:
        assert again.spark.range(3).count() == 3
        assert again.parallelism == spark.parallelism
    assert spark.spark.range(3).count() == 3


#: A session, as long idle as the argument says, and then asked for rows.
_IDLE = """
import sys, time
from scholarflow.engine import start
with start("sail") as engine:
    engine.spark.range(3).count()
    time.sleep(float(sys.argv[1]))
    print(engine.spark.range(3).count())
"""


@pytest.mark.slow
def test_a_session_of_sail_outlives_what_is_done_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is the one that decides; what is set where nobody set it is weeks."""
    monkeypatch.setenv("SAIL_SPARK__SESSION_TIMEOUT_SECS", "2")
    ended = subprocess.run([sys.executable, "-c", _IDLE, "8"], capture_output=True, text=True)
    assert "is not running" in ended.stderr
    monkeypatch.delenv("SAIL_SPARK__SESSION_TIMEOUT_SECS")
    with start("sail"):
        assert int(os.environ["SAIL_SPARK__SESSION_TIMEOUT_SECS"]) > 7 * 86_400
