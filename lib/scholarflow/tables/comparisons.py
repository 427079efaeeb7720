"""Results of comparisons: like compared with like. Works and moves of the period."""

from scholarflow.tables.declaration import BIGINT, DOUBLE, INT, STRING, Table, optional, required
from scholarflow.tables.results import IS_COMPLETE, LEAD_AND_PARTNER, ORIGIN_AND_DESTINATION

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

SAMPLE = required(
    "sample",
    STRING,
    "years that count: staying, those with the country of that side of the move still (before it: already) primary "
    "in the field; all, whatever the country: the paper's",
)

POST_MOVE_COLLABORATION = Table(
    "post_move_collaboration",
    "How much movers go on working with the country they left, against matched scientists of the destination.",
    grain=("origin_country", "destination_country", "sample"),
    by_study=True,
    as_csv=True,
    columns=(
        *ORIGIN_AND_DESTINATION,
        SAMPLE,
        required("n_movers", BIGINT, "scientists who moved there from the origin for the first time (is_entry)"),
        required("n_matched", BIGINT, "of these, those with controls: alike in year and bins of after_move.strata"),
        required("n_controls", BIGINT, "scientist-years they are compared with; a scientist may be several"),
        required("n_control_scientists", BIGINT, "the scientists of these"),
        optional(
            "share_movers",
            DOUBLE,
            "share of a matched mover's field works from the move on with another author in the origin, mean over "
            "movers; null: none matched",
        ),
        optional("share_controls", DOUBLE, "the same of controls, each stratum weighted by its movers; null likewise"),
        optional("pooled_share_movers", DOUBLE, "the same works with the origin ÷ all works of matched movers"),
        optional("pooled_share_controls", DOUBLE, "the same of controls, weighted likewise"),
        optional("ratio", DOUBLE, "share_movers ÷ share_controls; null: that is 0, or none matched"),
        optional("ci_low", DOUBLE, "95 % interval of ratio, bootstrap by scientist; null: too few on either side"),
        optional("ci_high", DOUBLE, "its upper end"),
        optional("n_undefined", BIGINT, "replicates of the bootstrap in which ratio is not defined; null: none made"),
        optional("difference", DOUBLE, "share_movers − share_controls; null: none matched"),
        optional("difference_low", DOUBLE, "95 % interval of it; null: too few scientists on either side"),
        optional("difference_high", DOUBLE, "its upper end"),
        optional("p_value", DOUBLE, "of no difference: t by scientist; null: too few, or no variance"),
        optional("ess_controls", DOUBLE, "effective number of controls, (Σw)² ÷ Σw²; null: none matched"),
        optional(
            "l1_before",
            DOUBLE,
            "imbalance of year, career age, works and citations on the grid of after_move.imbalance, 0–1, all movers "
            "against all they might be compared with; null: there are none",
        ),
        optional("l1_after", DOUBLE, "the same of the matched, with weights; null: none matched"),
    ),
    checks={
        "countries_differ": "origin_country <> destination_country",
        "sample_known": "sample IN ('staying', 'all')",
        "matched_are_movers": "n_matched <= n_movers AND n_control_scientists <= n_controls",
        "shares": "share_movers IS NULL OR share_movers >= 0 AND share_movers <= 1",
    },
)

POST_MOVE_YEARS = Table(
    "post_move_years",
    "Work across a move by years since it: with the destination before, the origin after; against who never moved.",
    grain=("origin_country", "destination_country", "sample", "years_since_move"),
    by_study=True,
    as_csv=True,
    columns=(
        *ORIGIN_AND_DESTINATION,
        SAMPLE,
        required("years_since_move", INT, "year − year of the move; negative: before it"),
        required("partner_country", STRING, "whose co-authors count: the destination's before, the origin's after"),
        required("n_scientists", BIGINT, "movers (is_entry) with field works in that year"),
        required("n_works", BIGINT, "their field works in that year"),
        required("share", DOUBLE, "share of them with another author in partner_country, mean over the movers"),
        optional("ci_low", DOUBLE, "95 % interval of share, bootstrap by scientist; null: too few"),
        optional("ci_high", DOUBLE, "its upper end"),
        required("pooled_share", DOUBLE, "works with another author in partner_country ÷ n_works"),
        required(
            "n_matched",
            BIGINT,
            "movers with controls: scientists who never moved, before the move those of the origin, after it those of "
            "the destination, alike in the year of the move (after_move.strata), and with field works in that year",
        ),
        required("n_controls", BIGINT, "scientist-years they are compared with; a scientist may be several"),
        required("n_control_scientists", BIGINT, "the scientists of these"),
        optional("share_matched", DOUBLE, "share, of matched movers alone; null: none matched"),
        optional("share_controls", DOUBLE, "the same of controls, each stratum weighted by its movers; null likewise"),
        optional("difference", DOUBLE, "share_matched − share_controls; null likewise"),
        optional("difference_low", DOUBLE, "95 % interval of it; null: too few scientists on either side"),
        optional("difference_high", DOUBLE, "its upper end"),
        optional(
            "since_reference",
            DOUBLE,
            "difference less that of after_move.reference_year; 0 in that year; null: none matched here or there",
        ),
        optional("since_reference_low", DOUBLE, "95 % interval of it; null: too few, or the reference year itself"),
        optional("since_reference_high", DOUBLE, "its upper end"),
    ),
    checks={
        "countries_differ": "origin_country <> destination_country",
        "sample_known": "sample IN ('staying', 'all')",
        "shares": "share >= 0 AND share <= 1 AND pooled_share >= 0 AND pooled_share <= 1",
        "matched_are_movers": "n_matched <= n_scientists AND n_scientists <= n_works",
    },
)

TABLES = (CITATION_PREMIUM, POST_MOVE_COLLABORATION, POST_MOVE_YEARS)
