"""A person in a seat: choices by number, taken back until the day is closed, kept when they leave, and taped."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import digest_of_file, environment, fivepenny_run, one_object
from fivepenny.clock import Beat
from fivepenny.company.decisions import decide
from fivepenny.company.human import HUMAN, HumanPlayer, read_choice
from fivepenny.errors import Left, TakenBack, WrongUse
from fivepenny.journal import SeasonFile, TapeRow
from fivepenny.rng import stream
from fivepenny.scenario import load_scenario
from fivepenny.world import Fact, Menu, Observation, Option

SEAT = load_scenario("south-sea")[0].seat("quill")
OPTIONS = (
    Option(
        "buy rye",
        "buy",
        text="buy two sacks of rye",
        excludes=frozenset({"sell rye"}),
        facts=(Fact("cost", 3, "dear"),),
    ),
    Option("sell rye", "sell", excludes=frozenset({"buy rye"})),
    Option("buy tin", "buy", slots={"to": "Birch"}),
    Option("hold", "hold"),
)
MENU = Menu("quill", OPTIONS, "hold", 2)
VIEW = Observation("quill", 3, Beat.MARKET, (Fact("purse", 4, "You have £2."),), heard=("birch to you: rye will rise",))
PLAY = ["play", "--company", "understudies", "--seat", "quill=human", "--days", "3", "--pace", "fast"]


def rows_of(path: Path) -> list[TapeRow]:
    with SeasonFile.open(path) as file:
        return [row for row in file.tape() if row.mind == HUMAN]


def typed(words: list[str], answers: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """`fivepenny` with these answers typed ahead."""
    return subprocess.run(
        [sys.executable, "-m", "fivepenny", *words],
        cwd=cwd, env=environment(), input=answers, capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


# --- choices -------------------------------------------------------------------------------------------------


@given(st.text(max_size=12) | st.lists(st.integers(-2, 7).map(str), max_size=4).map(" ".join))
def test_what_is_chosen_is_legal_or_nothing(answer: str) -> None:
    phrases, fault = read_choice(answer, MENU)
    assert bool(phrases) != bool(fault)
    assert len(phrases) <= MENU.max_moves
    assert len(set(phrases)) == len(phrases)
    assert set(phrases) <= set(MENU.phrases)
    assert not any(MENU.option(phrase).excludes & set(phrases) for phrase in phrases)


@pytest.mark.parametrize(
    ("answer", "phrases"),
    [
        ("1", ("buy rye",)),
        ("3, 1", ("buy tin", "buy rye")),
        ("4", ("hold",)),
        ("  ", ("hold",)),
        ("buy tin", ("buy tin",)),
        ("1 1", ("buy rye",)),
    ],
)
def test_numbers_choose_in_their_order(answer: str, phrases: tuple[str, ...]) -> None:
    assert read_choice(answer, MENU) == (phrases, "")


@pytest.mark.parametrize("answer", ["0", "5", "1 2", "1 2 3", "4 1", "rye", "１", "9" * 500])
def test_what_cannot_be_chosen_is_said(answer: str) -> None:
    phrases, fault = read_choice(answer, MENU)
    assert phrases == ()
    assert fault


class Typing:
    """Somebody who types these answers and keeps what was shown."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.shown = list(answers), list[str]()

    def tell(self, text: str) -> None:
        self.shown.append(text)

    def ask(self, question: str) -> str:
        if not self.answers:
            raise Left("gone")
        return self.answers.pop(0)


def test_a_choice_is_read_as_any_reply_and_the_figures_stand_beside_it() -> None:
    table = Typing("7", "3 1")
    asked = HumanPlayer(SEAT, table).ask_moves(VIEW, MENU, 0)
    assert decide(asked.task, asked.completion.text, MENU, 3, stream(1)).phrases == ("buy tin", "buy rye")
    shown = "\n".join(table.shown)
    assert all(part in shown for part in ("You have £2.", "rye will rise", "buy two sacks of rye", "dear"))


def test_a_line_is_held_to_the_rules_and_may_be_silence() -> None:
    table = Typing("I want 40 of them.", "You shall have them, {to}.")
    asked = HumanPlayer(SEAT, table).ask_line(VIEW, OPTIONS[2], (), 0, 1)
    assert asked.completion.text == "You shall have them, {to}."
    assert HumanPlayer(SEAT, Typing("")).ask_line(VIEW, OPTIONS[2], (), 0, 1).completion.text == ""


def test_back_and_leaving_are_no_choices() -> None:
    with pytest.raises(TakenBack):
        HumanPlayer(SEAT, Typing("U")).ask_moves(VIEW, MENU, 0)
    with pytest.raises(Left):
        HumanPlayer(SEAT, Typing("quit")).ask_line(VIEW, OPTIONS[2], (), 0, 1)
    with pytest.raises(Left):
        HumanPlayer(SEAT, Typing()).ask_moves(VIEW, MENU, 0)


# --- seasons -------------------------------------------------------------------------------------------------

