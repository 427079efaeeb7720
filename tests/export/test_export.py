"""`scholarflow export`: the same rows as Parquet, CSV and Delta, pairs as columns, a codebook beside each table."""

import csv
import gzip
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from frames import config_of
from scholarflow.engine import Store
from scholarflow.errors import InputError, UsageError
from scholarflow.export import Format
from scholarflow.export.flat import flat_columns, flattened
from scholarflow.export.run import PANELS, export_tables
from scholarflow.progress import Silent
from scholarflow.tables import PUBLIC
from scholarflow.tables.panels import PANEL_SCIENTIST_YEARS, PANEL_WORKS
from stored_tables import stored


@pytest.fixture(scope="module")
def out(finished_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The panels of the small snapshot, exported."""
    folder = tmp_path_factory.mktemp("export") / "new" / "folder"
    export_tables(finished_root, [], folder, Silent())
    return folder


def codebook(out: Path, table: str) -> list[dict[str, str]]:
    with (out / f"{table}.codebook.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_names_of_pairs() -> None:
    names = [column.name for column in flat_columns(PANEL_WORKS, [["US", "CN"], ["CN", "GB"]])]
    assert names[:2] == ["work_id", "lead_country"]
    assert names[-12:-4] == [
        *("collaborates_CN", "is_compared_CN", "stratum_id_CN", "cem_weight_CN"),
        *("collaborates_GB", "is_compared_GB", "stratum_id_GB", "cem_weight_GB"),
    ]
    assert len(set(names)) == len(names)
    ways = [column.name for column in flat_columns(PANEL_SCIENTIST_YEARS, [["US", "CN"]])]
    assert {"has_moved_US_CN", "years_since_move_US_CN", "cem_weight_CN_US"} <= set(ways)


def test_each_element_of_pairs_in_its_columns() -> None:
    def pair(partner: str, collaborates: bool, weight: float) -> dict[str, Any]:
        return {"partner_country": partner, "collaborates": collaborates, "cem_weight": weight}

    lists = [[], [pair("CN", True, 1.0), pair("GB", False, 0.5)], [pair("GB", True, 1.0)], []]
    batch = pa.RecordBatch.from_pylist([{"work_id": n, "pairs": pairs} for n, pairs in enumerate(lists)])
    wanted = {"work_id", "collaborates_CN", "collaborates_GB", "cem_weight_GB"}
    columns = [c for c in flat_columns(PANEL_WORKS, [["US", "CN"], ["US", "GB"]]) if c.name in wanted]
    for part, rows in ((batch, slice(0, 4)), (batch.slice(1, 2), slice(1, 3))):
        flat = flattened(part, columns).to_pydict()
        assert flat["collaborates_CN"] == [None, True, None, None][rows]
        assert flat["collaborates_GB"] == [None, False, True, None][rows]
        assert flat["cem_weight_GB"] == [None, 0.5, 1.0, None][rows]


def test_every_panel_as_parquet_csv_and_codebook(out: Path, finished_root: Path) -> None:
    suffixes = (".parquet", ".csv.gz", ".codebook.csv")
    assert {path.name for path in out.iterdir()} == {name + suffix for name in PANELS for suffix in suffixes}
    store = Store(finished_root, study=config_of().study.name)
    for name in PANELS:
        rows = pq.read_table(out / f"{name}.parquet")
        lines = pyarrow.csv.read_csv(out / f"{name}.csv.gz")
        assert lines.column_names == rows.column_names == [line["column"] for line in codebook(out, name)]
        table = PUBLIC[name]
        order = [(key, "ascending") for key in table.grain]
        delta = stored(store, table).sort_by(order)
        own = [column for column in table.column_names if column != "pairs"]
        assert rows.select(own).to_pylist() == delta.select(own).to_pylist()
        assert lines.num_rows == rows.num_rows
        for column in table.grain:
            assert lines[column].to_pylist() == rows[column].to_pylist()
        for line in codebook(out, name):
            assert line["meaning"]
            assert float(line["share_null"]) == pytest.approx(rows[line["column"]].null_count / len(rows), rel=1e-5), (
                line
            )


def test_weights_of_a_pair_are_those_of_its_elements(out: Path, finished_root: Path) -> None:
    rows = pq.read_table(out / "panel_works.parquet").to_pylist()
    store = Store(finished_root, study=config_of().study.name)
    elements = {
        (row["work_id"], row["lead_country"], pair["partner_country"]): pair
        for row in stored(store, PANEL_WORKS).to_pylist()
        for pair in row["pairs"]
    }
    assert elements
    for row in rows:
        for partner in ("CN", "US"):
            pair = elements.get((row["work_id"], row["lead_country"], partner))
            for member in ("collaborates", "stratum_id", "cem_weight"):
                assert row[f"{member}_{partner}"] == (None if pair is None else pair[member])


def test_twice_is_the_same_bytes(out: Path, finished_root: Path, tmp_path: Path) -> None:
    export_tables(finished_root, ["panel_works"], tmp_path, Silent())
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (out / path.name).read_bytes(), path.name


def test_large_tables_are_a_folder_by_year(out: Path, finished_root: Path, tmp_path: Path) -> None:
    export_tables(finished_root, ["panel_works"], tmp_path, Silent(), largest_file=10)
    whole = pq.read_table(out / "panel_works.parquet")
    folder = tmp_path / "panel_works_parquet"
    years = {path.name for path in folder.iterdir()}
    assert years == {f"pub_year={year}" for year in whole["pub_year"].to_pylist()}
    order = [("work_id", "ascending"), ("lead_country", "ascending")]
    rows = ds.dataset(folder, partitioning="hive").to_table(whole.column_names)
    assert rows.sort_by(order).to_pylist() == whole.to_pylist()
    by_pandas = pd.read_parquet(folder)
    assert sorted(by_pandas.columns) == sorted(whole.column_names)
    assert by_pandas.groupby("pub_year", observed=True).size().sum() == len(whole)
    with duckdb.connect() as connection:
        counted = connection.execute(f"SELECT pub_year, count(*) FROM '{folder}/*/*.parquet' GROUP BY 1").fetchall()
    assert dict(counted) == Counter(whole["pub_year"].to_pylist())
    n_lines = 0
    for path in (tmp_path / "panel_works_csv").rglob("*.csv.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            assert lines.readline().startswith('"work_id","lead_country","pub_year"')
            n_lines += len(lines.readlines())
    assert n_lines == len(whole)
    export_tables(finished_root, ["panel_works"], tmp_path, Silent(), formats=[Format.parquet])
    assert (tmp_path / "panel_works.parquet").is_file()
    assert not folder.exists(), "of an earlier export"


def test_any_table_lists_as_json(finished_root: Path, tmp_path: Path) -> None:
    export_tables(finished_root, ["field_works", "country_years"], tmp_path, Silent(), formats=[Format.csv])
    rows = pyarrow.csv.read_csv(tmp_path / "field_works.csv.gz").to_pylist()
    assert any(row["countries"].startswith('["') for row in rows)
    (line,) = [line for line in codebook(tmp_path, "field_works") if line["column"] == "countries"]
    assert line["type"] == "array<string>, in CSV as JSON"
    assert not list(tmp_path.glob("*.parquet"))


def test_what_is_not_there_is_said_before_anything_is_written(finished_root: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="table nonsense: unknown; tables: works"):
        export_tables(finished_root, ["panel_works", "nonsense"], tmp_path / "out", Silent())
    with pytest.raises(InputError, match="table regressions is missing; `scholarflow regress` makes it"):
        export_tables(finished_root, ["panel_works", "regressions"], tmp_path / "out", Silent())
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is no folder"):
        export_tables(finished_root, [], tmp_path / "file", Silent())


def test_nothing_half_written_stays(finished_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device", "disk")

    monkeypatch.setattr("scholarflow.export.files._Csv.write", fail)
    with pytest.raises(OSError, match="No space left"):
        export_tables(finished_root, ["panel_works"], tmp_path, Silent())
    assert list(tmp_path.iterdir()) == []
