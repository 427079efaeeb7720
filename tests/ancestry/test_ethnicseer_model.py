"""The model of ethnicseer, where it is installed: known names keep their class, whatever scikit-learn reads it."""

import importlib.util
import pickle
import warnings

import pytest

from scholarflow.ancestry.classifier import classes_of, classifier_of
from scholarflow.ancestry.ethnicseer_model import EthnicSeer

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("ethnicseer") is None, reason="ethnicseer is an extra, and not installed: make ancestry"
)

NAMES = {
    "Wei Zhang": "chi",
    "Xiaoming Wang": "chi",
    "W. Zhang": "chi",
    "James Smith": "eng",
    "J. Smith": "eng",
    "Raphaël Varane": "frn",
    "Marcel Halstenberg": "ger",
    "Hans Müller": "ger",
    "Priya Sharma": "ind",
    "Giuseppe Rossi": "ita",
    "Yūta Nakayama": "jap",
    "Min-Jun Kim": "kor",
    "Mohammed Al-Harbi": "mea",
    "Sergei Ivanov": "rus",
    "José García": "spa",
    "Nguyen Van Minh": "vie",
}


def test_known_names_keep_their_class() -> None:
    assert dict(zip(NAMES, classes_of(list(NAMES), classifier_of("ethnicseer")), strict=True)) == NAMES
    assert set(NAMES.values()) == set(EthnicSeer.classes)


def test_what_it_would_guess_for_nothing_is_unknown() -> None:
    nothing = ["", "王伟", "J. K.", None]
    assert EthnicSeer().classify(nothing[:2]) == ["jap", "jap"], "it answers for anything"
    assert classes_of(nothing, EthnicSeer()) == ["unknown"] * 4


def test_the_company_a_name_is_in_does_not_matter() -> None:
    names = list(NAMES)
    assert [EthnicSeer().classify([name])[0] for name in names] == EthnicSeer().classify(names)
    assert EthnicSeer().classify(names[::-1])[::-1] == EthnicSeer().classify(names)


def test_initials_are_no_pattern_of_indian_names() -> None:
    families = ["Aïd", "Leroy", "Garnier", "Gómez", "Mahmoud", "Haddad", "Cohen", "Levi", "Smith", "Rossi"]
    assert EthnicSeer().classify([f"A. K. {name}" for name in families]) == EthnicSeer().classify(families)


def test_as_its_own_method_has_it() -> None:
    from ethnicseer import EthnicClassifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = EthnicClassifier.load_pretrained_model()
    written_out = [name for name in NAMES if "." not in name]
    assert model.classify_names(written_out) == EthnicSeer().classify(written_out)
    assert sorted(model.ethnicity_classes()) == sorted(EthnicSeer.classes)


def test_it_loads_without_a_word_and_travels_light() -> None:
    from scholarflow.ancestry import ethnicseer_model

    ethnicseer_model._model.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        EthnicSeer().classify(["Wei Zhang"])
    assert len(pickle.dumps(EthnicSeer())) < 1_000
    assert "ethnicseer 0." in EthnicSeer().version
    assert "scikit-learn" in EthnicSeer().version
