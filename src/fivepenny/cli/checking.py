"""The verbs that look before anything is played: `doctor`, `lint`, `models list`."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from fivepenny.cli.output import AsJson, counted, note, print_json, print_table
from fivepenny.errors import MissingPart

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

    parts = [*_python(), *_engine(), *_models(), *_machine(), *_academy(), *_terminal()]
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


def list_(as_json: AsJson = False) -> None:
    """The minds that come with the package, and how their files stand.

    Example: fivepenny models list
    """
    from fivepenny.minds.catalogue import list_minds

    rows = list_minds()
    if as_json:
        print_json(
            {
                "minds": [
                    {
                        "reference": row.reference,
                        "name": row.name,
                        "lab": row.lab,
                        "family": row.family,
                        "parameters": row.parameters,
                        "licence": row.licence,
                        "size_bytes": row.size_bytes,
                        "wording": row.wording.value,
                        "state": row.state.value,
                    }
                    for row in rows
                ]
            }
        )
        return
    columns = ("reference", "name", "lab", "family", "parameters", "licence", "bytes", "file")
    print_table(
        columns,
        [
            (row.reference, row.name, row.lab, row.family, row.parameters, row.licence, row.size_bytes, row.state.value)
            for row in rows
        ],
    )
    _print_touring()
    note("any of these takes a seat: fivepenny play --seat SEAT=touring:NAME; so does any file: --seat SEAT=gguf:PATH")


def pull(
    reference: Annotated[str, typer.Argument(metavar="REF", help="touring:NAME, or hf://ORG/REPO/FILE.gguf.")],
) -> None:
    """Bring a model's file to this machine, and check it against what was pulled first.

    Example: fivepenny models pull touring:qwen3-0.6b
    """
    from fivepenny.cli.showing import pulling
    from fivepenny.minds.touring import pull_model

    with pulling(reference) as tell:
        path = pull_model(reference, tell)
    print(f"{reference}: {path}")


MODELS_VERBS = (list_, pull)


def _print_touring() -> None:
    from fivepenny.minds.touring import list_touring

    columns = ("touring model", "lab", "family", "parameters", "licence", "may train", "bytes", "file")
    rows = [
        (f"touring:{m.name}", m.lab, m.family, m.parameters, m.licence, m.outputs.value, m.size_bytes, row.state)
        for row in list_touring()
        for m in (row.model,)
    ]
    print_table(columns, rows)


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
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Part("cores", True, False, str(cores))
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        yield Part("memory", True, False, f"{memory:.1f} GiB")
    free = shutil.disk_usage(Path()).free // 2**20
    cure = "" if free >= LEAST_FREE_MEGABYTES else "make room, or play elsewhere with --out"
    yield Part("disk", free >= LEAST_FREE_MEGABYTES, True, f"{free:,} MiB free here", cure)


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
