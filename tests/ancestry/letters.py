"""A classifier for the tests: by the first letter of the last word. It remembers what it was asked."""

import unicodedata
from collections.abc import Sequence


class ByLetter:
    classes = ("a_to_f", "g_to_l", "m_to_r", "s_to_z")
    version = "letters 1"
    latin_only = True
    asked: list[str] = []  # noqa: RUF012  (of all instances: they are pickled on their way)

    def classify(self, names: Sequence[str]) -> list[str]:
        ByLetter.asked += names
        return [next(class_ for class_ in self.classes if initial(name) <= class_[-1]) for name in names]


def initial(name: str) -> str:
    """First letter of the last word, without its accents."""
    return unicodedata.normalize("NFD", name.split()[-1])[0].lower()


class NextVersion(ByLetter):
    version = "letters 2"


class Strange(ByLetter):
    version = "strange 1"

    def classify(self, names: Sequence[str]) -> list[str]:
        return ["elsewhere"] * len(names)


class NoClassifier:
    classes = ("a", "b")
