"""From recipes to shipped models: the steps of the academy, each of which is skipped where its work is done.

A work folder holds the tokenizer, and a folder for each model with its examples and its training state. Stopping it
anywhere loses at most the minute since the last checkpoint, or the corpus that was being made. It does not see a
change of the world or of a recipe's shares: examples that are there are taken as they are.
"""

import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from fivepenny.academy import dataset, training
from fivepenny.academy.card import Report, write_card
from fivepenny.academy.corpus import (
    EXAM_SEED,
    Example,
    grade_example,
    line_examples,
    scattered,
    situations,
    slot_forms,
)
from fivepenny.academy.exam import LINES, mark_grades, mark_lines, spoken_options, unseen
from fivepenny.academy.export import GgufFacts, export
from fivepenny.academy.importing import file_digest, read_weights
from fivepenny.academy.recipe import Beginning, Recipe, shipped_recipes
from fivepenny.academy.tokenizer import CueTokenizer, train_tokenizer
from fivepenny.errors import MissingPart, WrongUse
from fivepenny.minds.catalogue import models_folder
from fivepenny.minds.llama import TOKENIZER_NAME, house_mind
from fivepenny.policies.grammar import load_voice
from fivepenny.rng import stream
from fivepenny.stage.listening import Situation

EXAMPLES = 40_000
"""Examples a model is taught from; the recipe's shares say of which kinds."""
TOKENIZER_SITUATIONS = 3_000
FORM_SITUATIONS = 20_000  # from which the cues for lines take what slots go together
PROBE_PROMPTS = 20
LEAST_SITUATIONS = 30  # of an exam: below, the interval of its mean is no guide
EXAMPLES_FILE = "examples.npz"
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
    """The company's one tokenizer: the work folder's, the shipped one where a recipe goes on from a shipped model, or a
    new one, learned from all voices and the words of cues.
    """
    path = work / TOKENIZER_NAME
    if path.is_file():
        return CueTokenizer.load(path)
    recipes = shipped_recipes()
    if any(recipe.begins for recipe in recipes.values()):
        # What goes on from a shipped model goes on in its tokens.
        shipped = CueTokenizer.load(models_folder() / TOKENIZER_NAME)
        shipped.save(path)
        return shipped
    vocabulary = min(recipe.shape.vocabulary for recipe in recipes.values())
    cues = [situation.cue() for situation in situations(0, TOKENIZER_SITUATIONS)]
    lot = stream(0, "tokenizer")
    spoken = [example for name in recipes for example in line_examples(name, lot, len(load_voice(name).entries), {})]
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
            files[recipe.name] = stack.enter_context(_draft(work, recipe).open("w", encoding="utf-8"))
        passing = _write_graded(situations(0, max(wanted, FORM_SITUATIONS)), files, recipes)
        forms = slot_forms(islice(passing, FORM_SITUATIONS))
        deque(passing, maxlen=0)
        for recipe in recipes:
            lot = stream(recipe.seed, "lines")
            for example in line_examples(recipe.name, lot, counts_of(recipe)["lines"], forms):
                files[recipe.name].write(_json_line(example))


def _write_graded(
    heard: Iterable[Situation], files: Mapping[str, TextIO], recipes: Sequence[Recipe]
) -> Iterator[Situation]:
    """These situations, each of whose examples have been written when it comes."""
    for number, situation in enumerate(heard):
        for recipe in recipes:
            for example in _graded(recipe, number, situation):
                files[recipe.name].write(_json_line(example))
        yield situation


def _draft(work: Path, recipe: Recipe) -> Path:
    """Where a corpus is written before it is encoded."""
    return work / recipe.name / "examples.jsonl.draft"


def _json_line(example: Example) -> str:
    return json.dumps({"prompt": example.prompt, "target": example.target}) + "\n"


def make_corpora(names: Sequence[str], work: Path, tell: Tell) -> None:
    """The tokenizer, and the encoded examples of these models."""
    recipes = recipes_of(names)
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer(work)
    missing = [recipe for name, recipe in recipes.items() if not (work / name / EXAMPLES_FILE).is_file()]
    if not missing:
        return
    tell(f"playing seasons for {', '.join(recipe.name for recipe in missing)}")
    write_examples(missing, work)
    for recipe in missing:
        tell(f"encoding {recipe.name}")
        draft, encoded = _draft(work, recipe), work / recipe.name / EXAMPLES_FILE
        dataset.encode_examples([draft], tokenizer, encoded, recipe.shape.context)
        draft.unlink()


def train_models(names: Sequence[str], work: Path, device: str, tell: Tell) -> None:
    """Train these models one after the other, each from where it stopped.

    Raises WrongUse where a folder holds another recipe's training.
    """
    for name, recipe in recipes_of(names).items():
        folder = work / name
        if training.is_finished(recipe, folder):
            continue
        if recipe.begins:
            _begin_with(recipe, recipe.begins, folder)
        tell(f"training {name} ({recipe.family.value})")
        table = dataset.read_examples(folder / EXAMPLES_FILE)
        report = training.train(recipe, table, folder, device, tell=_spoken(recipe, tell))
        tell(f"trained {name}: loss {report.loss:.3f} after {report.step} steps")


