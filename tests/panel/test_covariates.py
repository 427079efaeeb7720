"""The user's CSV of population and product: what is read, joined in, and every mistake named by file, line, column."""

from pathlib import Path

import pytest

from frames import config_of
from scholarflow.engine import Engine
from scholarflow.errors import InputError, UsageError
from scholarflow.panel.covariates import Covariate, covariates_of, with_covariates

HEADER = "country_code,year,population,gdp\n"
PLACES = {"US", "CN"}


def written(folder: Path, text: str) -> str:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_lines_in_order_and_empty_cells(tmp_path: Path) -> None:
    text = "\ufeff" + HEADER + "US,2010,309000000,1.5e13\n\nCN, 2010 ,1340000000,\nCN,2009,,6.1\n"
    assert covariates_of(written(tmp_path, text), places=PLACES) == [
        Covariate("CN", 2009, None, 6.1),
        Covariate("CN", 2010, 1_340_000_000, None),
        Covariate("US", 2010, 309_000_000, 1.5e13),
    ]
    assert covariates_of("", places=PLACES) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must begin with the header country_code,year,population,gdp"),
        ("country,year,population,gdp\n", "must begin with the header"),
        (HEADER, "has no line below its header"),
        (HEADER + "US,2010,1\n", "line 2: 3 columns where"),
        (HEADER + "USA,2010,1,1\n", "line 2: country_code = 'USA' is no ISO"),
        (HEADER + "US,10,1,1\n", "line 2: year = '10' is no year"),
        (HEADER + "US,2010,1.5,1\n", "line 2: population = '1.5' is no whole number"),
        (HEADER + "US,2010,0,1\n", "line 2: population = '0' is no whole number from 1 on"),
        (HEADER + "US,2010,1,much\n", "line 2: gdp = 'much' is no number above 0"),
        (HEADER + "US,2010,1,nan\n", "line 2: gdp = 'nan' is no number"),
        (HEADER + "US,2010,1,1\nUS,2010,1,1\n", "line 3: country_code US, year 2010 stands there before"),
        (HEADER + 'US,2010,"1,1\n', "not CSV"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(UsageError, match=f"panels.covariates {file}.*{message}"):
        covariates_of(file, places=PLACES)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        covariates_of(str(tmp_path / "none.csv"), places=PLACES)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="is not text in UTF-8"):
        covariates_of(str(tmp_path / "own.csv"), places=PLACES)


def test_members_of_a_group_are_no_places_of_a_study() -> None:
    groups = [{"name": "CN", "countries": ["CN", "HK"]}]
    assert "HK" not in config_of(study__country_groups=groups).study.places


def test_joined_by_country_and_year(either: Engine) -> None:
    rows = either.spark.createDataFrame([("US", 2010), ("US", 2011), ("CN", 2010)], "country_code string, pub_year int")
    given = [["US", 2010, 309_000_000, 14_992_100_000_000.1], ["CN", 2010, None, 0.1], ["FR", 2010, 1, 1.0]]
    found = {
        (row["country_code"], row["pub_year"]): (row["population"], row["gdp"])
        for row in with_covariates(rows, given).collect()
    }
    assert found == {
        ("US", 2010): (309_000_000, 14_992_100_000_000.1),
        ("US", 2011): (None, None),
        ("CN", 2010): (None, 0.1),
    }
    assert with_covariates(rows, []).where("population IS NULL AND gdp IS NULL").count() == 3
