"""Which names a classifier is asked about: of the others no pattern can be told, whatever a model would answer."""

import unicodedata

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
    words = "".join(letter if letter.isalpha() else " " for letter in text).split()
    return any(len(word) > 1 for word in words)


def _is_latin(letter: str) -> bool:
    """Latin, or one of the marks that transliterations write as a letter (ʿ, ʻ, ʹ)."""
    return unicodedata.name(letter, "").startswith(("LATIN ", "MODIFIER LETTER "))
