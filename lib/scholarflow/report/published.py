"""Published figures beside computed ones, where the study asks what the paper asked."""

from collections.abc import Sequence

from scholarflow.report import drawing
from scholarflow.report.figure import Figure, Spec
from scholarflow.report.reading import Results, Row, Study, country

_STATISTICS = {
    "field_works_led": "field works with a lead country",
    "works": "works",
    "share_works": "share of works",
    "scientists": "scientists",
    "total_c2": "citations within 2 years",
    "share_hits": "share of hits",
    "correlation_c2_c5": "r of c2 with c5",
    "correlation_age_origin_share": "r of academic age with works with the origin",
}
_KINDS = ("numbers", "shares", "correlations")


def published(results: Results, study: Study) -> Figure | None:
    """Each published figure beside the study's; none where the study asks something else."""
    rows = [row for row in results["study_statistics"] if row["published_value"] is not None]
    if not rows:
        return None
    drawn = [row for row in rows if (row["value"] or 0) > 0 and row["published_value"] > 0]
    return Figure(
        name="published",
        title="How close does this come to the published figures?",
        table="study_statistics",
        caption="The study's value ÷ that of AlShebli et al. (2024), made from MAG for 2000–2021, on a logarithmic "
        "scale. On another snapshot counts differ; shares, orderings and correlations should not by much.",
        shown=("statistic", "subset", "value", "ci_low", "ci_high", "n", "published_value"),
        rows=rows,
        spec=_ratios(drawn) if drawn else None,
        missing="" if drawn else "None of the statistics is defined in this study.",
    )


def named(row: Row) -> str:
    """A statistic and its subset in words."""
    title = _STATISTICS.get(str(row["statistic"]), str(row["statistic"]))
    if row["subset"] == "all":
        return title
    return f"{title}, {' → '.join(country(code) for code in row['subset'].split('>'))}"


def _ratios(rows: Sequence[Row]) -> Spec:
    values = [
        {
            "label": named(row),
            "series": _kind(row),
            "value": row["value"] / row["published_value"],
            "low": None,
            "ours": row["value"],
            "theirs": row["published_value"],
        }
        for row in rows
    ]
    told: drawing.Tells = {
        "label": "statistic",
        "ours": ("here", ",.3~f"),
        "theirs": ("published", ",.3~f"),
        "value": ("here ÷ published", ".3~g"),
    }
    order = [kind for kind in _KINDS if any(value["series"] == kind for value in values)]
    values.sort(key=lambda value: _KINDS.index(value["series"]))
    labels = [value["label"] for value in values]
    chart = drawing.intervals(
        values,
        x="here ÷ published",
        format="~g",
        tells=told,
        labels=labels,
        order=order,
        reference=1,
        log=True,
        beside=False,
    )
    return drawing.spec(drawing.alone(chart, height=28 * len(labels)))


def _kind(row: Row) -> str:
    if row["statistic"].startswith("correlation"):
        return "correlations"
    return "shares" if row["statistic"].startswith("share") else "numbers"
