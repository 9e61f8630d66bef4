"""What the command line calls of the academy: single steps, and all of them in a row.

Importing it needs none of the academy's libraries. Knows what a report is called in a table, not how it came about.
"""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fivepenny.errors import MissingPart

Tell = Callable[[str], None]
NEEDED = ("torch", "transformers", "gguf", "numpy", "safetensors")
CUDA = "cuda"


def check_parts() -> None:
    """Raise MissingPart where the academy's libraries are not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise MissingPart(
            f"the academy needs {', '.join(missing)}; install them with: pip install 'fivepenny[academy]'"
        )


def _device(chosen: str | None) -> str:
    """The device chosen, else the best there is. Raises MissingPart where it is not on this machine."""
    import torch

    if chosen == CUDA and not torch.cuda.is_available():
        raise MissingPart("torch finds no CUDA device here; train on the cpu")
    return chosen or (CUDA if torch.cuda.is_available() else "cpu")


def corpus(names: Sequence[str], work: Path, tell: Tell) -> None:
    """Make the tokenizer and the examples of these models (none named: all)."""
    check_parts()
    from fivepenny.academy import workshop

    workshop.make_corpora(names, work, tell)


def train(
    names: Sequence[str], work: Path, out: Path, device: str | None, situations: int, tell: Tell
) -> list[dict[str, Any]]:
    """Everything from recipes to examined models and their cards in `out`.

    Corpora and training that are done are skipped; the export and the exam, which take minutes, are not.
    """
    check_parts()
    from fivepenny.academy import workshop

    device = _device(device)
    workshop.make_corpora(names, work, tell)
    workshop.check_out(names, work, out)
    workshop.train_models(names, work, device, tell)
    workshop.export_models(names, work, out, tell)
    return exam(names, work, out, situations, out, tell)


def export(names: Sequence[str], work: Path, out: Path, tell: Tell) -> list[dict[str, Any]]:
    """Write the GGUF files of trained models to `out`, each compared with transformers."""
    check_parts()
    from fivepenny.academy import workshop

    facts = workshop.export_models(names, work, out, tell)
    return [{"name": name, "bytes": fact.size_bytes, "nats": fact.difference_nats} for name, fact in facts.items()]


def exam(
    names: Sequence[str], work: Path, models: Path, situations: int, cards: Path | None, tell: Tell
) -> list[dict[str, Any]]:
    """Examine the models in `models`, and write their cards into `cards`, where that is given."""
    check_parts()
    from fivepenny.academy import workshop

    return [
        {
            "name": report.recipe.name,
            "family": report.card.family,
            "parameters": report.card.parameters,
            "regret": report.marks.regret,
            "margin": report.marks.margin,
            "twin_regret": report.twin.regret,
            "share_of_twin": report.share_of_twin,
            "same_grades": report.marks.same_grades,
            "by_act_table": report.marks.by_act_table,
            "unreadable": report.marks.unreadable,
            "speakable": report.lines.speakable,
            "verbatim": report.lines.verbatim,
            "passed": report.passed,
        }
        for report in workshop.examine(names, work, models, situations, cards, tell)
    ]
