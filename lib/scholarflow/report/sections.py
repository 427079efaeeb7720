"""The report's figures in the order in which they are read."""

from collections.abc import Mapping

from scholarflow.report import after_move, conferences, coverage, flows, kinds, movers, premiums, published, rankings
from scholarflow.report.figure import Section
from scholarflow.report.reading import Results, Study


def sections(results: Results, study: Study, fields: Mapping[str, str]) -> list[Section]:
    """Every section; `fields`: names of the fields compared, by id as text."""
    beside = published.published(results, study)
    return [
        Section("countries", "Countries", [rankings.ranking(results, study), rankings.trends(results, study)]),
        Section(
            "moves",
            "Moves",
            [
                flows.chord(results, study),
                flows.world_map(results, study),
                flows.balance(results, study),
                flows.origins(results, study),
                flows.origins_by_year(results, study),
            ],
        ),
        Section(
            "movers",
            "Movers",
            [movers.profiles(results, study), movers.differences(results, study), movers.elite(results, study)],
        ),
        Section(
            "after-the-move",
            "After the move",
            [
                after_move.pooled(results, study),
                after_move.by_years(results, study),
                after_move.event_study(results, study),
            ],
        ),
        Section("together", "Together and alone", [kinds.kinds(results, study, pair) for pair in study.pairs]),
        Section(
            "citations",
            "Citations",
            [
                premiums.by_year(results, study),
                premiums.pooled(results, study),
                premiums.partners(results, study),
                premiums.variants(results, study),
                premiums.fields(results, study, fields),
            ],
        ),
        Section(
            "conferences", "Conferences", [conferences.pooled(results, study), conferences.by_year(results, study)]
        ),
        Section(
            "coverage", "Coverage", [coverage.coverage(results, study), coverage.coverage_of_countries(results, study)]
        ),
        *([Section("published", "Published and computed", [beside])] if beside else []),
    ]
