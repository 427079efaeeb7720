"""What a co-author in another country is worth in citations: like works compared."""

from collections.abc import Callable, Mapping, Sequence

from scholarflow.report import drawing
from scholarflow.report.caveats import TEAM_SIZE, open_windows, some_without, too_few
from scholarflow.report.figure import Figure, Spec
from scholarflow.report.reading import Direction, Results, Row, Study, the

_VARIANTS = {
    "base": "as in the figures above",
    "c5": "citations within 5 years",
    "same_last_author": "same last author",
    "same_last_author_relative": "same last author, citations ÷ field's mean",
    "partner_first_author": "first author in the partner country",
    "foreign_lead": "without citations led from home",
    "foreign_any": "without any citation from home",
    "known_countries": "all countries known",
    "dual_lead": "works led from both kept",
}
_SHOWN = (
    *("lead_country_name", "partner_country_name", "variant", "period", "n_treated", "n_matched", "n_controls"),
    *("mean_treated", "mean_control", "premium_pct", "ci_low", "ci_high", "p_value", "p_adjusted", "is_complete"),
)
_FIELD, _CLUSTERS = "field:", "lead institutions"
_TOLD: drawing.Tells = {
    "label": "",
    "direction": "works",
    "value": ("premium, %", "+,.1f"),
    "low": ("from", "+,.1f"),
    "high": ("to", "+,.1f"),
    "p": ("p", ".3f"),
    "n": ("matched works", ","),
    "of": ("of works with the partner", ","),
}


def by_year(results: Results, study: Study) -> Figure:
    """The premium of each direction, year by year."""
    rows = _of_pairs(results, study, lambda row: row["variant"] == "base" and row["pub_year"] is not None)
    open_years = sorted({row["pub_year"] for row in rows if not row["is_complete"]})
    return _figure(
        results,
        rows,
        name="premium",
        title="Is what the two write together cited more?",
        caption="By how many per cent more works with a co-author in the partner country are cited within two years "
        "than like works without: same year, number of authors and lead institution. 95% intervals by lead "
        "institution; zero: no difference.",
        draw=lambda: _by_year(rows, study),
        notes=[TEAM_SIZE, *([open_windows(open_years)] if open_years else [])],
    )


def pooled(results: Results, study: Study) -> Figure:
    """The premium of each direction over spans of years."""
    rows = _of_pairs(results, study, lambda row: row["variant"] == "base" and row["pub_year"] is None)
    periods = ["complete", "all", *sorted({row["period"] for row in rows} - {"complete", "all"})]
    named = {"complete": "years with a complete window", "all": f"all years, {study.period}"}
    return _figure(
        results,
        rows,
        name="premium-periods",
        title="And over longer periods?",
        caption="The same, pooled over spans of years.",
        draw=lambda: _forest(
            rows, study, lambda row: named.get(str(row["period"]), str(row["period"])), periods, "period"
        ),
        notes=_without_base(rows),
    )


def partners(results: Results, study: Study) -> Figure:
    """The premium with other partners."""
    leads = study.countries
    rows = [
        row
        for row in results["citation_premium"]
        if row["lead_country"] in leads and row["variant"] == "base" and row["period"] == "complete"
    ]
    ranked = sorted(rows, key=lambda row: -(row["premium_pct"] or 0))
    order = list(dict.fromkeys([*leads, *(row["partner_country"] for row in ranked)]))
    return _figure(
        results,
        rows,
        name="premium-partners",
        title="Is it the partner, or collaborating abroad?",
        caption="The premium of works led from each country of the pairs with a co-author in the country named, "
        "over the years with a complete citation window.",
        draw=lambda: _forest(
            rows, study, lambda row: row["partner_country_name"], order, "partner_country", by_lead=True
        ),
        notes=[TEAM_SIZE],
    )


def variants(results: Results, study: Study) -> Figure:
    """The premium under other choices."""
    rows = _of_pairs(results, study, lambda row: row["variant"] in _VARIANTS and row["period"] == "complete")
    return _figure(
        results,
        rows,
        name="premium-variants",
        title="Does it depend on how it is measured?",
        caption="The premium of each direction over the years with a complete citation window, as above and with "
        "one choice changed at a time.",
        draw=lambda: _forest(rows, study, lambda row: _VARIANTS[row["variant"]], list(_VARIANTS), "variant"),
        notes=_without_base(rows),
    )


