"""Table citation_premium: what a co-author in a partner country is worth in citations."""

import hashlib
from functools import partial
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructField, StructType

from comparison import by_hand
from frames import assert_declared, assert_rows, assert_same_rows, frame
from scholarflow.comparison.citation_premium import citation_premium
from scholarflow.engine import Engine
from scholarflow.tables import Table
from scholarflow.tables.comparisons import CITATION_PREMIUM
from scholarflow.tables.derived import CITATION_WINDOWS, COMPARISON_WORKS, FIELD_WORKS

RESAMPLING = {"seed": 1, "replicates": 50, "min_clusters": 2}
premium_of = partial(
    citation_premium,
    pairs=[["US", "CN"]],
    partners=["GB"],
    n_partners=0,
    periods=[{"name": "early", "first_year": 2010, "last_year": 2011}],
    first_year=2010,
    last_year=2013,
    last_full_year=2014,
    largest_team=3,
    years_apart=1,
    resampling=RESAMPLING,
)
NO_OTHER_FIELDS = "work_id field_sets pub_year n_authors lead_countries lead_institution_ids partner_countries c2"


# Institution 1, 2010, teams of 2: treated 1 and 2 with 8 and 4 citations, controls 3, 4, 5 with 3, 2, 1. Institution 2,
# 2011, teams of 3: treated 6 with 6, control 7 with 2. Left out: 8 alone in its stratum, 9 without institution, 10 led
# from both, 11 of another year than its like.
# Means: (8 + 4 + 6) ÷ 3 = 6 against (2 · 2 + 1 · 2) ÷ 3 = 2: + 200 %.
# Weights of controls: 2/3 three times, 1 once: ESS = 3² ÷ (3 · 4/9 + 1) = 27/7.
# Imbalance before: treated 2, 1, 1 of 4; controls 3, 1, 1 of 5 (11 in a stratum of its own):
#   (|1/2 − 3/5| + |1/4 − 1/5| + 1/4 + 1/5) ÷ 2 = 0.3.
# Differences 4 in two treated works, 4 in one: no variance by cluster, hence no p.
def test_worked_example(either: Engine) -> None:
    works = frame(
        either.spark,
        FIELD_WORKS,
        """
        work_id pub_year n_authors n_authors_with_country lead_countries lead_institution_ids lead_author_id countries first_countries partner_countries
        1       2010     2         2                      [US]           [1]                  null           [CN,US]   [CN]            [CN]
        2       2010     2         2                      [US]           [1]                  null           [CN,US]   [CN]            [CN,FR]
        3       2010     2         2                      [US]           [1]                  null           [US]      [US]            [US]
        4       2010     2         1                      [US]           [1]                  null           [US]      []              []
        5       2010     2         2                      [US]           [1]                  null           [FR,US]   [FR]            [FR]
        6       2011     3         3                      [US]           [2]                  null           [CN,US]   [US]            [CN,US]
        7       2011     3         3                      [US]           [2]                  null           [US]      [US]            [US]
        8       2012     3         3                      [US]           [2]                  null           [CN,US]   [CN]            [CN]
        9       2010     2         2                      [US]           [null]               null           [CN,US]   [CN]            [CN]
        10      2010     2         2                      [CN,US]        [9,1]                null           [CN,US]   [CN]            [CN]
        11      2013     3         3                      [US]           [2]                  null           [US]      [US]            [US]
        """,  # noqa: E501
    )
    cited = {1: 8, 2: 4, 3: 3, 4: 2, 5: 1, 6: 6, 7: 2, 8: 9, 9: 9, 10: 9, 11: 9}
    lines = [f"{id_} 2010 {c2} {c2} 0 0" for id_, c2 in cited.items()]
    windows = frame(
        either.spark, CITATION_WINDOWS, "\n".join(["work_id pub_year c2 c5 c2_foreign_lead c2_foreign_any", *lines])
    )
    other = frame(either.spark, COMPARISON_WORKS, NO_OTHER_FIELDS)
    rows = premium_of(works, windows, other, partners=[])
    assert_declared(rows, CITATION_PREMIUM)
    assert_rows(
        rows.where("variant = 'base' AND period IN ('all', 'early', '2010', '2012')"),
        CITATION_PREMIUM,
        """
        lead_country partner_country period pub_year n_treated n_matched n_controls n_strata n_clusters mean_treated mean_control premium_pct ess_controls l1_before l1_after is_complete
        US           CN              all    null     4         3         4          2        2          6            2            200         27/7         3/10      0        false
        US           CN              early  null     3         3         4          2        2          6            2            200         27/7         1/12      0        true
        US           CN              2010   2010     2         2         3          1        1          6            2            200         3            0         0        true
        US           CN              2012   2012     1         0         0          0        0          null         null         null        null         1         null     true
        """,  # noqa: E501
    )


def draw(*key: object, below: int) -> int:
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=8).digest()) % below


COUNTRIES = ["CN", "FR", "GB", "US"]


def some_countries(*key: object, most: int) -> list[str]:
    return sorted({COUNTRIES[draw(*key, n, below=4)] for n in range(draw(*key, "n", below=most + 1))})


