"""Works with and without a co-author in the partner country: hit rates, institutions and teams compared, all years."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from scholarflow.arrow import as_table
from scholarflow.comparison.contrasts import Contrast, Resampling, contrasts, interval
from scholarflow.comparison.inference import adjusted, fisher_p
from scholarflow.countries import with_names
from scholarflow.study.kinds import CLUSTER, DIRECTION, KIND
from scholarflow.tables.results import KINDS_OF_WORKS

#: A column with one value: all rows are one family of tests.
FAMILY = "family"
#: What is compared, and how the names of its columns begin.
METRICS = {"hit": "", "top": "top_", "team": "team_"}
FISHER, BY_CLUSTER = "Fisher's exact", "t, clustered by lead institution"
_NOT_TESTED = dict.fromkeys(
    (
        f"{prefix}{name}"
        for metric, prefix in METRICS.items()
        for name in (
            "difference",
            "ci_low",
            "ci_high",
            "p_value",
            "p_adjusted",
            "p_welch" if metric == "team" else "p_cluster",
            "test",
        )
    )
)
Row = Mapping[str, Any]


def kinds_compared(rows: pa.Table, resampling: Resampling) -> pa.Table:
    """The rows of the table, from counts by kind and year (null: all) and sums by direction, metric and cluster."""
    is_sum = rows.column(CLUSTER).is_valid()
    by = [*DIRECTION, "metric"]
    found: dict[tuple[str, str], dict[str, Contrast]] = {}
    for key, contrast in contrasts(rows.filter(is_sum), resampling, by=by, cluster=CLUSTER):
        found.setdefault(_direction(key), {})[key["metric"]] = contrast
    counts = rows.filter(rows.column("n_works").is_valid())
    ordered = counts.sort_by([(name, "ascending") for name in (*KIND, "pub_year")]).to_pylist()
    kinds = _with_rates(ordered)
    pooled = {(*_direction(row), row["collaborates"]): row for row in kinds if row["pub_year"] is None}
    tested = {
        direction: _tested(pooled[*direction, True], pooled[*direction, False], of_metric, resampling)
        for direction, of_metric in sorted(found.items())
        if (*direction, True) in pooled and (*direction, False) in pooled
    }
    _adjust(list(tested.values()))
    return as_table([{**_NOT_TESTED, **row, **_of_pooled(row, tested)} for row in kinds], KINDS_OF_WORKS)


def _direction(row: Row) -> tuple[str, str]:
    return row["lead_country"], row["partner_country"]


def _with_rates(counts: Sequence[Row]) -> list[dict[str, Any]]:
    """Adds names, hits and rates; hits of all years are summed in the order of years."""
    hits: dict[tuple[Any, ...], float] = {}
    for row in counts:
        if row["pub_year"] is not None:
            kind = tuple(row[name] for name in KIND)
            hits[*kind, row["pub_year"]] = row["hits_whole"] + row["hits_in_part"] * (row["part"] or 0.0)
            hits[*kind, None] = hits.get((*kind, None), 0.0) + hits[*kind, row["pub_year"]]
    return [
        {
            **with_names(row, DIRECTION),
            "n_hits": hits[*(row[name] for name in KIND), row["pub_year"]],
            "hit_rate": _rate(hits[*(row[name] for name in KIND), row["pub_year"]], row["n_with_hits"]),
            "share_top_institution": _rate(row["n_top"], row["n_with_institution"]),
        }
        for row in counts
    ]


def _rate(n: float, of: int) -> float | None:
    return n / of if of else None


def _tested(with_: Row, without: Row, of_metric: Mapping[str, Contrast], resampling: Resampling) -> dict[str, Any]:
    """The columns of one direction's pooled rows, which are the same in both."""
    rates = {
        "hit": ("hit_rate", "n_hits", "n_with_hits"),
        "top": ("share_top_institution", "n_top", "n_with_institution"),
    }
    columns: dict[str, Any] = {}
    for metric, (rate, n, of) in rates.items():
        if with_[of] and without[of]:
            columns |= _prefixed(
                metric,
                {
                    "difference": with_[rate] - without[rate],
                    **_by_cluster(of_metric[metric], resampling, "p_cluster"),
                    # Hits in part are rounded to whole ones.
                    "p_value": fisher_p(round(with_[n]), with_[of], round(without[n]), without[of]),
                    "test": FISHER,
                },
            )
    team = {
        "difference": with_["mean_team"] - without["mean_team"],
        **_by_cluster(of_metric["team"], resampling, "p_value"),
        "p_welch": of_metric["team"].p_welch(),
        "test": BY_CLUSTER,
    }
    return columns | _prefixed("team", team)


def _prefixed(metric: str, columns: Row) -> dict[str, Any]:
    return {f"{METRICS[metric]}{name}": value for name, value in columns.items()}


def _by_cluster(contrast: Contrast, resampling: Resampling, p_name: str) -> dict[str, float]:
    """Interval and p by lead institution; NaN where either side has works of too few."""
    if not contrast.is_enough(resampling):
        return dict.fromkeys(("ci_low", "ci_high", p_name), np.nan)
    low, high = interval(contrast.differences, resampling.level)
    return {"ci_low": low, "ci_high": high, p_name: contrast.p_by_cluster()}


def _adjust(tested: Sequence[dict[str, Any]]) -> None:
    """Adds p_adjusted: all directions and metrics are one family."""
    members = [
        (columns, f"{prefix}p_{{}}", columns.get(f"{prefix}p_value", np.nan))
        for columns in tested
        for prefix in METRICS.values()
    ]
    values = adjusted(np.array([p_value for _, _, p_value in members], float))
    for (columns, name, _), value in zip(members, values, strict=True):
        columns[name.format("adjusted")] = float(value)


def _of_pooled(row: Row, tested: Mapping[tuple[str, str], Row]) -> Row:
    return tested.get(_direction(row), {}) if row["pub_year"] is None else {}
