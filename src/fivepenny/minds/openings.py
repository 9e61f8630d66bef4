"""What an engine keeps of the beginnings of its prompts, so that a reply depends on its own prompt alone.

llama.cpp's own prompt cache starts each request from whatever the one before left behind, and the replies then depend
on the order of the requests. Here a beginning is computed alone, once; its state is saved to a private folder, and
every request with that beginning starts from exactly this state. This module knows the engine as two functions, and
nothing of what a prompt says.
"""

import os
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from fivepenny.errors import MindFailed, MissingPart

OPENINGS_MAX = 8
"""How many states an engine keeps, each of some megabytes: enough for a table. Of more, the longest unused goes."""

Post = Callable[[str, dict[str, Any]], dict[str, Any]]
Compute = Callable[[Sequence[int]], None]

_SLOT = "/slots/0?action="
_PREFIX = "fivepenny-openings-"
_PROCESS_MAX = 2**31 - 1


def clear_left_behind(folder: Path) -> None:
    """Delete the states in this folder whose process is no more; those of others that cannot be deleted stay."""
    for path in folder.glob(f"{_PREFIX}*"):
        owner = path.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isascii() and owner.isdigit() and not _lives(int(owner)):
            shutil.rmtree(path, ignore_errors=True)


def _lives(process: int) -> bool:
    if process > _PROCESS_MAX:
        return False
    if os.name != "posix":
        return True  # elsewhere the question itself would stop the process
    try:
        os.kill(process, 0)  # asks, and sends nothing
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another user's
    return True


class Openings:
    """The saved states of one engine, which must stand still while `lay` is called."""

    def __init__(self, post: Post) -> None:
        """Makes the folder, which is this user's alone. Raises `MissingPart` where none can be made.

        A process that is killed outright leaves it behind; the next one clears it away.
        """
        self._post = post
        clear_left_behind(Path(tempfile.gettempdir()))
        try:
            self._folder = tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)
        except OSError as error:
            reason = error.strerror or "none is writable"
            raise MissingPart(f"no folder for temporary files ({reason}); set TMPDIR to one") from error
        self._names: OrderedDict[tuple[int, ...], str] = OrderedDict()
        self._numbers = count(1)

    @property
    def folder(self) -> Path:
        """Where the states lie."""
        return Path(self._folder.name)

    def lay(self, opening: Sequence[int], compute: Compute) -> bool:
        """Bring the engine's slot into the state after these token ids; whether that was served from what is kept.

        `compute` has the engine read them in an empty slot. A state that cannot be saved or read back is computed
        anew, which is slower and otherwise the same.
        """
        key = tuple(opening)
        if key in self._names:
            self._names.move_to_end(key)
            if self._has_restored(key):
                return True
            self._forget(key)
        compute(opening)
        name = f"{next(self._numbers)}.state"
        with suppress(MindFailed):
            self._post(f"{_SLOT}save", {"filename": name})
            self._names[key] = name
            if len(self._names) > OPENINGS_MAX:
                self._forget(next(iter(self._names)))
        return False

    def close(self) -> None:
        """Delete all of it; calling it twice is harmless."""
        self._names.clear()
        self._folder.cleanup()

    def _has_restored(self, key: tuple[int, ...]) -> bool:
        try:
            told = self._post(f"{_SLOT}restore", {"filename": self._names[key]})
        except MindFailed:
            return False
        return told.get("n_restored") == len(key)

    def _forget(self, key: tuple[int, ...]) -> None:
        with suppress(OSError):
            (self.folder / self._names.pop(key)).unlink()
