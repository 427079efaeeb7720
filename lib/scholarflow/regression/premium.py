"""What a co-author in a partner country is worth in citations: regressions on premium_cells."""

from collections.abc import Iterator, Sequence

import pandas as pd

from scholarflow.regression.estimate import Specification
from scholarflow.study.kinds import DIRECTION

#: By name, the effects taken out, each of some columns: years are those of publication, institutions lead ones.
SPECIFICATIONS: dict[str, dict[str, Sequence[str]]] = {
    "premium_strata": {"institution × year × team": ("institution_key", "pub_year", "n_authors")},
    "premium_team": {"institution × year": ("institution_key", "pub_year"), "team": ("n_authors",)},
    "premium_without_team": {"institution × year": ("institution_key", "pub_year")},
}


def premium_regressions(cells: pd.DataFrame) -> Iterator[tuple[Specification, pd.DataFrame]]:
    """Each specification with its sample, for each direction; works with complete windows alone.

    Team size is itself partly an outcome of collaborating: hence with its effects and without.
    """
    complete = cells[cells["c2_complete"]]
    for (lead, partner), of_direction in complete.groupby(list(DIRECTION), sort=True):
        for name, effects in SPECIFICATIONS.items():
            sample, columns = _sample(of_direction, effects)
            common = {
                "name": name,
                "sample": f"{lead}>{partner}",
                "regressors": ("collaborates",),
                "fixed_effects": tuple(columns),
                "cluster": "institution_key",
                "n": "n_works",
            }
            yield Specification(outcome="c2", column="sum_c2", estimator="ppml", exposure="n_works", **common), sample  # type: ignore[arg-type]
            yield Specification(outcome="log1p_c2", estimator="ols", weight="n_works", **common), sample  # type: ignore[arg-type]


def _sample(cells: pd.DataFrame, effects: dict[str, Sequence[str]]) -> tuple[pd.DataFrame, list[str]]:
    """Cells as coarse as the effects allow, with a number for each group of each effect.

    Where one effect holds all others, groups with works of one kind alone are left out: they say nothing.
    """
    columns = [column for columns in effects.values() for column in columns]
    summed = cells.groupby([*columns, "collaborates"], sort=True, as_index=False)[
        ["n_works", "sum_c2", "sum_log1p_c2"]
    ].sum()
    names = []
    for name, keys in effects.items():
        summed[_plain(name)] = summed.groupby(list(keys), sort=True).ngroup()
        names.append(_plain(name))
    if len(names) == 1:
        summed = summed[summed.groupby(names[0])["collaborates"].transform("nunique") == 2]
    summed["collaborates"] = summed["collaborates"].astype("float64")
    summed["log1p_c2"] = summed["sum_log1p_c2"] / summed["n_works"]
    return summed, names


def _plain(name: str) -> str:
    return name.replace(" × ", "_by_")
