"""What pySciSci makes of the same snapshot: the part of the tables that it has functions for.

    python -m venv build/pyscisci
    build/pyscisci/bin/pip install pyscisci==0.92 "pandas<3" pyarrow networkx distributed matplotlib
    build/pyscisci/bin/python bench/pyscisci_part.py ingest --input SNAPSHOT --out DIR
    build/pyscisci/bin/python bench/pyscisci_part.py derive --out DIR

pySciSci (https://github.com/SciSciCollective/pyscisci) is what scientometricians use today; it holds whole data frames
in memory. It imports networkx, distributed and matplotlib without requiring them. Its reader of OpenAlex expects the
layout before 2026, `data/<entity>/`, which a link to `data/jsonl` gives; the records themselves it reads. It keeps
every record as it stands: no newest one, nothing for deleted works, paratext or xpac; of the fields only concepts.

Each table has the columns it can fill, named as those of the contract, in DIR/<table>.parquet:

- field_works: work_id, pub_year
- scientists: all but is_simultaneous
- author_country_years: n_works, without the primary country
- citation_windows: c2, c3, c5, c10, without foreign citations and hits
- coauthor_edges: all
- collaboration_edges: n_works, without fractions and affinity
"""

import argparse
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyscisci.all as pyscisci
import scipy.sparse as sparse
from stage_lines import stage

BASE_CONFIG = Path(__file__).parents[1] / "conf" / "base.toml"
WINDOWS = (2, 3, 5, 10)


def main() -> None:
    arguments = _arguments()
    if arguments.command == "ingest":
        ingest(arguments.input, arguments.out)
    else:
        derive(arguments.out, tomllib.loads(arguments.config.read_text(encoding="utf-8")))


def ingest(snapshot: Path, out: Path) -> None:
    """Its preprocessing: part files to data frames as gzipped CSV, one per part file."""
    out.mkdir(parents=True)
    (out / "data").symlink_to((snapshot / "data" / "jsonl").resolve())
    database = _database(out)
    with stage("read works"):
        # Not by preprocess(): asked for concepts it looks for the entity `fields`, which snapshots since 2026 lack.
        parts = ["publications", "references", "publicationauthoraffiliation", "concepts"]
        database.parse_publications(preprocess=True, dataframe_list=parts, show_progress=False)
    with stage("institutions"):
        database.parse_affiliations(preprocess=True, show_progress=False)
    with stage("sources"):
        database.parse_sources(preprocess=True, show_progress=False)
    with stage("authors"):
        database.parse_authors(preprocess=True, process_name=False, show_progress=False)
    with stage("fields"):
        database.parse_concepts(preprocess=True, show_progress=False)


@dataclass(frozen=True)
class Loaded:
    """What several tables need: the years of works, authorships with year and country, the field works."""

    database: Any
    pub2year: pd.Series
    authorships: pd.DataFrame
    field_works: pd.DataFrame
    first_year: int
    last_year: int

    def of_period(self) -> pd.DataFrame:
        """Authorships of the field works of the period."""
        rows = self.authorships
        in_period = pyscisci.isin_range(rows["Year"].to_numpy(), self.first_year, self.last_year)
        ids = np.sort(self.field_works["PublicationId"].to_numpy())
        in_field = pyscisci.isin_sorted(rows["PublicationId"].to_numpy(), ids)
        found: pd.DataFrame = rows[in_period & in_field]
        return found


