"""Table scientist_years: every year of a scientist, worked or silent."""

from itertools import pairwise

from frames import World, assert_declared, assert_rows, frame
from scholarflow.career.scientist_years import scientist_years
from scholarflow.engine import Engine
from scholarflow.tables.canonical import WORKS
from scholarflow.tables.careers import AUTHOR_COUNTRY_YEARS, SCIENTIST_YEARS, SCIENTISTS
from scholarflow.tables.derived import FIELD_WORKS


# Author 1 publishes in 2001 and 2004, of unknown country until 2004; work 10 is outside the field.
# Work 20, dated 2000, cites work 11 of 2004: accumulated from the first year on. Work 30 cites two works of author 1,
# counted twice; work 40 of 2009 comes after the last year. Author 2 is no scientist.
def test_worked_example(either: Engine) -> None:
    works = frame(
        either.spark,
        WORKS,
        """
        work_id pub_year author_ids referenced_works
        10      2001     [1]        []
        11      2004     [1,2]      []
        20      2000     []         [11]
        30      2003     [2]        [10,11,99]
        40      2009     []         [10]
        """,
    )
    field_works = frame(either.spark, FIELD_WORKS, "work_id\n11\n30")
    years = frame(
        either.spark,
        AUTHOR_COUNTRY_YEARS,
        """
        author_id pub_year country_code is_primary_in_field
        1         2001     US           false
        1         2004     CN           true
        2         2004     US           true
        """,
    )
    scientists = frame(either.spark, SCIENTISTS, "author_id first_pub_year last_pub_year\n1 2001 2005")
    rows = scientist_years(works, field_works, years, scientists)
    assert_declared(rows, SCIENTIST_YEARS)
    assert_rows(
        rows,
        SCIENTIST_YEARS,
        """
        author_id pub_year country_code career_age n_works n_field_works cum_works citations_received cum_citations
        1         2001     null         0          1       0             1         0                  1
        1         2002     null         1          0       0             1         0                  1
        1         2003     null         2          0       0             1         2                  3
        1         2004     CN           3          1       1             2         0                  3
        1         2005     CN           4          0       0             2         0                  3
        """,
    )


def test_years_follow_each_other_from_first_to_last(world: World) -> None:
    by_author: dict[int, list[dict[str, int]]] = {}
    for row in sorted(world.rows("scientist_years"), key=lambda row: (row["author_id"], row["pub_year"])):
        by_author.setdefault(row["author_id"], []).append(row)
    scientists = {row["author_id"]: row for row in world.rows("scientists")}
    assert by_author.keys() == scientists.keys()
    for author, years in by_author.items():
        first, last = scientists[author]["first_pub_year"], scientists[author]["last_pub_year"]
        assert [year["pub_year"] for year in years] == list(range(first, last + 1))
        assert years[-1]["cum_works"] == scientists[author]["n_works"]
        for before, after in pairwise(years):
            assert after["cum_citations"] - before["cum_citations"] == after["citations_received"]


def test_empty(world: World) -> None:
    world.assert_empty_without_works("scientist_years")


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("scientist_years")
