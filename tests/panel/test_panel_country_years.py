"""Tables panel_country_years and panel_dyad_years: balanced, with zeros, and in sum what the other results say."""

import math
from collections import Counter
from itertools import permutations
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, frame
from panel.pairs import assert_pairs, unfolded, written
from scholarflow.engine import Engine
from scholarflow.panel.panel_country_years import panel_country_years
from scholarflow.panel.panel_dyad_years import panel_dyad_years
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, SCIENTISTS
from scholarflow.tables.derived import COLLABORATION_EDGES, FIELD_WORKS
from scholarflow.tables.panels import PANEL_COUNTRY_YEARS, PANEL_DYAD_YEARS
from scholarflow.tables.results import COUNTRY_BALANCE, COUNTRY_YEARS, MIGRATION_FLOWS

TABLES = ("panel_country_years", "panel_dyad_years")
EDGES = """
    pub_year country_a country_b n_works n_works_fractional affinity
    2010     CN        US        2       1.5                4/3
    2010     FR        US        1       1                  1
"""


def countries_of(engine: Engine) -> DataFrame:
    """The US leads 3 works in 2010, China one in 2011, in which no hits are defined; France leads none."""
    spark = engine.spark
    return panel_country_years(
        frame(
            spark,
            COUNTRY_YEARS,
            """
            country_code country_name pub_year n_works share_works n_works_fractional n_scientists total_c2 mean_c2 n_hits share_hits pp_top_1pct pp_top_10pct mean_context_novelty share_context_hits mean_content_novelty share_content_hits n_international is_complete
            US           US           2010     3       1           2.5                1            6        2       0.5    1          1/6         1/3          1.25                 1                  null                 null               2               true
            CN           CN           2011     1       1           1                  1            0        0       null   null       null        null         null                 null               2.5                  1                  0               true
            """,  # noqa: E501
        ),
        frame(
            spark,
            COUNTRY_BALANCE,
            "country_code move_year n_in n_out n_entries_in n_entries_out\nUS 2011 2 1 1 0\nFR 2011 1 2 0 1",
        ),
        frame(spark, COLLABORATION_EDGES, EDGES),
        frame(
            spark,
            FIELD_WORKS,
            "work_id pub_year countries\n1 2010 [CN,US]\n2 2010 [CN,FR,US]\n3 2010 [US]\n4 2011 [CN]\n5 2012 [US]\n"
            "6 2013 [US]",
        ),
        frame(
            spark,
            AUTHOR_COUNTRY_YEARS,
            "author_id pub_year country_code n_field_works\n7 2010 CN 1\n7 2010 US 1\n8 2010 US 1\n9 2010 US 0\n"
            "5 2010 US 1",
        ),
        frame(spark, SCIENTISTS, "author_id\n7..9"),
        pairs=[["US", "CN"]],
        covariates=[["US", 2010, 2_000_000, 9.5], ["CN", 2012, None, 1.5]],
        last_full_year=2013,
        first_year=2010,
        last_year=2012,
    )


