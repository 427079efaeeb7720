"""Names of sources made plain, and how alike two of them are."""

import doctest

import pytest

from scholarflow.study import source_names
from scholarflow.study.source_names import likeness, plain

ICML = "international conference on machine learning"
NIPS = "advances in neural information processing systems"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("International Conference on Machine Learning", ICML),
        ("INTERNATIONAL CONFERENCE ON MACHINE LEARNING.", ICML),
        ("Proceedings of the 34th International Conference on Machine Learning - Volume 70", ICML),
        ("Proceedings of the twenty-first international conference on Machine learning", ICML),
        ("Proc. of the Tenth Int'l Conference on ML", "int l conference on ml"),
        ("2018 International Conference on Machine Learning (ICML)", f"{ICML} icml"),
        ("Thirty-Seventh International Conference on Machine Learning, Vol. XII", ICML),
        ("Advances in Neural Information Processing Systems 30", NIPS),
        ("Advances in neural information processing systems XV", NIPS),
        ("In: Advances in Neural Information Processing Systems, vol 2", NIPS),
        ("Thirty-third Annual Conference on Neural Systems", "conference on neural systems"),
        ("NIPS'17", "nips"),
        ("AAAI-20", "aaai"),
        ("Conférence d’Intelligence & Apprentissage", "conference d intelligence and apprentissage"),
        ("Proceedings of the 2nd Workshop on X at ICML 2019", "workshop on x at icml"),
        ("Conference Proceedings of the Annual Symposium", "symposium"),
        ("第34回人工知能学会", "第34回人工知能学会"),
        ("2019", ""),
        ("", ""),
    ],
)
def test_plain(name: str, expected: str) -> None:
    assert plain(name) == expected
    assert plain(plain(name)) == expected


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        (ICML, ICML, 1.0),
        ("icml workshop on graphs", "icml", 1.0),  # an acronym as a word
        ("icmla", "icml", 0.0),  # not within one
        (f"{ICML} and applications", ICML, 1.0),
        ("conference on machine learning", ICML, 4 / 5),
        ("european conference on machine learning", ICML, 0.0),  # 4 of 6 words
        ("international conference on machine vision", ICML, 0.0),
        ("international conference on machine learing", ICML, 2 * 43 / (43 + 44)),  # one letter is missing
        ("nips", "nits", 0.0),
        ("", ICML, 0.0),
    ],
)
def test_likeness(name: str, other: str, expected: float) -> None:
    assert likeness(name, other, similar_words=0.75, similar_letters=0.93) == pytest.approx(expected)


def test_thresholds_decide() -> None:
    four_of_five = ("conference on machine learning", ICML)
    assert likeness(*four_of_five, similar_words=0.8, similar_letters=1.0) == pytest.approx(0.8)
    assert likeness(*four_of_five, similar_words=0.81, similar_letters=1.0) == 0


def test_examples_of_the_documentation() -> None:
    assert doctest.testmod(source_names) == (0, 2)
