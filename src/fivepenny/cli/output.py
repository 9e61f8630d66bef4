"""What the verbs share to speak: the consoles, one JSON object, a table, a line on standard error, a command."""

import json
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table

NAME = "fivepenny"

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
    print(f"{NAME}: {message}", file=sys.stderr)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, to be told what is done of all; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def typed(*words: object) -> str:
    """A command of ours as the reader can type it: quoted, and by the script's path where that is not on the PATH."""
    script = sys.argv[0]
    off_the_path = Path(script).name == NAME != script and shutil.which(NAME) is None
    return shlex.join([script if off_the_path else NAME, *map(str, words)])


def counted(number: int, noun: str) -> str:
    """A number and its noun, as in 1 day, 30 days."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; numbers stand to the right. A pipe gets a line a row, a terminal what it has room for.

    A table too wide gets headings of one word a line; one that still is too wide becomes a block of lines a row.
    """
    console = console_for_output()
    table = _table(columns, rows)
    if not console.is_terminal:
        console.width = _widths(console, table).maximum
    elif _widths(console, table).maximum > console.width:
        table = _table([column.replace(" ", "\n") for column in columns], rows)
        if _widths(console, table).minimum > console.width:
            _print_blocks(console, columns, rows)
            return
    console.print(table)


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for place, column in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[place], int | float | None) for row in rows)
        prose = place > 0 and any(" " in _cell(row[place]) for row in rows)
        table.add_column(column, justify="right" if numbers else "left", overflow="fold", no_wrap=not prose)
    for row in rows:
        table.add_row(*(Text(_cell(cell)) for cell in row))
    return table


def _widths(console: "Console", table: "Table") -> "Measurement":
    """What the table needs, however wide the console is."""
    from rich.measure import Measurement

    return Measurement.get(console, console.options.update(width=sys.maxsize), table)


def _print_blocks(console: "Console", columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from rich.text import Text

    for row in rows:
        console.print(Text(_cell(row[0]), style="bold"))
        for column, cell in zip(columns[1:], row[1:], strict=True):
            if shown := _cell(cell):
                console.print(Text(f"  {column}: {shown}"))


def _cell(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"
