"""The company at the table: who plays when a reply cannot be used, who speaks, and that the tape answers alone."""

import json
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from random import Random

import pytest

from fivepenny.clock import Beat
from fivepenny.company.ensemble import LINE_ATTEMPTS, Chair, Ensemble
from fivepenny.company.players import CuePlayer, Player, PolicyPlayer, ProsePlayer
from fivepenny.company.tape import Tape
from fivepenny.errors import CheckFailed, MindFailed, PromptTooLong
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile, TapeRow
from fivepenny.minds.mind import Request, Task
from fivepenny.minds.scripted import ScriptedMind
from fivepenny.world import Menu, Move, Observation, Option, Past
from towns import scenario, seat

WEIGHTY = Option("press birch", "press", to="birch", weight=9, slots={"to": "Birch"}, past={"debt": Past("£2", 7)})
THANKS, REST = Option("thank birch", "thank", to="birch"), Option("say nothing", "rest")
MENU = Menu("amber", (WEIGHTY, THANKS, REST), REST.phrase, 1)
PRESS, NOTHING = " 9 0 1", " 0 0 9"


class Fixed:
    """A policy that thanks, and says nothing."""

    name = "fixed"

    def __init__(self, grades: tuple[int, ...] = (0, 9, 1)) -> None:
        self._grades = grades

    def grade(self, observation: Observation, menu: Menu, lot: Random) -> tuple[int, ...]:
        return self._grades

    def speak(self, option: Option, said: Collection[str], lot: Random) -> str | None:
        return None


def observe(name: str, beat: Beat) -> Observation:
    return Observation(name, 1, beat, ())


class Table:
    """An ensemble of these players and the rows that it taped."""

    def __init__(
        self,
        players: Mapping[str, Player | None],
        tape: Tape | None = None,
        pool: ThreadPoolExecutor | None = None,
        understudy: Fixed | None = None,
    ) -> None:
        self.rows: list[TapeRow] = []
        stand_in = PolicyPlayer(understudy or Fixed())
        names = {"clay": frozenset({"clay"}), "birch": frozenset({"birch"})}
        chairs = {name: Chair(name, player, stand_in, 9, "script", names) for name, player in players.items()}
        self.ensemble = Ensemble(3, chairs, tape or Tape(), self.rows.append, pool)

    def play(self, day: int = 1, beat: Beat = Beat.ADDRESS, menu: Menu = MENU) -> dict[str, Move]:
        menus = {name: replace(menu, seat=name) for name in self.ensemble.chairs}
        return self.ensemble.play(day, beat, menus, observe)


def cue(*answers: str | Exception) -> ScriptedMind:
    return ScriptedMind(list(answers))


def alone(*answers: str | Exception) -> tuple[Move, list[TapeRow]]:
    """What one seat whose mind answers so does, and its tape."""
    table = Table({"amber": CuePlayer(cue(*answers))})
    return table.play()["amber"], table.rows


# --- replies that cannot be used -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "raw", "failure", "reason"),
    [
        ("press birch", "press birch", "", "malformed grades"),
        (" 9 0", " 9 0", "", "malformed grades"),
        (MindFailed("no answer"), "", "no reply: no answer", "no reply"),
        (PromptTooLong("of 401"), "", "prompt too long: of 401", "prompt too long"),
    ],
)
def test_the_understudy_plays_what_cannot_be_used(answer: str | Exception, raw: str, failure: str, reason: str) -> None:
    move, rows = alone(answer)
    assert move == Move(("thank birch",))
    assert [(row.step, row.raw, row.failure, row.verdict, row.reason, row.moves, row.mind) for row in rows] == [
        ("moves", raw, failure, "refused", reason, None, "script"),
        ("understudy", " 0 9 1", "", "clean", "", "thank birch", "understudy:fixed"),
    ]


def test_where_nobody_can_be_read_the_seat_rests() -> None:
    table = Table({"amber": CuePlayer(cue("?"))}, understudy=Fixed((5,)))
    assert table.play()["amber"] == Move(("say nothing",))
    assert [row.step for row in table.rows] == ["moves", "understudy"]
    assert [row.reason for row in table.rows] == ["malformed grades", "malformed grades"]


def test_a_defect_of_ours_is_not_a_minds_failure() -> None:
    with pytest.raises(ZeroDivisionError):
        alone(ZeroDivisionError())


# --- lines ---------------------------------------------------------------------------------------------------


