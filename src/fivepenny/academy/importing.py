"""The weights of a GGUF file of ours as transformers names and arranges them: the way back from an export.

What a file has rounded stays rounded. This module knows the five families of this academy, not files of others.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fivepenny.academy import families
from fivepenny.academy.export import Weights, architecture_of
from fivepenny.academy.recipe import Family, Recipe
from fivepenny.errors import MissingPart, WrongUse

if TYPE_CHECKING:
    import torch


def file_digest(path: Path) -> str:
    """Hexadecimal SHA-256 of a file. Raises MissingPart where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as fault:
        raise MissingPart(f"{path}: the model to begin with cannot be read: {fault}") from fault


def read_weights(recipe: Recipe, path: Path) -> "dict[str, torch.Tensor]":
    """The parameters of a recipe's model, by their transformers names, from a GGUF file that `export` wrote.

    Raises WrongUse where a tensor is missing or has another shape than the recipe's.
    """
    import torch

    model = families.build(recipe)
    found = {name: torch.from_numpy(weight) for name, weight in _weights(recipe, model, path)}
    families.fill(model, found, str(path))
    return found


def _weights(recipe: Recipe, model: "torch.nn.Module", path: Path) -> Iterator[tuple[str, Weights]]:
    import gguf

    stored = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
    names = gguf.get_tensor_name_map(architecture_of(recipe.family), recipe.shape.layers)
    for name, parameter in model.named_parameters():
        tensor = stored.get(names.get_name(name, try_suffixes=(".weight", ".bias")) or "")
        if tensor is None:
            raise WrongUse(f"{path}: it has no tensor for {name}; it is not of recipe {recipe.name}")
        weight = np.array(gguf.quants.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
        yield name, np.ascontiguousarray(_put_back(recipe, name, weight)).reshape(tuple(parameter.shape))


def _put_back(recipe: Recipe, name: str, weight: Weights) -> Weights:
    """A weight as transformers wants it; see `export.arranged` for the way there."""
    shape = recipe.shape
    if recipe.family is Family.LLAMA and "q_proj" in name:
        return _in_halves(weight, shape.heads)
    if recipe.family is Family.LLAMA and "k_proj" in name:
        return _in_halves(weight, shape.key_heads)
    if recipe.family is Family.GEMMA3 and "norm" in name:
        return weight - np.float32(1)
    if recipe.family is Family.GPTNEOX and "query_key_value" in name:
        return _by_head(weight, shape.heads)
    return weight


def _in_halves(weight: Weights, heads: int) -> Weights:
    """Rows of each head from neighbouring pairs to two halves."""
    pairs = weight.reshape(heads, weight.shape[0] // heads // 2, 2, *weight.shape[1:])
    return pairs.swapaxes(1, 2).reshape(weight.shape)


def _by_head(weight: Weights, heads: int) -> Weights:
    """Rows from all queries, all keys, all values to query, key, value of each head."""
    by_part = weight.reshape(3, heads, weight.shape[0] // heads // 3, *weight.shape[1:])
    return by_part.swapaxes(0, 1).reshape(weight.shape)
