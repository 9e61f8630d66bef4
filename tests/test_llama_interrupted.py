"""Models whose loading is interrupted: the program goes on, or ends."""

import subprocess
import sys
from pathlib import Path

from command_line import environment

TRIES = 60

INTERRUPTED = """
import signal, sys
from pathlib import Path
from fivepenny.minds.engine import Engine
from fivepenny.minds.gguf import read_head
head, interrupted = read_head(Path(sys.argv[1])), 0
Engine(head).close()
signal.signal(signal.SIGALRM, signal.default_int_handler)
for _ in range(int(sys.argv[2])):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        Engine(head).close()
    except KeyboardInterrupt:
        interrupted += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
print(interrupted)
"""
"""Loads a model again and again, and is interrupted at it each time."""


def test_an_interrupt_while_a_model_loads_does_not_hang(models_path: Path) -> None:
    """llama.cpp waits for ever for the end of a server that is dropped before its loop has begun; one in ten was."""
    command = [sys.executable, "-c", INTERRUPTED, str(models_path / "quill.gguf"), str(TRIES)]
    run = subprocess.run(command, env=environment(), capture_output=True, encoding="utf-8", timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
    assert int(run.stdout) > TRIES // 2
