"""Engines: which one a name means, and what a user is told who asks for none that can start."""

import pytest

from scholarflow.engine import start
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
