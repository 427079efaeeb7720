"""OpenAlex records as parsed rows: the pruned schema of each entity, and what becomes of its fields.

New fields of the source are ignored; nothing is inferred. Years and scores are read as text and cast here, because
the JSON readers of the engines disagree about what is an integer.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType

from scholarflow.tables import Table, parsed
from scholarflow.tables.canonical import AUTHORSHIP, FIELD

#: Sail concatenates only arrays of exactly one type, nullability included: casts to these level them.
ROWS, FIELDS = ArrayType(AUTHORSHIP), ArrayType(FIELD)

#: OpenAlex's id for "no author"; a shared id of millions of authorships, not a person.
NULL_AUTHOR = 9999999999
#: Lists of exactly this length were cut by OpenAlex, so that their last author is unknown.
MAX_LISTED_AUTHORS = 5000

_TOPIC = "id:string, score:string, subfield:struct<id:string>, field:struct<id:string>, domain:struct<id:string>"

#: Scores are kept to this many decimals: OpenAlex writes single precision out to sixteen digits, and the JSON readers
#: of the two engines disagree about the last of them.
SCORE_DECIMALS = 9

SCHEMAS = {
    "works": f"""id:string, publication_year:string, publication_date:string, title:string, display_name:string,
        language:string, type:string, updated_date:string, is_retracted:boolean, is_paratext:boolean, is_xpac:boolean,
        authorships_truncated:boolean, is_authors_truncated:boolean,
        primary_location:struct<source:struct<id:string>>, host_venue:struct<id:string>,
        authorships:array<struct<author:struct<id:string>, countries:array<string>,
            institutions:array<struct<id:string, country_code:string>>, is_corresponding:boolean>>,
        concepts:array<struct<id:string, score:string>>, topics:array<struct<{_TOPIC}>>,
        primary_topic:struct<{_TOPIC}>, keywords:array<struct<id:string, score:string>>,
        referenced_works:array<string>""",
    "authors": "id:string, display_name:string, updated_date:string",
    "institutions": "id:string, display_name:string, country_code:string, ror:string, type:string, updated_date:string",
    "sources": "id:string, display_name:string, type:string, updated_date:string",
    "concepts": "id:string, display_name:string, level:int, updated_date:string",
    "topics": """id:string, display_name:string, updated_date:string, subfield:struct<id:string, display_name:string>,
        field:struct<id:string, display_name:string>, domain:struct<id:string, display_name:string>""",
}


@dataclass(frozen=True)
class Entity:
    """An entity of the snapshot: its folder, the parsed table it fills, and how a record becomes a row of it."""

    name: str
    table: Table
    columns: Callable[[Column], dict[str, Column]]


def parsed_records(records: DataFrame, entity: Entity, *, first_year: int, last_year: int) -> DataFrame:
    """Rows of the entity's parsed table from source_path, record (text) and value (the struct, null: malformed).

    A record that is malformed, has no id, or, of works, no year between `first_year` and `last_year`, is kept as a
    refused row.
    """
    row = entity.columns(F.col("value"))
    id_column = next(iter(row))
    reason = F.when(F.col("value").isNull(), "not a JSON object").when(row[id_column].isNull(), f"no {id_column}")
    if "pub_year" in row:
        year = row["pub_year"]
        is_year = F.coalesce(year.between(first_year, last_year), F.lit(False))
        reason = reason.when(~is_year, "publication_year is no year")
    judged = records.select("source_path", reason.alias("reject_reason"), "record", "value")
    kept = F.col("reject_reason").isNull()
    return judged.select(
        "source_path",
        "reject_reason",
        F.when(~kept, F.substring("record", 1, 2000)).alias("record"),
        *(F.when(kept, column).alias(name) for name, column in row.items()),
    )


def entity_number(address: Column) -> Column:
    """The number in an OpenAlex id: https://openalex.org/W2741809807 → 2741809807; null where there is none above 0."""
    number = F.substring(F.substring_index(address, "/", -1), 2, 20).try_cast("bigint")
    return F.when(number > 0, number)


