"""Processes measured: small real ones."""

import sys
from pathlib import Path

import pytest
from bench.contenders import CONTENDERS, ingested_copy, known
from bench.contest import in_turn
from bench.measure import OUT_OF_TIME, Cost, Event, json_objects, run_measured, side_by_side, stage_costs
from bench.process_tree import Sample
from measured import stage

if not sys.platform.startswith("linux"):
    pytest.skip("processes are measured by what Linux says of them", allow_module_level=True)

#: Starts a grandchild that outlives its parent, uses memory and writes, all within one stage.
PROGRAM = """
import json, os, subprocess, sys, time
def say(**facts): print(json.dumps(facts), file=sys.stderr, flush=True)
say(event="started", stage="works")
orphan = "import time; b = bytearray(b'x') * 60_000_000; open('o', 'wb').write(b[:8_000_000]); time.sleep(0.4)"
subprocess.Popen(["/bin/sh", "-c", sys.executable + ' -c "' + orphan + '" &']).wait()
time.sleep(0.5)
say(event="done", stage="works", rows=3)
"""


def measured(tmp_path: Path, program: str, *, time_limit: float = 30.0) -> Cost:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-c", program]
    return run_measured(command, environment={}, scratch=scratch, log=tmp_path / "log", time_limit=time_limit)


def test_descendants_count_even_those_that_outlive_their_parent(tmp_path: Path) -> None:
    cost = measured(tmp_path, PROGRAM)
    assert cost.status == 0
    assert [(stage.name, stage.rows) for stage in cost.stages] == [("works", 3)]
    assert cost.peak_memory > 60_000_000
    assert cost.written >= 8_000_000
    assert cost.wall == pytest.approx(cost.start + cost.work + cost.stop, abs=0.05)


#: Its child takes a second of CPU time, and ends without anybody waiting for it: as Spark's Python workers do.
UNTOLD = """
import os, signal, sys, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
child = os.fork()
if not child:
    while time.process_time() < 1.0: pass
    os._exit(0)
while os.path.exists(f"/proc/{child}"): time.sleep(0.05)
"""


def test_what_nobody_waits_for_counts_nevertheless(tmp_path: Path) -> None:
    assert measured(tmp_path, UNTOLD).cpu > 0.7


def test_a_failure_keeps_its_last_words(tmp_path: Path) -> None:
    cost = measured(tmp_path, "import sys; print('no such folder'); sys.exit(3)")
    assert (cost.status, cost.problem, cost.stages) == (3, "no such folder", [])


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    cost = measured(tmp_path, "import time; time.sleep(60)", time_limit=0.3)
    assert cost.status != 0
    assert cost.problem.startswith(OUT_OF_TIME)
    assert cost.wall < 30


def event(second: float, name: str, stage: str, **facts: object) -> Event:
    return Event(second, 1_000 + second, {"event": name, "stage": stage, **facts})


def test_batches_of_a_stage_are_one_and_what_never_ended_is_none() -> None:
    events = [
        event(0, "started", "read works 1–"),
        event(4, "done", "read works 1–"),
        event(5, "started", "read works 65–"),
        event(6, "done", "read works 65–"),
        event(7, "started", "works"),
    ]
    samples = [Sample(0, 1, 0.0, 0, 0), Sample(2, 9, 1.0, 20, 4), Sample(4.5, 99, 2.0, 45, 9), Sample(7, 3, 3.0, 70, 9)]
    (cost,) = stage_costs(events, samples)
    assert (cost.name, cost.seconds, cost.read) == ("read works", 5.0, 40 + 10)
    assert cost.peak_memory == pytest.approx(81, abs=1)  # on the way to 99, which was between the batches
    assert cost.spans == [(1_000, 1_004), (1_005, 1_006)]


def test_what_a_stage_says_itself_counts_where_its_lines_came_late() -> None:
    late = [event(3.0, "started", "works"), event(3.0, "done", "works", seconds=2.1)]
    exact = [event(3.0, "started", "works"), event(5.06, "done", "works", seconds=2.1)]
    assert stage_costs(late, [])[0].seconds == 2.1
    assert stage_costs(exact, [])[0].seconds == pytest.approx(2.06)


def test_two_objects_in_a_line_are_both_read() -> None:
    assert json_objects('{"event": "started"}{"event": "done"}\n') == [{"event": "started"}, {"event": "done"}]
    assert json_objects("{not json") == json_objects('{"a": 1} and words') == json_objects("\n") == []


def test_stages_side_by_side_are_noticed_and_a_late_line_is_not() -> None:
    one, after, beside = stage("works", (0, 10)), stage("authors", (9.95, 12)), stage("sources", (4, 5))
    assert not side_by_side([one, after])
    assert side_by_side([one, after, beside])


def test_contenders_take_turns() -> None:
    chosen = known(["duckdb", "sail", "spark", "spark-2g"])
    turns = [[contender.name for contender in in_turn(chosen, repeat)] for repeat in (1, 2, 3, 4)]
    assert turns == [
        ["duckdb", "sail", "spark", "spark-2g"],
        ["sail", "spark", "spark-2g", "duckdb"],
        ["spark", "spark-2g", "duckdb", "sail"],
        ["duckdb", "sail", "spark", "spark-2g"],
    ]


@pytest.mark.parametrize("names", [[], ["polars"], ["spark-2g"], ["spark-2g", "spark"]])
def test_contenders_that_cannot_run_are_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"known|before"):
        known(names)


def test_settings_of_spark_go_to_its_jvm_and_others_to_the_environment(tmp_path: Path) -> None:
    settings = {"spark.driver.memory": "3g", "RUST_LOG": "warn"}
    spark = CONTENDERS["spark-2g"].environment(settings, tmp_path)
    assert spark["RUST_LOG"] == "warn"
    assert '"spark.driver.memory=2g"' in spark["PYSPARK_SUBMIT_ARGS"]  # a contender's own stands over what was given
    assert spark["PYSPARK_SUBMIT_ARGS"].endswith(" pyspark-shell")
    assert CONTENDERS["sail"].environment(settings, tmp_path) == {"RUST_LOG": "warn"}


def test_a_copy_of_a_root_has_what_was_ingested(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for file in ("works/_delta_log/0.json", "studies/ai/led_works/a.parquet", ".lock"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("content")
    ingested_copy(root, tmp_path / "copy")
    assert [p.relative_to(tmp_path / "copy").as_posix() for p in (tmp_path / "copy").rglob("*") if p.is_file()] == [
        "works/_delta_log/0.json"
    ]
