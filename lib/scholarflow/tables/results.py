"""The results: small tables, also written as CSV. Works and moves of the period; led means by led_works."""

from scholarflow.tables.declaration import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INT,
    STRING,
    Column,
    Table,
    optional,
    required,
)

COUNTRY = (
    required("country_code", STRING, "ISO 3166-1 alpha-2"),
    required("country_name", STRING, "short English name; the code itself where ISO has none"),
)
ORIGIN_AND_DESTINATION = (
    required("origin_country", STRING, "country left, ISO 3166-1 alpha-2"),
    required("origin_country_name", STRING, "its short English name"),
    required("destination_country", STRING, "country entered"),
    required("destination_country_name", STRING, "its short English name"),
)

LEAD_AND_PARTNER = (
    required("lead_country", STRING, "country of the lead"),
    required("lead_country_name", STRING, "its short English name"),
    required("partner_country", STRING, "the other country"),
    required("partner_country_name", STRING, "its short English name"),
)

#: What a country's led works amount to, of a year or pooled.
PRODUCTION_AND_IMPACT = (
    required("n_works", BIGINT, "field works led"),
    required("share_works", DOUBLE, "n_works ÷ its sum over countries"),
    required("n_works_fractional", DOUBLE, "field works led, each 1 ÷ number of its lead countries"),
    required("n_scientists", BIGINT, "distinct scientists with a field work there"),
    required("total_c2", BIGINT, "sum of c2"),
    required("mean_c2", DOUBLE, "c2 per work led"),
    optional("n_hits", DOUBLE, "sum of hit_1pct; null: no hits defined"),
    optional("share_hits", DOUBLE, "n_hits ÷ its sum over countries; null: no hits defined"),
    optional("pp_top_1pct", DOUBLE, "n_hits ÷ n_works; null: no hits defined"),
    optional("pp_top_10pct", DOUBLE, "the same of hit_10pct"),
    optional("mean_context_novelty", DOUBLE, "mean context_novelty of the works led that have one; null: none has"),
    optional("share_context_hits", DOUBLE, "sum of context_hit_1pct ÷ its sum over countries; null: not defined"),
    optional("mean_content_novelty", DOUBLE, "mean content_novelty of the works led that have one; null: none has"),
    optional("share_content_hits", DOUBLE, "sum of content_hit_1pct ÷ its sum over countries; null: not defined"),
    required("n_international", BIGINT, "works led with an author in another country"),
)
IS_COMPLETE: Column = required("is_complete", BOOLEAN, "the citation window c2 of every year counted is complete")

COUNTRY_YEARS = Table(
    "country_years",
    "What each country leads in each year: output, scientists, impact. A row only where it leads a work.",
    grain=("country_code", "pub_year"),
    by_study=True,
    as_csv=True,
    columns=(*COUNTRY, required("pub_year", INT, "the year"), *PRODUCTION_AND_IMPACT, IS_COMPLETE),
    checks={"shares": "share_works > 0 AND share_works <= 1"},
)

COUNTRY_TOTALS = Table(
    "country_totals",
    "The same, pooled over the period, with ranks.",
    grain=("country_code", "years"),
    by_study=True,
    as_csv=True,
    columns=(
        *COUNTRY,
        required("years", STRING, "period: every year of it; complete: only years with complete c2"),
        *PRODUCTION_AND_IMPACT,
        IS_COMPLETE,
        required("rank_works", INT, "rank by n_works, from 1; equals share the better rank"),
        required("rank_scientists", INT, "by n_scientists"),
        required("rank_c2", INT, "by total_c2"),
        optional("rank_hits", INT, "by n_hits; null: no hits defined"),
    ),
    checks={
        "shares": "share_works > 0 AND share_works <= 1",
        "years_known": "years IN ('period', 'complete')",
    },
)

COVERAGE = (
    required("n_field_works", BIGINT, "field works"),
    required("share_lead_country", DOUBLE, "share with a known lead country"),
    required("share_all_countries", DOUBLE, "share where every author has a known country"),
    required("share_references", DOUBLE, "share with at least one reference"),
    optional("share_english", DOUBLE, "share in English; null: no language is known"),
)

COVERAGE_YEARS = Table(
    "coverage_years",
    "How much the source knows about the field works of a year: to be read beside every series.",
    grain=("pub_year",),
    by_study=True,
    as_csv=True,
    columns=(required("pub_year", INT, "the year"), *COVERAGE),
)

COVERAGE_COUNTRY_YEARS = Table(
    "coverage_country_years",
    "The same for the field works listing a country.",
    grain=("pub_year", "country_code"),
    by_study=True,
    as_csv=True,
    columns=(required("pub_year", INT, "the year"), *COUNTRY, *COVERAGE),
)

MIGRATION_FLOWS = Table(
    "migration_flows",
    "Moves between two countries in a year.",
    grain=("origin_country", "destination_country", "move_year"),
    by_study=True,
    as_csv=True,
    columns=(
        *ORIGIN_AND_DESTINATION,
        required("move_year", INT, "the year"),
        required("n_moves", BIGINT, "moves"),
        required("n_entries", BIGINT, "of these, first entries (is_entry)"),
        required("n_scientists", BIGINT, "distinct scientists moving"),
        optional(
            "rate",
            DOUBLE,
            "n_moves ÷ non-simultaneous scientists whose primary country was the origin in the year before; null: none",
        ),
    ),
    checks={"entries_are_moves": "n_entries <= n_moves AND n_scientists <= n_moves"},
)