NOTHING = "\n" * 60


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a season of three days in which somebody always kept still."""
    folder = tmp_path_factory.mktemp("human")
    run = typed([*PLAY, "--out", "season"], NOTHING, folder)
    assert run.returncode == 0, run.stderr
    return folder


def test_a_persons_season_is_a_season(home: Path) -> None:
    rows = rows_of(home / "season" / "season.db")
    assert {row.beat for row in rows} >= {"address", "market"}
    assert all(row.verdict != "refused" for row in rows if row.step == "moves")
    for verb in ("replay", "audit"):
        run = fivepenny_run(verb, "season/season.db", cwd=home)
        assert (run.returncode, run.stderr) == (0, "")


def test_what_was_taken_back_never_was(home: Path, tmp_path: Path) -> None:
    # The second choice is taken back as the third is asked for, and made again; then likewise with the whole day.
    detour = "\n2\nu\n\nu\nu\n" + NOTHING
    run = typed([*PLAY, "--out", "season"], detour, tmp_path)
    assert run.returncode == 0, run.stderr
    assert "Taken back." in run.stdout
    assert digest_of_file(tmp_path / "season" / "season.db") == digest_of_file(home / "season" / "season.db")


def test_yesterday_is_closed(home: Path, tmp_path: Path) -> None:
    first = [row for row in rows_of(home / "season" / "season.db") if row.day == 1]
    run = typed([*PLAY, "--out", "season"], "\n" * len(first) + "u\n" + NOTHING, tmp_path)
    assert "closed" in run.stdout
    assert digest_of_file(tmp_path / "season" / "season.db") == digest_of_file(home / "season" / "season.db")


@pytest.mark.parametrize("ending", ["q\n", ""])
@pytest.mark.parametrize("choices", [1, 5])
def test_who_leaves_comes_back_to_the_same_chair(home: Path, tmp_path: Path, choices: int, ending: str) -> None:
    left = typed([*PLAY, "--out", "season"], "\n" * choices + ending, tmp_path)
    assert left.returncode == 0
    assert len(left.stderr.splitlines()) == 1
    assert len(rows_of(tmp_path / "season" / "season.db")) == choices
    back = typed(["resume", "season/season.db", "--pace", "fast"], NOTHING, tmp_path)
    assert back.returncode == 0, back.stderr
    assert digest_of_file(tmp_path / "season" / "season.db") == digest_of_file(home / "season" / "season.db")


def test_who_leaves_before_choosing_leaves_nothing(tmp_path: Path) -> None:
    assert typed([*PLAY, "--out", "season"], "q\n", tmp_path).returncode == 0
    assert not (tmp_path / "season").exists()


def test_a_program_reads_one_object_and_a_person_the_other_stream(tmp_path: Path) -> None:
    run = typed([*PLAY, "--out", "season", "--json"], NOTHING, tmp_path)
    assert run.stdout.startswith("{")
    assert run.stdout.rstrip().endswith("}")
    assert "You are Tobias Quill." in run.stderr
    report = one_object(fivepenny_run("replay", "season/season.db", "--json", cwd=tmp_path))
    assert report["seats"]["quill"]["family"] == HUMAN


def test_beside_models_a_person_can_be_interrupted(tmp_path: Path) -> None:
    """At a real terminal: the models answer, the person is asked, Ctrl-C is pressed, the season goes on later."""
    master, slave = pty.openpty()
    words = ["play", "--seat", "quill=human", "--days", "2", "--pace", "fast", "--out", "season"]
    process = subprocess.Popen(
        [sys.executable, "-m", "fivepenny", *words],
        cwd=tmp_path, env=environment(), stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    )  # fmt: skip
    os.close(slave)

    def until(text: str) -> None:
        seen = ""
        while text not in seen:
            seen += os.read(master, 4096).decode("utf-8", "replace")

    until("leave)> ")
    os.write(master, b"1\n")
    until("> ")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    os.close(master)
    assert len(rows_of(tmp_path / "season" / "season.db")) == 1
    back = typed(["resume", "season/season.db", "--pace", "fast"], NOTHING, tmp_path)
    assert back.returncode == 0, back.stderr
    assert fivepenny_run("audit", "season/season.db", cwd=tmp_path).returncode == 0


INTERRUPTED_ELSEWHERE = """
import signal, sys, threading, time
from types import SimpleNamespace
from fivepenny.cli.person import Person
def interrupt():
    time.sleep(0.5)
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
try:
    Person(SimpleNamespace(catch_up=lambda: None), sys.stdout).ask("> ")
except KeyboardInterrupt:
    sys.exit(130)
"""
"""Asks a person, and is interrupted in another thread than the one that waits, whose call the signal does not end.

So it is with a signal that comes just before the wait begins; but that moment cannot be aimed at.
"""


def test_an_interrupt_that_does_not_end_the_read_is_heard() -> None:
    command = [sys.executable, "-c", INTERRUPTED_ELSEWHERE]
    with subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        try:
            assert process.wait(timeout=20) == 130
        finally:
            process.kill()


def test_nobody_to_ask_is_one_line() -> None:
    from fivepenny.company.cast import open_player

    with pytest.raises(WrongUse, match="person"):
        open_player(HUMAN, SEAT, {})
