"""The derived layer: what a study makes of the canonical tables. Every year of the snapshot, unless it says period."""

from scholarflow.tables.declaration import (
    BIGINT,
    BIGINTS,
    BOOLEAN,
    DOUBLE,
    INT,
    STRING,
    STRINGS,
    Table,
    optional,
    required,
)

FIELD_WORKS = Table(
    "field_works",
    "Works of the study's field, with the countries they come from.",
    grain=("work_id",),
    by_study=True,
    columns=(
        required("work_id", BIGINT, "the work"),
        required("pub_year", INT, "year of publication"),
        optional("source_id", BIGINT, "where it appeared; null: unknown"),
        required("n_authors", BIGINT, "length of the author list"),
        required("n_authors_with_country", BIGINT, "authors of the list with at least one known country"),
        required(
            "lead_countries",
            STRINGS,
            "countries of the last author (or as lead.rule says), sorted; empty: unknown",
        ),
        required(
            "lead_institution_ids",
            BIGINTS,
            "for each of lead_countries, in order, the smallest id of the lead's institutions there; null: none known",
        ),
        optional("lead_author_id", BIGINT, "smallest id of the authors who lead it, mostly one; null: none known"),
        required("countries", STRINGS, "countries of all authors, sorted; empty: unknown"),
        required("first_countries", STRINGS, "countries of the first author, sorted; empty: unknown"),
        required("partner_countries", STRINGS, "countries of all authors but the last, sorted; empty: none known"),
        required("n_references", BIGINT, "distinct works cited, without itself"),
        optional("language", STRING, "ISO 639-1 code; null: unknown"),
        required("author_ids", BIGINTS, "authors with an id, distinct, ascending; empty: none known"),
    ),
)

LED_WORKS = Table(
    "led_works",
    "Field works once for each country that leads them.",
    grain=("work_id", "lead_country"),
    by_study=True,
    columns=(
        required("work_id", BIGINT, "the work"),
        required("lead_country", STRING, "a country that leads it"),
        required("pub_year", INT, "year of publication"),
        required("n_authors", BIGINT, "length of the author list"),
        optional(
            "lead_institution_id",
            BIGINT,
            "smallest id among the lead's institutions in that country; null: none known",
        ),
        required("partner_countries", STRINGS, "countries of all authors but the lead, sorted"),
        required("is_dual", BOOLEAN, "several countries lead the work"),
    ),
)

SCIENTISTS = Table(
    "scientists",
    "Authors whose works are mostly of the field: enough works, and more than half of them field works.",
    grain=("author_id",),
    by_study=True,
    columns=(
        required("author_id", BIGINT, "the author"),
        required("n_works", BIGINT, "distinct works, all fields, over the snapshot or up to scientists.as_of"),
        required("n_field_works", BIGINT, "distinct field works, likewise"),
        required("first_pub_year", INT, "first year with a work, all fields"),
        required("last_pub_year", INT, "last year with a work, all fields"),
        required("is_simultaneous", BOOLEAN, "some single field work lists two or more countries for the author"),
    ),
    checks={"mostly_of_the_field": "n_field_works >= 0 AND n_field_works <= n_works"},
)

AUTHOR_COUNTRY_YEARS = Table(
    "author_country_years",
    "In which country an author published when: all authors with an id, all fields, known countries only.",
    grain=("author_id", "pub_year", "country_code"),
    by_study=True,
    columns=(
        required("author_id", BIGINT, "the author"),
        required("pub_year", INT, "the year"),
        required("country_code", STRING, "a country the author's works of the year list for the author"),
        required("n_works", BIGINT, "distinct works of the year that list it"),
        required("n_field_works", BIGINT, "of these, field works"),
        required(
            "is_primary",
            BOOLEAN,
            "the country of the year: most n_works; tie: most over the career; tie: alphabetical",
        ),
        required(
            "is_primary_in_field",
            BOOLEAN,
            "the country of the year by n_field_works, ties likewise; false where that is 0",
        ),
    ),
    checks={"field_works_are_works": "n_field_works <= n_works AND n_works > 0"},
)

COUNTRY_SPELLS = Table(
    "country_spells",
    "Runs of one primary country over an author's active years.",
    grain=("author_id", "spell"),
    by_study=True,
    columns=(
        required("author_id", BIGINT, "the author"),
        required("spell", INT, "number of the run, from 1"),
        required("country_code", STRING, "the primary country of the run"),
        required("start_year", INT, "its first active year"),
        required("end_year", INT, "its last active year"),
        required("n_works", BIGINT, "works in the country over the run"),
    ),
    checks={"start_before_end": "start_year <= end_year AND spell >= 1"},
)

