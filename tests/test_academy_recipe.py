"""Recipes: the shipped five fit together, and a broken one is refused with its place."""

import ast
import json
import re
import sys
from pathlib import Path

import pytest

from fivepenny.academy import recipe as recipes
from fivepenny.academy.recipe import Family, Recipe, read_recipe, shipped_recipes, write_recipe_json
from fivepenny.errors import WrongUse

FOLDER = Path(recipes.__file__).parents[1] / "data" / "recipes"


def test_the_company_has_five_families() -> None:
    company = shipped_recipes()
    assert {name: recipe.family for name, recipe in company.items()} == {
        "marrow": Family.LLAMA,
        "quill": Family.QWEN3,
        "vesper": Family.GEMMA3,
        "brock": Family.GPTNEOX,
        "tansy": Family.LFM2,
    }
    assert len({recipe.seed for recipe in company.values()}) == 5
    # One tokenizer serves all five.
    assert len({recipe.shape.vocabulary for recipe in company.values()}) == 1


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("width = 160", "width = 150", "width must be a multiple of 32"),
        ("width = 160", 'width = "160"', "shape.width"),
        ("heads = 5", "heads = 2", "width / heads must be one of"),
        ("key_heads = 5", "key_heads = 2", "key_heads must divide heads"),
        ('family = "llama"', 'family = "eliza"', "family"),
        ("seed = ", "sead = ", "sead"),
        ("warmup_steps = 50", "warmup_steps = 6000", "warmup_steps must be below steps"),
        ("learning_rate = 0.001", "learning_rate = nan", "learning_rate"),
        ("batch = 64", "batch = 0", "batch must be above 0"),
        ("context = 512", "context = 512\nattention_layers = [1]", "attention_layers is for lfm2 only"),
        ("[shape]", "[shape", "not a well-formed recipe"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused_in_one_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = (FOLDER / "marrow.toml").read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WrongUse, match=re.escape(complaint)) as caught:
        read_recipe(broken)
    assert "\n" not in str(caught.value)


def test_a_missing_recipe_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot read"):
        read_recipe(tmp_path / "none.toml")


@pytest.mark.parametrize("recipe", shipped_recipes().values(), ids=lambda recipe: recipe.name)
def test_the_json_form_is_the_same_recipe(tmp_path: Path, recipe: Recipe) -> None:
    path = tmp_path / "recipe.json"
    write_recipe_json(recipe, path)
    assert read_recipe(path) == recipe
    assert read_recipe(path).training_digest() == recipe.training_digest()


def test_json_that_is_no_recipe_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps({"name": "x"}), encoding="utf-8")
    with pytest.raises(WrongUse, match="write_recipe_json"):
        read_recipe(path)


def test_training_needs_no_pydantic_on_its_machine() -> None:
    """What training imports at module level is there where only torch and its friends are installed."""
    allowed = {"fivepenny", "numpy", "tokenizers"}
    for name in ("recipe", "tokenizer", "dataset", "families", "training"):
        tree = ast.parse((FOLDER.parents[1] / "academy" / f"{name}.py").read_text(encoding="utf-8"))
        for node in tree.body:
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            roots = {module.split(".")[0] for module in modules}
            assert not {root for root in roots if root not in allowed and root not in sys.stdlib_module_names}, name
