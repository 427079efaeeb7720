"""Table kinds_of_works: works led by one country of a pair, with and without a co-author in the other."""

import hashlib
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import statsmodels.api as sm
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructField, StructType
from scipy import stats
from statsmodels.stats.multitest import multipletests

from frames import World, assert_declared, assert_rows, assert_same_rows, frame
from scholarflow.comparison.bootstrap import poisson_draws
from scholarflow.engine import Engine
from scholarflow.panel.kinds_of_works import kinds_of_works
from scholarflow.tables import Table
from scholarflow.tables.derived import CITATION_WINDOWS, FIELD_WORKS, TOP_INSTITUTIONS
from scholarflow.tables.results import KINDS_OF_WORKS

RESAMPLING = {"seed": 1, "replicates": 60, "min_clusters": 4}
kinds_of = partial(kinds_of_works, pairs=[["US", "CN"]], first_year=2000, last_year=2021, resampling=RESAMPLING)
INPUTS = (FIELD_WORKS, CITATION_WINDOWS, TOP_INSTITUTIONS)


# US-led with China: teams of 2 and 4 in 2010, of 3 in 2011, where Germany leads besides. Without: alone, and with GB.
# China-led with the US: one of 7. Work 7 is led from both, 8 from nowhere known, 9 before the period.
# At the top are institutions 1 and 5: the lead in the US of works 1 and 3 (in Germany 5 leads it as well), not of 2;
# unknown of 4. Hits are defined in 2010 alone, where the window is complete: weights 1 and 0.25 of works 1 and 5.
def test_worked_example(either: Engine) -> None:
    works = frame(
        either.spark,
        FIELD_WORKS,
        """
        work_id pub_year n_authors lead_countries lead_institution_ids lead_author_id partner_countries
        1       2010     2         [US]           [1]                  null           [CN]
        2       2010     4         [US]           [2]                  null           [CN,GB]
        3       2011     3         [DE,US]        [5,1]                null           [CN]
        4       2010     1         [US]           [null]               null           []
        5       2010     2         [US]           [2]                  null           [GB]
        6       2011     7         [CN]           [3]                  null           [US]
        7       2010     9         [CN,US]        [3,1]                null           [GB]
        8       2010     9         []             []                   null           [CN,US]
        9       1999     9         [US]           [1]                  null           [CN]
        """,
    )
    windows = frame(
        either.spark,
        CITATION_WINDOWS,
        """
        work_id hit_1pct c2_complete
        1       1        true
        2       0        true
        3       null     false
        4       0        true
        5       1/4      true
        6       null     false
        7..9    1        true
        """,
    )
    rows = kinds_of(works, windows, frame(either.spark, TOP_INSTITUTIONS, "rank institution_id\n1 1\n2 5"))
    assert_declared(rows, KINDS_OF_WORKS)
    # Quartiles of [2, 3, 4] at ranks 0.5, 1 and 1.5 from 0.
    assert_rows(
        rows,
        KINDS_OF_WORKS,
        """
        lead_country partner_country collaborates pub_year n_works mean_team team_q1 team_median team_q3
        CN           US              true         2011     1       7         7       7           7
        CN           US              true         null     1       7         7       7           7
        US           CN              false        2010     2       3/2       5/4     3/2         7/4
        US           CN              false        null     2       3/2       5/4     3/2         7/4
        US           CN              true         2010     2       3         5/2     3           7/2
        US           CN              true         2011     1       3         3       3           3
        US           CN              true         null     3       3         5/2     3           7/2
        """,
    )
    # Hits of 1 and of a quarter, rounded to 1 and 0, in 2 and in 2 works; 2 and 0 in 3 and 1 at the top.
    fisher = [stats.fisher_exact(np.array(table)).pvalue for table in ([[1, 1], [0, 2]], [[2, 1], [0, 1]])]
    assert fisher == pytest.approx([1, 1])
    assert_rows(
        rows,
        KINDS_OF_WORKS,
        """
        lead_country collaborates pub_year n_with_institution share_top_institution hit_rate is_complete difference top_difference team_difference p_value top_p_value ci_low
        CN           true         2011     1                  0                     null     false       null       null           null            null    null        null
        CN           true         null     1                  0                     null     false       null       null           null            null    null        null
        US           false        2010     1                  0                     1/8      true        null       null           null            null    null        null
        US           false        null     1                  0                     1/8      true        3/8        2/3            3/2             1       1           null
        US           true         2010     2                  1/2                   1/2      true        null       null           null            null    null        null
        US           true         2011     1                  1                     null     false       null       null           null            null    null        null
        US           true         null     3                  2/3                   1/2      false       3/8        2/3            3/2             1       1           null
        """,  # noqa: E501
    )


