"""Results of comparisons of scientists: movers, and whom they are held against. Moves of the period."""

from scholarflow.tables.declaration import BIGINT, DOUBLE, INT, STRING, Column, Table, optional, required
from scholarflow.tables.results import ORIGIN_AND_DESTINATION


def _group(name: str, whose: str) -> tuple[Column, ...]:
    """Number, mean and quartiles of a group of people."""
    return (
        required(f"{name}_n", BIGINT, whose),
        optional(f"{name}_mean", DOUBLE, f"mean of the {name}; null: none"),
        optional(f"{name}_q1", DOUBLE, "lower quartile: a value met, or the mean of two where the share falls between"),
        optional(f"{name}_median", DOUBLE, "median, likewise"),
        optional(f"{name}_q3", DOUBLE, "upper quartile, likewise"),
    )


MOVER_PROFILES = Table(
    "mover_profiles",
    "Movers (first entries of the period) in their move year, against who was there and against the opposite way.",
    grain=("origin_country", "destination_country", "comparison", "metric"),
    by_study=True,
    as_csv=True,
    columns=(
        *ORIGIN_AND_DESTINATION,
        required(
            "comparison",
            STRING,
            "stayers_of_destination: scientist-years there, in the years of the moves, of whoever never was in the "
            "origin before, weighted to the movers' years; opposite_direction: first entries the other way, unweighted",
        ),
        required(
            "metric",
            STRING,
            "career_age: years since the first publication; n_works: works of the year, all fields; citations: "
            "received up to and with the year, to all works",
        ),
        *_group("movers", "movers compared; stayers_of_destination: in years with somebody to be compared with"),
        required("n_unmatched", BIGINT, "movers in years without: in no other column of the row"),
        *_group("others", "scientist-years, or movers the other way, they are compared with"),
        optional("difference", DOUBLE, "movers_mean − others_mean; null: no others"),
        optional("ci_low", DOUBLE, "95 % interval of it, bootstrap by scientist; null: too few scientists on a side"),
        optional("ci_high", DOUBLE, "its upper end"),
        optional("p_value", DOUBLE, "of no difference; null: too few scientists on a side, or no variance"),
        required("test", STRING, "the test that p_value is of"),
    ),
    checks={
        "comparison_known": "comparison IN ('stayers_of_destination', 'opposite_direction')",
        "metric_known": "metric IN ('career_age', 'n_works', 'citations')",
        "counts": "movers_n >= 0 AND n_unmatched >= 0 AND movers_n + n_unmatched > 0",
    },
)


def _share_at_the_top(end: str, year: str, country: str) -> tuple[Column, ...]:
    """Counts, share and interval of one end of moves."""
    return (
        required(
            f"n_{end}_known", BIGINT, f"moves whose field works of {year} give the mover an institution in {country}"
        ),
        required(f"n_{end}_top", BIGINT, "of these, one of top_institutions among them"),
        optional(f"share_{end}_top", DOUBLE, f"n_{end}_top ÷ n_{end}_known; null: no institution is known"),
        optional(f"share_{end}_top_low", DOUBLE, "95 % interval of it (Wilson), moves as independent; null likewise"),
        optional(f"share_{end}_top_high", DOUBLE, "its upper end"),
    )


ELITE_MOBILITY = Table(
    "elite_mobility",
    "Movers (first entries of the period) that leave, and that are hired by, one of top_institutions.",
    grain=("origin_country", "destination_country"),
    by_study=True,
    as_csv=True,
    columns=(
        *ORIGIN_AND_DESTINATION,
        required("n_moves", BIGINT, "first entries, institutions known or not"),
        *_share_at_the_top("left", "last_origin_year", "the origin"),
        *_share_at_the_top("hired", "move_year", "the destination"),
    ),
    checks={
        "left": "n_left_top >= 0 AND n_left_top <= n_left_known AND n_left_known <= n_moves",
        "hired": "n_hired_top >= 0 AND n_hired_top <= n_hired_known AND n_hired_known <= n_moves",
    },
)

MOVER_ANCESTRY = Table(
    "mover_ancestry",
    "What patterns of names say of movers (first entries of the period): no row unless ancestry.classifier is set. A "
    "class is a guess about a name, right for most names of some groups and few of others, nobody's identity.",
    grain=("origin_country", "destination_country", "ancestry"),
    by_study=True,
    as_csv=True,
    columns=(
        *ORIGIN_AND_DESTINATION,
        required(
            "ancestry",
            STRING,
            "class of names (ancestry.groups), each in every direction of ancestry.min_cell or more; unknown: no "
            "name, bare initials, a script that the classifier does not read, or it does not know",
        ),
        optional(
            "n",
            BIGINT,
            "movers; null: fewer than ancestry.min_cell, or what would give such a number away; never null for unknown",
        ),
        optional("share", DOUBLE, "n ÷ movers of the direction less the unknown; null: n is, or unknown, or no others"),
        optional("published_share", DOUBLE, "the paper's, by another classifier; null: none, or another question"),
    ),
    checks={
        "countries_differ": "origin_country <> destination_country",
        "not_negative": "n IS NULL OR n >= 0",
        "share": "share IS NULL OR n IS NOT NULL AND share >= 0 AND share <= 1",
        "of_the_unknown": "ancestry <> 'unknown' OR n IS NOT NULL AND share IS NULL",
    },
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

TABLES = (MOVER_PROFILES, ELITE_MOBILITY, MOVER_ANCESTRY, POST_MOVE_COLLABORATION, POST_MOVE_YEARS)
