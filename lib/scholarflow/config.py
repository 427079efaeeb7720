"""Parameters: `conf/base.toml`, overridden by files that name only what they change, and by single settings."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, StringConstraints, ValidationError, model_validator

from scholarflow.config_novelty import MOST, Long, MinScore, Novelty, Year
from scholarflow.config_novelty import Section as _Section
from scholarflow.countries import COUNTRIES
from scholarflow.errors import InputError, UsageError, nearest

#: A country, or a group of countries that a study names.
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]
Source = Literal["openalex", "mag"]
#: What `tomllib` raises: for what is no TOML, no UTF-8, a number of thousands of digits, a list of endless depth.
_NOT_TOML = (ValueError, RecursionError)


class CountryGroup(_Section):
    name: Country
    countries: Annotated[list[Country], Field(min_length=1)]


class Study(_Section):
    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]
    scheme: Literal["concept", "topic", "subfield", "field", "domain", "keyword"]
    fields: Annotated[list[Long], Field(min_length=1)]
    min_score: MinScore
    first_year: Year
    last_year: Year
    pairs: Annotated[list[Annotated[list[Country], Field(min_length=2, max_length=2)]], Field(min_length=1)]
    comparison_fields: list[Annotated[list[Long], Field(min_length=1)]]
    wide_fields: list[Long]
    country_groups: list[CountryGroup]

    @property
    def places(self) -> set[str]:
        """The countries and groups that works of this study can come from."""
        grouped = {country for group in self.country_groups for country in group.countries}
        return (COUNTRIES.keys() - grouped) | {group.name for group in self.country_groups}

    @model_validator(mode="after")
    def _period_has_years(self) -> "Study":
        if self.first_year > self.last_year:
            raise ValueError(f"the period is empty: first_year {self.first_year} > last_year {self.last_year}")
        members = [country for group in self.country_groups for country in group.countries]
        if no_country := [code for code in members if code not in COUNTRIES]:
            raise ValueError(f"country_groups: {no_country[0]} is no ISO 3166-1 alpha-2 code")
        if twice := [code for code in members if members.count(code) > 1]:
            raise ValueError(f"country_groups: {twice[0]} stands there twice")
        if taken := [g.name for g in self.country_groups if g.name in COUNTRIES and g.name not in g.countries]:
            raise ValueError(f"country_groups: {taken[0]} is a country outside the group of that name")
        if unknown := [code for pair in self.pairs for code in pair if code not in self.places]:
            why = "belongs to a group" if unknown[0] in members else "is no ISO 3166-1 alpha-2 code"
            raise ValueError(f"pairs: {unknown[0]} {why}")
        if same := [pair for pair in self.pairs if pair[0] == pair[1]]:
            raise ValueError(f"pairs: {same[0]} is one country twice")
        return self


class Snapshot(_Section):
    last_full_year: Year


class Lead(_Section):
    rule: Literal["last", "first", "corresponding", "any"]


class Scientists(_Section):
    min_works: Annotated[int, Field(ge=1, le=MOST)]
    min_field_share: Annotated[float, Field(ge=0, lt=1)]
    as_of: Year


class Hits(_Section):
    ties: Literal["fractional", "inclusive", "strict"]


class Collaboration(_Section):
    max_team: Annotated[int, Field(ge=2, le=MOST)]


class TopInstitutions(_Section):
    n: Annotated[int, Field(ge=1, le=MOST)]


class Span(_Section):
    name: Annotated[str, StringConstraints(pattern=r"^[^\s:]+$")]
    first_year: Year
    last_year: Year


class Comparison(_Section):
    partners: list[Country]
    n_partners: Annotated[int, Field(ge=0, le=MOST)]
    periods: list[Span]
    largest_team: Annotated[int, Field(ge=1, le=MOST)]
    years_apart: Annotated[int, Field(ge=0, le=MOST)]

    @model_validator(mode="after")
    def _periods_have_years_and_names(self) -> "Comparison":
        for span in self.periods:
            if span.first_year > span.last_year:
                raise ValueError(f"periods: {span.name} is empty: {span.first_year} > {span.last_year}")
            if span.name in ("all", "complete") or span.name.isdigit():
                raise ValueError(f"periods: {span.name} is the name of another period")
        names = [span.name for span in self.periods]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"periods: {twice[0]} stands there twice")
        return self


class Conferences(_Section):
    file: str
    similar_words: Annotated[float, Field(gt=0, le=1)]
    similar_letters: Annotated[float, Field(gt=0, le=1)]


def _bins(how: object) -> object:
    if how == "exact" or (type(how) is int and 2 <= how <= MOST):
        return how
    points = how if isinstance(how, list) else []
    if points and all(type(point) is int and abs(point) <= MOST for point in points) and points == sorted(set(points)):
        return how
    raise ValueError('must be "exact", a number of quantiles from 2 on, or cut points: ascending whole numbers')


#: How a number is coarsened: not at all, into so many quantiles, or by cut points, each the first value of its bin.
Bins = Annotated[str | int | list[int], PlainValidator(_bins)]


class Covariates(_Section):
    career_age: Bins
    n_works: Bins
    cum_citations: Bins


class AfterMove(_Section):
    strata: Covariates
    imbalance: Covariates
    leads: Annotated[int, Field(ge=1, le=MOST)]
    lags: Annotated[int, Field(ge=0, le=MOST)]
    reference_year: Annotated[int, Field(lt=0)]

    @model_validator(mode="after")
    def _reference_is_a_lead(self) -> "AfterMove":
        if self.reference_year < -self.leads:
            raise ValueError(f"reference_year {self.reference_year} lies before the first of {self.leads} leads")
        return self


class Bootstrap(_Section):
    seed: Long
    replicates: Annotated[int, Field(ge=1, le=MOST)]
    min_clusters: Annotated[int, Field(ge=2, le=MOST)]


class AncestryGroup(_Section):
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    classes: Annotated[list[str], Field(min_length=1)]


class Ancestry(_Section):
    classifier: str
    groups: list[AncestryGroup]
    min_cell: Annotated[int, Field(ge=3, le=MOST)]

    @model_validator(mode="after")
    def _a_class_has_one_group(self) -> "Ancestry":
        names = [group.name for group in self.groups]
        classes = [class_ for group in self.groups for class_ in group.classes]
        if twice := [name for given in (names, classes) for name in given if given.count(name) > 1]:
            raise ValueError(f"groups: {twice[0]} stands there twice")
        if "unknown" in names or "unknown" in classes:
            raise ValueError("groups: unknown is what no group has")
        return self


class Panels(_Section):
    covariates: str


class Ingest(_Section):
    first_year: Year
    last_year: Year
    keep_xpac: bool
    dropped_document_types: list[str]
    families_once: bool
    affiliation_countries: str

    @model_validator(mode="after")
    def _some_year_is_a_year(self) -> "Ingest":
        if self.first_year > self.last_year:
            raise ValueError(f"no year is a year: first_year {self.first_year} > last_year {self.last_year}")
        return self


class Config(_Section):
    """All parameters; the sections and keys of `conf/base.toml`."""

    study: Study
    snapshot: Snapshot
    lead: Lead
    scientists: Scientists
    hits: Hits
    collaboration: Collaboration
    top_institutions: TopInstitutions
    comparison: Comparison
    conferences: Conferences
    after_move: AfterMove
    ancestry: Ancestry
    bootstrap: Bootstrap
    novelty: Novelty
    panels: Panels
    ingest: Ingest

    @model_validator(mode="after")
    def _partners_are_places(self) -> "Config":
        if unknown := [code for code in self.comparison.partners if code not in self.study.places]:
            raise ValueError(f"comparison: partners: {unknown[0]} is no country or group of this study")
        return self


def load(paths: Sequence[Path] = (), settings: Sequence[str] = ()) -> Config:
    """The configuration: base, then each file, then each `section.key=value`.

    Errors: UsageError naming file, key and value at fault; InputError for a file that is not there.
    """
    merged = tomllib.loads((conf_folder() / "base.toml").read_text(encoding="utf-8"))
    base = json.loads(json.dumps(merged))
    for path in paths:
        _merge(merged, _read(path), base, origin=f"--config {path}")
    for setting in settings:
        _merge(merged, _parse_setting(setting), base, origin=f"--set {_key(setting)}")
    origin = ", ".join([*(str(path) for path in paths), *settings]) or "conf/base.toml"
    try:
        return Config.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        value = "" if isinstance(first["input"], dict) else f" = {json.dumps(first['input'], default=str)}"
        reason = first["msg"].removeprefix("Value error, ")
        where = f"{key}{value}: " if key else ""
        raise UsageError(f"{origin}: {where}{reason}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        raise InputError(f"--config {path}: {'no such file' if missing else error.strerror}") from None
    except _NOT_TOML as error:
        raise UsageError(f"--config {path}: not TOML: {error}") from None


def _key(setting: str) -> str:
    """What a message calls a setting: the value of a key that is not known may be somebody's secret."""
    key, equals, _ = setting.partition("=")
    return f"{key}=…" if equals else key


