"""The lease: one run holds a root in an object store, and a run that was killed does not hold it for ever."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from deltalake import DeltaTable

from scholarflow.engine import lease
from scholarflow.engine.delta import opened_table
from scholarflow.engine.lease import RENEWED_EVERY, STALE_AFTER, Lease
from scholarflow.engine.places import Place, found, place_of, remove_folder
from scholarflow.errors import BusyError, InputError

pytestmark = pytest.mark.slow

Age = Callable[[Place], None]


@pytest.fixture
def root(bucket: str, tmp_path: Path) -> Place:
    return place_of(f"{bucket}/{tmp_path.name}")


@pytest.fixture
def grow_old(monkeypatch: pytest.MonkeyPatch) -> Age:
    """Makes the newest row of a lease stale, and only that one, without waiting for it."""

    def newest_is_old(root: Place) -> None:
        old = _version(root)
        monkeypatch.setattr(Lease, "_age", lambda _, delta: STALE_AFTER + 1.0 if delta.version() == old else 0.0)

    return newest_is_old


def _version(root: Place) -> int:
    delta = opened_table(root / "_lease")
    assert delta is not None
    return int(delta.version())


def test_a_second_run_is_told_who_holds_the_root(root: Place) -> None:
    with Lease(root).held(), pytest.raises(BusyError, match=r"another run holds this root: process \d+ on .*_lease"):
        Lease(root)._take()
    with Lease(root).held():
        pass


def test_the_age_is_told_by_the_clock_of_the_store(root: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Lease(root)
    held._take()
    time.sleep(3)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    # The store's times are whole seconds.
    assert 2 <= held._age(DeltaTable(str(root / "_lease"))) < STALE_AFTER


def test_a_lease_is_renewed(root: Place, monkeypatch: pytest.MonkeyPatch, grow_old: Age) -> None:
    monkeypatch.setattr(lease, "RENEWED_EVERY", 0.2)
    with Lease(root).held():
        grow_old(root)
        assert _is_renewed(root)
        with pytest.raises(BusyError):
            Lease(root)._take()


def _is_renewed(root: Place) -> bool:
    """Whether another version comes within a minute."""
    first, deadline = _version(root), time.monotonic() + 60
    while (same := _version(root) == first) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not same


def test_renewing_outlives_a_store_that_does_not_answer(root: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWED_EVERY", 0.2)
    answers, failed, stored = Event(), Event(), Lease._stored

    def sometimes(self: Lease, delta: DeltaTable) -> dict[str, Any]:
        if not answers.is_set():
            failed.set()
            raise ConnectionResetError("no answer")
        return stored(self, delta)

    with Lease(root).held():
        monkeypatch.setattr(Lease, "_stored", sometimes)
        assert failed.wait(60)
        answers.set()
        assert _is_renewed(root)


def test_a_lease_that_was_given_back_lets_nothing_be_committed(root: Place) -> None:
    over = Lease(root)
    with over.held():
        over.require()
    over._renewed -= RENEWED_EVERY
    with pytest.raises(BusyError):
        over.require()
    with Lease(root).held():
        pass


def test_a_store_that_does_not_answer_is_told_in_one_line(root: Place) -> None:
    held = Lease(root)
    held._take()
    (data,) = [path for path in found(root / "_lease", "*.parquet") if path.stat().st_size]
    data.unlink()
    with pytest.raises(InputError, match=r"_lease: cannot be read: .+") as told:
        held.require()
    assert "\n" not in str(told.value)


def test_the_lease_of_a_killed_run_goes_stale_and_its_run_commits_no_more(root: Place, grow_old: Age) -> None:
    killed = Lease(root)
    killed._take()
    with pytest.raises(BusyError):
        Lease(root)._take()
    grow_old(root)
    with Lease(root).held(), pytest.raises(BusyError, match="took this root over"):
        killed.require()


def test_a_lease_may_be_removed_by_hand(root: Place) -> None:
    killed = Lease(root)
    killed._take()
    remove_folder(root / "_lease")
    with pytest.raises(BusyError):
        killed.require()
    with Lease(root).held():
        pass


def test_a_run_that_slept_renews_before_it_commits(root: Place, grow_old: Age) -> None:
    slept = Lease(root)
    slept._take()
    grow_old(root)
    slept._renewed -= RENEWED_EVERY
    slept.require()
    with pytest.raises(BusyError):
        Lease(root)._take()


@pytest.mark.parametrize("state", ["new", "given back", "stale"])
def test_of_many_at_the_same_moment_one_wins(root: Place, state: str, grow_old: Age) -> None:
    if state == "given back":
        with Lease(root).held():
            pass
    elif state == "stale":
        Lease(root)._take()
        grow_old(root)
    together = Barrier(6)

    def attempt(_: int) -> bool:
        mine = Lease(root)
        together.wait()
        try:
            mine._take()
        except BusyError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1
