"""The whole graph on one screen: which function makes which table from which tables, with which parameters."""

from collections.abc import Callable
from dataclasses import asdict
from functools import reduce
from operator import getitem
from typing import Any

from scholarflow.ancestry.classifier import parameters_of
from scholarflow.ancestry.mover_ancestry import mover_ancestry
from scholarflow.career.author_country_years import author_country_years
from scholarflow.career.country_spells import country_spells
from scholarflow.career.migrations import migrations
from scholarflow.career.scientist_years import scientist_years
from scholarflow.citation.citation_windows import citation_windows
from scholarflow.citation.top_institutions import top_institutions
from scholarflow.collaboration.coauthor_edges import coauthor_edges, works_left_out
from scholarflow.collaboration.collaboration_edges import collaboration_edges
from scholarflow.collaboration.scientist_partner_years import scientist_partner_years
from scholarflow.comparison.citation_premium import citation_premium
from scholarflow.comparison.comparison_works import comparison_works
from scholarflow.comparison.elite_mobility import elite_mobility
from scholarflow.comparison.mover_profiles import mover_profiles
from scholarflow.comparison.post_move_collaboration import post_move_collaboration
from scholarflow.comparison.post_move_years import post_move_years
from scholarflow.comparison.publication_premium import publication_premium
from scholarflow.comparison.scientist_strata import scientist_strata
from scholarflow.novelty.content_model_years import content_model_years
from scholarflow.novelty.content_novelty import content_novelty
from scholarflow.novelty.field_references import field_references, works_without_context
from scholarflow.novelty.keyword_parameters import keyword_parameters
from scholarflow.novelty.venue_pairs import venue_pairs
from scholarflow.novelty.work_keywords import work_keywords
from scholarflow.novelty.work_novelty import work_novelty
from scholarflow.panel.country_balance import country_balance
from scholarflow.panel.country_totals import country_totals
from scholarflow.panel.country_years import country_years
from scholarflow.panel.covariates import covariates_of
from scholarflow.panel.coverage import coverage_country_years, coverage_years
from scholarflow.panel.kinds_of_works import kinds_of_works
from scholarflow.panel.migration_flows import migration_flows
from scholarflow.panel.panel_country_years import panel_country_years
from scholarflow.panel.panel_dyad_years import panel_dyad_years
from scholarflow.panel.panel_scientist_years import panel_scientist_years
from scholarflow.panel.panel_works import panel_works
from scholarflow.panel.premium_cells import premium_cells
from scholarflow.panel.published import ancestry_of, figures_of
from scholarflow.panel.study_statistics import study_statistics
from scholarflow.stage import Context, Stage
from scholarflow.study.conference_list import conference_list, conferences
from scholarflow.study.conference_sources import conference_sources
from scholarflow.study.field_works import field_works
from scholarflow.study.led_works import led_works
from scholarflow.study.scientists import scientists
from scholarflow.tables import canonical as c
from scholarflow.tables import careers as a
from scholarflow.tables import comparisons as m
from scholarflow.tables import derived as d
from scholarflow.tables import movers as v
from scholarflow.tables import novelty as n
from scholarflow.tables import panels as p
from scholarflow.tables import results as r


def _field(context: Context) -> dict[str, Any]:
    study = context.config.study
    return {
        "scheme": study.scheme,
        "fields": study.fields,
        "min_score": getattr(study.min_score, context.source),
    }


def _period(context: Context) -> dict[str, Any]:
    study = context.config.study
    return {"first_year": study.first_year, "last_year": study.last_year}


def _groups(context: Context) -> dict[str, Any]:
    return {"country_groups": [group.model_dump() for group in context.config.study.country_groups]}


def _lead(context: Context) -> dict[str, Any]:
    return {"lead_rule": context.config.lead.rule}


def _last_full_year(context: Context) -> dict[str, Any]:
    return {"last_full_year": context.last_full_year}


def _scientists(context: Context) -> dict[str, Any]:
    return context.config.scientists.model_dump()


