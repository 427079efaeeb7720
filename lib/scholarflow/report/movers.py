"""Who moves: movers against those who stay and against the opposite direction; the institutions they leave and join."""

from collections.abc import Sequence

from scholarflow.ancestry.names import UNKNOWN
from scholarflow.report import drawing
from scholarflow.report.caveats import too_few
from scholarflow.report.figure import Figure, Spec
from scholarflow.report.reading import Direction, Results, Row, Study, country, the

_METRICS = {
    "career_age": "Career age, years",
    "n_works": "Works of the year",
    "citations": "Citations received so far",
}
_COMPARISONS = {
    "stayers_of_destination": "who was there",
    "opposite_direction": "who moved the other way",
}
_ENDS = {"left": "left a top institution", "hired": "hired by a top institution"}


def profiles(results: Results, study: Study) -> Figure:
    """Quartiles of movers, and of whom they are held against."""
    rows = of_pairs(results["mover_profiles"], study)
    return Figure(
        name="mover-profiles",
        title="Are those who move more experienced, more productive, more cited?",
        table="mover_profiles",
        caption="Movers in the year of their first entry, and scientists of the destination who never were in the "
        "origin, in the years of the moves: from the lower to the upper quartile, the median as a dot.",
        shown=(
            *("origin_country_name", "destination_country_name", "comparison", "metric"),
            *("movers_n", "movers_mean", "movers_q1", "movers_median", "movers_q3"),
            *("others_n", "others_mean", "others_q1", "others_median", "others_q3"),
        ),
        rows=rows,
        spec=_profiles(rows) if rows else None,
        missing="" if rows else results.why_none("mover_profiles", nobody(study)),
        notes=_uncited(results) if rows else [],
    )


def differences(results: Results, study: Study) -> Figure:
    """Differences of means with their intervals."""
    rows = [row for row in of_pairs(results["mover_profiles"], study) if row["difference"] is not None]
    with_interval = any(row["ci_low"] is not None for row in rows)
    return Figure(
        name="mover-differences",
        title="How sure are these differences?",
        table="mover_profiles",
        caption="Mean of movers less mean of whom they are compared with; 95% intervals by a bootstrap over "
        "scientists.",
        shown=(
            *("origin_country_name", "destination_country_name", "comparison", "metric", "movers_n", "others_n"),
            *("difference", "ci_low", "ci_high", "p_value", "test"),
        ),
        rows=rows,
        spec=_differences(rows) if rows else None,
        missing="" if rows else results.why_none("mover_profiles", nobody(study)),
        notes=[] if with_interval or not rows else [too_few("scientists")],
    )


def elite(results: Results, study: Study) -> Figure:
    """Shares that leave, and that are hired by, one of the top institutions."""
    rows = of_pairs(results["elite_mobility"], study)
    drawn = [row for row in rows if row["share_left_top"] is not None or row["share_hired_top"] is not None]
    return Figure(
        name="elite-mobility",
        title="Do movers leave, and join, top institutions?",
        table="elite_mobility",
        caption="Of the movers whose institution is known, the share that had, and that found, one of the institutions "
        "with most citations of the field; 95% intervals (Wilson).",
        shown=(
            *("origin_country_name", "destination_country_name", "n_moves", "n_left_known", "share_left_top"),
            *("share_left_top_low", "share_left_top_high", "n_hired_known", "share_hired_top"),
            *("share_hired_top_low", "share_hired_top_high"),
        ),
        rows=drawn,
        spec=_elite(drawn) if drawn else None,
        missing="" if drawn else results.why_none("elite_mobility", nobody(study, "of known institution ")),
        notes=["Without citations, top institutions are no more than the first by number."]
        if drawn and not results.has_citations
        else [],
    )


def ancestry(results: Results, study: Study) -> Figure | None:
    """Shares of classes of names; none where no classifier was asked, or too few moved to tell."""
    rows = of_pairs(results["mover_ancestry"], study)
    drawn = [row for row in rows if row["share"] is not None]
    if not drawn:
        return None
    unknown = [f"{way(row)} {row['n']:,}" for row in rows if row["ancestry"] == UNKNOWN]
    hidden = [f"{way(row)} {_class(row)}" for row in rows if row["n"] is None]
    beside = [f"{way(row)} {_class(row)} {row['published_share']:.1%}" for row in drawn if row["published_share"]]
    return Figure(
        name="mover-ancestry",
        title="What do the names of movers look like?",
        table="mover_ancestry",
        caption="Of the movers whose name says something, the share with a name of each class of ancestry.classifier. "
        "It is a guess about names, right for most names of some groups and few of others, and nobody's identity.",
        shown=("origin_country_name", "destination_country_name", "ancestry", "n", "share", "published_share"),
        rows=rows,
        spec=_ancestry(drawn),
        notes=[
            f"Names that say nothing: {'; '.join(unknown)}.",
            *([f"Not told, so that no small number is: {'; '.join(hidden)}."] if hidden else []),
            *([f"Published, by another classifier: {'; '.join(beside)}."] if beside else []),
        ],
    )


def way(row: Row) -> str:
    """The direction of a move, in words."""
    return f"{country(row['origin_country'])} → {country(row['destination_country'])}"


def of_pairs(rows: Sequence[Row], study: Study) -> list[Row]:
    """Rows of the directions of the pairs, in the order of these."""
    ways: list[Direction] = study.directions
    found = [row for row in rows if (row["origin_country"], row["destination_country"]) in ways]
    return sorted(found, key=lambda row: ways.index((row["origin_country"], row["destination_country"])))


