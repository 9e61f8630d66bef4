"""The shipped models: what they are, what their exam says, and that a live season of theirs repeats.

These run the real GGUF files in real llama.cpp.
"""

import signal
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from command_line import digest_of_file, fivepenny_run, one_object, signalled_run
from fivepenny.academy.exam import REGRET_LIMIT, mark_grades, mark_lines, spoken_options, unseen
from fivepenny.company.players import CUE_CEILING_TOKENS
from fivepenny.minds.catalogue import HOUSE_NAMES, FileState, list_minds, models_folder, seat_mind
from fivepenny.minds.gguf import read_head
from fivepenny.minds.mind import MindCard, Wording
from fivepenny.minds.scripted import ScriptedMind
from fivepenny.stage.listening import Situation

MOST_BYTES = 25_000_000
SITUATIONS = 60
DAYS = 5
PLAY = ("play", "--days", str(DAYS), "--json", "--out")


def test_five_models_of_five_architectures_within_their_size() -> None:
    heads = [read_head(models_folder() / f"{name}.gguf") for name in HOUSE_NAMES]
    assert {head.architecture for head in heads} == {"llama", "qwen3", "gemma3", "gptneox", "lfm2"}
    assert all(1_000_000 <= head.parameters <= 4_000_000 for head in heads)
    assert sum(path.stat().st_size for path in models_folder().iterdir()) <= MOST_BYTES


def test_each_model_is_listed_and_has_a_card() -> None:
    for row in list_minds():
        assert (row.state, row.licence, row.wording) == (FileState.THERE, "Apache-2.0", Wording.CUE)
        card = (models_folder() / f"{row.reference.partition(':')[2]}.md").read_text(encoding="utf-8")
        assert row.family in card and f"{row.parameters:,}" in card and "regret" in card


@pytest.fixture(scope="module")
def asked() -> Sequence[Situation]:
    """Situations of an exam."""
    return unseen(SITUATIONS)


@pytest.mark.parametrize("name", HOUSE_NAMES)
def test_a_model_grades_far_better_than_chance(name: str, asked: Sequence[Situation]) -> None:
    """The twin's part is played by grades drawn by lot; the cards compare with random weights."""
    lot = Random(1)
    card = MindCard("chance", "none", "none", 0, Wording.CUE)
    options = iter([len(situation.menu.options) for situation in asked])
    chance = ScriptedMind(lambda _: " ".join(str(lot.randint(0, 9)) for _ in range(next(options))), card)
    with closing(seat_mind(f"house:{name}")) as mind:
        marks, by_chance = mark_grades(mind, name, asked), mark_grades(chance, name, asked)
        lines = mark_lines(mind, name, spoken_options(asked, name, 10))
    assert marks.unreadable == by_chance.unreadable == 0
    assert marks.regret <= REGRET_LIMIT * by_chance.regret
    assert marks.same_grades > marks.by_act_table
    assert lines.speakable >= 0.8


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with one season that the models played undisturbed."""
    folder = tmp_path_factory.mktemp("house")
    one_object(fivepenny_run(*PLAY, "whole", cwd=folder))
    yield folder


def test_a_live_season_repeats_and_replays_and_is_sound(home: Path) -> None:
    report = one_object(fivepenny_run(*PLAY, "again", cwd=home))
    assert report["digest"] == digest_of_file(home / "whole" / "season.db")
    assert report["understudy_turns"] <= 0.05 * report["decisions"]
    assert 0 < report["prompt_tokens_max"] < CUE_CEILING_TOKENS
    assert len({seat["family"] for seat in report["seats"].values()}) == 5
    other = one_object(fivepenny_run(*PLAY, "other", "--seed", "2", cwd=home))
    assert other["digest"] != report["digest"]
    for verb in ("replay", "audit"):
        run = fivepenny_run(verb, "whole/season.db", cwd=home)
        assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("at", [60, 110])
def test_killed_and_resumed_it_ends_as_undisturbed(home: Path, at: int) -> None:
    run = signalled_run(at, signal.SIGKILL, [*PLAY, f"killed{at}"], home)
    assert run.returncode == -signal.SIGKILL
    report = one_object(fivepenny_run("resume", f"killed{at}/season.db", "--json", cwd=home))
    assert report["digest"] == digest_of_file(home / "whole" / "season.db")
