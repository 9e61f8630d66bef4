"""The verbs that look before anything is played: `doctor`, `lint`."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fivepenny.cli.output import counted, note, print_table
from fivepenny.errors import MissingPart

if TYPE_CHECKING:
    from fivepenny.minds.room import Need

PYTHONS = ((3, 11), (3, 13))
ENGINE = "xllamacpp"
LEAST_FREE_MEGABYTES = 100
CHRONICLE_SUFFIX = ".csv"


@dataclass(frozen=True, slots=True)
class Part:
    """Something of this machine: whether it is there, whether `play` needs it, and what to do where it is not."""

    name: str
    there: bool
    needed: bool
    what: str
    cure: str = ""


def doctor() -> None:
    """What this machine has and lacks.

    Exit code 3 where something that `play` needs is missing.

    Example: fivepenny doctor
    """
    from fivepenny.minds.registry import plug_in_faults

    parts = [*_python(), *_engine(), *_models(), *_machine(), *_companies(), *_academy(), *_terminal()]
    state = {(True, True): "yes", (True, False): "yes", (False, True): "MISSING", (False, False): "no"}
    rows = [(part.name, state[part.there, part.needed], part.what, part.cure) for part in parts]
    print_table(("part", "there", "what", "what to do"), rows)
    missing = [part for part in parts if part.needed and not part.there]
    if missing:
        raise MissingPart(f"{', '.join(part.name for part in missing)} missing; {missing[0].cure}")
    for fault in plug_in_faults():
        note(fault)
    print("All that `fivepenny play` needs is here.")


def lint(
    path: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario's name or TOML file, or a chronicle's CSV.")
    ],
) -> None:
    """Check a scenario or a chronicle before it is played.

    What cannot be played is an error (exit code 2); doubts are printed as warnings (exit code 0).

    Example: fivepenny lint my-scenario.toml
    """
    from fivepenny.chronicle import read_chronicle
    from fivepenny.scenario import load_scenario
    from fivepenny.stage.lint import chronicle_warnings, scenario_warnings

    if path.endswith(CHRONICLE_SUFFIX):
        chronicle = read_chronicle(Path(path))
        warnings, what = chronicle_warnings(chronicle), counted(len(chronicle.rows), "row")
    else:
        scenario, found = load_scenario(path)
        warnings = scenario_warnings(scenario, found)
        what = f"{counted(len(scenario.seats), 'seat')}, {counted(len(scenario.goods), 'good')}, "
        what += counted(scenario.days, "day")
    for warning in warnings:
        print(f"warning: {warning}")
    doubts = counted(len(warnings), "doubt") if warnings else "no doubts"
    print(f"{path}: it can be played; {what}; {doubts}")


VERBS = (doctor, lint)


def _python() -> Iterator[Part]:
    first, last = PYTHONS
    fits = first <= sys.version_info[:2] <= last
    wanted = "" if fits else f"use Python {first[0]}.{first[1]} to {last[0]}.{last[1]}"
    yield Part("Python", fits, True, f"{platform.python_version()} on {platform.system()} {platform.machine()}", wanted)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "version not known"


def _engine() -> Iterator[Part]:
    for name in (ENGINE, "tokenizers"):
        try:
            import_module(name)
        except (ImportError, OSError) as error:
            yield Part(name, False, True, " ".join(str(error).split())[:80], f"run: pip install {name}")
        else:
            yield Part(name, True, True, _version(name))


def _models() -> Iterator[Part]:
    from fivepenny.minds.catalogue import FileState, list_minds

    rows = list_minds()
    lacking = [f"{row.reference} is {row.state.value}" for row in rows if row.state is not FileState.THERE]
    what = ", ".join(lacking) or ", ".join(f"{row.name} ({row.family})" for row in rows)
    cure = "install the package again, or play --company understudies" if lacking else ""
    yield Part("house models", not lacking, True, what, cure)


def _machine() -> Iterator[Part]:
    from fivepenny.minds.room import GIBIBYTE, machine_memory_bytes

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Part("cores", True, False, str(cores))
    memory_bytes = machine_memory_bytes()
    if memory_bytes is not None:
        yield Part("memory", True, False, f"{memory_bytes / GIBIBYTE:.1f} GiB")
    free = shutil.disk_usage(Path()).free // 2**20
    cure = "" if free >= LEAST_FREE_MEGABYTES else "make room, or play elsewhere with --out"
    yield Part("disk", free >= LEAST_FREE_MEGABYTES, True, f"{free:,} MiB free here", cure)


def _companies() -> Iterator[Part]:
    """What fits this machine: the house's own company, and those that tour."""
    from fivepenny.minds.room import free_disk_bytes, machine_memory_bytes, need_of_company, need_of_house
    from fivepenny.minds.touring import company_names

    memory_bytes, disk_bytes = machine_memory_bytes(), free_disk_bytes()
    yield _company("house", need_of_house(), memory_bytes, disk_bytes)
    for name in company_names():
        yield _company(name, need_of_company(name), memory_bytes, disk_bytes)


def _company(name: str, need: "Need", memory_bytes: int | None, disk_bytes: int) -> Part:
    from fivepenny.minds.room import GIBIBYTE, fits

    there = fits(need, memory_bytes, disk_bytes)
    here = "an unknown amount" if memory_bytes is None else f"{memory_bytes / GIBIBYTE:.1f} GiB"
    what = f"{'fits' if there else 'does not fit'}, about {need.memory_bytes / GIBIBYTE:.1f} of {here} of memory"
    if need.pull_bytes:
        what += f"; {need.pull_bytes / GIBIBYTE:.1f} GiB to pull, {disk_bytes / GIBIBYTE:,.1f} GiB free"
    cure = "" if there else "a fifth of the memory has to stay free; seat smaller models, or a server's"
    return Part(f"company {name}", there, False, what, cure)


def _academy() -> Iterator[Part]:
    from fivepenny.academy.commands import NEEDED

    for name in NEEDED:
        there = find_spec(name) is not None
        cure = "" if there else "for the academy only: pip install 'fivepenny[academy]'"
        yield Part(name, there, False, _version(name) if there else "", cure)


def _terminal() -> Iterator[Part]:
    size = shutil.get_terminal_size()
    what = f"{size.columns} columns, {sys.stdout.encoding}" if sys.stdout.isatty() else f"none, {sys.stdout.encoding}"
    yield Part("terminal", sys.stdout.isatty(), False, what)
