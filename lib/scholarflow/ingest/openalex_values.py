"""Single values of OpenAlex records: the numbers in ids, years, dates, times, countries."""

import datetime
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xxhash

_EPOCH = datetime.datetime(1970, 1, 1)
_MICROSECOND = datetime.timedelta(microseconds=1)
#: How ids begin, before the letter of the entity.
_ADDRESS = "https://openalex.org/"
#: Digits that certainly fit a bigint.
_MAX_DIGITS = 18


def entity_number(address: str | None) -> int | None:
    """The number in an OpenAlex id: https://openalex.org/W2741809807 → 2741809807; null where there is none above 0."""
    return _positive(address[address.rfind("/") + 2 :]) if address else None


def entity_numbers(addresses: Sequence[str | None]) -> Any:
    """`entity_number` of each, at once where all are written as OpenAlex writes them."""
    texts = pa.array(addresses, pa.string())
    digits = pc.utf8_slice_codeunits(texts, start=len(_ADDRESS) + 1)
    written_alike = (
        pc.all(pc.starts_with(texts, _ADDRESS)).as_py() is not False
        and pc.all(pc.ascii_is_decimal(digits)).as_py() is not False
        and (pc.max(pc.binary_length(digits)).as_py() or 0) <= _MAX_DIGITS
    )
    if not written_alike:
        return pa.array([entity_number(address) for address in addresses], pa.int64())
    numbers = digits.cast(pa.int64())
    return pc.if_else(pc.greater(numbers, pa.scalar(0)), numbers, None)


def plain_number(address: str | None) -> int | None:
    """The number of an id without a letter: https://openalex.org/subfields/1702 → 1702."""
    return _positive(address[address.rfind("/") + 1 :]) if address else None


def _positive(digits: str) -> int | None:
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MAX_DIGITS):
        return None
    return int(digits) or None


def year(value: float | str | None) -> int | None:
    """A year written as number or text; null where it is no whole number."""
    if isinstance(value, str):
        digits = value.strip()
        return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else None
    if value is None or value != int(value) or abs(value) > 1e9:
        return None
    return int(value)


def date(text: str | None) -> datetime.date | None:
    """The day of an ISO date or time; null where it is none."""
    try:
        return datetime.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def micros(text: str | None) -> int | None:
    """Microseconds since 1970 of an ISO date or time; without a zone it is UTC."""
    try:
        moment = datetime.datetime.fromisoformat(text) if text else None
        if moment is not None and moment.tzinfo is not None:
            moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):  # no time, or one that UTC cannot express
        return None
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def country(code: str | None) -> str | None:
    """Two letters, upper case; null where the code is none."""
    if not code:
        return None
    upper = code.strip().upper()
    return upper if len(upper) == 2 and upper.isascii() and upper.isalpha() else None


def keyword_number(slug: str) -> int:
    """A stable 64-bit id of a keyword: what Spark's xxhash64 gives for its slug."""
    return signed_hash(slug.encode("utf-8", "replace"))


def signed_hash(content: bytes) -> int:
    """XXH64 with Spark's seed, as a bigint."""
    unsigned = xxhash.xxh64_intdigest(content, seed=42)
    return unsigned - (1 << 64) if unsigned >= 1 << 63 else unsigned
