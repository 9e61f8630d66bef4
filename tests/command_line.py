"""Running the real command line in child processes, for `test_cli` and `test_cli_errors`.

Seasons here are played by understudies, which need no model and take well under a second.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import fivepenny
from fivepenny.journal import SeasonFile

SOURCES = str(Path(fivepenny.__file__).parents[1])
DAYS = 8
PLAY = ("play", "--company", "understudies", "--days", str(DAYS))
LIMIT_SECONDS = 120

Run = subprocess.CompletedProcess[str]


def environment() -> dict[str, str]:
    """This process's environment, with the package that is tested first on the path and no colours."""
    path = os.pathsep.join([SOURCES, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}


def fivepenny_run(*words: str | Path, cwd: Path, prepare: Callable[[], None] | None = None) -> Run:
    """Run `fivepenny` with these words in this folder; `prepare` runs in the child before it starts."""
    command = [sys.executable, "-m", "fivepenny", *map(str, words)]
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT_SECONDS,
        preexec_fn=prepare,
    )


def fivepenny_start(*words: str | Path, cwd: Path) -> subprocess.Popen[str]:
    """Start `fivepenny` and leave it running."""
    command = [sys.executable, "-m", "fivepenny", *map(str, words)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=cwd, env=environment(), stdout=pipe, stderr=pipe, encoding="utf-8")


def one_object(run: Run) -> dict[str, Any]:
    """The object that a `--json` run printed; it must have printed nothing else anywhere."""
    assert (run.returncode, run.stderr) == (0, "")
    value = json.loads(run.stdout)
    assert isinstance(value, dict)
    return value


def played(folder: Path, *words: str) -> dict[str, Any]:
    """Play a season of understudies in this folder; its report."""
    return one_object(fivepenny_run(*PLAY, "--out", "season", "--json", *words, cwd=folder))


SIGNALLED = """
import os, sqlite3, sys
at, signal_number, connect, done = int(sys.argv.pop(1)), int(sys.argv.pop(1)), sqlite3.connect, 0
class Watched(sqlite3.Connection):
    def execute(self, *words):
        global done
        done += 1
        if done == at:
            os.kill(os.getpid(), signal_number)
        return super().execute(*words)
sqlite3.connect = lambda *words, **options: connect(*words, factory=Watched, **options)
from fivepenny.cli.main import run
code = run(sys.argv[1:])
if at == 0:
    print(done, file=sys.stderr)
sys.exit(code)
"""
"""`fivepenny`, sending itself a signal before a given statement to its season file (0: says how many there are)."""


def signalled_run(at: int, signal_number: int, words: Sequence[str | Path], cwd: Path) -> Run:
    """Run `fivepenny` so that it gets this signal at this statement of its season file."""
    command = [sys.executable, "-c", SIGNALLED, str(at), str(signal_number), *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, env=environment(), capture_output=True, encoding="utf-8", timeout=LIMIT_SECONDS
    )


def digest_of_file(path: Path) -> str:
    """The digest that a season file ends in."""
    with SeasonFile.open(path) as file:
        return file.digest