def derive(out: Path, config: Mapping[str, Any]) -> None:
    """The tables that it has functions for, or that its published examples make."""
    study = config["study"]
    if study["scheme"] != "concept":
        raise SystemExit("pySciSci reads concepts only: study.scheme must be concept")
    database = _database(out)
    with stage("load") as facts:
        # Not by its pub2year, nor by compute_impact() on it: it looks for pub2year.json.gz, its own reader writes CSV.
        years = database.load_publications(columns=["PublicationId", "Year"], show_progress=False)
        pub2year = years.set_index("PublicationId")["Year"]
        authorships = _authorships(database, pub2year)
        facts["rows"] = len(authorships)
    with written("field_works", out) as table:
        fields = database.load_pub2field(filter_dict={"FieldId": np.sort(study["fields"])})
        members = fields[fields["Score"] >= study["min_score"]["openalex"]][["PublicationId"]].drop_duplicates()
        members["Year"] = members["PublicationId"].map(pub2year)
        table["rows"] = members.rename(columns={"PublicationId": "work_id", "Year": "pub_year"})
    loaded = Loaded(database, pub2year, authorships, members, study["first_year"], study["last_year"])
    with written("scientists", out) as table:
        table["rows"] = scientists(loaded, **{k: config["scientists"][k] for k in ("min_works", "min_field_share")})
    with written("author_country_years", out) as table:
        table["rows"] = author_country_years(loaded)
    with written("citation_windows", out) as table:
        table["rows"] = citation_windows(loaded)
    with written("collaboration_edges", out) as table:
        table["rows"] = collaboration_edges(loaded)
    with written("coauthor_edges", out) as table:
        table["rows"] = coauthor_edges(loaded, max_team=config["collaboration"]["max_team"])


def _authorships(database: Any, pub2year: pd.Series) -> pd.DataFrame:
    columns = ["PublicationId", "AuthorId", "AffiliationId", "AuthorSequence"]
    rows: pd.DataFrame = database.load_publicationauthoraffiliation(columns=columns)
    countries = database.load_affiliations(columns=["AffiliationId", "Country"])
    rows = rows.merge(countries, how="left", on="AffiliationId")
    rows["Year"] = rows["PublicationId"].map(pub2year)
    return rows


def scientists(loaded: Loaded, *, min_works: int, min_field_share: float) -> pd.DataFrame:
    """author_id, n_works, n_field_works, first_pub_year, last_pub_year."""
    rows = loaded.authorships
    ids = np.sort(loaded.field_works["PublicationId"].to_numpy())
    in_field = rows[pyscisci.isin_sorted(rows["PublicationId"].to_numpy(), ids)]
    career = pyscisci.author_productivity(rows)
    field_career = pyscisci.author_productivity(in_field).rename(columns={"Productivity": "FieldProductivity"})
    career = career.merge(field_career, how="inner", on="AuthorId")
    career = career.merge(pyscisci.author_startyear(rows), how="left", on="AuthorId")
    career = career.merge(pyscisci.author_endyear(rows), how="left", on="AuthorId")
    is_scientist = (career["Productivity"] >= min_works) & (
        career["FieldProductivity"] > min_field_share * career["Productivity"]
    )
    columns = {
        "AuthorId": "author_id",
        "Productivity": "n_works",
        "FieldProductivity": "n_field_works",
        "StartYear": "first_pub_year",
        "EndYear": "last_pub_year",
    }
    found: pd.DataFrame = career.loc[is_scientist, list(columns)].rename(columns=columns)
    return found


def author_country_years(loaded: Loaded) -> pd.DataFrame:
    """author_id, pub_year, country_code, n_works."""
    columns = {"AuthorId": "author_id", "Year": "pub_year", "Country": "country_code", "PublicationIdCount": "n_works"}
    rows = loaded.authorships.dropna(subset=["AuthorId", "Country"])
    counts: pd.DataFrame = pyscisci.groupby_count(rows, ["AuthorId", "Year", "Country"], "PublicationId")
    return counts.rename(columns=columns)


