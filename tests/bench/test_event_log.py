"""Spark's event log, read for what each stage of a run took."""

import json
from typing import Any

import pytest
from bench.event_log import (
    BETWEEN,
    SIDE_BY_SIDE,
    SparkCost,
    costs_by_stage,
    effective_properties,
    events,
    read_log,
    stage_of,
)
from measured import stage, submitted, task

#: Two stages of a run, the first in two batches.
STAGES = [stage("read works", (100.0, 110.0), (115.0, 120.0)), stage("works", (120.5, 130.0))]


LOG = [
    {"Event": "SparkListenerEnvironmentUpdate", "Spark Properties": {"spark.driver.memory": "2g"}},
    submitted(0, 101.0),
    task(
        0,
        Input_Metrics={"Bytes Read": 1_000},
        Shuffle_Write_Metrics={"Shuffle Bytes Written": 300},
        Executor_Run_Time=1_500,
        JVM_GC_Time=100,
        Peak_Execution_Memory=64,
    ),
    task(0, Input_Metrics={"Bytes Read": 500}, Disk_Bytes_Spilled=7, Memory_Bytes_Spilled=9, Peak_Execution_Memory=32),
    submitted(1, 121.0),
    task(
        1,
        Shuffle_Read_Metrics={"Remote Bytes Read": 100, "Local Bytes Read": 200},
        Output_Metrics={"Bytes Written": 42},
    ),
    submitted(2, 112.0),
    task(2, Input_Metrics={"Bytes Read": 5}),
]


def test_costs_are_summed_by_stage() -> None:
    assert costs_by_stage(LOG, STAGES) == {
        "read works": SparkCost(
            tasks=2,
            input_bytes=1_500,
            shuffle_written=300,
            memory_spilled=9,
            disk_spilled=7,
            peak_memory=64,
            task_seconds=1.5,
            gc_seconds=0.1,
        ),
        "works": SparkCost(tasks=1, output_bytes=42, shuffle_read=300),
        BETWEEN: SparkCost(tasks=1, input_bytes=5),
    }


def test_attempts_of_a_stage_are_told_apart_and_failed_tasks_without_metrics_left_out() -> None:
    lost = {"Event": "SparkListenerTaskEnd", "Stage ID": 0, "Stage Attempt ID": 0, "Task Metrics": None}
    log = [submitted(0, 101.0), lost, submitted(0, 121.0, attempt=1), task(0, attempt=1, Result_Size=1)]
    assert costs_by_stage(log, STAGES) == {"works": SparkCost(tasks=1)}


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (100.0, "read works"),
        (116.0, "read works"),  # its second batch
        (112.0, BETWEEN),
        (120.4, "works"),  # submitted before the line that the stage began had arrived
        (140.0, BETWEEN),
    ],
)
def test_a_job_belongs_to_the_stage_in_whose_time_it_was_submitted(second: float, expected: str) -> None:
    assert stage_of({}, second, STAGES) == expected


@pytest.mark.parametrize("key", ["spark.job.description", "spark.jobGroup.id"])
def test_a_name_given_to_the_job_counts_before_its_time(key: str) -> None:
    assert stage_of({key: "works"}, 101.0, STAGES) == "works"
    assert stage_of({key: "Delta: commit"}, 101.0, STAGES) == "read works"


def test_stages_side_by_side_are_not_guessed() -> None:
    together = [stage("led_works", (0.0, 10.0)), stage("scientists", (5.0, 15.0))]
    assert stage_of({}, 7.0, together) == SIDE_BY_SIDE
    assert stage_of({}, 12.0, together) == "scientists"


def test_a_log_is_read_from_its_folder(tmp_path: Any) -> None:
    other = {"Event": "SparkListenerTaskStart", "Stage ID": 0}
    lines = [json.dumps(event, separators=(",", ":")) for event in [*LOG, other]]
    (tmp_path / "local-1").write_text("\n".join(lines))
    (tmp_path / ".local-1.crc").write_text("a checksum")
    assert list(read_log(tmp_path)) == LOG
    assert list(events(lines[-1:])) == []
    assert effective_properties(read_log(tmp_path)) == {"spark.driver.memory": "2g"}


def test_a_folder_without_a_log_is_an_error(tmp_path: Any) -> None:
    with pytest.raises(ValueError, match="0 event logs"):
        list(read_log(tmp_path))
