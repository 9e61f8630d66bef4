"""The folder that a season leaves: made without overwriting, unmade where nothing came of it, written whole.

Knows file names and their order of writing, not what is in the files.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from fivepenny.errors import FivepennyError, MissingPart, WrongUse

SEASON, SCREENPLAY, PLAYBILL = "season.db", "screenplay.fountain", "playbill.html"
_SQLITE_TAILS = ("", "-wal", "-shm", "-journal")


class SeasonFolder:
    """A folder for a new season. `undo` takes away what was made here, and nothing else."""

    def __init__(self, path: Path, made: tuple[Path, ...]) -> None:
        """Callers use `at` or `free`."""
        self.path = path
        self._made = made

    @property
    def season(self) -> Path:
        """Where the season file belongs."""
        return self.path / SEASON

    @classmethod
    def at(cls, path: Path) -> "SeasonFolder":
        """This folder, made where it is missing. Raises WrongUse where it holds a season or is no folder."""
        for name in (SEASON, SCREENPLAY, PLAYBILL):
            if (path / name).exists():
                what = f"resume {path / name}, or name" if name == SEASON else "nothing is overwritten: name"
                raise WrongUse(f"{path}: {name} is already there; {what} another folder with --out")
        made = _make(path, exclusive=False)
        if not path.is_dir():
            raise WrongUse(f"{path}: it is no folder; name another with --out")
        return cls(path, made)

    @classmethod
    def free(cls, parent: Path, name: str) -> "SeasonFolder":
        """A new folder `parent/name`, or `parent/name-2` and so on where there is one."""
        place = 1
        while True:
            path = parent / (name if place == 1 else f"{name}-{place}")
            with suppress(FileExistsError):
                return cls(path, _make(path, exclusive=True))
            place += 1

    def undo(self) -> None:
        """Take away the season file and the folders that were made for it."""
        for tail in _SQLITE_TAILS:
            with suppress(OSError):
                Path(f"{self.season}{tail}").unlink()
        for folder in reversed(self._made):
            with suppress(OSError):
                folder.rmdir()


def _make(path: Path, exclusive: bool) -> tuple[Path, ...]:
    """Make a folder and those it stands in; which were made. `exclusive`: FileExistsError where it is there.

    Raises MissingPart or WrongUse, and leaves nothing then.
    """
    if exclusive and path.exists():
        raise FileExistsError
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    made: list[Path] = []
    try:
        for folder in reversed(missing):
            # Seasons that are started side by side may both make the folder above.
            folder.mkdir(exist_ok=folder != path or not exclusive)
            made.append(folder)
    except OSError as error:
        SeasonFolder(path, tuple(made)).undo()
        if exclusive and path.is_dir():
            raise FileExistsError from None
        raise folder_error(path, error) from None
    return tuple(made)


def folder_error(path: Path, error: OSError) -> FivepennyError:
    """An error of the file system, in one line."""
    if isinstance(error, NotADirectoryError | FileExistsError):
        return WrongUse(f"{path}: a part of this path is a file; name a folder")
    return MissingPart(f"{path}: {error.strerror or error}; give a folder that can be written and has room")


def write_whole(folder: Path, texts: Mapping[str, Callable[[], str]]) -> None:
    """Write each text under its name: a file is there whole or not at all. Raises MissingPart or WrongUse."""
    for name, text in texts.items():
        draft = folder / f".{name}.draft"
        try:
            draft.write_text(text(), encoding="utf-8", newline="\n")
            draft.replace(folder / name)
        except OSError as error:
            raise folder_error(folder / name, error) from None
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
