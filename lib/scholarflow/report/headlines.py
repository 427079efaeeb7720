"""What the tables say, in sentences."""

from collections.abc import Iterator

from scholarflow.report.caveats import signed
from scholarflow.report.flows import entries
from scholarflow.report.rankings import top_countries
from scholarflow.report.reading import Direction, Results, Row, Study, the


def headlines(results: Results, study: Study) -> list[str]:
    """One sentence each: who leads, who moves, what comes after a move, what collaborating is worth."""
    return [*_countries(results), *_moves(results, study), *_after(results, study), *_premiums(results, study)]


def _countries(results: Results) -> Iterator[str]:
    top = top_countries(results)[:3]
    if top:
        told = [f"{the(row['country_code'])} {row['n_works']:,} ({row['share_works']:.1%})" for row in top]
        yield _sentence(f"most works are led from {_and(told)}")
        by_scientists = sorted(top, key=lambda row: row["rank_scientists"])
        told = [f"{the(row['country_code'])} {row['n_scientists']:,}" for row in by_scientists]
        yield _sentence(f"scientists of the field: {_and(told)}")
    if top and results.has_citations and all(row["share_hits"] is not None for row in top):
        told = [f"{the(row['country_code'])} {row['share_hits']:.1%}" for row in top]
        yield _sentence(f"of the most cited 1% of each year, {_and(told)}")


def _moves(results: Results, study: Study) -> Iterator[str]:
    flows = entries(results)
    if flows.total():
        yield f"Scientists moved {flows.total():,} times to a country they had not published from before."
    for here in study.countries:
        to_here = {way: n for way, n in flows.items() if way[1] == here and n}
        if to_here:
            main = min(to_here, key=lambda way: (-to_here[way], way))
            yield _sentence(
                f"those who moved to {the(here)} came from {the(main[0])} most often: {to_here[main]:,} of "
                f"{sum(to_here.values()):,}"
            )


def _after(results: Results, study: Study) -> Iterator[str]:
    for way in study.directions:
        for row in _of(results, "post_move_collaboration", way, sample="staying"):
            if row["share_movers"] is not None and row["share_controls"] is not None:
                yield _sentence(
                    f"who moved from {the(way[0])} to {the(way[1])} wrote {row['share_movers']:.1%} of the works that "
                    f"followed with {the(way[0])}, matched scientists who never were there {row['share_controls']:.1%}"
                    f"{_interval(_in_points(row), 'low', 'high', ' of the difference', '+.1f', ' points')}"
                )


def _premiums(results: Results, study: Study) -> Iterator[str]:
    for way in study.directions:
        for row in results["citation_premium"]:
            if (row["lead_country"], row["partner_country"]) != way:
                continue
            if (row["variant"], row["period"]) == ("base", "complete") and row["premium_pct"] is not None:
                more = "more" if row["premium_pct"] >= 0 else "less"
                yield _sentence(
                    f"works led from {the(way[0])} with a co-author in {the(way[1])} are cited "
                    f"{abs(row['premium_pct']):.0f}% {more} than like works "
                    f"without{_interval(row, 'ci_low', 'ci_high', '', '+.0f', '%')}"
                )


def _of(results: Results, table: str, way: Direction, **columns: str) -> list[Row]:
    return [
        row
        for row in results[table]
        if (row["origin_country"], row["destination_country"]) == way
        and all(row[column] == value for column, value in columns.items())
    ]


def _in_points(row: Row) -> Row:
    """The interval of a difference of shares, in points of per cent."""
    return {
        end: None if row[f"difference_{end}"] is None else 100 * row[f"difference_{end}"] for end in ("low", "high")
    }


def _interval(row: Row, low: str, high: str, of: str, format: str, unit: str = "") -> str:
    if row[low] is None or row[high] is None:
        return " (no interval: too few to tell)"
    return f" (95% interval{of} {signed(row[low], format)} to {signed(row[high], format)}{unit})"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
