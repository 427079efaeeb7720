"""From simulated snapshots to the last table: the ingest against the simulated truth, the study against the oracle."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from deltalake import DeltaTable

import oracle
from frames import config_of
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store
from scholarflow.ingest.run import ingest
from scholarflow.pipeline import STAGES
from scholarflow.progress import Silent
from scholarflow.simulate import simulate
from scholarflow.tables import LAYERS, PUBLIC, canonical, parsed
from stored_tables import CONTRACT, assert_close, assert_equal, assert_same_tables, grain, stored, truth

pytestmark = pytest.mark.slow

FORMS: dict[str, dict[str, Any]] = {
    "openalex clean": {"format": "openalex"},
    "openalex dirty": {"format": "openalex", "dirty": True},
    "openalex parquet dirty": {"format": "openalex", "encoding": "parquet", "dirty": True},
    "openalex legacy dirty": {"format": "openalex", "layout": "legacy", "dirty": True},
    "mag clean": {"format": "mag", "compress": True},
    "mag dirty": {"format": "mag", "dirty": True},
}
#: Made of one form only, as they are made of derived tables, which do not know the form; minutes would go into them.
STATISTICS = {stage.table.name for stage in STAGES} - set(oracle.TABLES)
WITH_STATISTICS = "openalex dirty"
#: What the simulator calls the reasons that the ingest words for people.
REASONS = {
    "not a record": "malformed",
    "is no year": "no_year",
    "columns where": "bad_columns",
    "no ": "no_id",
}


class Release:
    """A snapshot, and the root it was ingested into."""

    def __init__(self, source: Any, snapshot: Path, root: Path, engine: Engine) -> None:
        self.source, self.snapshot = source, snapshot
        self.config = config_of()
        self.store = Store(root, engine, study=self.config.study.name)

    def ingest(self) -> list[str]:
        return ingest(self.source, self.snapshot, self.store, self.config, Silent())

    def versions(self) -> dict[str, int]:
        return {name: made.version for name, table in PUBLIC.items() if (made := self.store.provenance(table))}


@pytest.fixture(scope="module")
def release(sail: Engine, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Release]:
    """A release of a form: simulated, ingested into a root of its own, and run; each once."""
    folder = tmp_path_factory.mktemp("end_to_end")

    @cache
    def made(form: str, number: int, works: int = 2_000) -> Release:
        snapshot = folder / f"{form.replace(' ', '-')}-{number}-{works}"
        simulate(snapshot, works=works, seed=17, release=number, **FORMS[form])
        fresh = Release(FORMS[form]["format"], snapshot, snapshot / "root", sail)
        fresh.ingest()
        with_statistics = form == WITH_STATISTICS and works == 2_000
        derive(fresh.store, fresh.config, Silent(), only=() if with_statistics else oracle.TABLES)
        return fresh

    return made


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("form", FORMS)
class TestEveryForm:
    def test_canonical_tables_are_the_truth(self, release: Callable[..., Release], form: str, number: int) -> None:
        assert_canonical_is_true(release(form, number))

    def test_refused_records_are_the_true_ones(self, release: Callable[..., Release], form: str, number: int) -> None:
        made = release(form, number)
        rejects = stored(made.store, canonical.REJECTS)
        reasons = [
            next(kind for words, kind in REASONS.items() if words in reason) for reason in rejects["reason"].to_pylist()
        ]
        found = pa.table({"source_path": rejects["source_path"], "reason": reasons or pa.array([], pa.string())})
        assert_equal(found, truth(made.snapshot, "rejects"), ["source_path", "reason"], "rejects")

    def test_counts_are_the_true_ones(self, release: Callable[..., Release], form: str, number: int) -> None:
        made = release(form, number)
        counted = {row["source_path"]: row for row in stored(made.store, canonical.INGEST_COUNTS).to_pylist()}
        true = {row["source_path"]: row for row in truth(made.snapshot, "ingest_counts").to_pylist()}
        lists = {path for path in counted if "merged_ids" in path or "deleted_ids" in path}
        assert counted.keys() - lists == true.keys()
        for path, wanted in true.items():
            assert outcome(counted[path]) == outcome(wanted), path

    def test_derived_tables_are_the_oracles(self, release: Callable[..., Release], form: str, number: int) -> None:
        assert_derived_as_the_oracle(release(form, number))


def outcome(row: dict[str, Any]) -> dict[str, int]:
    """What became of the records of a file, in the words that the truth and the ingest share."""
    row["dropped_document_type"] = row.get(
        "dropped_document_type", row.get("dropped_patent", 0) + row.get("dropped_dataset", 0)
    )
    names = ["n_read", "n_rejected", "n_dropped", "dropped_paratext", "dropped_xpac", "dropped_deleted"]
    shown = {name: row[name] for name in [*names, "dropped_merged", "dropped_document_type"]}
    if row["entity"] in ("PaperAuthorAffiliations", "PaperReferences", "PaperFieldsOfStudy"):
        # Rows are no records there: the ingest sets repeated ones apart, the truth does not.
        return shown | {"n_kept": row["n_kept"] + row["n_superseded"]}
    return shown | {"n_kept": row["n_kept"], "n_superseded": row["n_superseded"]}


def assert_canonical_is_true(made: Release) -> None:
    for name in CONTRACT:
        true = truth(made.snapshot, name)
        assert true.num_rows, name
        assert_equal(stored(made.store, PUBLIC[name]), true, true.column_names, name)


def assert_derived_as_the_oracle(made: Release) -> None:
    study = made.config.study
    expected = oracle.derive(
        {name: truth(made.snapshot, name) for name in CONTRACT},
        source=made.source,
        fields=study.fields,
        scheme=study.scheme,
        min_score=getattr(study.min_score, made.source),
        first_year=study.first_year,
        last_year=study.last_year,
        pairs=[(a, b) for a, b in study.pairs],
    )
    for name, table in expected.items():
        assert table.num_rows, f"{name} is empty: nothing would be compared"
        assert_close(stored(made.store, PUBLIC[name]), table, grain(name), name)


# What clean releases have in common dirty ones have too.
@pytest.mark.parametrize("form", [form for form in FORMS if "dirty" in form])
def test_the_next_release_on_the_same_root_equals_a_fresh_ingest(
    release: Callable[..., Release], sail: Engine, form: str, tmp_path: Path
) -> None:
    first, second = release(form, 1), release(form, 2)
    root = Release(first.source, first.snapshot, tmp_path / "root", sail)
    root.ingest()
    only = () if form == WITH_STATISTICS else oracle.TABLES
    derive(root.store, root.config, Silent(), only=only)
    before, lying = root.versions(), part_files(root)
    assert root.ingest() == []
    assert derive(root.store, root.config, Silent(), only=only) == []
    assert root.versions() == before, "a second ingest and run of the same snapshot commit nothing"
    root.snapshot = second.snapshot
    root.ingest()
    derive(root.store, root.config, Silent(), only=only)
    assert_same_tables(root.store, second.store, leaving_out=STATISTICS if only else ())
    if first.source == "openalex":
        assert_only_changed_files_were_read(first.snapshot, second.snapshot, lying, part_files(root))
    assert root.ingest() == []


def part_files(made: Release) -> dict[str, str]:
    """Where the parsed records of each part file of works lie."""
    table = parsed.WORKS if made.source == "openalex" else parsed.PAPERS
    actions = DeltaTable(made.store.path(table)).get_add_actions(flatten=True)
    return dict(zip(actions["partition.source_path"].to_pylist(), actions["path"].to_pylist(), strict=True))


def assert_only_changed_files_were_read(old: Path, new: Path, before: dict[str, str], after: dict[str, str]) -> None:
    same = {path for path in before.keys() & after.keys() if (old / path).read_bytes() == (new / path).read_bytes()}
    assert same, "no partition of works is the same in both releases"
    assert after.keys() - before.keys(), "no partition of works is new"
    assert {path for path in before.keys() & after.keys() if before[path] == after[path]} == same


def test_very_long_author_lists(release: Callable[..., Release]) -> None:
    made = release("openalex dirty", 1, works=20_000)
    assert_canonical_is_true(made)
    assert_derived_as_the_oracle(made)
    works = stored(made.store, canonical.WORKS)
    sizes = works["n_authors"].to_pylist()
    assert sorted(sizes)[-2:] == [2_000, 5_000]
    largest = works["work_id"][sizes.index(5_000)].as_py()
    signed = stored(made.store, canonical.AUTHORSHIPS)
    last = signed.filter(pc.equal(signed["work_id"], largest))["is_last"]
    assert last.null_count == len(last) >= 5_000, "a list of exactly 5,000 was cut: its last author is unknown"


def test_another_study_of_the_same_root(release: Callable[..., Release]) -> None:
    made = release("openalex dirty", 1)
    config = config_of(
        study__name="learning",
        study__fields=[119857082],
        study__first_year=2005,
        study__last_year=2015,
        study__pairs=[["CN", "US"], ["DE", "FR"]],
        collaboration__max_team=3,
        top_institutions__n=7,
        scientists__as_of=2012,
        snapshot__last_full_year=2012,
    )
    store = Store(made.store.root, made.store.engine, study="learning")
    derive(store, config, Silent())
    expected = oracle.derive(
        {name: truth(made.snapshot, name) for name in CONTRACT},
        source="openalex",
        fields=[119857082],
        scheme="concept",
        min_score=0.3,
        first_year=2005,
        last_year=2015,
        pairs=[("CN", "US"), ("DE", "FR")],
        max_team=3,
        top_n=7,
        as_of=2012,
        last_full_year=2012,
    )
    for name, table in expected.items():
        assert_close(stored(store, PUBLIC[name]), table, grain(name), name)
    assert {table.name for table in LAYERS["derived"]} == {path.name for path in store.study_path.iterdir()} & {
        table.name for table in LAYERS["derived"]
    }


@pytest.mark.parametrize(("scheme", "field"), [("subfield", 1702), ("topic", None)])
def test_a_field_by_subfield_and_topic(release: Callable[..., Release], scheme: str, field: int | None) -> None:
    made = release("openalex dirty", 1)
    fields = truth(made.snapshot, "work_fields")
    if field is None:
        of_scheme = fields.filter(pc.equal(fields["scheme"], scheme))
        field = pc.mode(of_scheme["field_id"])[0].as_py()["mode"]
    config = config_of(study__name=f"by_{scheme}", study__scheme=scheme, study__fields=[field])
    store = Store(made.store.root, made.store.engine, study=config.study.name)
    derive(store, config, Silent(), only=["field_works"])
    chosen = pc.and_(pc.equal(fields["scheme"], scheme), pc.equal(fields["field_id"], field))
    strong = fields.filter(pc.and_(chosen, pc.greater_equal(fields["score"], 0.3)))
    assert strong.num_rows
    assert_equal(stored(store, PUBLIC["field_works"]), strong, ["work_id"], "field_works")
