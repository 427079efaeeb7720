"""Who leads: countries ranked, and their course over the years."""

from collections.abc import Sequence

from scholarflow.report import drawing
from scholarflow.report.caveats import lead_country_known, open_windows, partial_years
from scholarflow.report.figure import Figure, Spec
from scholarflow.report.reading import Results, Row, Study, country

#: Countries in the ranking, and lines in the trends besides those of the pairs.
_RANKED, _FOLLOWED = 12, 6
#: Column, title, format; whether it rests on citations.
Measure = tuple[str, str, str, bool]
_MEASURES: tuple[Measure, ...] = (
    ("n_works", "Works led", drawing.COUNT, False),
    ("n_scientists", "Scientists", drawing.COUNT, False),
    ("mean_c2", "Citations within 2 years, per work", drawing.DECIMAL, True),
    ("share_hits", "Share of the most cited 1%", ".1%", True),
)
_SHOWN = ("n_works", "share_works", "n_scientists", "mean_c2", "share_hits", "pp_top_10pct", "n_international")


def ranking(results: Results, study: Study) -> Figure:
    """The countries that lead most works, over the whole period."""
    rows = top_countries(results)
    drawn = told(rows, _MEASURES)
    return Figure(
        name="ranking",
        title="Which countries lead the field?",
        table="country_totals",
        caption=f"The {len(rows)} countries that lead most works of {study.period}, in that order in every panel: a "
        "work counts for each country of its last author.",
        shown=("country_name", *_SHOWN, "rank_works"),
        rows=rows,
        spec=ranked(rows, study, drawn) if rows else None,
        missing="" if rows else results.why_none("country_totals", "No work of the study has a known lead country."),
        notes=[*lead_country_known(results, [row["country_code"] for row in rows[:4]]), *_left_out(results, drawn)],
    )


def trends(results: Results, study: Study) -> Figure:
    """The same year by year."""
    countries = followed(results, study)
    rows = [row for row in results["country_years"] if row["country_code"] in countries]
    drawn = told(rows, _MEASURES)
    open_years = sorted({row["pub_year"] for row in rows if not row["is_complete"]})
    notes = [*lead_country_known(results, countries[:4]), *_left_out(results, drawn)]
    notes += partial_years((row["pub_year"] for row in rows), study.last_full_year)
    if open_years and results.has_citations:
        notes.append(open_windows(open_years))
    return Figure(
        name="trends",
        title="How has that changed over the years?",
        table="country_years",
        caption=f"Works led, scientists, mean citations and share of hits by year of publication, for the "
        f"{len(countries)} countries that lead most works"
        + (", those of the pairs among them." if set(study.countries) <= set(countries) else "."),
        shown=("country_name", "pub_year", *_SHOWN, "is_complete"),
        rows=rows,
        spec=by_year(rows, countries, drawn, study.last_full_year) if rows else None,
        missing="" if rows else results.why_none("country_years", "No work of the study has a known lead country."),
        notes=notes,
    )


def top_countries(results: Results) -> list[Row]:
    """Rows of the period of the countries that lead most works, by rank."""
    of_period = [row for row in results["country_totals"] if row["years"] == "period"]
    return sorted(of_period, key=lambda row: (row["rank_works"], row["country_code"]))[:_RANKED]


def followed(results: Results, study: Study) -> list[str]:
    """The countries of the pairs, then those that lead most works."""
    ranked = [row["country_code"] for row in top_countries(results)]
    known = {row["country_code"] for row in results["country_years"]}
    return [code for code in dict.fromkeys([*study.countries, *ranked]) if code in known][:_FOLLOWED]


def told(rows: Sequence[Row], measures: Sequence[Measure]) -> list[tuple[str, str, str]]:
    """The measures that have anything to tell: not null everywhere, citations not zero everywhere."""
    return [
        (column, title, format)
        for column, title, format, cited in measures
        if any(row[column] if cited else row[column] is not None for row in rows)
    ]


def _left_out(results: Results, drawn: Sequence[tuple[str, str, str]]) -> list[str]:
    columns = {column for column, *_ in drawn}
    if "n_works" in columns and "mean_c2" not in columns:
        return [f"Citations and hits are not drawn. {results.no_citations}"]
    if "n_works" in columns and "share_hits" not in columns:
        return ["Hits are not drawn: in every year the threshold falls on works without a citation."]
    return []


def ranked(rows: Sequence[Row], study: Study, drawn: Sequence[tuple[str, str, str]]) -> Spec:
    """Bars of each measure (column, title, format) side by side, countries in one order."""
    # The countries of the pairs keep their colours; all others share the last.
    order = [*map(country, study.countries), drawing.OTHERS]
    charts = []
    for column, title, format in drawn:
        values = [
            {
                "label": row["country_name"],
                "value": row[column],
                "series": row["country_name"] if row["country_code"] in study.countries else order[-1],
            }
            for row in rows
        ]
        chart = drawing.bars(values, format=format, tells={"label": "country", "value": (title, format)}, order=order)
        charts.append((title, chart))
    return drawing.spec(drawing.side_by_side(charts, height=20 * len(rows)), axis=150)


def by_year(
    rows: Sequence[Row], countries: Sequence[str], drawn: Sequence[tuple[str, str, str]], last_full_year: int
) -> Spec:
    """Lines of each measure (column, title, format) side by side, one a country; hollow where a year is open."""
    order = [country(code) for code in countries]
    charts = []
    for column, title, format in drawn:
        cited = column in ("mean_c2", "share_hits")
        values = [
            {
                "year": row["pub_year"],
                "value": row[column],
                "series": country(row["country_code"]),
                "complete": row["is_complete"] if cited else row["pub_year"] <= last_full_year,
            }
            for row in rows
            if row[column] is not None
        ]
        told: drawing.Tells = {"series": "country", "year": "year", "value": (title, format)}
        charts.append((title, drawing.lines(values, order, y="", format=format, tells=told)))
    return drawing.spec(drawing.side_by_side(charts, height=190))
