"""The four kinds of works of a pair: led from one or the other, with and without the other."""

from collections.abc import Sequence

from scholarflow.report import drawing
from scholarflow.report.caveats import lead_country_known, open_windows, partial_years, signed
from scholarflow.report.figure import Figure, Spec
from scholarflow.report.reading import Direction, Results, Row, Study, the

_MEASURES = (
    ("n_works", "Works", ",", False),
    ("mean_team", "Authors per work", ",.1f", False),
    ("share_top_institution", "Share led from a top institution", ".0%", False),
    ("hit_rate", "Share among the most cited 1%", ".1%", True),
)


def kinds(results: Results, study: Study) -> Figure:
    """Number, team, institution and hits of each kind of the first pair by year."""
    a, b = pair = study.pairs[0]
    rows = [row for row in results["kinds_of_works"] if {row["lead_country"], row["partner_country"]} == set(pair)]
    by_year = [row for row in rows if row["pub_year"] is not None]
    open_years = sorted({row["pub_year"] for row in by_year if not row["is_complete"]})
    notes = lead_country_known(results, pair) if by_year else []
    if by_year and not any(row["hit_rate"] for row in by_year):
        notes.append(
            f"Hits are not drawn. {results.no_citations}"
            if not results.has_citations
            else "No work of the pair is a hit."
        )
    elif by_year and open_years:
        notes.append(open_windows(open_years))
    notes += partial_years((row["pub_year"] for row in by_year), study.last_full_year)
    notes += _pooled(rows)
    return Figure(
        name="kinds",
        title=f"What do {the(a)} and {the(b)} write together, and what alone?",
        table="kinds_of_works",
        caption=f"Works led from {the(a)} or {the(b)} by year, with and without a co-author in the other; works led "
        "from both are left out. Works on a logarithmic scale.",
        shown=(
            *("lead_country_name", "partner_country_name", "collaborates", "pub_year", "n_works", "mean_team"),
            *("share_top_institution", "hit_rate", "difference", "ci_low", "ci_high", "p_value", "is_complete"),
        ),
        rows=rows,
        spec=_by_year(by_year, pair, study.last_full_year) if by_year else None,
        missing=""
        if by_year
        else results.why_none("kinds_of_works", f"No work of the period is led from {the(a)} or {the(b)}."),
        notes=notes,
    )


def kind(lead: str, partner: str, collaborates: bool) -> str:
    """A kind of works in words."""
    return f"led from {the(lead)} {'with' if collaborates else 'without'} {the(partner)}"


def _pooled(rows: Sequence[Row]) -> list[str]:
    """Hit rates pooled over the period, with the interval of their difference."""
    told = []
    for row in rows:
        if row["pub_year"] is None and row["collaborates"] and row["difference"] is not None:
            points = signed(100 * row["difference"], "+.1f")
            interval = ""
            if row["ci_low"] is not None:
                low, high = signed(100 * row["ci_low"], "+.1f"), signed(100 * row["ci_high"], "+.1f")
                interval = f" (95% interval {low} to {high})"
            told.append(
                f"Pooled, {row['hit_rate']:.1%} of the works "
                f"{kind(row['lead_country'], row['partner_country'], True)} are hits: {points} points against those "
                f"without{interval}."
            )
    return told


def _by_year(rows: Sequence[Row], pair: Direction, last_full_year: int) -> Spec:
    order = [kind(lead, partner, together) for together in (True, False) for lead, partner in (pair, pair[::-1])]
    charts = []
    for column, title, format, cited in _MEASURES:
        values = [
            {
                "year": row["pub_year"],
                "value": row[column],
                "series": kind(row["lead_country"], row["partner_country"], row["collaborates"]),
                "n": row["n_works"],
                "complete": row["is_complete"] if cited else row["pub_year"] <= last_full_year,
            }
            for row in rows
            if row[column] is not None
        ]
        if any(value["value"] for value in values):
            told: drawing.Tells = {"series": "works", "year": "year", "value": (title, format), "n": ("works", ",")}
            chart = drawing.lines(values, order, y="", format=format, tells=told, log=column == "n_works")
            charts.append((title, chart))
    return drawing.spec(drawing.side_by_side(charts, height=190))
