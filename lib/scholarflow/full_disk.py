"""A full disk: every layer that writes says it in a way of its own, people are told in one line."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from deltalake.exceptions import DeltaError
from pyspark.errors import PySparkException

from scholarflow.errors import ResourceError

_TEMPORARY = f"or on that of temporary files ({tempfile.gettempdir()})"
#: The system's words for what there is no room by: delta-rs, Sail, Spark and Arrow have them in their messages, and not
#: all have the system's number too. With each, ours.
_WORDS = {
    "No space left on device": f"no space left on its disk, {_TEMPORARY}",
    "Disk quota exceeded": f"the quota on its disk, {_TEMPORARY}, is used up",
    "File too large": "a file would be larger than its file system, or `ulimit -f`, allows",
}
#: How these layers fail to write.
_WRITE_ERRORS: tuple[type[Exception], ...] = (OSError, PySparkException, DeltaError, pa.ArrowException)


def says_full(error: BaseException) -> str | None:
    """In words, what an error says that there was no room by; null where it says no such thing."""
    return next((ours for words, ours in _WORDS.items() if words in str(error)), None)


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """For the time in which something is written to a folder.

    Errors: ResourceError where there is no room for it.
    """
    try:
        yield
    except _WRITE_ERRORS as error:
        if not (full := says_full(error)):
            raise
        raise ResourceError(
            f"{folder}: {full}; what was finished stays: make room, and give the same command again"
        ) from None
