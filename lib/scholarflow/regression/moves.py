"""What happens around a move: a stacked event study on panel_scientist_years."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from scholarflow.regression.estimate import Specification

#: Rows of a stack that are worked on at once; above it a share of the scientists who never move is drawn.
MOST_ROWS = 2_000_000
_OUTCOMES: dict[str, Any] = {"n_works": "ppml", "citations_received": "ppml", "log1p_n_works": "ols"}


def move_regressions(
    years: pd.DataFrame, *, direction: str, leads: int, lags: int, reference_year: int, most_rows: int = MOST_ROWS
) -> Iterator[tuple[Specification, pd.DataFrame]]:
    """Each specification with its sample, of one direction.

    `years` has author_id, pub_year, the outcomes, and of the direction move_year, is_treated, stratum_id and
    cem_weight. A stack is a year of moves: its movers and the matched scientists of the destination who never make this
    move, each with the years around it. Taken out are scientist × stack and year × stack, so that no mover is compared
    with one who moved before (Cengiz et al. 2019, doi:10.1093/qje/qjz014; Sun & Abraham 2021,
    doi:10.1016/j.jeconom.2020.09.006).
    """
    stacked, note = _stacked(years, leads=leads, lags=lags, most_rows=most_rows)
    around = [year for year in range(-leads, lags + 1) if year != reference_year]
    terms = {f"year_{'minus_' if year < 0 else ''}{abs(year)}": year for year in around}
    for name, year in terms.items():
        stacked[name] = (stacked["is_mover"] & (stacked["years_since"] == year)).astype("float64")
    for outcome, estimator in _OUTCOMES.items():
        yield (
            Specification(
                name="move_event_study",
                outcome=outcome,
                sample=direction,
                estimator=estimator,
                regressors=tuple(terms),
                fixed_effects=("scientist_by_stack", "year_by_stack"),
                cluster="author_id",
                weight="weight",
                years_since_move=terms,
                note=note,
            ),
            stacked,
        )


def _stacked(years: pd.DataFrame, *, leads: int, lags: int, most_rows: int) -> tuple[pd.DataFrame, str]:
    """Rows of movers and never-movers around each year of moves, with weights, and what was left out."""
    units = years[(years["cem_weight"] > 0) & (years["is_treated"] | years["move_year"].isna())]
    units = units[["author_id", "pub_year", "is_treated", "stratum_id"]]
    share, note = 1.0, ""
    expected = len(units) * min(leads + lags + 1, max(1, years["pub_year"].nunique()))
    if expected > most_rows:
        share = most_rows / expected
        note = f"{100 * share:.3g} % of the scientists who never move, drawn by their id"
        units = units[units["is_treated"] | (_drawn(units["author_id"]) < share)]
    n = units.groupby("stratum_id")["is_treated"].agg(["sum", "size"])
    sizes = units["stratum_id"].map(n["sum"]), units["stratum_id"].map(n["size"] - n["sum"])
    units = units.assign(weight=np.where(units["is_treated"], 1.0, sizes[0] / sizes[1].replace(0, 1)))
    units = units[(sizes[0] > 0) & (sizes[1] > 0)]
    units = units.rename(columns={"pub_year": "stack", "is_treated": "is_mover"}).drop(columns="stratum_id")
    units["scientist_by_stack"] = np.arange(len(units))
    stacked = units.merge(years[["author_id", "pub_year", *_OUTCOMES]], on="author_id", how="inner")
    stacked["years_since"] = stacked["pub_year"] - stacked["stack"]
    stacked = stacked[stacked["years_since"].between(-leads, lags)].copy()
    stacked["year_by_stack"] = stacked.groupby(["stack", "pub_year"]).ngroup()
    return stacked, note


def _drawn(ids: "pd.Series[int]") -> Any:
    """A number from 0 to 1 for each id, the same in every run: SplitMix64."""
    with np.errstate(over="ignore"):
        mixed = ids.to_numpy().astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / float(1 << 53)
