"""The event study of moves against differences of means, gravity against a coefficient that was put in."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from scholarflow.regression.estimate import estimated
from scholarflow.regression.gravity import gravity_regressions
from scholarflow.regression.moves import move_regressions

AROUND = {"leads": 2, "lags": 2, "reference_year": -2}


def careers(n_movers: int, n_others: int) -> pd.DataFrame:
    """Scientists of 2000–2010 with drawn outcomes; the first move in 2005, the others are in one of two strata."""
    rng = np.random.default_rng(7)
    rows = []
    for author in range(1, n_movers + n_others + 1):
        is_mover, stratum = author <= n_movers, f"2005-{author % 2}"
        for year in range(2000, 2011):
            n_works = int(rng.integers(0, 9))
            is_unit = year == 2005
            rows.append(
                {
                    "author_id": author,
                    "pub_year": year,
                    "n_works": n_works,
                    "citations_received": int(rng.integers(0, 30)),
                    "log1p_n_works": np.log1p(n_works),
                    "move_year": 2005 if is_mover else None,
                    "is_treated": is_mover and is_unit,
                    "stratum_id": stratum if is_unit else "",
                    "cem_weight": 1.0 if is_unit else 0.0,
                }
            )
    return pd.DataFrame(rows)


def test_event_study_is_a_difference_of_differences_of_means() -> None:
    years = careers(30, 70)
    found = {
        (row["outcome"], row["years_since_move"]): row
        for specification, sample in move_regressions(years, direction="US>CN", **AROUND)
        for row in estimated(specification, sample, min_clusters=20)
    }
    assert {outcome for outcome, _ in found} == {"n_works", "citations_received", "log1p_n_works"}
    of_stratum = years["author_id"] % 2
    is_mover = years["author_id"] <= 30
    for since in (-1, 0, 1, 2):
        by_hand = 0.0
        for stratum in (0, 1):
            for side, sign in ((True, 1), (False, -1)):
                part = years[(of_stratum == stratum) & (is_mover == side)]
                mean = part.groupby("pub_year")["log1p_n_works"].mean()
                by_hand += 0.5 * sign * (mean[2005 + since] - mean[2003])
        row = found["log1p_n_works", since]
        assert row["term"] == "years_since_move"
        assert row["estimate"] == pytest.approx(by_hand)
        assert row["n_obs"] == 5 * 100
        assert row["n_clusters"] == 100
        assert row["std_error"] > 0


def test_few_movers_give_no_standard_error() -> None:
    (specification, sample), *_ = move_regressions(careers(5, 70), direction="US>CN", **AROUND)
    for row in estimated(specification, sample, min_clusters=20):
        assert row["estimate"] is not None
        assert row["std_error"] is None
        assert row["p_value"] is None
        assert "fewer than 20 clusters" in row["note"]


def test_never_movers_are_drawn_where_rows_are_too_many_and_it_is_said() -> None:
    (specification, sample), *_ = move_regressions(careers(30, 400), direction="US>CN", **AROUND, most_rows=1_075)
    assert specification.note == "50 % of the scientists who never move, drawn by their id"
    assert set(range(1, 31)) <= set(sample["author_id"])
    assert 150 < sample["author_id"].nunique() - 30 < 250
    (_, again), *_ = move_regressions(careers(30, 400), direction="US>CN", **AROUND, most_rows=1_075)
    assert again.equals(sample)
    rows = list(estimated(specification, sample, min_clusters=20))
    assert all("50 % of the scientists" in row["note"] for row in rows)


def test_no_movers_no_estimates() -> None:
    for specification, sample in move_regressions(careers(0, 30), direction="US>CN", **AROUND):
        rows = list(estimated(specification, sample, min_clusters=20))
        assert len(rows) == 4
        assert {row["estimate"] for row in rows} == {None}
        assert all(row["note"].startswith("no rows are left") for row in rows)


def test_gravity_finds_the_coefficient_put_in() -> None:
    rng = np.random.default_rng(3)
    countries, years = [f"C{n}" for n in range(7)], range(2000, 2012)
    together = {
        (*sorted(pair), year): float(rng.integers(0, 50)) for pair in permutations(countries, 2) for year in years
    }
    size = {(country, year, side): rng.normal() for country in countries for year in years for side in "od"}
    rows = []
    for a, b in permutations(countries, 2):
        distance = rng.normal()
        for year in years:
            before = together.get((*sorted((a, b)), year - 1), 0.0)
            flow = np.exp(size[a, year, "o"] + size[b, year, "d"] + distance + 0.4 * np.log1p(before))
            rows.append(
                {
                    "origin_country": a,
                    "destination_country": b,
                    "pub_year": year,
                    "n_moves": flow,
                    "n_entries": 0,
                    "n_works_together": together[(*sorted((a, b)), year)],
                    "n_works_together_fractional": together[(*sorted((a, b)), year)],
                    "pair_key": "-".join(sorted((a, b))),
                    "origin_year_key": f"{a}-{year}",
                    "destination_year_key": f"{b}-{year}",
                }
            )
    found = {
        specification.name: next(estimated(specification, sample, min_clusters=20))
        for specification, sample in gravity_regressions(pd.DataFrame(rows))
    }
    assert found["gravity_moves"]["estimate"] == pytest.approx(0.4, abs=1e-6)
    assert found["gravity_moves"]["n_clusters"] == 21
    assert found["gravity_moves"]["n_obs"] == 7 * 6 * 11, "the first year has no past"
    assert found["gravity_works"]["std_error"] > 0
    assert found["gravity_entries"]["estimate"] is None
    assert found["gravity_entries"]["note"] == "the outcome is zero everywhere"
