"""The tables of a MAG dump: their columns in each version, and how a line becomes a parsed row.

Tab-separated, without header, quoting or escaping, an empty cell for null. Columns were inserted in the middle over
the years, so that their number tells the version; the OpenAlex "MAG format" has a header row instead. Documented at
https://github.com/MicrosoftDocs/microsoft-academic-services (graph/reference-data-schema.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.ingest.canonical import NULL_AUTHOR
from scholarflow.ingest.refused import rows_or_refusals
from scholarflow.tables import Table, parsed

#: Scores are kept to this many decimals, so that both engines read the same number from the text.
_SCORE_DECIMALS = 9
#: Carriage returns and NUL bytes stand inside fields of real dumps and belong to none.
STRAY_BYTES = "\r\0"
BYTE_ORDER_MARK = "\ufeff"

#: A column of the line by its name: text, null where it is empty, missing, or unknown to the version.
Cell = Callable[[str], Column]


@dataclass(frozen=True)
class Layout:
    """The columns of a file, in order, and whether its first row names them."""

    columns: tuple[str, ...]
    has_header: bool = False


@dataclass(frozen=True)
class MagTable:
    """A table of the dump: its columns (final version), the parsed table it fills, and how.

    `added` are columns that older versions lack, newest first: they were inserted one by one. `needs` names, by the
    parsed column that it fills, each column without which a row is refused.
    """

    name: str
    table: Table
    columns: tuple[str, ...]
    row: Callable[[Cell], dict[str, Column]]
    needs: Mapping[str, str]
    added: tuple[str, ...] = ()

    @property
    def versions(self) -> dict[int, Layout]:
        """The layouts without header, by their number of columns, the newest first."""
        layouts = [Layout(self.columns)]
        for name in self.added:
            layouts.append(Layout(tuple(column for column in layouts[-1].columns if column != name)))
        return {len(layout.columns): layout for layout in layouts}


def parsed_rows(lines: DataFrame, table: MagTable, layout: Layout, *, first_year: int, last_year: int) -> DataFrame:
    """Rows of the table's parsed table from source_path and value (the line).

    A short row lacks its last columns, which are null. A row with more columns than the layout, without its keys, or,
    of Papers, without a year between `first_year` and `last_year`, is kept as a refused row.
    """
    cleaned = lines.withColumn("line", F.translate("value", STRAY_BYTES, "")).where(F.trim("line") != "")
    if layout.has_header:
        cleaned = cleaned.where(F.translate("line", BYTE_ORDER_MARK, "") != "\t".join(layout.columns))
    split = cleaned.select("source_path", "value", F.split("line", "\t", -1).alias("cells"))
    row = table.row(_cells(layout))
    return rows_or_refusals(split, _reject_reason(table, layout, row, first_year, last_year), row)


def _reject_reason(
    table: MagTable, layout: Layout, row: Mapping[str, Column], first_year: int, last_year: int
) -> Column:
    n_cells = F.size("cells")
    wide = F.concat(n_cells.cast("string"), F.lit(f" columns where {table.name} has {len(layout.columns)}"))
    reason = F.when(n_cells > len(layout.columns), wide)
    for name, source_column in table.needs.items():
        reason = reason.when(row[name].isNull(), f"no {source_column}")
    if "pub_year" in row:
        is_year = F.coalesce(row["pub_year"].between(first_year, last_year), F.lit(False))
        reason = reason.when(~is_year, "Year is no year")
    return reason


def _cells(layout: Layout) -> Cell:
    def cell(name: str) -> Column:
        if name not in layout.columns:
            return F.lit(None).cast("string")
        text = F.get("cells", F.lit(layout.columns.index(name)))
        return F.when(text != "", text)

    return cell


def _number(text: Column) -> Column:
    """An id or a position; null unless it is a whole number above 0."""
    number = text.try_cast("bigint")
    return F.when(number > 0, number)


def _country(code: Column) -> Column:
    upper = F.upper(F.trim(code))
    return F.when(upper.rlike("^[A-Z]{2}$"), upper)


def _updated(cell: Cell) -> Column:
    """Only the OpenAlex MAG format says when a row was updated."""
    return F.unix_micros(F.try_to_timestamp(cell("UpdatedDate")))


def _paper(cell: Cell) -> dict[str, Column]:
    return {
        "work_id": _number(cell("PaperId")),
        "updated_at": _updated(cell),
        "pub_year": cell("Year").try_cast("int"),
        "pub_date": F.substring(cell("Date"), 1, 10).try_cast("date"),
        "title": F.coalesce(cell("OriginalTitle"), cell("PaperTitle")),
        "work_type": cell("DocType"),
        "source_id": F.coalesce(_number(cell("JournalId")), _number(cell("ConferenceSeriesId"))),
        "family_id": _number(cell("FamilyId")),
        "is_retracted": F.coalesce(cell("DocSubTypes").contains("Retract"), F.lit(False)),
        "is_paratext": F.coalesce(F.lower(cell("IsParatext")).isin("true", "t", "1"), F.lit(False)),
    }


def _paper_author_affiliation(cell: Cell) -> dict[str, Column]:
    author = _number(cell("AuthorId"))
    position = cell("AuthorSequenceNumber").try_cast("int")
    return {
        "work_id": _number(cell("PaperId")),
        "author_id": F.when(author != NULL_AUTHOR, author),
        "institution_id": _number(cell("AffiliationId")),
        "author_position": F.when(position > 0, position),
    }


def _paper_reference(cell: Cell) -> dict[str, Column]:
    return {"work_id": _number(cell("PaperId")), "referenced_work_id": _number(cell("PaperReferenceId"))}


def _paper_field_of_study(cell: Cell) -> dict[str, Column]:
    return {
        "work_id": _number(cell("PaperId")),
        "field_id": _number(cell("FieldOfStudyId")),
        "score": F.round(cell("Score").try_cast("double"), _SCORE_DECIMALS),
    }


def _affiliation(cell: Cell) -> dict[str, Column]:
    return {
        "institution_id": _number(cell("AffiliationId")),
        "updated_at": _updated(cell),
        "name": cell("DisplayName"),
        "grid_id": cell("GridId"),
        "ror_id": F.substring_index(cell("RorId"), "/", -1),
        "country_code": _country(cell("Iso3166Code")),
    }


def _author(cell: Cell) -> dict[str, Column]:
    return {"author_id": _number(cell("AuthorId")), "updated_at": _updated(cell), "name": cell("DisplayName")}


def _venue(id_column: str, source_type: str) -> Callable[[Cell], dict[str, Column]]:
    return lambda cell: {
        "source_id": _number(cell(id_column)),
        "updated_at": _updated(cell),
        "name": cell("DisplayName"),
        "source_type": F.lit(source_type),
    }


def _field_of_study(cell: Cell) -> dict[str, Column]:
    return {
        "field_id": _number(cell("FieldOfStudyId")),
        "updated_at": _updated(cell),
        "name": cell("DisplayName"),
        "level": cell("Level").try_cast("int"),
    }


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


#: Inserted after PaperCount on 2020-05-20, in every table of things.
_FAMILY_COUNT = ("PaperFamilyCount",)

PAPERS = MagTable(
    "Papers",
    parsed.PAPERS,
    _columns(
        """PaperId Rank Doi DocType PaperTitle OriginalTitle BookTitle Year Date OnlineDate Publisher JournalId
        ConferenceSeriesId ConferenceInstanceId Volume Issue FirstPage LastPage ReferenceCount CitationCount
        EstimatedCitation OriginalVenue FamilyId FamilyRank DocSubTypes CreatedDate"""
    ),
    _paper,
    {"work_id": "PaperId"},
    added=("DocSubTypes", "FamilyRank", "OnlineDate"),
)
PAPER_AUTHOR_AFFILIATIONS = MagTable(
    "PaperAuthorAffiliations",
    parsed.PAPER_AUTHOR_AFFILIATIONS,
    _columns("PaperId AuthorId AffiliationId AuthorSequenceNumber OriginalAuthor OriginalAffiliation"),
    _paper_author_affiliation,
    {"work_id": "PaperId", "author_position": "AuthorSequenceNumber"},
)
PAPER_REFERENCES = MagTable(
    "PaperReferences",
    parsed.PAPER_REFERENCES,
    _columns("PaperId PaperReferenceId"),
    _paper_reference,
    {"work_id": "PaperId", "referenced_work_id": "PaperReferenceId"},
)
PAPER_FIELDS_OF_STUDY = MagTable(
    "PaperFieldsOfStudy",
    parsed.PAPER_FIELDS_OF_STUDY,
    _columns("PaperId FieldOfStudyId Score"),
    _paper_field_of_study,
    {"work_id": "PaperId", "field_id": "FieldOfStudyId"},
)
AFFILIATIONS = MagTable(
    "Affiliations",
    parsed.AFFILIATIONS,
    _columns(
        """AffiliationId Rank NormalizedName DisplayName GridId OfficialPage WikiPage PaperCount PaperFamilyCount
        CitationCount Iso3166Code Latitude Longitude CreatedDate"""
    ),
    _affiliation,
    {"institution_id": "AffiliationId"},
    added=("Iso3166Code", *_FAMILY_COUNT),
)
AUTHORS = MagTable(
    "Authors",
    parsed.MAG_AUTHORS,
    _columns(
        """AuthorId Rank NormalizedName DisplayName LastKnownAffiliationId PaperCount PaperFamilyCount CitationCount
        CreatedDate"""
    ),
    _author,
    {"author_id": "AuthorId"},
    added=_FAMILY_COUNT,
)
JOURNALS = MagTable(
    "Journals",
    parsed.VENUES,
    _columns(
        """JournalId Rank NormalizedName DisplayName Issn Publisher Webpage PaperCount PaperFamilyCount CitationCount
        CreatedDate"""
    ),
    _venue("JournalId", "journal"),
    {"source_id": "JournalId"},
    added=_FAMILY_COUNT,
)
CONFERENCE_SERIES = MagTable(
    "ConferenceSeries",
    parsed.VENUES,
    _columns(
        """ConferenceSeriesId Rank NormalizedName DisplayName PaperCount PaperFamilyCount CitationCount
        CreatedDate"""
    ),
    _venue("ConferenceSeriesId", "conference"),
    {"source_id": "ConferenceSeriesId"},
    added=_FAMILY_COUNT,
)
FIELDS_OF_STUDY = MagTable(
    "FieldsOfStudy",
    parsed.FIELDS_OF_STUDY,
    _columns(
        """FieldOfStudyId Rank NormalizedName DisplayName MainType Level PaperCount PaperFamilyCount CitationCount
        CreatedDate"""
    ),
    _field_of_study,
    {"field_id": "FieldOfStudyId"},
    added=_FAMILY_COUNT,
)

#: Without these there is nothing to ingest; a dump may lack any of the others.
REQUIRED = (PAPERS, PAPER_AUTHOR_AFFILIATIONS)
MAG_TABLES: Sequence[MagTable] = (
    *REQUIRED,
    PAPER_REFERENCES,
    PAPER_FIELDS_OF_STUDY,
    AFFILIATIONS,
    AUTHORS,
    JOURNALS,
    CONFERENCE_SERIES,
    FIELDS_OF_STUDY,
)
