"""Engines for the tests: real ones, one of each a session."""

from collections.abc import Iterator

import pytest

from scholarflow.engine import Engine, start
from scholarflow.engine.session import java_found


@pytest.fixture(scope="session")
def sail() -> Iterator[Engine]:
    with start("sail") as engine:
        yield engine


@pytest.fixture(scope="session")
def spark() -> Iterator[Engine]:
    if not java_found():
        pytest.skip("Spark needs Java 17 or newer, and none was found")
    with start("spark") as engine:
        yield engine
