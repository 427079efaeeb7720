"""How much the source knows: to be read beside every series."""

from collections.abc import Sequence

from scholarflow.report import drawing
from scholarflow.report.caveats import partial_years
from scholarflow.report.figure import Figure, Spec
from scholarflow.report.reading import Results, Row, Study, country

_COUNTRIES = 6
_SHARES = {
    "share_lead_country": "lead country known",
    "share_all_countries": "all countries known",
    "share_references": "with references",
    "share_english": "in English",
}
_FEW = 20


def coverage(results: Results, study: Study) -> Figure:
    """Shares of the field's works by year."""
    rows = results["coverage_years"]
    few = [row["pub_year"] for row in rows if row["n_field_works"] < _FEW]
    return Figure(
        name="coverage",
        title="How much does the source know about the works of a year?",
        table="coverage_years",
        caption="Of the field works of a year, the share whose lead country is known, all of whose authors have a "
        "known country, that list references, and that are in English.",
        shown=("pub_year", "n_field_works", *_SHARES),
        rows=rows,
        spec=_shares(rows, study.last_full_year) if rows else None,
        missing="" if rows else results.why_none("coverage_years", "No field work was published in the period."),
        notes=partial_years((row["pub_year"] for row in rows), study.last_full_year)
        + ([f"Fewer than {_FEW} field works in {', '.join(map(str, few))}."] if few else []),
    )


def coverage_of_countries(results: Results, study: Study) -> Figure:
    """The same for works that list a country, for the countries listed most."""
    countries = _most_listed(results, study)
    rows = [row for row in results["coverage_country_years"] if row["country_code"] in countries]
    return Figure(
        name="coverage-countries",
        title="Does it know some countries better than others?",
        table="coverage_country_years",
        caption="Of the field works that list a country for any author, the shares whose lead country, and all of "
        "whose countries, are known: where lines part, so does what the series of countries can see.",
        shown=("country_name", "pub_year", "n_field_works", *_SHARES),
        rows=rows,
        spec=_by_country(rows, countries, study.last_full_year) if rows else None,
        missing=""
        if rows
        else results.why_none("coverage_country_years", "No field work of the period lists a country."),
    )


def _most_listed(results: Results, study: Study) -> list[str]:
    totals: dict[str, int] = {}
    for row in results["coverage_country_years"]:
        totals[row["country_code"]] = totals.get(row["country_code"], 0) + row["n_field_works"]
    ranked = sorted(totals, key=lambda code: (-totals[code], code))
    return [code for code in dict.fromkeys([*study.countries, *ranked]) if code in totals][:_COUNTRIES]


def _shares(rows: Sequence[Row], last_full_year: int) -> Spec:
    values = [
        {
            "year": row["pub_year"],
            "value": row[column],
            "series": title,
            "n": row["n_field_works"],
            "complete": row["pub_year"] <= last_full_year,
        }
        for row in rows
        for column, title in _SHARES.items()
        if row[column] is not None
    ]
    told: drawing.Tells = {"series": "share", "year": "year", "value": ("share", ".1%"), "n": ("field works", ",")}
    chart = drawing.lines(values, list(_SHARES.values()), y="share of field works", format=".0%", tells=told)
    return drawing.spec(drawing.alone(chart, height=240))


def _by_country(rows: Sequence[Row], countries: Sequence[str], last_full_year: int) -> Spec:
    order = [country(code) for code in countries]
    charts = []
    for column in ("share_lead_country", "share_all_countries"):
        values = [
            {
                "year": row["pub_year"],
                "value": row[column],
                "series": country(row["country_code"]),
                "n": row["n_field_works"],
                "complete": row["pub_year"] <= last_full_year,
            }
            for row in rows
        ]
        told: drawing.Tells = {
            "series": "country",
            "year": "year",
            "value": (_SHARES[column], ".1%"),
            "n": ("field works listing it", ","),
        }
        chart = drawing.lines(values, order, y="", format=".0%", tells=told, zero=False)
        charts.append((_SHARES[column].capitalize(), chart))
    return drawing.spec(drawing.side_by_side(charts, height=190))
