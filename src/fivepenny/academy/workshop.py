"""From recipes to shipped models: the steps of the academy, each of which is skipped where its work is done.

A work folder holds the tokenizer, and for each model its examples, its training state and its GGUF. Stopping it
anywhere loses at most the minutes since the last checkpoint.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from fivepenny.academy import dataset, training
from fivepenny.academy.card import Report, write_card
from fivepenny.academy.corpus import (
    EXAM_SEED,
    Example,
    Situation,
    grade_example,
    line_examples,
    scattered,
    situations,
)
from fivepenny.academy.exam import LINES, mark_grades, mark_lines, spoken_options, unseen
from fivepenny.academy.export import GgufFacts, export
from fivepenny.academy.recipe import Recipe, shipped_recipes
from fivepenny.academy.tokenizer import CueTokenizer, train_tokenizer
from fivepenny.errors import WrongUse
from fivepenny.minds.llama import house_mind
from fivepenny.policies.grammar import load_voice
from fivepenny.rng import stream

EXAMPLES = 160_000
"""Examples a model is taught from; the recipe's shares say of which kinds."""
TOKENIZER_SITUATIONS = 3_000
PROBE_PROMPTS = 20
KINDS = ("season", "scattered", "lines")

Tell = Callable[[str], None]


def recipes_of(names: Sequence[str]) -> dict[str, Recipe]:
    """The shipped recipes of these names, or all for none. Raises WrongUse."""
    shipped = shipped_recipes()
    unknown = [name for name in names if name not in shipped]
    if unknown:
        raise WrongUse(f"no recipe {unknown[0]!r}; there are: {', '.join(shipped)}")
    return {name: shipped[name] for name in names or shipped}


def make_tokenizer(work: Path) -> CueTokenizer:
    """The company's one tokenizer, learned from the voices and the words of cues."""
    path = work / "tokenizer.json"
    if path.is_file():
        return CueTokenizer.load(path)
    recipes = shipped_recipes()
    vocabulary = min(recipe.shape.vocabulary for recipe in recipes.values())
    cues = [situation.cue() for situation in situations(0, TOKENIZER_SITUATIONS)]
    lot = stream(0, "tokenizer")
    spoken = [example for name in recipes for example in line_examples(name, lot, len(load_voice(name).entries))]
    cues += [example.prompt for example in spoken]
    words = sorted({word for cue in cues for word in cue.split() if word.isalpha()})
    tokenizer = train_tokenizer([example.target for example in spoken], words, vocabulary)
    tokenizer.save(path)
    return tokenizer


def counts_of(recipe: Recipe) -> dict[str, int]:
    """How many examples of each kind a recipe asks for. Raises WrongUse for a kind that is not known."""
    if set(recipe.shares) != set(KINDS):
        raise WrongUse(f"recipe {recipe.name}: shares must be of {', '.join(KINDS)}")
    whole = sum(recipe.shares.values())
    return {kind: round(EXAMPLES * share / whole) for kind, share in recipe.shares.items()}


def _graded(recipe: Recipe, number: int, situation: Situation) -> Iterator[Example]:
    """The examples that one situation gives this model: as it is, and with its levels drawn anew."""
    counts = counts_of(recipe)
    if number < counts["season"]:
        yield grade_example(situation, recipe.name)
    if number < counts["scattered"]:
        yield grade_example(scattered(situation, stream(recipe.seed, "scattered", number)), recipe.name)


def write_examples(recipes: Sequence[Recipe], work: Path) -> None:
    """The examples of these models as JSON lines, one file each; the situations are played once for all."""
    wanted = max(max(counts_of(recipe)["season"], counts_of(recipe)["scattered"]) for recipe in recipes)
    with ExitStack() as stack:
        files = {}
        for recipe in recipes:
            (work / recipe.name).mkdir(parents=True, exist_ok=True)
            files[recipe.name] = stack.enter_context((work / recipe.name / "examples.jsonl.draft").open("w"))
        for number, situation in enumerate(situations(0, wanted)):
            for recipe in recipes:
                for example in _graded(recipe, number, situation):
                    files[recipe.name].write(_json_line(example))
        for recipe in recipes:
            lot = stream(recipe.seed, "lines")
            for example in line_examples(recipe.name, lot, counts_of(recipe)["lines"]):
                files[recipe.name].write(_json_line(example))
    for recipe in recipes:
        draft = work / recipe.name / "examples.jsonl.draft"
        draft.replace(draft.with_suffix(""))


