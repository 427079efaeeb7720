"""The parsed layer: what each part file says, before records are set against one another. Internal.

Partitioned by part file, so that of a newer snapshot only new and changed files are read again. Rejected records are
rows too, with their reason. Ids are numbers, everything else is as the source has it.
"""

from pyspark.sql.types import ArrayType

from scholarflow.tables.canonical import AUTHOR_COUNTRY, AUTHORSHIP, COUNTRY_SETS, FIELD
from scholarflow.tables.declaration import (
    BIGINT,
    BIGINTS,
    BOOLEAN,
    DATE,
    DOUBLE,
    INT,
    STRING,
    STRINGS,
    Column,
    Table,
    optional,
    required,
)

_ORIGIN = (
    required("source_path", STRING, "the part file, relative to the input"),
    optional("reject_reason", STRING, "why the record is refused; null: it is not"),
    optional("record", STRING, "the first 2,000 characters of a refused record; null of the others"),
)
_UPDATED = optional("updated_at", BIGINT, "updated_date of the record, microseconds since 1970; null: none")


_HASH = optional("record_hash", BIGINT, "hash of the record as written: settles which of two equally new ones stands")


def _parsed(name: str, comment: str, *columns: Column) -> Table:
    return Table(name, comment, grain=(), columns=(*_ORIGIN, *columns), partitioned_by="source_path")


WORKS = _parsed(
    "parsed_works",
    "Work records of OpenAlex.",
    optional("work_id", BIGINT, "null of a refused record"),
    _UPDATED,
    optional("pub_year", INT, "year"),
    optional("pub_date", DATE, "date"),
    optional("title", STRING, "title"),
    optional("work_type", STRING, "type"),
    optional("source_id", BIGINT, "source of the primary location"),
    optional("language", STRING, "language"),
    optional("is_retracted", BOOLEAN, "retracted"),
    optional("is_paratext", BOOLEAN, "paratext by flag or type"),
    optional("is_xpac", BOOLEAN, "of the xpac extension"),
    optional("n_authors", BIGINT, "length of the author list"),
    optional("authorships", ArrayType(AUTHORSHIP), "as in works, ids before merging"),
    optional("referenced_works", BIGINTS, "as listed, repeats and itself included"),
    optional("fields", ArrayType(FIELD), "as in works"),
    *(optional(name, STRINGS, "as in works") for name in COUNTRY_SETS),
    optional("author_ids", BIGINTS, "as in works, ids before merging"),
    optional("author_countries", ArrayType(AUTHOR_COUNTRY), "as in works, ids before merging"),
    _HASH,
)
AUTHORS = _parsed(
    "parsed_authors",
    "Author records of OpenAlex.",
    optional("author_id", BIGINT, "null of a refused record"),
    _UPDATED,
    optional("name", STRING, "display name"),
    _HASH,
)
INSTITUTIONS = _parsed(
    "parsed_institutions",
    "Institution records of OpenAlex.",
    optional("institution_id", BIGINT, "null of a refused record"),
    _UPDATED,
    optional("name", STRING, "display name"),
    optional("country_code", STRING, "country"),
    optional("ror_id", STRING, "ROR id"),
    optional("institution_type", STRING, "type"),
    _HASH,
)
SOURCES = _parsed(
    "parsed_sources",
    "Source records of OpenAlex.",
    optional("source_id", BIGINT, "null of a refused record"),
    _UPDATED,
    optional("name", STRING, "display name"),
    optional("source_type", STRING, "type"),
    _HASH,
)
CONCEPTS = _parsed(
    "parsed_concepts",
    "Concept records of OpenAlex.",
    optional("field_id", BIGINT, "null of a refused record"),
    _UPDATED,
    optional("name", STRING, "display name"),
    optional("level", INT, "level"),
    _HASH,
)
TOPICS = _parsed(
    "parsed_topics",
    "Topic records of OpenAlex with the subfield, field and domain over each.",
    optional("field_id", BIGINT, "null of a refused record"),
    _UPDATED,
    optional("name", STRING, "display name"),
    optional("subfield_id", BIGINT, "its subfield"),
    optional("subfield_name", STRING, "name of the subfield"),
    optional("topic_field_id", BIGINT, "its field"),
    optional("topic_field_name", STRING, "name of the field"),
    optional("domain_id", BIGINT, "its domain"),
    optional("domain_name", STRING, "name of the domain"),
    _HASH,
)
MERGED_IDS = _parsed(
    "parsed_merged_ids",
    "Ids that OpenAlex merged into others (legacy layout).",
    optional("entity", STRING, "works, authors, institutions or sources"),
    optional("id", BIGINT, "the id given up"),
    optional("into_id", BIGINT, "the id that takes its place"),
)
DELETED_IDS = _parsed(
    "parsed_deleted_ids",
    "Works that OpenAlex deleted.",
    optional("work_id", BIGINT, "the work"),
)

