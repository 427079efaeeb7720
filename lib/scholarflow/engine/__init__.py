"""The only place that knows Spark sessions, Sail, Delta paths and commits."""

from scholarflow.engine.places import Place
from scholarflow.engine.reading import SourceFile, read_lines
from scholarflow.engine.session import Engine, EngineName, start
from scholarflow.engine.store import Provenance, Store

__all__ = ["Engine", "EngineName", "Place", "Provenance", "SourceFile", "Store", "read_lines", "start"]
