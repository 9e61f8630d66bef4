"""What the verbs share to speak: the consoles, one JSON object, a table, a line on standard error."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 160

SeasonPath = Annotated[Path, typer.Argument(metavar="SEASON.db", help="A season file.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else.")]


def console_for_output() -> "Console":
    """A console on standard output that raises BrokenPipeError where nobody reads it any more."""
    from rich.console import Console

    class _Pipe(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return _Pipe(highlight=False)


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def note(message: str) -> None:
    """One line on standard error that is no error."""
    print(f"fivepenny: {message}", file=sys.stderr)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; numbers stand to the right. A pipe gets it wide, a terminal as wide as it is."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for place, column in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[place], int | float) for row in rows)
        table.add_column(column, justify="right" if numbers else "left", overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*(Text(_cell(cell)) for cell in row))
    console = console_for_output()
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(table)


def _cell(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"
