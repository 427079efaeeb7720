"""A slow, plain reading of snapshots, from the table contract alone: the oracle for the simulator's truth."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq

Rows = dict[str, list[tuple[Any, ...]]]


def number(url: str | None) -> int | None:
    if url is None:
        return None
    digits = url.rsplit("/", 1)[-1].lstrip("WAISCT")
    return int(digits)


def json_records(path: Path) -> Iterator[dict[str, Any] | None]:
    if path.suffix == ".parquet":
        yield from pq.read_table(path).to_pylist()
        return
    for line in gzip.decompress(path.read_bytes()).splitlines():
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            yield None


def stamp(record: dict[str, Any]) -> str:
    value = record["updated_date"]
    return value if isinstance(value, str) else value.isoformat(timespec="microseconds")


class OpenAlexReading:
    """Canonical rows of an OpenAlex snapshot."""

    def __init__(self, root: Path) -> None:
        self.root = root
        legacy = not (root / "data/jsonl").exists() and not (root / "data/parquet").exists()
        base = "data" if legacy else "data/jsonl" if (root / "data/jsonl").exists() else "data/parquet"
        self.base = root / base
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.rejects: list[tuple[str, str]] = []
        self.merged: dict[str, dict[int, int]] = defaultdict(dict)
        for path in sorted(root.glob("data/merged_ids/*/*.csv.gz")):
            with gzip.open(path, "rt") as text:
                for row in csv.DictReader(text):
                    self.merged[path.parent.name][int(row["id"][1:])] = int(row["merge_into_id"][1:])
        self.deleted: set[int] = set()
        listed = self.base / "works/deleted_ids.csv"
        if listed.exists():
            with listed.open() as text:
                self.deleted = {number(row["work_id"]) or 0 for row in csv.DictReader(text)}
        self.rows: Rows = defaultdict(list)
        self._read_works()
        self._read_entities()

    def follow(self, entity: str, value: int | None) -> int | None:
        while value in self.merged[entity]:
            value = self.merged[entity][value]
        return value

    def _files(self, entity: str) -> list[Path]:
        return sorted(path for path in (self.base / entity).glob("updated_date=*/*") if path.is_file())

    def _read_works(self) -> None:
        best: dict[int, tuple[tuple[str, str], dict[str, Any], str]] = {}
        for path in self._files("works"):
            where = str(path.relative_to(self.root))
            for record in json_records(path):
                self.counts[where]["n_read"] += 1
                reason = self._refusal(record)
                if reason:
                    self.counts[where]["n_rejected"] += 1
                    self.rejects.append((where, reason))
                    continue
                assert record is not None
                work = number(record["id"])
                assert work is not None
                key = (stamp(record), path.parent.name)
                if work in best and best[work][0] > key:
                    self.counts[where]["n_superseded"] += 1
                    continue
                if work in best:
                    self.counts[best[work][2]]["n_superseded"] += 1
                best[work] = (key, record, where)
        for work, (_, record, where) in best.items():
            rule = self._dropped(work, record)
            self.counts[where][f"dropped_{rule}" if rule else "n_kept"] += 1
            if not rule:
                self._add_work(work, record)

    @staticmethod
    def _refusal(record: dict[str, Any] | None) -> str | None:
        if record is None:
            return "malformed"
        if record["id"] is None:
            return "no_id"
        year = record["publication_year"]
        if not isinstance(year, int) or not 1000 <= year <= 2050:
            return "no_year"
        return None

    def _dropped(self, work: int, record: dict[str, Any]) -> str | None:
        if work in self.deleted:
            return "deleted"
        if work in self.merged["works"]:
            return "merged"
        if record["is_paratext"] or record["type"] == "paratext":
            return "paratext"
        return "xpac" if record.get("is_xpac") else None

    def _add_work(self, work: int, record: dict[str, Any]) -> None:
        year = record["publication_year"]
        cited = {self.follow("works", number(url)) for url in record["referenced_works"]} - {work}
        self.rows["citations"] += [(work, other, year) for other in cited]
        source = record["primary_location"]["source"]
        authors = record["authorships"]
        self.rows["works"].append(
            (
                work, year, str(record["publication_date"]), record["title"], record["type"],
                self.follow("sources", number(source and source["id"])), record["language"], len(authors),
                len(cited), record["is_retracted"],
            )
        )  # fmt: skip
        cut = len(authors) == 5_000 or record.get("is_authors_truncated", False)
        for position, entry in enumerate(authors, 1):
            self._add_authorship(work, year, position, entry, None if cut else position == len(authors))
        self._add_fields(work, record)

    def _add_authorship(self, work: int, year: int, position: int, entry: dict[str, Any], last: bool | None) -> None:
        author = number(entry["author"]["id"])
        author = None if author == 9_999_999_999 else self.follow("authors", author)
        listed = {
            (self.follow("institutions", number(place["id"])), place["country_code"])
            for place in entry["institutions"]
            if not place["id"].endswith("/I-1")
        }
        for place, country in listed or {(None, code) for code in entry["countries"]} or {(None, None)}:
            self.rows["authorships"].append(
                (work, position, author, place, country, year, position == 1, last, entry["is_corresponding"])
            )

    def _add_fields(self, work: int, record: dict[str, Any]) -> None:
        scores: dict[tuple[str, int | None, str | None], float] = {}

        def add(scheme: str, field: int | None, score: float, key: str | None = None) -> None:
            scores[scheme, field, key] = max(score, scores.get((scheme, field, key), -1.0))

        for concept in record["concepts"]:
            add("concept", number(concept["id"]), concept["score"])
        for topic in record["topics"] or ([record["primary_topic"]] if record["primary_topic"] else []):
            add("topic", number(topic["id"]), topic["score"])
            for scheme in ("subfield", "field", "domain"):
                add(scheme, number(topic[scheme]["id"]), topic["score"])
        for word in record["keywords"]:
            add("keyword", None, word["score"], word["id"].rsplit("/", 1)[-1])
        self.rows["work_fields"] += [(work, *key[:2], score, key[2]) for key, score in scores.items()]

    def _read_entities(self) -> None:
        for entity in ("authors", "institutions", "sources", "concepts", "topics"):
            for path in self._files(entity):
                where = str(path.relative_to(self.root))
                for record in json_records(path):
                    assert record is not None
                    self.counts[where]["n_read"] += 1
                    identity = number(record["id"])
                    gone = identity in self.merged[entity]
                    self.counts[where]["dropped_merged" if gone else "n_kept"] += 1
                    if not gone:
                        self._add_entity(entity, identity, record)

    def _add_entity(self, entity: str, identity: int | None, record: dict[str, Any]) -> None:
        name = record["display_name"]
        if entity == "authors":
            self.rows["authors"].append((identity, name))
        elif entity == "institutions":
            self.rows["institutions"].append((identity, name, record["country_code"], record["ror"], record["type"]))
        elif entity == "sources":
            self.rows["sources"].append((identity, name, record["type"]))
        elif entity == "concepts":
            self.rows["fields"].append(("concept", identity, name, record["level"]))
        else:
            found = [("topic", identity, name, None)]
            found += [
                (s, number(record[s]["id"]), record[s]["display_name"], None) for s in ("subfield", "field", "domain")
            ]
            self.rows["fields"] += [row for row in found if row not in self.rows["fields"]]


class MagReading:
    """Canonical rows of a MAG dump."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.rejects: list[tuple[str, str]] = []
        self.rows: Rows = defaultdict(list)
        places = {row[0]: row for row in self._table("mag/Affiliations.txt", 14)}
        self.rows["institutions"] = [(int(k), row[3], row[10] or None, None, None) for k, row in places.items()]
        self.countries = {key: row[10] or None for key, row in places.items()}
        self.rows["authors"] = [(int(row[0]), row[3]) for row in self._table("mag/Authors.txt", 9)]
        for path, width, kind in (
            ("mag/Journals.txt", 11, "journal"),
            ("mag/ConferenceSeries.txt", 8, "conference"),
        ):
            self.rows["sources"] += [(int(row[0]), row[3], kind) for row in self._table(path, width)]
        self.rows["fields"] = [
            ("concept", int(row[0]), row[3], int(row[5])) for row in self._table("advanced/FieldsOfStudy.txt", 10)
        ]
        self._read_papers()

    def _table(self, name: str, width: int) -> list[list[str]]:
        path = self.root / name if (self.root / name).exists() else self.root / f"{name}.gz"
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        where = str(path.relative_to(self.root))
        rows = []
        for line in data.decode().split("\n")[:-1]:
            self.counts[where]["n_read"] += 1
            cells = [cell.replace("\r", "").replace("\x00", "") for cell in line.split("\t")]
            if len(cells) > width:
                self.counts[where]["n_rejected"] += 1
                self.rejects.append((where, "bad_columns"))
            else:
                rows.append(cells + [""] * (width - len(cells)))
        return rows

    def _read_papers(self) -> None:
        papers = self._table("mag/Papers.txt", 26)
        where = next(path for path in self.counts if "Papers" in path)
        signed: dict[str, list[list[str]]] = defaultdict(list)
        for row in self._table("mag/PaperAuthorAffiliations.txt", 6):
            signed[row[0]].append(row)
        cited: dict[str, set[str]] = defaultdict(set)
        for work, other in self._table("mag/PaperReferences.txt", 2):
            cited[work].add(other)
        about: dict[str, dict[str, float]] = defaultdict(dict)
        for work, field, score in self._table("advanced/PaperFieldsOfStudy.txt", 3):
            about[work][field] = max(float(score), about[work].get(field, 0.0))
        for cells in papers:
            year = int(cells[7]) if cells[7].isdigit() else 0
            if not cells[0] or not 1000 <= year <= 2050:
                self.counts[where]["n_rejected"] += 1
                self.rejects.append((where, "no_year" if cells[0] else "no_id"))
            elif cells[3] in {"Patent", "Dataset"}:
                self.counts[where][f"dropped_{cells[3].lower()}"] += 1
            else:
                self.counts[where]["n_kept"] += 1
                self._add_paper(cells, year, signed[cells[0]], cited[cells[0]] - {cells[0]}, about[cells[0]])

    def _add_paper(
        self, cells: list[str], year: int, signed: list[list[str]], cited: set[str], about: dict[str, float]
    ) -> None:
        work = int(cells[0])
        authors = {(row[3], row[1]) for row in signed}
        self.rows["works"].append(
            (
                work, year, cells[8], cells[5] or cells[4], cells[3] or None,
                int(cells[11] or cells[12] or 0) or None, None, len(authors), len(cited),
                cells[24] == "Retracted Publication",
            )
        )  # fmt: skip
        self.rows["citations"] += [(work, int(other), year) for other in cited]
        self.rows["work_fields"] += [(work, "concept", int(field), score, None) for field, score in about.items()]
        top = max((int(row[3]) for row in signed), default=0)
        self.rows["authorships"] += {
            (
                work, int(row[3]), int(row[1]), int(row[2]) if row[2] else None,
                self.countries.get(row[2]), year, row[3] == "1",
                None if len(authors) == 5_000 else int(row[3]) == top, None,
            )
            for row in signed
        }  # fmt: skip


def true_rows(root: Path, table: str) -> list[tuple[Any, ...]]:
    """A truth table as sorted tuples; dates as text."""
    rows = pq.read_table(root / "truth" / f"{table}.parquet").to_pylist()
    plain = [tuple(str(v) if k == "pub_date" else v for k, v in row.items()) for row in rows]
    if table == "work_fields":
        plain = [(w, s, None if s == "keyword" else f, score, key) for w, s, f, score, key in plain]
    return in_order(plain)


def in_order(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: tuple((value is None, str(value)) for value in row))
