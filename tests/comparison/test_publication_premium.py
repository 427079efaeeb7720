"""Table publication_premium: what a co-author in a partner country adds to the share of works at the conferences."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from itertools import product
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import statsmodels.api as sm
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructField, StructType
from scipy import stats
from statsmodels.stats.multitest import multipletests

from frames import World, assert_declared, assert_rows, assert_same_rows, canonical_frames, frame
from oracle.literals import CANONICAL_SCHEMAS
from scholarflow.comparison.bootstrap import poisson_draws
from scholarflow.comparison.publication_premium import publication_premium
from scholarflow.engine import Engine
from scholarflow.simulate import Effects, simulate
from scholarflow.simulate.venues import FIVE_CONFERENCES, SOURCES
from scholarflow.study.conference_list import Listed
from scholarflow.study.conference_sources import conference_sources
from scholarflow.study.field_works import field_works
from scholarflow.tables import Table
from scholarflow.tables.comparisons import CONFERENCE_SOURCES, PUBLICATION_PREMIUM
from scholarflow.tables.derived import FIELD_WORKS

REPLICATES, SEED = 60, 3
premium_of = partial(
    publication_premium,
    conferences=["ICML", "KDD"],
    pairs=[["US", "CN"]],
    first_year=2010,
    last_year=2013,
    resampling={"seed": SEED, "replicates": REPLICATES, "min_clusters": 2},
)


# Source 7 is ICML, 8 KDD to 2010, 9 looks like ICML and does not count.
# With China, 2010: 1 at ICML, 2 at KDD, 3 elsewhere; 2011: 4 at KDD, a year too late. Without, 2010: 5 at ICML, 6 to 8
# nowhere; 2011: 9 at ICML's double, 10 without a source. Left out: 11 led from both, 12 led from nowhere, 13 too early.
# Clusters: institutions 1 and 2; where there is none, author 5 in work 4 and work 10 by itself.
SEEN = """
    source_id conference is_counted first_year last_year
    7         ICML       true       null       null
    8         KDD        true       null       2010
    9         ICML       false      null       null
    """
WORKS = """
    work_id pub_year source_id lead_countries lead_institution_ids lead_author_id partner_countries
    1       2010     7         [US]           [1]                  5              [CN]
    2       2010     8         [DE,US]        [9,2]                5              [CN,FR]
    3       2010     77        [US]           [1]                  5              [CN]
    4       2011     8         [US]           [null]               5              [CN]
    5       2010     7         [US]           [1]                  5              [US]
    6..8    2010     null      [US]           [2]                  5              []
    9       2011     9         [US]           [1]                  5              [FR]
    10      2011     null      [US]           [null]               null           [FR]
    11      2010     7         [CN,US]        [3,1]                5              [CN]
    12      2010     7         []             []                   null           [CN,US]
    13      2009     7         [US]           [1]                  5              [CN]
    """


# Pooled ICML: 1 of 4 with, 1 of 6 without: 1/12. Fisher: of 2 published among 10, k with China with probabilities
# C(4,k)·C(6,2−k)/45: 15, 24, 6; those no likelier than k = 1 (24) are all: p = 1.
# KDD: 1 of 4, 0 of 6: with probabilities 6/10 and 4/10: p = 4/10. All: 2 of 4, 1 of 6; of 3 among 10, k = 0 … 3:
# 20, 60, 36, 4 of 120; those no likelier than k = 2 (36): 20 + 36 + 4 = 60: p = 1/2. Adjusted, of two: 2 · 4/10 and 1.
def test_worked_example(either: Engine) -> None:
    works, seen = frame(either.spark, FIELD_WORKS, WORKS), frame(either.spark, CONFERENCE_SOURCES, SEEN)
    rows = premium_of(works, seen)
    assert_declared(rows, PUBLICATION_PREMIUM)
    assert_rows(
        rows,
        PUBLICATION_PREMIUM,
        """
        lead_country partner_country collaborates conference pub_year n_works n_published share n_clusters difference p_value p_adjusted
        US           CN              true         ICML       2010     3       1           1/3   2          null       null    null
        US           CN              true         ICML       2011     1       0           0     1          null       null    null
        US           CN              true         ICML       null     4       1           1/4   3          1/12       1       1
        US           CN              true         KDD        2010     3       1           1/3   2          null       null    null
        US           CN              true         KDD        2011     1       0           0     1          null       null    null
        US           CN              true         KDD        null     4       1           1/4   3          1/4        2/5     4/5
        US           CN              true         all        2010     3       2           2/3   2          null       null    null
        US           CN              true         all        2011     1       0           0     1          null       null    null
        US           CN              true         all        null     4       2           1/2   3          1/3        1/2     1/2
        US           CN              false        ICML       2010     4       1           1/4   2          null       null    null
        US           CN              false        ICML       2011     2       0           0     2          null       null    null
        US           CN              false        ICML       null     6       1           1/6   3          1/12       1       1
        US           CN              false        KDD        2010     4       0           0     2          null       null    null
        US           CN              false        KDD        2011     2       0           0     2          null       null    null
        US           CN              false        KDD        null     6       0           0     3          1/4        2/5     4/5
        US           CN              false        all        2010     4       1           1/4   2          null       null    null
        US           CN              false        all        2011     2       0           0     2          null       null    null
        US           CN              false        all        null     6       1           1/6   3          1/3        1/2     1/2
        """,  # noqa: E501
    )


def test_without_the_other_kind_or_a_published_work_there_is_nothing_to_tell(sail: Engine) -> None:
    works, seen = frame(sail.spark, FIELD_WORKS, WORKS), frame(sail.spark, CONFERENCE_SOURCES, SEEN)
    alone = premium_of(works.where("work_id IN (1, 2, 3)"), seen).where("pub_year IS NULL").collect()
    assert len(alone) == 3
    assert {(row["n_works"], row["difference"], row["ci_low"], row["p_value"]) for row in alone} == {
        (3, None, None, None)
    }
    nowhere = premium_of(works, seen.where("NOT is_counted")).where("pub_year IS NULL").collect()
    assert len(nowhere) == 6
    assert {
        (row["n_published"], row["difference"], row["ci_low"], row["p_value"], row["p_adjusted"]) for row in nowhere
    } == {(0, 0.0, None, None, None)}


def test_few_clusters_give_no_interval_and_still_an_exact_test(sail: Engine) -> None:
    works, seen = frame(sail.spark, FIELD_WORKS, WORKS), frame(sail.spark, CONFERENCE_SOURCES, SEEN)
    few = {"seed": SEED, "replicates": REPLICATES, "min_clusters": 4}
    pooled = premium_of(works, seen, resampling=few).where("pub_year IS NULL AND conference = 'all'").collect()
    assert [(row["ci_low"], row["ci_high"], row["p_cluster"]) for row in pooled] == [(None, None, None)] * 2
    assert [row["p_value"] for row in pooled] == [pytest.approx(0.5)] * 2


def draw(*key: object, below: int) -> int:
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=8).digest()) % below


def drawn_works(n: int) -> list[dict[str, Any]]:
    """Works by hash: few institutions, some unknown; those with China more often at a conference."""
    works = []
    for id_ in range(1, n + 1):
        leads = sorted({["CN", "FR", "US"][draw(id_, "lead", i, below=3)] for i in range(draw(id_, below=3))})
        partners = sorted({["CN", "FR", "US"][draw(id_, "partner", i, below=3)] for i in range(draw(id_, 1, below=3))})
        institutions = [draw(id_, lead, below=12) or None for lead in leads]
        crowd = sum(i or 0 for i in institutions) % 3
        chance = draw(id_, "source", below=6) - ("CN" in partners) * 2 - crowd
        works.append(
            {
                "work_id": id_,
                "pub_year": 2009 + draw(id_, "year", below=6),
                "source_id": max(chance, 0) or None,
                "lead_countries": leads,
                "lead_institution_ids": institutions,
                "lead_author_id": draw(id_, "author", below=40) or None,
                "partner_countries": partners,
            }
        )
    return works


COUNTS_AS = {1: ("ICML", 2009, 2012), 2: ("KDD", 2011, 2013), 3: ("KDD", 2000, 2100)}


def as_frame(spark: SparkSession, table: Table, rows: Sequence[dict[str, Any]]) -> DataFrame:
    schema = StructType([StructField(c.name, c.type) for c in table.columns if c.name in rows[0]])
    return spark.createDataFrame(pa.Table.from_pylist(rows, to_arrow_schema(schema)), schema)


def seen(spark: SparkSession) -> DataFrame:
    rows = [
        {"source_id": id_, "conference": name, "is_counted": True, "first_year": first, "last_year": last}
        for id_, (name, first, last) in COUNTS_AS.items()
    ]
    return as_frame(spark, CONFERENCE_SOURCES, rows)


def by_hand(works: Sequence[dict[str, Any]], lead: str, partner: str, conference: str) -> dict[str, Any]:
    """Works one by one: (collaborates, published, year, cluster); then counts, replicates and tests from the list."""
    units = []
    for work in works:
        is_of_pair = lead in work["lead_countries"] and partner not in work["lead_countries"]
        if is_of_pair and 2010 <= work["pub_year"] <= 2013:
            name, first, last = COUNTS_AS.get(work["source_id"], ("", 0, 0))
            published = first <= work["pub_year"] <= last and (conference == "all" or name == conference)
            institution = work["lead_institution_ids"][work["lead_countries"].index(lead)]
            author = None if work["lead_author_id"] is None else -work["lead_author_id"]
            cluster = institution or author or -work["work_id"]
            units.append((partner in work["partner_countries"], published, work["pub_year"], cluster))
    counts = Counter((kind, year) for kind, _, year, _ in units)
    published = Counter((kind, year) for kind, is_published, year, _ in units if is_published)
    clusters = sorted({unit[3] for unit in units})
    drawn = dict(zip(clusters, poisson_draws(np.array(clusters), seed=SEED, replicates=REPLICATES), strict=True))
    differences = []
    for replicate in range(REPLICATES):
        sums: dict[bool, list[int]] = defaultdict(lambda: [0, 0])
        for kind, is_published, _, cluster in units:
            times = int(drawn[cluster][replicate])
            sums[kind][0] += times
            sums[kind][1] += times * is_published
        differences.append(sums[True][1] / sums[True][0] - sums[False][1] / sums[False][0])
    kinds = {kind: [unit for unit in units if unit[0] is kind] for kind in (True, False)}
    totals = {kind: (sum(unit[1] for unit in of_kind), len(of_kind)) for kind, of_kind in kinds.items()}
    return {
        "n_works": counts,
        "n_published": published,
        "n_clusters": {kind: len({unit[3] for unit in of_kind}) for kind, of_kind in kinds.items()},
        "totals": totals,
        "difference": totals[True][0] / totals[True][1] - totals[False][0] / totals[False][1],
        "ci": np.percentile(differences, [2.5, 97.5]),
        "p_value": fisher(*totals[True], *totals[False]),
        "p_cluster": clustered(units),
    }


def fisher(k: int, n: int, other_k: int, other_n: int) -> float:
    """Sum of the probabilities of tables with these margins that are no likelier than this one."""
    published, total = k + other_k, n + other_n
    ways = [comb(n, i) * comb(other_n, published - i) for i in range(published + 1)]
    return sum(way for way in ways if way <= ways[k]) / comb(total, published)


def clustered(units: Sequence[tuple[bool, bool, int, int]]) -> float:
    """The t-test of a regression of being published on collaborating, errors clustered."""
    collaborates, published, _, ids = map(np.array, zip(*units, strict=True))
    cluster = np.unique(ids, return_inverse=True)[1]
    fit = sm.OLS(published.astype(float), sm.add_constant(collaborates.astype(float))).fit(
        cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False}
    )
    groups = len(set(cluster.tolist()))
    t = fit.params[1] / (fit.bse[1] * np.sqrt(groups / (groups - 1)))
    return float(2 * stats.t.sf(abs(t), groups - 1))


def test_as_worked_out_work_by_work(sail: Engine) -> None:
    works = drawn_works(2_000)
    rows = premium_of(as_frame(sail.spark, FIELD_WORKS, works), seen(sail.spark)).collect()
    found = {(r["lead_country"], r["conference"], r["collaborates"], r["pub_year"]): r.asDict() for r in rows}
    assert len(found) == len(rows)
    for lead, partner in (("US", "CN"), ("CN", "US")):
        expected = {name: by_hand(works, lead, partner, name) for name in ("ICML", "KDD", "all")}
        family = multipletests([expected[name]["p_value"] for name in ("ICML", "KDD")], method="fdr_bh")[1]
        adjusted = dict(zip(("ICML", "KDD", "all"), [*family, expected["all"]["p_value"]], strict=True))
        for name, kind in product(expected, (True, False)):
            for year in range(2010, 2014):
                row = found.pop((lead, name, kind, year))
                counted = (expected[name]["n_works"][kind, year], expected[name]["n_published"][kind, year])
                assert (row["n_works"], row["n_published"]) == counted
                assert (row["difference"], row["p_value"]) == (None, None)
            row, wanted = found.pop((lead, name, kind, None)), expected[name]
            assert (row["n_published"], row["n_works"]) == wanted["totals"][kind]
            assert row["n_clusters"] == wanted["n_clusters"][kind]
            assert row["share"] == wanted["totals"][kind][0] / wanted["totals"][kind][1]
            assert row["difference"] == pytest.approx(wanted["difference"], rel=1e-9)
            assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(wanted["ci"]), rel=1e-9)
            assert row["p_value"] == pytest.approx(wanted["p_value"], rel=1e-6)
            assert row["p_cluster"] == pytest.approx(wanted["p_cluster"], rel=1e-6)
            assert row["p_adjusted"] == pytest.approx(adjusted[name], rel=1e-6)
    assert not found
    assert all(n > 5 for name in expected for n, _ in expected[name]["totals"].values())


def test_partitions_and_order_change_nothing(sail: Engine) -> None:
    works, sources = as_frame(sail.spark, FIELD_WORKS, drawn_works(400)), seen(sail.spark)
    once = premium_of(works, sources, pairs=[["US", "CN"], ["FR", "CN"]])
    assert once.count() > 100
    for n in (1, 7):
        spread = premium_of(works.repartition(n), sources.repartition(n), pairs=[["US", "CN"], ["FR", "CN"]])
        assert_same_rows(spread, once)


def test_empty(sail: Engine) -> None:
    works = as_frame(sail.spark, FIELD_WORKS, drawn_works(20))
    rows = premium_of(works.limit(0), seen(sail.spark))
    assert_declared(rows, PUBLICATION_PREMIUM)
    assert rows.count() == 0


def test_every_kind_and_year_of_kinds_of_works_has_every_conference(world: World) -> None:
    key = ("lead_country", "partner_country", "collaborates", "pub_year", "n_works")
    kinds = Counter(tuple(row[name] for name in key) for row in world.rows("kinds_of_works"))
    rows = world.rows("publication_premium")
    assert kinds
    for conference in ("AAAI", "ICLR", "ICML", "IJCAI", "NeurIPS", "all"):
        of_conference = (row for row in rows if row["conference"] == conference)
        assert Counter(tuple(row[name] for name in key) for row in of_conference) == kinds
    assert any(row["n_published"] == 0 for row in rows)
    world.assert_repartitioning_changes_nothing("publication_premium")


SHARE = 0.2


def recovered(spark: SparkSession, folder: Path, premiums: dict[str, float]) -> dict[str, dict[str, Any]]:
    """The pooled rows of the five conferences together, collaborating works, of a world in which many collaborate."""
    effects = Effects(
        conference_share=SHARE,
        conference_premiums=premiums,
        international_share=(0.5, 0.5),
        affinities={"US>CN": 15.0, "CN>US": 15.0},
        missing_affiliation=(0.0, 0.0),
        misfiled_share=0.0,
    )
    simulate(folder, works=40_000, seed=11, format="openalex", effects=effects)
    tables = ("works", "authorships", "work_fields", "sources", "citations")
    flat = {name: pq.read_table(folder / "truth" / f"{name}.parquet") for name in CANONICAL_SCHEMAS if name in tables}
    flat["citations"] = flat["citations"].slice(0, 0)
    canonical = canonical_frames(spark, flat)
    works = field_works(canonical["works"], scheme="concept", fields=[154945302], min_score=0.3, lead_rule="last")
    # By their ids alone: a simulated conference on the subject of machine learning has ICML's name.
    five = [Listed(source.short, "source_id", str(source.id), None, None) for source in SOURCES[:FIVE_CONFERENCES]]
    period = {"first_year": 2000, "last_year": 2021}
    found = conference_sources(
        works,
        canonical["sources"],
        list_of_conferences=[asdict(line) for line in five],
        similar_words=1.0,
        similar_letters=1.0,
        **period,
    )
    rows = publication_premium(
        works,
        found,
        conferences=[line.conference for line in five],
        pairs=[["US", "CN"]],
        resampling={"seed": 1, "replicates": 1000, "min_clusters": 20},
        **period,
    )
    pooled = rows.where("conference = 'all' AND pub_year IS NULL AND collaborates").collect()
    return {f"{row['lead_country']}>{row['partner_country']}": row.asDict() for row in pooled}


@pytest.mark.slow
def test_planted_premiums_are_recovered_in_both_directions(sail: Engine, tmp_path: Path) -> None:
    planted = {"US>CN": 1.8, "CN>US": 2.2}
    found = recovered(sail.spark, tmp_path / "snapshot", planted)
    assert found.keys() == planted.keys()
    for direction, factor in planted.items():
        row = found[direction]
        assert row["n_works"] > 200
        assert row["ci_low"] < SHARE * (factor - 1) < row["ci_high"], (direction, row)
        assert row["ci_low"] > 0
        assert row["p_value"] < 0.001


@pytest.mark.slow
def test_none_is_found_where_none_is_planted(sail: Engine, tmp_path: Path) -> None:
    for row in recovered(sail.spark, tmp_path / "snapshot", {}).values():
        assert row["n_works"] > 200
        assert row["ci_low"] < 0 < row["ci_high"]
        assert row["p_value"] > 0.05
        assert row["p_cluster"] > 0.05
