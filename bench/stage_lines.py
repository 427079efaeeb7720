"""What a program that is measured says on standard error: a line of JSON where a stage begins, and where it ends."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def stage(name: str) -> Iterator[dict[str, Any]]:
    """Says on standard error that a piece of work begins and ends; takes facts for its last line."""
    facts: dict[str, Any] = {}
    _say(event="started", stage=name)
    started = time.monotonic()
    try:
        yield facts
    except BaseException:
        _say(event="failed", stage=name, seconds=round(time.monotonic() - started, 3))
        raise
    _say(event="done", stage=name, seconds=round(time.monotonic() - started, 3), **facts)


def _say(**facts: Any) -> None:
    print(json.dumps(facts), file=sys.stderr, flush=True)
