"""After the move: work with the country left, movers against matched scientists who never were there."""

from collections.abc import Sequence

import altair as alt

from scholarflow.report import drawing
from scholarflow.report.caveats import MATCHED, signed, too_few
from scholarflow.report.figure import Figure, Spec
from scholarflow.report.movers import nobody, of_pairs, way
from scholarflow.report.reading import Results, Row, Study, country, the

_SAMPLES = {"staying": "staying", "all": "all years"}
_GROUPS = ["movers", "matched scientists who did not move"]


def pooled(results: Results, study: Study) -> Figure:
    """Shares of works with the country left, movers and matched controls."""
    rows = [row for row in of_pairs(results["post_move_collaboration"], study) if row["share_movers"] is not None]
    with_interval = any(row["difference_low"] is not None for row in rows)
    return Figure(
        name="after-move",
        title="Do movers go on working with the country they left?",
        table="post_move_collaboration",
        caption="Mean share of a scientist's field works after the move with another author in the country left: "
        "movers, and scientists of the destination who are like them and never moved; staying: only years with the "
        "destination primary. The second panel: the difference with its 95% interval.",
        shown=(
            *("origin_country_name", "destination_country_name", "sample", "n_movers", "n_matched", "n_controls"),
            *("share_movers", "share_controls", "ratio", "ci_low", "ci_high"),
            *("difference", "difference_low", "difference_high", "p_value", "l1_before", "l1_after"),
        ),
        rows=rows,
        spec=_pooled(rows) if rows else None,
        missing="" if rows else results.why_none("post_move_collaboration", nobody(study, "who can be matched ")),
        notes=[MATCHED, *([] if with_interval else [too_few("scientists")])] if rows else [],
    )


def by_years(results: Results, study: Study) -> Figure:
    """Shares by years since the move."""
    rows = _staying(results, study)
    drawn = [row for row in rows if row["n_scientists"]]
    return Figure(
        name="years-since-move",
        title="And year by year, before and after?",
        table="post_move_years",
        caption="Share of a year's field works with another author in the destination (before the move) and in the "
        "country left (from it on), mean over movers with its 95% interval; and over matched scientists who never "
        "moved. Years with the country of that side of the move primary.",
        shown=(
            *("origin_country_name", "destination_country_name", "years_since_move", "partner_country"),
            *("n_scientists", "n_works", "share", "ci_low", "ci_high", "n_matched", "share_controls"),
        ),
        rows=drawn,
        spec=_by_years(drawn) if drawn else None,
        missing="" if drawn else results.why_none("post_move_years", nobody(study)),
        notes=[_few(drawn)] if drawn else [],
    )


def event_study(results: Results, study: Study) -> Figure:
    """Differences to matched controls, less that of the reference year."""
    rows = [row for row in _staying(results, study) if row["since_reference"] is not None]
    reference = sorted({row["years_since_move"] for row in rows if _is_reference(row)})
    told = f"year {signed(reference[0], 'd')}" if reference else "the reference year"
    return Figure(
        name="event-study",
        title="When does it begin, and does it last?",
        table="post_move_years",
        caption=f"Share of movers less share of matched scientists, less the same in {told} (ring), because a move "
        "shows at publication, so that the year before may be part of it. Bands: 95% intervals by scientist.",
        shown=(
            *("origin_country_name", "destination_country_name", "years_since_move", "partner_country", "n_matched"),
            *("difference", "difference_low", "difference_high"),
            *("since_reference", "since_reference_low", "since_reference_high"),
        ),
        rows=rows,
        spec=_event_study(rows, study) if rows else None,
        missing=""
        if rows
        else results.why_none("post_move_years", "No mover of the pairs can be matched in the reference year."),
        notes=[
            "Before the move partners are in the destination, from it on in the country left: two questions, one scale."
        ]
        if rows
        else [],
    )


def _staying(results: Results, study: Study) -> list[Row]:
    return [row for row in of_pairs(results["post_move_years"], study) if row["sample"] == "staying"]


def _is_reference(row: Row) -> bool:
    return row["since_reference"] == 0 and row["since_reference_low"] is None and row["years_since_move"] < 0


