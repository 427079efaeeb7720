"""What the figures draw, of small tables."""

import pytest

from report.asked import ASKED, asked, results, values, whole
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
from scholarflow.report.drawing import folded
from scholarflow.report.figure import Figure
from scholarflow.report.headlines import headlines
from scholarflow.report.reading import Results
from scholarflow.report.sections import sections

TOTALS = """
    country_code years    n_works share_works n_scientists total_c2 mean_c2 share_hits rank_works rank_scientists
    CN           period   3       0.3         7            6        2.0     0.1        2          1
    US           period   6       0.6         5            3        0.5     0.9        1          2
    GB           period   1       0.1         1            0        0.0     0.0        3          3
    US           complete 5       0.5         5            3        0.6     0.9        1          2
    """
YEARS = """
    country_code pub_year n_works n_scientists mean_c2 share_hits is_complete
    US           2018     3       2            1.0     null       true
    US           2019     2       2            0.5     null       false
    US           2021     1       1            0.0     null       false
    """
COVERAGE = """
    pub_year n_field_works share_lead_country share_all_countries share_references share_english
    2019     4             0.5                0.25                0.0              null
    2020     6             1.0                0.50                0.5              null
    """
MOVES = """
    origin_country destination_country move_year n_moves n_entries
    CN             US                  2010      3       2
    CN             US                  2012      1       1
    GB             US                  2012      9       1
    US             CN                  2021      1       1
    FR             DE                  2011      5       4
    RE             US                  2011      1       1
    """


def test_countries_stand_in_order_of_the_works_they_lead() -> None:
    found = results(country_totals=TOTALS)
    figure = rankings.ranking(found, ASKED)
    assert [row["country_code"] for row in figure.rows] == ["US", "CN", "GB"]
    works = [value for value in values(figure.spec) if value["value"] in (6, 3, 1)]
    assert {value["label"]: value["series"] for value in works} == {
        "United States": "United States",
        "China": "China",
        "United Kingdom": "other countries",
    }


def test_years_with_an_open_window_are_hollow_and_counts_only_where_the_snapshot_is_cut() -> None:
    figure = rankings.trends(results(country_totals=TOTALS, country_years=YEARS), ASKED)
    complete = {(value["year"], value["value"]): value["complete"] for value in values(figure.spec)}
    assert complete[2019, 2]  # works
    assert not complete[2019, 0.5]  # citations
    assert not complete[2021, 1]  # after the last full year
    assert any("2019–2021, whose citation window" in note for note in figure.notes)
    assert any("2021, of which the snapshot holds only a part" in note for note in figure.notes)
    assert any("Hits are not drawn" in note for note in figure.notes)


def test_without_citations_they_are_not_drawn_and_it_is_said_why() -> None:
    uncited = """
        country_code years  n_works n_scientists total_c2 mean_c2 share_hits rank_works
        US           period 6       5            0        0.0     null       1
        """
    premium = (
        "lead_country partner_country variant period n_treated n_matched premium_pct\nUS CN base complete 3 1 null"
    )
    unlinked = COVERAGE.replace("0.5              null", "0.0              null")
    why = "The snapshot holds no reference lists, so that no work is known to be cited."
    found = results(country_totals=uncited, coverage_years=unlinked, citation_premium=premium)
    assert premiums.pooled(found, ASKED).missing == why
    assert rankings.ranking(found, ASKED).notes[-1] == f"Citations and hits are not drawn. {why}"
    assert {value["value"] for value in values(rankings.ranking(found, ASKED).spec)} == {6, 5}
    linked = results(country_totals=uncited, coverage_years=COVERAGE, citation_premium=premium)
    assert premiums.pooled(linked, ASKED).missing.startswith("No work of the study is cited")


def test_coverage_stands_beside_countries() -> None:
    by_country = """
        country_code pub_year n_field_works share_lead_country
        US           2019     1             0.5
        US           2020     3             1.0
        """
    found = results(country_totals=TOTALS, coverage_years=COVERAGE, coverage_country_years=by_country)
    note = rankings.ranking(found, ASKED).notes[0]
    assert note == (
        "The lead country is known for 50–100% of the field works of a year: over all years 88% of those listing the "
        "United States."
    )
    assert {value["series"] for value in values(coverage.coverage(found, ASKED).spec)} == {
        "lead country known",
        "all countries known",
        "with references",
    }


def test_flows_count_first_entries() -> None:
    found = results(migration_flows=MOVES)
    assert flows.entries(found)["CN", "US"] == 3
    figure = flows.origins(found, ASKED)
    assert [(value["label"], value["value"], value["share"]) for value in values(figure.spec)] == [
        ("China", 3, 0.6),
        ("United Kingdom", 1, 0.2),
        ("Réunion", 1, 0.2),
        ("United States", 1, 1.0),
    ]
    alone = flows.origins(results(migration_flows=MOVES), asked(pairs=(("DE", "IT"),)))
    assert alone.spec is not None
    assert (alone.spec["width"], alone.spec["height"]) == ("container", 20)
    by_year = flows.origins_by_year(found, ASKED)
    of_china = {v["year"]: (v["value"], v["complete"]) for v in values(by_year.spec) if v["series"] == "China"}
    assert of_china[2010] == (2, True)
    assert of_china[2011] == (0, True)
    assert of_china[2021] == (0, False)
    on_map = flows.world_map(found, ASKED)
    assert on_map.notes == ["1 move from or to where the map has no place."]
    assert all(row["origin_country"] != "RE" for row in on_map.rows)


