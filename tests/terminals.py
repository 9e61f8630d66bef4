"""`fivepenny` at a pseudo-terminal, for the tests of people who play."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

from command_line import environment

PATIENCE_SECONDS = 120  # a question that never comes fails its test, and holds nothing up


class Terminal:
    """`fivepenny` at a pseudo-terminal: what is shown, and somebody who types."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fivepenny", *words],
            cwd=folder, env=environment(), stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.shown = ""

    def read(self) -> str:
        """What is shown until the next question, or to the end."""
        begun = len(self.shown)
        while not self.shown[begun:].rstrip(" ").endswith(">"):
            if not select.select([self._master], [], [], PATIENCE_SECONDS)[0]:
                self.process.kill()
                raise AssertionError(f"no question for {PATIENCE_SECONDS} s after: {self.shown[-400:]!r}")
            try:
                read = os.read(self._master, 4096).decode("utf-8", "replace")
            except OSError:  # nobody holds the other end any more
                break
            if not read:
                break
            self.shown += read
        return self.shown[begun:]

    def type(self, answer: str) -> str:
        """Answer, and read on."""
        os.write(self._master, f"{answer}\n".encode())
        return self.read()

    def end(self) -> int:
        """Wait for the end; its exit code."""
        code = self.process.wait(timeout=60)
        os.close(self._master)
        return code
