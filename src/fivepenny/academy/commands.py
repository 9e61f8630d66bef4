"""What the command line calls of the academy: single steps, and all of them in a row."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fivepenny.errors import MissingPart

Tell = Callable[[str], None]
NEEDED = ("torch", "transformers", "gguf", "numpy", "safetensors")
EXAM_SITUATIONS = 1_000


def check_parts() -> None:
    """Raise MissingPart where the academy's libraries are not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise MissingPart(
            f"the academy needs {', '.join(missing)}; install them with: pip install 'fivepenny[academy]'"
        )


def _best_device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def corpus(names: Sequence[str], work: Path, tell: Tell) -> None:
    """Make the tokenizer and the examples of these models (none named: all)."""
    check_parts()
    from fivepenny.academy import workshop

    workshop.make_corpora(names, work, tell)


def train(names: Sequence[str], work: Path, out: Path, device: str | None, tell: Tell) -> list[dict[str, Any]]:
    """Everything from recipes to examined models in `out`; every step that is done is skipped."""
    check_parts()
    from fivepenny.academy import workshop

    workshop.make_corpora(names, work, tell)
    workshop.train_models(names, work, device or _best_device(), tell)
    export(names, work, out, tell)
    return exam(names, work, out, EXAM_SITUATIONS, tell)


def export(names: Sequence[str], work: Path, out: Path, tell: Tell) -> list[dict[str, Any]]:
    """Write the GGUF files of trained models to `out`, each compared with transformers."""
    check_parts()
    from fivepenny.academy import workshop

    facts = workshop.export_models(names, work, out)
    for name, fact in facts.items():
        tell(f"exported {name}: {fact.size_bytes:,} bytes, differs by at most {fact.difference_nats:.3f} nats")
    return [{"name": name, "bytes": fact.size_bytes, "nats": fact.difference_nats} for name, fact in facts.items()]


def exam(names: Sequence[str], work: Path, models: Path, situations: int, tell: Tell) -> list[dict[str, Any]]:
    """Examine the models in `models` and write their cards beside them."""
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
        for report in workshop.examine(names, work, models, situations, tell)
    ]
