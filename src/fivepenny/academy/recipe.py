"""A recipe: what one model of the company is made of, and how it is trained.

A recipe file is TOML (checked strictly on reading) or the JSON that `write_recipe_json` wrote from a checked
recipe, which a training machine can read with the standard library alone. This module does not know torch,
tokens or teachers: the shares of the data mix are names and weights to it.
"""

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

from fivepenny.errors import MissingPart, WrongUse

# Q8_0 stores rows in blocks of 32, so every row of a weight matrix must be a multiple of it.
BLOCK_WIDTH = 32
# Sizes of an attention head whose export has been compared with transformers.
HEAD_SIZES = (16, 24, 32)
# Token ids are stored in 16 bits.
VOCABULARY_MAX = 65_536

_STRICT = {"extra": "forbid", "strict": True}


class Family(StrEnum):
    """The architectures that this academy trains and llama.cpp runs."""

    LLAMA = "llama"
    QWEN3 = "qwen3"
    GEMMA3 = "gemma3"
    GPTNEOX = "gptneox"
    LFM2 = "lfm2"


class Quantisation(StrEnum):
    """How the matrices are stored in the GGUF file."""

    F16 = "f16"
    Q8_0 = "q8_0"


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a model.

    `width` is the residual stream, `inner` the feed-forward width, `vocabulary` the rows of the embedding,
    `context` the most tokens of a sequence. `attention_layers` names the layers that attend (LFM2 only; its
    others convolve).
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    width: int
    layers: int
    heads: int
    key_heads: int
    inner: int
    vocabulary: int
    context: int
    attention_layers: tuple[int, ...] = ()

    @property
    def head_size(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the weights are trained: AdamW, linear warm-up, then a cosine down to `final_share` of the peak.

    `batch` counts examples in a step; `clip_norm` bounds the gradient's Euclidean norm.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    steps: int
    warmup_steps: int
    batch: int
    learning_rate: float
    final_share: float
    weight_decay: float
    clip_norm: float
    initial_deviation: float


@dataclass(frozen=True, slots=True)
class Beginning:
    """The shipped model whose weights training goes on from, and the SHA-256 of its file: later ones are others."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    model: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """One model of the company. Without a beginning its weights are random at first.

    Raises `WrongUse` where its parts do not fit together.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    family: Family
    author: str
    licence: str
    description: str
    seed: int
    quantisation: Quantisation
    shape: Shape
    schedule: Schedule
    shares: dict[str, float] = field(default_factory=dict)
    begins: Beginning | None = None

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise WrongUse(f"recipe {self.name!r}: {fault}")

    def training_digest(self) -> str:
        """Hexadecimal digest of everything that decides the weights, data aside."""
        deciding = {
            "name": self.name,
            "family": self.family.value,
            "seed": self.seed,
            "shape": asdict(self.shape),
            "schedule": asdict(self.schedule),
            **({"begins": asdict(self.begins)} if self.begins else {}),
        }
        return sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()


def _faults(recipe: Recipe) -> list[str]:
    """What is wrong with the figures of a recipe, worst first; empty where they fit."""
    shape, schedule = recipe.shape, recipe.schedule
    counts = {**asdict(shape), **asdict(schedule)}
    del counts["attention_layers"]
    spans_own = {"weight_decay", "final_share", "warmup_steps"}
    faults = [
        f"{name} must be above 0, not {count}"
        for name, count in counts.items()
        if not math.isfinite(count) or count < 0 or (count == 0 and name not in spans_own)
    ]
    if faults:
        return faults
    faults += [
        f"{name} must be a multiple of {BLOCK_WIDTH}, not {counts[name]}"
        for name in ("width", "inner", "vocabulary")
        if counts[name] % BLOCK_WIDTH
    ]
    if shape.vocabulary > VOCABULARY_MAX:
        faults.append(f"vocabulary must be at most {VOCABULARY_MAX}")
    if shape.width % shape.heads or shape.head_size not in HEAD_SIZES:
        faults.append(f"width / heads must be one of {HEAD_SIZES}, not {shape.width} / {shape.heads}")
    if shape.heads % shape.key_heads:
        faults.append("key_heads must divide heads")
    faults += _family_faults(recipe)
    if schedule.warmup_steps >= schedule.steps:
        faults.append("warmup_steps must be below steps")
    if schedule.final_share > 1:
        faults.append("final_share must be at most 1")
    return faults


def _family_faults(recipe: Recipe) -> list[str]:
    """What this family cannot have."""
    shape = recipe.shape
    if recipe.family is Family.LFM2:
        attending = shape.attention_layers
        if not attending or set(attending) - set(range(shape.layers)):
            return [f"attention_layers must name some of the layers 0 to {shape.layers - 1}"]
        return []
    if shape.attention_layers:
        return [f"attention_layers is for {Family.LFM2.value} only"]
    if recipe.family is Family.GPTNEOX and shape.key_heads != shape.heads:
        return ["key_heads must equal heads in this family"]
    return []


def read_recipe(path: Path) -> Recipe:
    """Read a recipe. Raises `WrongUse` for a file that is missing, malformed or does not fit together."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise WrongUse(f"{path}: cannot read this recipe: {fault}") from fault
    try:
        if path.suffix == ".json":
            return _recipe_of_table(json.loads(text))
        return _checked_recipe(tomllib.loads(text), str(path))
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as fault:
        raise WrongUse(f"{path}: not a well-formed recipe: {fault}") from fault
    except (KeyError, TypeError, ValueError) as fault:
        raise WrongUse(f"{path}: not a recipe written by write_recipe_json: {fault}") from fault


def write_recipe_json(recipe: Recipe, path: Path) -> None:
    """Write a checked recipe for a machine that has only the standard library."""
    draft = path.with_name(path.name + ".draft")
    draft.write_text(json.dumps(asdict(recipe), indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def shipped_recipes() -> dict[str, Recipe]:
    """The recipes of the embedded company, by name, in the order of their names."""
    folder = resources.files("fivepenny") / "data" / "recipes"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    recipes = [_checked_recipe(tomllib.loads(entry.read_text(encoding="utf-8")), entry.name) for entry in files]
    return {recipe.name: recipe for recipe in recipes}


def _checked_recipe(table: Mapping[str, Any], source: str) -> Recipe:
    try:
        from pydantic import TypeAdapter, ValidationError
    except ImportError as fault:
        raise MissingPart("reading a TOML recipe needs pydantic; give the JSON form instead") from fault
    try:
        # JSON mode: strict about types, but a string may name a member of an enumeration.
        return TypeAdapter(Recipe).validate_json(json.dumps(table, default=str))
    except ValidationError as fault:
        # A misspelt key is also a missing one; the misspelling is what to mend.
        first = min(fault.errors(), key=lambda entry: entry["type"] != "unexpected_keyword_argument")
        place = ".".join(str(part) for part in first["loc"])
        raise WrongUse(f"{source}: {place}: {first['msg']}") from fault


def _recipe_of_table(table: Mapping[str, Any]) -> Recipe:
    """A recipe of a table that `write_recipe_json` wrote, so types are taken as they stand."""
    shape, schedule = dict(table["shape"]), dict(table["schedule"])
    shape["attention_layers"] = tuple(shape["attention_layers"])
    rest = {name: value for name, value in table.items() if name not in {"shape", "schedule"}}
    rest["family"] = Family(rest["family"])
    rest["quantisation"] = Quantisation(rest["quantisation"])
    rest["begins"] = Beginning(**rest["begins"]) if rest.get("begins") else None
    return Recipe(shape=Shape(**shape), schedule=Schedule(**schedule), **rest)
