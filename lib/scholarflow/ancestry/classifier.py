"""What gives names their classes: the interface, what ships with it, and how one's own is plugged in."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol, runtime_checkable

from scholarflow.ancestry.ethnicseer_model import EthnicSeer
from scholarflow.ancestry.labelled_names import LabelledNames
from scholarflow.ancestry.names import UNKNOWN, can_be_told, tidy
from scholarflow.config import Ancestry
from scholarflow.errors import UsageError

_AT_ONCE = 4096
_SETTING = "ancestry.classifier"


@runtime_checkable
class Classifier(Protocol):
    """Gives names their classes. It is pickled and sent to the workers: what is large is loaded there, when first used.

    `classes`: what it can answer besides `unknown`. `version`: changes whenever it may answer otherwise; tables made
    with another are stale. `latin_only`: names with letters of other scripts are unknown and it is not asked.
    """

    @property
    def classes(self) -> Sequence[str]: ...

    @property
    def version(self) -> str: ...

    @property
    def latin_only(self) -> bool: ...

    def classify(self, names: Sequence[str]) -> Sequence[str]:
        """The class of each name, in order; the same name has the same class in whatever company."""
        ...


_SHIPPED: dict[str, Callable[[], Classifier]] = {"ethnicseer": EthnicSeer}
_FILE = "file:"


def classifier_of(setting: str) -> Classifier:
    """The classifier that `ancestry.classifier` names: `ethnicseer`, `file:PATH` or `package.module:Class`.

    Errors: UsageError for none of these or a package that is not installed; InputError for a file that is not there.
    """
    if setting in _SHIPPED:
        return _SHIPPED[setting]()
    if setting.startswith(_FILE):
        return LabelledNames.read(setting.removeprefix(_FILE), f"{_SETTING} {setting}")
    module, colon, name = setting.partition(":")
    if not (module and colon and name) or module.startswith("."):
        raise UsageError(f"{_SETTING} = {setting}: must be {', '.join(_SHIPPED)}, file:PATH or package.module:Class")
    try:
        made = getattr(import_module(module), name)()
    except (ImportError, AttributeError) as error:
        raise UsageError(f"{_SETTING} = {setting}: {error}") from None
    if not isinstance(made, Classifier):
        raise UsageError(f"{_SETTING} = {setting}: lacks one of classes, version, latin_only, classify")
    if not made.classes or UNKNOWN in made.classes:
        raise UsageError(f"{_SETTING} = {setting}: its classes must be some, and none of them {UNKNOWN}")
    return made


def parameters_of(given: Ancestry) -> dict[str, Any]:
    """What mover_ancestry is made with; without a classifier that alone, so that nothing else makes it stale.

    Errors: those of `classifier_of`; UsageError where all classes count as one.
    """
    if not given.classifier:
        return {"classifier": ""}
    classifier = classifier_of(given.classifier)
    groups = groups_of(classifier, {group.name: group.classes for group in given.groups})
    return {
        "classifier": given.classifier,
        "model": classifier.version,
        "groups": groups,
        "min_cell": given.min_cell,
    }


def classes_of(names: Sequence[str | None], classifier: Classifier) -> list[str]:
    """The class of each name; `unknown` where it cannot be told, which is decided before the classifier is asked."""
    told = [tidy(name) for name in names if name and can_be_told(name, latin_only=classifier.latin_only)]
    asked = list(dict.fromkeys(told))
    answers: dict[str, str] = {}
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        answers |= zip(part, classifier.classify(part), strict=True)
    strange = sorted(set(answers.values()) - {*classifier.classes, UNKNOWN})
    if strange:
        raise ValueError(f"{classifier.version} answers {strange[0]}, which is none of its classes")
    return [answers.get(tidy(name), UNKNOWN) if name else UNKNOWN for name in names]


def groups_of(classifier: Classifier, groups: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What each class of a classifier counts as: the group that names it, or itself.

    Errors: UsageError where all are one, whose count would be that of all movers less the unknown.
    """
    named = {class_: group for group, classes in groups.items() for class_ in classes}
    told_as = {class_: named.get(class_, class_) for class_ in sorted(classifier.classes)}
    if len({*told_as.values()}) < 2:
        raise UsageError(f"{_SETTING}: gives {classifier.classes[0]} alone; two classes or groups at least are needed")
    return told_as
