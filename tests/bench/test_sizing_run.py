"""A session that had several sizes in it, taken apart."""

from dataclasses import replace

from bench.event_log import BETWEEN
from bench.measure import Cost
from bench.sizing_run import of_step
from measured import cost, stage, submitted, task

STAGES = [
    replace(stage("100 ingest read works", (1.0, 4.0), rows=100), cpu=3.0, read=30, written=3),
    replace(stage("100 ingest works", (5.0, 7.0)), cpu=2.0, read=20, written=2),
    replace(stage("100 ingest", (0.0, 8.0)), cpu=6.0, read=60, written=5, peak_memory=9),
    replace(stage("200 ingest works", (9.0, 12.0)), cpu=4.0),
    replace(stage("200 ingest", (8.5, 13.0)), cpu=4.5),
]
SESSION: Cost = replace(cost(13.0), stages=STAGES)


def log() -> list[dict[str, object]]:
    """Three jobs of the smaller size, the second between two stages, and one of the larger."""
    jobs = [(0, 5.5, 40), (1, 4.5, 7), (2, 5.9, 2), (3, 10.0, 1_000)]
    return [
        event
        for number, second, shuffled in jobs
        for event in (
            submitted(number, second),
            task(number, Shuffle_Write_Metrics={"Shuffle Bytes Written": shuffled}, Executor_Run_Time=500),
        )
    ]


def test_a_step_of_a_size_has_its_own_stages_and_what_lies_between_them() -> None:
    found, spark = of_step(SESSION, log(), "100 ingest")
    assert [(part.name, part.cpu, part.read) for part in found.stages] == [
        ("read works", 3.0, 30),
        ("works", 2.0, 20),
        (BETWEEN, 1.0, 10),
    ]
    assert (found.cpu, found.work, found.peak_memory) == (6.0, 8.0, 9)
    assert {name: (part.shuffle_written, part.task_seconds) for name, part in spark.items()} == {
        "works": (42, 1.0),
        BETWEEN: (7, 0.5),
    }


def test_sizes_are_kept_apart() -> None:
    found, spark = of_step(SESSION, log(), "200 ingest")
    assert [part.name for part in found.stages] == ["works", BETWEEN]
    assert spark["works"].shuffle_written == 1_000
