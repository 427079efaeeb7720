"""The user's own files that the configuration names: read whole, or refused in a line that names them."""

import io
from pathlib import Path

from scholarflow.errors import InputError, UsageError


def content_of(file: str, origin: str) -> bytes:
    """The bytes of a file; `origin` is what messages call it.

    Errors: InputError for one that is not there or may not be read, UsageError for what names no file at all.
    """
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        raise InputError(f"{origin}: no such file") from None
    except OSError as error:
        raise InputError(f"{origin}: {error.strerror}") from None
    except ValueError:  # a NUL byte, or half of a surrogate pair
        raise UsageError(f"{origin}: is no name of a file") from None


def text_of(content: bytes, origin: str) -> str:
    """The text of a file in UTF-8, its lines ending in LF, without a byte order mark; UsageError where it is none."""
    try:
        return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()
    except UnicodeDecodeError:
        raise UsageError(f"{origin}: is not text in UTF-8") from None
