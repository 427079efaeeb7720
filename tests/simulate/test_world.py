"""The world: reproducible, the same in every format, with the effects that were planted."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
import pytest

from scholarflow.errors import UsageError
from scholarflow.simulate import Effects, simulate
from scholarflow.simulate.batch import work_ids
from scholarflow.simulate.geography import INDEX
from scholarflow.simulate.labels import MEMBER_SCORE, carries
from scholarflow.simulate.population import author_ids
from scholarflow.simulate.seeds import xxhash64
from scholarflow.simulate.subjects import AI_CONCEPT
from scholarflow.simulate.world import World
from simulate.reading import json_records, stamp, true_rows

Array = npt.NDArray[Any]


def digests(root: Path) -> dict[str, str]:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
@pytest.mark.parametrize("form", [{"format": "openalex", "dirty": True}, {"format": "mag", "dirty": True}])
def test_same_seed_same_bytes_other_seed_other_bytes(form: dict[str, Any], tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        simulate(tmp_path / name, works=300, seed=seed, **form)
    first, again, other = (digests(tmp_path / name) for name in "abc")
    assert first == again
    assert first != other
    simulate(tmp_path / "c", works=300, seed=1, **form)  # an earlier snapshot is replaced, nothing of it stays
    assert digests(tmp_path / "c") == first


def test_both_formats_describe_one_world(tmp_path: Path) -> None:
    simulate(tmp_path / "openalex", works=1_500, seed=3, format="openalex")
    simulate(tmp_path / "mag", works=1_500, seed=3, format="mag")
    for table, columns in (("authorships", 8), ("citations", 3), ("authors", 2), ("moves", 4), ("misfiled", 6)):
        rows = ([row[:columns] for row in true_rows(tmp_path / form, table)] for form in ("openalex", "mag"))
        assert next(rows) == next(rows), table
    concepts = {row for row in true_rows(tmp_path / "openalex", "work_fields") if row[1] == "concept"}
    assert {row for row in concepts if row[3] >= 0.3} == set(true_rows(tmp_path / "mag", "work_fields"))
    assert any(row[3] < 0.3 for row in concepts)


def test_invariants_of_the_truth(tmp_path: Path) -> None:
    simulate(tmp_path, works=3_000, seed=4, format="openalex")
    works = pq.read_table(tmp_path / "truth/works.parquet").to_pandas().set_index("work_id")
    signed = pq.read_table(tmp_path / "truth/authorships.parquet").to_pandas()
    cited = pq.read_table(tmp_path / "truth/citations.parquet").to_pandas()
    assert len(works) == 3_000
    assert works.index.is_unique
    assert not signed.duplicated(["work_id", "author_position", "author_id", "institution_id"]).any()
    lasts = signed[signed.is_last].groupby("work_id").author_position.agg(["nunique", "max"])
    assert (lasts["nunique"] == 1).all()
    assert (lasts["max"] == works.n_authors.loc[lasts.index]).all()
    assert (signed.pub_year.to_numpy() == works.pub_year.loc[signed.work_id].to_numpy()).all()
    assert (cited.groupby("citing_work_id").size().reindex(works.index, fill_value=0) == works.n_references).all()
    assert not (cited.citing_work_id == cited.cited_work_id).any()
    older = works.pub_year.loc[cited.cited_work_id].to_numpy() <= cited.citing_year.to_numpy()
    assert older.all()


def test_parquet_holds_the_records_of_the_json_lines(tmp_path: Path) -> None:
    for encoding in ("jsonl", "parquet"):
        simulate(tmp_path / encoding, works=300, seed=5, format="openalex", encoding=encoding)
    for entity in ("works", "authors", "institutions", "sources", "concepts", "topics"):
        pairs = [
            sorted((tmp_path / encoding / f"data/{encoding}/{entity}").glob("updated_date=*/*"))
            for encoding in ("jsonl", "parquet")
        ]
        assert pairs[0]
        assert [path.parent.name for path in pairs[0]] == [path.parent.name for path in pairs[1]]
        for lines, rows in zip(*pairs, strict=True):
            for record, row in zip(json_records(lines), json_records(rows), strict=True):
                assert record is not None
                assert row is not None
                assert_same_record(record, row, entity)


def assert_same_record(record: dict[str, Any], row: dict[str, Any], entity: str) -> None:
    for name, value in row.items():
        expected = record[name]
        if name in {"updated_date", "created_date"}:
            assert stamp({"updated_date": value}) == expected
        elif name == "abstract_inverted_index" and value is not None:
            assert isinstance(value, str)
            assert isinstance(expected, dict)
        elif name == "ids" and entity == "works":
            assert dict(value) == expected
        else:
            assert (str(value) if name == "publication_date" else value) == expected, name


def test_next_release_leaves_settled_partitions_alone(tmp_path: Path) -> None:
    for release in (1, 2):
        simulate(tmp_path / str(release), works=1_500, seed=6, format="openalex", dirty=True, release=release)
    before, after = digests(tmp_path / "1" / "data"), digests(tmp_path / "2" / "data")
    parts = {path for path in before if "updated_date" in path}
    same = {path for path in parts if after.get(path) == before[path]}
    assert len(same) >= 2 * 4
    assert {path for path in parts - same if "works" in path or "authors" in path} == parts - same
    assert parts - same
    new = {path.split("updated_date=")[1][:10] for path in after.keys() - before.keys()}
    assert new == {"2026-09-16"}
    old_works, new_works = ({row[0] for row in true_rows(tmp_path / r, "works")} for r in "12")
    assert new_works - old_works
    assert old_works - new_works


def test_large_teams_only_in_large_dirty_worlds(tmp_path: Path) -> None:
    simulate(tmp_path, works=20_000, seed=7, format="mag", dirty=True)
    signed = pq.read_table(tmp_path / "truth/authorships.parquet").to_pandas()
    sizes = pq.read_table(tmp_path / "truth/works.parquet").to_pandas().set_index("work_id").n_authors
    assert sorted(sizes)[-2:] == [2_000, 5_000]
    cut = signed[signed.work_id == sizes.idxmax()]
    assert cut.is_last.isna().all()
    assert not signed[signed.work_id != sizes.idxmax()].is_last.isna().any()


PLAIN = Effects(
    citation_premiums={"US>CN": 2.0, "CN>US": 3.0},
    conference_premiums={},
    affinities={"US>CN": 8.0, "CN>US": 8.0},
    missing_affiliation=(0.0, 0.0),
    fitness_sd=0.3,
    institution_quality_sd=0.0,
    team_size_elasticity=0.0,
    conference_share=0.0,
)


@pytest.mark.parametrize(("lead", "partner", "premium"), [("US", "CN", 2.0), ("CN", "US", 3.0)])
def test_planted_premium_shows_in_citations_of_the_field_only(lead: str, partner: str, premium: float) -> None:
    world = World(30_000, 8, PLAIN)
    citations = np.zeros(world.total)
    groups: dict[str, list[Array]] = {key: [] for key in ("ai", "other", "ai partner", "other partner")}
    country = np.append(world.places.country, -1)
    for batch in world.years():
        np.add.at(citations, batch.references.cited, 1.0)
        signed, ends = batch.authorships, batch.authorships.offsets[1:] - 1
        where = np.stack([country[signed.first], country[signed.second]])
        there = (where == INDEX[partner]).any(axis=0)
        there[ends] = False
        joint = np.bincount(signed.owner[there], minlength=len(batch)) > 0
        led = (where[:, ends] == INDEX[lead]).any(axis=0) & ~(where[:, ends] == INDEX[partner]).any(axis=0)
        journal = batch.source >= 5
        ai = carries(batch.concepts, AI_CONCEPT, MEMBER_SCORE)
        if 2000 <= batch.year <= 2018:
            for key, rows in (("ai", ai), ("other", ~ai)):
                groups[key].append(batch.index[led & journal & rows & ~joint])
                groups[f"{key} partner"].append(batch.index[led & journal & rows & joint])
    means = {key: citations[np.concatenate(parts)].mean() for key, parts in groups.items()}
    assert means["ai partner"] / means["ai"] == pytest.approx(premium, rel=0.2)
    assert means["other partner"] / means["other"] == pytest.approx(1.0, abs=0.2)


def test_planted_move_rates_and_misfiled_share() -> None:
    world = World(40_000, 9, Effects(pair_move_rates={"US>CN": 0.02, "CN>US": 0.03}, return_rate=0.0))
    us, china = INDEX["US"], INDEX["CN"]
    exposed = {us: 0, china: 0}
    entries = misfiled = 0
    for batch in world.years():
        people = world.population
        staff = people.active(batch.year)
        staff = staff[people.start[staff] < batch.year]
        for land in exposed:
            exposed[land] += int((people.country(staff) == land).sum())
        entries += len(batch.authorships.author)
        misfiled += int((batch.authorships.author != batch.authorships.true_author).sum())
    moves = world.population.moves
    origin, destination = np.concatenate(moves.origin), np.concatenate(moves.destination)
    to_china = int(((origin == us) & (destination == china)).sum())
    to_us = int(((origin == china) & (destination == us)).sum())
    assert to_china / exposed[us] == pytest.approx(0.02, rel=0.1)
    assert to_us / exposed[china] == pytest.approx(0.03, rel=0.1)
    assert misfiled / entries == pytest.approx(0.01, rel=0.15)


def test_identifiers_never_collide() -> None:
    # Multiplication modulo a prime: one step and its multiples tell whether any two meet.
    index = np.arange(200_000)
    for numbers in (work_ids(index), author_ids(index), work_ids(index * 9_973), author_ids(index * 4_001)):
        assert len(np.unique(numbers)) == len(index)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0xEF46DB3751D8E999),
        ("abc", 0x44BC2CF5AD770999),
        ("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1),
    ],
)
def test_xxhash64_agrees_with_the_published_vectors(text: str, expected: int) -> None:
    assert xxhash64(text, seed=0) % (1 << 64) == expected


def test_refusals(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(UsageError, match="not empty"):
        simulate(tmp_path, works=200, seed=1, format="openalex")
    assert (tmp_path / "mine.txt").read_text() == "precious"
    empty = tmp_path / "new"
    wrong: list[dict[str, Any]] = [
        {"format": "scopus"},
        {"format": "mag", "encoding": "parquet"},
        {"format": "openalex", "layout": "legacy", "encoding": "parquet"},
        {"format": "openalex", "release": 3},
        {"format": "openalex", "works": 3},
        {"format": "openalex", "compress": True},
    ]
    for arguments in wrong:
        with pytest.raises(UsageError):
            simulate(empty, **{"works": 200, "seed": 1, **arguments})
    assert not empty.exists()
