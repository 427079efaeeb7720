"""Who stands where in the networks of countries, institutions and authors: `scholarflow network`."""

from enum import StrEnum
from typing import Literal


class Level(StrEnum):
    """What the nodes of a network are."""

    COUNTRY = "country"
    INSTITUTION = "institution"
    AUTHOR = "author"


#: auto: in this process up to a number of edges, beyond it on Spark where that has the jar of GraphFrames.
BackendName = Literal["auto", "networkit", "graphframes"]

__all__ = ["BackendName", "Level"]
