"""Names of sources made plain, so that proceedings of many years have one name; and how alike two names are."""

import re
import unicodedata
from difflib import SequenceMatcher

_ONES = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TEENS = (
    "tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|"
    "twentieth|thirtieth|fortieth|fiftieth|sixtieth|seventieth|eightieth|ninetieth|hundredth"
)
#: Which meeting it was, and which volume: ordinals in words and digits, years and other numbers.
_WHICH = re.compile(
    rf"\b(?:(?:vol|volume|part|no)\s+(?:[0-9]+|[ivxlc]+)|(?:(?:{_TENS})\s+)?(?:{_ONES})|{_TEENS}"
    r"|[0-9]+(?:st|nd|rd|th)?)\b"
)
_VOLUME_AT_END = re.compile(r"\s+[ivxlc]+$")
#: Words before the conference's own name.
_BEFORE = re.compile(r"^(?:(?:conference|annual) proceedings|proceedings|proc|annual|the|in)\s+(?:of\s+)?")
#: Share of words in common where one of two is misprinted.
_LEFT_BY_A_MISPRINT = 1 / 3
_NO_LETTER = re.compile(r"[^\w]+|_+")


def plain(name: str) -> str:
    """A name in lower case and without accents, punctuation, numbers, ordinals, years and "Proceedings of the".

    >>> plain("Proceedings of the Thirty-First International Joint Conference on Artificial Intelligence, 2022")
    'international joint conference on artificial intelligence'
    >>> plain("Advances in Neural Information Processing Systems 30 (NIPS 2017)")
    'advances in neural information processing systems nips'
    """
    letters = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    text = " ".join(_WHICH.sub(" ", _NO_LETTER.sub(" ", bare)).split())
    text = _VOLUME_AT_END.sub("", text)
    while (shorter := _BEFORE.sub("", text, count=1)) != text:
        text = shorter
    return text


def likeness(name: str, other: str, *, similar_words: float, similar_letters: float) -> float:
    """How alike two plain names are, 0–1; 0 below either threshold.

    1 where the other occurs in the name as whole words (an acronym: as a word); else the share of words they have in
    common of all their words (Jaccard), where it reaches `similar_words`; else the share of letters in common in the
    same order (Ratcliff & Obershelp), where it reaches `similar_letters`: a misprint.
    """
    if f" {other} " in f" {name} ":
        return 1.0
    one, two = set(name.split()), set(other.split())
    in_common = len(one & two) / len(one | two) if one | two else 0.0
    if in_common >= similar_words:
        return in_common
    # Of two acronyms one letter apart neither is a misprint of the other, and of several words a misprint leaves some;
    # nor can the ratio exceed what the lengths allow. That settles most names without a look at their letters.
    shorter, longer = sorted((len(name), len(other)))
    if len(two) < 2 or in_common < _LEFT_BY_A_MISPRINT or 2 * shorter < similar_letters * (shorter + longer):
        return 0.0
    letters = SequenceMatcher(None, name, other, autojunk=False)
    if letters.quick_ratio() < similar_letters:
        return 0.0
    ratio = letters.ratio()
    return ratio if ratio >= similar_letters else 0.0
