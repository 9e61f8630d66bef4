"""Tiny recipes, a tokenizer and examples for the tests of the academy; nothing here is a test."""

import json
import random
from pathlib import Path

from fivepenny.academy.recipe import Family, Quantisation, Recipe, Schedule, Shape
from fivepenny.academy.tokenizer import CueTokenizer, train_tokenizer

CUE_WORDS = ("rye", "wool", "buy", "sell")
VOCABULARY = 320


def tiny_recipe(family: Family, quantisation: Quantisation = Quantisation.F16, steps: int = 12) -> Recipe:
    """A model that trains in a second; grouped keys where the family has them, a global layer for Gemma 3."""
    shape = Shape(
        width=64,
        layers=6 if family is Family.GEMMA3 else 2,
        heads=4,
        key_heads=4 if family is Family.GPTNEOX else 2,
        inner=96,
        vocabulary=VOCABULARY,
        context=64,
        attention_layers=(1,) if family is Family.LFM2 else (),
    )
    schedule = Schedule(
        steps=steps,
        warmup_steps=3,
        batch=8,
        learning_rate=0.003,
        final_share=0.1,
        weight_decay=0.1,
        clip_norm=1.0,
        initial_deviation=0.04,
    )
    return Recipe(
        name=f"tiny-{family.value}",
        family=family,
        author="The test bench",
        licence="Apache-2.0",
        description="Too small to be of use.",
        seed=11,
        quantisation=quantisation,
        shape=shape,
        schedule=schedule,
    )


def sample_examples(count: int) -> list[dict[str, str]]:
    """Examples of several lengths whose target repeats the last word of the prompt."""
    lot = random.Random(3)
    examples = []
    for _ in range(count):
        words = lot.choices(CUE_WORDS, k=lot.randint(1, 40))
        examples.append({"prompt": "".join(f" {word}" for word in words), "target": f" {words[-1]}"})
    return examples


def sample_tokenizer() -> CueTokenizer:
    """A tokenizer of the sample words."""
    return train_tokenizer([example["prompt"] for example in sample_examples(50)], CUE_WORDS, VOCABULARY)


def write_examples(path: Path, examples: list[dict[str, str]]) -> Path:
    """The examples as JSONL."""
    path.write_text("".join(json.dumps(example) + "\n" for example in examples), encoding="utf-8")
    return path
