"""Model files from the hub: `hf://` references, pulled once, and checked by their SHA-256 ever after.

The file lies in huggingface_hub's own cache, where other programs find it too. Beside it, in our own data folder,
stands a small record of what was first pulled; a file that is no longer that one is refused. Once a file is
recorded, neither network nor library is needed. This module knows no catalogue and opens no model.
"""

import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from fivepenny.errors import CheckFailed, FivepennyError, MissingPart, UnknownMind, WrongUse, foreign_words

FORM = "hf://ORG/REPO/FILE.gguf"
DEFAULT_REVISION = "main"
CHUNK_BYTES = 8 * 1024 * 1024
SHOWN_DIGITS = 12

Tell = Callable[[str, int, int], None]
"""Hears what is being done ("asking the hub", "downloading", "checking"), the bytes done and those in all (or 0)."""

_SCHEME = "hf://"
_WORD = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_REFERENCE = re.compile(rf"hf://({_WORD}/{_WORD})(?:@({_WORD}))?/((?:{_WORD}/)*{_WORD}\.gguf)")
_PART_OF_MANY = re.compile(r"-\d{5}-of-\d{5}\.gguf$")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file of one repository, at a branch, tag or commit."""

    repository: str
    revision: str
    name: str


@dataclass(frozen=True, slots=True)
class Record:
    """What was pulled first: the file's SHA-256 in hexadecimal, its size, and where it lies."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    sha256: str
    size_bytes: int
    path: str


def tell_nothing(step: str, done_bytes: int, total_bytes: int) -> None:
    """The `Tell` for those who do not listen."""


def is_hub(reference: str) -> bool:
    """Whether this is meant as a reference to the hub."""
    return reference.startswith(_SCHEME)


def parse(reference: str) -> HubFile:
    """The file that `hf://ORG/REPO/FILE.gguf` names; `REPO@REVISION` pins it. Raises `UnknownMind`."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise UnknownMind(f"{reference!a} names no file of the hub; write {FORM}")
    repository, revision, name = match.groups()
    if _PART_OF_MANY.search(name):
        raise UnknownMind(f"{reference}: one part of a file in parts; choose a quantisation that is one file")
    return HubFile(repository, revision or DEFAULT_REVISION, name)


def data_folder() -> Path:
    """Where this program keeps its own records of a user: `$XDG_DATA_HOME/fivepenny`, else below the home folder."""
    chosen = os.environ.get("XDG_DATA_HOME", "")
    return (Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".local" / "share") / "fivepenny"


def record_path(file: HubFile) -> Path:
    """Where the record of this file stands."""
    return data_folder() / "pulled" / f"{file.repository}@{file.revision}" / f"{file.name}.json"


def is_pulled(reference: str) -> bool:
    """Whether the file is on this machine in the size recorded; its checksum is looked at when it is used."""
    try:
        record = _read_record(parse(reference))
        return record is not None and Path(record.path).stat().st_size == record.size_bytes
    except (OSError, FivepennyError):
        return False


def pull(reference: str, tell: Tell = tell_nothing) -> Path:
    """The path of the file behind an `hf://` reference, downloaded where it is not on this machine yet.

    Raises `UnknownMind` where the hub has no such file, `MissingPart` where it cannot be had now (no library, no
    network, offline, gated), `CheckFailed` where the file is not the one that was first pulled.
    """
    file = parse(reference)
    record = _read_record(file)
    path = Path(record.path) if record and Path(record.path).is_file() else _fetched(reference, file, tell)
    found = Record(_checksum(path, tell), path.stat().st_size, str(path))
    if record is None:
        _check_arrival(path, found)
        record = _kept_first(file, found)
    if found.sha256 != record.sha256:
        raise CheckFailed(
            f"{reference}: not the file that was first pulled (SHA-256 {found.sha256[:SHOWN_DIGITS]}, was "
            f"{record.sha256[:SHOWN_DIGITS]}); delete {path.resolve()} and pull again, or, where the change is "
            f"meant, delete {record_path(file)}"
        )
    if found.path != record.path:
        _write_record(file, found)
    return path


def _fetched(reference: str, file: HubFile, tell: Tell) -> Path:
    """The file in the library's cache, downloaded where it is not there."""
    try:
        from huggingface_hub import constants, errors, hf_hub_download
    except ImportError as error:
        raise MissingPart(
            f"{reference}: huggingface_hub is not installed; run: pip install 'fivepenny[hub]'"
        ) from error
    again = f"fivepenny models pull {reference}"
    bar = _bar(tell)
    tell("asking the hub", 0, 0)
    try:
        with _quiet("huggingface_hub"):
            path = hf_hub_download(file.repository, file.name, revision=file.revision, tqdm_class=bar)
    except errors.GatedRepoError as error:
        raise MissingPart(
            f"{reference}: gated; accept its licence on its page, log in (hf auth login), then: {again}"
        ) from error
    except errors.LocalEntryNotFoundError as error:
        if constants.HF_HUB_OFFLINE:
            cause = "it is not on this machine, and HF_HUB_OFFLINE is set; unset it"
        else:
            cause = "it is not on this machine, and the hub does not answer; check the network"
        raise MissingPart(f"{reference}: {cause}, then: {again}") from error
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError, errors.EntryNotFoundError) as error:
        raise UnknownMind(
            f"{reference}: the hub has no such file for you; check organisation, name and file"
        ) from error
    except Exception as error:  # whatever else its transports raise: a cut line, a full disk, a bad answer
        raise MissingPart(f"{reference}: could not be pulled ({foreign_words(error)}); then: {again}") from error
    return Path(path)


