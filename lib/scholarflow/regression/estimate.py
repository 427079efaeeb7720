"""One regression: what is dropped before, the estimate, and why there is none."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from scholarflow.errors import UsageError

Estimator = Literal["ppml", "ols"]

#: At which iterations end: far below what is shown, so that cells and works agree in what is.
_TOLERANCE = 1e-10
#: The deviance is flat at its minimum: coefficients are known to the root of this.
_OF_DEVIANCE = 1e-13


@dataclass(frozen=True)
class Specification:
    """What is regressed on what.

    `fixed_effects` and `cluster` are columns of the sample; `years_since_move` says for which year each regressor
    stands, where they are one term by years. `n` is the column with the number of units a row stands for, `exposure`
    that whose logarithm is the offset, `weight` that of analytic weights; none: every row is one unit.
    """

    name: str
    outcome: str
    sample: str
    estimator: Estimator
    regressors: tuple[str, ...]
    fixed_effects: tuple[str, ...]
    cluster: str
    n: str = ""
    exposure: str = ""
    weight: str = ""
    column: str = ""
    years_since_move: dict[str, int] = field(default_factory=dict)
    note: str = ""

    @property
    def left(self) -> str:
        """The column of the sample that holds the outcome, where its name is another."""
        return self.column or self.outcome


def estimated(specification: Specification, sample: pd.DataFrame, *, min_clusters: int) -> Iterator[dict[str, Any]]:
    """Rows of the table, one for each term; nulls and a note where something cannot be estimated.

    Standard errors are clustered (CRV1) with the factor G ÷ (G − 1) and none for the number of parameters, so that sums
    of units give what the units give. Fewer clusters than `min_clusters` on either side give no standard error.
    """
    kept = informative(specification, sample)
    n_clusters = int(kept[specification.cluster].nunique())
    told = {
        "specification": specification.name,
        "outcome": specification.outcome,
        "sample": specification.sample,
        "estimator": specification.estimator,
        "n_obs": int(kept[specification.n].sum()) if specification.n else len(kept),
        "n_units": len(kept),
        "n_clusters": n_clusters,
        "fixed_effects": " + ".join(specification.fixed_effects),
    }
    why_not, found = _why_not(specification, sample, kept), pd.DataFrame()
    if not why_not:
        try:
            found = _fitted(specification, kept)
        except _cannot() as error:
            why_not = str(error).strip().splitlines()[0]
    for regressor in specification.regressors:
        too_few = _n_clusters(specification, kept, regressor) < min_clusters
        reasons = [why_not] if why_not else []
        if not why_not and regressor not in found.index:
            reasons.append("left out: collinear with the fixed effects or other terms")
        elif not why_not and too_few:
            reasons.append(f"no standard error: fewer than {min_clusters} clusters with it, or without")
        row = found.loc[regressor] if regressor in found.index else None
        yield (
            told
            | _term(specification, regressor)
            | _numbers(row, n_clusters, sure=not too_few)
            | {"note": "; ".join([*reasons, *([specification.note] if specification.note else [])]) or None}
        )


def informative(specification: Specification, sample: pd.DataFrame) -> pd.DataFrame:
    """The rows that say anything of the coefficients: no group of a fixed effect alone, or without any outcome.

    Such groups are fitted perfectly. By Poisson a group of zeros has no finite effect (Correia, Guimarães & Zylkin
    2021, arXiv 1903.01633); its rows add nothing to any other coefficient.
    """
    kept = sample
    while True:
        keep = np.ones(len(kept), bool)
        for effect in specification.fixed_effects:
            groups = kept.groupby(effect, sort=False)[specification.left]
            keep &= (groups.transform("size") > 1).to_numpy()
            if specification.estimator == "ppml":
                keep &= (groups.transform("sum") > 0).to_numpy()
        if keep.all():
            return kept
        kept = kept[keep]


def _term(specification: Specification, regressor: str) -> dict[str, Any]:
    year = specification.years_since_move.get(regressor)
    return {"term": regressor if year is None else "years_since_move", "years_since_move": year}


def _n_clusters(specification: Specification, kept: pd.DataFrame, regressor: str) -> int:
    """Clusters that tell of a regressor: of one that is 0 or 1, those on the side that has fewer."""
    cluster, value = kept[specification.cluster], kept[regressor]
    if not value.isin((0.0, 1.0)).all():
        return int(cluster.nunique())
    return min(int(cluster[value == side].nunique()) for side in (0.0, 1.0))


def _why_not(specification: Specification, sample: pd.DataFrame, kept: pd.DataFrame) -> str:
    """Why what is kept of a sample gives no estimate; empty: it may."""
    if len(sample) and (sample[specification.left] == 0).all():
        return "the outcome is zero everywhere"
    if len(kept) == 0:
        return "no rows are left: every group of a fixed effect is alone or has no outcome"
    if kept[specification.left].nunique() < 2:
        return "the outcome does not vary"
    if all(kept[regressor].nunique() < 2 for regressor in specification.regressors):
        return "no regressor varies"
    if kept[specification.cluster].nunique() < 2:
        return "a single cluster"
    return ""


def require_pyfixest() -> Any:
    """The package; UsageError where it is not installed."""
    try:
        import pyfixest
    except ImportError:
        raise UsageError("regress needs pyfixest: pip install 'scholarflow[regress]'") from None
    return pyfixest


def _cannot() -> tuple[type[Exception], ...]:
    """What is raised where a model cannot be estimated: all terms collinear, no convergence, a singular matrix."""
    errors = require_pyfixest().errors
    return (
        ValueError,
        ArithmeticError,
        RuntimeError,  # of the solver, where numbers run away
        np.linalg.LinAlgError,
        errors.NonConvergenceError,
        errors.EmptyDesignMatrixError,
        errors.EmptyVcovError,
        errors.MatrixNotFullRankError,
    )


def _fitted(specification: Specification, kept: pd.DataFrame) -> pd.DataFrame:
    """Coefficients by name: estimate and standard error."""
    pyfixest = require_pyfixest()
    formula = f"{specification.left} ~ {' + '.join(specification.regressors)} | " + " + ".join(
        specification.fixed_effects
    )
    options: dict[str, Any] = {
        "data": kept,
        "vcov": {"CRV1": specification.cluster},
        "ssc": pyfixest.ssc(k_adj=False),
        "fixef_rm": "none",
        "demeaner": pyfixest.LsmrDemeaner(fixef_atol=_TOLERANCE, fixef_btol=_TOLERANCE, fixef_maxiter=10_000),
        "weights": specification.weight or None,
    }
    if specification.exposure:
        logarithms = np.log(kept[specification.exposure])
        options |= {"data": kept.assign(log_exposure=logarithms), "offset": "log_exposure"}
    fit = pyfixest.feols
    if specification.estimator == "ppml":
        # Rows that a combination of terms and effects fits perfectly: their coefficients would be infinite.
        fit = pyfixest.fepois
        options |= {"separation_check": ["fe", "ir"], "iwls_tol": _OF_DEVIANCE, "iwls_maxiter": 100}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is dropped is told in the rows
        model = fit(formula, **options)
    table = pd.DataFrame({"estimate": model.coef(), "std_error": model.se()})
    if not np.isfinite(table.to_numpy()).all():
        raise ValueError("the estimate is not finite")
    return table


def _numbers(row: Any, n_clusters: int, *, sure: bool) -> dict[str, float | None]:
    names: Sequence[str] = ("estimate", "std_error", "ci_low", "ci_high", "p_value")
    if row is None:
        return dict.fromkeys(names)
    estimate, error = float(row["estimate"]), float(row["std_error"])
    if not sure or error <= 0:
        return {**dict.fromkeys(names), "estimate": estimate}
    from scipy import stats

    t = stats.t(n_clusters - 1)
    reach = float(t.ppf(0.975)) * error
    p_value = 2 * float(t.sf(abs(estimate / error)))
    return dict(zip(names, (estimate, error, estimate - reach, estimate + reach, p_value), strict=True))