def _parse_setting(setting: str) -> dict[str, Any]:
    key, equals, value = setting.partition("=")
    sections = key.strip().split(".")
    if not equals or not all(sections):
        raise UsageError(f"--set {_key(setting)}: must be section.key=value")
    try:
        parsed: Any = tomllib.loads(f"value = {value}")["value"]
    except _NOT_TOML:
        parsed = value.strip()  # a bare word is a string
    for section in reversed(sections):
        parsed = {section: parsed}
    return dict(parsed)


def _merge(
    into: dict[str, Any], over: Mapping[str, Any], known: Mapping[str, Any], *, origin: str, section: str = ""
) -> None:
    for key, value in over.items():
        name = f"{section}{key}"
        if key not in known:
            raise UsageError(f"{origin}: unknown key {name}; {nearest(key, known, 'known', within=section)}")
        if isinstance(known[key], dict):
            if not isinstance(value, Mapping):
                written = json.dumps(value, default=str)
                raise UsageError(f"{origin}: {name} = {written}: is a section with keys {', '.join(known[key])}")
            _merge(into[key], value, known[key], origin=origin, section=f"{name}.")
        else:
            into[key] = value


def conf_folder() -> Traversable:
    """The folder conf/: inside the installed package, or beside lib/ in a checkout."""
    packaged = files("scholarflow") / "conf"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "conf"


def spark_properties(name: str) -> dict[str, str]:
    """The entries of a Spark properties file under conf/; none where it is not there."""
    file = conf_folder() / name
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    entries = (line.split(None, 1) for line in lines if line.strip() and not line.startswith("#"))
    return {key: value.strip() for key, value in entries}
