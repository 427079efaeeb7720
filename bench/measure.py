"""Runs one command and measures it: the whole, and each stage that it reports as JSON lines on standard error."""

import json
import os
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from bench.process_tree import ProcessTree, Sample

#: Seconds between two samples.
_EVERY = 0.1
#: Seconds between two looks at the size of the folder for temporary files.
_SCRATCH_EVERY = 1.0
#: Seconds by which a stage's own figure, a tenth exact, may differ from its lines' before these count as late.
_LATE = 0.15
#: How the problem of a process that took too long begins.
OUT_OF_TIME = "ended at its time limit"


@dataclass(frozen=True)
class Event:
    """A JSON line as it arrived: `at` on the clock of the samples, `clock` the wall clock in seconds since 1970."""

    at: float
    clock: float
    facts: dict[str, Any]


@dataclass(frozen=True)
class StageCost:
    """What a stage took; units as in `Sample`, `rows` null where none are reported.

    `spans` are the stretches of wall clock that it ran for: several where it came in batches. Memory, CPU time and
    bytes are the whole process's: stages that run side by side each have what both did.
    """

    name: str
    seconds: float
    peak_memory: int
    cpu: float
    read: int
    written: int
    rows: int | None
    spans: list[tuple[float, float]]


@dataclass(frozen=True)
class Cost:
    """What a process took.

    wall = start + work + stop: `start` ends where the first stage begins, and `stop` begins after the last line
    reported, so that `work` has all between: stages, commits, exports.
    """

    status: int
    wall: float
    start: float
    work: float
    stop: float
    peak_memory: int
    peak_scratch: int
    cpu: float
    read: int
    written: int
    heap: str = ""
    problem: str = ""
    stages: list[StageCost] = field(default_factory=list)

    @property
    def stage_seconds(self) -> float:
        """The stages' seconds, summed."""
        return sum(stage.seconds for stage in self.stages)


