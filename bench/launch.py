"""Runs a command and outlives all that it starts: `python bench/launch.py COMMAND…`.

Linux adds the CPU time and I/O of a process to its parent's when that waits for it. Spark's JVM and Python workers end
after, or without, the process that started them; here they are inherited and waited for, so that the totals printed
at the end, as a line of JSON on standard output, leave nothing out. The command's own output goes to standard error.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
#: Seconds that what a command leaves behind has to end by itself.
_GRACE = 20


def main(command: list[str]) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = _io()
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    _, waited = os.waitpid(process.pid, 0)
    wall = time.monotonic() - started
    _reap()
    times, io = os.times(), _io()
    report = {
        "status": os.waitstatus_to_exitcode(waited),
        "began": started,
        "wall": wall,
        "cpu": times.children_user + times.children_system,
        **{name: io[name] - before[name] for name in io},
    }
    print(json.dumps(report), flush=True)


def _reap() -> None:
    """Waits for the processes left behind; ends those that outstay their time."""
    deadline = time.monotonic() + _GRACE
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            if time.monotonic() > deadline:
                for child in _children():
                    os.kill(child, signal.SIGKILL)
            time.sleep(0.02)


def _children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def _io() -> dict[str, int]:
    lines = Path("/proc/self/io").read_text().splitlines()
    return {name: int(value) for name, value in (line.split(": ") for line in lines)}


if __name__ == "__main__":
    main(sys.argv[1:])