def test_a_sound_line_is_spoken_with_its_move() -> None:
    move, rows = alone(PRESS, " pay me {debt}, {to}.\n")
    assert move.phrases == ("press birch",) and move.line is not None
    assert (move.line.text, move.line.cites) == ("Pay me £2, Birch.", (7,))
    assert [(row.step, row.attempt, row.say) for row in rows] == [
        ("moves", 1, None),
        ("line", 1, "pay me {debt}, {to}."),
    ]


def test_a_faulty_line_is_asked_for_once_more() -> None:
    move, rows = alone(PRESS, "Pay me 5.", "Pay me.")
    assert move.line is not None and move.line.text == "Pay me."
    assert [(row.attempt, row.verdict, row.reason, row.say) for row in rows[1:]] == [
        (1, "refused", "figure", None),
        (2, "clean", "", "Pay me."),
    ]


@pytest.mark.parametrize(
    ("first", "second", "reasons"),
    [
        ("Pay me 5.", "Pay me {price}.", ["figure", "slot without a value"]),
        ("Clay says so.", MindFailed("gone"), ["name of another", "no reply"]),
        (MindFailed("gone"), "Pay me", ["no reply", "unfinished"]),
    ],
)
def test_after_a_second_fault_there_is_silence(first: str, second: str, reasons: list[str]) -> None:
    assert LINE_ATTEMPTS == 2
    move, rows = alone(PRESS, first, second, "Pay me.")
    assert move == Move(("press birch",))
    assert [row.reason for row in rows[1:]] == reasons


def test_who_is_spoken_to_may_be_named() -> None:
    move, _ = alone(PRESS, "Birch, pay me.")
    assert move.line is not None and move.line.text == "Birch, pay me."


def test_an_empty_line_is_silence_and_no_fault() -> None:
    move, rows = alone(PRESS, " \n", "Pay me.")
    assert move == Move(("press birch",))
    assert [(row.step, row.verdict, row.reason, row.say) for row in rows[1:]] == [("line", "clean", "", None)]


def test_who_rests_says_nothing() -> None:
    move, rows = alone(NOTHING, "Pay me.")
    assert move == Move(("say nothing",)) and len(rows) == 1


def test_nothing_is_said_twice_in_a_season() -> None:
    table = Table({"amber": CuePlayer(cue(PRESS, "Pay me.", PRESS, "Pay  me.", "Pay me.", PRESS, "Pay me.", "Pay!"))})
    lines = [table.play(day)["amber"].line for day in (1, 2, 3)]
    assert [line.text if line else None for line in lines] == ["Pay me.", None, None]
    assert [row.reason for row in table.rows if row.step == "line"] == ["", *["repeated"] * 3, "unfinished"]


def test_one_speaks_in_a_beat_and_who_was_addressed_answers_first() -> None:
    table = Table({name: CuePlayer(cue(PRESS, "Pay me.")) for name in ("amber", "clay")})
    assert len([move for move in table.play().values() if move.line]) == 1
    birch = CuePlayer(cue(NOTHING, " 0 9 0", "So?"))
    table = Table({"clay": CuePlayer(cue(PRESS, "Pay me.", PRESS, "Well.")), "birch": birch})
    table.play()
    assert table.ensemble.addressed == ("clay", "birch")
    answer = Menu("birch", (WEIGHTY, replace(THANKS, to="clay", weight=1), REST), REST.phrase, 1)
    moves = table.play(beat=Beat.ANSWER, menu=answer)
    assert moves["birch"].line is not None and moves["clay"].line is None


def test_a_day_on_which_nobody_is_addressed_forgets_who_was_yesterday() -> None:
    table = Table({"amber": CuePlayer(cue(PRESS, "Pay me."))})
    table.play()
    assert table.ensemble.addressed == ("amber", "birch")
    assert table.ensemble.play(2, Beat.ADDRESS, {}, observe) == {}
    assert table.ensemble.addressed is None


@pytest.mark.parametrize(("say", "asked"), [("Pay me {debt}.", 0), ("Pay me £2.", 1), ("Clay says so.", 1)])
def test_the_line_of_a_prose_reply_is_spoken_where_it_may_be(say: str, asked: int) -> None:
    reply = json.dumps({"moves": ["press birch"], "say": say, "aside": "He will not."})
    mind = ScriptedMind([reply, "Pay me soon."])
    table = Table({"amber": ProsePlayer(mind, seat("amber"))})
    move = table.play()["amber"]
    assert move.aside == "He will not." and move.line is not None
    assert move.line.text == ("Pay me soon." if asked else "Pay me £2.")
    assert [request.task for request in mind.requests] == [Task.REPLY, Task.SPEAK][: 1 + asked]


