"""Table mover_profiles: movers against those who were there, and against those who went the opposite way."""

import hashlib
from collections import defaultdict
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import statsmodels.api as sm
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructField, StructType
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from frames import World, assert_declared, assert_rows, assert_same_rows, frame
from scholarflow.comparison.bootstrap import poisson_draws
from scholarflow.comparison.mover_profiles import METRICS, mover_profiles
from scholarflow.engine import Engine
from scholarflow.tables import Table
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, MIGRATIONS, SCIENTIST_YEARS, SCIENTISTS
from scholarflow.tables.movers import MOVER_PROFILES

RESAMPLING = {"seed": 1, "replicates": 60, "min_clusters": 5}
profiles_of = partial(mover_profiles, resampling=RESAMPLING)
INPUTS = (MIGRATIONS, AUTHOR_COUNTRY_YEARS, SCIENTISTS, SCIENTIST_YEARS)


# Into CN from the US: 1 in 2010, with 4 works; 2 and 3 in 2011, with 1 and 3; 9 in 2012, when nobody else is in CN.
# There in 2010: 4 and 5 with 2 and 6 works. In 2011: 4 with 5; 5, who came from the US in 2003, before the period, is
# no stayer in either year; 6, in two countries at once, never; 7, in CN by last known country only, has no field work
# there; 1, who has moved, no longer is one. 8 moved to CN from GB: a stayer of 2010 for the US, with 7.
# Movers 4, 1, 3. Weights: 2010: 1/2 for 4 (2) and 8 (7); 2011: 2 for 4 (5): mean (1 + 3.5 + 10) ÷ 3 = 29/6.
# Cumulated: 2: 1/2, 5: 5/2, 7: 3; quartiles at 3/4, 3/2, 9/4: 5, 5, 5. Movers' at 1, 2, 3 of 1, 3, 4 by count.
# The opposite way went 10, who published 8. From GB came 8, when 5 and 7 were there.
def test_worked_example(either: Engine) -> None:
    spark = either.spark
    rows = profiles_of(
        frame(
            spark,
            MIGRATIONS,
            """
            author_id origin_country destination_country move_year is_entry
            1         US             CN                  2010      true
            2..3      US             CN                  2011      true
            4         US             CN                  2011      false
            8         GB             CN                  2009      true
            9         US             CN                  2012      true
            10        CN             US                  2010      true
            """,
        ),
        frame(
            spark,
            AUTHOR_COUNTRY_YEARS,
            """
            author_id pub_year   country_code is_primary_in_field
            1         2009       US           true
            1         2010..2011 CN           true
            2..3      2009       US           true
            2..3      2011       CN           true
            4         2010..2011 CN           true
            5         2002       US           true
            5         2003..2011 CN           true
            6         2010..2011 CN           true
            7         2009       CN           true
            7         2010       CN           false
            8         2008       GB           true
            8         2009..2010 CN           true
            9         2011       US           true
            9         2012       CN           true
            10        2009       CN           true
            10        2010       US           true
            """,
        ),
        frame(spark, SCIENTISTS, "author_id is_simultaneous\n1..5 false\n6 true\n7..10 false"),
        frame(
            spark,
            SCIENTIST_YEARS,
            """
            author_id pub_year country_code career_age n_works n_field_works cum_citations
            1         2010     CN           5          4       2             10
            1         2011     CN           6          9       2             90
            2         2011     CN           1          1       1             0
            3         2011     CN           3          3       1             5
            4         2010     CN           2          2       1             4
            4         2011     CN           3          5       1             8
            5         2009     CN           9          6       1             7
            5         2010     CN           9          6       1             9
            5         2011     CN           9          6       1             9
            6         2010     CN           9          6       1             9
            6         2011     CN           9          6       1             9
            7         2009     CN           9          6       1             3
            7         2010     CN           9          6       1             9
            8         2009     CN           9          6       1             9
            8         2010     CN           7          7       1             7
            9         2012     CN           8          8       1             8
            10        2010     US           8          8       1             8
            """,
        ),
    )
    assert_declared(rows, MOVER_PROFILES)
    assert_rows(
        rows.where("metric = 'n_works' AND origin_country <> 'GB'"),
        MOVER_PROFILES,
        """
        origin_country destination_country comparison             movers_n movers_mean movers_q1 movers_median movers_q3 n_unmatched
        US             CN                  stayers_of_destination 3        8/3         1         3             4         1
        US             CN                  opposite_direction     4        4           2         7/2           6         0
        CN             US                  stayers_of_destination 0        null        null      null          null      1
        CN             US                  opposite_direction     1        8           8         8             8         0
        """,  # noqa: E501
    )
    assert_rows(
        rows.where("metric = 'n_works' AND origin_country <> 'GB'"),
        MOVER_PROFILES,
        """
        origin_country destination_country comparison             others_n others_mean others_q1 others_median others_q3 difference ci_low p_value
        US             CN                  stayers_of_destination 3        29/6        5         5             5         -13/6      null   null
        US             CN                  opposite_direction     1        8           8         8             8         -4         null   null
        CN             US                  stayers_of_destination 0        null        null      null          null      null       null   null
        CN             US                  opposite_direction     4        4           2         7/2           6         4          null   null
        """,  # noqa: E501
    )
    assert_rows(
        rows.where("origin_country = 'GB' AND metric = 'citations'"),
        MOVER_PROFILES,
        """
        comparison             movers_n movers_mean others_n others_mean difference n_unmatched
        stayers_of_destination 1        9           2        5           4          0
        opposite_direction     1        9           0        null        null       0
        """,
    )