def _plain_number(address: Column) -> Column:
    """The number of ids without a letter: https://openalex.org/subfields/1702 → 1702."""
    number = F.substring_index(address, "/", -1).try_cast("bigint")
    return F.when(number > 0, number)


def _micros(text: Column) -> Column:
    return F.unix_micros(F.try_to_timestamp(text))


def _country(code: Column) -> Column:
    upper = F.upper(F.trim(code))
    return F.when(F.length(upper) == 2, upper)


def _flag(value: Column) -> Column:
    return F.coalesce(value, F.lit(False))


def _works(r: Column) -> dict[str, Column]:
    listed = F.coalesce(r["authorships"], F.array())
    cut = _flag(r["authorships_truncated"]) | _flag(r["is_authors_truncated"]) | (F.size(listed) == MAX_LISTED_AUTHORS)
    work_type = r["type"]
    return {
        "work_id": entity_number(r["id"]),
        "updated_at": _micros(r["updated_date"]),
        "pub_year": r["publication_year"].try_cast("int"),
        "pub_date": r["publication_date"].try_cast("date"),
        "title": F.coalesce(r["title"], r["display_name"]),
        "work_type": work_type,
        "source_id": entity_number(F.coalesce(r["primary_location"]["source"]["id"], r["host_venue"]["id"])),
        "language": r["language"],
        "is_retracted": _flag(r["is_retracted"]),
        "is_paratext": _flag(r["is_paratext"]) | F.coalesce(work_type == "paratext", F.lit(False)),
        "is_xpac": _flag(r["is_xpac"]),
        "n_authors": F.size(listed).cast("bigint"),
        "authorships": _authorships(listed, cut),
        "referenced_works": F.filter(
            F.transform(F.coalesce(r["referenced_works"], F.array()), entity_number),
            lambda id_: id_.isNotNull(),
        ),
        "fields": _fields(r),
    }


def _authorships(listed: Column, cut: Column) -> Column:
    """One struct per author and institution; of an author without any, one per country, or one with nulls.

    A country that no institution of the author accounts for has a row of its own, without institution.
    """
    n_positions = F.size(listed)

    def rows_of(author: Column, index: Column) -> Column:
        position = index + 1
        number = entity_number(author["author"]["id"])

        def row(institution_id: Column, country_code: Column) -> Column:
            return F.struct(
                position.cast("int").alias("author_position"),
                F.when(number != NULL_AUTHOR, number).alias("author_id"),
                institution_id.alias("institution_id"),
                country_code.alias("country_code"),
                (position == 1).alias("is_first"),
                F.when(~cut, position == n_positions).alias("is_last"),
                author["is_corresponding"].alias("is_corresponding"),
            )

        nothing = F.lit(None).cast("bigint"), F.lit(None).cast("string")
        institutions = F.filter(
            F.coalesce(author["institutions"], F.array()), lambda i: entity_number(i["id"]).isNotNull()
        )
        accounted = F.transform(institutions, lambda i: _country(i["country_code"]))
        alone = F.filter(
            F.transform(F.coalesce(author["countries"], F.array()), _country),
            lambda code: code.isNotNull() & ~F.exists(accounted, lambda known: F.coalesce(known == code, F.lit(False))),
        )
        rows = F.concat(
            F.transform(institutions, lambda i: row(entity_number(i["id"]), _country(i["country_code"]))).cast(ROWS),
            F.transform(alone, lambda code: row(nothing[0], code)).cast(ROWS),
        )
        return F.when(F.size(rows) > 0, rows).otherwise(F.array(row(*nothing)).cast(ROWS))

    return F.array_distinct(F.flatten(F.transform(listed, rows_of)))


