"""`scholarflow regress`: the table, its CSV, what cannot be estimated, and what is missing."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.csv
import pytest

from frames import config_of
from scholarflow.cli import main
from scholarflow.engine import Engine, Store
from scholarflow.errors import InputError, UsageError
from scholarflow.progress import Silent
from scholarflow.regression.estimate import Specification, estimated, require_pyfixest
from scholarflow.regression.run import regress
from scholarflow.tables.panels import PREMIUM_CELLS, REGRESSIONS
from stored_tables import stored


def outcome_of(estimator: Any, **columns: list[float]) -> dict[str, Any]:
    specification = Specification("s", "y", "all", estimator, ("x",), ("group",), "cluster")
    (row,) = estimated(specification, pd.DataFrame(columns), min_clusters=2)
    return row


@pytest.mark.parametrize(
    ("estimator", "columns", "note"),
    [
        ("ppml", {"y": [], "x": [], "group": [], "cluster": []}, "no rows are left"),
        ("ols", {"y": [1], "x": [1], "group": [1], "cluster": [1]}, "no rows are left"),
        ("ppml", {"y": [0, 0], "x": [0, 1], "group": [1, 1], "cluster": [1, 2]}, "the outcome is zero everywhere"),
        ("ols", {"y": [2, 2], "x": [0, 1], "group": [1, 1], "cluster": [1, 2]}, "the outcome does not vary"),
        ("ols", {"y": [1, 2], "x": [1, 1], "group": [1, 1], "cluster": [1, 2]}, "no regressor varies"),
        ("ols", {"y": [1, 2, 3], "x": [0, 1, 1], "group": [1] * 3, "cluster": [1] * 3}, "a single cluster"),
        ("ppml", {"y": [1, 2, 3, 4], "x": [0, 0, 1, 1], "group": [1, 1, 2, 2], "cluster": [1, 2, 3, 4]}, "collinear"),
        ("ppml", {"y": [0, 0, 3, 4], "x": [0, 0, 1, 1], "group": [1] * 4, "cluster": [1, 2, 3, 4]}, ""),
    ],
)
def test_what_cannot_be_estimated_has_a_row_that_says_why(estimator: str, columns: Any, note: str) -> None:
    row = outcome_of(estimator, **columns)
    assert row["estimate"] is None
    assert row["std_error"] is None
    assert note in row["note"]


@pytest.fixture
def root(finished_root: Path, tmp_path: Path) -> Path:
    shutil.copytree(finished_root, tmp_path / "root")
    return tmp_path / "root"


def test_the_table_and_its_csv(sail: Engine, root: Path) -> None:
    config = config_of(bootstrap__min_clusters=2)
    store = Store(root, sail, study=config.study.name)
    n_rows = regress(store, config, Silent())
    once = stored(store, REGRESSIONS)
    assert n_rows == once.num_rows == 2 * (2 * 3 + 3 * 15) + 3
    assert set(once["sample"].to_pylist()) == {"US>CN", "CN>US", "all"}
    rows = once.sort_by([(name, "ascending") for name in REGRESSIONS.grain]).to_pylist()
    years = [row["years_since_move"] for row in rows if row["outcome"] == "log1p_n_works" and row["sample"] == "CN>US"]
    assert years == [-5, -4, -3, -1, *range(11)], "by number, not by the alphabet"
    assert {row["years_since_move"] for row in rows if row["term"] != "years_since_move"} == {None}
    assert any(row["estimate"] is not None for row in rows)
    assert all(row["note"] for row in rows if row["estimate"] is None or row["std_error"] is None)
    csv = pyarrow.csv.read_csv(store.study_path / "csv" / "regressions.csv")
    assert csv.column_names == REGRESSIONS.column_names
    assert csv.num_rows == n_rows
    regress(store, config, Silent())
    order = [(name, "ascending") for name in REGRESSIONS.grain]
    again = stored(store, REGRESSIONS).sort_by(order)
    for row, before in zip(again.to_pylist(), once.sort_by(order).to_pylist(), strict=True):
        assert row == {k: pytest.approx(v, rel=1e-6) if isinstance(v, float) else v for k, v in before.items()}


def test_a_panel_that_is_missing_is_named(sail: Engine, root: Path) -> None:
    config = config_of()
    store = Store(root, sail, study=config.study.name)
    shutil.rmtree(store.path(PREMIUM_CELLS))
    with pytest.raises(InputError, match="premium_cells is missing; `scholarflow run` makes it"):
        regress(store, config, Silent())


def test_without_pyfixest(monkeypatch: pytest.MonkeyPatch, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "pyfixest", None)
    with pytest.raises(UsageError, match=r"regress needs pyfixest: pip install pyfixest, or make setup in a checkout"):
        require_pyfixest()
    with pytest.raises(SystemExit) as ended:
        main(["regress", "--root", str(root)])
    assert ended.value.code == 2
    hint = "pip install pyfixest, or make setup in a checkout"
    assert capsys.readouterr().err == f"scholarflow: regress needs pyfixest: {hint}\n"
