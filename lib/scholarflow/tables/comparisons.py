"""Results of comparisons of works: like compared with like. Works of the period."""

from scholarflow.tables.declaration import BIGINT, BOOLEAN, DOUBLE, INT, STRING, Table, optional, required
from scholarflow.tables.results import IS_COMPLETE, LEAD_AND_PARTNER

CITATION_PREMIUM = Table(
    "citation_premium",
    "Citations of works led from a country with a co-author in a partner country, against like works without.",
    grain=("lead_country", "partner_country", "variant", "period"),
    by_study=True,
    as_csv=True,
    columns=(
        *LEAD_AND_PARTNER,
        required(
            "variant",
            STRING,
            "base: c2, strata year × authors × lead institution; c5, foreign_lead, foreign_any: other citations; "
            "partner_first_author: the treated ones' first author is in the partner country; known_countries: only "
            "works all of whose authors have a country; dual_lead: works led from both countries kept; "
            "same_last_author, same_last_author_relative: controls of the same last author; field: other fields",
        ),
        required("period", STRING, "a year; all: every year; complete: those with complete windows; or a named span"),
        optional("pub_year", INT, "the year; null: pooled"),
        required("n_treated", BIGINT, "works with a co-author in the partner country"),
        required("n_matched", BIGINT, "of these, those with controls"),
        required("n_controls", BIGINT, "works they are compared with"),
        required("n_strata", BIGINT, "strata with both"),
        required("n_clusters", BIGINT, "lead institutions of matched works; last authors in same_last_author"),
        optional("mean_treated", DOUBLE, "mean citations of matched treated works; null: none matched"),
        optional("mean_control", DOUBLE, "of controls, each stratum weighted by its treated works; null likewise"),
        optional("premium_pct", DOUBLE, "100 · (mean_treated − mean_control) ÷ mean_control; null: no citations there"),
        optional("ci_low", DOUBLE, "95 % interval of it, bootstrap by cluster; null: too few clusters"),
        optional("ci_high", DOUBLE, "its upper end"),
        required("n_undefined", BIGINT, "replicates of the bootstrap in which it is not defined"),
        optional("p_value", DOUBLE, "of no difference: t by cluster; null: too few clusters or no variance"),
        optional("p_welch", DOUBLE, "the same as if works were independent, for comparison"),
        optional("p_adjusted", DOUBLE, "p_value by Benjamini-Hochberg over complete years of lead, partner, variant"),
        optional("ess_controls", DOUBLE, "effective number of controls, (Σw)² ÷ Σw²; null: none matched"),
        optional("l1_before", DOUBLE, "imbalance of the strata before matching, 0–1; null: matched by distance"),
        optional("l1_after", DOUBLE, "imbalance of the lead institutions after it; null likewise, or none matched"),
        optional("base_minus_variant", DOUBLE, "premium_pct of base, same period, less this one; null for base"),
        optional("base_minus_variant_low", DOUBLE, "95 % interval of it, same draws; null: too few clusters"),
        optional("base_minus_variant_high", DOUBLE, "its upper end"),
        IS_COMPLETE,
    ),
    checks={"matched_are_treated": "n_matched <= n_treated AND n_strata <= n_matched AND n_clusters <= n_strata"},
)

CONFERENCE_SOURCES = Table(
    "conference_sources",
    "Sources that count as one of the conferences, by the list of conferences.file, and those that look like one.",
    grain=("source_id",),
    by_study=True,
    as_csv=True,
    columns=(
        required("source_id", BIGINT, "the source"),
        optional("name", STRING, "its name in the snapshot; null: not described there"),
        optional("source_type", STRING, "journal, conference, repository, …; null: unknown"),
        required("conference", STRING, "the conference it counts as or looks like; several: joined by +"),
        required(
            "matched_by",
            STRING,
            "counted: source_id, name, alias, pattern; not counted: mixed (listed as holding other works too), several "
            "(patterns of more than one conference), similar (its name is like one listed)",
        ),
        required("rule", STRING, "value of the list that says so, or that its name is like"),
        required("is_counted", BOOLEAN, "its works are published at the conference, in the years of the rule"),
        optional("first_year", INT, "first year of publication the rule holds for; null: any"),
        optional("last_year", INT, "last such year; null: any"),
        required("n_works", BIGINT, "field works of the period that appeared there"),
        required("n_counted", BIGINT, "of these, those that count as published at the conference"),
        optional("doubt", STRING, "what a person should look at; null: nothing"),
    ),
    checks={"counted_are_works": "n_counted >= 0 AND n_counted <= n_works AND (is_counted OR n_counted = 0)"},
)

PUBLICATION_PREMIUM = Table(
    "publication_premium",
    "How many works of each kind appeared at the conferences, and what a co-author in the partner country adds.",
    grain=("lead_country", "partner_country", "collaborates", "conference", "pub_year"),
    by_study=True,
    as_csv=True,
    columns=(
        *LEAD_AND_PARTNER,
        required("collaborates", BOOLEAN, "a co-author is in the partner country; kinds are those of kinds_of_works"),
        required("conference", STRING, "one of the list; all: those of the list together"),
        optional("pub_year", INT, "the year; null: pooled over the period"),
        required("n_works", BIGINT, "works of the kind"),
        required("n_published", BIGINT, "of these, those published at the conference; zeros are rows too"),
        required("share", DOUBLE, "n_published ÷ n_works"),
        required("n_clusters", BIGINT, "lead institutions of the works; where unknown, lead authors, else works"),
        optional(
            "difference",
            DOUBLE,
            "pooled, on the rows of both kinds: share of collaborating less share of other works; null: a year, or one "
            "kind has no works",
        ),
        optional(
            "ci_low",
            DOUBLE,
            "95 % interval of it, bootstrap by cluster; null too for fewer clusters of a kind than "
            "bootstrap.min_clusters, and where nothing is published",
        ),
        optional("ci_high", DOUBLE, "its upper end"),
        optional(
            "p_value", DOUBLE, "Fisher's exact test, as if works were independent; null too where nothing is published"
        ),
        optional("p_cluster", DOUBLE, "of no difference: t by cluster; null as ci_low"),
        optional(
            "p_adjusted", DOUBLE, "p_value by Benjamini-Hochberg over the conferences of a direction; all: itself"
        ),
    ),
    checks={"published_are_works": "n_works > 0 AND n_published >= 0 AND n_published <= n_works"},
)

TABLES = (CITATION_PREMIUM, CONFERENCE_SOURCES, PUBLICATION_PREMIUM)
