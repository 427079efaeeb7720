"""What is to be read beside a figure, in sentences."""

from collections.abc import Iterable, Sequence

from scholarflow.report.reading import Results, the

AT_PUBLICATION = "A move shows at publication, not at relocation; merged or split author identities make false ones."
TEAM_SIZE = "Team size is itself a result of collaborating; matching on it answers for works of one size."
MATCHED = "Matched on year, career age, output and citations; what else sets movers apart is not."


def signed(value: float, format: str) -> str:
    """A number with a true minus."""
    return f"{value:{format}}".replace("-", "−")


def counted(n: int, what: str) -> str:
    """A number of things: `1 work`, `2 works`."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def open_windows(years: Sequence[int]) -> str:
    """What hollow points and dashed lines mean."""
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return (
        f"Hollow and dashed: {span}, whose citation window the snapshot cuts off; not to be compared with the others."
    )


def partial_years(years: Iterable[int], last_full_year: int) -> list[str]:
    """Which years the snapshot does not hold whole."""
    after = sorted({year for year in years if year > last_full_year})
    if not after:
        return []
    span = str(after[0]) if len(after) == 1 else f"{after[0]}–{after[-1]}"
    return [f"Hollow and dashed: {span}, of which the snapshot holds only a part."]


def too_few(what: str) -> str:
    """Why intervals are not given."""
    return f"No intervals: too few {what} to tell how they vary (bootstrap.min_clusters)."


def some_without(n: int, what: str) -> list[str]:
    """Why some points have no interval."""
    return [f"A point without a line: too few {what} for an interval."] if n else []


def lead_country_known(results: Results, countries: Sequence[str] = ()) -> list[str]:
    """How often a lead country is known, of all field works by year and of those that list these countries."""
    shares = [row["share_lead_country"] for row in results["coverage_years"]]
    if not shares:
        return []
    low, high = f"{100 * min(shares):.0f}", f"{100 * max(shares):.0f}"
    of_all = f"The lead country is known for {low if low == high else f'{low}–{high}'}% of the field works of a year"
    told = []
    for code in dict.fromkeys(countries):
        of_country = [row for row in results["coverage_country_years"] if row["country_code"] == code]
        n_works = sum(row["n_field_works"] for row in of_country)
        if n_works:
            known = sum(row["share_lead_country"] * row["n_field_works"] for row in of_country) / n_works
            told.append(f"{known:.0%} of those listing {the(code)}")
    return [f"{of_all}{': over all years ' if told else ''}{', '.join(told)}."]
