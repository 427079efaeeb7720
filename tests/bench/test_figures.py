"""Medians, ratios, growth and goals of measurements."""

import pytest
from bench.figures import TOTAL, Figures, extrapolated, goals, ratio
from bench.projection import projections
from bench.records import Record, append, load, newest
from measured import record

MILLION = 1_000_000


def repeats(size: int, contender: str, ingest: list[float], derive: list[float]) -> list[Record]:
    return [
        record(size, repeat, contender, step, seconds)  # type: ignore[arg-type]
        for step, all_seconds in (("ingest", ingest), ("derive", derive))
        for repeat, seconds in enumerate(all_seconds, 1)
    ]


def test_seconds_are_medians_of_what_ended_well() -> None:
    figures = Figures(
        [*repeats(5_000, "sail", [10.0, 30.0, 11.0], []), record(5_000, 4, "sail", "ingest", 1.0, status=1)]
    )
    assert figures.seconds(5_000, "sail", "ingest") == 11.0
    assert figures.spread(5_000, "sail", "ingest") == pytest.approx(30 / 11 - 1)
    assert figures.seconds(5_000, "sail", "derive") is None
    assert figures.seconds(5_000, "sail", TOTAL) is None


def test_ratios_are_within_a_repeat() -> None:
    # The second repeat was slow for both, the third for neither.
    assert ratio({1: 10.0, 2: 40.0, 3: 12.0}, {1: 10.0, 2: 20.0, 3: 4.0}) == 2.0


def test_ratio_of_medians_where_no_repeat_has_both_and_null_where_one_has_none() -> None:
    assert ratio({1: 10.0}, {2: 5.0, 3: 5.0}) == 2.0
    assert ratio({1: 10.0}, {}) is None


def test_who_makes_some_of_the_tables_is_compared_in_these() -> None:
    figures = Figures(
        [
            record(5_000, 1, "duckdb", "derive", 9.0, stages={"field_works": 2.0, "scientists": 1.0, "led_works": 6.0}),
            record(5_000, 1, "pyscisci", "derive", 7.0, stages={"field_works": 4.0, "scientists": 2.0, "own": 1.0}),
        ]
    )
    assert figures.ratio(5_000, "pyscisci", "derive") == 2.0
    assert figures.ratio(5_000, "pyscisci", TOTAL) is None


# In proportion; half of it whatever the size; falling; nothing before.
@pytest.mark.parametrize(
    ("few", "many", "expected"), [(3.0, 12.0, 120.0), (5.0, 8.0, 44.0), (9.0, 8.0, 8.0), (0.0, 3.0, 39.0)]
)
def test_what_is_projected_lies_on_the_line_through_two_sizes(few: float, many: float, expected: float) -> None:
    assert extrapolated(MILLION, 4 * MILLION, few, many, 10) == pytest.approx(expected)


def test_stages_are_listed_where_they_come_in_the_first_contender_that_has_them() -> None:
    figures = Figures(
        [
            record(5_000, 1, "duckdb", "ingest", 1.0, stages={"works": 1.0, "extra": 1.0}),
            record(5_000, 1, "sail", "ingest", 1.0, stages={"read works": 1.0, "works": 1.0, "authors": 1.0}),
        ]
    )
    assert figures.stage_names(5_000, "ingest") == ["read works", "works", "extra", "authors"]


def test_goals_compare_what_was_measured_and_say_what_was_not() -> None:
    measured = [
        *repeats(MILLION, "duckdb", [10.0, 10.0], [10.0, 10.0]),
        *repeats(MILLION, "sail", [16.0, 16.0], [9.0, 9.0]),
        record(4 * MILLION, 1, "spark-2g", "derive", 5.0, status=1),
    ]
    by_text = {goal.text: goal for goal in goals(Figures(measured))}
    derive = by_text["Sail ÷ DuckDB, derive, 1 M works"]
    assert (derive.value, derive.verdict) == (0.9, "met")
    together = by_text["Sail ÷ DuckDB, ingest and derive, 1 M works"]
    assert (together.value, together.verdict) == (1.25, "met")
    assert by_text["Sail, ingest and derive, 1 M works: peak memory"].value == 1.0
    assert by_text["Spark ÷ DuckDB, derive, 1 M works"].verdict == "not measured"
    in_2_gb = next(goal for text, goal in by_text.items() if "2 GB" in text)
    assert (in_2_gb.value, in_2_gb.verdict) == (1, "**not met**")


def test_nothing_is_projected_without_spark() -> None:
    assert projections(Figures(repeats(5_000, "sail", [1.0], [1.0]))) == []


def test_records_come_back_from_disk_and_the_last_of_a_process_counts(tmp_path: pytest.TempPathFactory) -> None:
    file = tmp_path / "measurements.jsonl"  # type: ignore[operator]
    tries = [
        record(5_000, 1, "sail", "derive", 3.0, status=1, stages={"works": 1.0}),
        record(5_000, 1, "sail", "derive", 2.0),
    ]
    for one in tries:
        append(file, one)
    assert load(file) == tries
    assert newest(load(file)) == tries[1:]
    assert load(file.with_name("other.jsonl")) == []
