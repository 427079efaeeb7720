"""Panels: what a regression is run on, one row a unit, years without output as zeros, no key that is null.

What holds for a pair of countries rides in `pairs`, one element for each pair of study.pairs that the row has a part
in; `scholarflow export` unfolds it into columns named after the pair, and writes a codebook beside each table.
"""

from scholarflow.tables.declaration import BIGINT, BOOLEAN, DOUBLE, INT, STRING, Table, listed, optional, required

_WEIGHT = (
    "1 of a matched treated unit, (m_T ÷ m_C) · (M_C ÷ M_T) of a control in a stratum of m_T and m_C, M those of all "
    "strata with both; 0: not compared, or a stratum that lacks a side"
)

PANEL_WORKS = Table(
    "panel_works",
    "Led works of the period for regressions: outcomes, who collaborates with whom, controls, keys.",
    grain=("work_id", "lead_country"),
    by_study=True,
    columns=(
        required("work_id", BIGINT, "the work"),
        required("lead_country", STRING, "a country that leads it"),
        required("pub_year", INT, "year of publication", "year"),
        required("c2", BIGINT, "citing works with 0 ≤ citing_year − pub_year ≤ 2", "citations"),
        required("c5", BIGINT, "the same, 5 years", "citations"),
        required("log1p_c2", DOUBLE, "natural logarithm of 1 + c2", "log(1+citations)"),
        required("log1p_c5", DOUBLE, "the same of c5", "log(1+citations)"),
        optional("c2_relative", DOUBLE, "c2 ÷ mean c2 of the field works of the year; null: that is 0", "ratio"),
        optional("c5_relative", DOUBLE, "the same of c5", "ratio"),
        optional(
            "hit_1pct",
            DOUBLE,
            "weight 0–1 of belonging to the most cited 1 % (c2) of the field works of the year; null: the threshold "
            "falls on 0 citations",
            "share",
        ),
        optional("hit_10pct", DOUBLE, "the same, 10 %", "share"),
        optional(
            "context_novelty",
            DOUBLE,
            "−(10th percentile of z over the pairs of its references); null: it has no score",
            "standard deviations",
        ),
        optional(
            "context_hit_1pct",
            DOUBLE,
            "weight 0–1 of belonging to the 1 % most novel in context of the year's works with a score; null likewise",
            "share",
        ),
        optional(
            "content_novelty",
            DOUBLE,
            "−log Σ_d Π θ_d over its keywords as they stood before its year; null: it has no score",
            "natural logarithm",
        ),
        optional(
            "content_percentile_adjusted",
            DOUBLE,
            "per cent of the works of the year with as many keywords that are less novel; null likewise",
            "per cent",
        ),
        optional("content_hit_1pct", DOUBLE, "as context_hit_1pct, of content_novelty; null likewise", "share"),
        required("c2_complete", BOOLEAN, "the snapshot covers the window of c2"),
        required("c5_complete", BOOLEAN, "the snapshot covers the window of c5"),
        required("n_authors", BIGINT, "length of the author list", "authors"),
        required("n_countries", INT, "countries of all authors", "countries"),
        required("is_international", BOOLEAN, "authors in several countries"),
        required("is_dual", BOOLEAN, "several countries lead the work: it has a row for each"),
        required("n_references", BIGINT, "distinct works cited", "works"),
        required("language_key", STRING, "ISO 639-1 code of the language; unknown: not told"),
        optional(
            "lead_author_career_age",
            INT,
            "years since the lead author's first work in the snapshot, all fields; null: the author is unknown",
            "years",
        ),
        optional(
            "lead_author_prior_works",
            BIGINT,
            "works of the lead author in earlier years, all fields; null likewise",
            "works",
        ),
        required("institution_key", BIGINT, "smallest id of the lead's institutions in lead_country; 0: unknown"),
        required("lead_author_key", BIGINT, "smallest id of the authors who lead it; 0: unknown"),
        required("source_key", BIGINT, "where it appeared; 0: unknown"),
        listed(
            "pairs",
            "one element for each partner that study.pairs give lead_country; empty: none",
            required("partner_country", STRING, "the other country of the pair"),
            required("collaborates", BOOLEAN, "an author other than the lead is in the partner country"),
            required(
                "is_compared",
                BOOLEAN,
                "the lead institution is known and the work is not led from both countries: as in citation_premium",
            ),
            required(
                "stratum_id",
                STRING,
                "pub_year-n_authors-institution_key: works alike are compared; empty: not compared",
            ),
            required("cem_weight", DOUBLE, _WEIGHT, "weight"),
        ),
    ),
    checks={
        "windows_nest": "c2 >= 0 AND c2 <= c5",
        "keys_not_negative": "institution_key >= 0 AND lead_author_key >= 0 AND source_key >= 0",
    },
)

