"""The frames of careers drawn by hash, and the tables of moves made from them."""

from typing import Any

from pyspark.sql import DataFrame, SparkSession

from comparison.careers_by_hand import Careers, drawn_careers
from comparison.test_citation_premium import as_frame
from scholarflow.comparison.post_move_collaboration import post_move_collaboration
from scholarflow.comparison.post_move_years import post_move_years
from scholarflow.comparison.scientist_strata import scientist_strata
from scholarflow.tables import PUBLIC

BINS: dict[str, Any] = {
    "strata": {"career_age": [3], "n_works": [2], "cum_citations": 2},
    "imbalance": {"career_age": [2, 5], "n_works": "exact", "cum_citations": 3},
}
PERIOD = {"first_year": 2000, "last_year": 2009}
RESAMPLING = {"seed": 1, "replicates": 60, "min_clusters": 6}
AROUND = {"leads": 3, "lags": 4, "reference_year": -2}

Frames = dict[str, DataFrame]


def by_hand(n: int) -> Careers:
    """So many drawn careers."""
    return Careers(drawn_careers(n), **BINS, **PERIOD)


def frames_of(spark: SparkSession, n: int) -> Frames:
    """The same as tables, with their scientist_strata."""
    frames = {name: as_frame(spark, PUBLIC[name], rows) for name, rows in drawn_careers(n).items()}
    strata = strata_of(frames)
    return frames | {"scientist_strata": spark.createDataFrame(strata.toArrow(), strata.schema)}


def strata_of(frames: Frames) -> DataFrame:
    return scientist_strata(
        frames["scientist_years"], frames["author_country_years"], frames["scientists"], **BINS, **PERIOD
    )


def collaboration_of(frames: Frames) -> DataFrame:
    names = ("scientist_strata", "scientist_partner_years", "author_country_years", "migrations")
    return post_move_collaboration(*(frames[name] for name in names), resampling=RESAMPLING)


def years_of(frames: Frames) -> DataFrame:
    names = ("scientist_strata", "scientist_partner_years", "migrations")
    return post_move_years(*(frames[name] for name in names), **AROUND, resampling=RESAMPLING)


def by_key(rows: DataFrame, *key: str) -> dict[Any, dict[str, Any]]:
    """Rows by their key, of which there is one each."""
    found = [row.asDict() for row in rows.collect()]
    keyed = {tuple(row[name] for name in key): row for row in found}
    assert len(keyed) == len(found)
    return keyed


#: One story for both tables. From the US to China in 2005 move author 1, back in the US in 2007, and author 6, alone in
#: its bin. In China in 2005 are author 2, author 3, who goes to the US in 2006 and comes back in 2008, and once more
#: in 2009 and 2010, author 4, who was in the US long before, and author 5, of another bin. Author 7 stays in the US.
STRATA = """
    author_id pub_year   country_code n_field_works is_at_risk is_stayer bin_career_age bin_n_works bin_cum_citations fine_career_age fine_n_works fine_cum_citations
    1         2004       US           1             true       false     0              0           0                 0               0            0
    1         2005..2006 CN           2             true       false     0              0           0                 0               0            0
    1         2007       US           4             true       false     0              0           0                 0               0            0
    2         2005       CN           1             true       true      0              0           0                 0               0            0
    2         2006       CN           3             true       true      0              0           0                 0               0            0
    3         2005       CN           2             true       false     0              0           0                 0               1            0
    3         2006       US           1             true       false     0              0           0                 0               0            0
    3         2007       US           0             false      false     null           null        null              null            null         null
    3         2008       CN           5             true       false     0              0           0                 0               0            0
    3         2009       US           1             true       false     0              0           0                 0               0            0
    3         2010       CN           1             true       false     0              0           0                 0               0            0
    4         2005       CN           1             true       false     0              0           0                 0               0            0
    5         2005       CN           1             true       true      1              0           0                 1               0            0
    6         2004       US           1             true       false     0              0           0                 0               0            0
    6         2005       CN           1             true       false     0              1           0                 0               2            0
    7         2004       US           2             true       true      0              0           0                 0               0            0
    7         2005       US           1             true       true      0              0           0                 0               0            0
"""  # noqa: E501
PARTNERS = """
    author_id pub_year   partner_country n_field_works
    1         2004       CN              1
    1         2005..2006 US              1
    1         2007       US              4
    2         2005       DE              1
    2         2006       US              1
    3         2006       US              1
    3         2008       US              5
    4         2005       US              1
    6         2005       US              1
    7         2004       CN              1
"""
PRIMARY = """
    author_id pub_year   country_code is_primary_in_field
    1         2004       US           true
    1         2005       US           false
    1         2005..2006 CN           true
    1         2007       US           true
    2         2005..2006 CN           true
    3         2005       CN           true
    3         2006       US           true
    3         2008       CN           true
    3         2009       US           true
    3         2010       CN           true
    4         1999       US           true
    4         2005       CN           true
    5         2005       CN           true
    6         2004       US           true
    6         2005       CN           true
    7         2004..2005 US           true
"""
MOVES = """
    author_id move_seq origin_country destination_country move_year is_entry
    1         1        US             CN                  2005      true
    1         2        CN             US                  2007      false
    3         1        CN             US                  2006      true
    3         2        US             CN                  2008      false
    6         1        US             CN                  2005      true
"""
