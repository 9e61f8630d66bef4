"""What the command line prints: tables in any room, and commands that can be typed as they stand."""

import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from command_line import PLAY, environment, fivepenny_run, fivepenny_start
from fivepenny.cli import output

COLUMNS = ("mind", "decisions a second", "digest")
ROWS = [("house:marrow", 1234.5, "30c9d48795aa394f68c0582df881c758"), ("null", 7, None)]


def shown(monkeypatch: pytest.MonkeyPatch, width: int | None) -> list[str]:
    """The lines of a table on a terminal of this width, or in a pipe."""
    page = StringIO()
    console = Console(file=page, width=width or 80, force_terminal=width is not None, color_system=None)
    monkeypatch.setattr(output, "console_for_output", lambda: console)
    output.print_table(COLUMNS, ROWS)
    return [line.rstrip() for line in page.getvalue().splitlines() if line.strip()]


def test_a_narrow_terminal_gets_blocks_with_whole_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, 45) == [
        "house:marrow",
        "  decisions a second: 1,234.500",
        "  digest: 30c9d48795aa394f68c0582df881c758",
        "null",
        "  decisions a second: 7",
    ]


def test_a_pipe_gets_a_line_for_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch, None)
    assert len(lines) == 2 + len(ROWS)
    assert lines[2].split() == ["house:marrow", "1,234.500", "30c9d48795aa394f68c0582df881c758"]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_table_keeps_within_the_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    lines = shown(monkeypatch, width)
    assert max(map(len, lines)) <= width
    assert any(ROWS[0][2] in line for line in lines)


def test_a_command_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["fivepenny"])
    assert output.typed("watch", Path("my runs/season.db")) == "fivepenny watch 'my runs/season.db'"


def test_a_script_off_the_path_is_named_by_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "fivepenny"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr("sys.argv", [str(script)])
    monkeypatch.setenv("PATH", "")
    assert output.typed("play", "--seed", 2) == f"{script} play --seed 2"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert output.typed("play", "--seed", 2) == "fivepenny play --seed 2"


def test_one_of_a_thing_is_not_plural() -> None:
    assert [output.counted(number, "day") for number in (0, 1, 3000)] == ["0 days", "1 day", "3,000 days"]


def test_a_stopped_watch_says_so(tmp_path: Path) -> None:
    assert fivepenny_run(*PLAY, "--quiet", "--out", "season", cwd=tmp_path).returncode == 0
    child = fivepenny_start("watch", "season/season.db", cwd=tmp_path)
    assert child.stdout is not None
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert (child.returncode, errors) == (130, "fivepenny: stopped\n")


INTERRUPTED = """
import signal, sys
from types import SimpleNamespace
from rich.text import Text
from fivepenny.cli import showing
from fivepenny.clock import Beat
showing._teller = lambda header: SimpleNamespace(tell=lambda day, beat, events: [Text("A line.")])
signal.signal(signal.SIGALRM, signal.default_int_handler)
for number in range(int(sys.argv[1])):
    try:
        with showing.Show(None, showing.Pace.READ) as show:
            signal.setitimer(signal.ITIMER_REAL, 0.0005 + number % 7 / 10_000)
            while True:
                show.hear(1, Beat.MARKET, ())
    except KeyboardInterrupt:
        signal.setitimer(signal.ITIMER_REAL, 0)
"""
"""Tells at reading pace, and is interrupted as it takes in what is to be told."""


def test_an_interrupt_while_a_season_is_told_does_not_hang() -> None:
    command = [sys.executable, "-c", INTERRUPTED, "400"]
    run = subprocess.run(command, env=environment(), capture_output=True, encoding="utf-8", timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
