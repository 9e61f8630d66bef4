"""The verbs of the academy: `corpus`, `train`, `exam`, `export`. Each goes on where it was stopped."""

from pathlib import Path
from typing import Annotated, Any

import typer

from fivepenny.cli.output import AsJson, note, print_json, print_table
from fivepenny.errors import CheckFailed

WORK = Path("work")
DEFAULT_SITUATIONS = 1000

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Which models [default: all five].")]
Work = Annotated[Path, typer.Option(metavar="DIR", help="Where tokenizer, examples and checkpoints are kept.")]
Models = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where the GGUF files are [default: the package's own].")
]


def corpus(names: Names = None, work: Work = WORK) -> None:
    """Make the tokenizer and the examples to train on, from seasons of understudies.

    Example: fivepenny academy corpus quill --work work
    """
    from fivepenny.academy import commands

    commands.corpus(names or [], work, note)


def train(
    names: Names = None,
    work: Work = WORK,
    models: Models = None,
    device: Annotated[
        str | None, typer.Option(help="cpu or cuda [default: cuda where there is one].", show_default=False)
    ] = None,
) -> None:
    """Train from recipes to examined models; every step that is done is skipped.

    Example: fivepenny academy train marrow quill --models my-models
    """
    from fivepenny.academy import commands

    reports = commands.train(names or [], work, _folder(models), device, note)
    _print_reports(reports)
    _check_passed(reports)


def exam(
    names: Names = None,
    work: Work = WORK,
    models: Models = None,
    situations: Annotated[int, typer.Option(min=1, help="Unseen situations to ask.")] = DEFAULT_SITUATIONS,
    as_json: AsJson = False,
) -> None:
    """Examine models on situations that they have not seen, beside twins with random weights; writes their cards.

    Example: fivepenny academy exam --situations 200
    """
    from fivepenny.academy import commands

    reports = commands.exam(names or [], work, _folder(models), situations, note)
    if as_json:
        print_json({"models": reports})
    else:
        _print_reports(reports)
    _check_passed(reports)


def export(names: Names = None, work: Work = WORK, models: Models = None) -> None:
    """Write the GGUF files of trained models, each compared with the model it was made from.

    Example: fivepenny academy export quill --models my-models
    """
    from fivepenny.academy import commands

    _print_reports(commands.export(names or [], work, _folder(models), note))


VERBS = (corpus, train, exam, export)


def _folder(models: Path | None) -> Path:
    from fivepenny.minds.catalogue import models_folder

    return models_folder() if models is None else models


def _print_reports(reports: list[dict[str, Any]]) -> None:
    if reports:
        print_table(list(reports[0]), [list(report.values()) for report in reports])


def _check_passed(reports: list[dict[str, Any]]) -> None:
    failed = [str(report["name"]) for report in reports if not report["passed"]]
    if failed:
        raise CheckFailed(f"{', '.join(failed)}: not passed; train longer, or change the recipe")
