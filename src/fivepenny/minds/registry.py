"""Which schemes a mind's reference may have, and the factory behind each: our own, and those of plug-ins.

A backend is one file with a factory, and one line: here, or in a plug-in package's entry points. This module loads
a factory's libraries only when a reference asks for it; it knows no policies, and it asks no mind anything.
"""

import re
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

from fivepenny.errors import FivepennyError, MissingPart, UnknownMind, WrongUse, foreign_words
from fivepenny.minds import hub, touring
from fivepenny.minds.mind import Mind

Factory = Callable[[str], Mind]
"""Opens the mind that a whole reference, scheme included, names."""

GROUP = "fivepenny.minds"
"""The entry-point group of plug-ins: a name is a scheme, its value a `Factory`."""

# References that others read before a mind is looked for.
RESERVED = frozenset({"understudy", "null", "human", "cascade"})

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_PARTS = ("card", "count_tokens", "complete", "close")


def open_mind(reference: str) -> Mind:
    """Open the mind that `reference` names.

    Raises `UnknownMind` for a reference that names none, `MissingPart` where its file or a library is not on this
    machine, `WrongUse` where the file or the plug-in cannot be used, `CheckFailed` where a pulled file has changed.
    """
    scheme, mark, _ = reference.partition(":")
    if mark and scheme in BUILT_IN:
        return BUILT_IN[scheme](reference)
    plug_ins = _plug_ins(scheme) if mark else ()
    if not plug_ins:
        raise _unknown(reference)
    return _opened_plug_in(reference, plug_ins)


def forms() -> tuple[str, ...]:
    """How references are written, built-in schemes first; nothing is loaded."""
    from fivepenny.minds.catalogue import HOUSE_NAMES

    ours = (*(f"house:{name}" for name in HOUSE_NAMES), "gguf:PATH", hub.FORM, "touring:NAME", "openai:URL#MODEL")
    return (*ours, *(f"{point.name}:…" for point in _sound_plug_ins()))


def plug_in_faults() -> tuple[str, ...]:
    """One line for each installed plug-in that can never be asked, and why; nothing is loaded."""
    points = _points()
    names = [point.name for point in points]
    return tuple(fault for point in points if (fault := _fault(point, names)))


def _unknown(reference: str) -> UnknownMind:
    return UnknownMind(f"{reference!a} names no mind; write {', '.join(forms())}, understudy:NAME, null or human")


def _house(reference: str) -> Mind:
    from fivepenny.minds import catalogue
    from fivepenny.minds.llama import TOKENIZER_NAME, house_mind

    name = reference.partition(":")[2]
    if name not in catalogue.HOUSE_NAMES:
        raise _unknown(reference)
    folder = catalogue.models_folder()
    if not (folder / f"{name}.gguf").is_file():
        raise MissingPart(f"{reference}: its model is not in this installation; play --company understudies")
    return house_mind(folder / f"{name}.gguf", folder / TOKENIZER_NAME)


def _gguf(reference: str) -> Mind:
    from fivepenny.minds.llama import file_mind

    path = reference.partition(":")[2]
    if not path:
        raise _unknown(reference)
    return file_mind(Path(path))


def _hub(reference: str) -> Mind:
    from fivepenny.minds.llama import file_mind

    mind = file_mind(touring.pull_model(reference))
    model = touring.model_of(reference)
    return mind if model is None else touring.CataloguedMind(mind, model)


def _openai(reference: str) -> Mind:
    from fivepenny.minds.remote import remote_mind

    return remote_mind(reference)


BUILT_IN: Mapping[str, Factory] = MappingProxyType(
    {"house": _house, "gguf": _gguf, "hf": _hub, touring.SCHEME: _hub, "openai": _openai}
)
"""The schemes that the package brings; a plug-in cannot take one of them."""


def _points() -> tuple[metadata.EntryPoint, ...]:
    return tuple(sorted(metadata.entry_points(group=GROUP), key=lambda point: (point.name, point.value)))


def _sound_plug_ins() -> tuple[metadata.EntryPoint, ...]:
    points = _points()
    names = [point.name for point in points]
    return tuple(point for point in points if not _fault(point, names))


def _plug_ins(scheme: str) -> tuple[metadata.EntryPoint, ...]:
    return tuple(point for point in _points() if point.name == scheme and scheme not in RESERVED)


def _fault(point: metadata.EntryPoint, names: list[str]) -> str:
    if point.name in BUILT_IN or point.name in RESERVED:
        return f"{_who(point)}: {point.name}: is a scheme of Fivepenny's own; uninstall it or rename its scheme"
    if not _SCHEME.fullmatch(point.name):
        return f"{_who(point)}: {point.name!a} is no scheme; it has to be lower case, as in echo"
    if names.count(point.name) > 1:
        return f"{_who(point)}: another plug-in has the scheme {point.name}: too; uninstall one of them"
    return ""


def _opened_plug_in(reference: str, points: tuple[metadata.EntryPoint, ...]) -> Mind:
    point = points[0]
    if fault := _fault(point, [each.name for each in points]):
        raise WrongUse(fault)
    try:
        factory = point.load()
    except Exception as error:  # a stranger's module may raise anything while it is imported
        raise WrongUse(f"{_who(point)}: cannot be loaded ({foreign_words(error)}); repair or uninstall it") from error
    try:
        mind: Mind = factory(reference)
    except FivepennyError:
        raise
    except Exception as error:
        raise WrongUse(
            f"{_who(point)}: cannot open {reference!a} ({foreign_words(error)}); see its own manual"
        ) from error
    lacking = [part for part in _PARTS if not hasattr(mind, part)]
    if lacking:
        raise WrongUse(
            f"{_who(point)}: what it opens is no mind (it lacks {', '.join(lacking)}); repair or uninstall it"
        )
    return mind


def _who(point: metadata.EntryPoint) -> str:
    package = f" of {point.dist.name}" if point.dist else ""
    return f"plug-in {point.name!a}{package}"
