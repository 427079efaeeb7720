"""Careers drawn by hash, and what movers and stayers do, worked out scientist by scientist in plain Python."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import stats

from scholarflow.comparison.bootstrap import poisson_draws

COUNTRIES = ("CN", "DE", "US")
COVARIATES = ("career_age", "n_works", "cum_citations")
Unit = tuple[int, int]


def draw(*key: object, below: int) -> int:
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=8).digest()) % below


def drawn_careers(n: int) -> dict[str, list[dict[str, Any]]]:
    """Rows of scientists, scientist_years, author_country_years, scientist_partner_years and migrations, by hash.

    Some years are silent, some of unknown country, some list a second country, some scientists are simultaneous.
    """
    tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for author in range(1, n + 1):
        first = 1998 + draw(author, "first", below=8)
        years = range(first, first + 4 + draw(author, "length", below=9))
        simultaneous = draw(author, "simultaneous", below=15) == 0
        tables["scientists"].append({"author_id": author, "is_simultaneous": simultaneous})
        here, told, works, cited = COUNTRIES[draw(author, "home", below=3)], None, 0, 0
        seen: list[tuple[int, str]] = []
        present: set[str] = set()
        for year in years:
            if draw(author, year, "moves", below=7) == 0:
                here = COUNTRIES[draw(author, year, "goal", below=3)]
            n_works = draw(author, year, "works", below=4)
            n_field = n_works - draw(author, year, "field", below=n_works + 1) // 2
            works, cited = works + n_works, cited + draw(author, year, "cited", below=4) ** 2
            listed = {}
            if n_field and draw(author, year, "known", below=7):
                listed[here] = n_field
                if n_field > 1 and draw(author, year, "second", below=6) == 0:
                    listed[COUNTRIES[(COUNTRIES.index(here) + 1) % 3]] = 1
                if seen and seen[-1][1] != here:
                    move = {"author_id": author, "move_seq": 1, "origin_country": seen[-1][1]}
                    move |= {"destination_country": here, "move_year": year, "is_entry": here not in present}
                    if not simultaneous and 2000 <= year <= 2009:
                        tables["migrations"].append(move)
                seen.append((year, here))
                told = here
                present |= set(listed)
            tables["author_country_years"] += [
                {
                    "author_id": author,
                    "pub_year": year,
                    "country_code": country,
                    "n_field_works": count,
                    "is_primary_in_field": country == here,
                }
                for country, count in listed.items()
            ]
            tables["scientist_years"].append(
                {
                    "author_id": author,
                    "pub_year": year,
                    "country_code": told,
                    "career_age": year - first,
                    "n_works": n_works,
                    "n_field_works": n_field,
                    "cum_citations": cited,
                }
            )
            for country in COUNTRIES:
                likely = 2 if country == here else 3 if country in present else 9
                if n_field and draw(author, year, country, "met", below=likely) == 0:
                    met = 1 + draw(author, year, country, "n", below=n_field)
                    tables["scientist_partner_years"].append(
                        {"author_id": author, "pub_year": year, "partner_country": country, "n_field_works": met}
                    )
    return dict(tables)


class Careers:
    """The rows of `drawn_careers`, by scientist and year; years of the period alone but for where they had been."""

    def __init__(
        self,
        tables: Mapping[str, Sequence[Mapping[str, Any]]],
        *,
        strata: Mapping[str, Any],
        imbalance: Mapping[str, Any],
        first_year: int,
        last_year: int,
    ) -> None:
        movable = {row["author_id"] for row in tables["scientists"] if not row["is_simultaneous"]}
        self.primary: dict[int, dict[int, str]] = defaultdict(dict)
        self.present: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for row in tables["author_country_years"]:
            if row["is_primary_in_field"]:
                self.primary[row["author_id"]][row["pub_year"]] = row["country_code"]
            self.present[row["author_id"]].append((row["pub_year"], row["country_code"]))
        self.years: dict[int, dict[int, Mapping[str, Any]]] = defaultdict(dict)
        for row in tables["scientist_years"]:
            if row["author_id"] in movable and first_year <= row["pub_year"] <= last_year:
                self.years[row["author_id"]][row["pub_year"]] = row
        self.met = Counter[Any]()
        for row in tables["scientist_partner_years"]:
            self.met[row["author_id"], row["pub_year"], row["partner_country"]] = row["n_field_works"]
        self.at_risk = {
            (author, year): row
            for author, years in self.years.items()
            for year, row in years.items()
            if year in self.primary[author]
        }
        self.stratum = {unit: self._bins(unit, strata) for unit in self.at_risk}
        self.cell = {unit: (*self.stratum[unit], *self._bins(unit, imbalance)) for unit in self.at_risk}
        self.movers: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        for author, year in self.at_risk:
            for origin, destination, when in self.moves(author):
                before = {country for other, country in self.present[author] if other < year}
                if when == year and destination not in before:
                    self.movers[origin, destination].append((author, year))

    def moves(self, author: int) -> list[tuple[str, str, int]]:
        """Origin, destination and year of every change of the primary country."""
        sequence = sorted(self.primary[author].items())
        return [(a, b, year) for (_, a), (year, b) in pairwise(sequence) if a != b]

    def _bins(self, unit: Unit, bins: Mapping[str, Any]) -> tuple[int, ...]:
        return (unit[1], *(self._bin(unit, name, bins[name]) for name in COVARIATES))

    def _bin(self, unit: Unit, name: str, how: Any) -> int:
        value = int(self.at_risk[unit][name])
        if how == "exact":
            return value
        if isinstance(how, list):
            return sum(value >= point for point in how)
        all_values = [row[name] for (_, year), row in self.at_risk.items() if year == unit[1]]
        return how * sum(other < value for other in all_values) // len(all_values)

    def controls(self, origin: str, destination: str) -> list[Unit]:
        """Scientist-years in the destination without a move from the origin up to then."""
        return [
            (author, year)
            for (author, year) in self.at_risk
            if self.primary[author][year] == destination
            and not any(left == origin and when <= year for left, _, when in self.moves(author))
        ]

    def from_then_on(self, unit: Unit, origin: str, *, is_mover: bool, staying: bool) -> tuple[int, int]:
        """Field works with the origin and field works of the year and after; a control that moves from it leaves."""
        author, year = unit
        leaves = [when for left, _, when in self.moves(author) if left == origin and when > year and not is_mover]
        here = self.primary[author][year]
        counted = [
            (self.met[author, when, origin], row["n_field_works"])
            for when, row in self.years[author].items()
            if year <= when < min(leaves, default=9999) and (not staying or row["country_code"] == here)
        ]
        return sum(met for met, _ in counted), sum(works for _, works in counted)

    def imbalance(self, movers: Sequence[Unit], controls: Sequence[Unit]) -> tuple[float | None, float | None]:
        """L1 over the cells before matching, and after it with weights."""
        if not controls:
            return None, None
        weights = _weights(movers, controls, self.stratum)
        if not weights:
            return _l1(Counter(self.cell[u] for u in movers), Counter(self.cell[u] for u in controls)), None
        matched = {self.stratum[unit] for unit in weights}
        after: Counter[Any] = Counter()
        for unit, weight in weights.items():
            after[self.cell[unit]] += weight  # type: ignore[assignment]
        return (
            _l1(Counter(self.cell[u] for u in movers), Counter(self.cell[u] for u in controls)),
            _l1(Counter(self.cell[u] for u in movers if self.stratum[u] in matched), after),
        )


def _l1(one: Mapping[Any, float], other: Mapping[Any, float]) -> float:
    n, m = sum(one.values()), sum(other.values())
    return sum(abs(one.get(cell, 0) / n - other.get(cell, 0) / m) for cell in {*one, *other}) / 2


def _weights(movers: Sequence[Unit], controls: Sequence[Unit], stratum: Mapping[Unit, Any]) -> dict[Unit, float]:
    n_movers, n_controls = (Counter(stratum[unit] for unit in side) for side in (movers, controls))
    return {u: n_movers[stratum[u]] / n_controls[stratum[u]] for u in controls if n_movers[stratum[u]]}


class Compared:
    """Movers and weighted controls with an outcome each: counts, means, interval of a function of both, p."""

    def __init__(
        self,
        movers: Mapping[Unit, tuple[int, int]],
        controls: Mapping[Unit, tuple[int, int]],
        stratum: Mapping[Unit, Any],
        **resampling: int,
    ) -> None:
        weights = _weights(list(movers), list(controls), stratum)
        strata = {stratum[unit] for unit in weights}
        self.n_movers, self.min_clusters = len(movers), resampling.pop("min_clusters")
        self.movers = [
            (author, 1.0, *movers[author, year]) for author, year in movers if stratum[author, year] in strata
        ]
        self.controls = [(author, weights[author, year], *controls[author, year]) for author, year in weights]
        self.n_scientists = tuple(len({author for author, *_ in side}) for side in (self.movers, self.controls))
        self.resampling = resampling

    @property
    def enough(self) -> bool:
        return min(self.n_scientists) >= self.min_clusters

    def shares(self) -> Iterator[float]:
        for side in (self.movers, self.controls):
            yield sum(w * met / works for _, w, met, works in side) / sum(w for _, w, _, _ in side)

    def pooled(self) -> Iterator[float]:
        for side in (self.movers, self.controls):
            yield sum(w * met for _, w, met, _ in side) / sum(w * works for _, w, _, works in side)

    def resampled(self) -> list[Any]:
        """The two means in every replicate."""
        means = []
        for side in (self.movers, self.controls):
            drawn = poisson_draws(np.array([author for author, *_ in side]), **self.resampling).astype(float)
            weight, share = np.array([w for _, w, _, _ in side]), np.array([m / n for _, _, m, n in side])
            with np.errstate(divide="ignore", invalid="ignore"):
                means.append((weight * share) @ drawn / (weight @ drawn))
        return means

    def p_value(self) -> float | None:
        """Of the coefficient of moving in a weighted regression, by scientist."""
        rows = [(1.0, *row) for row in self.movers] + [(0.0, *row) for row in self.controls]
        moved, author, weight, met, works = (np.array(column, float) for column in zip(*rows, strict=True))
        groups = np.unique(author, return_inverse=True)[1]
        fit = sm.WLS(met / works, sm.add_constant(moved), weights=weight).fit(
            cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
        )
        n = len(set(groups))
        error = fit.bse[1] * np.sqrt(n / (n - 1))
        return float(2 * stats.t.sf(abs(fit.params[1]) / error, n - 1)) if error > 1e-12 else None


def percentiles(values: Any) -> tuple[float, float] | tuple[None, None]:
    """The interval of what is defined; none where nothing is."""
    defined = values[np.isfinite(values)]
    return tuple(np.quantile(defined, [0.025, 0.975])) if len(defined) else (None, None)


def collaboration(careers: Careers, **resampling: int) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Every row of post_move_collaboration, by its key."""
    found = {}
    for (origin, destination), movers in careers.movers.items():
        controls = careers.controls(origin, destination)
        before, after = careers.imbalance(movers, controls)
        for sample in ("staying", "all"):
            staying = sample == "staying"
            compared = Compared(
                {u: careers.from_then_on(u, origin, is_mover=True, staying=staying) for u in movers},
                {u: careers.from_then_on(u, origin, is_mover=False, staying=staying) for u in controls},
                careers.stratum,
                **resampling,
            )
            row: dict[str, Any] = {
                "n_movers": len(movers),
                "n_matched": len(compared.movers),
                "n_controls": len(compared.controls),
                "n_control_scientists": compared.n_scientists[1],
                "l1_before": before,
                "l1_after": after,
            }
            found[origin, destination, sample] = row | (_compared(compared) if compared.movers else _NOTHING)
    return found


