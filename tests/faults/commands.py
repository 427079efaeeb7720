"""The command line in processes of its own, to be killed."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

#: Processes forked from one that has imported everything and done nothing: a command starts in a tenth of the time.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "faults.commands",
        "pandas",
        "pysail.spark",
        "pyspark.sql.connect.session",
        "scholarflow.cli",
        "scholarflow.derive",
        "scholarflow.ingest.run",
        "scholarflow.network.run",
        "scholarflow.regression.run",
        "scholarflow.review",
    ]
)


@dataclass
class Command:
    """A command under way, or ended: what it says goes to `log`; begun when `gate` exists, if there is to be one."""

    arguments: Sequence[str | Path]
    log: Path
    gate: Path | None = None
    process: ForkServerProcess = field(init=False)

    def __post_init__(self) -> None:
        arguments = [str(argument) for argument in self.arguments]
        self.process = _FORKS.Process(target=_main, args=(arguments, self.log, self.gate))
        self.process.start()

    @property
    def said(self) -> str:
        """All that it has said so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    @property
    def events(self) -> Iterator[dict[str, Any]]:
        """Its progress so far, as `--log-format json` has it."""
        for line in self.said.splitlines(keepends=True):
            if line.startswith("{") and line.endswith("\n"):
                yield json.loads(line)

    def has_begun(self, stage: str) -> bool:
        """Whether it has said that it works on a stage."""
        return any(event["event"] == "started" and event["stage"].startswith(stage) for event in self.events)

    def until(self, reached: Callable[[], bool]) -> bool:
        """Waits until something has come to pass; false where the command ended without."""
        while self.process.is_alive():
            if reached():
                return True
            time.sleep(0.0005)
        return reached()

    def killed(self, number: signal.Signals = signal.SIGKILL) -> bool:
        """Sends a signal and waits for the end; false where it came too late."""
        if not self.process.is_alive():
            return False
        os.kill(self.process.pid or 0, number)
        return self.ended() == -number

    def ended(self) -> int:
        """Waits for the end; gives the exit status, negative for that of a signal."""
        self.process.join(timeout=300)
        assert self.process.exitcode is not None, f"{self.arguments}: not ended after five minutes:\n{self.said}"
        return self.process.exitcode


def _main(arguments: list[str], log: Path, gate: Path | None) -> None:
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(said, 1)
    os.dup2(said, 2)
    from scholarflow.cli import main

    while gate is not None and not gate.exists():
        pass  # two that wait for one gate begin within microseconds
    main(arguments)
