"""Ids merged into others, followed everywhere (legacy layout)."""

import pytest

from frames import assert_rows, frame
from ingest.mag_dump import Tables
from ingest.openalex_dump import URL, cites, ingested, signed, work, write, write_works
from scholarflow.engine import Engine
from scholarflow.ingest.merged_ids import final_ids
from scholarflow.tables.parsed import MERGED_IDS


def test_chains_are_followed_to_their_end_and_circles_left_alone(either: Engine) -> None:
    merged = frame(
        either.spark,
        MERGED_IDS,
        """
        entity  id   into_id
        works   1    2
        works   2    3
        authors 1    9
        works   10   11
        works   11   10
        works   12   10
        works   20   20
        works   30   null
        works   40   41
        works   40   42
        """,
    )
    # 12 leads into the circle of 10 and 11. Of two targets, against the format, the larger.
    assert_rows(final_ids(merged), MERGED_IDS, "entity id into_id\nauthors 1 9\nworks 1 3\nworks 2 3\nworks 40 42")


@pytest.mark.parametrize("length", [63, 64])
def test_long_chains(sail: Engine, length: int) -> None:
    links = "\n".join(f"works {number} {number + 1}" for number in range(length))
    final = final_ids(frame(sail.spark, MERGED_IDS, f"entity id into_id\n{links}"))
    assert {row["into_id"] for row in final.collect()} == {length}
    assert final.count() == length


def test_nothing_merged(sail: Engine) -> None:
    assert_rows(final_ids(frame(sail.spark, MERGED_IDS, "entity id into_id")), MERGED_IDS, "entity id into_id")


# Works 5 → 6 → 1; authors 52 → 51 and institutions 62 → 61 meet on work 1; source 72 → 71; works 8 and 9 in a circle.
@pytest.fixture(scope="module")
def tables(sail: Engine, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("merged") / "snapshot"
    write_works(
        folder,
        work(
            1,
            referenced_works=cites(5, 2, 6, 1, 7),
            authorships=[signed(51, (61, "US"), (62, "US")), signed(52, (62, "US")), signed(53, (63, "CN"))],
            primary_location={"source": {"id": f"{URL}S72"}},
        ),
        work(2, referenced_works=cites(5, 6)),
        work(5),
        work(8, referenced_works=cites(9)),
        work(9),
        base="data",
    )

    def merged(entity: str, *pairs: str) -> None:
        rows = [f"2023-01-01,{pair}" for pair in pairs]
        write(folder, f"data/merged_ids/{entity}/2023-01-01.csv.gz", "merge_date,id,merge_into_id", *rows)

    merged("works", "W5,W6", "W8,W9", "W9,W8")
    write(folder, "data/merged_ids/works/2023-02-01.csv.gz", "merge_date,id,merge_into_id", "2023-02-01,W6,W1", "x,W7")
    merged("authors", "A52,A51")
    merged("institutions", "I62,I61")
    merged("sources", "S72,S71")
    part = "data/{}/updated_date=2023-01-01/part_000.gz".format
    for entity, letter, ids in (
        ("authors", "A", (51, 52)),
        ("institutions", "I", (61, 62)),
        ("sources", "S", (71, 72)),
    ):
        write(folder, part(entity), *({"id": f"{URL}{letter}{id_}", "display_name": f"{letter}{id_}"} for id_ in ids))
    return ingested(sail, folder, tmp_path_factory.mktemp("merged_root") / "root")


def test_a_merged_work_is_dropped_and_references_to_it_follow(tables: Tables) -> None:
    assert tables.rows("works", "work_id source_id n_references n_self_references n_repeated_references") == [
        (1, 71, 2, 3, 0),  # 5, 6 and 1 are all itself now
        (2, None, 1, 0, 1),
        (8, None, 1, 0, 0),
        (9, None, 0, 0, 0),
    ]
    assert tables.rows("citations", "citing_work_id cited_work_id") == [(1, 2), (1, 7), (2, 1), (8, 9)]


def test_merged_authors_and_institutions_are_followed_in_authorships(tables: Tables) -> None:
    columns = "work_id author_position author_id institution_id country_code is_first is_last"
    assert tables.rows("authorships", columns) == [
        (1, 1, 51, 61, "US", True, False),
        (1, 2, 51, 61, "US", False, False),
        (1, 3, 53, 63, "CN", False, True),
    ]


def test_merged_entities_are_dropped_and_counted(tables: Tables) -> None:
    assert tables.rows("authors", "author_id") == [(51,)]
    assert tables.rows("institutions", "institution_id") == [(61,)]
    assert tables.rows("sources", "source_id") == [(71,)]
    counts = tables.counts()
    part = "data/{}/updated_date=2023-01-01/part_000.gz".format
    for entity in ("authors", "institutions", "sources"):
        assert counts[part(entity)] == {"n_read": 2, "n_kept": 1, "n_dropped": 1, "dropped_merged": 1}
    assert counts["data/works/updated_date=2026-01-01/part_0000.gz"]["dropped_merged"] == 1
    assert counts["data/merged_ids/works/2023-02-01.csv.gz"] == {"n_read": 2, "n_kept": 1, "n_rejected": 1}
    assert [row[0] for row in tables.rows("rejects", "source_path")] == ["data/merged_ids/works/2023-02-01.csv.gz"]