@contextmanager
def _quiet(library: str) -> Iterator[None]:
    """Keep a library's warnings about its retries to itself: what goes wrong in the end is told in one line."""
    logger = logging.getLogger(library)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _bar(tell: Tell) -> Any:
    """What the library takes for the class of its progress bars: it draws nothing, and tells."""
    from huggingface_hub.utils.tqdm import tqdm

    furthest_bytes = 0

    class Bar(tqdm):
        def update(self, n: float | None = 1) -> bool | None:
            nonlocal furthest_bytes
            self.n += int(n or 0)
            if self.n > furthest_bytes:  # some transports keep two bars, and a cut line sets one back
                furthest_bytes = self.n
                tell("downloading", furthest_bytes, int(self.total or 0))
            return None

    untyped: Any = Bar
    return partial(untyped, disable=True)


def _checksum(path: Path, tell: Tell) -> str:
    digest = sha256()
    try:
        total_bytes, done_bytes = path.stat().st_size, 0
        with path.open("rb") as content:
            while chunk := content.read(CHUNK_BYTES):
                digest.update(chunk)
                done_bytes += len(chunk)
                tell("checking", done_bytes, total_bytes)
    except OSError as error:
        raise MissingPart(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    return digest.hexdigest()


def _check_arrival(path: Path, found: Record) -> None:
    """The cache names a large file's blob by the hub's own SHA-256: a first pull is checked against that."""
    blob = path.resolve()
    if _SHA256.fullmatch(blob.name) and blob.name != found.sha256:
        raise CheckFailed(f"{blob}: not the file that the hub announced; delete it and pull again")


def _read_record(file: HubFile) -> Record | None:
    path = record_path(file)
    try:
        return TypeAdapter(Record).validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MissingPart(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    except ValidationError as error:
        raise WrongUse(f"{path}: not a record of a pulled file; delete it and pull again") from error


def _kept_first(file: HubFile, found: Record) -> Record:
    """The record that stands after this: `found`, unless another process was first."""
    path = record_path(file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as record:
            record.write(_text(found))
    except FileExistsError:
        return _read_record(file) or found
    except OSError as error:
        raise MissingPart(
            f"{path}: cannot be written ({error.strerror}); set XDG_DATA_HOME to a folder of yours"
        ) from error
    return found


def _write_record(file: HubFile, found: Record) -> None:
    """Note where the file lies now. A record that cannot be written is no reason to refuse a good file."""
    path = record_path(file)
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        beside.write_text(_text(found), "utf-8")
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)


def _text(record: Record) -> str:
    return json.dumps(asdict(record), indent=2) + "\n"
