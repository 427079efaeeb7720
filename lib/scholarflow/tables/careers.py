"""The derived layer: authors and scientists, year by year. Every year of the snapshot, unless it says period."""

from scholarflow.tables.declaration import (
    BIGINT,
    BOOLEAN,
    INT,
    STRING,
    Table,
    optional,
    required,
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

TABLES = (
    SCIENTISTS,
    AUTHOR_COUNTRY_YEARS,
    COUNTRY_SPELLS,
    SCIENTIST_YEARS,
    SCIENTIST_STRATA,
    MIGRATIONS,
    SCIENTIST_PARTNER_YEARS,
)