def fields(results: Results, study: Study, names: Mapping[str, str]) -> Figure:
    """The premium in other fields; `names`: of fields, by id as text."""
    rows = _of_pairs(
        results,
        study,
        lambda row: (row["variant"] == "base" or row["variant"].startswith(_FIELD)) and row["period"] == "complete",
    )
    largest: dict[str, float] = {}
    for row in rows:
        largest[row["variant"]] = max(row["premium_pct"] or 0, largest.get(row["variant"], 0))
    ranked = sorted(largest, key=lambda variant: (-largest[variant], variant))
    order = list(dict.fromkeys(["base", f"{_FIELD}wide", *ranked]))

    def label(row: Row) -> str:
        ids = row["variant"].removeprefix(_FIELD)
        if ids in ("base", "wide"):
            return {"base": "the field itself", "wide": "the field, widely defined"}[ids]
        return " + ".join(names.get(id_, id_) for id_ in ids.split("+"))

    others = [row for row in rows if row["variant"] != "base"]
    return _figure(
        results,
        rows if others else [],
        name="premium-fields",
        title="Is it so in other fields?",
        caption="The premium of each direction in the field, in its wide definition, and in the fields the study "
        "compares it with.",
        draw=lambda: _forest(rows, study, label, order, "variant"),
        notes=[],
    )


def _of_pairs(results: Results, study: Study, keep: Callable[[Row], bool]) -> list[Row]:
    return [
        row
        for row in results["citation_premium"]
        if (row["lead_country"], row["partner_country"]) in study.directions and keep(row)
    ]


def _figure(
    results: Results,
    rows: Sequence[Row],
    *,
    name: str,
    title: str,
    caption: str,
    draw: Callable[[], Spec],
    notes: Sequence[str],
) -> Figure:
    defined = [row for row in rows if row["premium_pct"] is not None]
    reason = (
        results.no_citations
        if not results.has_citations
        else "No work with a co-author in the partner country has one like it without."
    )
    without = sum(row["ci_low"] is None for row in defined)
    few = some_without(without, _CLUSTERS) if without < len(defined) else [too_few(_CLUSTERS)]
    return Figure(
        name=name,
        title=title,
        table="citation_premium",
        caption=caption,
        shown=_SHOWN,
        rows=rows if defined else (),
        spec=draw() if defined else None,
        missing="" if defined else results.why_none("citation_premium", reason),
        notes=[*notes, *few] if defined else [],
    )


def _direction(way: Direction) -> str:
    return f"led from {the(way[0])} with {the(way[1])}"


def _value(row: Row) -> drawing.Value:
    return {
        "value": row["premium_pct"],
        "low": row["ci_low"],
        "high": row["ci_high"],
        "p": row["p_value"],
        "n": row["n_matched"],
        "of": row["n_treated"],
    }


def _by_year(rows: Sequence[Row], study: Study) -> Spec:
    ways = [way for way in study.directions if any(_way(row) == way for row in rows)]
    values = [
        {
            **_value(row),
            "panel": _direction(_way(row)),
            "series": _direction(_way(row)),
            "direction": _direction(_way(row)),
            "year": row["pub_year"],
            "complete": row["is_complete"],
        }
        for row in rows
        if row["premium_pct"] is not None
    ]
    order = [_direction(way) for way in ways]
    zero = drawing.rule(y=0)
    told: drawing.Tells = {"year": "year", **{key: title for key, title in _TOLD.items() if key != "label"}}
    chart = drawing.lines(
        values, order, y="premium, %", format="+,.0f", tells=told, legend=False, guides=[zero], zero=False
    )
    return drawing.spec(drawing.panels(chart, order, height=230))


def _forest(
    rows: Sequence[Row],
    study: Study,
    label: Callable[[Row], str],
    order: Sequence[str],
    key: str,
    *,
    by_lead: bool = False,
) -> Spec:
    defined = sorted((row for row in rows if row["premium_pct"] is not None), key=lambda row: order.index(row[key]))
    series = [f"led from {the(c)}" for c in study.countries] if by_lead else [*map(_direction, study.directions)]
    values = [
        {
            **_value(row),
            "label": label(row),
            "series": f"led from {the(row['lead_country'])}" if by_lead else _direction(_way(row)),
            "direction": _direction(_way(row)),
        }
        for row in defined
    ]
    labels = list(dict.fromkeys(value["label"] for value in values))
    told: drawing.Tells = {**_TOLD, "label": key.replace("_country", "").replace("_", " ")}
    chart = drawing.intervals(
        values, x="premium, %", format="+,.0f", tells=told, labels=labels, order=series, reference=0
    )
    height = max(40, 14 * len(series) + 10) * len(labels)
    return drawing.spec(drawing.alone(chart, height=height))


def _way(row: Row) -> Direction:
    return row["lead_country"], row["partner_country"]


def _without_base(rows: Sequence[Row]) -> list[str]:
    matched = [
        f"{row['n_matched']:,} of the {row['n_treated']:,} works {_direction(_way(row))}"
        for row in rows
        if row["variant"] == "base" and row["period"] == "complete"
    ]
    return [f"There are works to compare with for {' and '.join(matched)}."] if matched else []
