"""The pruned shapes of OpenAlex records: only the members named here are decoded, the rest is skipped.

Unknown members are ignored, missing ones null; a member of another type than named here refuses the record.
"""

from typing import Annotated

import msgspec

#: A whole number that a column of type int can hold; any other refuses the record.
Int32 = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]


class _Record(msgspec.Struct, gc=False):
    """Records hold no cycles: the garbage collector need not look at them."""


class Identified(_Record):
    id: str | None = None


class Named(Identified):
    display_name: str | None = None


class Scored(Identified):
    score: float | None = None


class WorkTopic(Scored):
    subfield: Identified | None = None
    field: Identified | None = None
    domain: Identified | None = None


class AuthorshipInstitution(Identified):
    country_code: str | None = None


class Authorship(_Record):
    author: Identified | None = None
    institutions: list[AuthorshipInstitution | None] | None = None
    countries: list[str | None] | None = None
    is_corresponding: bool | None = None


class Location(_Record):
    source: Identified | None = None


class Work(Identified):
    publication_year: int | float | str | None = None
    publication_date: str | None = None
    title: str | None = None
    display_name: str | None = None
    language: str | None = None
    type: str | None = None
    updated_date: str | None = None
    is_retracted: bool | None = None
    is_paratext: bool | None = None
    is_xpac: bool | None = None
    authorships_truncated: bool | None = None
    is_authors_truncated: bool | None = None
    primary_location: Location | None = None
    host_venue: Identified | None = None
    authorships: list[Authorship] | None = None
    concepts: list[Scored] | None = None
    topics: list[WorkTopic] | None = None
    primary_topic: WorkTopic | None = None
    keywords: list[Scored] | None = None
    referenced_works: list[str | None] | None = None


class Author(Named):
    updated_date: str | None = None


class Institution(Named):
    country_code: str | None = None
    ror: str | None = None
    type: str | None = None
    updated_date: str | None = None


class Source(Named):
    type: str | None = None
    updated_date: str | None = None


class Concept(Named):
    level: Int32 | None = None
    updated_date: str | None = None


class Topic(Named):
    updated_date: str | None = None
    subfield: Named | None = None
    field: Named | None = None
    domain: Named | None = None
