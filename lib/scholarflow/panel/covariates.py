"""Population and product of countries by year, from the user's CSV: read, checked line by line, and joined in."""

import csv
import io
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.errors import UsageError
from scholarflow.own_file import content_of, text_of

_COLUMNS = ("country_code", "year", "population", "gdp")
_FIELD, _LINE = ",", ";"


@dataclass(frozen=True)
class Covariate:
    """A line of the file; null: the cell is empty."""

    country_code: str
    year: int
    population: int | None
    gdp: float | None


def covariates_of(file: str, *, places: Collection[str]) -> list[Covariate]:
    """The lines of the CSV at a path, in order of country and year; none of an empty path.

    Errors: InputError for a file that is not there; UsageError naming file, line, column and value.
    """
    if not file:
        return []
    origin = f"panels.covariates {file}"
    return _lines(text_of(content_of(file, origin), origin), origin, places)


def _lines(text: str, origin: str, places: Collection[str]) -> list[Covariate]:
    rows = csv.reader(io.StringIO(text), strict=True)
    found: dict[tuple[str, int], Covariate] = {}
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if tuple(header) != _COLUMNS:
            raise UsageError(f"{origin}: must begin with the header {','.join(_COLUMNS)}")
        for cells in rows:
            if any(cell.strip() for cell in cells):
                where = f"{origin}, line {rows.line_num}"
                line = _line([cell.strip() for cell in cells], where, places)
                if (line.country_code, line.year) in found:
                    raise UsageError(f"{where}: country_code {line.country_code}, year {line.year} stands there before")
                found[line.country_code, line.year] = line
    except csv.Error as error:
        raise UsageError(f"{origin}, line {rows.line_num}: not CSV: {error}") from None
    if not found:
        raise UsageError(f"{origin}: has no line below its header")
    return [found[key] for key in sorted(found)]


def _line(cells: Sequence[str], where: str, places: Collection[str]) -> Covariate:
    if len(cells) != len(_COLUMNS):
        raise UsageError(f"{where}: {len(cells)} columns where {','.join(_COLUMNS)} are due")
    country, year, population, gdp = cells
    if country not in places:
        raise UsageError(f"{where}: country_code = {country!r} is no ISO 3166-1 alpha-2 code or group of this study")
    if not re.fullmatch(r"[0-9]{4}", year):
        raise UsageError(f"{where}: year = {year!r} is no year")
    if not re.fullmatch(r"[0-9]{0,12}", population) or population.strip("0") == "" != population:
        raise UsageError(f"{where}: population = {population!r} is no whole number from 1 on")
    return Covariate(country, int(year), int(population) if population else None, _amount(gdp, where))


def _amount(cell: str, where: str) -> float | None:
    if not cell:
        return None
    try:
        amount = float(cell)
    except ValueError:
        amount = math.nan
    if not (math.isfinite(amount) and amount > 0):
        raise UsageError(f"{where}: gdp = {cell!r} is no number above 0")
    return amount


def with_covariates(rows: DataFrame, covariates: Sequence[Sequence[str | int | float | None]]) -> DataFrame:
    """Adds population (bigint) and gdp (double) by country_code and pub_year; null: not given.

    `covariates` are the four values of each line; as one text they ride in the plan, some 30 bytes each.
    """
    if not covariates:
        nothing = {"population": F.lit(None).cast("bigint"), "gdp": F.lit(None).cast("double")}
        return rows.withColumns(nothing)
    lines = _LINE.join(_FIELD.join("" if cell is None else str(cell) for cell in line) for line in covariates)
    cells = F.split("line", _FIELD)
    given = (
        rows.limit(1)
        .select(F.explode(F.split(F.lit(lines), _LINE)).alias("line"))
        .select(
            cells[0].alias("country_code"),
            cells[1].cast("int").alias("pub_year"),
            F.nullif(cells[2], F.lit("")).cast("bigint").alias("population"),
            F.nullif(cells[3], F.lit("")).cast("double").alias("gdp"),
        )
    )
    return rows.join(F.broadcast(given), on=["country_code", "pub_year"], how="left")