def run_measured(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    scratch: Path,
    log: Path,
    time_limit: float,
    spill: Path | None = None,
) -> Cost:
    """Runs a command to its end with `scratch` for working directory and temporary files; its output goes to `log`.

    `spill` is where else it puts temporary files, if anywhere. A command that fails, or is ended at its time limit, is
    a cost with a status other than 0 and the end of its output.
    """
    launcher = [sys.executable, str(Path(__file__).with_name("launch.py")), *command]
    env = {**os.environ, "TMPDIR": str(scratch), "SPARK_LOCAL_DIRS": str(scratch), **environment}
    started = time.monotonic()
    with subprocess.Popen(
        launcher,
        cwd=scratch,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # Ctrl-C is the harness's, which then ends the tree
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        folders = [scratch, spill] if spill else [scratch]
        watch = _Watch(ProcessTree(process.pid), folders, started + time_limit)
        sampling = threading.Thread(target=watch.sample_until_stopped, daemon=True)
        sampling.start()
        try:
            watch.follow(process.stderr, log)
            report = json.loads(process.stdout.read() or "{}")
        except BaseException:
            watch.tree.kill()
            raise
        finally:
            watch.stopped.set()
            sampling.join()
    return watch.cost(started, report)


class _Watch:
    """The samples and events of one process, collected by two threads."""

    def __init__(self, tree: ProcessTree, folders: Sequence[Path], deadline: float) -> None:
        self.tree, self.folders, self.deadline = tree, folders, deadline
        self.samples: list[Sample] = []
        self.events: list[Event] = []
        self.last_lines: deque[str] = deque(maxlen=12)
        self.stopped = threading.Event()
        self.timed_out = False
        self._scratch, self._scratch_at = 0, float("-inf")

    def sample_until_stopped(self) -> None:
        while not self.stopped.wait(_EVERY):
            taken = self.tree.sample()
            if taken.at - self._scratch_at >= _SCRATCH_EVERY:
                self._scratch, self._scratch_at = sum(map(_size, self.folders)), taken.at
            self.samples.append(replace(taken, scratch=self._scratch))
            if time.monotonic() > self.deadline:
                self.timed_out = True
                self.tree.kill()  # once more with every sample: the launcher may not have started anything yet

    def follow(self, lines: IO[str], log: Path) -> None:
        """Reads the command's output to its end."""
        with log.open("w") as copy:
            for line in lines:
                at, clock = time.monotonic(), time.time()
                copy.write(line)
                found = json_objects(line)
                self.events += [Event(at, clock, facts) for facts in found if "event" in facts]
                if not found and line.strip():
                    self.last_lines.append(line.rstrip())

    def cost(self, started: float, report: Mapping[str, Any]) -> Cost:
        """The figures; totals from the launcher, or from the last sample where that was ended.

        Of CPU time the launcher misses what a process took whose parent did not wait for it.
        """
        last = self.samples[-1] if self.samples else Sample(started, 0, 0.0, 0, 0)
        started = float(report.get("began", started))  # one clock for all processes of a machine
        wall = float(report.get("wall", last.at - started))
        begun = next((e.at for e in self.events if e.facts["event"] == "started"), started + wall)
        ended = max((e.at for e in self.events), default=begun)
        status = int(report.get("status", 1))
        problem = "\n".join(self.last_lines) if status else ""
        return Cost(
            status=status,
            wall=wall,
            start=begun - started,
            work=ended - begun,
            stop=max(0.0, started + wall - ended),
            peak_memory=max((sample.memory for sample in self.samples), default=0),
            peak_scratch=max((sample.scratch for sample in self.samples), default=0),
            cpu=max(float(report.get("cpu", 0.0)), last.cpu),
            read=int(report.get("rchar", last.read)),
            written=int(report.get("write_bytes", last.written)),
            heap=self.tree.heap,
            problem=f"{OUT_OF_TIME}\n{problem}" if self.timed_out else problem,
            stages=stage_costs(self.events, self.samples),
        )


def stage_costs(events: Sequence[Event], samples: Sequence[Sample]) -> list[StageCost]:
    """The stages that began and ended, in order; batches of one (`read works 1–`, `read works 65–`) as one."""
    begun: dict[str, Event] = {}
    costs: dict[str, StageCost] = {}
    for event in events:
        name = str(event.facts.get("stage", ""))
        if event.facts["event"] == "started":
            begun[name] = event
        elif event.facts["event"] in ("done", "failed") and name in begun:
            cost = _stage_cost(without_batch(name), begun.pop(name), event, samples)
            costs[cost.name] = _together(costs[cost.name], cost) if cost.name in costs else cost
    return list(costs.values())


def without_batch(name: str) -> str:
    """The name of a stage without the number that its batch begins at."""
    kind, _, batch = name.rpartition(" ")
    return kind if batch.endswith("–") else name


def side_by_side(stages: Sequence[StageCost]) -> bool:
    """Whether any two of the stages ran at one time for more than a moment."""
    spans = sorted(span for stage in stages for span in stage.spans)
    latest = float("-inf")
    for started, ended in spans:
        if started < latest - _EVERY:
            return True
        latest = max(latest, ended)
    return False


def _stage_cost(name: str, begun: Event, ended: Event, samples: Sequence[Sample]) -> StageCost:
    first, last = sample_at(begun.at, samples), sample_at(ended.at, samples)
    seconds, own = ended.at - begun.at, float(ended.facts.get("seconds", ended.at - begun.at))
    return StageCost(
        name=name,
        seconds=own if abs(own - seconds) > _LATE else seconds,
        peak_memory=max(s.memory for s in (first, last, *samples) if first.at <= s.at <= last.at),
        cpu=last.cpu - first.cpu,
        read=last.read - first.read,
        written=last.written - first.written,
        rows=ended.facts.get("rows"),
        spans=[(begun.clock, ended.clock)],
    )


def sample_at(at: float, samples: Sequence[Sample]) -> Sample:
    """The tree at a moment: on the line between the samples before and after it."""
    after = bisect_left(samples, at, key=lambda sample: sample.at)
    if after == 0 or after == len(samples):
        nearest = samples[min(after, len(samples) - 1)] if samples else Sample(at, 0, 0.0, 0, 0)
        return replace(nearest, at=at)
    one, other = samples[after - 1], samples[after]
    share = (at - one.at) / (other.at - one.at)
    return Sample(
        at,
        round(one.memory + share * (other.memory - one.memory)),
        one.cpu + share * (other.cpu - one.cpu),
        round(one.read + share * (other.read - one.read)),
        round(one.written + share * (other.written - one.written)),
    )


def _together(one: StageCost, other: StageCost) -> StageCost:
    return StageCost(
        name=one.name,
        seconds=one.seconds + other.seconds,
        peak_memory=max(one.peak_memory, other.peak_memory),
        cpu=one.cpu + other.cpu,
        read=one.read + other.read,
        written=one.written + other.written,
        rows=None if one.rows is None or other.rows is None else one.rows + other.rows,
        spans=[*one.spans, *other.spans],
    )


def json_objects(line: str) -> list[dict[str, Any]]:
    """The JSON objects that make up a line, none if it is anything else: threads may write two before one ends it."""
    found: list[dict[str, Any]] = []
    rest = line.strip()
    while rest.startswith("{"):
        try:
            value, end = json.JSONDecoder().raw_decode(rest)
        except json.JSONDecodeError:
            return []
        found.append(value)
        rest = rest[end:].lstrip()
    return [] if rest else found


def _size(folder: Path) -> int:
    size = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                size += os.lstat(os.path.join(parent, name)).st_blocks * 512  # noqa: PTH118
    return size
