"""What people see while it runs: a line a stage, a live one on a terminal, JSON lines where asked for."""

import json
import sys
import time
from typing import Any, Literal, Protocol

from rich.console import Console

from scholarflow.errors import UsageError
from scholarflow.foreign_text import printable

LogFormat = Literal["auto", "plain", "json"]


class Progress(Protocol):
    """Receives what happens; every number is rows or seconds."""

    def note(self, message: str, **facts: Any) -> None:
        """Something worth a line."""

    def stage(self, name: str, **facts: Any) -> "StageProgress":
        """A piece of work that takes a while, as a context; its result is set on what the context gives."""


class StageProgress:
    """One piece of work under way."""

    def __init__(self, report: "_Report", name: str, facts: dict[str, Any]) -> None:
        self._report, self._name, self._facts = report, name, facts
        self._started = time.monotonic()

    def __enter__(self) -> "StageProgress":
        self._report.started(self._name, self._facts)
        return self

    def advance(self, done: int, total: int) -> None:
        """How far it is."""
        self._report.advanced(self._name, done, total)

    def done(self, **facts: Any) -> None:
        """What came of it, for its closing line."""
        self._facts |= facts

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        seconds = round(time.monotonic() - self._started, 1)
        if kind is not None and issubclass(kind, UsageError):
            self._report.refused()  # nothing was begun: the error's own line says all
            return
        self._report.ended(self._name, seconds, self._facts, failed=kind is not None)


class _Report:
    """Plain lines on standard error."""

    def note(self, message: str, **facts: Any) -> None:
        self._line(printable(message))

    def stage(self, name: str, **facts: Any) -> StageProgress:
        return StageProgress(self, name, facts)

    def started(self, name: str, facts: dict[str, Any]) -> None:
        pass

    def advanced(self, name: str, done: int, total: int) -> None:
        pass

    def refused(self) -> None:
        pass

    def ended(self, name: str, seconds: float, facts: dict[str, Any], *, failed: bool) -> None:
        outcome = "FAILED" if failed else _shown(facts)
        self._line(f"{name:<28} {seconds:>7.1f} s  {outcome}")

    def _line(self, text: str) -> None:
        # One call, so that lines of tables made side by side do not run into each other.
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class _Terminal(_Report):
    """The same with a live line for what is under way, several pieces of work side by side included."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, emoji=False)
        self._status = self._console.status("")
        self._under_way: dict[str, str] = {}

    def started(self, name: str, facts: dict[str, Any]) -> None:
        self._under_way[name] = f"{name} …"
        self._live()

    def advanced(self, name: str, done: int, total: int) -> None:
        self._under_way[name] = f"{name} … {done:,} of {total:,}"
        self._live()

    def refused(self) -> None:
        self._under_way.clear()
        self._live()

    def ended(self, name: str, seconds: float, facts: dict[str, Any], *, failed: bool) -> None:
        self._under_way.pop(name, None)
        self._live()
        super().ended(name, seconds, facts, failed=failed)

    def _live(self) -> None:
        if self._under_way:
            self._status.update("   ".join(list(self._under_way.values())))
            self._status.start()
        else:
            self._status.stop()

    def _line(self, text: str) -> None:
        self._console.print(text, markup=False)


class _Json(_Report):
    """One JSON object a line."""

    def note(self, message: str, **facts: Any) -> None:
        self._line(json.dumps({"event": "note", "message": message} | facts, default=str))

    def started(self, name: str, facts: dict[str, Any]) -> None:
        self._line(json.dumps({"event": "started", "stage": name} | facts, default=str))

    def ended(self, name: str, seconds: float, facts: dict[str, Any], *, failed: bool) -> None:
        event = "failed" if failed else "done"
        self._line(json.dumps({"event": event, "stage": name, "seconds": seconds} | facts, default=str))


def reporter(log_format: LogFormat = "auto") -> Progress:
    """The reporter for a format: auto is live on a terminal and plain lines elsewhere."""
    if log_format == "json":
        return _Json()
    return _Terminal() if log_format == "auto" and sys.stderr.isatty() else _Report()


class Silent(_Report):
    """Says nothing."""

    def _line(self, text: str) -> None:
        pass


def _shown(facts: dict[str, Any]) -> str:
    return "  ".join(
        f"{value:,} {name.replace('_', ' ')}" if isinstance(value, int) else f"{value}"
        for name, value in facts.items()
        if value is not None
    )
