"""The verbs of the academy: `corpus`, `train`, `exam`, `export`.

None writes into the package unless told to: what is trained here lies in the work folder. Where the house's own
models are meant, as in the exam, they are only read.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from fivepenny.cli.output import AsJson, note, print_json, print_table
from fivepenny.errors import CheckFailed

WORK = Path("work")
MODELS = "models"
SITUATIONS = 1_000

Names = Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Which models [default: all five].")]
Work = Annotated[Path, typer.Option(metavar="DIR", help="Where tokenizer, examples and checkpoints are kept.")]
Models = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help=f"Where the GGUF files go [default: {MODELS} in the work folder].", show_default=False
    ),
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
        Literal["cpu", "cuda"] | None, typer.Option(help="[default: cuda where there is one]", show_default=False)
    ] = None,
) -> None:
    """Train from recipes to examined models with their cards.

    Without a GPU five models take hours. A run that was stopped goes on where it was, by the same command. A trained
    model takes a seat by its path, with the tokenizer beside it.

    Example: fivepenny academy train marrow quill

    Then: fivepenny play --seat quill=gguf:work/models/quill.gguf
    """
    from fivepenny.academy import commands

    reports = commands.train(names or [], work, models or work / MODELS, device, SITUATIONS, note)
    _print_reports(reports)
    _check_passed(reports)


def exam(
    names: Names = None,
    work: Work = WORK,
    models: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the GGUF files are [default: the package's own].", show_default=False),
    ] = None,
    situations: Annotated[int, typer.Option(min=1, help="Unseen situations to ask.")] = SITUATIONS,
    cards: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write their cards there [default: no cards].", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Examine models on situations that they have not seen, beside twins with random weights.

    Example: fivepenny academy exam quill --situations 200
    """
    from fivepenny.academy import commands
    from fivepenny.minds.catalogue import models_folder

    reports = commands.exam(names or [], work, models or models_folder(), situations, cards, note)
    if as_json:
        print_json({"models": reports})
    else:
        _print_reports(reports)
    _check_passed(reports)


def export(names: Names = None, work: Work = WORK, models: Models = None) -> None:
    """Write the GGUF files of trained models, each compared with the model it was made from.

    Example: fivepenny academy export quill
    """
    from fivepenny.academy import commands

    _print_reports(commands.export(names or [], work, models or work / MODELS, note))


VERBS = (corpus, train, exam, export)


def _print_reports(reports: list[dict[str, Any]]) -> None:
    if reports:
        print_table(list(reports[0]), [list(report.values()) for report in reports])


def _check_passed(reports: list[dict[str, Any]]) -> None:
    failed = [str(report["name"]) for report in reports if not report["passed"]]
    if failed:
        raise CheckFailed(f"{', '.join(failed)}: not passed; train longer, or change the recipe")