def test_a_premium_without_an_interval_is_a_point() -> None:
    table = """
        lead_country partner_country variant     period   pub_year n_treated n_matched premium_pct ci_low ci_high is_complete
        US           CN              base        2019     2019     9         5         10.0        2.0    20.0    true
        US           CN              base        2021     2021     3         1         50.0        null   null    false
        US           CN              base        complete null     9         5         10.0        2.0    20.0    true
        US           CN              c5          complete null     9         5         null        null   null    true
        US           CN              field:7+8   complete null     9         2         -5.0        null   null    true
        US           GB              base        complete null     9         2         30.0        null   null    true
        GB           CN              base        complete null     9         2         30.0        null   null    true
        """  # noqa: E501
    found = results(country_totals=TOTALS, citation_premium=table)
    yearly = premiums.by_year(found, ASKED)
    assert [(v["year"], v["value"], v["low"], v["complete"]) for v in values(yearly.spec)] == [
        (2019, 10.0, 2.0, True),
        (2021, 50.0, None, False),
    ]
    assert [row["variant"] for row in premiums.variants(found, ASKED).rows] == ["base", "c5"]
    assert [v["label"] for v in values(premiums.fields(found, ASKED, {"7": "Databases"}).spec)] == [
        "the field itself",
        "Databases + 8",
    ]
    assert {v["label"] for v in values(premiums.partners(found, ASKED).spec)} == {"China", "United Kingdom"}
    assert "A point without a line: too few lead institutions for an interval." in premiums.partners(found, ASKED).notes
    assert headlines(found, ASKED)[-1] == (
        "Works led from the United States with a co-author in China are cited 10% more than like works without (95% "
        "interval +2 to +20%)."
    )


def test_movers_stand_beside_whom_they_are_compared_with() -> None:
    table = """
        origin_country destination_country comparison             metric     movers_n movers_median others_n others_median difference
        CN             US                  stayers_of_destination career_age 4        5.0           40       3.0           2.0
        CN             US                  opposite_direction     career_age 5        6.0           7        4.0           1.5
        CN             GB                  opposite_direction     career_age 5        6.0           7        4.0           1.5
        """  # noqa: E501
    found = results(mover_profiles=table)
    drawn = [(v["label"].replace("\n", " "), v["value"]) for v in values(movers.profiles(found, ASKED).spec)]
    assert drawn == [("China → United States", 6.0), ("others in the United States", 3.0)]
    assert len(movers.differences(found, ASKED).rows) == 2
    assert "too few scientists" in movers.differences(found, ASKED).notes[0]


def test_the_reference_year_has_a_ring() -> None:
    table = """
        origin_country destination_country sample  years_since_move partner_country n_scientists n_matched since_reference since_reference_low since_reference_high
        CN             US                  staying -2               US              9            8         0.0             null                null
        CN             US                  staying -1               US              9            8         0.1             0.0                 0.2
        CN             US                  staying 0                CN              9            8         0.3             0.1                 0.4
        CN             US                  all     0                CN              9            8         0.9             0.1                 1.0
        """  # noqa: E501
    figure = after_move.event_study(results(post_move_years=table), ASKED)
    assert [(v["year"], v["part"], v["reference"]) for v in values(figure.spec)] == [
        (-2, "before", True),
        (-1, "before", False),
        (0, "after", False),
    ]
    assert "year −2 (ring)" in figure.caption


def test_novelty_is_told_of_countries_that_have_scores() -> None:
    totals = """
        country_code years  rank_works n_works mean_context_novelty share_context_hits mean_content_novelty share_content_hits
        US           period 1          60      -0.5                 0.3                null                 null
        CN           period 2          30      1.5                  0.7                null                 null
        GB           period 3          10      null                 null               null                 null
    """  # noqa: E501
    figure = novelty.ranking(results(country_totals=totals), ASKED)
    assert [row["country_code"] for row in figure.rows] == ["US", "CN"]
    assert {value["value"] for value in values(figure.spec)} == {-0.5, 1.5, 0.3, 0.7}
    scores = "mean_context_novelty share_context_hits mean_content_novelty share_content_hits"
    years = f"country_code pub_year {scores} is_complete\nUS 2018 0.5 null null null true"
    course = novelty.trends(results(country_totals=totals, country_years=years), ASKED)
    assert [value["value"] for value in values(course.spec)] == [0.5]
    without = f"country_code years rank_works n_works {scores}\nUS period 1 9 null null null null"
    assert novelty.ranking(results(country_totals=without), ASKED).missing.startswith("No work of the study cites two")


