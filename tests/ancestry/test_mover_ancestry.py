"""Table mover_ancestry: what names say of movers, in counts that nobody can be found in."""

import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from ancestry.letters import ByLetter, initial
from frames import World, assert_declared, assert_rows, assert_same_rows, config_of, frame
from scholarflow.ancestry.mover_ancestry import mover_ancestry
from scholarflow.countries import COUNTRIES
from scholarflow.derive import derive, study_plan
from scholarflow.engine import Engine, Store
from scholarflow.ingest.run import ingest
from scholarflow.pipeline import STAGES
from scholarflow.progress import Silent
from scholarflow.simulate import simulate
from scholarflow.simulate.names import FAMILY, GIVEN
from scholarflow.stage import Stage
from scholarflow.tables import INTERNAL, PUBLIC
from scholarflow.tables.canonical import AUTHORS
from scholarflow.tables.careers import MIGRATIONS
from scholarflow.tables.movers import MOVER_ANCESTRY
from stored_tables import stored

OWN = "ancestry.letters:ByLetter"

# From the US to China: authors 1 to 4 and 10 to 13; 5 is no entry, 6 and 7 go the other way, of whom nobody else does.
MOVES = """
    author_id origin_country destination_country is_entry
    1..4      US             CN                  true
    10..13    US             CN                  true
    5         US             CN                  false
    6..7      CN             US                  true
    1         GB             DE                  true
    20..22    GB             DE                  true
    """
# 1 and 2 share a name; 4 and 11 have none that says anything, 12 one that is not listed, 13 no row; 30 does not move.
NAMES = [
    (1, "Ada Lovelace"),
    (2, "Ada Lovelace"),
    (3, "Wei Zhang"),
    (4, "J."),
    (5, "Wei Zhang"),
    (6, "Wei Zhang"),
    (7, "Wei Zhang"),
    (10, "Grace Hopper"),
    (11, None),
    (12, "Nobody Listed"),
    (20, "Wei Zhang"),
    (21, "Wei Zhang"),
    (22, "Ada Lovelace"),
    (30, "Wei Zhang"),
]
LISTED = "name,ancestry\nAda Lovelace,anglo\nGrace Hopper,anglo\nWei Zhang,chinese\nJ.,chinese\nXu Li,other\n"
GROUPS = {"anglo": "anglo", "chinese": "asian", "other": "other"}


