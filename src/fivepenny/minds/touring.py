"""The catalogue of touring models: small models of many labs that take a seat by a short name.

Rows come from the package's `catalogue.toml`, checked on reading. This module knows names, licences, sizes and
quirks; it opens no model and asks none, and of the hub it knows only whether a file has been pulled.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, TypeAdapter, ValidationError

from fivepenny.errors import MissingPart, UnknownMind, WrongUse
from fivepenny.minds import hub
from fivepenny.minds.mind import Completion, Mind, MindCard, Request

SCHEME = "touring"
CATALOGUE = "catalogue.toml"

_STRICT = {"extra": "forbid", "strict": True}
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")

Line = Annotated[str, Field(min_length=1, pattern=r"^\S.*$")]
Count = Annotated[int, Field(ge=0)]


class Outputs(StrEnum):
    """Whether a model's outputs may train other models."""

    YES = "yes"
    NO = "no"
    WITH_TERMS = "with terms"
    UNKNOWN = "unknown"


class Quirk(StrEnum):
    """What a model does that others do not; the catalogue's head says what each means."""

    HARMONY = "harmony"
    THINK_BLOCKS = "think blocks"
    NO_SYSTEM_ROLE = "no system role"
    DEFAULT_SYSTEM_PROMPT = "default system prompt"
    DATED_SYSTEM_PROMPT = "dated system prompt"
    UNUSUAL_MARKS = "unusual marks"


@dataclass(frozen=True, slots=True)
class TouringModel:
    """One entry of the catalogue; 0 and empty stand for what could not be verified (see `unverified`).

    `family` is the GGUF architecture, `reference` an `hf://` reference, `licence` an SPDX identifier or the
    licence's own name.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: Line
    title: Line
    lab: Line
    family: Line
    parameters: Count
    licence: Line
    outputs: Outputs
    context_tokens: Count
    reference: Line
    quantisation: Line
    size_bytes: Count
    outputs_source: str = ""
    quirks: tuple[Quirk, ...] = ()
    notes: str = ""
    unverified: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries in their order, and which of them tour together, by the company's name."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    companies: dict[str, tuple[str, ...]]
    models: tuple[TouringModel, ...]

    def find(self, name: str) -> TouringModel | None:
        """The entry of this name, or None."""
        return next((model for model in self.models if model.name == name), None)


@dataclass(frozen=True, slots=True)
class TouringRow:
    """One line of the list of touring models."""

    model: TouringModel
    pulled: bool

    @property
    def state(self) -> str:
        """How its file stands on this machine, in words."""
        return "pulled" if self.pulled else "not pulled"


@cache
def catalogue() -> Catalogue:
    """The package's catalogue. Raises `MissingPart` where it is not there, `WrongUse` where it is malformed."""
    return read_catalogue(Path(str(resources.files("fivepenny"))) / "data" / CATALOGUE)


def read_catalogue(path: Path) -> Catalogue:
    """Read and check a catalogue. Raises `MissingPart` or `WrongUse`, one line."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise MissingPart(f"{path}: no catalogue ({error.strerror}); install the package again") from error
    try:
        # By way of JSON, where a strict check takes a list for a tuple and a text for a member of an enum.
        found = TypeAdapter(Catalogue).validate_json(json.dumps(tomllib.loads(text), default=str))
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path}: not TOML ({error}); correct it") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WrongUse(f"{path}: {place}: {first['msg']}; correct the entry") from error
    _check(found, path)
    return found


def resolve(reference: str) -> str:
    """The `hf://` reference behind `touring:NAME`; any other reference as it is. Raises `UnknownMind`."""
    scheme, _, name = reference.partition(":")
    if scheme != SCHEME:
        return reference
    model = catalogue().find(name)
    if model is None:
        names = ", ".join(model.name for model in catalogue().models)
        raise UnknownMind(f"{reference!a} names no touring model; there are: {names}")
    return model.reference


def model_of(reference: str) -> TouringModel | None:
    """The entry that stands behind a reference, or None where the catalogue has none."""
    resolved = resolve(reference)
    return next((model for model in catalogue().models if model.reference == resolved), None)


def company_names() -> tuple[str, ...]:
    """The touring companies that there are."""
    return tuple(catalogue().companies)


def touring_company(name: str, seats: Sequence[str]) -> dict[str, str]:
    """The `hf://` reference of each seat in this company; with more seats than models, models come again.

    Raises `UnknownMind` where there is no such company.
    """
    if name not in catalogue().companies:
        raise UnknownMind(f"no touring company {name!a}; there are: {', '.join(company_names())}")
    members = catalogue().companies[name]
    return {seat: resolve(f"{SCHEME}:{members[place % len(members)]}") for place, seat in enumerate(seats)}


def list_touring() -> tuple[TouringRow, ...]:
    """A row for each entry of the catalogue, in its order; needs no network and no hub library."""
    return tuple(TouringRow(model, hub.is_pulled(model.reference)) for model in catalogue().models)


def unpulled(references: Iterable[str]) -> tuple[str, ...]:
    """Those of these references that have still to be pulled, each once, in order. Raises `UnknownMind`."""
    wanted = dict.fromkeys(resolve(reference) for reference in references)
    return tuple(reference for reference in wanted if hub.is_hub(reference) and not hub.is_pulled(reference))


def pull_model(reference: str, tell: hub.Tell = hub.tell_nothing) -> Path:
    """Bring the file behind `touring:NAME` or `hf://…` to this machine; its path. Raises as `hub.pull` does."""
    resolved = resolve(reference)
    if not hub.is_hub(resolved):
        raise UnknownMind(f"{reference!a} cannot be pulled; write {SCHEME}:NAME or {hub.FORM}")
    return hub.pull(resolved, tell)


class CataloguedMind:
    """A mind under the name and lab that the catalogue gives it: quantised files often name neither."""

    def __init__(self, mind: Mind, model: TouringModel) -> None:
        """Everything but the card is the mind's own."""
        self._mind = mind
        own = mind.card
        self._card = MindCard(model.title, model.lab, own.family, own.parameters, own.wording)

    @property
    def card(self) -> MindCard:
        """Name and lab of the catalogue; family, weights and wording of the file."""
        return self._card

    def count_tokens(self, system: str, prompt: str) -> int:
        """As the mind counts."""
        return self._mind.count_tokens(system, prompt)

    def complete(self, request: Request) -> Completion:
        """As the mind answers."""
        return self._mind.complete(request)

    def close(self) -> None:
        """Close the mind."""
        self._mind.close()


def _check(found: Catalogue, path: Path) -> None:
    """What the form of single entries cannot show. Raises `WrongUse`."""
    names = [model.name for model in found.models]
    for model in found.models:
        if not _NAME.fullmatch(model.name):
            raise WrongUse(f"{path}: {model.name!a} is no name; write lower-case letters, digits, dots and hyphens")
        if names.count(model.name) > 1:
            raise WrongUse(f"{path}: {model.name} stands twice; rename one")
        hub.parse(model.reference)
    for company, members in found.companies.items():
        strangers = [member for member in members if member not in names]
        if strangers or not members:
            raise WrongUse(f"{path}: company {company} names {strangers or 'nobody'}; name models of this file")
