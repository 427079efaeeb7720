"""Table top_institutions: the institutions whose led works have most citations."""

from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, frame
from scholarflow.citation.top_institutions import top_institutions
from scholarflow.engine import Engine
from scholarflow.tables.canonical import INSTITUTIONS
from scholarflow.tables.derived import CITATION_WINDOWS, LED_WORKS, TOP_INSTITUTIONS


# Work 1 is led from 10 and from 20: both have its citations. 13 leads only before the period, 12 nothing that is
# cited. 20 and 21 tie: the smaller id. 30 stands in no list of institutions: its country is that of the works it leads.
def made(engine: Engine, n: int) -> DataFrame:
    led = frame(
        engine.spark,
        LED_WORKS,
        """
        work_id pub_year lead_country lead_institution_id
        1       2010     US           10
        1       2010     CN           20
        2       2011     US           10
        3       2010     US           12
        4       1999     US           13
        5       2021     FR           30
        6       2010     DE           null
        7       2010     CN           21
        """,
    )
    windows = frame(engine.spark, CITATION_WINDOWS, "work_id c2\n1 5\n2 3\n3 0\n4 99\n5 7\n6 99\n7 5")
    names = frame(
        engine.spark,
        INSTITUTIONS,
        "institution_id name country_code\n10 Ten US\n12 Twelve US\n13 Old US\n20 Twenty CN\n21 Next CN",
    )
    return top_institutions(led, windows, names, first_year=2000, last_year=2021, n=n)


def test_worked_example(either: Engine) -> None:
    assert_declared(made(either, 100), TOP_INSTITUTIONS)
    assert_rows(
        made(either, 100),
        TOP_INSTITUTIONS,
        """
        rank institution_id name   country_code total_c2
        1    10             Ten    US           8
        2    30             null   FR           7
        3    20             Twenty CN           5
        4    21             Next   CN           5
        5    12             Twelve US           0
        """,
    )
    assert_rows(made(either, 3), TOP_INSTITUTIONS, "rank institution_id\n1 10\n2 30\n3 20")


def test_ranks_follow_the_citations(world: World) -> None:
    rows = sorted(world.rows("top_institutions"), key=lambda row: row["rank"])
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows == sorted(rows, key=lambda row: (-row["total_c2"], row["institution_id"]))


def test_empty(world: World) -> None:
    world.assert_empty_without_works("top_institutions")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("top_institutions")
