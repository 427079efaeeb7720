"""What lies in the input folder: part files, their fingerprints, and what the manifests promise of them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scholarflow.engine import Place, SourceFile
from scholarflow.engine.places import found, name_within
from scholarflow.errors import InputError
from scholarflow.foreign_text import is_utf8

#: How much of a file's head and tail enters its fingerprint. A gzip file ends with a checksum of its content and a
#: Parquet file with its statistics, so that a copy keeps its fingerprint and a change loses it.
_FINGERPRINT_BYTES = 1 << 16
#: Bytes of a part file's name, escaped: its rows lie in a folder named `source_path=` and that, of 255 bytes at most.
_LONGEST_NAME = 255 - len("source_path=")


@dataclass(frozen=True)
class Promise:
    """What a manifest says of a part file: bytes and records; null where it does not say."""

    source_path: str
    size: int | None
    n_records: int | None


def fingerprint(file: SourceFile) -> str:
    """A digest that changes when the content does.

    Plain text has no checksum at its end: there the time of the last change is part of it.
    """
    digest = hashlib.sha256(str(file.size).encode())
    with file.path.open("rb") as content:
        digest.update(content.read(_FINGERPRINT_BYTES))
        content.seek(max(0, file.size - _FINGERPRINT_BYTES))
        digest.update(content.read(_FINGERPRINT_BYTES))
    if file.path.suffix not in (".gz", ".parquet"):
        digest.update(str(file.path.stat().st_mtime_ns).encode())
    return digest.hexdigest()[:32]


def source_files(base: Place, paths: Iterable[Place]) -> list[SourceFile]:
    """Part files in the order of their names; links to files are followed, folders are none.

    Errors: InputError for what is named as a part file and is none that can be read: a link that leads nowhere or in a
    circle, a pipe, a device; and for a name that no table can hold: not in UTF-8, or too long for a folder of its rows.
    """
    files = []
    for path in sorted(paths, key=str):
        name = name_within(base, path)
        if not is_utf8(name):
            raise InputError(f"--input {base}: {name}: its name is not in UTF-8; rename it")
        if len(quote(name, safe="")) > _LONGEST_NAME:
            raise InputError(f"--input {base}: {name}: its name is too long; shorten it")
        if path.is_file():
            files.append(SourceFile(path, name, path.stat().st_size))
        elif not path.is_dir():
            what = "is a link that leads to no file" if path.is_symlink() else "is a pipe or a device, not a file"
            raise InputError(f"--input {base}: {name}: {what}")
    return files


def below(folder: Place) -> list[Place]:
    """Everything in a folder and the folders in it.

    Errors: InputError for a link to a folder: following it might never end, and passing it over would lose records.
    """
    everything = found(folder, "**/*")
    links = [path for path in everything if isinstance(path, Path) and path.is_symlink()]
    if linked := next((path for path in links if path.is_dir()), None):
        raise InputError(f"--input {linked}: is a link to a folder, which is not followed; link the files in it")
    return everything


def require_folder(path: Place) -> None:
    """Raises InputError unless the path is a folder."""
    if not path.is_dir():
        raise InputError(f"--input {path}: {'not a folder' if path.exists() else 'no such folder'}")


def manifest_promises(base: Place, entity: str) -> list[Promise]:
    """The part files that manifests list for an entity; none without a manifest.

    Since 2026 there is a `manifest.json` for each entity and one for all, before there was a `manifest` for each.
    Errors: InputError for a manifest that is not JSON of that shape.
    """
    manifests: dict[Place, Callable[[Any], list[Any]]] = {
        base / entity / "manifest.json": lambda content: content["files"],
        base / entity / "manifest": lambda content: content["entries"],
        base / "manifest.json": lambda content: [
            file for listed in content["entities"] if listed["entity"] == entity for file in listed["files"]
        ],
    }
    promises: dict[str, Promise] = {}
    for path, listed in manifests.items():
        if path.is_file():
            try:
                found = [_promise(entity, entry) for entry in listed(json.loads(path.read_text(encoding="utf-8")))]
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise InputError(f"{path}: not a manifest of OpenAlex: {type(error).__name__} {error}") from None
            for promise in found:
                promises.setdefault(promise.source_path, promise)
    return list(promises.values())


def _promise(entity: str, entry: Mapping[str, Any]) -> Promise:
    meta = entry.get("meta") or {}
    _, _, below = entry["url"].rpartition(f"/{entity}/")
    below.encode()  # half of a surrogate pair is in no file's name, and no engine takes it
    numbers = [meta.get(name) for name in ("content_length", "record_count")]
    if odd := [number for number in numbers if not (number is None or type(number) is int)]:
        raise TypeError(f"{odd[0]!r} is no number of bytes or records")
    return Promise(f"{entity}/{below}", *numbers)


def broken_promises(promises: Iterable[Promise], files: Iterable[SourceFile]) -> dict[str, str]:
    """Listed part files that are missing or of another size, each with what is wrong."""
    sizes = {file.source_path: file.size for file in files}
    broken = {}
    for promise in promises:
        if promise.source_path not in sizes:
            broken[promise.source_path] = "listed in the manifest, missing"
        elif promise.size is not None and sizes[promise.source_path] != promise.size:
            broken[promise.source_path] = f"has {sizes[promise.source_path]:,} bytes, {promise.size:,} in the manifest"
    return broken