def _comparison_fields(context: Context) -> dict[str, Any]:
    study = context.config.study
    named = {"+".join(map(str, fields)): fields for fields in study.comparison_fields}
    sets = {**named, "wide": study.wide_fields} if study.wide_fields else named
    return {"field_sets": [(name, sorted(fields)) for name, fields in sets.items()]} | {
        name: value for name, value in _field(context).items() if name != "fields"
    }


def _comparison(context: Context) -> dict[str, Any]:
    return context.config.comparison.model_dump()


def _published(context: Context) -> dict[str, Any]:
    return {"published": [[*key, value] for key, value in figures_of(context.config.study).items()]}


def _conference_list(context: Context) -> dict[str, Any]:
    given = context.config.conferences
    lines = [asdict(line) for line in conference_list(given.file)]
    return given.model_dump(exclude={"file"}) | {"list_of_conferences": lines}


def _conferences(context: Context) -> dict[str, Any]:
    return {"conferences": conferences(conference_list(context.config.conferences.file))}


def _ancestry(context: Context) -> dict[str, Any]:
    published = [[*key, value] for key, value in ancestry_of(context.config.study).items()]
    given = parameters_of(context.config.ancestry)
    return given | {"published": published} if given["classifier"] else given


def _covariates(context: Context) -> dict[str, Any]:
    study = context.config.study
    lines = covariates_of(context.config.panels.covariates, places=study.places)
    of_period = [line for line in lines if study.first_year <= line.year <= study.last_year]
    return {"covariates": [[*asdict(line).values()] for line in of_period]}


def _by_chance(context: Context) -> dict[str, Any]:
    given = context.config.novelty.context
    # Of the exact null neither seed nor number of shuffles changes anything.
    return {"null": given.null} | ({"seed": given.seed, "shuffles": given.shuffles} if given.null == "shuffles" else {})


def _keywords(context: Context) -> dict[str, Any]:
    given, study = context.config.novelty.content, context.config.study
    return {
        "scheme": given.scheme,
        "min_level": given.min_level,
        "min_score": getattr(given.min_score, context.source),
        "study_scheme": study.scheme,
        "study_fields": study.fields,
    }


def _content(*names: str) -> Callable[[Context], dict[str, Any]]:
    """These keys of `novelty.content`."""
    return _all(**{name: f"novelty.content.{name}" for name in names})


def _resampling(context: Context) -> dict[str, Any]:
    return {"resampling": context.config.bootstrap.model_dump()}


def _all(*parts: Callable[[Context], dict[str, Any]], **settings: str) -> Callable[[Context], dict[str, Any]]:
    """Parameters of several kinds together, and single settings by their `section.key`, as deep as it lies."""

    def parameters(context: Context) -> dict[str, Any]:
        config = context.config.model_dump()
        single = {name: reduce(getitem, path.split("."), config) for name, path in settings.items()}
        return {key: value for part in parts for key, value in part(context).items()} | single

    return parameters


