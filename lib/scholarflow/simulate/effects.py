"""The planted effects: every parameter of the simulated world that an analysis may try to recover."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

ARTIFICIAL_INTELLIGENCE = 154945302


@dataclass(frozen=True)
class Effects:
    """Parameters of the planted effects; pairs are written "US>CN".

    The first country of a pair is the origin (moves), or the lead, that is the last author's country (works).
    Rates are per active author and year, shares lie in 0–1, premiums are factors (1.0: no effect).
    """

    # Hazard of a relocation from a country to anywhere, and of the pairs that differ from gravity.
    move_rate: float = 0.006
    pair_move_rates: Mapping[str, float] = field(default_factory=lambda: {"US>CN": 0.010, "CN>US": 0.012})
    # Hazard that a mover goes back where the last move came from.
    return_rate: float = 0.03
    # Share of a mover's led works with the origin country: in the move's year, and ten years on (linear).
    origin_share: tuple[float, float] = (0.35, 0.20)
    pair_origin_shares: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: {"US>CN": (0.57, 0.36), "CN>US": (0.45, 0.51)}
    )
    # Share of led works with a partner abroad, first and last year, and how much likelier some partners are.
    international_share: tuple[float, float] = (0.08, 0.24)
    affinities: Mapping[str, float] = field(
        default_factory=lambda: {
            "US>CN": 2.5,
            "CN>US": 2.5,
            "US>CA": 1.6,
            "DE>FR": 1.5,
            "HK>CN": 3.0,
            "AU>GB": 1.8,
        }
    )
    # Factor on the attractiveness to citations of a work of `premium_concept` led from the first country only
    # with a co-author (not the last author) in the second.
    premium_concept: int = ARTIFICIAL_INTELLIGENCE
    citation_premiums: Mapping[str, float] = field(default_factory=lambda: {"US>CN": 1.30, "CN>US": 1.50})
    # The same works: factor on the probability of appearing at one of the five conferences.
    conference_premiums: Mapping[str, float] = field(default_factory=lambda: {"US>CN": 1.4, "CN>US": 1.8})
    conference_share: float = 0.12
    # Confounders: exponent of the team size, spread (log) of institution quality and of single works.
    team_size_elasticity: float = 0.1
    institution_quality_sd: float = 0.45
    fitness_sd: float = 1.0
    mean_references: float = 10.0
    # Share of authorships filed under another author of similar name; of authors with a second affiliation.
    misfiled_share: float = 0.01
    dual_affiliation_share: float = 0.04
    # Share of authorships without any affiliation, first and last year.
    missing_affiliation: tuple[float, float] = (0.20, 0.06)
    # Share of works whose keywords join two communities.
    joined_communities_share: float = 0.05

    def as_dict(self) -> dict[str, object]:
        """All parameters as plain values, as written to `truth/effects.json`."""
        return dataclasses.asdict(self)


DEFAULT_EFFECTS = Effects()
