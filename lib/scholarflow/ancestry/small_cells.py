"""Which counts must not be told, because so few people stand behind them."""

from collections.abc import Mapping


def hidden(counts: Mapping[str, int], *, min_cell: int) -> set[str]:
    """The cells of one total to leave out: those below `min_cell`, and what would give them away beside the total.

    Zeros are hidden with small counts, so that nobody is said to be there; where all small cells are zeros the total
    tells them anyway, and none is hidden. A small cell alone is its total less the others, and cells whose sum is as
    large as small ones can be are all of that size: then the next smallest are hidden too, equal ones together, so
    that the rule knows no cell by its name.
    """
    small = {cell for cell, n in counts.items() if n < min_cell}
    n_small = sum(counts[cell] for cell in small)
    if not n_small:
        return set()
    if len(small) == 1 or n_small == len(small) * (min_cell - 1):
        larger = [n for cell, n in counts.items() if cell not in small]
        small |= {cell for cell, n in counts.items() if larger and n == min(larger)}
    return small
