"""Which minds there are, where their files lie, and the one factory that seats them.

A reference is `house:NAME` for the five models that come with the package, or `gguf:PATH` for any GGUF file.
This module knows no policies (an understudy is not a mind) and no engine: it calls the factory that does.
"""

from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path

from fivepenny.errors import MissingPart, WrongUse
from fivepenny.minds.gguf import check_language_model, read_head
from fivepenny.minds.llama import card_of
from fivepenny.minds.mind import Mind, Wording
from fivepenny.minds.registry import open_mind

HOUSE_NAMES = ("marrow", "quill", "vesper", "brock", "tansy")
_HOUSE = "house"


class FileState(StrEnum):
    """How a mind's file stands on this machine."""

    THERE = "there"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class MindRow:
    """One line of `fivepenny models list`; what only the file can tell is empty or 0 where it is not there."""

    reference: str
    name: str
    lab: str
    family: str
    parameters: int
    licence: str
    size_bytes: int
    wording: Wording
    state: FileState


def models_folder() -> Path:
    """Where the package keeps the house models and their tokenizer."""
    return Path(str(resources.files("fivepenny"))) / "data" / "models"


def seat_mind(reference: str) -> Mind:
    """Open the mind that `reference` names, by the scheme that `fivepenny.minds.registry` has for it.

    Raises `UnknownMind` for a reference that names none, `MissingPart` where its file or a library is not on
    this machine, `WrongUse` where the file cannot be used, `CheckFailed` where a pulled file has changed.
    """
    return open_mind(reference)


def list_minds() -> tuple[MindRow, ...]:
    """A row for each house mind, in the order of the company; a missing or broken file is a state, no error."""
    return tuple(_house_row(name) for name in HOUSE_NAMES)


def _house_row(name: str) -> MindRow:
    reference = f"{_HOUSE}:{name}"
    path = models_folder() / f"{name}.gguf"
    try:
        head = read_head(path)
        check_language_model(head)
    except (MissingPart, WrongUse) as error:
        state = FileState.MISSING if isinstance(error, MissingPart) else FileState.BROKEN
        return MindRow(reference, name, "", "", 0, "", 0, Wording.CUE, state)
    card = card_of(head, Wording.CUE)
    return MindRow(
        reference,
        card.name,
        card.lab,
        card.family,
        card.parameters,
        head.text("general.license"),
        head.size_bytes,
        card.wording,
        FileState.THERE,
    )
