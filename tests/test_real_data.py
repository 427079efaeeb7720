"""Real dumps, where they lie beside the project: counts known from their descriptions, every check, both engines."""

from collections.abc import Callable, Collection
from functools import cache
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
from scholarflow.review import gaps
from scholarflow.tables import PUBLIC, Table
from scholarflow.tables import canonical as c
from scholarflow.tables import comparisons as m
from scholarflow.tables import derived as d
from scholarflow.tables import movers as v
from scholarflow.tables import results as r
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


def made(engine: Engine, name: str, root: Path, only: Collection[str] = ()) -> Store:
    source, field, _ = SETS[name]
    config = config_of(study__fields=[field])
    store = Store(root, engine, study=config.study.name)
    ingest(source, DATA / name, store, config, Silent())
    derive(store, config, Silent(), only=only)
    return store


@pytest.fixture(scope="module")
def on_sail(sail: Engine, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Store]:
    """Each set made on Sail, once."""
    return cache(lambda name: made(sail, name, tmp_path_factory.mktemp(name)))


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_counts_are_those_described_and_every_check_holds(name: str, on_sail: Callable[[str], Store]) -> None:
    store = on_sail(name)
    tables = {table.name: table for table in (*c.TABLES, *d.TABLES)}
    found = {table: stored(store, tables[table]).num_rows for table in SETS[name][2]}
    assert found == SETS[name][2]
    assert check_tables(store, Silent()) > 40


@pytest.mark.slow
def test_references_to_the_future_count_only_without_a_window(on_sail: Callable[[str], Store]) -> None:
    store = on_sail("ieee-vis-openalex")
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
def test_works_at_the_conferences_are_those_of_the_venues_of_their_names(on_sail: Callable[[str], Store]) -> None:
    store = on_sail("cs-venues-mag")
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
def test_what_the_venues_data_allow_is_filled_and_the_rest_empty_with_a_reason(on_sail: Callable[[str], Store]) -> None:
    store = on_sail("cs-venues-mag")
    assert "no work of the snapshot lists references" in "\n".join(gaps(store))

    def rows(table: Table, **values: Any) -> list[dict[str, Any]]:
        of_table = (row for row in stored(store, table).to_pylist() if all(row[k] == v for k, v in values.items()))
        return list(of_table)

    for lead, partner in (("US", "CN"), ("CN", "US")):
        move = {"origin_country": lead, "destination_country": partner}
        for row in rows(v.POST_MOVE_COLLABORATION, **move):
            assert 0 < row["share_controls"] < row["difference_low"] + row["share_controls"] < row["share_movers"] < 1
        assert len(rows(v.POST_MOVE_YEARS, **move, sample="all")) == 16
        profiles = rows(v.MOVER_PROFILES, **move, metric="n_works")
        assert len([row for row in profiles if row["p_value"] is not None]) == 2
        (entered,) = rows(r.STUDY_STATISTICS, statistic="correlation_age_origin_share", subset=f"{lead}>{partner}")
        assert entered["n"] > 100
        assert entered["ci_low"] < entered["value"] < entered["ci_high"]
        premium = rows(m.CITATION_PREMIUM, lead_country=lead, partner_country=partner, variant="base", period="all")
        assert [row["n_matched"] > 500 for row in premium] == [True]
        # Of citations nothing is known: counted as 0, of which no per cent can be told.
        assert [(row["mean_treated"], row["premium_pct"], row["ci_low"]) for row in premium] == [(0, None, None)]
        assert {row["hit_rate"] for row in rows(r.KINDS_OF_WORKS, lead_country=lead)} == {None}


#: Made on Spark too, with what they need: Spark takes seconds a table, and tests/test_engine_parity.py has them all.
_ON_SPARK_TOO = ("author_country_years", "citation_windows", "collaboration_edges", "work_novelty")


@pytest.fixture(scope="module")
def vis(on_sail: Callable[[str], Store]) -> Store:
    """The set that both engines make, made on Sail before a test puts Spark to use."""
    return on_sail("ieee-vis-openalex")


@pytest.mark.slow
@pytest.mark.spark
def test_both_engines_make_the_same_tables(vis: Store, spark: Engine, tmp_path: Path) -> None:
    found = made(spark, "ieee-vis-openalex", tmp_path, _ON_SPARK_TOO)
    not_made = {table.name for table in PUBLIC.values() if not found.provenance(table)}
    assert not not_made & {*_ON_SPARK_TOO}
    assert_same_tables(found, vis, leaving_out=not_made)
