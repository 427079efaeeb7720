"""An ingest and a run in a process of its own, to be killed: python whole_run.py SOURCE SNAPSHOT ROOT.

Every beginning and end of a piece of work is a line of JSON on standard error.
"""

import sys
from pathlib import Path

from scholarflow import config
from scholarflow.derive import derive
from scholarflow.engine import Store, start
from scholarflow.ingest.run import ingest
from scholarflow.progress import reporter


def main() -> None:
    source, snapshot, root = sys.argv[1:]
    loaded = config.load()
    with start("sail") as engine:
        store = Store(Path(root), engine, study=loaded.study.name)
        progress = reporter("json")
        ingest(source, Path(snapshot), store, loaded, progress)  # type: ignore[arg-type]
        derive(store, loaded, progress)


if __name__ == "__main__":
    main()
