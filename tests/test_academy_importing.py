"""Going on from a shipped model: a file's weights come back as they went in, and training starts from them."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from academy_samples import sample_examples, sample_tokenizer, tiny_recipe, write_examples
from fivepenny.academy import families, workshop
from fivepenny.academy.dataset import ExampleTable, encode_examples
from fivepenny.academy.export import write_gguf
from fivepenny.academy.importing import file_digest, read_weights
from fivepenny.academy.recipe import Beginning, Family, Quantisation, Recipe, read_recipe, write_recipe_json
from fivepenny.academy.training import BEGIN_FILE, TrainingOptions, train
from fivepenny.errors import MissingPart, WrongUse

TOKENIZER = sample_tokenizer()


def drawn(recipe: Recipe) -> torch.nn.Module:
    """A model no two of whose rows are alike, so that a wrong arrangement shows."""
    model = families.build(recipe)
    lot = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(torch.randn(weight.shape, generator=lot))
    return model


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> ExampleTable:
    folder = tmp_path_factory.mktemp("examples")
    source = write_examples(folder / "some.jsonl", sample_examples(60))
    return encode_examples([source], TOKENIZER, folder / "some.npz", context=64)


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("quantisation", Quantisation)
def test_a_file_read_and_written_again_is_the_same_file(
    tmp_path: Path, family: Family, quantisation: Quantisation
) -> None:
    recipe = tiny_recipe(family, quantisation)
    write_gguf(recipe, drawn(recipe), TOKENIZER, tmp_path / "first.gguf")
    again = families.build(recipe)
    families.fill(again, read_weights(recipe, tmp_path / "first.gguf"), "the first")
    write_gguf(recipe, again, TOKENIZER, tmp_path / "second.gguf")
    assert (tmp_path / "second.gguf").read_bytes() == (tmp_path / "first.gguf").read_bytes()


@pytest.mark.parametrize("family", Family)
def test_weights_come_back_where_they_were(tmp_path: Path, family: Family) -> None:
    """A file of the right bytes in the wrong rows would pass the round trip if both ways were wrong alike."""
    recipe = tiny_recipe(family, Quantisation.F16)
    model = drawn(recipe)
    write_gguf(recipe, model, TOKENIZER, tmp_path / "one.gguf")
    found = read_weights(recipe, tmp_path / "one.gguf")
    for name, weight in model.named_parameters():
        assert torch.allclose(found[name], weight.detach(), atol=2e-3, rtol=2e-3), name


def test_a_file_of_another_shape_or_family_is_refused(tmp_path: Path) -> None:
    recipe = tiny_recipe(Family.LLAMA)
    write_gguf(recipe, drawn(recipe), TOKENIZER, tmp_path / "one.gguf")
    for other in (tiny_recipe(Family.LFM2), replace(recipe, shape=replace(recipe.shape, layers=3))):
        with pytest.raises(WrongUse, match=r"one\.gguf"):
            read_weights(other, tmp_path / "one.gguf")


def test_training_goes_on_from_the_weights_and_wants_them(tmp_path: Path, table: ExampleTable) -> None:
    options = TrainingOptions(threads=1)
    first = tiny_recipe(Family.LLAMA, steps=60)
    learned = train(first, table, tmp_path / "first", options=options)
    further = replace(tiny_recipe(Family.LLAMA, steps=5), begins=Beginning("tiny", "0" * 64))
    with pytest.raises(WrongUse, match=BEGIN_FILE):
        train(further, table, tmp_path / "further", options=options)
    (tmp_path / "further" / BEGIN_FILE).write_bytes((tmp_path / "first" / "weights.safetensors").read_bytes())
    gone_on = train(further, table, tmp_path / "further", options=options)
    afresh = train(replace(further, begins=None), table, tmp_path / "afresh", options=options)
    assert gone_on.loss < learned.loss * 1.5
    assert gone_on.loss < afresh.loss / 2


def test_a_beginning_is_part_of_what_decides_the_weights_and_of_both_forms(tmp_path: Path) -> None:
    recipe = tiny_recipe(Family.LLAMA)
    further = replace(recipe, begins=Beginning("quill", "ab" * 32))
    assert further.training_digest() != recipe.training_digest()
    assert further.training_digest() != replace(further, begins=Beginning("quill", "cd" * 32)).training_digest()
    write_recipe_json(further, tmp_path / "further.json")
    assert read_recipe(tmp_path / "further.json") == further


def test_only_the_file_that_the_recipe_names_is_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = tiny_recipe(Family.LLAMA)
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    write_gguf(recipe, drawn(recipe), TOKENIZER, shipped / "tiny.gguf")
    TOKENIZER.save(shipped / "tokenizer.json")
    monkeypatch.setattr(workshop, "models_folder", lambda: shipped)
    work = tmp_path / "work"
    right = replace(recipe, begins=Beginning("tiny", file_digest(shipped / "tiny.gguf")))
    for wrong, error in ((Beginning("tiny", "0" * 64), WrongUse), (Beginning("nobody", "0" * 64), MissingPart)):
        made = replace(right, begins=wrong)
        monkeypatch.setattr(workshop, "shipped_recipes", lambda made=made: {made.name: made})
        with pytest.raises(error):
            workshop.train_models([made.name], work, "cpu", lambda line: None)
    monkeypatch.setattr(workshop, "shipped_recipes", lambda: {right.name: right})
    work.mkdir(exist_ok=True)
    assert workshop.make_tokenizer(work).vocabulary() == TOKENIZER.vocabulary()