def _fields(r: Column) -> Column:
    topics = F.when(F.size(F.coalesce(r["topics"], F.array())) > 0, r["topics"]).when(
        r["primary_topic"]["id"].isNotNull(), F.array(r["primary_topic"])
    )
    topics = F.coalesce(topics, F.array())
    concepts = F.coalesce(r["concepts"], F.array())
    keywords = F.coalesce(r["keywords"], F.array())

    def field(scheme: str, id_: Column, score: Column, key: Column | None = None) -> Column:
        return F.struct(
            F.lit(scheme).alias("scheme"),
            id_.alias("field_id"),
            F.round(score.try_cast("double"), SCORE_DECIMALS).alias("score"),
            (F.lit(None).cast("string") if key is None else key).alias("field_key"),
        )

    def above_topic(scheme: str) -> Callable[[Column], Column]:
        return lambda t: field(scheme, _plain_number(t[scheme]["id"]), t["score"])

    def keyword(k: Column) -> Column:
        slug = F.substring_index(k["id"], "/", -1)
        return field("keyword", F.xxhash64(slug), k["score"], slug)

    rows = (
        F.transform(concepts, lambda c: field("concept", entity_number(c["id"]), c["score"])),
        F.transform(topics, lambda t: field("topic", entity_number(t["id"]), t["score"])),
        *(F.transform(topics, above_topic(scheme)) for scheme in ("subfield", "field", "domain")),
        F.transform(F.filter(keywords, lambda k: k["id"].isNotNull()), keyword),
    )
    joined = F.concat(*(part.cast(FIELDS) for part in rows))
    return highest_scores(F.filter(joined, lambda f: f["field_id"].isNotNull()))


def highest_scores(fields: Column) -> Column:
    """Of field structs with the same scheme and id the one with the highest score; sorted by scheme and id.

    Structs sort by their members in order and nulls first, so that the last of equal ids has the highest score.
    """
    ordered = F.array_sort(fields)

    def is_last_of_its_id(field: Column, index: Column) -> Column:
        following = F.get(ordered, index + 1)
        same = (following["scheme"] == field["scheme"]) & (following["field_id"] == field["field_id"])
        return ~F.coalesce(same, F.lit(False))

    return F.filter(ordered, is_last_of_its_id)


def _authors(r: Column) -> dict[str, Column]:
    number = entity_number(r["id"])
    return {
        "author_id": F.when(number != NULL_AUTHOR, number),
        "updated_at": _micros(r["updated_date"]),
        "name": r["display_name"],
    }


def _institutions(r: Column) -> dict[str, Column]:
    return {
        "institution_id": entity_number(r["id"]),
        "updated_at": _micros(r["updated_date"]),
        "name": r["display_name"],
        "country_code": _country(r["country_code"]),
        "ror_id": F.substring_index(r["ror"], "/", -1),
        "institution_type": r["type"],
    }


def _sources(r: Column) -> dict[str, Column]:
    return {
        "source_id": entity_number(r["id"]),
        "updated_at": _micros(r["updated_date"]),
        "name": r["display_name"],
        "source_type": r["type"],
    }


def _concepts(r: Column) -> dict[str, Column]:
    return {
        "field_id": entity_number(r["id"]),
        "updated_at": _micros(r["updated_date"]),
        "name": r["display_name"],
        "level": r["level"],
    }


def _topics(r: Column) -> dict[str, Column]:
    return {
        "field_id": entity_number(r["id"]),
        "updated_at": _micros(r["updated_date"]),
        "name": r["display_name"],
        "subfield_id": _plain_number(r["subfield"]["id"]),
        "subfield_name": r["subfield"]["display_name"],
        "topic_field_id": _plain_number(r["field"]["id"]),
        "topic_field_name": r["field"]["display_name"],
        "domain_id": _plain_number(r["domain"]["id"]),
        "domain_name": r["domain"]["display_name"],
    }


ENTITIES = (
    Entity("works", parsed.WORKS, _works),
    Entity("authors", parsed.AUTHORS, _authors),
    Entity("institutions", parsed.INSTITUTIONS, _institutions),
    Entity("sources", parsed.SOURCES, _sources),
    Entity("concepts", parsed.CONCEPTS, _concepts),
    Entity("topics", parsed.TOPICS, _topics),
)
