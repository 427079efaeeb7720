"""The page of a benchmark."""

import pytest
from bench.figures import Figures
from bench.page import kept_section, page, write_page
from bench.sections import seconds, size, times
from measured import record

FIGURES = Figures(
    [
        record(5_000, 1, "duckdb", "ingest", 2.0, stages={"works": 2.0}),
        record(5_000, 1, "duckdb", "derive", 1.0, stages={"led_works": 1.0}),
        record(5_000, 1, "sail", "ingest", 3.0, stages={"works": 2.5}),
        record(5_000, 1, "sail", "derive", 1.5, stages={"led_works": 1.5}),
        record(5_000, 1, "sail", "equal", 0.0),
        record(5_000, 1, "spark", "ingest", 0.0, status=1),
    ]
)


def test_what_people_wrote_stays(tmp_path: pytest.TempPathFactory) -> None:
    file = tmp_path / "benchmark.md"  # type: ignore[operator]
    write_page(FIGURES, file, tmp_path / "benchmark.svg")  # type: ignore[operator]
    written = file.read_text().replace("Nothing here yet", "Windows by rank: 9 s, then 3 s.\n\nNothing else")
    file.write_text(written)
    write_page(FIGURES, file, tmp_path / "benchmark.svg")  # type: ignore[operator]
    assert file.read_text() == written


@pytest.mark.parametrize("lost", ["<!-- changes -->", "<!-- /changes -->"])
def test_half_a_section_is_an_error(lost: str) -> None:
    with pytest.raises(ValueError, match="markers"):
        kept_section("<!-- changes -->\nmuch work\n<!-- /changes -->".replace(lost, ""))


def test_the_page_says_what_was_measured_compared_and_failed() -> None:
    text = page(FIGURES, picture="benchmark.svg", changes="none")
    assert "| 5,000 | Sail | 3.00 | 1.50 × | 1.50 | 1.50 × | 4.50 | 1.50 × | – | 1.0 GB |" in text
    assert "| works | 2.00 | 2.50 | 1.25 × |" in text
    assert "Every table equal to DuckDB's, row by row: Sail at 5,000 works." in text
    assert "**Spark local, ingest of 5,000 works, repeat 1: failed with status 1.**" in text
    assert "| Sail ÷ DuckDB, derive, 1 M works | ≤ 1 × | – | not measured |" in text


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "–"), (0.123, "0.12"), (12.34, "12.3"), (123.4, "123"), (1234.5, "1,234")]
)
def test_seconds(value: float | None, expected: str) -> None:
    assert seconds(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, "–"), (0, "0"), (512, "512 B"), (1_500, "1.5 kB"), (2.5e11, "250 GB"), (3e12, "3.0 TB")],
)
def test_sizes(value: float | None, expected: str) -> None:
    assert size(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(None, "–"), (1.256, "1.26 ×"), (12.6, "12.6 ×"), (283.4, "283 ×")])
def test_ratios(value: float | None, expected: str) -> None:
    assert times(value) == expected