COUNTRY_BALANCE = Table(
    "country_balance",
    "Scientists that a country wins and loses by moves in a year.",
    grain=("country_code", "move_year"),
    by_study=True,
    as_csv=True,
    columns=(
        *COUNTRY,
        required("move_year", INT, "the year"),
        required("n_in", BIGINT, "moves into the country"),
        required("n_out", BIGINT, "moves out of it"),
        required("net", BIGINT, "n_in − n_out"),
        required("n_entries_in", BIGINT, "of n_in, first entries (is_entry)"),
        required("n_entries_out", BIGINT, "of n_out, first entries elsewhere"),
        optional(
            "rate_in",
            DOUBLE,
            "n_in ÷ non-simultaneous scientists whose primary country it was in the year before; null: none",
        ),
        optional("rate_out", DOUBLE, "the same of n_out"),
        optional("rate_net", DOUBLE, "the same of net"),
    ),
    checks={"balance": "net = n_in - n_out AND n_in + n_out > 0"},
)


def _difference(prefix: str, of: str, also: Column) -> tuple[Column, ...]:
    """What the two pooled rows of a direction say of their difference."""
    return (
        optional(
            f"{prefix}difference",
            DOUBLE,
            f"{of}: collaborating works less the others, the same in both pooled rows; null: a single year, or one "
            "kind alone",
        ),
        optional(
            f"{prefix}ci_low",
            DOUBLE,
            "95 % interval of it, bootstrap by lead institution; null likewise, or too few institutions of a kind",
        ),
        optional(f"{prefix}ci_high", DOUBLE, "its upper end"),
        optional(f"{prefix}p_value", DOUBLE, "of no difference; null likewise"),
        also,
        optional(f"{prefix}p_adjusted", DOUBLE, "p_value by Benjamini-Hochberg over all pooled tests of the table"),
        optional(f"{prefix}test", STRING, f"the test that {prefix}p_value is of; null: none"),
    )


_P_CLUSTER = "the same by t with works of a lead institution as one cluster; null: too few institutions of a kind"

KINDS_OF_WORKS = Table(
    "kinds_of_works",
    "Works led by one country of a pair, with and without a co-author in the other.",
    grain=("lead_country", "partner_country", "collaborates", "pub_year"),
    by_study=True,
    as_csv=True,
    columns=(
        *LEAD_AND_PARTNER,
        required("collaborates", BOOLEAN, "a co-author is in the partner country; works led from both are left out"),
        optional("pub_year", INT, "the year; null: pooled over the period"),
        required("n_works", BIGINT, "works"),
        required("mean_team", DOUBLE, "mean number of authors"),
        required("team_q1", DOUBLE, "lower quartile of the number of authors, linearly interpolated"),
        required("team_median", DOUBLE, "median"),
        required("team_q3", DOUBLE, "upper quartile"),
        required("n_with_institution", BIGINT, "works whose lead institution in the lead country is known"),
        optional(
            "share_top_institution",
            DOUBLE,
            "of these, the share whose lead institution is one of top_institutions; null: none known",
        ),
        optional(
            "hit_rate",
            DOUBLE,
            "mean hit_1pct (weight among the most cited 1 % of the field works of the year), over years in which it is "
            "defined; null: no such year",
        ),
        IS_COMPLETE,
        *_difference("", "hit_rate", optional("p_cluster", DOUBLE, _P_CLUSTER)),
        *_difference("top_", "share_top_institution", optional("top_p_cluster", DOUBLE, _P_CLUSTER)),
        *_difference(
            "team_",
            "mean_team",
            optional("team_p_welch", DOUBLE, "the same by Welch's t, as if works were independent, for comparison"),
        ),
    ),
    checks={
        "a_team_has_authors": "team_q1 >= 1 AND team_q1 <= team_median AND team_median <= team_q3",
        "institutions_are_of_works": "n_with_institution >= 0 AND n_with_institution <= n_works",
    },
)

STUDY_STATISTICS = Table(
    "study_statistics",
    "Single numbers of the study, beside those of AlShebli et al. (2024) where it asks what they asked.",
    grain=("statistic", "subset"),
    by_study=True,
    as_csv=True,
    columns=(
        required(
            "statistic",
            STRING,
            "field_works_led: field works of the period with a known lead country; works, share_works, scientists, "
            "total_c2, share_hits: as in country_totals; correlation_c2_c5: Pearson's r over works with complete c5; "
            "correlation_age_origin_share: over entries of the period, of academic age in the year of the move with "
            "the share of field works from then on with another author in the origin; …_staying: only those of years "
            "with the destination as primary country",
        ),
        required("subset", STRING, "all, a country of the study's pairs, or a direction: CN>US from China to the US"),
        optional("value", DOUBLE, "the statistic; null: not defined, as a correlation without variance"),
        optional("ci_low", DOUBLE, "95 % interval, of correlations by Fisher's z; null: none"),
        optional("ci_high", DOUBLE, "its upper end"),
        required("n", BIGINT, "works, scientists or moves it is made of"),
        optional("published_value", DOUBLE, "the paper's, from MAG, 2000–2021; null: none, or another question"),
    ),
)

TABLES = (
    COUNTRY_YEARS,
    COUNTRY_TOTALS,
    COVERAGE_YEARS,
    COVERAGE_COUNTRY_YEARS,
    MIGRATION_FLOWS,
    COUNTRY_BALANCE,
    KINDS_OF_WORKS,
    STUDY_STATISTICS,
)
