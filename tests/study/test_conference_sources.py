"""Table conference_sources: which sources count as a conference, and which are left to a person."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import LongType, StringType, StructField, StructType

from frames import World, assert_declared, assert_rows, assert_same_rows, frame
from scholarflow.engine import Engine
from scholarflow.study.conference_list import Listed, conference_list
from scholarflow.study.conference_sources import conference_sources
from scholarflow.tables.comparisons import CONFERENCE_SOURCES
from scholarflow.tables.derived import FIELD_WORKS

sources_of = partial(conference_sources, similar_words=0.75, similar_letters=0.93, first_year=2000, last_year=2021)
SHIPPED = [asdict(line) for line in conference_list("")]


def named(spark: SparkSession, names: Sequence[str | None], first_id: int = 1) -> DataFrame:
    """Sources numbered from `first_id`; names of several words, which a literal could not hold."""
    schema = StructType(
        [
            StructField("source_id", LongType()),
            StructField("name", StringType()),
            StructField("source_type", StringType()),
        ]
    )
    return spark.createDataFrame([(id_, name, None) for id_, name in enumerate(names, first_id)], schema)


def a_work_each(spark: SparkSession, n: int, year: int = 2015) -> DataFrame:
    lines = [f"{id_} {year} {id_}" for id_ in range(1, n + 1)]
    return frame(spark, FIELD_WORKS, "\n".join(["work_id pub_year source_id", *lines]))


def rows_by_id(rows: DataFrame) -> dict[int, dict[str, Any]]:
    return {row["source_id"]: row.asDict() for row in rows.collect()}


# A list of two conferences. 1 has the id of A, whatever its name; 2 the name of A; 3 an alias of B, good to 2005;
# 4 only a pattern of B; 5 patterns of both; 6 is like A and not listed; 7 like A, and listed as another; 8 like A,
# without works of the period; 9 unlike any; 10 the id of B, not described; 11 holds works of B among others.
OWN = [
    Listed("A", "source_id", "1", None, None),
    Listed("A", "name", "Conference on Apes", None, None),
    Listed("A", "pattern", "apes|monkeys", None, None),
    Listed("A", "not", "Conference on Apes and Dogs", None, None),
    Listed("B", "source_id", "10", 2010, None),
    Listed("B", "alias", "BEARS", None, 2005),
    Listed("B", "pattern", "monkeys|bears (and|or) bees", None, None),
    Listed("B", "mixed", "Lecture Notes", None, None),
]


def test_worked_example(either: Engine) -> None:
    names = [
        "Zoo",
        "Proceedings of the 3rd Conference on Apes, 2007",
        "Bears'04",
        "Bears and Bees",
        "Monkeys",
        "Workshop at the Conference on Apes",
        "Conference on Apes & Dogs",
        "Conference of Apes on Apes",
        "Physics",
    ]
    sources = named(either.spark, names).unionByName(named(either.spark, ["Lecture Notes"], 11))
    works = frame(
        either.spark,
        FIELD_WORKS,
        """
        work_id pub_year source_id
        1..4    2010     1
        5       2000     2
        6..7    2005     3
        8       2006     3
        9       2021     4
        10      2010     5
        11..12  2010     6
        13      2010     7
        14      1999     8
        15      2010     9
        16      2009     10
        17      2010     10
        18      2010     11
        19      2010     null
        """,
    )
    rows = sources_of(works, sources, list_of_conferences=[asdict(line) for line in OWN])
    assert_declared(rows, CONFERENCE_SOURCES)
    assert_rows(
        rows,
        CONFERENCE_SOURCES,
        """
        source_id conference matched_by is_counted first_year last_year n_works n_counted
        1         A          source_id  true       null       null      4       4
        2         A          name       true       null       null      1       1
        3         B          alias      true       null       2005      3       2
        4         B          pattern    true       null       null      1       1
        5         A+B        several    false      null       null      1       0
        6         A          similar    false      null       null      2       0
        10        B          source_id  true       2010       null      2       1
        11        B          mixed      false      null       null      1       0
        """,
    )
    found = rows_by_id(rows)
    assert {id_: row["doubt"] for id_, row in found.items()} == {
        1: "its name does not resemble the conference's",
        2: None,
        3: "works of other years than listed",
        4: "by pattern only",
        5: "patterns of several conferences",
        6: "only similar",
        10: "the snapshot gives it no name; works of other years than listed",
        11: "holds other works too",
    }
    assert found[6]["rule"] == "Conference on Apes"
    assert found[5]["rule"] == "apes|monkeys | monkeys|bears (and|or) bees"


#: Names as the dumps and the proceedings write them.
COUNTED = {
    "AAAI Conference on Artificial Intelligence": "AAAI",
    "Proceedings of the AAAI Conference on Artificial Intelligence": "AAAI",
    "national conference on artificial intelligence": "AAAI",
    "Proceedings of the ... National Conference on Artificial Intelligence": "AAAI",
    "Thirty-Second AAAI Conference on Artificial Intelligence": "AAAI",
    "International Conference on Learning Representations": "ICLR",
    "International Conference on Machine Learning": "ICML",
    "Proceedings of the 25th international conference on Machine learning": "ICML",
    "International Joint Conference on Artificial Intelligence": "IJCAI",
    "Proceedings of the Twenty-Ninth International Joint Conference on Artificial Intelligence": "IJCAI",
    "Neural Information Processing Systems": "NeurIPS",
    "Advances in Neural Information Processing Systems": "NeurIPS",
    "Advances in Neural Information Processing Systems 14": "NeurIPS",
    "Thirty-third Annual Conference on Neural Information Processing Systems": "NeurIPS",
    "NIPS": "NeurIPS",
    "NeurIPS": "NeurIPS",
}
BY_PATTERN = {
    "2019 International Conference on Machine Learning (ICML)": "ICML",
    "Advances in Neural Information Processing Systems 32 (NeurIPS 2019)": "NeurIPS",
    "Proceedings of the Twenty-Eighth International Joint Conference on Artificial Intelligence (IJCAI-19)": "IJCAI",
}
LEFT_TO_A_PERSON = {
    "ICML 2020 Workshop on Graph Representation Learning": "ICML",
    "International Conference on Machine Learning Workshop on Human Interpretability": "ICML",
    "AAAI Workshop on Plan, Activity, and Intent Recognition": "AAAI",
    "Workshops at the Thirty-Second AAAI Conference on Artificial Intelligence": "AAAI",
    "NIPS 2017 Competition Track": "NeurIPS",
    "NeurIPS Datasets and Benchmarks": "NeurIPS",
    "IJCAI Workshop on Explainable AI": "IJCAI",
    "ICLR Workshop Track": "ICLR",
    "Internationl Conference on Machine Learning": "ICML",
    "Conference on Machine Learning": "ICML",
    "Proceedings of Machine Learning Research": "ICML",
    "arXiv (Cornell University)": "ICLR",
}
OTHERS = [
    "Machine Learning",
    "Journal of Machine Learning Research",
    "European Conference on Machine Learning",
    "Asian Conference on Machine Learning",
    "International Conference on Machine Learning and Applications",
    "International Conference on Machine Learning and Cybernetics",
    "International Conference on Artificial Intelligence",
    "European Conference on Artificial Intelligence",
    "Pacific Rim International Conference on Artificial Intelligence",
    "International Joint Conference on Autonomous Agents and Multiagent Systems",
    "International Joint Conference on Neural Networks",
    "International Conference on Neural Information Processing",
    "Conference on Uncertainty in Artificial Intelligence",
    "AAAI/ACM Conference on AI, Ethics, and Society",
    "International AAAI Conference on Web and Social Media",
    "AAAI Spring Symposium",
    "Artificial Intelligence",
    "Lecture Notes in Computer Science",
    None,
]


@pytest.fixture(scope="module")
def real_names(sail: Engine) -> dict[str | None, dict[str, Any]]:
    names = [*COUNTED, *BY_PATTERN, *LEFT_TO_A_PERSON, *OTHERS]
    found = sources_of(
        a_work_each(sail.spark, len(names)), named(sail.spark, names), list_of_conferences=SHIPPED
    ).collect()
    return {row["name"]: row.asDict() for row in found}


@pytest.mark.parametrize("name", [*COUNTED, *BY_PATTERN])
def test_a_real_name_counts(real_names: dict[str, dict[str, Any]], name: str) -> None:
    row = real_names[name]
    assert (row["conference"], row["is_counted"]) == ((COUNTED | BY_PATTERN)[name], True)
    assert row["doubt"] == ("by pattern only" if name in BY_PATTERN else None)


@pytest.mark.parametrize("name", LEFT_TO_A_PERSON)
def test_what_is_co_located_or_alike_is_listed_and_does_not_count(
    real_names: dict[str, dict[str, Any]], name: str
) -> None:
    row = real_names[name]
    assert (row["conference"], row["is_counted"], row["n_counted"]) == (LEFT_TO_A_PERSON[name], False, 0)
    assert row["doubt"]


@pytest.mark.parametrize("name", OTHERS)
def test_other_sources_are_not_listed(real_names: dict[str | None, dict[str, Any]], name: str | None) -> None:
    assert name not in real_names


def test_ids_of_both_dumps_whatever_the_name_of_the_year(sail: Engine) -> None:
    ids = [int(line["value"]) for line in SHIPPED if line["kind"] == "source_id"]
    lines = "\n".join(["work_id pub_year source_id", *(f"{i} 2015 {id_}" for i, id_ in enumerate(ids, 1))])
    empty = named(sail.spark, ["x"]).limit(0)
    found = rows_by_id(sources_of(frame(sail.spark, FIELD_WORKS, lines), empty, list_of_conferences=SHIPPED))
    assert found.keys() == set(ids)
    assert all(row["n_counted"] == 1 and row["doubt"] == "the snapshot gives it no name" for row in found.values())


def test_an_id_that_another_source_took_over_is_doubtful(sail: Engine) -> None:
    names = ["Empirical Methods in Natural Language Processing", "International Conference on Artificial Intelligence"]
    for name, doubt in zip(
        names,
        ["its name does not resemble the conference's", "its name is listed as not of IJCAI"],
        strict=True,
    ):
        sources = named(sail.spark, [name], 1180662882)
        row = rows_by_id(sources_of(a_work_each(sail.spark, 1), sources, list_of_conferences=SHIPPED))[1180662882]
        assert (row["conference"], row["n_works"], row["doubt"]) == ("ICML", 0, doubt)


def test_partitions_and_order_change_nothing(sail: Engine) -> None:
    names = [*COUNTED, *BY_PATTERN, *LEFT_TO_A_PERSON, *OTHERS]
    works, sources = a_work_each(sail.spark, len(names)), named(sail.spark, names)
    once = sources_of(works, sources, list_of_conferences=SHIPPED)
    for n in (1, 7):
        assert_same_rows(sources_of(works.repartition(n), sources.repartition(n), list_of_conferences=SHIPPED), once)


@pytest.mark.slow
def test_empty(world: World) -> None:
    world.assert_empty_without_works("conference_sources")


def test_the_simulated_conferences_are_found(world: World) -> None:
    counted = {row["conference"] for row in world.rows("conference_sources") if row["is_counted"]}
    assert counted == {"AAAI", "ICLR", "ICML", "IJCAI", "NeurIPS"}
    world.assert_repartitioning_changes_nothing("conference_sources")
