"""Real dumps, where they lie beside the project: counts known from their descriptions, every check, both engines."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from frames import config_of
from scholarflow.check import check_tables
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.tables import canonical as c
from scholarflow.tables import comparisons as m
from scholarflow.tables import derived as d
from stored_tables import assert_same_tables, stored

DATA = Path(__file__).parents[2] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not beside the project (../shared/data)")

#: Of each data set its source, a field it has, and rows by table.
SETS: dict[str, tuple[Any, int, dict[str, int]]] = {
    "current-shape-openalex": ("openalex", 154945302, {"works": 173, "citations": 2_069}),
    "ieee-vis-openalex": (
        "openalex",
        121684516,
        {"works": 3_240, "authorships": 12_413, "citations": 15_574, "field_works": 3_240},
    ),
    "cs-venues-mag": (
        "mag",
        154945302,
        {"works": 324_566, "authorships": 1_142_982, "citations": 0, "institutions": 6_251, "field_works": 68_680},
    ),
}


def made(engine: Engine, name: str, root: Path) -> Store:
    source, field, _ = SETS[name]
    config = config_of(study__fields=[field])
    store = Store(root, engine, study=config.study.name)
    ingest(source, DATA / name, store, config, Silent())
    derive(store, config, Silent())
    return store


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_counts_are_those_described_and_every_check_holds(name: str, sail: Engine, tmp_path: Path) -> None:
    store = made(sail, name, tmp_path)
    tables = {table.name: table for table in (*c.TABLES, *d.TABLES)}
    found = {table: stored(store, tables[table]).num_rows for table in SETS[name][2]}
    assert found == SETS[name][2]
    assert check_tables(store, Silent()) > 40


@pytest.mark.slow
def test_references_to_the_future_count_only_without_a_window(sail: Engine, tmp_path: Path) -> None:
    store = made(sail, "ieee-vis-openalex", tmp_path)
    with duckdb.connect() as connection:
        for table in (c.CITATIONS, c.WORKS, d.CITATION_WINDOWS):
            connection.register(table.name, stored(store, table))
        counted = connection.execute(
            """
            SELECT count(*) FILTER (citing_year < pub_year), count(*) FILTER (citing_year >= pub_year),
                   (SELECT sum(c_all) FROM citation_windows), (SELECT sum(c10) FROM citation_windows)
            FROM citations JOIN works ON cited_work_id = work_id
            """
        ).fetchone()
    assert counted is not None
    backwards, forwards, c_all, c10 = counted
    assert backwards == 73
    assert c_all == backwards + forwards
    assert c10 <= forwards


@pytest.mark.slow
def test_works_at_the_conferences_are_those_of_the_venues_of_their_names(sail: Engine, tmp_path: Path) -> None:
    store = made(sail, "cs-venues-mag", tmp_path)
    names = {
        "AAAI": "AAAI Conference on Artificial Intelligence",
        "ICML": "International Conference on Machine Learning",
        "IJCAI": "International Joint Conference on Artificial Intelligence",
        "NeurIPS": "Advances in Neural Information Processing Systems",
    }
    with duckdb.connect() as connection:
        for table in (c.SOURCES, d.FIELD_WORKS, m.CONFERENCE_SOURCES, m.PUBLICATION_PREMIUM):
            connection.register(table.name, stored(store, table))
        by_name = connection.execute("SELECT name, count(*) FROM field_works JOIN sources USING (source_id) GROUP BY 1")
        n_works = dict(by_name.fetchall())
        how = {"NeurIPS": "alias"}
        expected = {(key, name, how.get(key, "name"), n_works[name], None) for key, name in names.items()}
        found = connection.execute("SELECT conference, name, matched_by, n_counted, doubt FROM conference_sources")
        assert set(found.fetchall()) == expected
        premium = connection.execute(
            """
            SELECT collaborates, conference, n_published FROM publication_premium
            WHERE lead_country = 'US' AND pub_year IS NULL AND conference <> 'all'
            """
        ).fetchall()
        counted = connection.execute(
            """
            SELECT list_contains(partner_countries, 'CN'), name, count(*)
            FROM field_works JOIN sources USING (source_id)
            WHERE list_contains(lead_countries, 'US') AND NOT list_contains(lead_countries, 'CN')
            GROUP BY 1, 2
            """
        ).fetchall()
    at_venues = {(kind, name): n for kind, name, n in counted}
    assert len(premium) == 10
    for kind, conference, n_published in premium:
        assert n_published == (at_venues[kind, names[conference]] if conference in names else 0)


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.parametrize("name", ["current-shape-openalex", "ieee-vis-openalex"])
def test_both_engines_make_the_same_tables(name: str, sail_root: Path, spark: Engine, tmp_path: Path) -> None:
    on_sail = Store(sail_root / name, study=config_of().study.name)
    assert_same_tables(made(spark, name, tmp_path), on_sail)


@pytest.fixture(scope="module")
def sail_root(sail: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two small sets made on Sail; before Spark is in use."""
    root = tmp_path_factory.mktemp("real")
    for name in ("current-shape-openalex", "ieee-vis-openalex"):
        made(sail, name, root / name)
    return root
