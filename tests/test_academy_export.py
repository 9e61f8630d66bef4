"""Export: llama.cpp computes what transformers does, for all five families, and a wrong file never stays."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from academy_samples import sample_tokenizer, tiny_recipe
from fivepenny.academy import export as exporting
from fivepenny.academy.export import (
    DIFFERENCE_LIMIT_NATS,
    Weights,
    check_gguf,
    compare,
    export,
    random_prompts,
    write_gguf,
)
from fivepenny.academy.families import build
from fivepenny.academy.recipe import Family, Quantisation, Recipe
from fivepenny.academy.tokenizer import BEGIN_ID, CueTokenizer
from fivepenny.errors import CheckFailed, WrongUse
from fivepenny.minds.gguf import read_head
from fivepenny.minds.llama import HouseEncoder

TOKENIZER = sample_tokenizer()


def opinionated(recipe: Recipe) -> torch.nn.Module:
    """A model whose every weight matters: near-uniform answers would hide a wrong export."""
    model = build(recipe)
    lot = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for weight in model.parameters():
            noise = torch.randn(weight.shape, generator=lot)
            weight.copy_(noise * 0.15 if weight.ndim > 1 else weight + noise * 0.2)
    return model


def saved(model: torch.nn.Module, path: Path) -> Path:
    save_file({name: weight.detach() for name, weight in model.named_parameters()}, path)
    return path


@pytest.mark.parametrize("family", Family)
def test_the_engine_answers_as_transformers_does(tmp_path: Path, family: Family) -> None:
    recipe = tiny_recipe(family)
    weights = saved(opinionated(recipe), tmp_path / "weights.safetensors")
    facts = export(recipe, weights, TOKENIZER, tmp_path / "tiny.gguf")
    assert 0 < facts.difference_nats <= DIFFERENCE_LIMIT_NATS[Quantisation.F16]
    assert facts.size_bytes == (tmp_path / "tiny.gguf").stat().st_size
    head = read_head(tmp_path / "tiny.gguf")
    assert head.architecture == family.value
    assert head.parameters == facts.parameters
    assert {path.name for path in tmp_path.iterdir()} == {"weights.safetensors", "tiny.gguf"}


@pytest.mark.parametrize("family", [Family.LLAMA, Family.GEMMA3, Family.GPTNEOX])
def test_a_file_without_its_rearrangement_is_caught_and_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: Family
) -> None:
    def as_it_stands(recipe: Recipe, model: torch.nn.Module) -> Iterator[tuple[str, Weights]]:
        for name, weight in model.named_parameters():
            yield name, np.ascontiguousarray(weight.detach().numpy())

    monkeypatch.setattr(exporting, "arranged", as_it_stands)
    recipe = tiny_recipe(family, Quantisation.Q8_0)
    weights = saved(opinionated(recipe), tmp_path / "weights.safetensors")
    with pytest.raises(CheckFailed, match="differ by up to"):
        export(recipe, weights, TOKENIZER, tmp_path / "tiny.gguf")
    assert {path.name for path in tmp_path.iterdir()} == {"weights.safetensors"}


@pytest.mark.parametrize("name", ["self_attn.k_proj.weight", "conv.conv.weight", "q_layernorm.weight"])
def test_one_damaged_tensor_is_caught(tmp_path: Path, name: str) -> None:
    recipe = tiny_recipe(Family.LFM2)
    model = opinionated(recipe)
    write_gguf(recipe, model, TOKENIZER, tmp_path / "tiny.gguf")
    assert check_gguf(recipe, model, tmp_path / "tiny.gguf", random_prompts(recipe)) > 0
    with torch.no_grad():
        (weight,) = [weight for other, weight in model.named_parameters() if other.endswith(name)]
        weight.copy_(weight.flip(-1))
    with pytest.raises(CheckFailed):
        check_gguf(recipe, model, tmp_path / "tiny.gguf", random_prompts(recipe))


@pytest.mark.parametrize("family", Family)
def test_eight_bits_are_smaller_and_nearly_as_true(tmp_path: Path, family: Family) -> None:
    recipe = tiny_recipe(family, Quantisation.Q8_0)
    # A twin needs no trained weights.
    facts = export(recipe, None, TOKENIZER, tmp_path / "eight.gguf")
    half = export(tiny_recipe(family), None, TOKENIZER, tmp_path / "sixteen.gguf")
    assert facts.size_bytes < half.size_bytes
    assert half.difference_nats < facts.difference_nats <= DIFFERENCE_LIMIT_NATS[Quantisation.Q8_0]
    twin, trained = build(recipe, twin=True), build(recipe)
    prompts = random_prompts(recipe)
    assert compare(twin, tmp_path / "eight.gguf", prompts) < compare(trained, tmp_path / "eight.gguf", prompts)


def test_the_file_says_what_it_is_and_minds_prompt_it_as_it_was_trained(tmp_path: Path) -> None:
    recipe = tiny_recipe(Family.QWEN3)
    export(recipe, None, TOKENIZER, tmp_path / "tiny.gguf")
    head = read_head(tmp_path / "tiny.gguf")
    told = {
        "general.name": recipe.name,
        "general.organization": recipe.author,
        "general.author": recipe.author,
        "general.license": recipe.licence,
        "fivepenny.wording": "cue",
        "fivepenny.recipe": recipe.training_digest(),
        "tokenizer.ggml.pre": "gpt-2",
    }
    assert {key: head.text(key) for key in told} == told
    TOKENIZER.save(tmp_path / "tokenizer.json")
    encoder = HouseEncoder(tmp_path / "tokenizer.json", head)
    assert encoder.encode("", " buy rye<|end|>") == [BEGIN_ID, *TOKENIZER.encode(" buy rye<|end|>")]


def test_the_comparison_may_be_on_prompts_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[int]] = []
    real = exporting.compare

    def listening(model: torch.nn.Module, path: Path, prompts: list[list[int]]) -> float:
        asked.extend(prompts)
        return real(model, path, prompts)

    monkeypatch.setattr(exporting, "compare", listening)
    export(tiny_recipe(Family.LLAMA), None, TOKENIZER, tmp_path / "tiny.gguf", [" buy rye", " sell"])
    assert asked == [[BEGIN_ID, *TOKENIZER.encode(" buy rye")], [BEGIN_ID, *TOKENIZER.encode(" sell")]]


def test_a_tokenizer_larger_than_the_embedding_is_refused(tmp_path: Path) -> None:
    class Large(CueTokenizer):
        @property
        def size(self) -> int:
            return 321

    with pytest.raises(WrongUse, match="a vocabulary of 320 for 321 tokens"):
        export(tiny_recipe(Family.LLAMA), None, Large(TOKENIZER.inner), tmp_path / "tiny.gguf")
    assert not list(tmp_path.iterdir())
