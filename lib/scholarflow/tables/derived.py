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
    CITATION_WINDOWS,
    COLLABORATION_EDGES,
    COAUTHOR_EDGES,
    TOP_INSTITUTIONS,
    COMPARISON_WORKS,
)
