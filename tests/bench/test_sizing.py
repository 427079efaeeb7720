"""What full dumps would take, from synthetic measurements whose growth is known."""

from dataclasses import replace
from pathlib import Path

import pytest
from bench.event_log import SparkCost
from bench.figures import Figures
from bench.growth import Growth
from bench.parsing import Parsing, by_record_and_byte
from bench.records import Record, Step
from bench.sizing import (
    MAG,
    OPENALEX,
    READING,
    Kind,
    cpu_kinds,
    driven_by,
    hours,
    memory_growth,
    shuffle_kinds,
    size_within,
    stored_kinds,
)
from bench.sizing_page import write_page
from measured import record, stage

SIZES = (1_000, 2_000, 4_000, 8_000)
#: Of a simulated work here: authorships, citations, and the share that is the field's.
ROWS = {"authorships": 2.0, "citations": 5.0, "field_works": 0.25}
#: CPU seconds a work, beside a second that every stage takes.
SLOPES: dict[Step, dict[str, float]] = {
    "ingest": {READING: 0.009, "works": 0.002, "authorships": 0.001, "citations": 0.0005},
    "derive": {"field_works": 0.001, "led_works": 0.003, "citation_windows": 0.004, "keyword_parameters": 0.001},
}


def measured(size: int, contender: str, step: Step) -> Record:
    """A step at a size: CPU seconds on their lines, ten bytes shuffled a work and stage, a hundred stored a work."""
    stages = [
        replace(stage(name, (0.0, 1.0), rows=round(size * ROWS.get(name, 1.0))), cpu=1 + slope * size)
        for name, slope in SLOPES[step].items()
    ]
    one = record(size, 1, contender, step, 1.0, peak_memory=10**9 + 2_000 * size)
    spark = {name: SparkCost(shuffle_written=10 * size) for name in SLOPES[step]} if contender == "spark" else {}
    stored = {"works": 100 * size, "authorships": 20 * size} | ({"studies": 8 * size} if step == "derive" else {})
    return replace(one, cost=replace(one.cost, stages=stages), spark=spark, stored=stored)


FIGURES = Figures([measured(n, engine, step) for n in SIZES for engine in ("sail", "spark") for step in SLOPES])
#: Two seconds for a million records and three for a GB of JSON; then a whole ingest.
PARSED = [Parsing("short", 5.0, 1_000_000, 10**9, 10**8, 1), Parsing("long", 32.0, 1_000_000, 10**10, 10**9, 1)]
WHOLE = Parsing("dump", 7.2, 100_000, 10**8, 10**7, 1, is_mag=True)


def kind(kinds: list[Kind], step: Step, driver: str) -> Kind:
    return next(one for one in kinds if (one.step, one.driven_by) == (step, driver))


def test_stages_of_one_kind_are_carried_on_by_the_rows_that_their_work_is_made_of() -> None:
    kinds = cpu_kinds(FIGURES, "sail")
    assert all(READING not in one.stages for one in kinds), "reading is told by its records"
    flat = kind(kinds, "ingest", "authorships")
    assert flat.measured == pytest.approx({n: 1 + 0.001 * n for n in SIZES})
    # 700 M authorships are 350 M works of two.
    assert flat.full(OPENALEX).line == pytest.approx(1 + 0.001 * 350e6)
    field = kind(kinds, "derive", "field_works")
    assert set(field.stages) == {"led_works", "keyword_parameters"}
    # 10 M works of the field are 40 M works of which a quarter is.
    assert field.full(OPENALEX).line == pytest.approx(2 + 0.004 * 40e6)
    assert field.full(OPENALEX).curve == pytest.approx(field.full(OPENALEX).line)
    assert sum(field.share(name) for name in field.stages) == pytest.approx(1)


def test_the_curve_takes_the_exponent_of_the_whole_step() -> None:
    def with_growth(one: Record) -> Record:
        grown = [
            replace(s, cpu=s.cpu + 1e-7 * one.size**2 if s.name == "led_works" else s.cpu) for s in one.cost.stages
        ]
        return replace(one, cost=replace(one.cost, stages=grown))

    kinds = cpu_kinds(Figures([with_growth(one) for one in FIGURES.records]), "sail")
    derive, ingest = kind(kinds, "derive", "citations"), kind(kinds, "ingest", "works")
    assert 1 < derive.curve.exponent < 2
    assert derive.full(OPENALEX).curve > derive.full(OPENALEX).line
    assert ingest.curve.exponent == 1
    assert len(derive.exponents) == 1 + len(SIZES)


def test_bytes_are_carried_on_alike() -> None:
    shuffled = kind(shuffle_kinds(FIGURES), "derive", "citations")
    assert shuffled.full(MAG).line == pytest.approx(10 * 1.9e9 / 5)
    assert kind(stored_kinds(FIGURES, "sail"), "derive", "field_works").full(OPENALEX).line == pytest.approx(8 * 40e6)


def test_of_one_size_growth_is_taken_to_be_in_proportion() -> None:
    (one,) = [
        k for k in cpu_kinds(Figures(FIGURES.records[-4:]), "sail") if (k.step, k.driven_by) == ("ingest", "works")
    ]
    assert one.exponents == []
    assert one.full(OPENALEX).curve == one.full(OPENALEX).line == pytest.approx((1 + 0.002 * 8_000) / 8_000 * 460e6)


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("work_fields", "works"),  # of the ingest
        ("comparison_works", "works"),  # it reads them all
        ("country_spells", "authorships"),
        ("citation_windows", "citations"),
        ("panel_dyad_years", "field_works"),
        ("studies", "field_works"),
    ],
)
def test_a_stage_is_driven_by_what_it_reads(name: str, driver: str) -> None:
    assert driven_by(name) == driver


def test_no_stage_takes_more_cores_than_it_has_tasks() -> None:
    assert hours({"works": 3_600.0}, 100, 0.5) == pytest.approx(1 / 50)
    assert hours({"keyword_parameters": 3_600.0}, 100, 0.5) == pytest.approx(1)
    assert hours({"works": 3_600.0, "venue_pairs": 3_600.0}, 16, 0.5) == pytest.approx(2 / 8)


def test_memory_says_what_fits() -> None:
    peaks, growth = memory_growth(FIGURES, "sail")
    assert peaks[8_000] == 10**9 + 16_000_000
    assert size_within(growth, 3e9) == pytest.approx(1e6)
    assert size_within(Growth(2e9, 1.0, 1.0), 1e9) == 0


def test_records_and_bytes_explain_what_reading_takes() -> None:
    assert by_record_and_byte(*PARSED) == pytest.approx((2e-6, 3e-9))


def test_the_page_has_the_figures_of_both_dumps(tmp_path: Path) -> None:
    write_page(FIGURES, PARSED, WHOLE, tmp_path / "sizing.md")
    text = (tmp_path / "sizing.md").read_text(encoding="utf-8")
    assert "| works | 460 M | 270 M |" in text
    # 460 M records at 2 µs, and 1.6 TB at 3 s a GB; MAG's 223 GB at 72 s a GB.
    assert "| of these reading | 1.59 | not told apart |" in text
    assert "| ingest on Sail, core hours | 424 | 4.46 |" in text
    # 80 % of 16 GB, less one, by 2 kB a work.
    assert "| laptop | 16 GB | 6 M |" in text
    assert "| led_works | field works | 4.00 · 7.00 · 13.0 · 25.0 |" in text
