"""Novelty: which sources a field's works cite together, how unusual that is, and what it makes of each work."""

from pyspark.sql.types import ArrayType

from scholarflow.tables.declaration import BIGINT, DOUBLE, INT, STRING, Table, optional, required

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
        required("since", INT, "first year by which both sources have had a work in the snapshot"),
    ),
    checks={
        "a_not_after_b": "source_a <= source_b",
        "pairs_counted": "n_pairs > 0",
        "sd_not_negative": "sd_by_chance >= 0",
    },
)

WORK_KEYWORDS = Table(
    "work_keywords",
    "Keywords of field works, narrower than the field: what content novelty is made from.",
    grain=("work_id", "keyword_id"),
    by_study=True,
    unfolded_from="works",
    columns=(
        required("work_id", BIGINT, "the field work"),
        required("keyword_id", BIGINT, "field_id in work_fields, of that scheme"),
        required("pub_year", INT, "year of publication"),
        required("scheme", STRING, "keyword or concept (MAG fields of study too), the same in all rows"),
    ),
)

KEYWORD_PARAMETERS = Table(
    "keyword_parameters",
    "Where each keyword stands among others after the works of a year: the hypergraph model of content novelty.",
    grain=("pub_year", "keyword_id"),
    by_study=True,
    columns=(
        required("pub_year", INT, "year of the works that were learnt from last; only keywords that they have"),
        required("keyword_id", BIGINT, "as in work_keywords"),
        required(
            "theta",
            ArrayType(DOUBLE),
            "shares of the keyword in the dimensions of the model, of one fit after another; those of a fit sum to 1",
        ),
        required("popularity", DOUBLE, "share of the year's works (of those with enough keywords) that have it"),
        required("n_works", BIGINT, "those works"),
        required("cum_works", BIGINT, "the same up to and with the year"),
        required("n_fitted", BIGINT, "works that the model has learnt from up to and with the year, of all keywords"),
    ),
    checks={
        "popularity_is_a_share": "popularity > 0 AND popularity <= 1",
        "works_counted": "n_works > 0 AND n_works <= cum_works AND cum_works <= n_fitted",
    },
)

_CONTENT = (
    optional(
        "content_novelty",
        DOUBLE,
        "−log Σ_d Π θ_d over its known keywords, θ as it was before the year of publication, mean of the fits; "
        "null: fewer than novelty.content.min_keywords are known, or the field has too little history",
    ),
    optional(
        "content_percentile",
        DOUBLE,
        "per cent of the scored works of the year that are less novel, half of those equally so; null likewise",
    ),
    optional(
        "content_percentile_adjusted",
        DOUBLE,
        "the same among works of the year with as many known keywords, small classes together; null likewise",
    ),
)

CONTENT_NOVELTY = Table(
    "content_novelty",
    "How little the keywords of a field work went together before it; every field work with a keyword.",
    grain=("work_id",),
    by_study=True,
    columns=(
        required("work_id", BIGINT, "the field work"),
        required("pub_year", INT, "year of publication"),
        required("n_keywords", BIGINT, "its keywords"),
        required(
            "n_known_keywords",
            BIGINT,
            "of them, those with parameters from earlier years; 0 where it has fewer than novelty.content.min_keywords",
        ),
        *_CONTENT,
    ),
    checks={
        "known_are_keywords": "n_known_keywords >= 0 AND n_known_keywords <= n_keywords",
        "novelty_not_negative": "content_novelty IS NULL OR content_novelty >= 0",
        "scored_have_percentiles": "content_novelty IS NULL "
        "OR content_percentile IS NOT NULL AND content_percentile_adjusted IS NOT NULL",
        "percentiles_are_of_scored": "content_novelty IS NOT NULL "
        "OR content_percentile IS NULL AND content_percentile_adjusted IS NULL",
    },
)

CONTENT_MODEL_YEARS = Table(
    "content_model_years",
    "How well what was known of keywords before a year tells its works from lists of keywords by chance.",
    grain=("pub_year",),
    by_study=True,
    as_csv=True,
    columns=(
        required("pub_year", INT, "year of publication"),
        required("n_works", BIGINT, "field works with at least novelty.content.min_keywords keywords", unit="works"),
        required("n_scored", BIGINT, "field works with content_novelty; 0: too little history", unit="works"),
        required("n_keywords", BIGINT, "distinct keywords of those n_works", unit="keywords"),
        required("n_known_keywords", BIGINT, "of them, those with parameters from earlier years", unit="keywords"),
        optional(
            "auc",
            DOUBLE,
            "chance that a work of the year agrees more with the parameters from before it than as many keywords drawn "
            "in proportion to popularity; 0.5: they tell nothing; null: no work with enough known keywords",
        ),
    ),
    checks={"auc_is_a_share": "auc IS NULL OR auc >= 0 AND auc <= 1"},
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
        *_CONTENT,
        optional(
            "context_hit_1pct",
            DOUBLE,
            "weight 0–1 of belonging to the 1 % most novel in context of the works of the year that have "
            "context_novelty, fractional at the threshold; null: it has none",
        ),
        optional("content_hit_1pct", DOUBLE, "the same of content_novelty"),
    ),
    checks={
        "context_hit_is_a_weight": "context_hit_1pct IS NULL OR context_hit_1pct >= 0 AND context_hit_1pct <= 1",
        "content_hit_is_a_weight": "content_hit_1pct IS NULL OR content_hit_1pct >= 0 AND content_hit_1pct <= 1",
        "scored_of_pairs": "context_novelty IS NULL OR n_venue_pairs > 0",
        "pairs_scored": "n_venue_pairs = 0 OR context_novelty IS NOT NULL",
    },
)

TABLES = (FIELD_REFERENCES, VENUE_PAIRS, WORK_KEYWORDS, KEYWORD_PARAMETERS, CONTENT_NOVELTY, WORK_NOVELTY)
RESULTS = (CONTENT_MODEL_YEARS,)