def draw(*key: object, below: int) -> int:
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=8).digest()) % below


COUNTRIES = ["CN", "GB", "US", "XK"]
FIRST, LAST = 2004, 2012
Rows = list[dict[str, Any]]


def drawn_careers(n: int) -> tuple[Rows, Rows, Rows, Rows]:
    """Moves of 2004–2012, primary countries, scientists, and their years, by hash: few countries, many moves."""
    moves, places, scientists, years = [], [], [], []
    for author in range(1, n + 1):
        is_simultaneous = draw(author, "simultaneous", below=8) == 0
        scientists.append({"author_id": author, "is_simultaneous": is_simultaneous})
        first = 1999 + draw(author, "first", below=10)
        country, citations = COUNTRIES[draw(author, below=3)], 0
        residences = []
        for age in range(2 + draw(author, "years", below=9)):
            year = first + age
            citations += draw(author, age, "cited", below=1 + author % 40)
            if draw(author, age, "move", below=4) == 0:
                country = COUNTRIES[draw(author, age, "where", below=3) + (author % 50 == 0)]
            years.append(
                {
                    "author_id": author,
                    "pub_year": year,
                    "career_age": age,
                    "n_works": draw(author, age, "works", below=6) + (country == "US"),
                    "cum_citations": citations,
                }
            )
            if draw(author, age, "seen", below=5):
                residences.append((year, country))
        places += [
            {"author_id": author, "pub_year": year, "country_code": code, "is_primary_in_field": True}
            for year, code in residences
        ]
        if is_simultaneous:
            continue
        for place, ((_, origin), (year, destination)) in enumerate(pairwise(residences)):
            if origin != destination and FIRST <= year <= LAST:
                moves.append(
                    {
                        "author_id": author,
                        "origin_country": origin,
                        "destination_country": destination,
                        "move_year": year,
                        "is_entry": destination not in {code for _, code in residences[: place + 1]},
                    }
                )
    return moves, places, scientists, years


Unit = tuple[int, int, dict[str, int]]  # scientist, year, metrics