_NOTHING = {"share_movers": None, "share_controls": None, "ratio": None, "difference": None, "ci_low": None}


def _compared(compared: Compared) -> dict[str, Any]:
    share, control = compared.shares()
    pooled = tuple(compared.pooled())
    weights = [w for _, w, _, _ in compared.controls]
    row = {
        "share_movers": share,
        "share_controls": control,
        "pooled_share_movers": pooled[0],
        "pooled_share_controls": pooled[1],
        "ratio": share / control if control else None,
        "difference": share - control,
        "ess_controls": sum(weights) ** 2 / sum(w**2 for w in weights),
    }
    if not compared.enough:
        return row | dict.fromkeys(("ci_low", "ci_high", "difference_low", "difference_high", "p_value"))
    resampled = compared.resampled()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(resampled[1] > 0, resampled[0] / resampled[1], np.nan)
    low, high = percentiles(ratios)
    difference_low, difference_high = percentiles(resampled[0] - resampled[1])
    return row | {
        "ci_low": low,
        "ci_high": high,
        "n_undefined": int((~np.isfinite(ratios)).sum()),
        "difference_low": difference_low,
        "difference_high": difference_high,
        "p_value": compared.p_value(),
    }


def around(
    careers: Careers, *, leads: int, lags: int, reference_year: int, **resampling: int
) -> dict[tuple[str, str, str, int], dict[str, Any]]:
    """Every row of post_move_years, by its key."""
    compared: dict[tuple[str, str, str, int], Compared] = {}
    found: dict[tuple[str, str, str, int], dict[str, Any]] = {}
    for (origin, destination), movers in careers.movers.items():
        for k in range(-leads, lags + 1):
            home, partner = (origin, destination) if k < 0 else (destination, origin)
            never = [u for u, row in careers.at_risk.items() if set(careers.primary[u[0]].values()) == {home}]
            for sample in ("staying", "all"):
                there = home if sample == "staying" else None
                sides = [_in_year(careers, units, k, partner, there) for units in (movers, never)]
                if not sides[0]:
                    continue
                key = (origin, destination, sample, k)
                compared[key] = Compared(*sides, careers.stratum, **resampling)
                found[key] = _of_movers(sides[0], **resampling) | {"partner_country": partner}
    for key, row in found.items():
        row |= _difference(
            compared[key], compared.get((*key[:3], reference_year)), is_reference=key[3] == reference_year
        )
    return found