def test_worked_example_of_countries(either: Engine) -> None:
    rows = written(countries_of(either))
    assert_declared(rows, PANEL_COUNTRY_YEARS)
    assert_rows(
        rows,
        PANEL_COUNTRY_YEARS,
        """
        country_code pub_year n_works n_works_fractional share_works n_works_listed n_international n_scientists total_c2 mean_c2 n_hits share_hits pp_top_1pct pp_top_10pct is_complete
        CN           2010     0       0                  0           2              0               1            0        null    0      0          null        null         true
        CN           2011     1       1                  1           1              0               0            0        0       null   null       null        null         true
        CN           2012     0       0                  null        0              0               0            0        null    null   null       null        null         false
        US           2010     3       2.5                1           3              2               2            6        2       0.5    1          1/6         1/3          true
        US           2011     0       0                  0           0              0               0            0        null    null   null       null        null         true
        US           2012     0       0                  null        1              0               0            0        null    null   null       null        null         false
        """,  # noqa: E501
    )
    # China leads no work of 2010, and so none of its hits; in 2011 none are defined.
    assert_rows(
        rows.where("pub_year < 2012"),
        PANEL_COUNTRY_YEARS,
        """
        country_code pub_year mean_context_novelty share_context_hits mean_content_novelty share_content_hits
        CN           2010     null                 0                  null                 null
        CN           2011     null                 null               2.5                  1
        US           2010     1.25                 1                  null                 null
        US           2011     null                 null               null                 0
        """,
    )
    assert_rows(
        rows.where("n_in > 0 OR population IS NOT NULL OR gdp IS NOT NULL"),
        PANEL_COUNTRY_YEARS,
        """
        country_code pub_year n_in n_out n_entries_in n_entries_out population gdp  works_per_million
        US           2010     0    0     0            0             2000000    9.5  1.5
        US           2011     2    1     1            0             null       null null
        CN           2012     0    0     0            0             null       1.5  null
        """,
    )
    assert all(row["log1p_n_works"] == math.log1p(row["n_works"]) for row in rows.collect())
    assert_pairs(
        rows,
        """
        country_code pub_year partner_country n_works_together affinity
        CN           2010     US              2                4/3
        CN           2011     US              0                null
        CN           2012     US              0                null
        US           2010     CN              2                4/3
        US           2011     CN              0                null
        US           2012     CN              0                null
        """,
    )


def test_worked_example_of_dyads(either: Engine) -> None:
    flows = frame(
        either.spark,
        MIGRATION_FLOWS,
        "origin_country destination_country move_year n_moves n_entries\nUS CN 2011 2 1\nFR US 2011 3 3",
    )
    countries = written(countries_of(either))
    rows = written(panel_dyad_years(countries, flows, frame(either.spark, COLLABORATION_EDGES, EDGES)))
    assert_declared(rows, PANEL_DYAD_YEARS)
    assert_rows(
        rows,
        PANEL_DYAD_YEARS,
        """
        origin_country destination_country pub_year n_moves n_entries n_works_together n_works_together_fractional affinity pair_key origin_year_key destination_year_key
        CN             US                  2010     0       0         2                1.5                         4/3      CN-US    CN-2010         US-2010
        CN             US                  2011     0       0         0                0                           null     CN-US    CN-2011         US-2011
        CN             US                  2012     0       0         0                0                           null     CN-US    CN-2012         US-2012
        US             CN                  2010     0       0         2                1.5                         4/3      CN-US    US-2010         CN-2010
        US             CN                  2011     2       1         0                0                           null     CN-US    US-2011         CN-2011
        US             CN                  2012     0       0         0                0                           null     CN-US    US-2012         CN-2012
        """,  # noqa: E501
    )
    assert_rows(
        rows.where("pub_year = 2010"),
        PANEL_DYAD_YEARS,
        """
        origin_country n_scientists_origin n_scientists_destination n_works_origin n_works_destination population_origin population_destination gdp_origin gdp_destination
        CN             1                   2                        0              3                   null              2000000                null       9.5
        US             2                   1                        3              0                   2000000           null                   9.5        null
        """,  # noqa: E501
    )


def sums(rows: list[dict[str, Any]], *names: str) -> dict[str, float]:
    return {name: pytest.approx(sum(row[name] for row in rows)) for name in names}


@pytest.mark.slow
def test_balanced_and_in_sum_country_years(world: World) -> None:
    panel, results = world.rows("panel_country_years"), world.rows("country_years")
    countries = {row["country_code"] for row in results}
    keys = Counter((row["country_code"], row["pub_year"]) for row in panel)
    assert keys == Counter((country, year) for country in countries for year in range(2000, 2022))
    for name in ("n_works", "n_works_fractional", "total_c2", "n_international"):
        assert sums(panel, name) == sums(results, name)
    for year in range(2000, 2022):
        of_year, told = ([row for row in rows if row["pub_year"] == year] for rows in (panel, results))
        for share in ("share_works", "share_hits", "share_context_hits", "share_content_hits"):
            assert {row[share] is None for row in of_year} == {all(row[share] is None for row in told)}
            assert of_year[0][share] is None or sum(row[share] for row in of_year) == pytest.approx(1)
    led = {(row["country_code"], row["pub_year"]): row for row in results}
    for row in panel:
        if (row["country_code"], row["pub_year"]) in led:
            same = led[row["country_code"], row["pub_year"]]
            for name in ("n_works", "n_scientists", "mean_c2", "n_hits", "share_hits", "pp_top_10pct", "is_complete"):
                assert row[name] == same[name]


