"""A full disk: every layer that writes says it in a way of its own, people are told in one line."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from deltalake.exceptions import DeltaError
from pyspark.errors import PySparkException

from scholarflow.errors import ResourceError

#: The system's words for a full disk, a quota that is used up, and a file beyond a limit: delta-rs, Sail, Spark and
#: Arrow have them in their messages, and not all have the system's number too.
_WORDS = ("No space left on device", "Disk quota exceeded", "File too large")
#: How these layers fail to write.
_WRITE_ERRORS: tuple[type[Exception], ...] = (OSError, PySparkException, DeltaError, pa.ArrowException)


def says_full(error: BaseException) -> bool:
    """Whether an error says that there was no room to write."""
    return any(words in str(error) for words in _WORDS)


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """For the time in which something is written to a folder.

    Errors: ResourceError where there is no room for it.
    """
    try:
        yield
    except _WRITE_ERRORS as error:
        if not says_full(error):
            raise
        raise ResourceError(
            f"{folder}: no space left on its disk, or on that of temporary files ({tempfile.gettempdir()}); "
            "what was finished stays, and with room again the next run goes on from there"
        ) from None
