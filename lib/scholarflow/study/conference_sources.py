"""Table conference_sources: which sources are the conferences, and which look as if they were."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.arrow import as_table, per_group
from scholarflow.study.conference_list import Listed, listed
from scholarflow.study.source_names import likeness, plain
from scholarflow.tables.comparisons import CONFERENCE_SOURCES

_NAMES = ("name", "alias")


def conference_sources(
    field_works: DataFrame,
    sources: DataFrame,
    *,
    list_of_conferences: Sequence[Mapping[str, Any]],
    similar_words: float,
    similar_letters: float,
    first_year: int,
    last_year: int,
) -> DataFrame:
    """One row per source that counts as a conference, or that is doubtful and has field works of the period.

    A source counts by its id, else by its name or an alias, else by the pattern of a single conference. Shuffled are
    the counts of field works by source and year, then sources by their id: some hundred thousand rows.
    """
    counts = (
        field_works.where(F.col("pub_year").between(first_year, last_year) & F.col("source_id").isNotNull())
        .groupBy("source_id", "pub_year")
        .agg(F.count(F.lit(1)).alias("n_works"))
    )
    # Works may name a source that the snapshot does not describe.
    seen = sources.select("source_id", "name", "source_type").join(counts, on="source_id", how="full")
    judge = _Judge.of(listed(list_of_conferences), similar_words, similar_letters)
    return per_group(seen, ["source_id"], partial(_judged, judge=judge), CONFERENCE_SOURCES)


@dataclass(frozen=True)
class _Match:
    """What the list says of a source: lines that do, why, and what is doubtful about it."""

    lines: tuple[Listed, ...]
    matched_by: str
    doubt: str | None = None


@dataclass(frozen=True)
class _Judge:
    by_id: Mapping[int, Listed]
    by_name: Mapping[str, Listed]
    patterns: Sequence[tuple[re.Pattern[str], Listed]]
    similar_words: float
    similar_letters: float

    @classmethod
    def of(cls, lines: Sequence[Listed], similar_words: float, similar_letters: float) -> "_Judge":
        by_kind = {kind: [line for line in lines if line.kind == kind] for kind in ("source_id", "pattern")}
        named = [line for line in lines if line.kind not in by_kind]
        return cls(
            {int(line.value): line for line in by_kind["source_id"]},
            {plain(line.value): line for line in named},
            [(re.compile(line.value), line) for line in by_kind["pattern"]],
            similar_words,
            similar_letters,
        )

    def match(self, source_id: int, name: str, *, has_works: bool) -> _Match | None:
        """What a source is by id and plain name; null where it has nothing to do with a conference."""
        exact = self.by_name.get(name)
        if source_id in self.by_id:
            return _Match((self.by_id[source_id],), "source_id", self._doubt_about_id(source_id, name))
        if exact is not None:
            if exact.kind in _NAMES:
                return _Match((exact,), exact.kind)
            return _Match((exact,), "mixed", "holds other works too") if exact.kind == "mixed" and has_works else None
        found = tuple(line for pattern, line in self.patterns if pattern.fullmatch(name))
        if len({line.conference for line in found}) == 1:
            return _Match(found[:1], "pattern", "by pattern only")
        if found:
            return _Match(found, "several", "patterns of several conferences")
        alike_lines = list(self._alike(name)) if has_works and name else []
        return _Match((alike_lines[0],), "similar", "only similar") if alike_lines else None

    def _doubt_about_id(self, source_id: int, name: str) -> str | None:
        """Ids are taken at their word; but where one source took over the id of another, its name tells."""
        if not name:
            return "the snapshot gives it no name"
        conference = self.by_id[source_id].conference
        exact = self.by_name.get(name)
        if exact is not None and (exact.kind not in _NAMES or exact.conference != conference):
            return f"its name is listed as {exact.kind} of {exact.conference}"
        if conference not in {line.conference for line in self._alike(name)}:
            return "its name does not resemble the conference's"
        return None

    def _alike(self, name: str) -> Iterator[Listed]:
        """Names and aliases that resemble a name, the most alike first, then in the order of the list."""
        thresholds = {"similar_words": self.similar_words, "similar_letters": self.similar_letters}
        rated = [
            (likeness(name, other, **thresholds), line) for other, line in self.by_name.items() if line.kind in _NAMES
        ]
        # Of two that occur in the name whole, the longer says more about it.
        ranked = sorted(rated, key=lambda pair: (-pair[0], -len(pair[1].value)))
        return (line for alike, line in ranked if alike > 0)


def _judged(seen: pa.Table, judge: _Judge) -> pa.Table:
    """The rows of the table, from sources by year of their works."""
    sources: dict[int, dict[str, Any]] = {}
    for row in seen.to_pylist():
        source = sources.setdefault(row["source_id"], {"name": None, "source_type": None, "years": {}})
        source |= {name: row[name] for name in ("name", "source_type") if row[name] is not None}
        if row["pub_year"] is not None:
            source["years"][row["pub_year"]] = row["n_works"]
    rows = [
        _row(source_id, source, match)
        for source_id, source in sources.items()
        if (match := judge.match(source_id, plain(source["name"] or ""), has_works=bool(source["years"])))
    ]
    return as_table(rows, CONFERENCE_SOURCES)


def _row(source_id: int, source: Mapping[str, Any], match: _Match) -> dict[str, Any]:
    line = match.lines[0]
    is_counted = match.matched_by in ("source_id", *_NAMES, "pattern")
    n_works = sum(source["years"].values())
    n_counted = sum(n for year, n in source["years"].items() if is_counted and is_of_years(year, line))
    doubts = [match.doubt, "works of other years than listed" if is_counted and n_counted < n_works else None]
    return {
        "source_id": source_id,
        "name": source["name"],
        "source_type": source["source_type"],
        "conference": "+".join(dict.fromkeys(found.conference for found in match.lines)),
        "matched_by": match.matched_by,
        "rule": " | ".join(found.value for found in match.lines),
        "is_counted": is_counted,
        "first_year": line.first_year,
        "last_year": line.last_year,
        "n_works": n_works,
        "n_counted": n_counted,
        "doubt": "; ".join(doubt for doubt in doubts if doubt) or None,
    }


def is_of_years(year: int, line: Listed) -> bool:
    """Whether a line of the list holds for works of a year."""
    return (line.first_year is None or line.first_year <= year) and (line.last_year is None or year <= line.last_year)
