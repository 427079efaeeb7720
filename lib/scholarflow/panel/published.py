"""Figures that AlShebli et al. (2024, doi:10.1038/s41598-024-79863-5) published for 2000–2021, from MAG."""

from scholarflow.config import Study

#: By statistic and subset; shares 0–1.
FIGURES = {
    ("field_works_led", "all"): 5_399_828.0,
    ("scientists", "all"): 362_929.0,
    ("works", "US"): 1_365_452.0,
    ("works", "CN"): 957_840.0,
    ("share_works", "US"): 0.2523,
    ("share_works", "CN"): 0.1770,
    ("scientists", "US"): 94_363.0,
    ("scientists", "CN"): 105_103.0,
    ("total_c2", "US"): 7_368_464.0,
    ("total_c2", "CN"): 2_157_122.0,
    ("share_hits", "US"): 0.439,
    ("share_hits", "CN"): 0.109,
    ("correlation_c2_c5", "all"): 0.85,
    ("correlation_age_origin_share", "CN>US"): 0.22,
}
#: Share of movers by origin, destination and class of names, as NamePrism has them.
ANCESTRY = {
    ("CN", "US", "asian_pacific"): 0.988,
    ("US", "CN", "asian_pacific"): 0.960,
}
_FIELD, _YEARS = [154945302], (2000, 2021)


def figures_of(study: Study) -> dict[tuple[str, str], float]:
    """The published figures, where the study asks what the paper asked; none for any other."""
    return dict(FIGURES) if _is_papers(study) else {}


def ancestry_of(study: Study) -> dict[tuple[str, str, str], float]:
    """The published shares by ancestry, likewise."""
    return dict(ANCESTRY) if _is_papers(study) else {}


def _is_papers(study: Study) -> bool:
    return study.scheme == "concept" and study.fields == _FIELD and (study.first_year, study.last_year) == _YEARS