def _json_line(example: Example) -> str:
    return json.dumps({"prompt": example.prompt, "target": example.target}) + "\n"


def make_corpora(names: Sequence[str], work: Path, tell: Tell) -> None:
    """The tokenizer, and the encoded examples of these models."""
    recipes = recipes_of(names)
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer(work)
    missing = [recipe for name, recipe in recipes.items() if not (work / name / "examples.npz").is_file()]
    if not missing:
        return
    tell(f"playing seasons for {', '.join(recipe.name for recipe in missing)}")
    write_examples(missing, work)
    for recipe in missing:
        folder = work / recipe.name
        tell(f"encoding {recipe.name}")
        dataset.encode_examples([folder / "examples.jsonl"], tokenizer, folder / "examples.npz", recipe.shape.context)
        (folder / "examples.jsonl").unlink()


def train_models(names: Sequence[str], work: Path, device: str, tell: Tell) -> None:
    """Train these models one after the other, each from where it stopped."""
    for name, recipe in recipes_of(names).items():
        folder = work / name
        if (folder / "weights.safetensors").is_file():
            continue
        tell(f"training {name} ({recipe.family.value})")
        table = dataset.read_examples(folder / "examples.npz")
        report = training.train(recipe, table, folder, device, tell=_spoken(recipe, tell))
        tell(f"trained {name}: loss {report.loss:.3f} after {report.step} steps")


def _spoken(recipe: Recipe, tell: Tell) -> Callable[[int, float], None]:
    def step_told(step: int, loss: float) -> None:
        if step % 100 == 0:
            tell(f"{recipe.name}: step {step} of {recipe.schedule.steps}, loss {loss:.3f}")

    return step_told


def export_models(names: Sequence[str], work: Path, out: Path) -> dict[str, GgufFacts]:
    """GGUF files of these trained models in `out`, with the tokenizer, each compared with transformers."""
    tokenizer = CueTokenizer.load(work / "tokenizer.json")
    prompts = [situation.cue() for situation in situations(EXAM_SEED - 1, PROBE_PROMPTS)]
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(out / "tokenizer.json")
    facts: dict[str, GgufFacts] = {}
    for name, recipe in recipes_of(names).items():
        facts[name] = export(recipe, work / name / "weights.safetensors", tokenizer, out / f"{name}.gguf", prompts)
    return facts


def taught_cues(names: Sequence[str], work: Path) -> set[str]:
    """The prompts that these models were taught from, as far as the work folder still holds them."""
    taught: set[str] = set()
    for name in names:
        path = work / name / "examples.npz"
        if not path.is_file():
            continue
        tokenizer, table = CueTokenizer.load(work / "tokenizer.json"), dataset.read_examples(path)
        for start, length in zip(table.starts[:-1], table.target_starts, strict=True):
            # The first token is the begin mark.
            taught.add(tokenizer.decode(table.tokens[start + 1 : start + length].tolist()))
    return taught


def examine(names: Sequence[str], work: Path, models: Path, count: int, tell: Tell) -> list[Report]:
    """Examine these models and their random-weights twins, write the cards, and report."""
    recipes = recipes_of(names)
    asked = unseen(count, taught_cues(tuple(recipes), work))
    tokenizer_path = models / "tokenizer.json"
    reports: list[Report] = []
    for name, recipe in recipes.items():
        tell(f"examining {name}")
        with tempfile.TemporaryDirectory() as folder:
            twin_path = Path(folder) / f"{name}-twin.gguf"
            export(recipe, None, CueTokenizer.load(tokenizer_path), twin_path)
            with closing(house_mind(twin_path, tokenizer_path)) as twin:
                twin_marks = mark_grades(twin, name, asked)
        with closing(house_mind(models / f"{name}.gguf", tokenizer_path)) as mind:
            lines = mark_lines(mind, name, spoken_options(asked, name, LINES))
            report = Report(recipe, mind.card, mark_grades(mind, name, asked), twin_marks, lines)
        write_card(report, models / f"{name}.md", EXAMPLES)
        reports.append(report)
    return reports
