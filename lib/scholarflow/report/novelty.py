"""What is novel: countries by how novel their works' references and keywords stand together."""

from scholarflow.report import drawing
from scholarflow.report.caveats import lead_country_known, partial_years
from scholarflow.report.figure import Figure
from scholarflow.report.rankings import Measure, by_year, followed, ranked, told, top_countries
from scholarflow.report.reading import Results, Row, Study

_MEASURES: tuple[Measure, ...] = (
    ("mean_context_novelty", "Context novelty, mean", drawing.DECIMAL, False),
    ("share_context_hits", "Share of the 1% most novel in context", ".1%", False),
    ("mean_content_novelty", "Content novelty, mean", drawing.DECIMAL, False),
    ("share_content_hits", "Share of the 1% most novel in content", ".1%", False),
)
_COLUMNS = tuple(column for column, *_ in _MEASURES)
_NONE = "No work of the study cites two works of known source, or has two keywords known from earlier years."


def ranking(results: Results, study: Study) -> Figure:
    """The countries that lead most works, by novelty over the whole period."""
    rows = [row for row in top_countries(results) if _has_any(row)]
    return Figure(
        name="novelty",
        title="Whose works are novel?",
        table="country_totals",
        caption=f"The {len(rows)} countries that lead most works of {study.period}, in that order. A work is novel in "
        "context where it cites together sources that are seldom cited together in its year, in content where its "
        "keywords had little to do with each other before it.",
        shown=("country_name", *_COLUMNS, "n_works"),
        rows=rows,
        spec=ranked(rows, study, told(rows, _MEASURES)) if rows else None,
        missing="" if rows else results.why_none("country_totals", _NONE),
        notes=lead_country_known(results, [row["country_code"] for row in rows[:4]]) if rows else [],
    )


def trends(results: Results, study: Study) -> Figure:
    """The same year by year."""
    countries = followed(results, study)
    rows = [row for row in results["country_years"] if row["country_code"] in countries and _has_any(row)]
    return Figure(
        name="novelty-trends",
        title="How has that changed over the years?",
        table="country_years",
        caption="Mean novelty of the works a country leads, and its share of the 1 % most novel of each year. Context "
        "is in standard deviations from chance, content as a logarithm of how unlikely the keywords were. "
        "Scores compare works of one year: a mean that moves in all countries alike says little.",
        shown=("country_name", "pub_year", *_COLUMNS, "n_works"),
        rows=rows,
        spec=by_year(rows, countries, told(rows, _MEASURES), study.last_full_year) if rows else None,
        missing="" if rows else results.why_none("country_years", _NONE),
        notes=partial_years((row["pub_year"] for row in rows), study.last_full_year),
    )


def _has_any(row: Row) -> bool:
    return any(row[column] is not None for column in _COLUMNS)
