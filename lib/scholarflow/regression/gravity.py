"""Moves and common works between countries: gravity on panel_dyad_years."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from scholarflow.regression.estimate import Specification

_EFFECTS = ("origin_year_key", "destination_year_key", "dyad")


def gravity_regressions(dyads: pd.DataFrame) -> Iterator[tuple[Specification, pd.DataFrame]]:
    """Each specification with its sample: all ordered pairs of countries, the first year left out as it has no past.

    Effects of origin and year, destination and year take out whatever makes a country large, rich or open, those of
    the ordered pair distance and language; errors are clustered by unordered pair. A regressor is of the years before,
    so that no flow explains itself.
    """
    rows = dyads.sort_values(["origin_country", "destination_country", "pub_year"], ignore_index=True)
    rows["dyad"] = rows.groupby(["origin_country", "destination_country"]).ngroup()
    of_dyad = rows.groupby("dyad")
    rows["log1p_works_before"] = np.log1p(of_dyad["n_works_together_fractional"].shift(1))
    both_ways = rows.groupby(["pair_key", "pub_year"])["n_moves"].transform("sum")
    rows["log1p_moves_before"] = np.log1p(both_ways.groupby(rows["dyad"]).cumsum() - both_ways)
    rows = rows.dropna(subset=["log1p_works_before"])
    for name, outcome, regressor in (
        ("gravity_moves", "n_moves", "log1p_works_before"),
        ("gravity_entries", "n_entries", "log1p_works_before"),
        ("gravity_works", "n_works_together", "log1p_moves_before"),
    ):
        yield (
            Specification(
                name=name,
                outcome=outcome,
                sample="all",
                estimator="ppml",
                regressors=(regressor,),
                fixed_effects=_EFFECTS,
                cluster="pair_key",
            ),
            rows,
        )
