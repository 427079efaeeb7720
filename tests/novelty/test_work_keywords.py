"""Table work_keywords: keywords of field works, narrower than the field."""

from pyspark.sql import DataFrame

from frames import World, assert_declared, assert_rows, canonical_literals, frame
from scholarflow.engine import Engine
from scholarflow.ingest.openalex_values import keyword_number
from scholarflow.novelty.work_keywords import best_scheme, work_keywords
from scholarflow.study.field_works import field_works
from scholarflow.tables.canonical import FIELDS
from scholarflow.tables.novelty import WORK_KEYWORDS

# Field 1 is the study's own, 2 is broad, 3 and 4 are narrow, of 5 nothing is known; work 9 is of another field.
FIELD_NAMES = """
    scheme  field_id name              level
    concept 1        Kites_(aircraft)  2
    concept 2        Flying_things     1
    concept 3        Paper_planes      2
    concept 4        Boomerangs        3
"""
CONCEPTS = """
    work_id scheme  field_id score
    1       concept 1..4     0.6
    1       concept 5        null
    2       concept 1        0.6
    2       concept 3        0.2
    2       concept 5        0.3
    9       concept 3..4     0.9
"""
WORKS = "work_id pub_year\n1..2 2010\n9 2010"


def made(engine: Engine, work_fields: str, scheme: str = "auto", study_scheme: str = "concept") -> DataFrame:
    works = canonical_literals(engine.spark, works=WORKS, work_fields=work_fields)["works"]
    of_field = field_works(works, scheme="concept", fields=[1], min_score=0.3, lead_rule="last")
    names = frame(engine.spark, FIELDS, FIELD_NAMES).replace(
        {"Kites_(aircraft)": "Kites (aircraft)", "Flying_things": "Flying things"}, subset=["name"]
    )
    return work_keywords(
        works,
        of_field,
        names,
        scheme=scheme,
        min_score=0.3,
        min_level=2,
        study_scheme=study_scheme,
        study_fields=[1],
    )


def test_narrow_concepts_where_there_are_no_keywords(either: Engine) -> None:
    rows = made(either, CONCEPTS)
    assert_declared(rows, WORK_KEYWORDS)
    assert_rows(
        rows,
        WORK_KEYWORDS,
        """
        work_id keyword_id pub_year scheme
        1       3..4       2010     concept
        2       5          2010     concept
        """,
    )


def test_keywords_but_for_those_named_after_broad_fields(either: Engine) -> None:
    kites, flying, planes = map(keyword_number, ("kites", "flying-things", "paper-planes"))
    keywords = "\n".join(f"1 keyword {id_} 0.5" for id_ in (kites, flying, planes, 77))
    rows = made(either, CONCEPTS.rstrip() + "\n" + keywords)
    found = {(row["work_id"], row["keyword_id"], row["scheme"]) for row in rows.collect()}
    assert found == {(1, planes, "keyword"), (1, 77, "keyword")}
    concepts = made(either, CONCEPTS.rstrip() + "\n" + keywords, scheme="concept")
    assert {row["scheme"] for row in concepts.collect()} == {"concept"}


def test_keywords_of_a_few_works_do_not_decide_for_all(either: Engine) -> None:
    def best(keywords: str) -> list[str]:
        listed = "work_id scheme field_id score\n1..3 concept 1 0.5" + keywords
        works = canonical_literals(either.spark, works="work_id pub_year\n1..3 2010", work_fields=listed)["works"]
        return [row["scheme"] for row in best_scheme(works).collect()]

    assert best("") == ["concept"]
    assert best("\n1 keyword 7 0.5") == ["concept"]
    assert best("\n1..2 keyword 7 0.5") == ["keyword"]


def test_fields_of_a_study_by_keywords_are_left_out(sail: Engine) -> None:
    rows = made(sail, CONCEPTS.rstrip() + "\n1 keyword 1 0.5\n1 keyword 77 0.5", study_scheme="keyword")
    assert [(row["work_id"], row["keyword_id"]) for row in rows.collect()] == [(1, 77)]


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("work_keywords")


def test_empty(world: World) -> None:
    world.assert_empty_without_works("work_keywords")