PANEL_SCIENTIST_YEARS = Table(
    "panel_scientist_years",
    "Scientists by year of the period for regressions, years without works as zeros: output, moves, controls, keys.",
    grain=("author_id", "pub_year"),
    by_study=True,
    columns=(
        required("author_id", BIGINT, "the scientist"),
        required("pub_year", INT, "the year: of the period, from first to last publication", "year"),
        required("country_key", STRING, "the last known primary country in the field; unknown: none known yet"),
        required("is_simultaneous", BOOLEAN, "some single field work lists two countries: no moves are told of them"),
        required("first_pub_year", INT, "first year with a work, all fields", "year"),
        required("career_age", INT, "years since first_pub_year", "years"),
        required("n_works", BIGINT, "works of the year, all fields", "works"),
        required("n_field_works", BIGINT, "of these, field works", "works"),
        required("log1p_n_works", DOUBLE, "natural logarithm of 1 + n_works", "log(1+works)"),
        required("log1p_n_field_works", DOUBLE, "the same of n_field_works", "log(1+works)"),
        required("citations_received", BIGINT, "citations of any of the works by works of the year", "citations"),
        required("log1p_citations_received", DOUBLE, "natural logarithm of 1 + that", "log(1+citations)"),
        required("prior_works", BIGINT, "works of earlier years, all fields", "works"),
        required("prior_citations", BIGINT, "citations received in earlier years", "citations"),
        listed(
            "pairs",
            "one element for each direction of study.pairs",
            required("origin_country", STRING, "country left"),
            required("destination_country", STRING, "country entered"),
            required(
                "has_moved",
                BOOLEAN,
                "a first entry (is_entry of migrations) from the one into the other, this year or before in the period",
            ),
            optional("move_year", INT, "its year, also before it; null: never in the period", "year"),
            optional("years_since_move", INT, "pub_year − move_year, negative before; null: never", "years"),
            required("n_works_with_origin", BIGINT, "field works of the year with another author there", "works"),
            required("n_works_with_destination", BIGINT, "field works of the year with another author there", "works"),
            required(
                "is_treated",
                BOOLEAN,
                "the year of the entry, with a primary country of that very year: a mover of post_move_collaboration",
            ),
            required(
                "stratum_id",
                STRING,
                "pub_year and bins of after_move.strata, joined by -: movers and who might be compared with them, as "
                "in post_move_collaboration; empty: neither (elsewhere, not at risk, or in the origin before)",
            ),
            required("cem_weight", DOUBLE, _WEIGHT, "weight"),
        ),
    ),
    checks={"field_works_are_works": "n_field_works >= 0 AND n_field_works <= n_works AND career_age >= 0"},
)

_POPULATION = "from panels.covariates; null: not given"
_PRODUCT = "gross domestic product, in the unit of panels.covariates; null: not given"

