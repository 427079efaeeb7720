"""References of a citing year, and the pairs of sources that works bring together."""

import numpy as np
import pyarrow as pa
import pytest

from oracle import novelty as oracle
from scholarflow.novelty import references as module
from scholarflow.novelty.references import References, counted, pairs_in_works


def drawn(seed: int, n: int = 400, *, n_works: int = 40, n_sources: int = 12, n_years: int = 6) -> pa.Table:
    """References of one citing year in no order, sources and works under large ids."""
    rng = np.random.default_rng(seed)
    return pa.table(
        {
            "work_id": 1_000_000_007 + rng.integers(0, n_works, n) * 3,
            "cited_work_id": rng.permutation(10 * n)[:n],
            "pub_year": pa.array(np.full(n, 2010), pa.int32()),
            "source_id": 5_000_000_003 + rng.integers(0, n_sources, n) ** 2,
            "cited_year": pa.array(2010 - rng.integers(0, n_years, n), pa.int32()),
        }
    )


def as_tuples(rows: pa.Table) -> list[oracle.Reference]:
    names = ["work_id", "cited_work_id", "source_id", "cited_year"]
    return [tuple(row.values()) for row in rows.select(names).to_pylist()]


@pytest.mark.parametrize("at_once", [1, 50, 1 << 22])
def test_pairs_are_those_of_each_two_references(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAIRS_AT_ONCE", at_once)
    rows = drawn(1)
    references = References.of(rows)
    found: dict[int, list[oracle.Pair]] = {}
    parts = list(pairs_in_works(references))
    assert (len(parts) > 1) == (at_once < 1000)
    works = [work for part in parts for work in np.unique(part.work).tolist()]
    assert works == sorted(set(works)), "a work's pairs lie together"
    for part in parts:
        for work, key, n in zip(part.work, part.key, part.n, strict=True):
            a, b = (int(references.source_ids[place]) for place in divmod(key, len(references.source_ids)))
            found.setdefault(int(references.work_ids[work]), []).extend([(a, b)] * n)
    expected = {work: sorted(pairs) for work, pairs in oracle.pairs_of(as_tuples(rows)).items() if pairs}
    assert {work: sorted(pairs) for work, pairs in found.items()} == expected


def test_pairs_are_counted_over_all_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAIRS_AT_ONCE", 100)
    rows = drawn(2)
    references = References.of(rows)
    keys, n = counted(references)
    assert (np.diff(keys) > 0).all()
    a, b = np.divmod(keys, len(references.source_ids))
    ids = references.source_ids
    assert dict(zip(zip(ids[a].tolist(), ids[b].tolist(), strict=True), n.tolist(), strict=True)) == oracle.counts(
        as_tuples(rows)
    )


def test_works_of_one_reference_have_no_pairs() -> None:
    rows = drawn(3, 30, n_works=1_000_000)
    assert len(rows["work_id"].unique()) == 30
    keys, n = counted(References.of(rows))
    assert len(keys) == len(n) == 0
    assert sum(part.n.sum() for part in pairs_in_works(References.of(rows.slice(0, 0)))) == 0
