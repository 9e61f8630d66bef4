"""The command line: the verbs, and how an error becomes one line and an exit code.

Knows no season, model or market; each verb imports what it needs when it is called.
"""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import wraps
from io import StringIO, TextIOWrapper
from typing import Annotated, Any

import typer

from fivepenny import __version__
from fivepenny.cli import academy, benching, checking, models, playing, reading
from fivepenny.cli.output import NAME
from fivepenny.errors import FivepennyError, MissingPart, WrongUse

DEBUG = "--debug"
DEFECT, INTERRUPTED = 1, 130

app = typer.Typer(
    name=NAME,
    help="A finance drama played by small language models, on a market whose books always balance.",
    epilog=f"Begin with: {NAME} play. Every command has --help, and takes {DEBUG} for the whole trace of an error.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def greet(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """A finance drama played by small language models, on a market whose books always balance."""
    if version:
        typer.echo(f"{NAME} {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def leave_pipe() -> None:
    """Send what is still to be printed nowhere: whoever read it has had enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _verb(function: Callable[..., None]) -> Callable[..., None]:
    """The verb, ending quietly where its output is no longer read (`fivepenny read ... | head`), in a word on Ctrl-C.

    Some versions of typer say nothing of Ctrl-C themselves.
    """

    @wraps(function)
    def spoken(*arguments: Any, **options: Any) -> None:
        try:
            function(*arguments, **options)
        except BrokenPipeError:
            leave_pipe()
        except KeyboardInterrupt:
            _say("stopped")
            raise typer.Exit(INTERRUPTED) from None

    return spoken


def _add(group: typer.Typer, function: Callable[..., None]) -> None:
    """Add a verb; the list of verbs shows its first sentence whole."""
    summary = " ".join((function.__doc__ or "").partition("\n\n")[0].split())
    group.command(function.__name__.removesuffix("_"), short_help=summary)(_verb(function))


def _group(name: str, help_text: str, verbs: Sequence[Callable[..., None]]) -> typer.Typer:
    group = typer.Typer(name=name, help=help_text, rich_markup_mode=None)
    for function in verbs:
        _add(group, function)
    app.add_typer(group)
    return group


for _function in (*playing.VERBS, *reading.VERBS, *checking.VERBS):
    _add(app, _function)
_models = _group("models", "The minds that can take a seat: list, check, pull.", models.VERBS)
_group("academy", "Train the house's own models: corpus, train, exam, export.", academy.VERBS)
_group("bench", "Measure: seasons, seats, cascades, engine, markets, books, replies, justice, drama.", benching.VERBS)


@_models.callback(invoke_without_command=True)
def list_models(context: typer.Context) -> None:
    """The minds that can take a seat; alone, it lists them."""
    if context.invoked_subcommand is None:
        _verb(models.list_)()


def _say(message: str) -> None:
    print(f"{NAME}: {' '.join(message.split())}", file=sys.stderr)


def _wrong_use(error: Exception) -> str | None:
    """The message of a typer error (its base class has moved between versions), or None for any other error."""
    format_message = getattr(error, "format_message", None)
    if format_message is None:
        return None
    context = getattr(error, "ctx", None)
    path = context.command_path if context else NAME
    return f"{str(format_message()).rstrip('.')}; see: {path} --help"


def _fault(error: Exception) -> int:
    """Say in one line what went wrong; the exit code."""
    usage = _wrong_use(error)
    if usage is not None:
        _say(usage)
        return WrongUse.exit_code
    if isinstance(error, FivepennyError):
        _say(str(error))
        return error.exit_code
    if isinstance(error, OSError):
        where = error.filename or "output"
        _say(f"{where}: {error.strerror or error}; give a place that can be written and has room")
        return MissingPart.exit_code
    _say(f"a defect of ours: {type(error).__name__}: {error}; run it again with {DEBUG} and report the trace")
    return DEFECT


def run(arguments: Sequence[str]) -> int:
    """Run a command line without its program name; the exit code. Errors go to standard error as one line."""
    debug = DEBUG in arguments
    try:
        outcome = app([argument for argument in arguments if argument != DEBUG], prog_name=NAME, standalone_mode=False)
        return outcome if isinstance(outcome, int) else 0
    except (KeyboardInterrupt, typer.Abort):
        _say("stopped")
        return INTERRUPTED
    except Exception as error:
        if debug:
            traceback.print_exc()
        return _fault(error)


def main() -> None:
    """The entry point of the installed command."""
    if sys.stdout is None:  # started with its output closed
        sys.stdout = StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a question mark
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError as error:
        leave_pipe()
        if not isinstance(error, BrokenPipeError):
            code = _fault(error)
    sys.exit(code)
