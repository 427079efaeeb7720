"""The premium that the simulator planted is found again, in both directions, and none where none was planted."""

from typing import Any

import pytest

from frames import config_of
from scholarflow.derive import derive
from scholarflow.engine import Engine, Store
from scholarflow.ingest.run import ingest
from scholarflow.progress import Silent
from scholarflow.simulate import Effects, simulate
from scholarflow.tables.comparisons import CITATION_PREMIUM
from scholarflow.tables.results import KINDS_OF_WORKS
from stored_tables import stored

pytestmark = pytest.mark.slow

#: Factors on how attractive works are to citations: large, as the world is small.
PLANTED = {"US>CN": 1.5, "CN>US": 2.0}
PARTNERS = ["CA", "DE", "FR", "GB", "JP", "KR"]


@pytest.fixture(scope="module")
def store(sail: Engine, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The world of these effects, compared."""
    folder = tmp_path_factory.mktemp("premium")
    effects = Effects(citation_premiums=PLANTED, international_share=(0.4, 0.4))
    simulate(folder / "snapshot", works=150_000, seed=12, format="openalex", effects=effects)
    config = config_of(
        comparison__partners=PARTNERS,
        bootstrap__min_clusters=12,
        study__comparison_fields=[[77088390]],
        study__wide_fields=[],
    )
    made = Store(folder / "root", sail, study=config.study.name)
    ingest("openalex", folder / "snapshot", made, config, Silent())
    derive(made, config, Silent(), only=["citation_premium", "kinds_of_works"])
    return made


@pytest.fixture(scope="module")
def premiums(store: Store) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Rows of complete years by lead, partner and variant."""
    rows = stored(store, CITATION_PREMIUM).to_pylist()
    return {(r["lead_country"], r["partner_country"], r["variant"]): r for r in rows if r["period"] == "complete"}


@pytest.mark.parametrize("variant", ["base", "c5", "foreign_lead", "known_countries", "same_last_author_relative"])
@pytest.mark.parametrize("direction", PLANTED)
def test_planted_premium_lies_in_its_interval(premiums: Any, direction: str, variant: str) -> None:
    row = premiums[(*direction.split(">"), variant)]
    assert row["ci_low"] < 100 * (PLANTED[direction] - 1) < row["ci_high"], row
    assert row["ci_low"] > 0
    assert row["p_value"] < 0.05


def test_no_premium_is_found_where_none_was_planted(premiums: Any) -> None:
    rows = [
        row
        for (lead, partner, variant), row in premiums.items()
        if variant == "base" and f"{lead}>{partner}" not in PLANTED and row["ci_low"] is not None
    ]
    assert len(rows) >= 6
    # Of half a dozen true nulls seldom more than one is rejected at 5 %.
    assert sum(not row["ci_low"] <= 0 <= row["ci_high"] for row in rows) <= 1
    assert sum(row["p_value"] < 0.05 for row in rows) <= 1


def test_matching_leaves_no_imbalance(premiums: Any) -> None:
    for row in premiums.values():
        if row["l1_after"] is not None:
            assert row["l1_before"] > 0.1
            assert row["l1_after"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("direction", PLANTED)
def test_works_with_a_planted_premium_are_hits_more_often(store: Store, direction: str) -> None:
    lead, partner = direction.split(">")
    pooled = [row for row in stored(store, KINDS_OF_WORKS).to_pylist() if row["pub_year"] is None]
    with_, without = (
        next(row for row in pooled if row["lead_country"] == lead and row["collaborates"] == kind)
        for kind in (True, False)
    )
    assert with_["partner_country"] == partner
    assert with_["hit_rate"] > 1.5 * without["hit_rate"] > 0
    assert with_["p_value"] < 0.05
    assert with_["ci_low"] < with_["difference"] < with_["ci_high"]
    # Where the lead works is drawn whoever the co-authors are: no difference was planted.
    assert with_["top_ci_low"] < 0 < with_["top_ci_high"]
    assert with_["top_p_cluster"] > 0.05
