"""How well two seeds of the published null agree, and with the exact one: `python -m bench.novelty ROOT STUDY`.

Reads `field_references`; ranks works by context novelty under the exact null and under shuffles from two seeds, and
prints Spearman correlations over all works with a score in both, and as a mean of those within citing years.
"""

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from deltalake import DeltaTable
from scipy.stats import spearmanr

from scholarflow.arrow import tables_by_year
from scholarflow.novelty.context_scores import scores_of_year
from scholarflow.novelty.venue_pairs import pairs_of_year
from scholarflow.tables.novelty import FIELD_REFERENCES

_SHUFFLES = (10, 50, 200)


def novelty(references: pa.Table, **null: Any) -> tuple[dict[int, tuple[int, float]], float]:
    """Year and context novelty by work, and the seconds that took."""
    started, found = time.monotonic(), {}
    for year, rows in tables_by_year(references):
        pairs = pairs_of_year(year, rows, **null)
        since = pa.array(np.zeros(pairs.num_rows), pa.int32())
        known = pairs.append_column("since", since).filter(pairs["z"].is_valid())
        for row in scores_of_year(rows, known, settled_year=0).select(["work_id", "context_novelty"]).to_pylist():
            found[row["work_id"]] = year, row["context_novelty"]
    return found, time.monotonic() - started


def agreement(one: dict[int, tuple[int, float]], other: dict[int, tuple[int, float]]) -> str:
    """Rank correlation over all works, and within years weighted by their works, of years with ten or more."""
    both = sorted(one.keys() & other.keys())
    years, a = np.array([one[work] for work in both]).T
    b = np.array([other[work][1] for work in both])
    within = [
        (here.sum(), spearmanr(a[here], b[here])[0])
        for year in np.unique(years)
        if (here := years == year).sum() >= 10 and np.ptp(a[here]) and np.ptp(b[here])
    ]
    mean = np.average([r for _, r in within], weights=[n for n, _ in within])
    return f"{spearmanr(a, b)[0]:.3f} ({mean:.3f})"


def main(root: Path, study: str) -> None:
    table = DeltaTable(root / "studies" / study / "field_references")
    references = table.to_pyarrow_table(columns=FIELD_REFERENCES.column_names)
    exact, seconds = novelty(references, null="exact", seed=0, shuffles=0)
    print(f"{references.num_rows:,} references, {len(exact):,} works with a score; exact: {seconds:.1f} s")
    print("shuffles  two seeds  exact and one seed   seconds   (in brackets: within years)")
    for n in _SHUFFLES:
        (one, seconds), (two, _) = (novelty(references, null="shuffles", seed=seed, shuffles=n) for seed in (1, 2))
        print(f"{n:8}  {agreement(one, two)}  {agreement(exact, one)}  {seconds:.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
