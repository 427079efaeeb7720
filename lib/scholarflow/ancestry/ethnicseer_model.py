"""The model of ethnicseer: multinomial logistic regression on letters and sounds of names from Wikipedia.

Treeratpituk & Giles (2012), Proc. AAAI 26, 1141–1147. It works offline.
An extra to install: it imports abydos, which is under the GPL.
"""

import threading
import warnings
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from scholarflow.ancestry.names import without_initials
from scholarflow.errors import UsageError

#: Its import needs pkg_resources, which setuptools had up to version 81 and which it does not ask for itself.
_NEEDED = ("ethnicseer", "sklearn", "pkg_resources")
_LOADING = threading.Lock()


class EthnicSeer:
    """Twelve classes. It answers for any text, even an empty one: what cannot be told must not reach it."""

    classes = ("chi", "eng", "frn", "ger", "ind", "ita", "jap", "kor", "mea", "rus", "spa", "vie")
    latin_only = True

    def __init__(self) -> None:
        missing = [name for name in _NEEDED if find_spec(name) is None]
        if missing:
            raise UsageError(
                f"ancestry.classifier = ethnicseer: {missing[0]} is not installed; "
                "pip install ethnicseer 'setuptools<82', or make ancestry in a checkout; on every executor too"
            )
        self.version = f"ethnicseer {version('ethnicseer')}, scikit-learn {version('scikit-learn')}"

    def classify(self, names: Sequence[str]) -> list[str]:
        """The likeliest class of each name, initials left out: for the model they are a pattern of Indian names.

        Whole French, Spanish or Arabic names it seldom takes for Asian ones, but `G. Family` in one case of four.
        """
        with _LOADING:
            model = _model()
        features = [model.extract_feat_str(without_initials(name)) for name in names]
        return [model.idx2eth[index] for index in model.clf.predict(model.vectorizer.transform(features))]


@cache
def _model() -> Any:
    """The pretrained model, loaded once in a process.

    It was stored by scikit-learn 1.0.2, and says so to every newer one: a test holds that it still answers the same.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        warnings.filterwarnings("ignore", message="Deprecated call to `pkg_resources")
        from ethnicseer import EthnicClassifier
        from sklearn.exceptions import InconsistentVersionWarning

        warnings.simplefilter("ignore", InconsistentVersionWarning)
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its files for Python to close
        return EthnicClassifier.load_pretrained_model()
