"""Regressions on cells give what the works themselves give; and that is what statsmodels gives."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from panel.pairs import unfolded
from panel.test_panel_works import drawn, panel_of
from scholarflow.engine import Engine
from scholarflow.panel.premium_cells import premium_cells
from scholarflow.regression.estimate import Specification, estimated, informative
from scholarflow.regression.premium import SPECIFICATIONS, premium_regressions


@pytest.fixture(scope="module")
def works_and_cells(sail: Engine) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compared works one by one, and their cells, of some thousand drawn works."""
    panel = panel_of(*drawn(sail, 3_000).values())
    units = pd.DataFrame([unit for unit in unfolded(panel) if unit["is_compared"]])
    return units, premium_cells(panel).toPandas()


def of_works(specification: Specification, works: pd.DataFrame) -> tuple[Specification, pd.DataFrame]:
    """The same regression, a row for each work."""
    lead, partner = specification.sample.split(">")
    sample = works[(works["lead_country"] == lead) & (works["partner_country"] == partner)].copy()
    for name, keys in SPECIFICATIONS[specification.name].items():
        sample[name.replace(" × ", "_by_")] = sample.groupby(list(keys)).ngroup()
    effects = specification.fixed_effects
    if len(effects) == 1:
        sample = sample[sample.groupby(effects[0])["collaborates"].transform("nunique") == 2]
    sample["collaborates"] = sample["collaborates"].astype(float)
    return replace(specification, column="", exposure="", weight="", n=""), sample


def test_cells_give_what_works_give(works_and_cells: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    works, cells = works_and_cells
    found = list(premium_regressions(cells))
    assert len(found) == 2 * 2 * len(SPECIFICATIONS)
    for specification, sample in found:
        (of_cells,) = estimated(specification, sample, min_clusters=2)
        (one_by_one,) = estimated(*of_works(specification, works), min_clusters=2)
        assert of_cells["n_units"] < one_by_one["n_units"]
        assert of_cells["n_clusters"] == one_by_one["n_clusters"] > 5
        for name in ("estimate", "std_error", "ci_low", "ci_high"):
            assert of_cells[name] == pytest.approx(one_by_one[name], rel=1e-6), specification
        assert of_cells["p_value"] == pytest.approx(one_by_one["p_value"], rel=1e-4)


def test_as_statsmodels_with_dummies(works_and_cells: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    works, cells = works_and_cells
    for specification, sample in premium_regressions(cells):
        if specification.name != "premium_without_team":
            continue
        (row,) = estimated(specification, sample, min_clusters=2)
        kept = informative(*of_works(specification, works))
        effects = pd.get_dummies(kept[specification.fixed_effects[0]], dtype=float)
        x = np.column_stack([kept["collaborates"], effects])
        y = kept[specification.outcome].to_numpy(dtype=float)
        family = sm.families.Poisson() if specification.estimator == "ppml" else sm.families.Gaussian()
        clusters = kept["institution_key"].to_numpy()
        options = {"groups": clusters, "use_correction": False}
        fit = sm.GLM(y, x, family=family).fit(cov_type="cluster", cov_kwds=options, tol=1e-12)
        n_clusters = len(set(clusters))
        assert row["estimate"] == pytest.approx(fit.params[0], rel=1e-6)
        assert row["std_error"] == pytest.approx(fit.bse[0] * (n_clusters / (n_clusters - 1)) ** 0.5, rel=1e-6)


def test_weighted_by_strata_least_squares_is_a_matched_contrast(
    works_and_cells: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """With effects of strata the coefficient is the mean of their differences, by m_T · m_C ÷ (m_T + m_C)."""
    works, cells = works_and_cells
    for specification, sample in premium_regressions(cells):
        if (specification.name, specification.estimator) == ("premium_strata", "ols"):
            (row,) = estimated(specification, sample, min_clusters=2)
            lead = specification.sample.split(">")[0]
            of_lead = works[works["lead_country"] == lead]
            differences, weights = [], []
            for _, stratum in of_lead.groupby("stratum_id"):
                treated, others = (stratum.loc[stratum["collaborates"] == side, "log1p_c2"] for side in (True, False))
                if len(treated) and len(others):
                    differences.append(treated.mean() - others.mean())
                    weights.append(len(treated) * len(others) / len(stratum))
            assert row["estimate"] == pytest.approx(np.average(differences, weights=weights))
