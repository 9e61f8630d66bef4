"""Whether minds fit this machine: the memory and disk that they want, and what there is.

Before a file is here only its size is known, so what the engine needs beside the weights is a stated rule, that of
`memory_for`, not a measurement. This module opens no mind.
"""

import os
import resource
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fivepenny.minds.catalogue import HOUSE_NAMES, models_folder
from fivepenny.minds.engine import CONTEXT_MAX_TOKENS
from fivepenny.minds.gguf import read_head
from fivepenny.minds.hub import is_pulled
from fivepenny.minds.prices import EMBEDDED_KINDS
from fivepenny.minds.touring import catalogue, pull_model

MEBIBYTE, GIBIBYTE = 2**20, 2**30
ENGINE_BYTES = 32 * MEBIBYTE
"""What an engine takes however small its model is."""
CONTEXT_BYTES_MAX = 512 * MEBIBYTE
"""The most that the rule allows for the context of one model."""
LEAST_FREE_SHARE = 0.2
"""The share of the memory that is left to everything else on the machine."""

_STATM = Path("/proc/self/statm")
_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, slots=True)
class Need:
    """What minds played together want: memory, and the bytes that have still to be pulled."""

    memory_bytes: int
    pull_bytes: int


def memory_for(size_bytes: int) -> int:
    """Memory for one model file, in bytes: the file, as much again for its context up to half a GiB, and an engine."""
    return size_bytes + min(size_bytes, CONTEXT_BYTES_MAX) + ENGINE_BYTES


def need_of_company(name: str) -> Need:
    """What a touring company wants. Raises KeyError where there is none of this name."""
    found = catalogue()
    members = [model for model in found.models if model.name in found.companies[name]]
    missing = [model.size_bytes for model in members if not is_pulled(model.reference)]
    return Need(sum(memory_for(model.size_bytes) for model in members), sum(missing))


def need_of_house() -> Need:
    """What the house's own models want; a file that is not here counts for nothing."""
    paths = [models_folder() / f"{name}.gguf" for name in HOUSE_NAMES]
    return Need(sum(memory_for(path.stat().st_size) for path in paths if path.is_file()), 0)


def fits(need: Need, memory_bytes: int | None, disk_bytes: int) -> bool:
    """Whether there is room, a share of the memory left free; memory that is not known is taken to do."""
    has_memory = memory_bytes is None or need.memory_bytes <= memory_bytes * (1 - LEAST_FREE_SHARE)
    return has_memory and need.pull_bytes <= disk_bytes


def machine_memory_bytes() -> int | None:
    """The memory that this process may use: the machine's, or its control group's where that is less."""
    if not (hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names):
        return None
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no such file elsewhere; the word "max" where there is no limit
        memory_bytes = min(memory_bytes, int(_GROUP_LIMIT.read_text("ascii")))
    return memory_bytes


def free_disk_bytes() -> int:
    """Room on the disk where pulled files lie."""
    chosen = os.environ.get("HF_HUB_CACHE") or os.environ.get("HF_HOME")
    folder = Path(chosen) if chosen else Path.home() / ".cache"
    there: Iterable[Path] = (place for place in (folder, *folder.absolute().parents) if place.is_dir())
    return shutil.disk_usage(next(iter(there), Path())).free


def resident_bytes() -> int:
    """Memory that this process holds now, in bytes; where that is not told, the most that it ever held."""
    with suppress(OSError, ValueError, IndexError):
        return int(_STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def runs_here(reference: str) -> bool:
    """Whether the mind of this reference runs in this process."""
    return reference.partition(":")[0] in EMBEDDED_KINDS


def context_tokens_of(reference: str) -> int:
    """The longest text, in tokens, for which a mind that runs here is opened. Raises as opening it does."""
    kind, _, rest = reference.partition(":")
    if kind == "gguf":
        path = Path(rest)
    elif kind == "house":
        path = models_folder() / f"{rest}.gguf"
    else:
        path = pull_model(reference)
    return min(read_head(path).context_tokens, CONTEXT_MAX_TOKENS)