def _begin_with(recipe: Recipe, beginning: Beginning, folder: Path) -> None:
    """Put the weights that a recipe goes on from where training looks for them. Raises WrongUse for others."""
    from safetensors.torch import save_file

    path = models_folder() / f"{beginning.model}.gguf"
    if file_digest(path) != beginning.sha256:
        raise WrongUse(
            f"recipe {recipe.name}: it goes on from another {path.name} than the one that is shipped here; "
            "take that file from the repository's history, or leave [begins] out and train for longer"
        )
    draft = folder / f".{training.BEGIN_FILE}.draft"
    save_file(read_weights(recipe, path), draft)
    draft.replace(folder / training.BEGIN_FILE)


def _spoken(recipe: Recipe, tell: Tell) -> Callable[[int, float], None]:
    def step_told(step: int, loss: float) -> None:
        if step % 100 == 0:
            tell(f"{recipe.name}: step {step} of {recipe.schedule.steps}, loss {loss:.3f}")

    return step_told


def check_out(names: Sequence[str], work: Path, out: Path) -> None:
    """Raise WrongUse where exporting these models would leave others in `out` with a tokenizer that is not theirs."""
    path = out / TOKENIZER_NAME
    if not path.is_file() or path.read_bytes() == (work / TOKENIZER_NAME).read_bytes():
        return
    others = sorted({file.stem for file in out.glob("*.gguf")} - recipes_of(names).keys())
    if others:
        raise WrongUse(f"{out}: the models {', '.join(others)} there have another tokenizer; name another folder")


def export_models(names: Sequence[str], work: Path, out: Path, tell: Tell) -> dict[str, GgufFacts]:
    """GGUF files of these trained models in `out`, with the tokenizer, each compared with transformers.

    Raises WrongUse where a model is not trained, or `out` belongs to models of another tokenizer.
    """
    recipes = recipes_of(names)
    for name, recipe in recipes.items():
        if not training.is_finished(recipe, work / name):
            raise WrongUse(f"{work / name}: no trained model; run: fivepenny academy train {name} --work {work}")
    tokenizer = CueTokenizer.load(work / TOKENIZER_NAME)
    check_out(names, work, out)
    prompts = [situation.cue() for situation in situations(EXAM_SEED - 1, PROBE_PROMPTS)]
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(out / TOKENIZER_NAME)
    facts: dict[str, GgufFacts] = {}
    for name, recipe in recipes.items():
        weights = work / name / training.WEIGHTS_FILE
        facts[name] = export(recipe, weights, tokenizer, out / f"{name}.gguf", prompts)
        tell(f"exported {name}: {facts[name].difference_nats:.3f} nats from transformers at most")
    return facts


def taught_cues(names: Sequence[str], work: Path) -> dict[str, list[str]]:
    """The prompts that each of these models was taught from, by name; left out where the examples are not in `work`."""
    taught: dict[str, list[str]] = {}
    for name in names:
        path = work / name / EXAMPLES_FILE
        if not path.is_file():
            continue
        tokenizer, table = CueTokenizer.load(work / TOKENIZER_NAME), dataset.read_examples(path)
        # The first token is the begin mark.
        taught[name] = [
            tokenizer.decode(table.tokens[start + 1 : start + length].tolist())
            for start, length in zip(table.starts[:-1], table.target_starts, strict=True)
        ]
    return taught


def examine(names: Sequence[str], work: Path, models: Path, count: int, cards: Path | None, tell: Tell) -> list[Report]:
    """Examine these models and their random-weights twins, and write their cards into `cards`, where that is given.

    Raises MissingPart where a model is not in `models`, or a card is wanted and the examples it speaks of are not in
    `work`; WrongUse where there are not situations enough.
    """
    recipes = recipes_of(names)
    for file in (TOKENIZER_NAME, *(f"{name}.gguf" for name in recipes)):
        if not (models / file).is_file():
            raise MissingPart(f"{models / file}: no such file; name the folder of trained models with --models")
    taught = taught_cues(tuple(recipes), work)
    if strange := sorted(recipes.keys() - taught.keys()):
        lacking = f"{work}: the examples that {', '.join(strange)} learned from are not there"
        if cards is not None:
            raise MissingPart(f"{lacking}, so no card can be written; name their folder with --work")
        tell(f"{lacking}: some situations of the exam may be among them")
    asked = unseen(count, frozenset(chain.from_iterable(taught.values())))
    if len(asked) < LEAST_SITUATIONS:
        raise WrongUse(f"an exam of {len(asked)} unseen situations says nothing; ask for {LEAST_SITUATIONS} or more")
    reports: list[Report] = []
    for name, recipe in recipes.items():
        tell(f"examining {name}")
        report = _examined(recipe, models, asked)
        if cards is not None:
            cards.mkdir(parents=True, exist_ok=True)
            write_card(report, cards / f"{name}.md", len(taught[name]))
        reports.append(report)
    return reports


def _examined(recipe: Recipe, models: Path, asked: Sequence[Situation]) -> Report:
    """One model's exam, and its twin's."""
    name, tokenizer = recipe.name, models / TOKENIZER_NAME
    with tempfile.TemporaryDirectory() as folder:
        twin_path = Path(folder) / f"{name}-twin.gguf"
        export(recipe, None, CueTokenizer.load(tokenizer), twin_path)
        with closing(house_mind(twin_path, tokenizer)) as twin:
            twin_marks = mark_grades(twin, name, asked)
    with closing(house_mind(models / f"{name}.gguf", tokenizer)) as mind:
        lines = mark_lines(mind, name, spoken_options(asked, name, LINES))
        return Report(recipe, mind.card, mark_grades(mind, name, asked), twin_marks, lines)
