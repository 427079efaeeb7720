"""The premium worked out work by work, in plain Python: what the distributed one is held against."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from scholarflow.comparison.bootstrap import poisson_draws

Row = Mapping[str, Any]


def premiums(
    field_works: Sequence[Row],
    windows: Sequence[Row],
    comparison_works: Sequence[Row],
    *,
    directions: Sequence[tuple[str, str]],
    periods: Mapping[str, tuple[int, int]],
    last_full_year: int,
    min_clusters: int,
    replicates: int,
    seed: int,
) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """Every row of the table that has treated works, by its key; those of same last authors apart, see below."""
    cited = {row["work_id"]: row for row in windows}
    works = [{**row, **cited[row["work_id"]]} for row in field_works]
    variants = {
        "base": (works, "c2"),
        "c5": (works, "c5"),
        "foreign_lead": (works, "c2_foreign_lead"),
        "foreign_any": (works, "c2_foreign_any"),
        "partner_first_author": (works, "c2"),
        "known_countries": ([w for w in works if w["n_authors_with_country"] == w["n_authors"]], "c2"),
        "dual_lead": (works, "c2"),
    } | {
        f"field:{name}": ([w for w in comparison_works if name in w["field_sets"]], "c2")
        for name in sorted({name for work in comparison_works for name in work["field_sets"]})
    }
    found = {}
    for lead, partner in directions:
        for variant, (of_variant, outcome) in variants.items():
            units = list(_units(of_variant, lead, partner, variant, outcome))
            for period, years in _periods(periods, units, 5 if variant == "c5" else 2, last_full_year).items():
                of_period = [unit for unit in units if unit["pub_year"] in years]
                if any(unit["treated"] for unit in of_period) and not all(unit["treated"] for unit in of_period):
                    found[lead, partner, variant, period] = _compared(
                        of_period, min_clusters=min_clusters, replicates=replicates, seed=seed
                    )
    return found


def _periods(
    named: Mapping[str, tuple[int, int]], units: Sequence[Row], window: int, last_full_year: int
) -> dict[str, set[int]]:
    years = {unit["pub_year"] for unit in units}
    return (
        {str(year): {year} for year in years}
        | {"all": years, "complete": {year for year in years if year + window <= last_full_year}}
        | {name: {year for year in years if first <= year <= last} for name, (first, last) in named.items()}
    )


def _units(works: Sequence[Row], lead: str, partner: str, variant: str, outcome: str) -> Iterator[dict[str, Any]]:
    for work in works:
        if lead not in work["lead_countries"]:
            continue
        institution = work["lead_institution_ids"][work["lead_countries"].index(lead)]
        if institution is None:
            continue
        is_dual = partner in work["lead_countries"]
        if is_dual and variant != "dual_lead":
            continue
        treated = partner in work["partner_countries"]
        if treated and variant == "partner_first_author" and partner not in work["first_countries"]:
            continue
        yield {
            "treated": treated,
            "pub_year": work["pub_year"],
            "stratum": (work["pub_year"], work["n_authors"], institution),
            "cluster": institution,
            "y": work[outcome],
        }


def _compared(units: Sequence[Row], *, min_clusters: int, replicates: int, seed: int) -> dict[str, Any]:
    strata: dict[Any, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for unit in units:
        strata[unit["stratum"]][0 if unit["treated"] else 1].append(unit)
    n_treated = sum(unit["treated"] for unit in units)
    n_controls = len(units) - n_treated
    l1_before = sum(abs(len(t) / n_treated - len(c) / n_controls) for t, c in strata.values()) / 2
    matched = [(t, c) for t, c in strata.values() if t and c]
    treated = [(unit, 1.0) for t, _ in matched for unit in t]
    controls = [(unit, len(t) / len(c)) for t, c in matched for unit in c]
    clusters = {unit["cluster"] for unit, _ in treated}
    result: dict[str, Any] = {
        "n_treated": n_treated,
        "n_matched": len(treated),
        "n_controls": len(controls),
        "n_strata": len(matched),
        "n_clusters": len(clusters),
        "l1_before": l1_before,
    }
    if not matched:
        return result | {"mean_treated": None, "premium_pct": None, "ci_low": None, "p_value": None}
    mean_treated, mean_control = (
        sum(weight * unit["y"] for unit, weight in side) / sum(weight for _, weight in side)
        for side in (treated, controls)
    )
    weights = np.array([weight for _, weight in controls])
    result |= {
        "mean_treated": mean_treated,
        "mean_control": mean_control,
        "premium_pct": _percent(mean_treated, mean_control),
        "ess_controls": weights.sum() ** 2 / (weights**2).sum(),
        "p_welch": _welch([unit["y"] for unit, _ in treated], [unit["y"] for unit, _ in controls], weights),
    }
    if len(clusters) < min_clusters:
        return result | {"ci_low": None, "ci_high": None, "p_value": None}
    return (
        result
        | {"p_value": _p_by_cluster(matched)}
        | _interval(treated, controls, sorted(clusters), replicates=replicates, seed=seed)
    )


def _percent(treated: float, control: float) -> float | None:
    return 100 * (treated - control) / control if control > 0 else None


def _welch(treated: list[float], control: list[float], weights: Any) -> float | None:
    if len(treated) < 2 or len(control) < 2 or (len(set(treated)) == 1 and len(set(control)) == 1):
        return None
    counted = weights * len(control) / weights.sum()
    return float(CompareMeans(DescrStatsW(treated), DescrStatsW(control, counted)).ttest_ind(usevar="unequal")[1])


def _p_by_cluster(matched: Sequence[tuple[list[Row], list[Row]]]) -> float | None:
    difference = [np.mean([u["y"] for u in t]) - np.mean([u["y"] for u in c]) for t, c in matched]
    groups = [t[0]["cluster"] for t, _ in matched]
    fit = sm.WLS(difference, np.ones(len(matched)), weights=[len(t) for t, _ in matched]).fit(
        cov_type="cluster", cov_kwds={"groups": np.unique(groups, return_inverse=True)[1], "use_correction": False}
    )
    n = len(set(groups))
    error = fit.bse[0] * np.sqrt(n / (n - 1))
    return float(2 * stats.t.sf(abs(fit.params[0]) / error, n - 1)) if error > 1e-12 else None


def _interval(
    treated: Sequence[tuple[Row, float]], controls: Sequence[tuple[Row, float]], clusters: list[int], **resampling: int
) -> dict[str, Any]:
    drawn = poisson_draws(np.array(clusters), **resampling)
    times = dict(zip(clusters, drawn.astype(float), strict=True))
    means = []
    for side in (treated, controls):
        weight = sum(times[unit["cluster"]] * w for unit, w in side)
        total = sum(times[unit["cluster"]] * w * unit["y"] for unit, w in side)
        with np.errstate(divide="ignore", invalid="ignore"):
            means.append(total / weight)
    with np.errstate(divide="ignore", invalid="ignore"):
        premium = np.where(means[1] > 0, 100 * (means[0] - means[1]) / means[1], np.nan)
    defined = premium[np.isfinite(premium)]
    if not len(defined):
        return {"ci_low": None, "ci_high": None, "n_undefined": len(premium)}
    low, high = np.quantile(defined, [0.025, 0.975])
    return {"ci_low": low, "ci_high": high, "n_undefined": len(premium) - len(defined)}


def of_last_authors(
    field_works: Sequence[Row],
    windows: Sequence[Row],
    *,
    directions: Sequence[tuple[str, str]],
    periods: Mapping[str, tuple[int, int]],
    last_full_year: int,
    largest_team: int,
    years_apart: int,
) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """Counts, means and weights of the variants that compare works of one last author, pair by pair."""
    cited = {row["work_id"]: row["c2"] for row in windows}
    by_year: dict[int, list[int]] = defaultdict(list)
    for row in windows:
        by_year[row["pub_year"]].append(row["c2"])
    mean = {year: float(np.mean(values)) for year, values in by_year.items()}
    outcomes = {
        "same_last_author": lambda w: cited[w["work_id"]],
        "same_last_author_relative": lambda w: (
            cited[w["work_id"]] / mean[w["pub_year"]] if mean[w["pub_year"]] else None
        ),
    }
    found = {}
    for lead, partner in directions:
        led = [w for w in field_works if lead in w["lead_countries"] and w["lead_author_id"] is not None]
        free = [w for w in led if partner not in w["lead_countries"]]
        for variant, outcome in outcomes.items():
            treated = [w for w in free if partner in w["partner_countries"] and outcome(w) is not None]
            controls = [w for w in free if partner not in w["partner_countries"] and outcome(w) is not None]
            for period, years in _periods(periods, led, 2, last_full_year).items():
                of_period = [w for w in treated if w["pub_year"] in years]
                if not of_period:
                    continue
                weights: Counter[int] = Counter()
                pairs = []
                for work in of_period:
                    like = [
                        c
                        for c in controls
                        if c["lead_author_id"] == work["lead_author_id"]
                        and min(c["n_authors"], largest_team) == min(work["n_authors"], largest_team)
                        and abs(c["pub_year"] - work["pub_year"]) <= years_apart
                    ]
                    if like:
                        pairs.append(
                            (outcome(work), float(np.mean([outcome(c) for c in like])), work["lead_author_id"])
                        )
                        weights.update({c["work_id"]: 1 / len(like) for c in like})  # type: ignore[dict-item]
                found[lead, partner, variant, period] = {
                    "n_treated": len(of_period),
                    "n_matched": len(pairs),
                    "n_controls": len(weights),
                    "n_clusters": len({author for _, _, author in pairs}),
                    "mean_treated": float(np.mean([t for t, _, _ in pairs])) if pairs else None,
                    "mean_control": float(np.mean([c for _, c, _ in pairs])) if pairs else None,
                    "ess_controls": sum(weights.values()) ** 2 / sum(w**2 for w in weights.values()) if pairs else None,
                    "l1_before": None,
                }
    return found