# --- the tape ------------------------------------------------------------------------------------------------


def test_the_tape_answers_and_nobody_is_asked() -> None:
    first = Table({"amber": CuePlayer(cue("?")), "birch": CuePlayer(cue(PRESS, "Pay 5.", "Pay me."))})
    moves = first.play()
    mute = cue()
    tape = Tape.of(first.rows, strict=False)
    again = Table({"amber": CuePlayer(mute), "birch": CuePlayer(mute)}, tape, understudy=Fixed(MindFailed("asked")))
    assert again.play() == moves
    assert again.rows == [] and mute.requests == ()
    replayed = Table({"amber": None, "birch": None}, Tape.of(first.rows, strict=True))
    assert replayed.play() == moves and replayed.rows == []


@pytest.mark.parametrize(
    ("step", "words"), [("moves", "moves, attempt 1"), ("understudy", "understudy"), ("line", "line, attempt 2")]
)
def test_a_tape_without_an_answer_is_a_failed_check(step: str, words: str) -> None:
    script = ("?",) if step == "understudy" else (PRESS, "Pay 5.", "Pay me.")
    _, rows = alone(*script)
    rest = [row for row in rows if row is not [found for found in rows if found.step == step][-1]]
    with pytest.raises(CheckFailed, match=f"amber on day 1, address, {words}"):
        Table({"amber": None}, Tape.of(rest, strict=True)).play()


def test_what_has_no_answer_yet_is_asked_and_taped() -> None:
    _, rows = alone(PRESS, "Pay 5.", "Pay me.")
    mind = cue("Pay me now.")
    table = Table({"amber": CuePlayer(mind)}, Tape.of(rows[:2], strict=False))
    move = table.play()["amber"]
    assert move.line is not None and move.line.text == "Pay me now."
    assert [row.key[3:] for row in table.rows] == [("line", 2)] and len(mind.requests) == 1


def test_a_reply_that_no_file_can_hold_is_taped_as_it_is_read() -> None:
    move, rows = alone(PRESS, "Pay me\ud800 soon.")
    header = Header(1, 1, scenario(), None, dict.fromkeys(scenario().seat_names, "null"))
    with SeasonFile.create(IN_MEMORY, header) as file:
        for row in rows:
            file.record(row)
        again = Table({"amber": None}, Tape.of(file.tape(), strict=True)).play()["amber"]
    assert again == move


# --- side by side --------------------------------------------------------------------------------------------

SEATS = ("amber", "birch", "clay")


@contextmanager
def pool_of(size: int) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(size) as pool:
        yield pool


def slow(name: str, wait: Callable[[], object]) -> CuePlayer:
    """A mind that waits before it grades; clay's grades cannot be read."""

    def answer(request: Request) -> str:
        if request.task is Task.SPEAK:
            return f"I am {name} {{me}}." if name == "clay" else "Pay me."
        wait()
        return "?" if name == "clay" else PRESS

    return CuePlayer(ScriptedMind(answer))


def test_seats_of_a_beat_are_asked_side_by_side() -> None:
    meeting = threading.Barrier(3, timeout=10)  # passed only when all three are being asked at once
    with pool_of(3) as pool:
        table = Table({name: slow(name, meeting.wait) for name in SEATS}, pool=pool)
        assert len(table.play()) == 3


def test_the_order_in_which_answers_arrive_changes_nothing() -> None:
    outcomes = []
    for delays in ((0.0, 0.03, 0.06), (0.06, 0.03, 0.0)):
        with pool_of(3) as pool:
            waits = {name: (lambda delay=delay: time.sleep(delay)) for name, delay in zip(SEATS, delays, strict=True)}
            table = Table({name: slow(name, waits[name]) for name in SEATS}, pool=pool)
            moves = [table.play(day) for day in (1, 2)]
        arrived = [row.seat for row in table.rows if (row.day, row.step) == (1, "moves")]
        outcomes.append((moves, list(moves[0]), sorted(row.key for row in table.rows), arrived))
    assert outcomes[0][3] == list(SEATS) == outcomes[1][3][::-1]  # the answers did arrive otherwise
    assert outcomes[0][:3] == outcomes[1][:3]
    in_turn = Table({name: slow(name, lambda: None) for name in SEATS})
    assert [in_turn.play(day) for day in (1, 2)] == outcomes[0][0]
