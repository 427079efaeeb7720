"""What a loss of power leaves of a table: commits that are not there whole count as not made.

Neither engine has the disk confirm what it writes. After a loss of power the newest files may be empty, cut off or
gone, though their names are there; and readers of Delta take an empty commit, or one that ends between two lines, for
whole. So a commit of the store says how many data files it names, and a table is as its last whole commit left it.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

#: The key of a commit's metadata under which the store writes how many files it adds and removes.
FILES_KEY = "scholarflow.files"
_COMMIT = re.compile(r"(\d{20})\.json")
_CHECKPOINT = re.compile(r"(\d{20})\.checkpoint\..*parquet")
#: What delta-rs names a commit until it is whole.
_UNFINISHED = re.compile(r"\d{20}\.json#\d+|_commit_.*\.tmp")
#: The lines that these operations always have.
_LINES = {
    "CREATE TABLE": ("protocol", "metaData"),
    "CREATE OR REPLACE TABLE": ("metaData",),
    "ADD CONSTRAINT": ("metaData",),
}


class Cut(NamedTuple):
    """The first version of a table that is not there whole, and what is wrong with it."""

    version: int
    why: str


def cut_log(folder: Path) -> Cut | None:
    """The first commit of the log in a table's folder that is not whole; null where all are.

    Commits before the newest checkpoint are not looked at: nobody reads them.
    """
    commits = _numbered(folder, _COMMIT)
    start = max((version for version, path in _numbered(folder, _CHECKPOINT) if _is_parquet(path)), default=0)
    expected = start
    for version, path in commits:
        if version < start:
            continue
        if version != expected:
            return Cut(version, f"version {expected} before it is gone")
        if why := _cut_commit(path):
            return Cut(version, why)
        expected += 1
    return None


def cut_short(folder: Path) -> Cut | None:
    """The same, and of the newest commit also the data files, which were written at the same time."""
    commits = _numbered(folder, _COMMIT)
    if cut := cut_log(folder):
        return cut
    if commits and (why := _lacking(folder, commits[-1][1])):
        return Cut(commits[-1][0], why)
    return None


def set_aside(folder: Path) -> Iterator[str]:
    """Moves what is not whole, and what came after it, out of a table's log into `_set_aside`; says what and why.

    The caller holds the root.
    """
    log = folder / "_delta_log"
    for path in log.iterdir():
        if _UNFINISHED.fullmatch(path.name):
            path.unlink()  # by a run that was killed in the middle of a commit
    if damaged := _damaged_checkpoints(folder):
        _move(damaged, folder)
        yield f"{folder}: a checkpoint of the log is damaged; set aside, the log is read without it"
    while cut := cut_short(folder):
        numbered = (*_numbered(folder, _COMMIT), *_numbered(folder, _CHECKPOINT))
        later = [path for version, path in numbered if version >= cut.version]
        _move([*later, log / "_last_checkpoint"], folder)
        yield (
            f"{folder}: version {cut.version} was cut short ({cut.why}) and counts as not made; "
            f"what is left of it lies in {_aside(folder)}"
        )


def _damaged_checkpoints(folder: Path) -> list[Path]:
    """Checkpoints that are not whole, and the hint to the newest where that is not one of the whole ones."""
    checkpoints = _numbered(folder, _CHECKPOINT)
    whole = {version for version, path in checkpoints if _is_parquet(path, to_its_end=True)}
    damaged = [path for version, path in checkpoints if version not in whole]
    hint = folder / "_delta_log" / "_last_checkpoint"
    if hint.exists() and _hinted_version(hint) not in whole:
        damaged.append(hint)
    return damaged


def _hinted_version(hint: Path) -> int | None:
    try:
        return int(json.loads(hint.read_bytes())["version"])
    except (ValueError, TypeError, KeyError):
        return None


def _numbered(folder: Path, pattern: re.Pattern[str]) -> list[tuple[int, Path]]:
    """Files of the log whose names match, by version."""
    log = folder / "_delta_log"
    names = {path: pattern.fullmatch(path.name) for path in log.iterdir()} if log.is_dir() else {}
    return sorted((int(match[1]), path) for path, match in names.items() if match)


def _cut_commit(path: Path) -> str | None:
    """Why a commit is not whole, as far as it tells by itself."""
    lines = [line for line in path.read_bytes().split(b"\n") if line]
    if not lines:
        return "its log file is empty"
    actions: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        try:
            actions.append(json.loads(line))
        except ValueError:
            return f"line {number} of its log file is cut off"
    counts = Counter(name for action in actions for name in action)
    said: dict[str, Any] = next((action["commitInfo"] for action in actions if "commitInfo" in action), {})
    for name in _LINES.get(said.get("operation", ""), ()):
        if not counts[name]:
            return f"its log file has no {name}"
    n_files = counts["add"] + counts["remove"]
    if FILES_KEY in said and not counts["txn"]:
        return "its log file has no transaction"
    if FILES_KEY in said and n_files != int(said[FILES_KEY]):
        return f"its log file names {n_files:,} of {int(said[FILES_KEY]):,} data files"
    return None


def _lacking(folder: Path, commit: Path) -> str | None:
    """The first data file that a commit adds and that is not there whole."""
    for line in commit.read_bytes().split(b"\n"):
        add = json.loads(line).get("add") if line else None
        if not add or "://" in add["path"]:
            continue
        path = folder / unquote(add["path"])
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return f"{path.relative_to(folder)} is missing"
        if size != add["size"]:
            return f"{path.relative_to(folder)} has {size:,} of {add['size']:,} bytes"
    return None


def _is_parquet(path: Path, *, to_its_end: bool = False) -> bool:
    """Whether a file that is there is whole, as far as its footer tells, or all its pages."""
    with path.open("rb") as content:
        try:
            with pq.ParquetFile(content) as parquet:
                if to_its_end:
                    parquet.read()
        except pa.ArrowException:
            return False
        except OSError as error:
            if error.errno is not None:  # what keeps the file from being read is no damage
                raise
            return False
    return True


def _aside(folder: Path) -> Path:
    return folder / "_set_aside"


def _move(paths: Sequence[Path], folder: Path) -> None:
    """Moves files aside, the newest first: a kill on the way leaves the older ones to be found again."""
    _aside(folder).mkdir(exist_ok=True)
    for path in sorted(paths, reverse=True):
        if path.exists():
            number = sum(1 for _ in _aside(folder).glob(f"{path.name}*"))
            path.rename(_aside(folder) / (f"{path.name}.{number}" if number else path.name))