def citation_windows(loaded: Loaded) -> pd.DataFrame:
    """work_id, pub_year and cN of every field work, zeros included: the steps of its example of a career's impact."""
    cited = loaded.field_works
    references = loaded.database.load_references(filter_dict={"CitedPublicationId": cited["PublicationId"].to_numpy()})
    references["CitingYear"] = references["CitingPublicationId"].map(loaded.pub2year)
    references["CitedYear"] = references["CitedPublicationId"].map(loaded.pub2year)
    references = references[references["CitingYear"] >= references["CitedYear"]]
    windows = cited.rename(columns={"PublicationId": "CitedPublicationId"})
    for years in WINDOWS:
        within = references[references["CitingYear"] <= references["CitedYear"] + years]
        counts = pyscisci.groupby_count(within, "CitedPublicationId", "CitingPublicationId")
        counts = counts.rename(columns={"CitingPublicationIdCount": f"c{years}"})
        windows = windows.merge(counts, how="left", on="CitedPublicationId")
    windows = windows.fillna({f"c{years}": 0 for years in WINDOWS}).astype({f"c{years}": int for years in WINDOWS})
    return windows.rename(columns={"CitedPublicationId": "work_id", "Year": "pub_year"})


def collaboration_edges(loaded: Loaded) -> pd.DataFrame:
    """pub_year, country_a, country_b, n_works: countries projected from works, as in its example of global citation."""
    rows = loaded.of_period().dropna(subset=["Country"])[["PublicationId", "Country", "Year"]].drop_duplicates()
    codes = np.sort(rows["Country"].unique())
    rows["Country"], rows["Publication"] = (
        np.searchsorted(codes, rows["Country"]),
        pd.factorize(rows["PublicationId"])[0],
    )
    shape = (len(codes), int(rows["Publication"].max()) + 1)
    by_year = {}
    for year, of_year in rows.groupby("Year"):
        bipartite = pyscisci.dataframe2bipartite(of_year, "Country", "Publication", shape)
        by_year[year] = pyscisci.project_bipartite_mat(bipartite, project_to="row")
    edges = _edges(by_year)
    return pd.DataFrame(
        {
            "pub_year": edges["Year"],
            "country_a": codes[edges["a"]],
            "country_b": codes[edges["b"]],
            "n_works": edges["n_works"],
        }
    )


def coauthor_edges(loaded: Loaded, *, max_team: int) -> pd.DataFrame:
    """author_a, author_b, first_year, last_year, n_works, from its network of each year."""
    rows = loaded.of_period()
    team = rows.groupby("PublicationId")["AuthorSequence"].transform("max")
    by_year, author2int = pyscisci.coauthorship_network(rows[team <= max_team], temporal=True)
    authors = np.array(sorted(author2int, key=author2int.__getitem__)).astype(np.int64)
    edges = _edges(by_year).groupby(["a", "b"], sort=False)
    summed = edges.agg(first_year=("Year", "min"), last_year=("Year", "max"), n_works=("n_works", "sum")).reset_index()
    summed.insert(0, "author_a", authors[summed.pop("a")])
    summed.insert(1, "author_b", authors[summed.pop("b")])
    return summed


def _edges(by_year: Mapping[Any, Any]) -> pd.DataFrame:
    """Year, a < b, n_works of symmetric matrices of each year."""
    upper = {year: sparse.triu(matrix, k=1).tocoo() for year, matrix in by_year.items()}
    frames = [pd.DataFrame({"Year": y, "a": m.row, "b": m.col, "n_works": m.data}) for y, m in upper.items()]
    return pd.concat(frames, ignore_index=True)


def _database(path: Path) -> Any:
    return pyscisci.OpenAlex(str(path), database_extension="csv.gz", keep_in_memory=False, show_progress=False)


@contextmanager
def written(name: str, out: Path) -> Iterator[dict[str, pd.DataFrame]]:
    """A stage whose data frame, given as `rows`, is written as Parquet."""
    with stage(name) as facts:
        table: dict[str, pd.DataFrame] = {}
        yield table
        table["rows"].to_parquet(out / f"{name}.parquet", compression="zstd", index=False)
        facts["rows"] = len(table["rows"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("ingest").add_argument("--input", type=Path, required=True, help="an OpenAlex snapshot")
    commands.add_parser("derive").add_argument("--config", type=Path, default=BASE_CONFIG, help="whole, as base.toml")
    for command in commands.choices.values():
        command.add_argument("--out", type=Path, required=True, help="folder of its data frames and the tables")
    return parser.parse_args()


if __name__ == "__main__":
    main()
