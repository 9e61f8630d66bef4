"""Seasons for tests: played by policies or by scripted minds, and written again with something changed in them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest

from fivepenny.company import cast
from fivepenny.company.cast import company_references
from fivepenny.errors import MindFailed
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import SeasonFile, TapeRow
from fivepenny.minds.mind import Mind, MindCard, Request, Task, Wording
from fivepenny.minds.scripted import Answer, ScriptedMind
from fivepenny.scenario import load_scenario
from fivepenny.stage.house import open_house

SCENARIO, CHRONICLE = load_scenario("south-sea")


def play_season(path: Path, seed: int, days: int, minds: dict[str, str]) -> Path:
    """Play a season of the default scenario to this path."""
    header = Header(seed, days, SCENARIO, CHRONICLE, minds)
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


def play_company(path: Path, seed: int, days: int, company: str) -> Path:
    """Play a season with a whole company."""
    return play_season(path, seed, days, company_references(company, SCENARIO))


def _line(chance: Random) -> str:
    words = ("".join(chance.choice("abdeiklmnorstu") for _ in range(5)) for _ in range(4))
    return f"Well now, {' '.join(words)}, {{me}} says."


def scripted_answer(request: Request) -> Answer:
    """A reply of a mind that reads nothing but the menu; some cannot be read, and some do not come."""
    chance = Random(request.seed)
    trouble = chance.random()
    if trouble < 0.06:
        return "I would rather not say" if trouble < 0.04 else MindFailed("no answer came")
    match request.task:
        case Task.GRADE:
            return "".join(f" {chance.randint(0, 9)}" for _ in range(request.max_tokens // 2))
        case Task.SPEAK:
            return _line(chance)
        case Task.REPLY:
            lines = [line for line in request.prompt.splitlines() if line.startswith("- ")]
            phrase = chance.choice(lines)[2:].partition(":")[0]
            return json.dumps({"moves": [phrase], "say": _line(chance), "aside": "The door stays shut."})


def scripted_mind(reference: str) -> Mind:
    """A scripted mind for a reference: a GGUF file speaks prose, a house mind cues."""
    wording = Wording.PROSE if reference.startswith("gguf:") else Wording.CUE
    return ScriptedMind(scripted_answer, MindCard(reference, "fivepenny", "script", 0, wording))


def play_scripted(path: Path, seed: int, days: int) -> Path:
    """Play a season with scripted minds: two that read prose, three that read cues."""
    minds = company_references("house", SCENARIO) | {"quill": "gguf:quill.gguf", "tansy": "gguf:tansy.gguf"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cast, "seat_mind", scripted_mind)
        return play_season(path, seed, days, minds)


Events = list[Event]
Rows = list[TapeRow]


def forged(
    path: Path,
    target: Path,
    events: Callable[[Events], Sequence[Event]] = list,
    tape: Callable[[Rows], Sequence[TapeRow]] = list,
) -> Path:
    """The season of one file written to another with other events or another tape, its hash chain made anew."""
    with SeasonFile.open(path) as file, SeasonFile.create(target, file.header) as copy:
        for row in tape(list(file.tape())):
            copy.record(row)
        copy.commit_day(events(list(file.events())))
        copy.finish()
    return target
