"""Where works of each kind appear: the conferences of the field."""

from collections.abc import Sequence

from scholarflow.report import drawing
from scholarflow.report.caveats import counted, partial_years, too_few
from scholarflow.report.figure import Figure, Spec
from scholarflow.report.kinds import kind
from scholarflow.report.reading import Results, Row, Study

_SHOWN = (
    "lead_country_name",
    "partner_country_name",
    "collaborates",
    "conference",
    "pub_year",
    "n_works",
    "n_published",
)


def pooled(results: Results, study: Study) -> Figure:
    """Shares of each kind at each conference, over the period."""
    rows = [row for row in _of_pairs(results, study) if row["pub_year"] is None]
    published = any(row["n_published"] for row in rows)
    intervals = any(row["ci_low"] is not None for row in rows)
    return Figure(
        name="conferences",
        title="Do works written together reach the top conferences more often?",
        table="publication_premium",
        caption="Share of the works of each kind that appeared at each conference, and at any of them, "
        f"{study.period}. The second panel: share of works with the partner less share of those without, in points "
        "of per cent, with 95% intervals by lead institution.",
        shown=(*_SHOWN, "share", "difference", "ci_low", "ci_high", "p_value", "p_cluster", "p_adjusted"),
        rows=rows if published else (),
        spec=_pooled(rows, study) if published else None,
        missing="" if published else _none(results),
        notes=[*_sources(results), *([] if intervals else [too_few("lead institutions")])] if published else [],
        others=("conference_sources",),
    )


def by_year(results: Results, study: Study) -> Figure:
    """Shares of each kind at any conference by year."""
    rows = [row for row in _of_pairs(results, study) if row["pub_year"] is not None and row["conference"] == "all"]
    published = any(row["n_published"] for row in rows)
    return Figure(
        name="conferences-by-year",
        title="And year by year?",
        table="publication_premium",
        caption="Share of the works of each kind that appeared at any of the conferences.",
        shown=(*_SHOWN, "share"),
        rows=rows if published else (),
        spec=_by_year(rows, study) if published else None,
        missing="" if published else _none(results),
        notes=partial_years((row["pub_year"] for row in rows), study.last_full_year) if published else [],
    )


def _of_pairs(results: Results, study: Study) -> list[Row]:
    ways = study.directions
    return [row for row in results["publication_premium"] if (row["lead_country"], row["partner_country"]) in ways]


def _none(results: Results) -> str:
    return results.why_none(
        "publication_premium",
        "No work of the pairs appeared at a listed conference, or the snapshot does not tell them from others "
        "(conference_sources; conferences.file).",
    )


def _sources(results: Results) -> list[str]:
    """Which conferences are found in the snapshot, and which sources are in doubt."""
    found = {row["conference"] for row in results["conference_sources"] if row["is_counted"]}
    doubtful = sum(row["doubt"] is not None for row in results["conference_sources"])
    listed = sorted({row["conference"] for row in results["publication_premium"]} - {"all"})
    without = [name for name in listed if name not in found]
    return [
        *([f"No source of the snapshot counts as {', '.join(without)}: their shares are zero."] if without else []),
        *(
            [f"{counted(doubtful, 'source')} to be looked at by a person: table conference_sources."]
            if doubtful
            else []
        ),
    ]


def _order(study: Study) -> list[str]:
    pairs = study.pairs
    ways = [(a, b, together) for together in (True, False) for x, y in pairs for a, b in ((x, y), (y, x))]
    return [kind(*way) for way in ways]


def _kind(row: Row) -> str:
    return kind(row["lead_country"], row["partner_country"], row["collaborates"])


def _pooled(rows: Sequence[Row], study: Study) -> Spec:
    names = sorted({row["conference"] for row in rows} - {"all"})
    labels = [*(["all of them"] if len(names) > 1 else []), *names]
    rows = [row for row in rows if row["conference"] != "all" or len(names) > 1]
    order = _order(study)
    shares = [
        {
            "label": "all of them" if row["conference"] == "all" else row["conference"],
            "series": _kind(row),
            "value": row["share"],
            "n": row["n_published"],
            "of": row["n_works"],
        }
        for row in rows
    ]
    gaps = [
        {
            "label": "all of them" if row["conference"] == "all" else row["conference"],
            "series": _kind(row),
            "value": row["difference"],
            "low": row["ci_low"],
            "high": row["ci_high"],
            "p": row["p_value"],
        }
        for row in rows
        if row["collaborates"] and row["difference"] is not None
    ]
    counts: drawing.Tells = {"n": ("published there", ","), "of": ("of works", ",")}
    left = drawing.intervals(
        shares,
        x="",
        format=".0%",
        tells={"label": "conference", "series": "works", "value": ("share", ".2%"), **counts},
        labels=labels,
        order=order,
        zero=True,
    )
    right = drawing.intervals(
        gaps,
        x="",
        format="+.0%",
        tells={
            "label": "conference",
            "series": "works",
            "value": ("difference", "+.2%"),
            "low": ("from", "+.2%"),
            "high": ("to", "+.2%"),
            "p": ("p", ".3f"),
        },
        labels=labels,
        order=order,
        reference=0,
    )
    charts = [("Share of works", left), ("With less without the partner", right)]
    height = 44 * len(labels) * max(1, len(order) // 4)
    return drawing.spec(drawing.side_by_side(charts[: 2 if gaps else 1], height=height), axis=110)


def _by_year(rows: Sequence[Row], study: Study) -> Spec:
    values = [
        {
            "year": row["pub_year"],
            "value": row["share"],
            "series": _kind(row),
            "n": row["n_published"],
            "of": row["n_works"],
            "complete": row["pub_year"] <= study.last_full_year,
        }
        for row in rows
    ]
    told: drawing.Tells = {
        "series": "works",
        "year": "year",
        "value": ("share", ".2%"),
        "n": ("published there", ","),
        "of": ("of works", ","),
    }
    chart = drawing.lines(values, _order(study), y="share of works", format=".0%", tells=told)
    return drawing.spec(drawing.alone(chart, height=240))
