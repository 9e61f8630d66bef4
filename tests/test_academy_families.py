"""The five families: seeded weights, the twin, and the size of the shipped company."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from academy_samples import tiny_recipe
from fivepenny.academy.families import build, count_parameters, load
from fivepenny.academy.recipe import Family, shipped_recipes
from fivepenny.errors import WrongUse

# Q8_0 stores 32 weights in 34 bytes.
BYTES_PER_WEIGHT = 34 / 32
COMPANY_BYTES_MAX = 12_000_000


@pytest.mark.parametrize("family", Family)
def test_weights_are_a_function_of_the_recipe_and_the_twin_is_another_draw(family: Family) -> None:
    recipe = tiny_recipe(family)
    torch.manual_seed(1)
    once = dict(build(recipe).named_parameters())
    drawn = torch.rand(1)
    torch.manual_seed(2)
    again = dict(build(recipe).named_parameters())
    twin = dict(build(recipe, twin=True).named_parameters())
    assert all(torch.equal(once[name], again[name]) for name in once)
    assert {name: weight.shape for name, weight in once.items()} == {name: w.shape for name, w in twin.items()}
    assert not any(torch.equal(once[name], twin[name]) for name in once if once[name].ndim > 1)
    # The caller's own randomness is left alone.
    torch.manual_seed(1)
    assert torch.equal(torch.rand(1), drawn)


def test_the_company_is_small() -> None:
    weights = {name: count_parameters(build(recipe)) for name, recipe in shipped_recipes().items()}
    assert all(1_000_000 <= count <= 4_000_000 for count in weights.values()), weights
    assert sum(weights.values()) * BYTES_PER_WEIGHT < COMPANY_BYTES_MAX, weights


def test_weights_of_another_recipe_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    with pytest.raises(WrongUse, match="cannot read"):
        load(tiny_recipe(Family.LLAMA), path)
    weights = {name: weight.detach() for name, weight in build(tiny_recipe(Family.LLAMA)).named_parameters()}
    save_file(weights, path)
    with pytest.raises(WrongUse, match="on one side only"):
        load(tiny_recipe(Family.QWEN3), path)
    name = "model.norm.weight"
    save_file({**weights, name: torch.ones(3)}, path)
    with pytest.raises(WrongUse, match="another shape"):
        load(tiny_recipe(Family.LLAMA), path)