def _in_year(
    careers: Careers, units: Sequence[Unit], k: int, partner: str, there: str | None
) -> dict[Unit, tuple[int, int]]:
    """Works with the partner and works of those with works k years on, of those there in that year if asked for."""
    outcomes = {}
    for author, year in units:
        row = careers.years[author].get(year + k)
        if row and row["n_field_works"] and (there is None or row["country_code"] == there):
            outcomes[author, year] = (careers.met[author, year + k, partner], row["n_field_works"])
    return outcomes


def _of_movers(outcomes: Mapping[Unit, tuple[int, int]], **resampling: int) -> dict[str, Any]:
    shares = np.array([met / works for met, works in outcomes.values()])
    few = len(outcomes) < resampling.pop("min_clusters")
    drawn = poisson_draws(np.array([author for author, _ in outcomes]), **resampling).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (None, None) if few else percentiles(shares @ drawn / drawn.sum(axis=0))
    works = sum(n for _, n in outcomes.values())
    return {
        "n_scientists": len(outcomes),
        "n_works": works,
        "share": shares.mean(),
        "pooled_share": sum(met for met, _ in outcomes.values()) / works,
        "ci_low": low,
        "ci_high": high,
    }


def _difference(matched: Compared, reference: Compared | None, *, is_reference: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "n_matched": len(matched.movers),
        "n_controls": len(matched.controls),
        "n_control_scientists": matched.n_scientists[1],
    }
    if not matched.movers:
        return row | dict.fromkeys(("share_matched", "share_controls", "difference", "since_reference"))
    share, control = matched.shares()
    row |= {"share_matched": share, "share_controls": control, "difference": share - control}
    resampled = np.subtract(*matched.resampled())
    low, high = percentiles(resampled) if matched.enough else (None, None)
    row |= {"difference_low": low, "difference_high": high}
    if reference is None or not reference.movers:
        return row | dict.fromkeys(("since_reference", "since_reference_low", "since_reference_high"))
    row["since_reference"] = share - control - np.subtract(*reference.shares())
    known = matched.enough and reference.enough and not is_reference
    low, high = percentiles(resampled - np.subtract(*reference.resampled())) if known else (None, None)
    return row | {"since_reference_low": low, "since_reference_high": high}
