"""The rules of `scholarflow check` for panels: each holds where it should, and names a row where it is broken."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame
from pyspark.sql.types import StructField, StructType

from frames import config_of, frame
from scholarflow.check import CHECKS, check_tables
from scholarflow.cli import main
from scholarflow.engine import Engine, Store
from scholarflow.errors import CheckError
from scholarflow.progress import Silent
from scholarflow.tables import LAYERS, PUBLIC, Table, optional
from scholarflow.tables.declaration import INT
from scholarflow.tables.panels import PANEL_COUNTRY_YEARS, PANEL_DYAD_YEARS, PANEL_WORKS, PREMIUM_CELLS
from scholarflow.tables.results import COUNTRY_YEARS


def offenders(table: Table, rule: str, *frames: DataFrame) -> list[dict[str, Any]]:
    (check,) = (check for check in CHECKS if check.tables[0] is table and check.rule == rule)
    return [row.asDict() for row in check.offenders(*frames).collect()]


DYADS = """
    origin_country destination_country pub_year n_works_together pair_key
    CN             US                  2010     3                CN-US
    US             CN                  2010     3                CN-US
    FR             US                  2010     0                FR-US
    US             FR                  2010     0                FR-US
"""


@pytest.mark.parametrize(
    ("changed", "pair"),
    [
        (("", ""), None),
        (("US             CN                  2010     3 ", "US             CN                  2010     4 "), "CN-US"),
        (("    US             FR                  2010     0                FR-US\n", ""), "FR-US"),
    ],
    ids=["as it should be", "other works the other way", "one direction alone"],
)
def test_dyads_are_mirrored(either: Engine, changed: tuple[str, str], pair: str | None) -> None:
    rows = frame(either.spark, PANEL_DYAD_YEARS, DYADS.replace(*changed) if changed[0] else DYADS)
    found = offenders(PANEL_DYAD_YEARS, "its pairs are mirrored", rows)
    assert [row["pair_key"] for row in found] == ([pair] if pair else [])


RESULTS = """
    country_code pub_year n_works
    US           2010     3
    CN           2011     1
"""


@pytest.mark.parametrize(
    ("panel", "broken"),
    [
        (["US 2010 3", "US 2011 0", "CN 2010 0", "CN 2011 1"], None),
        (["US 2010 2", "US 2011 0", "CN 2010 0", "CN 2011 1"], ("US", 2010)),
        (["US 2010 3", "US 2011 1", "CN 2010 0", "CN 2011 1"], ("US", 2011)),
        (["US 2010 3", "US 2011 0", "CN 2010 0"], ("CN", 2011)),
    ],
    ids=["zeros beside", "other works", "works of nobody", "a row that lacks"],
)
def test_countries_have_the_works_of_the_results(
    either: Engine, panel: list[str], broken: tuple[str, int] | None
) -> None:
    rows = frame(either.spark, PANEL_COUNTRY_YEARS, "\n".join(["country_code pub_year n_works", *panel]))
    results = frame(either.spark, COUNTRY_YEARS, RESULTS)
    found = offenders(PANEL_COUNTRY_YEARS, "its works are those of country_years", rows, results)
    assert [(row["country_code"], row["pub_year"]) for row in found] == ([broken] if broken else [])


def _works(engine: Engine) -> DataFrame:
    """Two works led from the US: with China and compared, and not compared; one without."""
    pairs = next(column for column in PANEL_WORKS.columns if column.name == "pairs")
    schema = frame(engine.spark, PANEL_WORKS, "work_id lead_country pub_year c2\n1 US 2010 1").schema
    rows = [
        (1, "US", 2010, 8, [("CN", True, True, "2010-2-1", 1.0)]),
        (2, "US", 2010, 5, [("CN", False, True, "2010-2-1", 1.0)]),
        (3, "US", 2010, 9, [("CN", True, False, "", 0.0)]),
        (4, "FR", 2010, 7, []),
    ]
    return engine.spark.createDataFrame(rows, StructType([*schema, StructField("pairs", pairs.type)]))


CELLS = "lead_country partner_country pub_year n_authors institution_key collaborates n_works sum_c2"
WITH, WITHOUT = "US CN 2010 2 1 true 1 8", "US CN 2010 2 1 false 1 5"


@pytest.mark.parametrize(
    ("cells", "broken"),
    [
        ([WITH, WITHOUT], []),
        ([WITH], [False]),
        ([WITH, WITHOUT, "US CN 2010 3 1 true 1 9"], [True]),
        ([WITH, "US CN 2010 2 1 false 1 6"], [False]),
    ],
    ids=["as it should be", "a cell that lacks", "a work too many", "other citations"],
)
def test_cells_have_the_works_that_are_compared(either: Engine, cells: list[str], broken: list[bool]) -> None:
    rows = frame(either.spark, PREMIUM_CELLS, "\n".join([CELLS, *cells]))
    found = offenders(PREMIUM_CELLS, "its works are those compared in panel_works", rows, _works(either))
    assert [row["collaborates"] for row in found] == broken


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results by country have one column more than when they were made."""
    table = replace(COUNTRY_YEARS, columns=(*COUNTRY_YEARS.columns, optional("n_prizes", INT, "for the test")))
    monkeypatch.setitem(PUBLIC, table.name, table)
    results = tuple(table if result is COUNTRY_YEARS else result for result in LAYERS["results"])
    monkeypatch.setitem(LAYERS, "results", results)


@pytest.mark.usefixtures("newer")
def test_a_table_made_before_it_had_a_column_is_a_finding_beside_others(sail: Engine, finished_root: Path) -> None:
    store = Store(finished_root, sail, study=config_of().study.name)
    with pytest.raises(CheckError) as failed:
        check_tables(store, Silent())
    assert str(failed.value) == "table country_years: column n_prizes is missing"


@pytest.mark.usefixtures("newer")
@pytest.mark.parametrize("command", [["show", "country_years"], ["export", "country_years"], ["report"]])
def test_a_table_made_before_it_had_a_column_is_named(
    command: list[str], finished_root: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = [] if command[0] == "show" else ["--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as ended:
        main([*command, "--root", str(finished_root), *out])
    assert ended.value.code == 3
    said = capfd.readouterr().err.strip().splitlines()[-1]
    assert said.endswith("table country_years has no column n_prizes yet; `scholarflow run` makes it anew")
    assert not (tmp_path / "out").exists()
