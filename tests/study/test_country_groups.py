"""Country groups: countries that count as one."""

from typing import Any

import pytest

from frames import World, canonical_literals, config_of
from oracle.cases import CASES, canonical
from scholarflow.engine import Engine
from scholarflow.errors import UsageError
from scholarflow.study.country_groups import with_country_groups

CHINA = [{"name": "CN", "countries": ["CN", "HK", "MO"]}]


# The last author is in Hong Kong and China: one place. The first, of Macao, is then no partner abroad.
def test_worked_example(either: Engine) -> None:
    works = canonical_literals(
        either.spark,
        works="work_id pub_year\n1 2010\n2 2010",
        authorships="""
            work_id author_position author_id institution_id country_code
            1       1               7         70             MO
            1       2               8         81             CN
            1       2               8         80             HK
            2       1               9         90             US
            2       2               null      null           null
        """,
    )["works"]
    rows = {row["work_id"]: row for row in with_country_groups(works, CHINA).collect()}
    assert rows[1]["countries"] == rows[1]["last_countries"] == rows[1]["first_countries"] == ["CN"]
    assert [(a["author_id"], a["country_code"]) for a in rows[1]["author_countries"]] == [(7, "CN"), (8, "CN")]
    assert sorted((a["institution_id"], a["country_code"]) for a in rows[1]["authorships"]) == [
        (70, "CN"),
        (80, "CN"),
        (81, "CN"),
    ]
    assert rows[2]["countries"] == ["US"]
    assert [a["country_code"] for a in rows[2]["authorships"]] == ["US", None]
    assert with_country_groups(works, []) is works


@pytest.mark.slow
def test_a_whole_study_of_groups(sail: Engine) -> None:
    flat = canonical(CASES["mover_with_a_return"])
    groups = [{"name": "BOTH", "countries": ["US", "CN"]}]
    config = config_of(study__fields=[1], study__country_groups=groups, study__pairs=[["BOTH", "DE"]])
    world = World.of(sail.spark, flat, config, "openalex")
    assert {row["country_code"] for row in world.rows("author_country_years")} == {"BOTH"}
    assert world.rows("migrations") == [], "nobody leaves the group"
    assert [row["country_code"] for row in world.rows("country_totals") if row["years"] == "period"] == ["BOTH"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"study__country_groups": [{"name": "CN", "countries": ["HK"]}]}, "CN is a country outside the group"),
        ({"study__country_groups": [{"name": "EU", "countries": ["XX"]}]}, "XX is no ISO"),
        (
            {
                "study__country_groups": [
                    {"name": "EU27", "countries": ["DE", "FR"]},
                    {"name": "DACH", "countries": ["DE", "AT", "CH"]},
                ]
            },
            "DE stands there twice",
        ),
        (
            {
                "study__country_groups": [{"name": "EU27", "countries": ["DE", "FR"]}],
                "study__pairs": [["US", "DE"]],
            },
            "DE belongs to a group",
        ),
        ({"comparison__partners": ["EU27"]}, "EU27 is no country or group of this study"),
    ],
)
def test_what_cannot_be_a_group_is_a_usage_error(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        config_of(**settings)


def test_pairs_and_partners_may_be_groups() -> None:
    groups = [{"name": "EU27", "countries": ["DE", "FR"]}]
    config = config_of(study__country_groups=groups, study__pairs=[["US", "EU27"]], comparison__partners=["EU27", "CN"])
    assert config.study.pairs == [["US", "EU27"]]
