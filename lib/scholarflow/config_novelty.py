"""Parameters of novelty: the section `[novelty]` of the configuration."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A section of the configuration: every key is there, of its type, and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class MinScore(Section):
    openalex: Annotated[float, Field(ge=0, le=1)]
    mag: Annotated[float, Field(ge=0, le=1)]


class ContextNovelty(Section):
    null: Literal["exact", "shuffles"]
    shuffles: Annotated[int, Field(ge=2)]
    seed: int
    max_references: Annotated[int, Field(ge=2)]
    settled_year: int


class ContentNovelty(Section):
    scheme: Literal["auto", "keyword", "concept"]
    min_level: Annotated[int, Field(ge=0)]
    min_score: MinScore
    min_keywords: Annotated[int, Field(ge=2)]
    dimensions: Annotated[int, Field(ge=2)]
    epochs: Annotated[int, Field(ge=1)]
    learning_rate: Annotated[float, Field(gt=0)]
    fits: Annotated[int, Field(ge=1)]
    drift: Annotated[float, Field(gt=0)]
    seed: Annotated[int, Field(ge=0)]
    history_years: Annotated[int, Field(ge=1)]
    history_works: Annotated[int, Field(ge=0)]
    min_cell: Annotated[int, Field(ge=1)]


class Novelty(Section):
    context: ContextNovelty
    content: ContentNovelty
