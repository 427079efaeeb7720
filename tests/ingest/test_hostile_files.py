"""Files of a snapshot as nobody should send them: each is read under its name, or named in a line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile import FILE_NAMES
from ingest.openalex_dump import work, write_manifest, write_works
from scholarflow.config import load
from scholarflow.errors import InputError
from scholarflow.ingest.mag_snapshot import feeds as mag_feeds
from scholarflow.ingest.openalex_snapshot import feeds
from scholarflow.ingest.snapshot import broken_promises, source_files


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """The one part file of a snapshot."""
    return write_works(tmp_path / "in", work(1))


def works_of(folder: Path) -> list[str]:
    """Names of the part files of works that an ingest of the folder would read."""
    return [file.path.name for file in feeds(folder, load())[0].files]


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_name_is_data(name: str, part: Path) -> None:
    part.rename(part.with_name(f"{name}.gz"))
    assert works_of(part.parents[4]) == [f"{name}.gz"]


def test_a_link_to_a_file_is_that_file(part: Path, tmp_path: Path) -> None:
    part.rename(tmp_path / "elsewhere.gz")
    part.symlink_to(tmp_path / "elsewhere.gz")
    assert works_of(tmp_path / "in") == [part.name]


ODD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link to nothing": (lambda path: path.symlink_to("nothing"), "is a link that leads to no file"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "is a link that leads to no file"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "is a link that leads to no file"),
    "a pipe": (lambda path: os.mkfifo(path), "is a pipe or a device, not a file"),
}


@pytest.mark.parametrize("odd", ODD_FILES)
def test_what_is_no_file_is_named(odd: str, part: Path, tmp_path: Path) -> None:
    make, said = ODD_FILES[odd]
    make(part.with_name("odd\n.gz"))
    with pytest.raises(InputError, match=rf"updated_date=2026-01-01/odd\n\.gz: {said}"):
        feeds(tmp_path / "in", load())


@pytest.mark.parametrize("target", ["/", "..", "."], ids=["outside", "a circle", "itself"])
def test_a_link_to_a_folder_is_named_and_not_followed(target: str, part: Path, tmp_path: Path) -> None:
    (part.parent / "linked").symlink_to(target, target_is_directory=True)
    with pytest.raises(InputError, match="linked: is a link to a folder, which is not followed"):
        feeds(tmp_path / "in", load())


def test_the_folder_of_an_entity_may_be_a_link(part: Path, tmp_path: Path) -> None:
    works = part.parents[1]
    works.rename(tmp_path / "works on another disk")
    works.symlink_to(tmp_path / "works on another disk", target_is_directory=True)
    assert works_of(tmp_path / "in") == [part.name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (b"\xff\xfe.gz", "its name is not in UTF-8"),
        (b"x" * 240 + b".gz", "its name is too long"),
        ("数".encode() * 80 + b".gz", "its name is too long"),
    ],
    ids=["no UTF-8", "long", "long once it is escaped"],
)
def test_a_name_that_no_table_can_hold_is_named(name: bytes, said: str, part: Path, tmp_path: Path) -> None:
    part.rename(part.with_name(os.fsdecode(name)))
    with pytest.raises(InputError, match=said):
        feeds(tmp_path / "in", load())


def test_a_dump_of_mag_is_looked_at_alike(tmp_path: Path) -> None:
    (tmp_path / "Papers.txt").symlink_to("Papers.txt")
    with pytest.raises(InputError, match=r"Papers\.txt: is a link that leads to no file"):
        mag_feeds(tmp_path, load())


@pytest.mark.parametrize("name", ["../../../../../etc/passwd", "/etc/passwd", "%2e%2e/x", "\0", "a\nb", ""])
def test_a_manifest_names_files_and_opens_none(name: str, part: Path, tmp_path: Path) -> None:
    write_manifest(tmp_path / "in", part)
    manifest = tmp_path / "in/data/jsonl/works/manifest.json"
    listed = part.relative_to(tmp_path / "in/data/jsonl/works").as_posix()
    manifest.write_text(manifest.read_text().replace(listed, name.replace("\0", "\\u0000").replace("\n", "\\n")))
    (feed, *_) = feeds(tmp_path / "in", load())
    named = Path(f"data/jsonl/works/{name}").as_posix()
    assert broken_promises(feed.promises, feed.files) == {named: "listed in the manifest, missing"}


def test_folders_named_as_part_files_are_none(tmp_path: Path) -> None:
    (tmp_path / "part.gz").mkdir()
    assert source_files(tmp_path, [tmp_path / "part.gz"]) == []