def by_hand(moves: Rows, places: Rows, scientists: Rows, years: Rows) -> dict[tuple[str, ...], dict[str, Any]]:
    """Every row by its key, scientist-year by scientist-year."""
    metrics = {(y["author_id"], y["pub_year"]): {m: y[column] for m, column in METRICS.items()} for y in years}
    residences = defaultdict(list)
    for place in sorted(places, key=lambda place: place["pub_year"]):
        residences[place["author_id"]].append((place["pub_year"], place["country_code"]))
    # Moves whenever, not of the period alone.
    left = {
        (author, origin): min(y for (_, c), (y, d) in pairwise(lived) if c == origin and d != origin)
        for author, lived in residences.items()
        for origin in {c for (_, c), (_, d) in pairwise(lived) if c != d}
    }
    movable = [s["author_id"] for s in scientists if not s["is_simultaneous"]]
    entries = defaultdict(list)
    for move in moves:
        if move["is_entry"]:
            unit = (move["author_id"], move["move_year"], metrics[move["author_id"], move["move_year"]])
            entries[move["origin_country"], move["destination_country"]].append(unit)
    found = {}
    for (origin, destination), movers in entries.items():
        stayers = [
            (author, year, metrics[author, year])
            for author in movable
            for year, country in residences[author]
            if country == destination and left.get((author, origin), 9999) > year
        ]
        in_year: dict[int, tuple[list[Unit], list[Unit]]] = defaultdict(lambda: ([], []))
        for side, people in enumerate((movers, stayers)):
            for unit in people:
                in_year[unit[1]][side].append(unit)
        matched = [(m, s) for m, s in in_year.values() if m and s]
        of_stayers = ([(u, 1.0) for m, _ in matched for u in m], [(u, len(m) / len(s)) for m, s in matched for u in s])
        back = [(u, 1.0) for u in entries.get((destination, origin), [])]
        for metric in METRICS:
            key = (origin, destination, "stayers_of_destination", metric)
            found[key] = compared_by_hand(*of_stayers, metric, p_by_cluster) | {
                "n_unmatched": len(movers) - len(of_stayers[0])
            }
            key = (origin, destination, "opposite_direction", metric)
            found[key] = compared_by_hand([(u, 1.0) for u in movers], back, metric, p_welch) | {"n_unmatched": 0}
    return found


Weighted = list[tuple[Unit, float]]


def compared_by_hand(movers: Weighted, others: Weighted, metric: str, p_of: Any) -> dict[str, Any]:
    result: dict[str, Any] = {"movers_n": len(movers), "others_n": len(others)}
    for name, group in (("movers", movers), ("others", others)):
        described = DescrStatsW([float(unit[2][metric]) for unit, _ in group], [weight for _, weight in group])
        quartiles = described.quantile([0.25, 0.5, 0.75], return_pandas=False) if group else [None] * 3
        result |= {f"{name}_mean": described.mean if group else None}
        result |= {f"{name}_{at}": value for at, value in zip(("q1", "median", "q3"), quartiles, strict=True)}
    if not (movers and others):
        return result | {"difference": None, "ci_low": None, "ci_high": None, "p_value": None}
    result["difference"] = result["movers_mean"] - result["others_mean"]
    if min(len({unit[0] for unit, _ in group}) for group in (movers, others)) < RESAMPLING["min_clusters"]:
        return result | {"ci_low": None, "ci_high": None, "p_value": None}
    return result | {"p_value": p_of(movers, others, metric)} | resampled_by_hand(movers, others, metric)


def resampled_by_hand(movers: Weighted, others: Weighted, metric: str) -> dict[str, float]:
    people = sorted({unit[0] for unit, _ in movers + others})
    drawn = poisson_draws(np.array(people), seed=1, replicates=RESAMPLING["replicates"]).astype(float)
    times = dict(zip(people, drawn, strict=True))
    means = []
    for group in (movers, others):
        with np.errstate(invalid="ignore"):
            means.append(
                sum(times[unit[0]] * weight * unit[2][metric] for unit, weight in group)
                / sum(times[unit[0]] * weight for unit, weight in group)
            )
    low, high = np.nanquantile(means[0] - means[1], [0.025, 0.975])
    return {"ci_low": low, "ci_high": high}