def _few(rows: Sequence[Row]) -> str:
    fewest = min(rows, key=lambda row: (row["n_scientists"], row["years_since_move"]))
    n = fewest["n_scientists"]
    scientists = "1 scientist" if n == 1 else f"{n:,} scientists"
    return f"As few as {scientists} in a year ({way(fewest)}, year {signed(fewest['years_since_move'], 'd')})."


def _pooled(rows: Sequence[Row]) -> Spec:
    shares, gaps = [], []
    for row in rows:
        label = f"{way(row)}, {_SAMPLES[row['sample']]}"
        told: drawing.Tells = {"label": label, "n": row["n_matched"], "m": row["n_controls"]}
        for series, column in zip(_GROUPS, ("share_movers", "share_controls"), strict=True):
            shares.append({**told, "series": series, "value": row[column]})
        gaps.append(
            {
                **told,
                "series": _GROUPS[0],
                "value": row["difference"],
                "low": row["difference_low"],
                "high": row["difference_high"],
            }
        )
    labels = list(dict.fromkeys(value["label"] for value in gaps))
    counts: drawing.Tells = {"n": ("matched movers", ","), "m": ("controls", ",")}
    left = drawing.intervals(
        shares,
        x="",
        format=".0%",
        tells={"label": "movers", "series": "who", "value": ("share", ".1%"), **counts},
        labels=labels,
        order=_GROUPS,
        zero=True,
    )
    right = drawing.intervals(
        gaps,
        x="",
        format="+.0%",
        tells={
            "label": "movers",
            "value": ("difference", "+.1%"),
            "low": ("from", "+.1%"),
            "high": ("to", "+.1%"),
            **counts,
        },
        labels=labels,
        order=_GROUPS,
        reference=0,
    )
    charts = [("Share of works with the country left", left), ("Difference", right)]
    return drawing.spec(drawing.side_by_side(charts, height=36 * len(labels) + 8), axis=150)


def _by_years(rows: Sequence[Row]) -> Spec:
    values = []
    for row in rows:
        for series, column, low, high in (
            (_GROUPS[0], "share", "ci_low", "ci_high"),
            (_GROUPS[1], "share_controls", "", ""),
        ):
            if row[column] is not None:
                values.append(
                    {
                        **_place(row),
                        "series": series,
                        "value": row[column],
                        "low": row.get(low),
                        "high": row.get(high),
                        "n": row["n_scientists"] if low else row["n_control_scientists"],
                        "complete": True,
                    }
                )
    told: drawing.Tells = {
        "series": "who",
        "year": "years since the move",
        "partner": "co-author in",
        "value": ("share", ".1%"),
        "low": ("from", ".1%"),
        "high": ("to", ".1%"),
        "n": ("scientists", ","),
    }
    chart = drawing.lines(
        values,
        _GROUPS,
        y="share of works",
        format=".0%",
        tells=told,
        x_title="years since the move",
        guides=[_the_move()],
    )
    return drawing.spec(drawing.panels(chart, _panels(rows), height=210))


def _event_study(rows: Sequence[Row], study: Study) -> Spec:
    met = {row["partner_country"] for row in rows}
    series = [f"co-author in {the(code)}" for code in study.countries if code in met]
    values = [
        {
            **_place(row),
            "series": f"co-author in {the(row['partner_country'])}",
            "value": row["since_reference"],
            "low": row["since_reference_low"],
            "high": row["since_reference_high"],
            "n": row["n_matched"],
            "reference": _is_reference(row),
        }
        for row in rows
    ]
    told: drawing.Tells = {
        "series": "works with a",
        "year": "years since the move",
        "value": ("difference", "+.1%"),
        "low": ("from", "+.1%"),
        "high": ("to", "+.1%"),
        "n": ("matched movers", ","),
    }
    zero = drawing.rule(y=0)
    chart = drawing.lines(
        values,
        series,
        y="difference",
        format="+.0%",
        tells=told,
        x_title="years since the move",
        guides=[zero, _the_move()],
        rings="datum.reference",
    )
    return drawing.spec(drawing.panels(chart, _panels(rows), height=230))


def _place(row: Row) -> drawing.Value:
    return {
        "panel": way(row),
        "year": row["years_since_move"],
        "part": "before" if row["years_since_move"] < 0 else "after",
        "partner": country(row["partner_country"]),
    }


def _panels(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(way(row) for row in rows))


def _the_move() -> alt.Chart:
    return drawing.rule(x=-0.5, dashed=True)
