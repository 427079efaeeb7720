"""Places: where roots and inputs lie, on a file system that driver and executors share or in an object store.

Both have the interface of `pathlib`: a `Path`, or a `UPath` for what lies in an object store. The engines, delta-rs and
fsspec take the same address, `s3a://bucket/root`, and each finds the credentials by itself, as the platform provides
them: this project reads, keeps and logs none.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from upath import UPath

from scholarflow.errors import InputError, UsageError

Place: TypeAlias = Path | UPath

#: Object stores by the scheme of their addresses: the package that reads and writes them, and the extra that brings it.
OBJECT_STORES = {
    "s3a": ("s3fs", "s3"),
    "s3": ("s3fs", "s3"),
    "gs": ("gcsfs", "gcs"),
    "abfss": ("adlfs", "azure"),
    "abfs": ("adlfs", "azure"),
}
_AZURE = ("abfss", "abfs")
_AZURE_HOST = ".dfs.core.windows.net"
_AZURE_OWNER = re.compile(rf"[^@/]+@[^@/.]+{re.escape(_AZURE_HOST)}")
#: Characters that engines, and fsspec's listings, take for patterns; and those that end a path in an address.
_PATTERNS, _IN_ADDRESSES = "*?[]{}", "#%"
#: What stands before a colon in no path: Hadoop takes such addresses with one slash or none, too.
_SCHEMES = frozenset({*OBJECT_STORES, "dbfs", "hdfs", "file"})
#: Colours and branches in messages of delta-rs.
_DRAWING = re.compile(r"\x1b\[[0-9;]*m|↳")
#: Where Databricks shows `dbfs:/` to programs that know only files.
_DBFS = "/dbfs"


def place_of(text: str) -> Place:
    """The place that an address names: a path, `file:///`, `dbfs:/`, or one of an object store.

    Errors: UsageError for schemes that are not known, a store whose package is not installed, and characters that have
    another meaning in addresses.
    """
    scheme, colon, rest = text.partition(":")
    if not colon or not (rest.startswith("//") or scheme in _SCHEMES):
        scheme, rest = "", text
    if scheme in OBJECT_STORES:
        return _in_object_store(text, scheme, rest)
    require_plain(text)
    if scheme == "dbfs":
        return Path(_DBFS) / rest.lstrip("/")
    if scheme not in ("", "file"):
        known = ", ".join(f"{name}://" for name in OBJECT_STORES)
        raise UsageError(f"{text}: {scheme}:// is not supported; a path that driver and executors share, or {known}")
    if rest.startswith("//") and scheme:
        host, slash, path = rest.removeprefix("//").partition("/")
        if host not in ("", "localhost"):
            raise UsageError(f"{text}: {host} would be a host; a path on this one is file:///{host}{slash}{path}")
        rest = slash + path
    return Path(rest)


def require_plain(path: str) -> None:
    """Raises UsageError for characters with which neither Delta nor an engine finds the path by its name."""
    if odd := next((character for character in _PATTERNS if character in path), None):
        raise UsageError(f"{path}: engines take {odd} in a path for a pattern of names; rename it")
    if odd := next((character for character in _IN_ADDRESSES if character in path), None):
        raise UsageError(f"{path}: Delta takes a path for an address, where {odd} has another meaning; rename it")


def address(place: Place) -> str:
    """What delta-rs and engines call a place: of Azure's with the account, which UPath keeps apart."""
    text = str(place)
    if isinstance(place, Path) or place.protocol not in _AZURE:
        return text
    container, _, path = text.partition("://")[2].partition("/")
    return f"{place.protocol}://{container}@{place.storage_options['account_name']}{_AZURE_HOST}/{path}"


def _in_object_store(text: str, scheme: str, rest: str) -> UPath:
    owner = rest.removeprefix("//").partition("/")[0]
    if scheme not in _AZURE and re.search("[:@]", owner):
        # Said before anything that would repeat them.
        bucket = f"@{owner.rpartition('@')[2]}" if "@" in owner else ""
        raise UsageError(f"{scheme}://…{bucket}: keys do not belong in an address")
    require_plain(text)
    if scheme in _AZURE and not _AZURE_OWNER.fullmatch(owner):
        raise UsageError(f"{text}: not as {scheme}://CONTAINER@ACCOUNT{_AZURE_HOST}/PATH")
    if not rest.startswith("//") or not owner:
        raise UsageError(f"{text}: names no bucket, as {scheme}://BUCKET/PATH does")
    package, extra = OBJECT_STORES[scheme]
    if find_spec(package) is None:
        raise UsageError(f"{text}: {scheme}:// needs {package}; pip install 'scholarflow[{extra}]'")
    # Engines write beside fsspec: a listing that it remembers would not show what they wrote.
    return UPath(text.rstrip("/"), use_listings_cache=False)


def require_reachable(place: Place) -> None:
    """Raises InputError, in one line, for an object store that does not answer or does not let this process in."""
    if isinstance(place, Path):
        return
    try:
        place.exists()
    except Exception as error:  # each store's package has classes of its own
        raise InputError(f"{place}: {one_line(error)}") from None


def one_line(error: Exception) -> str:
    """What went wrong in a store, of the many lines that delta-rs writes the first and the innermost."""
    lines = [_DRAWING.sub("", line).strip() for line in str(error).splitlines()]
    said = [line for line in lines if line]
    return ": ".join(dict.fromkeys([*said[:1], *said[-1:]])) or type(error).__name__


def found(folder: Place, pattern: str) -> list[Place]:
    """What a pattern finds below a folder, in the order of the names."""
    places: list[Place] = [*folder.glob(pattern)]
    return sorted(places, key=str)


def name_within(folder: Place, place: Place) -> str:
    """The name of a place relative to a folder above it, with slashes."""
    return place.relative_to(folder).as_posix()  # type: ignore[arg-type]


def make_folder(place: Place) -> None:
    """Makes a folder and those above it; object stores have none."""
    if isinstance(place, Path):
        place.mkdir(parents=True, exist_ok=True)


def remove_folder(place: Place) -> None:
    """Removes a folder with all it holds, if it is there."""
    if isinstance(place, Path):
        shutil.rmtree(place, ignore_errors=True)
    elif place.exists():
        place.fs.rm(place.path, recursive=True)


def rename_folder(folder: Place, name: str) -> Place:
    """Gives a folder another name beside its own; an object store copies each file in it, and removes the first."""
    if isinstance(folder, Path):
        return folder.rename(folder.with_name(name))
    to = folder.with_name(name)
    files = folder.fs.find(folder.path)
    folder.fs.copy(files, [to.path + file.removeprefix(folder.path) for file in files])
    folder.fs.rm(files)
    return to


@contextmanager
def whole_file(place: Place, *, attempt: str = "") -> Iterator[Path]:
    """A local file to write, which is at `place` when the block ends well, and not at all when it does not.

    What a kill leaves of it the next writer of the place replaces; writers that may do so at once have names of their
    own for the `attempt`.
    """
    if isinstance(place, Path):
        unfinished = place.with_name(f".{place.name}{attempt}.unfinished")
        try:
            yield unfinished
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)
    else:
        with tempfile.TemporaryDirectory(prefix="scholarflow-") as folder:
            unfinished = Path(folder) / place.name
            yield unfinished
            place.fs.put_file(str(unfinished), place.path)