def p_by_cluster(movers: Weighted, others: Weighted, metric: str) -> float:
    """Weighted regression on having moved, the variance clustered by scientist."""
    units = movers + others
    is_mover = np.arange(len(units)) < len(movers)
    # Each group's weights sum to the number of movers; the variance of a weighted difference does not depend on it.
    fit = sm.WLS(
        [unit[2][metric] for unit, _ in units], sm.add_constant(is_mover * 1.0), weights=[weight for _, weight in units]
    ).fit(
        cov_type="cluster",
        cov_kwds={"groups": np.unique([unit[0] for unit, _ in units], return_inverse=True)[1], "use_correction": False},
    )
    n = len({unit[0] for unit, _ in units})
    return float(2 * stats.t.sf(abs(fit.params[1]) / (fit.bse[1] * np.sqrt(n / (n - 1))), n - 1))


def p_welch(movers: Weighted, others: Weighted, metric: str) -> float:
    values = [[unit[2][metric] for unit, _ in group] for group in (movers, others)]
    return float(stats.ttest_ind(*values, equal_var=False).pvalue)


def as_frame(spark: SparkSession, table: Table, rows: Rows) -> DataFrame:
    schema = StructType([StructField(c.name, c.type) for c in table.columns if c.name in rows[0]])
    return spark.createDataFrame(pa.Table.from_pylist(rows, to_arrow_schema(schema)), schema)


def drawn_frames(spark: SparkSession, n: int) -> list[DataFrame]:
    return [as_frame(spark, table, rows) for table, rows in zip(INPUTS, drawn_careers(n), strict=True)]


def test_as_worked_out_scientist_by_scientist(sail: Engine) -> None:
    rows = profiles_of(*drawn_frames(sail.spark, 400)).collect()
    found = {(r["origin_country"], r["destination_country"], r["comparison"], r["metric"]): r.asDict() for r in rows}
    expected = by_hand(*drawn_careers(400))
    assert len(found) == len(rows)
    assert found.keys() == expected.keys()
    for key, wanted in expected.items():
        for name, value in wanted.items():
            assert found[key][name] == (None if value is None else pytest.approx(value, rel=1e-7, abs=1e-8)), (
                key,
                name,
            )
    assert sum(wanted["p_value"] is not None for wanted in expected.values()) >= 24
    assert any(wanted["p_value"] is None for wanted in expected.values())
    assert any(wanted["n_unmatched"] for wanted in expected.values())


def test_partitions_and_order_change_nothing(sail: Engine) -> None:
    inputs = drawn_frames(sail.spark, 200)
    once = profiles_of(*inputs)
    assert once.count() >= 36
    for n in (1, 7):
        assert_same_rows(profiles_of(*(rows.repartition(n) for rows in inputs)), once)


def test_opposite_directions_mirror_each_other(sail: Engine) -> None:
    rows = {
        (row["origin_country"], row["destination_country"], row["metric"]): row
        for row in profiles_of(*drawn_frames(sail.spark, 400)).where("comparison = 'opposite_direction'").collect()
    }
    mirrored = [(row, rows[b, a, metric]) for (a, b, metric), row in rows.items() if (b, a, metric) in rows]
    assert len(mirrored) >= 18
    for row, other in mirrored:
        assert row["difference"] == -other["difference"]
        assert [row[f"movers_{name}"] for name in ("n", "mean", "median")] == [
            other[f"others_{name}"] for name in ("n", "mean", "median")
        ]
        for name, mirror in (("ci_low", "ci_high"), ("ci_high", "ci_low")):
            assert row[name] is other[mirror] is None or row[name] == pytest.approx(-other[mirror])


def test_every_entry_is_counted(world: World) -> None:
    entries = defaultdict(int)
    for move in world.rows("migrations"):
        entries[move["origin_country"], move["destination_country"]] += move["is_entry"]
    for row in world.rows("mover_profiles"):
        counted = row["movers_n"] + row["n_unmatched"]
        assert counted == entries[row["origin_country"], row["destination_country"]] > 0


def test_empty(sail: Engine) -> None:
    rows = profiles_of(*(rows.limit(0) for rows in drawn_frames(sail.spark, 10)))
    assert_declared(rows, MOVER_PROFILES)
    assert rows.count() == 0
