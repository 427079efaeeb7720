"""A part file that turns unreadable half-way: named, and nothing committed; or left out whole where that is asked."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.conftest import Survived
from faults.roots import assert_same, opened
from faults.stages import at_length
from frames import config_of
from scholarflow.engine import Engine, Store
from scholarflow.errors import InputError
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.tables import LAYERS
from scholarflow.tables.canonical import REJECTS, WORKS
from stored_tables import stored

pytestmark = pytest.mark.slow


def cut_in_the_middle(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def with_a_bad_checksum(path: Path) -> None:
    """The checksum of a gzip file stands eight bytes before its end."""
    whole = bytearray(path.read_bytes())
    whole[-8] ^= 0xFF
    path.write_bytes(whole)


def damaged_in_the_middle(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 64] = bytes(64)
    path.write_bytes(whole)


HARMS: dict[str, Callable[[Path], None]] = {
    "part file cut while others are read": cut_in_the_middle,
    "part file with a bad checksum": with_a_bad_checksum,
    "part file damaged in the middle": damaged_in_the_middle,
    "part file deleted while others are read": Path.unlink,
}


@pytest.mark.parametrize("harm", at_length(HARMS, "part file with a bad checksum"))
def test_a_part_file_harmed_after_it_was_listed(
    sail: Engine,
    reference: Store,
    simulated: Path,
    tmp_path: Path,
    survived: Survived,
    monkeypatch: pytest.MonkeyPatch,
    harm: str,
) -> None:
    snapshot = tmp_path / "snapshot"
    shutil.copytree(simulated, snapshot)
    victim = sorted((snapshot / "data/jsonl/works").rglob("*.gz"))[-1]
    whole = victim.read_bytes()
    store = opened(tmp_path / "root", sail)
    replace_partitions = Store.replace_partitions

    def harm_first(self: Store, table: object, write: object, *rest: object) -> object:
        # The files are listed and their fingerprints taken; none of them is read yet.
        if write is not None and victim.exists() and victim.read_bytes() == whole:
            HARMS[harm](victim)
        return replace_partitions(self, table, write, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "replace_partitions", harm_first)
    with pytest.raises(InputError, match=victim.name) as said:
        ingest("openalex", snapshot, store, config_of(), Silent())
    assert len(str(said.value).splitlines()) == 1
    assert store.provenance(WORKS) is None
    victim.write_bytes(whole)
    ingest("openalex", snapshot, store, config_of(), Silent(), allow_incomplete=True)
    name = victim.relative_to(snapshot).as_posix()
    assert [row for row in stored(store, REJECTS).to_pylist() if row["source_path"] == name and row["record"] is None]
    victim.write_bytes(whole)
    monkeypatch.undo()
    ingest("openalex", snapshot, store, config_of(), Silent())
    for table in LAYERS["canonical"]:
        assert_same(store, reference, table)
    survived(harm, "read works")