def test_dyads_are_mirrored_and_in_sum_the_flows_and_edges(world: World) -> None:
    dyads = world.rows("panel_dyad_years")
    countries = {row["country_code"] for row in world.rows("country_years")}
    years = range(2000, 2022)
    keys = Counter((row["origin_country"], row["destination_country"], row["pub_year"]) for row in dyads)
    assert keys == Counter((a, b, year) for a, b in permutations(countries, 2) for year in years)
    both = [
        row for row in world.rows("migration_flows") if {row["origin_country"], row["destination_country"]} <= countries
    ]
    edges = [row for row in world.rows("collaboration_edges") if {row["country_a"], row["country_b"]} <= countries]
    assert both
    assert edges
    assert sums(dyads, "n_moves", "n_entries") == sums(both, "n_moves", "n_entries")
    assert sum(row["n_works_together"] for row in dyads) == 2 * sum(row["n_works"] for row in edges)
    by_key = {(row["origin_country"], row["destination_country"], row["pub_year"]): row for row in dyads}
    for (a, b, year), row in by_key.items():
        mirror = by_key[b, a, year]
        for name in ("n_works_together", "n_works_together_fractional", "affinity", "pair_key"):
            assert row[name] == mirror[name]
        for name in ("n_works", "n_scientists"):
            assert row[f"{name}_origin"] == mirror[f"{name}_destination"]


def test_dyads_as_in_sql(world: World) -> None:
    listed = pa.Table.from_pylist(world.rows("panel_country_years")).select(
        ["country_code", "pub_year", "n_works_listed"]
    )
    frames = {name: pa.Table.from_pylist(world.rows(name)) for name in ("collaboration_edges", "migration_flows")}
    with duckdb.connect() as connection:
        for name, table in (frames | {"listed": listed}).items():
            connection.register(name, table)
        rows = connection.execute(
            """
            SELECT a.country_code, b.country_code, a.pub_year, coalesce(f.n_moves, 0), coalesce(e.n_works, 0),
                CASE WHEN a.n_works_listed > 0 AND b.n_works_listed > 0 THEN coalesce(e.affinity, 0) END
            FROM listed a JOIN listed b ON a.pub_year = b.pub_year AND a.country_code <> b.country_code
            LEFT JOIN migration_flows f ON f.origin_country = a.country_code
                AND f.destination_country = b.country_code AND f.move_year = a.pub_year
            LEFT JOIN collaboration_edges e ON e.pub_year = a.pub_year
                AND e.country_a = least(a.country_code, b.country_code)
                AND e.country_b = greatest(a.country_code, b.country_code)
            """
        ).fetchall()
    names = ("origin_country", "destination_country", "pub_year", "n_moves", "n_works_together", "affinity")
    assert sorted(rows, key=str) == sorted(
        (tuple(row[name] for name in names) for row in world.rows("panel_dyad_years")), key=str
    )


def test_pairs_say_what_dyads_say(world: World) -> None:
    dyads = {
        (row["origin_country"], row["destination_country"], row["pub_year"]): row
        for row in world.rows("panel_dyad_years")
    }
    units = unfolded(world.tables["panel_country_years"])
    assert len(units) == 2 * 22
    for unit in units:
        dyad = dyads[unit["country_code"], unit["partner_country"], unit["pub_year"]]
        assert (unit["n_works_together"], unit["affinity"]) == (dyad["n_works_together"], dyad["affinity"])


@pytest.mark.parametrize("table", TABLES)
def test_empty(world: World, table: str) -> None:
    world.assert_empty_without_works(table)


@pytest.mark.parametrize("table", TABLES)
def test_repartitioning_changes_nothing(world: World, table: str) -> None:
    world.assert_repartitioning_changes_nothing(table)
