"""Which counts are left out, and that nobody gets them back from what is told."""

from collections import defaultdict
from itertools import product

import pytest

from scholarflow.ancestry.small_cells import hidden


@pytest.mark.parametrize(
    ("counts", "left_out"),
    [
        ({"a": 10, "b": 25, "c": 400}, ""),
        ({"a": 3, "b": 4, "c": 400}, "ab"),
        ({"a": 0, "b": 4, "c": 400}, "ab"),  # nobody says that there is somebody in b
        ({"a": 0, "b": 0, "c": 400}, ""),  # the total says it anyway
        ({"a": 9, "b": 12, "c": 400}, "ab"),  # 9 alone were 421 − 12 − 400
        ({"a": 9, "b": 12, "c": 12, "d": 400}, "abc"),
        ({"a": 9, "b": 9, "c": 400}, "abc"),  # 18 is the most that two small cells can be: 9 and 9
        ({"a": 9, "b": 8, "c": 400}, "ab"),
        ({"a": 1, "b": 2}, "ab"),
        ({"a": 0, "b": 0}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_worked_examples(counts: dict[str, int], left_out: str) -> None:
    assert hidden(counts, min_cell=10) == set(left_out)


@pytest.mark.parametrize("n_cells", [2, 3, 4])
def test_who_knows_the_rule_and_the_total_learns_no_hidden_count(n_cells: int) -> None:
    """All counts that a reader cannot tell apart, by trying all counts: in them no hidden cell has one value.

    But where every cell is as large as a small one can be, and there is none left to hide beside them.
    """
    min_cell, most = 3, {2: 14, 3: 12, 4: 9}[n_cells]
    names = "abcd"[:n_cells]
    worlds = defaultdict(list)
    for values in product(range(most + 1), repeat=n_cells):
        counts = dict(zip(names, values, strict=True))
        left_out = hidden(counts, min_cell=min_cell)
        told = tuple(None if name in left_out else n for name, n in counts.items())
        worlds[sum(values), told].append(values)
    for (total, told), alike in worlds.items():
        if total <= most and set(alike) != {(min_cell - 1,) * n_cells}:
            for cell in range(n_cells):
                assert told[cell] is not None or len({values[cell] for values in alike}) > 1, (total, told, alike)


def test_small_counts_are_never_told_beside_others_than_zeros() -> None:
    for values in product(range(7), repeat=3):
        counts = dict(zip("abc", values, strict=True))
        left_out = hidden(counts, min_cell=4)
        assert all(n == 0 or n >= 4 for cell, n in counts.items() if cell not in left_out)