def nobody(study: Study, which: str = "") -> str:
    """Why there is no mover to speak of."""
    pairs = "; ".join(f"{the(a)} and {the(b)}" for a, b in study.pairs)
    return f"No scientist {which}moved between {pairs} in the period."


def _uncited(results: Results) -> list[str]:
    return [] if results.has_citations else [f"Citations are zero throughout. {results.no_citations}"]


def _profiles(rows: Sequence[Row]) -> Spec:
    order, values = ["movers", "who was there"], []
    labels: dict[str, None] = {}
    # All movers stand in the comparison with the opposite direction; those compared with stayers may be fewer.
    whole = {(way(r), r["metric"]) for r in rows if r["comparison"] == "opposite_direction"}
    for row in rows:
        sides = [("movers", way(row), "movers")] if _shows_movers(row, whole) else []
        if row["comparison"] == "stayers_of_destination":
            sides.append(("others", f"others in {the(row['destination_country'])}", "who was there"))
        for side, label, series in sides:
            if row[f"{side}_median"] is not None:
                labels[label] = None
                values.append(
                    {
                        "panel": _METRICS[row["metric"]],
                        "label": label,
                        "series": series,
                        "value": row[f"{side}_median"],
                        "low": row[f"{side}_q1"],
                        "high": row[f"{side}_q3"],
                        "mean": row[f"{side}_mean"],
                        "n": row[f"{side}_n"],
                    }
                )
    told: drawing.Tells = {
        "label": "who",
        "low": ("lower quartile", ",.1f"),
        "value": ("median", ",.1f"),
        "high": ("upper quartile", ",.1f"),
        "mean": ("mean", ",.2f"),
        "n": ("number", ","),
    }
    return _forests(values, list(labels), order, tells=told, format=",.1f", zero=True)


def _shows_movers(row: Row, whole: set[tuple[str, str]]) -> bool:
    return row["comparison"] == "opposite_direction" or (way(row), row["metric"]) not in whole


def _differences(rows: Sequence[Row]) -> Spec:
    order = [f"less {against}" for against in _COMPARISONS.values()]
    values = [
        {
            "panel": _METRICS[row["metric"]],
            "label": way(row),
            "series": f"less {_COMPARISONS[row['comparison']]}",
            "value": row["difference"],
            "low": row["ci_low"],
            "high": row["ci_high"],
            "p": row["p_value"],
            "n": row["movers_n"],
        }
        for row in rows
    ]
    told: drawing.Tells = {
        "label": "movers",
        "series": "mean of movers",
        "value": ("difference", "+,.2f"),
        "low": ("from", "+,.2f"),
        "high": ("to", "+,.2f"),
        "p": ("p", ".3f"),
        "n": ("movers", ","),
    }
    labels = list(dict.fromkeys(value["label"] for value in values))
    return _forests(values, labels, order, tells=told, format="+,.1f", reference=0)


def _forests(
    values: Sequence[drawing.Value],
    labels: Sequence[str],
    order: Sequence[str],
    *,
    tells: drawing.Tells,
    format: str,
    reference: float | None = None,
    zero: bool = False,
) -> Spec:
    charts = []
    for panel in _METRICS.values():
        of_panel = [value for value in values if value["panel"] == panel]
        chart = drawing.intervals(
            of_panel,
            x="",
            format=format,
            tells=tells,
            labels=labels,
            order=order,
            reference=reference,
            zero=zero,
            beside=reference is not None,
        )
        if any(value["value"] for value in of_panel):
            charts.append((panel, chart))
    height = (36 if reference is not None else 28) * len(labels) + 8
    return drawing.spec(drawing.side_by_side(charts, height=height, columns=1), axis=150)


def _elite(rows: Sequence[Row]) -> Spec:
    values = [
        {
            "label": way(row),
            "series": title,
            "value": row[f"share_{end}_top"],
            "low": row[f"share_{end}_top_low"],
            "high": row[f"share_{end}_top_high"],
            "n": row[f"n_{end}_known"],
        }
        for row in rows
        for end, title in _ENDS.items()
        if row[f"share_{end}_top"] is not None
    ]
    told: drawing.Tells = {
        "label": "movers",
        "series": "who",
        "value": ("share", ".1%"),
        "low": ("from", ".1%"),
        "high": ("to", ".1%"),
        "n": ("of known institution", ","),
    }
    labels = list(dict.fromkeys(value["label"] for value in values))
    chart = drawing.intervals(
        values, x="share of movers", format=".0%", tells=told, labels=labels, order=list(_ENDS.values()), zero=True
    )
    return drawing.spec(drawing.alone(chart, height=48 * len(labels) + 20))


def _class(row: Row) -> str:
    return str(row["ancestry"]).replace("_", " ")


def _ancestry(rows: Sequence[Row]) -> Spec:
    values = [{"label": way(row), "series": _class(row), "value": row["share"], "n": row["n"]} for row in rows]
    told: drawing.Tells = {"label": "movers", "series": "names", "value": ("share", ".1%"), "n": ("movers", ",")}
    labels, classes = (list(dict.fromkeys(value[key] for value in values)) for key in ("label", "series"))
    chart = drawing.intervals(
        values, x="share of movers", format=".0%", tells=told, labels=labels, order=classes, zero=True
    )
    return drawing.spec(drawing.alone(chart, height=(20 * len(classes) + 12) * len(labels)))