PANEL_COUNTRY_YEARS = Table(
    "panel_country_years",
    "Countries by year for regressions: every country that leads a work of the period, in every year of it.",
    grain=("country_code", "pub_year"),
    by_study=True,
    columns=(
        required("country_code", STRING, "ISO 3166-1 alpha-2, or a group of countries of the study"),
        required("pub_year", INT, "the year", "year"),
        required("n_works", BIGINT, "field works led", "works"),
        required("log1p_n_works", DOUBLE, "natural logarithm of 1 + n_works", "log(1+works)"),
        required("n_works_fractional", DOUBLE, "field works led, each 1 ÷ number of its lead countries", "works"),
        optional("share_works", DOUBLE, "n_works ÷ its sum over countries; null: that is 0", "share"),
        required("n_works_listed", BIGINT, "field works listing the country for any author", "works"),
        required("n_international", BIGINT, "works led with an author in another country", "works"),
        required("n_scientists", BIGINT, "distinct scientists with a field work there", "scientists"),
        required("total_c2", BIGINT, "sum of c2 of the works led", "citations"),
        optional("mean_c2", DOUBLE, "total_c2 ÷ n_works; null: no works", "citations"),
        optional("n_hits", DOUBLE, "sum of hit_1pct of the works led; null: no hits defined in the year", "works"),
        optional("share_hits", DOUBLE, "n_hits ÷ its sum over countries; null: not defined, or that is 0", "share"),
        optional("pp_top_1pct", DOUBLE, "n_hits ÷ n_works; null: not defined, or no works", "share"),
        optional("pp_top_10pct", DOUBLE, "the same of hit_10pct", "share"),
        optional(
            "mean_context_novelty",
            DOUBLE,
            "mean context_novelty of the works led that have one; null: none has",
            "standard deviations",
        ),
        optional(
            "share_context_hits",
            DOUBLE,
            "sum of context_hit_1pct of the works led ÷ its sum over countries; null: not defined, or that is 0",
            "share",
        ),
        optional(
            "mean_content_novelty",
            DOUBLE,
            "mean content_novelty of the works led that have one; null: none has",
            "natural logarithm",
        ),
        optional("share_content_hits", DOUBLE, "as share_context_hits, of content_hit_1pct; null likewise", "share"),
        required("n_in", BIGINT, "moves into the country", "moves"),
        required("n_out", BIGINT, "moves out of it", "moves"),
        required("n_entries_in", BIGINT, "of n_in, first entries (is_entry)", "moves"),
        required("n_entries_out", BIGINT, "of n_out, first entries elsewhere", "moves"),
        required("is_complete", BOOLEAN, "the snapshot covers the window of c2"),
        optional("population", BIGINT, f"inhabitants, {_POPULATION}", "people"),
        optional("gdp", DOUBLE, _PRODUCT, "as given"),
        optional("works_per_million", DOUBLE, "n_works per million inhabitants; null: population not given", "works"),
        listed(
            "pairs",
            "one element for each partner that study.pairs give the country; empty: none",
            required("partner_country", STRING, "the other country of the pair"),
            required("n_works_together", BIGINT, "field works listing both", "works"),
            optional(
                "affinity",
                DOUBLE,
                "n_ab · N ÷ (n_a · n_b), as in collaboration_edges; 0: no work together; null: one lists no work",
                "ratio",
            ),
        ),
    ),
    checks={
        "counts": "n_works >= 0 AND n_international <= n_works AND n_entries_in <= n_in AND n_entries_out <= n_out",
    },
)

_SIDES = (
    required("n_scientists_origin", BIGINT, "n_scientists of the origin in panel_country_years", "scientists"),
    required("n_scientists_destination", BIGINT, "the same of the destination", "scientists"),
    required("n_works_origin", BIGINT, "field works led by the origin", "works"),
    required("n_works_destination", BIGINT, "field works led by the destination", "works"),
    optional("population_origin", BIGINT, f"inhabitants of the origin, {_POPULATION}", "people"),
    optional("population_destination", BIGINT, "the same of the destination", "people"),
    optional("gdp_origin", DOUBLE, f"of the origin: {_PRODUCT}", "as given"),
    optional("gdp_destination", DOUBLE, "the same of the destination", "as given"),
)

