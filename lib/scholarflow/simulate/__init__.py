"""A world with known truth, written as a snapshot of OpenAlex or of MAG.

The model. Authors start their careers year by year, more of them each year, in countries whose shares
change (China's grows most); each has a main subject, a productivity with a heavy tail, a career of one to
forty-eight years, a name that follows ancestry, and an institution drawn by Zipf's law. Every year some
relocate: hazards follow the size of the destination, except for planted pairs, and some go back. The year's
works are led by senior authors, who sign last; co-authors come from the laboratory, the country, or abroad,
where planted affinities hold and movers go on working with the country they left. Subjects, communities,
venues, topics and keywords follow the lead's subject. References go to works of the last fifteen years,
mostly of the same subject, in proportion to an attractiveness that is the product of a lognormal fitness,
the quality of the lead's institution, team size, and the planted premium for works of one field that two
countries do together. Some authorships are filed under another author of similar name.

Everything is drawn from generators keyed by seed, purpose and year, and every choice about one record by
hashing its number: the same arguments give the same bytes, both formats describe the same world, and a
second release repeats the first one's unchanged partitions to the byte. The years are made one at a time:
memory holds a few numbers per work and author.

Beside the snapshot, `truth/` holds the canonical tables that a correct ingest makes of it, what it must
count and refuse, the true moves and misfiled authorships, and `effects.json` with every planted parameter.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from scholarflow.errors import UsageError
from scholarflow.simulate.effects import DEFAULT_EFFECTS, Effects
from scholarflow.simulate.fates import Edition
from scholarflow.simulate.mag import MagDump
from scholarflow.simulate.openalex import OpenAlexSnapshot
from scholarflow.simulate.truth import TruthFiles
from scholarflow.simulate.world import World

__all__ = ["DEFAULT_EFFECTS", "Effects", "simulate"]

SMALLEST = 100
_MARK = "effects.json"


def simulate(
    out: Path,
    *,
    works: int,
    seed: int,
    format: str,
    dirty: bool = False,
    layout: str = "2026",
    encoding: str = "jsonl",
    release: int = 1,
    compress: bool = False,
    effects: Effects = DEFAULT_EFFECTS,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write a snapshot of that many works with its truth.

    format: `openalex` or `mag`; layout (`2026`, `legacy`) and encoding (`jsonl`, `parquet`, the latter in the
    2026 layout only) are OpenAlex's, compress (gzipped tables) is MAG's. release 2 is the next quarter of the
    same world.
    An earlier simulated snapshot at `out` is replaced. progress is called with works done and works in all.
    Raises UsageError for arguments that do not go together and for a folder that holds anything else.
    """
    _check(works, format, layout, encoding, release, compress=compress)
    _clear(out)
    world = World(works, seed, effects, release)
    edition = Edition(seed, works, layout, dirty, release)
    truth = out / "truth"
    truth.mkdir(parents=True)
    (truth / _MARK).write_text(json.dumps(effects.as_dict(), indent=2, sort_keys=True) + "\n", encoding="utf-8")
    with TruthFiles(truth) as files:
        if format == "mag":
            MagDump(out, world, edition, compress=compress).write(files, progress)
        else:
            OpenAlexSnapshot(out, world, edition, encoding).write(files, progress)


def _check(works: int, format: str, layout: str, encoding: str, release: int, *, compress: bool) -> None:
    known = {
        "format": (format, ("openalex", "mag")),
        "layout": (layout, ("2026", "legacy")),
        "encoding": (encoding, ("jsonl", "parquet")),
        "release": (release, (1, 2)),
    }
    for name, (value, values) in known.items():
        if value not in values:
            raise UsageError(f"{name} {value!r} is not known: give one of {', '.join(map(str, values))}")
    if works < SMALLEST:
        raise UsageError(f"a world needs at least {SMALLEST} works, not {works}")
    if encoding == "parquet" and layout == "legacy":
        raise UsageError("the legacy layout has no Parquet files: give encoding jsonl")
    if format == "mag" and (layout != "2026" or encoding != "jsonl"):
        raise UsageError("layout and encoding are for format openalex, not mag")
    if format == "openalex" and compress:
        raise UsageError("compress is for format mag: OpenAlex files are compressed as published")


def _clear(out: Path) -> None:
    """Make room for the snapshot; only a simulated one may be removed."""
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out} is a file, not a folder")
    if not any(out.iterdir()):
        return
    if not (out / "truth" / _MARK).is_file():
        raise UsageError(f"{out} is not empty and holds no simulated snapshot")
    for name in ("truth", "data", "mag", "advanced"):
        if (out / name).exists():
            shutil.rmtree(out / name)
