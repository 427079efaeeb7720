"""Measurements for the tests: a process with the seconds and stages that matter to one, and events of Spark's log."""

from collections.abc import Mapping
from typing import Any

from bench.measure import Cost, StageCost
from bench.records import Host, Record, Step

HOST = Host("Some CPU", 2, 8 * 2**30, "Some Linux", {"python": "3.11"}, "abc1234567")


def stage(name: str, *spans: tuple[float, float], rows: int | None = None) -> StageCost:
    """A stage that ran for these stretches of the wall clock."""
    return StageCost(name, sum(end - start for start, end in spans), 0, 0.0, 0, 0, rows, list(spans))


def cost(work: float, *, status: int = 0, peak_memory: int = 10**9, stages: Mapping[str, float] | None = None) -> Cost:
    """A process with these seconds of work, and of each stage."""
    costs = [stage(name, (0.0, seconds)) for name, seconds in (stages or {}).items()]
    return Cost(status, work + 1, 1.0, work, 0.0, peak_memory, 0, 0.0, 0, 0, stages=costs)


def record(size: int, repeat: int, contender: str, step: Step, work: float, **of: object) -> Record:
    """A record of such a process."""
    return Record("2026-01-31T12:00:00", size, repeat, contender, step, cost(work, **of), HOST)  # type: ignore[arg-type]


def submitted(number: int, second: float, attempt: int = 0, **properties: str) -> dict[str, Any]:
    """The event of a Spark stage submitted at a second."""
    info = {"Stage ID": number, "Stage Attempt ID": attempt, "Submission Time": int(second * 1000)}
    return {"Event": "SparkListenerStageSubmitted", "Stage Info": info, "Properties": properties}


def task(number: int, attempt: int = 0, **metrics: Any) -> dict[str, Any]:
    """The event of a task's end, metrics by name with underscores for blanks."""
    return {
        "Event": "SparkListenerTaskEnd",
        "Stage ID": number,
        "Stage Attempt ID": attempt,
        "Task Metrics": {name.replace("_", " "): value for name, value in metrics.items()},
    }