PANEL_DYAD_YEARS = Table(
    "panel_dyad_years",
    "Ordered pairs of countries by year for regressions: all of panel_country_years, in every year of the period.",
    grain=("origin_country", "destination_country", "pub_year"),
    by_study=True,
    columns=(
        required("origin_country", STRING, "country left"),
        required("destination_country", STRING, "country entered"),
        required("pub_year", INT, "the year", "year"),
        required("n_moves", BIGINT, "moves from origin to destination", "moves"),
        required("n_entries", BIGINT, "of these, first entries (is_entry)", "moves"),
        required("n_works_together", BIGINT, "field works listing both, the same in both directions", "works"),
        required(
            "n_works_together_fractional",
            DOUBLE,
            "the same, a work with k countries giving 2/(k(k−1)) to each of its pairs",
            "works",
        ),
        optional(
            "affinity",
            DOUBLE,
            "n_ab · N ÷ (n_a · n_b), as in collaboration_edges; 0: no work together; null: one lists no work",
            "ratio",
        ),
        *_SIDES,
        required("pair_key", STRING, "both countries by the alphabet, as CN-US: one key for both directions"),
        required("origin_year_key", STRING, "origin and year, as CN-2010"),
        required("destination_year_key", STRING, "destination and year"),
    ),
    checks={
        "countries_differ": "origin_country <> destination_country",
        "entries_are_moves": "n_entries >= 0 AND n_entries <= n_moves AND n_works_together >= 0",
    },
)

PREMIUM_CELLS = Table(
    "premium_cells",
    "The compared works of panel_works in sums: what a regression of citations on collaboration needs of them.",
    grain=("lead_country", "partner_country", "pub_year", "n_authors", "institution_key", "collaborates"),
    by_study=True,
    columns=(
        required("lead_country", STRING, "country of the lead"),
        required("partner_country", STRING, "the other country of the pair"),
        required("pub_year", INT, "year of publication", "year"),
        required("n_authors", BIGINT, "length of the author list", "authors"),
        required("institution_key", BIGINT, "the lead institution: the cluster"),
        required("collaborates", BOOLEAN, "an author other than the lead is in the partner country"),
        required("c2_complete", BOOLEAN, "the snapshot covers the window of c2"),
        required("n_works", BIGINT, "works", "works"),
        required("sum_c2", BIGINT, "sum of c2", "citations"),
        required("sum_log1p_c2", DOUBLE, "sum of log(1 + c2)", "log(1+citations)"),
    ),
    checks={"works_counted": "n_works > 0 AND sum_c2 >= 0"},
)

REGRESSIONS = Table(
    "regressions",
    "Coefficients of the regressions that `scholarflow regress` runs on the panels, and why some could not be run.",
    grain=("specification", "outcome", "sample", "term", "years_since_move"),
    by_study=True,
    as_csv=True,
    columns=(
        required("specification", STRING, "its name; what it says is told in docs/decisions/panels.md"),
        required("outcome", STRING, "the column of the panel on the left side"),
        required("sample", STRING, "pair or direction it is run on, as CN>US; all: every pair of countries"),
        required("estimator", STRING, "ppml: Poisson pseudo-maximum likelihood; ols: least squares"),
        required("term", STRING, "the regressor"),
        optional("years_since_move", INT, "of term years_since_move: which year it stands for; null: others", "years"),
        optional("estimate", DOUBLE, "its coefficient; null: not estimated, note says why"),
        optional("std_error", DOUBLE, "its standard error, clustered; null likewise"),
        optional("ci_low", DOUBLE, "95 % interval of it, t with n_clusters − 1 degrees of freedom"),
        optional("ci_high", DOUBLE, "its upper end"),
        optional("p_value", DOUBLE, "of no effect"),
        required("n_obs", BIGINT, "works, scientist-years or dyad-years that count"),
        required("n_units", BIGINT, "rows given to the estimator: cells, where the works were summed before"),
        required("n_clusters", BIGINT, "institutions, scientists or unordered pairs"),
        required("fixed_effects", STRING, "effects taken out, joined by +"),
        optional("note", STRING, "why there is no estimate, or what was left out; null: nothing to say"),
    ),
    checks={"estimator_known": "estimator IN ('ppml', 'ols')"},
)

TABLES = (PANEL_WORKS, PANEL_SCIENTIST_YEARS, PANEL_COUNTRY_YEARS, PANEL_DYAD_YEARS, PREMIUM_CELLS)
#: Made by `scholarflow regress` alone: it needs a package that the others do without.
ON_REQUEST = (REGRESSIONS,)
