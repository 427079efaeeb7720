"""Novelty: which sources a field's works cite together, how unusual that is, and what it makes of each work."""

from scholarflow.tables.declaration import BIGINT, DOUBLE, INT, Table, optional, required

FIELD_REFERENCES = Table(
    "field_references",
    "References of field works to works of the snapshot that have a source; long reference lists are left out.",
    grain=("work_id", "cited_work_id"),
    by_study=True,
    unfolded_from="works",
    columns=(
        required("work_id", BIGINT, "the citing field work, of at most novelty.context.max_references references"),
        required("cited_work_id", BIGINT, "the work it cites, of any field"),
        required("pub_year", INT, "year of publication of the citing work"),
        required("source_id", BIGINT, "where the cited work appeared"),
        required("cited_year", INT, "year of publication of the cited work"),
    ),
)

VENUE_PAIRS = Table(
    "venue_pairs",
    "Pairs of sources that field works of a year cite together, beside how often they would by chance.",
    grain=("pub_year", "source_a", "source_b"),
    by_study=True,
    columns=(
        required("pub_year", INT, "year of publication of the citing works"),
        required("source_a", BIGINT, "the smaller source id"),
        required("source_b", BIGINT, "the other; the same: references to one source"),
        required("n_pairs", BIGINT, "pairs of references of one work to the two, over all field works of the year"),
        required(
            "mean_by_chance",
            DOUBLE,
            "mean of that number, were the works cited within each cited year shuffled (novelty.context.null)",
        ),
        required("sd_by_chance", DOUBLE, "its standard deviation; 0: it cannot vary"),
        optional("z", DOUBLE, "(n_pairs − mean_by_chance) ÷ sd_by_chance; null: that is 0"),
        required("since", INT, "first year in which both sources have a work in the snapshot"),
    ),
    checks={
        "a_not_after_b": "source_a <= source_b",
        "pairs_counted": "n_pairs > 0",
        "sd_not_negative": "sd_by_chance >= 0",
    },
)

WORK_NOVELTY = Table(
    "work_novelty",
    "How new the company is in which a field work's references and its keywords stand; every field work.",
    grain=("work_id",),
    by_study=True,
    columns=(
        required("work_id", BIGINT, "the field work"),
        required("pub_year", INT, "year of publication"),
        optional(
            "context_novelty",
            DOUBLE,
            "−(10th percentile of z over the pairs of its references); null: no pair with a z, or too many references",
        ),
        optional("context_median_z", DOUBLE, "median of the same z, high: conventional; null likewise"),
        optional(
            "context_novelty_settled",
            DOUBLE,
            "the same without pairs of a source first seen after novelty.context.settled_year; null: none is left",
        ),
        required("n_venue_pairs", BIGINT, "pairs of its references to known sources that have a z"),
        optional(
            "context_hit_1pct",
            DOUBLE,
            "weight 0–1 of belonging to the 1 % most novel in context of the works of the year that have "
            "context_novelty, fractional at the threshold; null: it has none",
        ),
    ),
    checks={
        "context_hit_is_a_weight": "context_hit_1pct IS NULL OR context_hit_1pct >= 0 AND context_hit_1pct <= 1",
        "scored_of_pairs": "context_novelty IS NULL OR n_venue_pairs > 0",
        "pairs_scored": "n_venue_pairs = 0 OR context_novelty IS NOT NULL",
    },
)

TABLES = (FIELD_REFERENCES, VENUE_PAIRS, WORK_NOVELTY)
