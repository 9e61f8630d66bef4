"""The catalogue: small models of many labs that take a seat by a short name, and what hosted models cost.

Rows come from the package's `catalogue.toml` and from the reader's own file of the same form, checked on reading. This
module knows names, licences, sizes, quirks and prices; it opens no model and asks none, and of the hub it knows only
whether a file has been pulled.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, TypeAdapter, ValidationError

from fivepenny.errors import FivepennyError, MissingPart, UnknownMind, WrongUse
from fivepenny.minds import hub
from fivepenny.minds.mind import Mind, MindCard
from fivepenny.minds.wrapping import WrappedMind

SCHEME = "touring"
CATALOGUE = "catalogue.toml"

_STRICT = {"extra": "forbid", "strict": True}
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")

# Companies that do not tour; a catalogue cannot take their names.
_OTHER_COMPANIES = frozenset({"house", "understudies", "null"})

Line = Annotated[str, Field(min_length=1, pattern=r"^\S.*$")]
Count = Annotated[int, Field(ge=0)]
Host = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")]
Dollars = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]


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
class PriceRow:
    """What a model costs at a host, in US dollars for a million tokens: of the prompt, of the reply, and from a cache.

    `host` is the host of the address alone, `model` the model's name there. `cached_dollars` is None where nobody
    tells a price of its own for cached tokens. `source` says who told the price, `as_of` when it held.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    host: Host
    model: Line
    prompt_dollars: Dollars
    completion_dollars: Dollars
    as_of: date
    source: Line
    cached_dollars: Dollars | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries in their order, which of them tour together, by the company's name, and prices."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    companies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    models: tuple[TouringModel, ...] = ()
    prices: tuple[PriceRow, ...] = ()

    def find(self, name: str) -> TouringModel | None:
        """The entry of this name, or None."""
        return next((model for model in self.models if model.name == name), None)

    def find_price(self, host: str, model: str) -> PriceRow | None:
        """What this model costs at this host, or None."""
        return next((row for row in self.prices if (row.host, row.model) == (host, model)), None)

    def joined(self, own: "Catalogue") -> "Catalogue":
        """This catalogue with another's rows after it; a row of the same name, or host and model, is replaced."""
        models = {model.name: model for model in (*self.models, *own.models)}
        prices = {(row.host, row.model): row for row in (*self.prices, *own.prices)}
        return Catalogue({**self.companies, **own.companies}, tuple(models.values()), tuple(prices.values()))


@dataclass(frozen=True, slots=True)
class TouringRow:
    """One line of the list of touring models."""

    model: TouringModel
    pulled: bool

    @property
    def state(self) -> str:
        """How its file stands on this machine, in words."""
        return "pulled" if self.pulled else "not pulled"


def own_path() -> Path:
    """The reader's own catalogue: `$XDG_CONFIG_HOME/fivepenny/catalogue.toml`, else below `~/.config`."""
    chosen = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".config"
    return folder / "fivepenny" / CATALOGUE


def catalogue() -> Catalogue:
    """The package's catalogue and, after it, the reader's own, where there is one; a changed file is read again.

    Raises `MissingPart` where the package's is not there or the reader's cannot be read, `WrongUse` where one is
    malformed.
    """
    path = own_path()
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return shipped_catalogue()
    except OSError as error:
        raise MissingPart(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    return _with_own(path, found.st_mtime_ns, found.st_size)


@cache
def shipped_catalogue() -> Catalogue:
    """The package's catalogue alone. Raises `MissingPart` or `WrongUse`."""
    return read_catalogue(Path(str(resources.files("fivepenny"))) / "data" / CATALOGUE)


@lru_cache(maxsize=1)
def _with_own(path: Path, modified_ns: int, size_bytes: int) -> Catalogue:
    """Both catalogues; time and size stand in the key, so that a file that was changed is not taken from the cache."""
    del modified_ns, size_bytes
    return read_catalogue(path, shipped_catalogue())


def read_catalogue(path: Path, before: Catalogue | None = None) -> Catalogue:
    """Read and check a catalogue; `before` is the one that its rows come after. Raises `MissingPart` or `WrongUse`."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise WrongUse(f"{path}: not UTF-8 text; write it again") from error
    except OSError as error:
        cure = "install the package again" if before is None else "check its permissions"
        raise MissingPart(f"{path}: no catalogue ({error.strerror}); {cure}") from error
    try:
        # By way of JSON, where a strict check takes a list for a tuple and a text for a member of an enum.
        own = TypeAdapter(Catalogue).validate_json(json.dumps(tomllib.loads(text), default=str))
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path}: not TOML ({error}); correct it") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WrongUse(f"{path}: {place}: {first['msg']}; correct the entry") from error
    _check_rows(own, path)
    found = own if before is None else before.joined(own)
    _check_companies(found, path)
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


class CataloguedMind(WrappedMind):
    """A mind under the name and lab that the catalogue gives it: quantised files often name neither."""

    def __init__(self, mind: Mind, model: TouringModel) -> None:
        """Everything but the card is the mind's own."""
        super().__init__(mind)
        own = mind.card
        self._card = MindCard(model.title, model.lab, own.family, own.parameters, own.wording)

    @property
    def card(self) -> MindCard:
        """Name and lab of the catalogue; family, weights and wording of the file."""
        return self._card


def _check_rows(own: Catalogue, path: Path) -> None:
    """What the form of single entries of one file cannot show. Raises `WrongUse`."""
    names = [model.name for model in own.models]
    for model in own.models:
        if not _NAME.fullmatch(model.name):
            raise WrongUse(f"{path}: {model.name!a} is no name; write lower-case letters, digits, dots and hyphens")
        if names.count(model.name) > 1:
            raise WrongUse(f"{path}: {model.name} stands twice; rename one")
        try:
            hub.parse(model.reference)
        except FivepennyError as error:
            raise WrongUse(f"{path}: {model.name}: {error}") from error
    places = [(row.host, row.model) for row in own.prices]
    for place in places:
        if places.count(place) > 1:
            raise WrongUse(f"{path}: the price of {place[1]} at {place[0]} stands twice; delete one")


def _check_companies(found: Catalogue, path: Path) -> None:
    """Companies of models that there are. Raises `WrongUse`."""
    for company, members in found.companies.items():
        if company in _OTHER_COMPANIES:
            raise WrongUse(f"{path}: company {company} is none that tours; give yours another name")
        strangers = [member for member in members if found.find(member) is None]
        if strangers or not members:
            raise WrongUse(f"{path}: company {company} names {strangers or 'nobody'}; name models of the catalogue")
