"""Which names a classifier is asked about: of the others no pattern can be told, whatever a model would answer."""

import unicodedata
from itertools import pairwise

#: The class of names that cannot be told, or that a classifier does not know.
UNKNOWN = "unknown"


def tidy(name: str) -> str:
    """A name composed (NFC), with single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def can_be_told(name: str | None, *, latin_only: bool) -> bool:
    """Whether a name has a word of two letters or more and, for `latin_only`, no letter of another script.

    Missing and empty names, numbers and bare initials have none. `J. Smith` is told by the family name alone.
    """
    if name is None:
        return False
    text = tidy(name)
    if latin_only and not all(_is_latin(letter) for letter in text if letter.isalpha()):
        return False
    return any(_is_written_out(word) for word in text.split())


def without_initials(name: str) -> str:
    """The words of a name that are written out: `Wei Zhang` of `J. Wei K.-L. Zhang`."""
    return " ".join(word for word in tidy(name).split() if _is_written_out(word))


def _is_written_out(word: str) -> bool:
    """Whether two letters stand side by side."""
    return any(one.isalpha() and other.isalpha() for one, other in pairwise(word))


def _is_latin(letter: str) -> bool:
    """Latin, or one of the marks that transliterations write as a letter (ʿ, ʻ, ʹ)."""
    return unicodedata.name(letter, "").startswith(("LATIN ", "MODIFIER LETTER "))