def test_each_pair_leaves_out_its_own_dual_leads(sail: Engine) -> None:
    works = frame(
        sail.spark,
        FIELD_WORKS,
        """
        work_id pub_year n_authors lead_countries lead_institution_ids lead_author_id partner_countries
        1       2010     3         [CN,US]        [1,2]                null           [GB]
        """,
    )
    windows = frame(sail.spark, CITATION_WINDOWS, "work_id hit_1pct c2_complete\n1 null true")
    top = frame(sail.spark, TOP_INSTITUTIONS, "rank institution_id")
    assert_rows(
        kinds_of(works, windows, top, pairs=[["US", "CN"], ["US", "GB"]]).where("pub_year IS NOT NULL"),
        KINDS_OF_WORKS,
        "lead_country partner_country collaborates n_works\nUS GB true 1",
    )


def draw(*key: object, below: int) -> int:
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=8).digest()) % below


Rows = list[dict[str, Any]]


def drawn_works(n: int) -> tuple[Rows, Rows, Rows]:
    """Led works, hit weights and top institutions by hash; no institution of more than one country, GB few works."""
    works, windows = [], []
    for id_ in range(1, n + 1):
        lead = ["CN", "US", "US", "GB"][draw(id_, "lead", below=4)] if id_ % 2 else ["CN", "US"][id_ % 4 // 2]
        partner = ["CN", "US", "GB", "FR"][draw(id_, "partner", below=4)]
        institution = draw(id_, "institution", below=12) + {"CN": 100, "US": 200, "GB": 300}[lead]
        collaborates = partner != lead and draw(id_, institution, "alone", below=3) > 0
        year = 2010 + draw(id_, "year", below=4)
        weights = [0.0] * 6 + [0.3 + year / 10_000, 1.0]
        works.append(
            {
                "work_id": id_,
                "pub_year": year,
                "n_authors": 1 + collaborates + draw(id_, "team", below=3 + institution % 4),
                "lead_countries": [lead],
                "lead_institution_ids": [institution if draw(id_, "known", below=6) else None],
                "lead_author_id": draw(id_, "author", below=5) or None,
                "partner_countries": [partner] if collaborates else [],
            }
        )
        windows.append(
            {
                "work_id": id_,
                "hit_1pct": weights[draw(id_, "hit", below=8)] if year < 2013 else None,
                "c2_complete": year < 2013,
            }
        )
    top = [{"rank": rank, "institution_id": id_} for rank, id_ in enumerate([101, 102, 105, 201, 204, 301], start=1)]
    return works, windows, top


def as_frame(spark: SparkSession, table: Table, rows: Rows) -> DataFrame:
    schema = StructType([StructField(c.name, c.type) for c in table.columns if c.name in rows[0]])
    return spark.createDataFrame(pa.Table.from_pylist(rows, to_arrow_schema(schema)), schema)


def drawn_frames(spark: SparkSession, n: int) -> list[DataFrame]:
    return [as_frame(spark, table, rows) for table, rows in zip(INPUTS, drawn_works(n), strict=True)]


Units = list[tuple[float, int]]  # outcome and cluster


def units_by_hand(works: Rows, windows: Rows, top: Rows, lead: str, partner: str) -> dict[str, tuple[Units, Units]]:
    """Outcomes of works with and without a co-author in the partner country, by metric."""
    hit = {row["work_id"]: row["hit_1pct"] for row in windows}
    at_top = {row["institution_id"] for row in top}
    units: dict[str, tuple[Units, Units]] = {"": ([], []), "top_": ([], []), "team_": ([], [])}
    for work in works:
        if work["lead_countries"] == [lead]:
            side = 0 if partner in work["partner_countries"] else 1
            institution = work["lead_institution_ids"][0]
            cluster = institution or -(work["lead_author_id"] or work["work_id"])
            units["team_"][side].append((float(work["n_authors"]), cluster))
            if hit[work["work_id"]] is not None:
                units[""][side].append((hit[work["work_id"]], cluster))
            if institution is not None:
                units["top_"][side].append((float(institution in at_top), cluster))
    return units


def compared_by_hand(prefix: str, with_: Units, without: Units) -> dict[str, Any]:
    y = [[outcome for outcome, _ in side] for side in (with_, without)]
    names = ("p_value", "p_welch") if prefix == "team_" else ("p_cluster", "p_value")
    if prefix == "team_":
        p_other = float(stats.ttest_ind(*y, equal_var=False).pvalue)
    else:
        table = [[round(sum(side)), len(side) - round(sum(side))] for side in y]
        p_other = float(stats.fisher_exact(np.array(table)).pvalue)
    return {
        f"{prefix}difference": np.mean(y[0]) - np.mean(y[1]),
        f"{prefix}{names[0]}": p_by_cluster(with_, without),
        f"{prefix}{names[1]}": p_other,
    } | {f"{prefix}{name}": value for name, value in resampled_by_hand(with_, without).items()}


def p_by_cluster(with_: Units, without: Units) -> float:
    """Regression on the kind, the variance clustered by lead institution."""
    is_with = np.arange(len(with_) + len(without)) < len(with_)
    groups = np.unique([cluster for _, cluster in with_ + without], return_inverse=True)[1]
    fit = sm.OLS([outcome for outcome, _ in with_ + without], sm.add_constant(is_with * 1.0)).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    n = groups.max() + 1
    return float(2 * stats.t.sf(abs(fit.params[1]) / (fit.bse[1] * np.sqrt(n / (n - 1))), n - 1))


def resampled_by_hand(with_: Units, without: Units) -> dict[str, float]:
    clusters = sorted({cluster for _, cluster in with_ + without})
    drawn = poisson_draws(np.array(clusters), seed=1, replicates=RESAMPLING["replicates"]).astype(float)
    times = dict(zip(clusters, drawn, strict=True))
    means = [
        sum(times[cluster] * outcome for outcome, cluster in side) / sum(times[cluster] for _, cluster in side)
        for side in (with_, without)
    ]
    low, high = np.quantile(means[0] - means[1], [0.025, 0.975])
    return {"ci_low": low, "ci_high": high}


DIRECTIONS = [("US", "CN"), ("CN", "US"), ("US", "GB"), ("GB", "US")]


def test_differences_as_worked_out_work_by_work(sail: Engine) -> None:
    rows = kinds_of(*drawn_frames(sail.spark, 900), pairs=[["US", "CN"], ["US", "GB"]])
    pooled = [row.asDict() for row in rows.where("pub_year IS NULL").collect()]
    assert len(pooled) == 2 * len(DIRECTIONS)
    expected = {}
    for lead, partner in DIRECTIONS:
        units = units_by_hand(*drawn_works(900), lead, partner)
        expected[lead, partner] = {
            name: value for prefix, sides in units.items() for name, value in compared_by_hand(prefix, *sides).items()
        }
    tests = [(key, prefix) for key in DIRECTIONS for prefix in ("", "top_", "team_")]
    p_values = [expected[key][f"{prefix}p_value"] for key, prefix in tests]
    for (key, prefix), p_value in zip(tests, multipletests(p_values, method="fdr_bh")[1], strict=True):
        expected[key][f"{prefix}p_adjusted"] = p_value
    for row in pooled:
        for name, value in expected[row["lead_country"], row["partner_country"]].items():
            assert row[name] == pytest.approx(value, rel=1e-6, abs=1e-9), (row["lead_country"], name)
        assert (row["test"], row["top_test"]) == ("Fisher's exact", "Fisher's exact")
        assert row["team_test"] == "t, clustered by lead institution"
    assert any(p < 0.05 for p in p_values)
    assert any(0.05 < p < 0.95 for p in p_values)


def test_too_few_institutions_give_no_interval(sail: Engine) -> None:
    resampling = RESAMPLING | {"min_clusters": 13}
    rows = kinds_of(*drawn_frames(sail.spark, 900), resampling=resampling).where("pub_year IS NULL").collect()
    assert len(rows) == 4
    for row in rows:
        # Twelve institutions a country; works of unknown institution are clusters besides, but not of top_.
        assert row["top_ci_low"] is None is row["top_p_cluster"]
        assert None not in (row["top_p_value"], row["team_ci_low"], row["team_p_value"], row["p_cluster"])


def test_partitions_and_order_change_nothing(sail: Engine) -> None:
    inputs = drawn_frames(sail.spark, 300)
    once = kinds_of(*inputs)
    for n in (1, 7):
        assert_same_rows(kinds_of(*(rows.repartition(n) for rows in inputs)), once)


def test_years_add_up_to_the_pooled_rows(world: World) -> None:
    rows = world.rows("kinds_of_works")
    pooled = [row for row in rows if row["pub_year"] is None]
    assert pooled
    for row in pooled:
        kind = ("lead_country", "partner_country", "collaborates")
        years = [r for r in rows if r["pub_year"] is not None and all(r[name] == row[name] for name in kind)]
        assert row["n_works"] == sum(year["n_works"] for year in years)
        assert row["n_with_institution"] == sum(year["n_with_institution"] for year in years)


def test_empty(world: World) -> None:
    world.assert_empty_without_works("kinds_of_works")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("kinds_of_works")