def test_published_figures_only_where_there_are_any() -> None:
    ours = "statistic subset value n published_value\nworks US 5 5 null"
    assert published.published(results(study_statistics=ours), ASKED) is None
    theirs = "statistic subset value n published_value\nworks US 5 5 10\nscientists all null 0 4"
    figure = published.published(results(study_statistics=theirs), ASKED)
    assert figure is not None
    assert [(v["label"], v["value"]) for v in values(figure.spec)] == [("works, United States", 0.5)]
    assert len(figure.rows) == 2


@pytest.mark.slow
def test_every_figure_is_drawn_where_there_are_rows() -> None:
    figures = [figure for chapter in sections(results(**whole()), ASKED, {}) for figure in chapter.figures]
    assert [figure.name for figure in figures if figure.spec is None] == []
    assert all(figure.rows for figure in figures)


@pytest.mark.parametrize("there", ["missing", "empty"])
def test_without_rows_every_figure_says_in_a_sentence_what_is_missing(there: str) -> None:
    nothing = results() if there == "missing" else Results({})
    figures: list[Figure] = [f for s in sections(nothing, asked(pairs=(("GB", "DE"),)), {}) for f in s.figures]
    assert len(figures) == 25
    for figure in figures:
        assert figure.spec is None
        assert figure.missing.endswith(".")
        assert ("`scholarflow run` makes it" in figure.missing) == (there == "missing")
    assert headlines(nothing, ASKED) == []


def test_every_pair_has_its_figures() -> None:
    chapters = sections(results(), asked(pairs=(("US", "CN"), ("GB", "DE"))), {})
    together = {chapter.title: chapter.figures[0] for chapter in chapters if chapter.name.startswith("together")}
    assert {title: figure.name for title, figure in together.items()} == {
        "Together and alone: United States and China": "kinds-us-cn",
        "Together and alone: United Kingdom and Germany": "kinds-gb-de",
    }
    names = [figure.name for chapter in chapters for figure in chapter.figures]
    assert len(names) == len(set(names)) == 2 * 14 + 11
    assert [figure for chapter in sections(results(), asked(pairs=()), {}) for figure in chapter.figures]


def test_kinds_and_conferences_tell_pooled_differences() -> None:
    of_kinds = """
        lead_country partner_country collaborates pub_year n_works mean_team hit_rate difference ci_low ci_high is_complete
        US           CN              true         2019     2       3.0       0.5      null       null   null    true
        US           CN              true         null     2       3.0       0.5      0.25       -0.1   0.4     true
        """  # noqa: E501
    figure = kinds.kinds(results(kinds_of_works=of_kinds), ASKED)
    assert figure.notes[-1] == (
        "Pooled, 50.0% of the works led from the United States with China are hits: +25.0 points against those without "
        "(95% interval −10.0 to +40.0)."
    )
    of_conferences = """
        lead_country partner_country collaborates conference pub_year n_works n_published share difference
        US           CN              true         AAAI       null     4       0           0.0   null
        US           CN              false        AAAI       null     4       0           0.0   null
        """
    assert "listed conference" in conferences.pooled(results(publication_premium=of_conferences), ASKED).missing


def test_long_labels_have_two_lines() -> None:
    assert folded("China") == "China"
    assert folded("China → United States") == "China → United States"
    assert folded("same last author, citations ÷ field's mean").count("\n") == 1


def test_the_order_of_rows_in_a_table_is_none_of_the_figures() -> None:
    lines = MOVES.strip().splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])])
    for draw in (flows.chord, flows.world_map, flows.origins, flows.origins_by_year):
        assert draw(results(migration_flows=MOVES), ASKED) == draw(results(migration_flows=turned), ASKED)


def test_names_of_movers_are_drawn_only_where_asked_for_and_tell_no_small_number() -> None:
    assert movers.ancestry(results(), ASKED) is None
    figure = movers.ancestry(
        results(
            mover_ancestry="""
            origin_country destination_country ancestry      n    share published_share
            CN             US                  asian_pacific 40   0.8   0.988
            CN             US                  white         10   0.2   null
            CN             US                  unknown       3    null  null
            US             CN                  asian_pacific null null  0.96
            US             CN                  white         null null  null
            US             CN                  unknown       0    null  null
            GB             US                  white         50   1.0   null
            """
        ),
        ASKED,
    )
    assert figure is not None
    assert {(value["label"], value["series"], value["value"]) for value in values(figure.spec)} == {
        ("China → United States", "asian pacific", 0.8),
        ("China → United States", "white", 0.2),
    }
    assert len(figure.rows) == 6
    assert figure.notes == [
        "Names that say nothing: United States → China 0; China → United States 3.",
        "Not told, so that no small number is: United States → China asian pacific; United States → China white.",
        "Published, by another classifier: China → United States asian pacific 98.8%.",
    ]
