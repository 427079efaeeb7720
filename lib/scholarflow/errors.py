"""Everything a user can cause, each with the exit status that the command line documents.

One line of message names file, table, column and value at fault. Nothing broad is caught anywhere: what is not
a ScholarflowError is a defect of the program and keeps its traceback.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class ScholarflowError(Exception):
    """Root of all errors that a user, not the program, has to mend."""

    exit_status = 1


class UsageError(ScholarflowError):
    """Bad arguments or configuration: unknown table, key or value, an empty period, a root of another source."""

    exit_status = 2


class InputError(ScholarflowError):
    """Input missing or unreadable: no such folder, a truncated part file, a root without tables."""

    exit_status = 3


class BusyError(ScholarflowError):
    """Another run holds the root."""

    exit_status = 3


class ResourceError(ScholarflowError):
    """The machine gave out: a full disk, a worker process that was killed."""

    exit_status = 3


class CheckError(ScholarflowError):
    """The data break a declared rule: a repeated key, a null where none may be, a check that failed."""

    exit_status = 4


def nearest(name: str, known: Iterable[str], what: str, *, within: str = "") -> str:
    """The end of a message on an unknown name: the one that was meant, where one is close, else all that are known.

    `what` says what is known; `within` stands before a name.
    """
    known = list(known)
    close = get_close_matches(name, known, n=1)
    return f"did you mean {within}{close[0]}?" if close else f"{what}: {', '.join(known)}"
