"""Names of countries beside their codes."""

from pyspark.sql import functions as F

from scholarflow.countries import country_name
from scholarflow.engine import Engine


def test_a_code_without_a_name_stands_for_itself(either: Engine) -> None:
    codes = either.spark.createDataFrame([("CN",), ("XK",), ("QQ",), (None,)], "code string")
    named = {
        row["code"]: row["name"] for row in codes.select("code", country_name(F.col("code")).alias("name")).collect()
    }
    assert named == {"CN": "China", "XK": "Kosovo", "QQ": "QQ", None: None}