def drawn_works(n: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Field works, their windows, and works of other fields, by hash: few institutions, authors and team sizes."""
    works, windows, others = [], [], []
    for id_ in range(1, n + 1):
        leads = some_countries(id_, "lead", most=2)
        institutions = [draw(id_, lead, below=9) or None for lead in leads]
        team = 1 + draw(id_, "team", below=4)
        partners = some_countries(id_, "partner", most=2) if team > 1 else []
        first = [country for country in partners if draw(id_, country, "first", below=2)]
        c2 = draw(id_, "c2", below=9) * (1 + ("CN" in partners))
        work = {
            "work_id": id_,
            "pub_year": 2010 + draw(id_, "year", below=4),
            "n_authors": team,
            "lead_countries": leads,
            "lead_institution_ids": institutions,
            "partner_countries": partners,
        }
        works.append(
            work
            | {
                "n_authors_with_country": team - draw(id_, "unknown", below=2),
                "lead_author_id": draw(id_, "author", below=20) or None,
                "first_countries": first,
                "countries": sorted({*leads, *partners}),
            }
        )
        windows.append(
            {
                "work_id": id_,
                "pub_year": work["pub_year"],
                "c2": c2,
                "c5": c2 + draw(id_, "c5", below=5),
                "c2_foreign_lead": draw(id_, "foreign", below=c2 + 1) if leads else None,
                "c2_foreign_any": draw(id_, "any", below=c2 + 1) if leads else None,
            }
        )
        sets = [name for name in ("1+2", "wide") if draw(id_, name, below=2)]
        if sets and leads:
            others.append(work | {"field_sets": sets, "c2": c2})
    return works, windows, others


def as_frame(spark: SparkSession, table: Table, rows: list[dict[str, Any]]) -> DataFrame:
    schema = StructType([StructField(c.name, c.type) for c in table.columns if c.name in rows[0]])
    return spark.createDataFrame(pa.Table.from_pylist(rows, to_arrow_schema(schema)), schema)


def assert_as_by_hand(found: dict[str, Any], expected: dict[str, Any], where: object) -> None:
    for name, value in expected.items():
        wanted = None if value is None else pytest.approx(value, rel=1e-6, abs=1e-8)
        assert found[name] == wanted, (where, name)


DIRECTIONS = [("US", "CN"), ("CN", "US"), ("US", "GB"), ("CN", "GB")]


def test_as_worked_out_work_by_work(sail: Engine) -> None:
    works, windows, others = drawn_works(700)
    rows = premium_of(
        as_frame(sail.spark, FIELD_WORKS, works),
        as_frame(sail.spark, CITATION_WINDOWS, windows),
        as_frame(sail.spark, COMPARISON_WORKS, others),
    ).collect()
    found = {(r["lead_country"], r["partner_country"], r["variant"], r["period"]): r.asDict() for r in rows}
    assert len(found) == len(rows)
    periods = {"early": (2010, 2011)}
    expected = by_hand.premiums(
        works, windows, others, directions=DIRECTIONS, periods=periods, last_full_year=2014, **RESAMPLING
    )
    of_authors = by_hand.of_last_authors(
        works, windows, directions=DIRECTIONS, periods=periods, last_full_year=2014, largest_team=3, years_apart=1
    )
    for key, wanted in (expected | of_authors).items():
        assert_as_by_hand(found[key], wanted, key)
    assert {variant for _, _, variant, _ in expected | of_authors} == {variant for _, _, variant, _ in found}
    without_controls = {key for key in found if key not in expected | of_authors}
    assert all(found[key]["n_matched"] == 0 for key in without_controls)
    assert sum(wanted["n_matched"] > 2 for wanted in expected.values()) > 100


@pytest.mark.slow
def test_partitions_and_order_change_nothing(sail: Engine) -> None:
    inputs = [
        as_frame(sail.spark, table, rows)
        for table, rows in zip((FIELD_WORKS, CITATION_WINDOWS, COMPARISON_WORKS), drawn_works(300), strict=True)
    ]
    once = premium_of(*inputs)
    assert once.count() > 50
    for n in (1, 7):
        assert_same_rows(premium_of(*(rows.repartition(n) for rows in inputs)), once)


def test_without_a_list_partners_are_the_most_productive(sail: Engine) -> None:
    works, windows, others = drawn_works(300)
    rows = premium_of(
        as_frame(sail.spark, FIELD_WORKS, works),
        as_frame(sail.spark, CITATION_WINDOWS, windows),
        as_frame(sail.spark, COMPARISON_WORKS, others),
        partners=[],
        n_partners=3,
    )
    led = {code: sum(code in work["lead_countries"] for work in works) for code in COUNTRIES}
    first = sorted(COUNTRIES, key=lambda code: (-led[code], code))[:3]
    wanted = {("US", "CN"), ("CN", "US")} | {(a, b) for a in ("US", "CN") for b in first if a != b}
    assert {tuple(row) for row in rows.select("lead_country", "partner_country").distinct().collect()} == wanted


def test_empty(sail: Engine) -> None:
    rows = premium_of(
        *(
            as_frame(sail.spark, table, rows).limit(0)
            for table, rows in zip((FIELD_WORKS, CITATION_WINDOWS, COMPARISON_WORKS), drawn_works(20), strict=True)
        )
    )
    assert_declared(rows, CITATION_PREMIUM)
    assert rows.count() == 0