#: Every derived and result table of a study, each after the tables it is made from.
STAGES = (
    Stage(d.FIELD_WORKS, field_works, (c.WORKS,), _all(_field, _lead, _groups)),
    Stage(d.LED_WORKS, led_works, (d.FIELD_WORKS,)),
    Stage(a.SCIENTISTS, scientists, (c.WORKS, d.FIELD_WORKS), _all(_scientists, _groups)),
    Stage(a.AUTHOR_COUNTRY_YEARS, author_country_years, (c.WORKS, d.FIELD_WORKS), _groups),
    Stage(a.COUNTRY_SPELLS, country_spells, (a.AUTHOR_COUNTRY_YEARS,)),
    Stage(a.SCIENTIST_YEARS, scientist_years, (c.WORKS, d.FIELD_WORKS, a.AUTHOR_COUNTRY_YEARS, a.SCIENTISTS)),
    Stage(
        a.SCIENTIST_STRATA,
        scientist_strata,
        (a.SCIENTIST_YEARS, a.AUTHOR_COUNTRY_YEARS, a.SCIENTISTS),
        _all(_period, strata="after_move.strata", imbalance="after_move.imbalance"),
    ),
    Stage(a.MIGRATIONS, migrations, (a.AUTHOR_COUNTRY_YEARS, a.SCIENTISTS), _period),
    Stage(
        d.CITATION_WINDOWS,
        citation_windows,
        (c.WORKS, d.FIELD_WORKS),
        _all(_lead, _last_full_year, _groups, ties="hits.ties"),
    ),
    Stage(d.COLLABORATION_EDGES, collaboration_edges, (d.FIELD_WORKS,), _period),
    Stage(
        d.COAUTHOR_EDGES,
        coauthor_edges,
        (d.FIELD_WORKS,),
        _all(_period, max_team="collaboration.max_team"),
        manifest=works_left_out,
    ),
    Stage(a.SCIENTIST_PARTNER_YEARS, scientist_partner_years, (c.WORKS, a.SCIENTISTS), _all(_field, _groups)),
    Stage(
        d.TOP_INSTITUTIONS,
        top_institutions,
        (d.LED_WORKS, d.CITATION_WINDOWS, c.INSTITUTIONS),
        _all(_period, n="top_institutions.n"),
    ),
    Stage(
        n.FIELD_REFERENCES,
        field_references,
        (c.WORKS, d.FIELD_WORKS),
        _all(max_references="novelty.context.max_references"),
        manifest=works_without_context,
    ),
    Stage(n.VENUE_PAIRS, venue_pairs, (n.FIELD_REFERENCES, c.WORKS), _by_chance),
    Stage(n.WORK_KEYWORDS, work_keywords, (c.WORKS, d.FIELD_WORKS, c.FIELDS), _keywords),
    Stage(
        n.KEYWORD_PARAMETERS,
        keyword_parameters,
        (n.WORK_KEYWORDS,),
        _content("dimensions", "epochs", "learning_rate", "drift", "fits", "seed", "min_keywords"),
    ),
    Stage(
        n.CONTENT_NOVELTY,
        content_novelty,
        (n.WORK_KEYWORDS, n.KEYWORD_PARAMETERS),
        _content("dimensions", "min_keywords", "history_years", "history_works", "min_cell"),
    ),
    Stage(
        n.CONTENT_MODEL_YEARS,
        content_model_years,
        (n.WORK_KEYWORDS, n.KEYWORD_PARAMETERS),
        _content("dimensions", "min_keywords", "history_years", "history_works", "seed"),
    ),
    Stage(
        n.WORK_NOVELTY,
        work_novelty,
        (d.FIELD_WORKS, n.FIELD_REFERENCES, n.VENUE_PAIRS, n.CONTENT_NOVELTY),
        _all(settled_year="novelty.context.settled_year", ties="hits.ties"),
    ),
    Stage(d.COMPARISON_WORKS, comparison_works, (c.WORKS,), _all(_comparison_fields, _lead, _period, _groups)),
    Stage(
        r.COUNTRY_YEARS,
        country_years,
        (d.LED_WORKS, d.FIELD_WORKS, d.CITATION_WINDOWS, n.WORK_NOVELTY, a.AUTHOR_COUNTRY_YEARS, a.SCIENTISTS),
        _period,
    ),
    Stage(
        r.COUNTRY_TOTALS,
        country_totals,
        (d.LED_WORKS, d.FIELD_WORKS, d.CITATION_WINDOWS, n.WORK_NOVELTY, a.AUTHOR_COUNTRY_YEARS, a.SCIENTISTS),
        _all(_period, _last_full_year),
    ),
    Stage(r.COVERAGE_YEARS, coverage_years, (d.FIELD_WORKS,), _period),
    Stage(r.COVERAGE_COUNTRY_YEARS, coverage_country_years, (d.FIELD_WORKS,), _period),
    Stage(r.MIGRATION_FLOWS, migration_flows, (a.MIGRATIONS, a.AUTHOR_COUNTRY_YEARS, a.SCIENTISTS)),
    Stage(r.COUNTRY_BALANCE, country_balance, (a.MIGRATIONS, a.AUTHOR_COUNTRY_YEARS, a.SCIENTISTS)),
    Stage(
        r.KINDS_OF_WORKS,
        kinds_of_works,
        (d.FIELD_WORKS, d.CITATION_WINDOWS, d.TOP_INSTITUTIONS),
        _all(_period, _resampling, pairs="study.pairs"),
    ),
    Stage(
        m.CITATION_PREMIUM,
        citation_premium,
        (d.FIELD_WORKS, d.CITATION_WINDOWS, d.COMPARISON_WORKS),
        _all(_period, _last_full_year, _comparison, _resampling, pairs="study.pairs"),
    ),
    Stage(m.CONFERENCE_SOURCES, conference_sources, (d.FIELD_WORKS, c.SOURCES), _all(_period, _conference_list)),
    Stage(
        m.PUBLICATION_PREMIUM,
        publication_premium,
        (d.FIELD_WORKS, m.CONFERENCE_SOURCES),
        _all(_period, _conferences, _resampling, pairs="study.pairs"),
    ),
    Stage(
        v.MOVER_PROFILES,
        mover_profiles,
        (a.MIGRATIONS, a.AUTHOR_COUNTRY_YEARS, a.SCIENTISTS, a.SCIENTIST_YEARS),
        _resampling,
    ),
    Stage(v.ELITE_MOBILITY, elite_mobility, (a.MIGRATIONS, c.WORKS, d.FIELD_WORKS, d.TOP_INSTITUTIONS), _groups),
    Stage(v.MOVER_ANCESTRY, mover_ancestry, (a.MIGRATIONS, c.AUTHORS), _ancestry),
    Stage(
        v.POST_MOVE_COLLABORATION,
        post_move_collaboration,
        (a.SCIENTIST_STRATA, a.SCIENTIST_PARTNER_YEARS, a.AUTHOR_COUNTRY_YEARS, a.MIGRATIONS),
        _resampling,
    ),
    Stage(
        v.POST_MOVE_YEARS,
        post_move_years,
        (a.SCIENTIST_STRATA, a.SCIENTIST_PARTNER_YEARS, a.MIGRATIONS),
        _all(
            _resampling,
            leads="after_move.leads",
            lags="after_move.lags",
            reference_year="after_move.reference_year",
        ),
    ),
    Stage(
        r.STUDY_STATISTICS,
        study_statistics,
        (
            d.FIELD_WORKS,
            a.SCIENTISTS,
            d.CITATION_WINDOWS,
            r.COUNTRY_TOTALS,
            a.MIGRATIONS,
            a.SCIENTIST_YEARS,
            a.SCIENTIST_STRATA,
            a.SCIENTIST_PARTNER_YEARS,
        ),
        _all(_period, _published, pairs="study.pairs"),
    ),
    Stage(
        p.PANEL_WORKS,
        panel_works,
        (d.FIELD_WORKS, d.CITATION_WINDOWS, n.WORK_NOVELTY, c.WORKS),
        _all(_period, pairs="study.pairs"),
    ),
    Stage(
        p.PANEL_SCIENTIST_YEARS,
        panel_scientist_years,
        (
            a.SCIENTIST_YEARS,
            a.SCIENTISTS,
            a.MIGRATIONS,
            a.SCIENTIST_PARTNER_YEARS,
            a.SCIENTIST_STRATA,
            a.AUTHOR_COUNTRY_YEARS,
        ),
        _all(_period, pairs="study.pairs"),
    ),
    Stage(
        p.PANEL_COUNTRY_YEARS,
        panel_country_years,
        (
            r.COUNTRY_YEARS,
            r.COUNTRY_BALANCE,
            d.COLLABORATION_EDGES,
            d.FIELD_WORKS,
            a.AUTHOR_COUNTRY_YEARS,
            a.SCIENTISTS,
        ),
        _all(_period, _last_full_year, _covariates, pairs="study.pairs"),
    ),
    Stage(
        p.PANEL_DYAD_YEARS,
        panel_dyad_years,
        (p.PANEL_COUNTRY_YEARS, r.MIGRATION_FLOWS, d.COLLABORATION_EDGES),
    ),
    Stage(p.PREMIUM_CELLS, premium_cells, (p.PANEL_WORKS,)),
)


def group(name: str) -> list[str]:
    """Arguments of `scholarflow run` for the tables made in one subpackage: study, career, citation, …"""
    tables = [s.table.name for s in STAGES if s.make.__module__.split(".")[1] == name]
    return [argument for table in tables for argument in ("--only", table)]
