"""Snapshots of several sizes through one Spark session: `python bench/one_session.py WORKS SNAPSHOT ROOT …`.

Ingest and every table of a study, one after another, for each three arguments in turn: what a JVM takes to get warm is
paid once. Each step is reported as `WORKS STEP`, and each piece of its work as `WORKS STEP NAME`, as JSON lines on
standard error.
"""

import sys
from pathlib import Path
from typing import Any

from scholarflow import config
from scholarflow.derive import derive
from scholarflow.engine import Store, start
from scholarflow.ingest.run import ingest
from scholarflow.progress import Progress, StageProgress, reporter


class _Named:
    """Progress with a name before that of every piece of work."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress, self._name = progress, name

    def note(self, message: str, **facts: Any) -> None:
        self._progress.note(message, **facts)

    def stage(self, name: str, **facts: Any) -> StageProgress:
        return self._progress.stage(f"{self._name} {name}", **facts)


def main(arguments: list[str]) -> None:
    loaded, progress = config.load(), reporter("json")
    with start("spark") as engine:
        for works, snapshot, root in zip(*(iter(arguments),) * 3, strict=True):
            store = Store(Path(root), engine, study=loaded.study.name)
            with progress.stage(step := f"{works} ingest"):
                ingest("openalex", Path(snapshot), store, loaded, _Named(progress, step))
            with progress.stage(step := f"{works} derive"):
                derive(store, loaded, _Named(progress, step))


if __name__ == "__main__":
    main(sys.argv[1:])
