"""A process and all its descendants, as Linux sees them: memory, CPU time, bytes read and written."""

import os
import re
import signal
import time
from contextlib import suppress
from dataclasses import dataclass

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")
#: Seconds between two looks at what processes share: reading it walks a page table and takes milliseconds a gigabyte.
_SHARED_EVERY = 5.0


@dataclass(frozen=True)
class Sample:
    """A tree at one moment.

    `memory` is bytes resident at this moment, shared pages counted once; the others are totals since the tree began,
    ended processes included: their CPU time as last seen, or as whoever waited for them was told. `read` counts bytes
    handed over by read calls, whether or not the page cache had them, `written` bytes of file pages made dirty: sockets
    and pipes are in the first only. `scratch` is bytes of files in the folder for temporary files at this moment.
    """

    at: float
    memory: int
    cpu: float
    read: int
    written: int
    scratch: int = 0


@dataclass(frozen=True)
class _Status:
    parent: int
    own_cpu: float
    cpu: float
    resident: int


class ProcessTree:
    """The descendants of a process, itself included."""

    def __init__(self, root: int) -> None:
        self.root = root
        #: Size of the heap of Spark's driver as given on its command line (2g), empty without one.
        self.heap = ""
        self._seen: set[int] = set()
        self._own_cpu: dict[int, float] = {}
        self._io: dict[int, tuple[int, int]] = {}
        self._shared: dict[int, int] = {}
        self._shared_at = float("-inf")
        self._strangers: set[int] = set()
        self._last = Sample(0.0, 0, 0.0, 0, 0)

    def sample(self) -> Sample:
        """What the tree is at now; totals never fall, even where a process ends while it is looked at."""
        now = time.monotonic()
        statuses = self._members()
        refresh = now - self._shared_at >= _SHARED_EVERY
        self._shared_at = now if refresh else self._shared_at
        memory = 0
        for pid, status in statuses.items():
            with suppress(OSError):
                self._io[pid] = _io(pid)
            # The launcher is no part of what it launches; and between a JVM's vfork and the exec that follows, its
            # child has all its memory a second time: who is new counts from its second sample on.
            if pid == self.root or pid not in self._seen:
                continue
            if refresh or pid not in self._shared:
                self._shared[pid] = _shared(pid)
                self.heap = self.heap or _heap(pid)
            memory += max(0, status.resident - self._shared[pid])
        self._seen = set(statuses)
        self._own_cpu |= {pid: status.own_cpu for pid, status in statuses.items()}
        self._shared = {pid: size for pid, size in self._shared.items() if pid in statuses}
        self._io = {pid: io for pid, io in self._io.items() if pid in statuses}
        self._last = Sample(
            now,
            memory,
            # Nobody is told what the Python workers of Spark took, as their parent ignores that they end; and what
            # lives for less than a tenth of a second is never seen.
            max(self._last.cpu, sum(status.cpu for status in statuses.values()), sum(self._own_cpu.values())),
            max(self._last.read, sum(read for read, _ in self._io.values())),
            max(self._last.written, sum(written for _, written in self._io.values())),
        )
        return self._last

    def kill(self) -> None:
        """Ends every process of the tree below its root, which is left to wait for them."""
        for pid in self._members():
            if pid != self.root:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _members(self) -> dict[int, _Status]:
        """The living members; who was no descendant when first seen never becomes one and is not looked at again."""
        found: dict[int, _Status] = {}
        for name in os.listdir("/proc"):  # noqa: PTH208 - ten times a second, on the machine that is measured
            if name.isdigit() and (pid := int(name)) not in self._strangers:
                with suppress(OSError):
                    found[pid] = _status(pid)
        children: dict[int, list[int]] = {}
        for pid, status in found.items():
            children.setdefault(status.parent, []).append(pid)
        members: dict[int, _Status] = {}
        waiting = [self.root] if self.root in found else []
        while waiting:
            pid = waiting.pop()
            members[pid] = found[pid]
            waiting += children.get(pid, [])
        for pid in sorted(found.keys() - members.keys()):
            # Not one whose parent has just ended: it is about to be the launcher's.
            if found[pid].parent == 0 or found[pid].parent in self._strangers:
                self._strangers.add(pid)
        return members


def _status(pid: int) -> _Status:
    text = _read(pid, "stat")
    fields = text[text.rindex(")") + 2 :].split()  # after the name, which may hold blanks; the state comes first
    # Own time, and with that of children waited for: a process that ended is found in its parent.
    own, with_waited = (sum(map(int, fields[11:end])) / _TICK for end in (13, 15))
    return _Status(int(fields[1]), own, with_waited, int(fields[21]) * _PAGE)


def _io(pid: int) -> tuple[int, int]:
    values = dict(line.split(": ") for line in _read(pid, "io").splitlines())
    return int(values["rchar"]), int(values["write_bytes"])


def _shared(pid: int) -> int:
    """What a process has resident beyond its proportional share: forked workers share most of their pages."""
    with suppress(OSError):
        text = _read(pid, "smaps_rollup")
        sizes = {name: int(size) * 1024 for name, size in re.findall(r"^(Rss|Pss): +(\d+) kB", text, re.MULTILINE)}
        return max(0, sizes.get("Rss", 0) - sizes.get("Pss", 0))
    return 0


def _heap(pid: int) -> str:
    """The heap of Spark's driver; the JVM that only puts its command line together has one too."""
    with suppress(OSError):
        line = _read(pid, "cmdline")
        found = re.search(r"\0-Xmx(\w+)\0", line) if "launcher.Main" not in line else None
        return found[1] if found else ""
    return ""


def _read(pid: int, name: str) -> str:
    with open(f"/proc/{pid}/{name}", errors="replace") as file:  # noqa: PTH123 - as above
        return file.read()