SCIENTIST_YEARS = Table(
    "scientist_years",
    "Where a scientist was, published and was cited: every year from first to last publication.",
    grain=("author_id", "pub_year"),
    by_study=True,
    columns=(
        required("author_id", BIGINT, "the scientist"),
        required("pub_year", INT, "the year"),
        optional("country_code", STRING, "the last known primary country in the field; null: none known yet"),
        required("career_age", INT, "years since the first publication"),
        required("n_works", BIGINT, "distinct works of the year, all fields"),
        required("n_field_works", BIGINT, "of these, field works"),
        required("cum_works", BIGINT, "works up to and with the year"),
        required("citations_received", BIGINT, "citations of any of the scientist's works by works of the year"),
        required("cum_citations", BIGINT, "citations up to and with the year"),
    ),
    checks={"field_works_are_works": "n_field_works <= n_works AND n_works <= cum_works AND career_age >= 0"},
)

_BIN = "its bin by after_move.strata; null: not at risk"
_FINE = "its bin by after_move.imbalance; null: not at risk"

SCIENTIST_STRATA = Table(
    "scientist_strata",
    "Who may move when, and what movers and stayers are matched on: years of the period of scientists never in two "
    "countries at once.",
    grain=("author_id", "pub_year"),
    by_study=True,
    columns=(
        required("author_id", BIGINT, "the scientist"),
        required("pub_year", INT, "the year, any from first to last publication"),
        optional("country_code", STRING, "the last known primary country in the field; null: none known yet"),
        required("n_field_works", BIGINT, "field works of the year"),
        required(
            "is_at_risk",
            BOOLEAN,
            "has field works and a known primary country of this very year: a mover, or one to compare with",
        ),
        required("is_stayer", BOOLEAN, "at risk, and the only primary country in the field over the whole career"),
        optional("bin_career_age", INT, f"career age: {_BIN}"),
        optional("bin_n_works", INT, f"works of the year: {_BIN}"),
        optional("bin_cum_citations", INT, f"citations up to and with the year: {_BIN}"),
        optional("fine_career_age", INT, f"career age: {_FINE}"),
        optional("fine_n_works", INT, f"works of the year: {_FINE}"),
        optional("fine_cum_citations", INT, f"citations up to and with the year: {_FINE}"),
    ),
    checks={"stayers_are_at_risk": "is_at_risk OR NOT is_stayer"},
)

MIGRATIONS = Table(
    "migrations",
    "Moves in the period of scientists never in two countries at once: changes of the primary country in the field.",
    grain=("author_id", "move_seq"),
    by_study=True,
    columns=(
        required("author_id", BIGINT, "the scientist"),
        required("move_seq", INT, "number of the move, from 1, over the whole career"),
        required("origin_country", STRING, "primary country before"),
        required("destination_country", STRING, "primary country after"),
        required("move_year", INT, "first active year in the destination"),
        required("last_origin_year", INT, "last active year in the origin before the move"),
        required("gap_years", INT, "move_year − last_origin_year − 1"),
        required("is_return", BOOLEAN, "an earlier run of primary countries was in the destination"),
        required("is_entry", BOOLEAN, "no field work from the destination in any earlier year: the paper's move"),
        required("overlaps_origin", BOOLEAN, "some field work from the origin in or after move_year"),
    ),
    checks={
        "countries_differ": "origin_country <> destination_country",
        "gap_not_negative": "gap_years >= 0",
    },
)

CITATION_WINDOWS = Table(
    "citation_windows",
    "Citations of every field work within windows of years, by citing works of any field; uncited works have zeros.",
    grain=("work_id",),
    by_study=True,
    columns=(
        required("work_id", BIGINT, "the field work"),
        required("pub_year", INT, "year of publication"),
        required("c2", BIGINT, "citing works with 0 ≤ citing_year − pub_year ≤ 2"),
        required("c3", BIGINT, "the same, 3 years"),
        required("c5", BIGINT, "the same, 5 years"),
        required("c10", BIGINT, "the same, 10 years"),
        required("c_all", BIGINT, "all citing works, whatever their year"),
        optional(
            "c2_foreign_lead",
            BIGINT,
            "of c2: the citing work's lead countries are known and none is this work's; null: this work's are unknown",
        ),
        required("c2_unknown_lead", BIGINT, "of c2: the citing work's lead countries are unknown"),
        optional(
            "c2_foreign_any",
            BIGINT,
            "as c2_foreign_lead, with all countries of the citing work; null likewise",
        ),
        required("c2_unknown_any", BIGINT, "of c2: no country of the citing work is known"),
        optional(
            "hit_1pct",
            DOUBLE,
            "weight 0–1 of belonging to the most cited 1 % (c2) of the field works of the year, fractional at the "
            "threshold; null: the threshold falls on 0 citations",
        ),
        optional("hit_5pct", DOUBLE, "the same, 5 %"),
        optional("hit_10pct", DOUBLE, "the same, 10 %"),
        required("c2_complete", BOOLEAN, "pub_year + 2 ≤ last full year of the snapshot"),
        required("c5_complete", BOOLEAN, "pub_year + 5 ≤ last full year of the snapshot"),
    ),
    checks={
        "windows_nest": "c2 >= 0 AND c2 <= c3 AND c3 <= c5 AND c5 <= c10 AND c10 <= c_all",
        "hit_1pct_is_a_weight": "hit_1pct IS NULL OR hit_1pct >= 0 AND hit_1pct <= 1",
        "hit_5pct_is_a_weight": "hit_5pct IS NULL OR hit_5pct >= 0 AND hit_5pct <= 1",
        "hit_10pct_is_a_weight": "hit_10pct IS NULL OR hit_10pct >= 0 AND hit_10pct <= 1",
    },
)

