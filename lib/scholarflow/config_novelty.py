"""Parameters of novelty: the section `[novelty]` of the configuration."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

#: What a column of type int can hold: counts beyond it are mistakes, and engines fail on them.
MOST = 2**31 - 1
#: What a bigint can hold: ids and seeds.
Long = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
#: Of the calendar that dates are in.
Year = Annotated[int, Field(ge=0, le=9999)]


class Section(BaseModel):
    """A section of the configuration: every key is there, of its type, and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MinScore(Section):
    openalex: Annotated[float, Field(ge=0, le=1)]
    mag: Annotated[float, Field(ge=0, le=1)]


class ContextNovelty(Section):
    null: Literal["exact", "shuffles"]
    shuffles: Annotated[int, Field(ge=2, le=MOST)]
    seed: Long
    max_references: Annotated[int, Field(ge=2, le=MOST)]
    settled_year: Year


class ContentNovelty(Section):
    scheme: Literal["auto", "keyword", "concept"]
    min_level: Annotated[int, Field(ge=0, le=MOST)]
    min_score: MinScore
    min_keywords: Annotated[int, Field(ge=2, le=MOST)]
    dimensions: Annotated[int, Field(ge=2, le=MOST)]
    epochs: Annotated[int, Field(ge=1, le=MOST)]
    learning_rate: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    fits: Annotated[int, Field(ge=1, le=MOST)]
    drift: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    seed: Annotated[Long, Field(ge=0)]
    history_years: Annotated[int, Field(ge=1, le=MOST)]
    history_works: Annotated[int, Field(ge=0, le=MOST)]
    min_cell: Annotated[int, Field(ge=1, le=MOST)]


class Novelty(Section):
    context: ContextNovelty
    content: ContentNovelty
