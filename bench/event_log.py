"""What Spark did for each stage of a run, from its event log: a JSON object a line, neither rolled nor compressed."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import StageCost, without_batch

#: Properties that have Spark write such a log; `spark.eventLog.dir` comes with them.
PROPERTIES = {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.rolling.enabled": "false",
    "spark.eventLog.compress": "false",
}
#: Under these names is summed what belongs to no stage, or to one of several that ran side by side.
BETWEEN, SIDE_BY_SIDE = "(between stages)", "(side by side)"
#: Seconds by which the line that says that a stage began may arrive after its first job was submitted.
_LATE = 0.2


@dataclass
class SparkCost:
    """Sums over tasks: bytes and seconds; `peak_memory` is the largest execution memory of one task.

    `input_bytes` are those read from files: the columns needed, and the staged rows once more for their verification.
    """

    tasks: int = 0
    input_bytes: int = 0
    output_bytes: int = 0
    shuffle_read: int = 0
    shuffle_written: int = 0
    memory_spilled: int = 0
    disk_spilled: int = 0
    peak_memory: int = 0
    task_seconds: float = 0.0
    gc_seconds: float = 0.0

    def add(self, metrics: dict[str, Any]) -> None:
        """Adds a task's metrics."""
        read, written = metrics.get("Shuffle Read Metrics", {}), metrics.get("Shuffle Write Metrics", {})
        self.tasks += 1
        self.input_bytes += metrics.get("Input Metrics", {}).get("Bytes Read", 0)
        self.output_bytes += metrics.get("Output Metrics", {}).get("Bytes Written", 0)
        self.shuffle_read += read.get("Remote Bytes Read", 0) + read.get("Local Bytes Read", 0)
        self.shuffle_written += written.get("Shuffle Bytes Written", 0)
        self.memory_spilled += metrics.get("Memory Bytes Spilled", 0)
        self.disk_spilled += metrics.get("Disk Bytes Spilled", 0)
        self.peak_memory = max(self.peak_memory, metrics.get("Peak Execution Memory", 0))
        self.task_seconds += metrics.get("Executor Run Time", 0) / 1000
        self.gc_seconds += metrics.get("JVM GC Time", 0) / 1000


def read_log(folder: Path) -> Iterator[dict[str, Any]]:
    """The events of the one application that logged into a folder."""
    logs = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    if len(logs) != 1:
        raise ValueError(f"{folder}: {len(logs)} event logs where one was expected")
    with logs[0].open(encoding="utf-8") as lines:
        yield from events(lines)


def events(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The events that matter here; most bytes of a log are plans, which need no parsing."""
    wanted = ('{"Event":"SparkListenerStageSubmitted"', '{"Event":"SparkListenerTaskEnd"', '{"Event":"SparkListenerEnv')
    for line in lines:
        if line.startswith(wanted):
            yield json.loads(line)


def effective_properties(log: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The Spark properties that an application ran with."""
    for event in log:
        if event["Event"] == "SparkListenerEnvironmentUpdate":
            return dict(event["Spark Properties"])
    return {}


def costs_by_stage(log: Iterable[dict[str, Any]], stages: Sequence[StageCost]) -> dict[str, SparkCost]:
    """The cost of each stage, and of what belongs to none, by name.

    A Spark stage is the stage's whose name is its job's description or group, else the stage's in whose time it was
    submitted.
    """
    names: dict[tuple[int, int], str] = {}
    costs: dict[str, SparkCost] = {}
    for event in log:
        if event["Event"] == "SparkListenerStageSubmitted":
            info = event["Stage Info"]
            names[info["Stage ID"], info["Stage Attempt ID"]] = stage_of(
                event.get("Properties") or {}, info.get("Submission Time", 0) / 1000, stages
            )
        elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            name = names.get((event["Stage ID"], event["Stage Attempt ID"]), BETWEEN)
            costs.setdefault(name, SparkCost()).add(event["Task Metrics"])
    return costs


def stage_of(properties: dict[str, Any], submitted: float, stages: Sequence[StageCost]) -> str:
    """The stage that a Spark stage, with its job's properties and the second of its submission, was made for."""
    known = {stage.name for stage in stages}
    for key in ("spark.job.description", "spark.jobGroup.id"):
        name = without_batch(str(properties.get(key)))
        if name in known:
            return name
    spans = [(started, ended, stage.name) for stage in stages for started, ended in stage.spans]
    running = {name for started, ended, name in spans if started <= submitted <= ended}
    if not running:
        running = {name for started, _, name in spans if submitted < started <= submitted + _LATE}
    if len(running) > 1:
        return SIDE_BY_SIDE
    return running.pop() if running else BETWEEN