COLLABORATION_EDGES = Table(
    "collaboration_edges",
    "Field works that two countries share, by year; of the period.",
    grain=("pub_year", "country_a", "country_b"),
    by_study=True,
    columns=(
        required("pub_year", INT, "the year"),
        required("country_a", STRING, "the country whose code comes first"),
        required("country_b", STRING, "the other"),
        required("n_works", BIGINT, "field works listing both"),
        required("n_works_fractional", DOUBLE, "a work with k countries gives 2/(k(k−1)) to each of its pairs"),
        required(
            "affinity",
            DOUBLE,
            "n_ab · N ÷ (n_a · n_b) of the year: N all field works, n_a those listing a; 1: as often as by chance",
        ),
    ),
    checks={"a_before_b": "country_a < country_b", "works_counted": "n_works > 0"},
)

COAUTHOR_EDGES = Table(
    "coauthor_edges",
    "Field works that two authors share, up to a team size; of the period.",
    grain=("author_a", "author_b"),
    by_study=True,
    columns=(
        required("author_a", BIGINT, "the smaller author id"),
        required("author_b", BIGINT, "the other"),
        required("first_year", INT, "first year with a common field work"),
        required("last_year", INT, "last such year"),
        required("n_works", BIGINT, "common field works of at most collaboration.max_team authors"),
    ),
    checks={"a_before_b": "author_a < author_b", "years_in_order": "first_year <= last_year"},
)

SCIENTIST_PARTNER_YEARS = Table(
    "scientist_partner_years",
    "With whom scientists wrote: their field works of a year with another author in a country, their own included.",
    grain=("author_id", "pub_year", "partner_country"),
    by_study=True,
    columns=(
        required("author_id", BIGINT, "the scientist"),
        required("pub_year", INT, "the year"),
        required(
            "partner_country",
            STRING,
            "a country of other authors of the scientist's field works; authors without id are others, a second "
            "affiliation of the scientist is none",
        ),
        required("n_field_works", BIGINT, "distinct field works of the year with another author there"),
    ),
    checks={"works_counted": "n_field_works > 0"},
)

TOP_INSTITUTIONS = Table(
    "top_institutions",
    "The institutions whose led works of the period have most citations (c2).",
    grain=("rank",),
    by_study=True,
    as_csv=True,
    columns=(
        required("rank", INT, "from 1; tie: smaller id first"),
        required("institution_id", BIGINT, "the institution"),
        optional("name", STRING, "its name; null: not in institutions"),
        optional("country_code", STRING, "its country; null: unknown"),
        required("total_c2", BIGINT, "sum of c2 over the works it leads"),
    ),
)

COMPARISON_WORKS = Table(
    "comparison_works",
    "Led works of the period in the fields that the study's field is compared with, and their citations.",
    grain=("work_id",),
    by_study=True,
    columns=(
        required("work_id", BIGINT, "the work"),
        required("field_sets", STRINGS, "the sets of fields it belongs to: ids joined by +, or wide"),
        required("pub_year", INT, "year of publication"),
        required("n_authors", BIGINT, "length of the author list"),
        required("lead_countries", STRINGS, "countries of the last author (or as lead.rule says), sorted"),
        required(
            "lead_institution_ids",
            BIGINTS,
            "for each of lead_countries, in order, the smallest id of the lead's institutions there; null: none known",
        ),
        required("partner_countries", STRINGS, "countries of all authors but the last, sorted; empty: none known"),
        required("c2", BIGINT, "citing works with 0 ≤ citing_year − pub_year ≤ 2"),
    ),
)

TABLES = (
    FIELD_WORKS,
    LED_WORKS,
    SCIENTISTS,
    AUTHOR_COUNTRY_YEARS,
    COUNTRY_SPELLS,
    SCIENTIST_YEARS,
    SCIENTIST_STRATA,
    MIGRATIONS,
    CITATION_WINDOWS,
    COLLABORATION_EDGES,
    COAUTHOR_EDGES,
    SCIENTIST_PARTNER_YEARS,
    TOP_INSTITUTIONS,
    COMPARISON_WORKS,
)