# US to China: 8 movers, 4 unknown; anglo 3 of 4 known; asian 1 and other 0 are small, and hidden. CN to US: 2 movers,
# too few. GB to DE: anglo 2 (1 and 22), asian 2 (20 and 21), other 0, all small: 4 of at most 6.
def test_worked_example(either: Engine, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(LISTED)
    rows = mover_ancestry(
        frame(either.spark, MIGRATIONS, MOVES),
        either.spark.createDataFrame(NAMES, "author_id bigint, name string"),
        classifier=f"file:{tmp_path / 'names.csv'}",
        groups=GROUPS,
        min_cell=3,
        published=[["US", "CN", "anglo", 0.96], ["CN", "US", "anglo", 0.5]],
    )
    assert_declared(rows, MOVER_ANCESTRY)
    assert_rows(
        rows,
        MOVER_ANCESTRY,
        """
        origin_country destination_country ancestry n    share published_share
        US             CN                  anglo    3    3/4   0.96
        US             CN                  asian    null null  null
        US             CN                  other    null null  null
        US             CN                  unknown  4    null  null
        GB             DE                  anglo    null null  null
        GB             DE                  asian    null null  null
        GB             DE                  other    null null  null
        GB             DE                  unknown  0    null  null
        """,
    )
    assert {row["origin_country_name"] for row in rows.collect()} == {"United States", "United Kingdom"}


def test_off_there_is_no_row_and_no_name_is_looked_at(either: Engine) -> None:
    moves, names = frame(either.spark, MIGRATIONS, MOVES), frame(either.spark, AUTHORS, "author_id name")
    rows = mover_ancestry(moves, names.select("author_id"), classifier="")
    assert_declared(rows, MOVER_ANCESTRY)
    assert rows.collect() == []


@pytest.mark.parametrize(
    ("moves", "names"), [("author_id origin_country destination_country is_entry", NAMES), (MOVES, [])]
)
def test_without_moves_or_names(sail: Engine, tmp_path: Path, moves: str, names: Any) -> None:
    (tmp_path / "names.csv").write_text(LISTED)
    rows = mover_ancestry(
        frame(sail.spark, MIGRATIONS, moves),
        sail.spark.createDataFrame(names, "author_id bigint, name string"),
        classifier=f"file:{tmp_path / 'names.csv'}",
        groups=GROUPS,
        min_cell=3,
    )
    assert_declared(rows, MOVER_ANCESTRY)
    told = [(row["n"], row["share"]) for row in rows.collect()]
    assert sorted(told, key=str) == ([(0, None)] * 6 + [(4, None), (8, None)] if moves is MOVES else [])


def test_a_name_is_asked_for_once(sail: Engine) -> None:
    ByLetter.asked.clear()
    moves = frame(sail.spark, MIGRATIONS, MOVES)
    names = sail.spark.createDataFrame(NAMES, "author_id bigint, name string")
    mover_ancestry(moves, names, classifier=OWN, groups={c: c for c in ByLetter.classes}, min_cell=3).collect()
    assert Counter(ByLetter.asked) == Counter(["Ada Lovelace", "Wei Zhang", "Grace Hopper", "Nobody Listed"])


#: All works, of whoever wrote any, in all years, from the US, from China, or from elsewhere: a world of many movers.
MANY = {
    "study__name": "everything",
    "study__scheme": "domain",
    "study__fields": [1, 2, 3, 4],
    "study__first_year": 1900,
    "study__last_year": 2050,
    "study__country_groups": [{"name": "REST", "countries": sorted(COUNTRIES.keys() - {"US", "CN"})}],
    "scientists__min_works": 1,
    "scientists__min_field_share": 0.0,
    "ancestry__classifier": OWN,
    "ancestry__min_cell": 3,
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("movers") / "snapshot"
    simulate(folder, works=5_000, seed=5, format="openalex", dirty=True)
    return folder


@pytest.fixture(scope="module")
def on(sail: Engine, snapshot: Path) -> World:
    return World.of_truth(sail.spark, snapshot / "truth", **MANY)


@pytest.fixture(scope="module")
def inputs(on: World) -> Mapping[str, Any]:
    return on.made("migrations")


@pytest.fixture(scope="module")
def stage() -> Stage:
    return next(stage for stage in STAGES if stage.table is MOVER_ANCESTRY)


def made(stage: Stage, inputs: Mapping[str, Any], world: World) -> Any:
    return stage.make(*(inputs[table.name] for table in stage.inputs), **stage.parameters(world.context))


def by_letter(name: str) -> str:
    """The class that ByLetter gives a name which can be told; written from the definition alone."""
    letters = [letter for letter in name if letter.isalpha()]
    words = "".join(letter if letter.isalpha() else " " for letter in name).split()
    if max(map(len, words), default=0) < 2 or not all("LATIN" in unicodedata.name(letter) for letter in letters):
        return "unknown"
    return next(class_ for class_ in ByLetter.classes if initial(name) <= class_[-1])


def by_hand(migrations: Any, authors: Any, min_cell: int) -> set[tuple[Any, ...]]:
    """Origin, destination, class, n and share, from lists of rows; likewise."""
    name_of = {row["author_id"]: row["name"] for row in authors}
    movers: dict[Any, Counter[str]] = defaultdict(Counter)
    for move in migrations:
        if move["is_entry"]:
            label = by_letter(name_of.get(move["author_id"]) or "")
            movers[move["origin_country"], move["destination_country"]][label] += 1
    rows = set()
    for direction, counts in movers.items():
        if counts.total() < min_cell:
            continue
        known = {label: counts[label] for label in ByLetter.classes}
        n_known = sum(known.values())
        small = sorted(n for n in known.values() if n < min_cell)
        threshold = min_cell if sum(small) else 0
        if sum(small) and (len(small) == 1 or set(small) == {min_cell - 1}):
            threshold = 1 + min((n for n in known.values() if n >= min_cell), default=min_cell)
        for label, n in known.items():
            rows.add((*direction, label, *((None, None) if n < threshold else (n, n / n_known if n_known else None))))
        rows.add((*direction, "unknown", counts["unknown"], None))
    return rows


@pytest.mark.slow
def test_by_hand_on_a_simulated_world(on: World, inputs: Mapping[str, Any], stage: Stage) -> None:
    rows = [row.asDict() for row in made(stage, inputs, on).collect()]
    found = {tuple(row[name] for name in (*MOVER_ANCESTRY.grain, "n", "share")) for row in rows}
    expected = by_hand(inputs["migrations"].collect(), inputs["authors"].collect(), min_cell=3)
    assert found == expected
    assert len(rows) == len(found)
    assert {row["n"] is None for row in rows} == {True, False}, "some cells are hidden, and some are told"


def test_by_hand_on_many_movers(either: Engine, tmp_path: Path) -> None:
    rng = random.Random(7)
    names = [f"{given} {family}" for given in GIVEN[:12] for family in FAMILY[::9]] + [
        "",
        "J. K.",
        "王伟",
        "Иванов",
        None,
    ]
    authors = [{"author_id": id_, "name": rng.choice(names)} for id_ in range(1_500)]
    moves = [
        {
            "author_id": rng.randrange(1_600),
            "origin_country": origin,
            "destination_country": destination,
            "is_entry": rng.random() < 0.8,
        }
        for origin, destination in permutations(["CN", "DE", "GB", "IN", "JP", "US"], 2)
        for _ in range(rng.choice([1, 3, 8, 30, 120]))
    ]
    classes = {name: by_letter(name) for name in names if name}
    lines = [f"{name},{class_}\n" for name, class_ in classes.items()]
    (tmp_path / "names.csv").write_text("".join(["name,ancestry\n", *lines]), encoding="utf-8")
    rows = mover_ancestry(
        either.spark.createDataFrame(
            moves, "author_id bigint, origin_country string, destination_country string, is_entry boolean"
        ),
        either.spark.createDataFrame(authors, "author_id bigint, name string"),
        classifier=f"file:{tmp_path / 'names.csv'}",
        groups={class_: class_ for class_ in ByLetter.classes},
        min_cell=5,
    ).collect()
    found = [tuple(row[name] for name in (*MOVER_ANCESTRY.grain, "n", "share")) for row in rows]
    assert Counter(found) == Counter(by_hand(moves, authors, min_cell=5))
    assert {row["n"] is None for row in rows} == {True, False}


def test_repartitioning_changes_nothing(on: World, inputs: Mapping[str, Any], stage: Stage) -> None:
    whole = made(stage, inputs, on)
    for n_partitions in (1, 5):
        spread = {table.name: inputs[table.name].repartition(n_partitions) for table in stage.inputs}
        assert_same_rows(made(stage, spread, on), whole)


@pytest.mark.slow
def test_on_a_root_it_is_made_of_one_version_and_no_table_says_what_a_name_says(
    sail: Engine, snapshot: Path, on: World, inputs: Mapping[str, Any], stage: Stage, tmp_path: Path
) -> None:
    store = Store(tmp_path / "root", sail, study="everything")
    ingest("openalex", snapshot, store, config_of(**MANY), Silent())

    def reasons(**settings: Any) -> dict[str, str]:
        steps = study_plan(store, config_of(**MANY | settings), only=["mover_ancestry"])
        return {step.stage.table.name: step.reason for step in steps}

    off = config_of(**MANY | {"ancestry__classifier": ""})
    derive(store, off, Silent(), only=["mover_ancestry"])
    assert stored(store, MOVER_ANCESTRY).num_rows == 0
    assert reasons(ancestry__classifier="", ancestry__min_cell=20) == {}, "nothing depends on it where it is off"
    assert list(reasons()) == ["mover_ancestry"]

    derive(store, config_of(**MANY), Silent(), only=["mover_ancestry"])
    columns = (*MOVER_ANCESTRY.grain, "n", "share")
    found = {tuple(row[name] for name in columns) for row in stored(store, MOVER_ANCESTRY).to_pylist()}
    assert found == {tuple(row[name] for name in columns) for row in made(stage, inputs, on).collect()}
    assert reasons() == {}
    again = {"ancestry__classifier": "ancestry.letters:NextVersion"}
    assert reasons(**again) == {"mover_ancestry": f"classifier changed from {OWN} to ancestry.letters:NextVersion"}
    assert reasons(ancestry__min_cell=4) == {"mover_ancestry": "min_cell changed from 3 to 4"}

    others = [path.parent for path in store.root.rglob("_delta_log") if path.parent.name != "mover_ancestry"]
    assert {"authors", "migrations", "scientists"} <= {path.name for path in others}
    for path in others:
        said = str(DeltaTable(path).to_pyarrow_table().to_pylist())
        assert not any(class_ in said for class_ in ByLetter.classes), path


def test_no_table_has_a_column_for_what_a_persons_name_says() -> None:
    tables = {**PUBLIC, **INTERNAL}.values()
    assert [table.name for table in tables if "ancestry" in " ".join(table.column_names)] == ["mover_ancestry"]
    assert not {"author_id", "name"} & set(MOVER_ANCESTRY.column_names)
