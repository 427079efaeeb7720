"""Where roots and inputs may lie, and what is done to them there."""

import pickle
from pathlib import Path

import pytest

from scholarflow.engine.places import (
    Place,
    address,
    found,
    name_within,
    one_line,
    place_of,
    remove_folder,
    rename_folder,
    whole_file,
)
from scholarflow.errors import UsageError


@pytest.fixture(params=["folder", pytest.param("object store", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place to write below, of each kind."""
    if request.param == "folder":
        return tmp_path
    return place_of(f"{request.getfixturevalue('bucket')}/{tmp_path.name}")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("atlas", "atlas"),
        ("/data/atlas", "/data/atlas"),
        ("file:///data/atlas", "/data/atlas"),
        ("file:/data/atlas", "/data/atlas"),
        ("file://localhost/data/atlas", "/data/atlas"),
        ("10:30/atlas", "10:30/atlas"),
        ("dbfs:/data/atlas", "/dbfs/data/atlas"),
        ("s3a://bucket/atlas/", "s3a://bucket/atlas"),
        ("s3://bucket", "s3://bucket/"),
    ],
)
def test_addresses(text: str, address: str) -> None:
    assert str(place_of(text)) == address
    assert isinstance(place_of(text), Path) != text.startswith("s3")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hdfs://host/atlas", "hdfs:// is not supported"),
        ("hdfs:/atlas", "hdfs:// is not supported"),
        ("s3:bucket/atlas", "names no bucket"),
        ("s3a://", "names no bucket"),
        ("s3a://bucket/50%", "% has another meaning"),
        ("s3a://bucket/a#b", "# has another meaning"),
        ("what?", r"\? in a path for a pattern"),
        ("/data/atlas [2]", r"\[ in a path for a pattern"),
        ("s3a://bucket/{a}", r"\{ in a path for a pattern"),
        ("s3a://bucket/{a}", r"^s3a://bucket/\{a\}: "),
        ("s3a://KEY:SEC%2FRET@bucket/atlas", "^s3a://…@bucket: keys do not belong"),
        ("s3a://KEY:SEC/RET@bucket/atlas", "^s3a://…: keys do not belong"),
        ("s3a://KEY:SECRET@bucket/atlas", "^s3a://…@bucket: keys do not belong"),
        ("abfss://container/atlas", "CONTAINER@ACCOUNT"),
        ("abfss://container@account.example/atlas", "CONTAINER@ACCOUNT"),
        ("file://data/atlas", "file:///data/atlas"),
    ],
)
def test_addresses_that_are_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        place_of(text)


def test_a_store_whose_package_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scholarflow.engine.places.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"needs gcsfs; pip install 'scholarflow\[gcs\]'"):
        place_of("gs://bucket/atlas")


@pytest.mark.parametrize(
    "text",
    [
        "/data/atlas",
        "s3a://bucket/atlas",
        "gs://bucket/atlas",
        "abfss://container@account.dfs.core.windows.net/atlas",
        "abfss://container@account.dfs.core.windows.net/",
    ],
)
def test_engines_are_told_the_address_as_it_was_given(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scholarflow.engine.places.find_spec", lambda _: "installed")
    place = place_of(text)
    assert address(place) == text
    assert address(place / "works") == f"{text.rstrip('/')}/works"


def test_a_place_reaches_other_processes() -> None:
    place = place_of("s3a://bucket/atlas")
    assert pickle.loads(pickle.dumps(place)) == place


def test_places_of_a_store_share_its_client() -> None:
    place = place_of("s3a://bucket/atlas")
    assert (place / "works").fs is place.fs, "to make a client takes longer than most of what it is asked for"


def test_a_file_is_whole_or_not_there(place: Place) -> None:
    with whole_file(place / "f.txt") as file:
        file.write_text("whole")
    assert (place / "f.txt").read_text() == "whole"
    with pytest.raises(IsADirectoryError), whole_file(place / "f.txt") as file:
        file.write_text("half") and file.parent.write_text("nothing")
    assert [name_within(place, path) for path in found(place, "*")] == ["f.txt"]
    assert (place / "f.txt").read_text() == "whole"


def test_folders_are_renamed_and_removed(place: Place) -> None:
    folder = place / "a=1%2F2"
    for name in ("y/deep.txt", "x.txt"):
        if isinstance(folder, Path):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    renamed = rename_folder(folder, "p0")
    files = [path for path in found(place, "**/*") if path.is_file()]
    assert [name_within(place, path) for path in files] == ["p0/x.txt", "p0/y/deep.txt"]
    assert [path.read_text() for path in files] == ["x.txt", "y/deep.txt"]
    remove_folder(renamed)
    remove_folder(renamed)
    assert not found(place, "**/*")


def test_messages_of_stores_fit_a_line() -> None:
    said = OSError("Generic error\n  \x1b[31m↳\x1b[0m in between\n  \x1b[31m↳\x1b[0m connection refused\n")
    assert one_line(said) == "Generic error: connection refused"
    assert one_line(OSError("once")) == "once"
    assert one_line(TimeoutError()) == "TimeoutError"
