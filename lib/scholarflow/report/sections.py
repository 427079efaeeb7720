"""The report's figures in the order in which they are read."""

from collections.abc import Mapping
from dataclasses import replace

from scholarflow.report import (
    after_move,
    conferences,
    coverage,
    flows,
    kinds,
    movers,
    novelty,
    premiums,
    published,
    rankings,
)
from scholarflow.report.figure import Section
from scholarflow.report.reading import Direction, Results, Study, country


def sections(results: Results, study: Study, fields: Mapping[str, str]) -> list[Section]:
    """Every section; `fields`: names of the fields compared, by id as text."""
    beside = published.published(results, study)
    return [
        Section("countries", "Countries", [rankings.ranking(results, study), rankings.trends(results, study)]),
        Section("novelty", "Novelty", [novelty.ranking(results, study), novelty.trends(results, study)]),
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
        *(section for pair in study.pairs for section in _of_pair(results, study, pair, fields)),
        Section(
            "coverage", "Coverage", [coverage.coverage(results, study), coverage.coverage_of_countries(results, study)]
        ),
        *([Section("published", "Published and computed", [beside])] if beside else []),
    ]


def _of_pair(results: Results, study: Study, pair: Direction, fields: Mapping[str, str]) -> list[Section]:
    """What is asked of a pair of countries; with its codes in the names where there are several."""
    of_pair = replace(study, pairs=(pair,))
    names = movers.ancestry(results, of_pair)
    found = [
        Section(
            "movers",
            "Movers",
            [
                movers.profiles(results, of_pair),
                movers.differences(results, of_pair),
                movers.elite(results, of_pair),
                *([names] if names else []),
            ],
        ),
        Section(
            "after-the-move",
            "After the move",
            [
                after_move.pooled(results, of_pair),
                after_move.by_years(results, of_pair),
                after_move.event_study(results, of_pair),
            ],
        ),
        Section("together", "Together and alone", [kinds.kinds(results, of_pair)]),
        Section(
            "citations",
            "Citations",
            [
                premiums.by_year(results, of_pair),
                premiums.pooled(results, of_pair),
                premiums.partners(results, of_pair),
                premiums.variants(results, of_pair),
                premiums.fields(results, of_pair, fields),
            ],
        ),
        Section(
            "conferences",
            "Conferences",
            [conferences.pooled(results, of_pair), conferences.by_year(results, of_pair)],
        ),
    ]
    if len(study.pairs) == 1:
        return found
    codes, countries = "-".join(pair).lower(), " and ".join(map(country, pair))
    return [
        Section(
            f"{section.name}-{codes}",
            f"{section.title}: {countries}",
            [replace(figure, name=f"{figure.name}-{codes}") for figure in section.figures],
        )
        for section in found
    ]