FILES = Table(
    "parsed_files",
    "The part files of the snapshot as last ingested.",
    grain=("source_path",),
    columns=(
        required("source_path", STRING, "the part file, relative to the input"),
        required("entity", STRING, "what it holds: works, authors, Papers, …"),
        optional("problem", STRING, "why it was left out whole; null: it was read"),
    ),
)

OPENALEX = (WORKS, AUTHORS, INSTITUTIONS, SOURCES, CONCEPTS, TOPICS, MERGED_IDS, DELETED_IDS)

PAPERS = _parsed(
    "parsed_papers",
    "Papers of MAG.",
    optional("work_id", BIGINT, "PaperId; null of a refused row"),
    _UPDATED,
    optional("pub_year", INT, "Year"),
    optional("pub_date", DATE, "Date"),
    optional("title", STRING, "OriginalTitle, else PaperTitle"),
    optional("work_type", STRING, "DocType"),
    optional("source_id", BIGINT, "JournalId, else ConferenceSeriesId"),
    optional("family_id", BIGINT, "FamilyId"),
    optional("is_retracted", BOOLEAN, "DocSubTypes names a retraction"),
    optional("is_paratext", BOOLEAN, "IsParatext of the OpenAlex MAG format"),
)
PAPER_AUTHOR_AFFILIATIONS = _parsed(
    "parsed_paper_author_affiliations",
    "PaperAuthorAffiliations of MAG.",
    optional("work_id", BIGINT, "PaperId; null of a refused row"),
    optional("author_id", BIGINT, "AuthorId"),
    optional("institution_id", BIGINT, "AffiliationId"),
    optional("author_position", INT, "AuthorSequenceNumber"),
)
PAPER_REFERENCES = _parsed(
    "parsed_paper_references",
    "PaperReferences of MAG.",
    optional("work_id", BIGINT, "PaperId; null of a refused row"),
    optional("referenced_work_id", BIGINT, "PaperReferenceId"),
)
PAPER_FIELDS_OF_STUDY = _parsed(
    "parsed_paper_fields_of_study",
    "PaperFieldsOfStudy of MAG.",
    optional("work_id", BIGINT, "PaperId; null of a refused row"),
    optional("field_id", BIGINT, "FieldOfStudyId"),
    optional("score", DOUBLE, "Score"),
)
AFFILIATIONS = _parsed(
    "parsed_affiliations",
    "Affiliations of MAG.",
    optional("institution_id", BIGINT, "AffiliationId; null of a refused row"),
    _UPDATED,
    optional("name", STRING, "DisplayName"),
    optional("grid_id", STRING, "GridId"),
    optional("ror_id", STRING, "RorId of the OpenAlex MAG format"),
    optional("country_code", STRING, "Iso3166Code"),
)
MAG_AUTHORS = _parsed(
    "parsed_mag_authors",
    "Authors of MAG.",
    optional("author_id", BIGINT, "AuthorId; null of a refused row"),
    _UPDATED,
    optional("name", STRING, "DisplayName"),
)
VENUES = _parsed(
    "parsed_venues",
    "Journals and conference series of MAG.",
    optional("source_id", BIGINT, "JournalId or ConferenceSeriesId; null of a refused row"),
    _UPDATED,
    optional("name", STRING, "DisplayName"),
    optional("source_type", STRING, "journal or conference"),
)
FIELDS_OF_STUDY = _parsed(
    "parsed_fields_of_study",
    "FieldsOfStudy of MAG.",
    optional("field_id", BIGINT, "FieldOfStudyId; null of a refused row"),
    _UPDATED,
    optional("name", STRING, "DisplayName"),
    optional("level", INT, "Level"),
)
AFFILIATION_COUNTRIES = _parsed(
    "parsed_affiliation_countries",
    "Countries of affiliations from the user's CSV.",
    optional("affiliation", STRING, "AffiliationId or GRID id; null of a refused row"),
    optional("country_code", STRING, "ISO 3166-1 alpha-2"),
)

MAG = (
    PAPERS,
    PAPER_AUTHOR_AFFILIATIONS,
    PAPER_REFERENCES,
    PAPER_FIELDS_OF_STUDY,
    AFFILIATIONS,
    MAG_AUTHORS,
    VENUES,
    FIELDS_OF_STUDY,
    AFFILIATION_COUNTRIES,
)

TABLES = (FILES, *OPENALEX, *MAG)
