"""Table field_references: references of field works to works of known source."""

from frames import World, assert_declared, assert_rows, canonical_literals
from scholarflow.engine import Engine
from scholarflow.novelty.field_references import field_references, works_without_context
from scholarflow.study.field_works import field_works
from scholarflow.tables.novelty import FIELD_REFERENCES

# Work 1 cites a work of the field, one of another, one without a source and one outside the snapshot; the list of
# work 2 is longer than five; work 3 is not of the field; work 4 cites nothing.
LITERALS = {
    "works": """
        work_id pub_year source_id
        1..3    2010     9
        4       2005     7
        5       2003     8
        6       2004     null
    """,
    "work_fields": "work_id\n1..2\n4",
    "citations": """
        citing_work_id cited_work_id
        1              4..6
        1              999
        2              4..6
        2              1
        2              998..999
        3              4..5
    """,
}


def test_worked_example(either: Engine) -> None:
    works = canonical_literals(either.spark, **LITERALS)["works"]
    of_field = field_works(works, scheme="concept", fields=[1], min_score=0.3, lead_rule="last")
    rows = field_references(works, of_field, max_references=5)
    assert_declared(rows, FIELD_REFERENCES)
    assert_rows(
        rows,
        FIELD_REFERENCES,
        """
        work_id cited_work_id pub_year source_id cited_year
        1       4             2010     7         2005
        1       5             2010     8         2003
        """,
    )
    assert works_without_context(rows, works, of_field, max_references=5) == {"works_left_out": 1}


def test_repartitioning_changes_nothing(world: World) -> None:
    world.assert_repartitioning_changes_nothing("field_references")


def test_empty(world: World) -> None:
    world.assert_empty_without_works("field_references")
