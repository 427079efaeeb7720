"""Everything a user can cause, each with the exit status that the command line documents.

One line of message names file, table, column and value at fault. Nothing broad is caught anywhere: what is not
a ScholarflowError is a defect of the program and keeps its traceback.
"""


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


class CheckError(ScholarflowError):
    """The data break a declared rule: a repeated key, a null where none may be, a check that failed."""

    exit_status = 4
