"""The fault matrix: whatever goes wrong on the way to a mind, and whenever, the season ends, balanced and replayable.

`python tests/test_faults.py` prints the table of `docs/faults.md`.
"""

import tempfile
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import pytest

from fivepenny.company.cast import company_references
from fivepenny.company.players import ProsePlayer
from fivepenny.company.tape import Tape
from fivepenny.errors import MindFailed
from fivepenny.header import Header
from fivepenny.journal import SeasonFile, TapeRow
from fivepenny.minds.mind import Completion, MindCard, Request, Task
from fivepenny.minds.patience import Cause, Clock, Patience
from fivepenny.minds.remote import RemoteMind, remote_mind
from fivepenny.stage.audit import audit_season
from fivepenny.stage.house import assemble, replay, seated
from house import ROOT
from misbehaving import DIES, DOWN, FAULTS, Proxy, chosen_reply, figure_reply, proxy_before, serving
from seasons import CHRONICLE, SCENARIO

SEED, DAYS, SEAT = 7, 5, "quill"
TRIES = 3
FAILED_TURNS, RESTED_TURNS = 2, 2
PATIENCE = Patience(
    connect_seconds=5.0, silence_seconds=10.0, turn_seconds=60.0, tries=TRIES, answer_bytes=1_000_000,
    failed_turns=FAILED_TURNS, rested_turns=RESTED_TURNS,
)  # fmt: skip
SHORT = {
    "silence": replace(PATIENCE, silence_seconds=0.4),
    "drips for ever": replace(PATIENCE, turn_seconds=0.8),
}
"""Only these wait for real; all other waits are told to a clock that does not."""
AT_ONCE = frozenset({"redirect elsewhere", "drips for ever"})
"""One such try ends the turn: a second would meet the same, or has no time left."""

CAUSES = {
    DOWN: Cause.CONNECTION_REFUSED,
    "dropped connection": Cause.BROKEN_OFF,
    "silence": Cause.SILENT,
    "drips for ever": Cause.OUT_OF_TIME,
    "floods for ever": Cause.TOO_LONG,
    "429, seconds": Cause.BUSY,
    "429, a date": Cause.BUSY,
    "503": Cause.SERVER_ERROR,
    "truncated body": Cause.BROKEN_OFF,
    "garbage body": Cause.NOT_JSON,
    "wrong shape": Cause.OTHER_SHAPE,
    "no choices": Cause.NO_CHOICES,
    "redirect elsewhere": Cause.REDIRECTED,
    "gzip bomb": Cause.NOT_PLAIN,
    DIES: Cause.CONNECTION_REFUSED,
}
FIRST_HIT, RUN_LENGTH = 4, 5
LINE_ASKS = 2
"""How often a line is asked for; where all of them go wrong the circuit must still be closed, or moves are lost too."""


class Moment(StrEnum):
    """When it goes wrong."""

    FIRST = "first call"
    MIDDLE = "middle"
    RUN = "a run of calls"
    LINE = "a line"


def plan_of(moment: Moment) -> dict[int, int]:
    """How many tries of which turn go wrong, of those for a line alone at that moment.

    In the middle one turn is cured by trying again, the next is not.
    """
    match moment:
        case Moment.LINE:
            return dict.fromkeys(range(LINE_ASKS), TRIES)
        case Moment.FIRST:
            return {0: TRIES}
        case Moment.MIDDLE:
            return {FIRST_HIT: 1, FIRST_HIT + 2: TRIES}
        case Moment.RUN:
            return {FIRST_HIT + turn: TRIES for turn in range(RUN_LENGTH)}


def lost_turns(fault: str, moment: Moment, tasks: list[Task]) -> dict[int, str]:
    """The turns that must fail, with the cause, worked out by hand from the plan.

    In the run the circuit opens after two failed turns, rests for two, tries the fifth in vain, and rests again.
    """
    cause = CAUSES[fault].value
    if moment is Moment.LINE:
        return dict.fromkeys([turn for turn, task in enumerate(tasks) if task is Task.SPEAK][:LINE_ASKS], cause)
    if moment is Moment.RUN:
        words = [cause, cause, "circuit open", "circuit open", cause, "circuit open", "circuit open"]
        return {FIRST_HIT + turn: word for turn, word in enumerate(words)}
    tries = plan_of(moment)
    return {turn: cause for turn, harmed in tries.items() if harmed >= TRIES or fault in AT_ONCE}


class ToldMind:
    """A mind that tells the proxy when its turns begin and end, and keeps what came of them."""

    def __init__(self, mind: RemoteMind, proxy: Proxy, fault: str, moment: Moment) -> None:
        self._mind, self._proxy, self._fault, self._moment = mind, proxy, fault, moment
        self._plan = plan_of(moment) if fault else {}
        self.tasks: list[Task] = []
        self.failures: dict[int, str] = {}

    @property
    def card(self) -> MindCard:
        return self._mind.card

    def count_tokens(self, system: str, prompt: str) -> int:
        return self._mind.count_tokens(system, prompt)

    def complete(self, request: Request) -> Completion:
        turn = len(self.tasks)
        self.tasks.append(request.task)
        place = self.tasks.count(Task.SPEAK) - 1 if self._moment is Moment.LINE else turn
        planned = self._moment is not Moment.LINE or request.task is Task.SPEAK
        self._proxy.begin_turn(self._fault, self._plan.get(place, 0) if planned else 0)
        try:
            return self._mind.complete(request)
        except MindFailed as error:
            self.failures[turn] = error.cause
            raise
        finally:
            self._proxy.end_turn(asked=self.failures.get(turn) != Cause.RESTING)

    def close(self) -> None:
        self._mind.close()


class FastClock:
    """A clock on which sleep takes no time, but has taken it."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._slept = 0.0

    def now(self) -> float:
        return time.monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds
        self._proxy.slept()


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one season: calls of the mind, tries harmed, tasks and failures by turn, and its tape and audit."""

    tasks: list[Task]
    harmed: int
    failures: dict[int, str]
    rows: list[TapeRow]
    breaches: tuple[str, ...]
    replayed: bool


def play_cell(path: Path, fault: str, moment: Moment) -> Cell:
    """A season with one seat behind a proxy that does this harm at this moment, or none where no fault is named."""
    references = company_references("understudies", SCENARIO)
    lines = moment is Moment.LINE
    with serving(figure_reply if lines else chosen_reply) as upstream, proxy_before(upstream) as proxy:
        clock = FastClock(proxy)
        patience = SHORT.get(fault, PATIENCE)
        patience = replace(patience, failed_turns=LINE_ASKS + 1) if lines else patience
        mind = remote_mind(proxy.reference, patience=patience, clock=Clock(now=clock.now, sleep=clock.sleep))
        told = ToldMind(mind, proxy, fault, moment)
        header = Header(SEED, DAYS, SCENARIO, CHRONICLE, references | {SEAT: proxy.reference})
        seat = next(seat for seat in SCENARIO.seats if seat.name == SEAT)
        with SeasonFile.create(path, header) as file:
            chairs = seated(replace(header, minds=references), {})
            chairs[SEAT] = replace(chairs[SEAT], player=ProsePlayer(told, seat), mind=proxy.reference)
            for _ in assemble(file, chairs, Tape(), None).beats():
                pass
            rows, digest = file.tape(), file.digest
        told.close()
    replayed = replay(path).digest == digest
    return Cell(told.tasks, len(proxy.harmed), told.failures, list(rows), audit_season(path).breaches, replayed)


def moves_lost(cell: Cell, lost: dict[int, str]) -> int:
    """How many of the lost turns were asked for moves: those the understudy has to play."""
    return sum(cell.tasks[turn] is Task.REPLY for turn in lost)


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_season_survives(tmp_path: Path, fault: str, moment: Moment) -> None:
    cell = play_cell(tmp_path / "season.db", fault, moment)
    lost = lost_turns(fault, moment, cell.tasks)
    assert cell.failures == lost
    assert max(lost) < len(cell.tasks) - 1, "the season ended before the mind came back"
    # The understudy plays the moves that were lost, and no other; for a line that was lost nobody stands in.
    own = [row for row in cell.rows if row.seat == SEAT]
    asked = {(row.day, row.beat): row for row in own if row.step == "moves"}
    played = {(row.day, row.beat) for row in own if row.step == "understudy"}
    assert played == {key for key, row in asked.items() if row.failure}
    assert len(played) == moves_lost(cell, lost)
    assert (len(played) == 0) is (moment is Moment.LINE)
    # Why is on the tape.
    taped = [row.failure for row in own if row.failure]
    assert len(taped) == len(lost) and all(cause in text for cause, text in zip(lost.values(), taped, strict=True))
    # No move is lost or doubled.
    assert len(asked) == sum(task is Task.REPLY for task in cell.tasks)
    assert len({row.key for row in cell.rows}) == len(cell.rows)
    assert cell.breaches == ()
    assert cell.replayed


@pytest.mark.parametrize("fault", FAULTS)
def test_where_a_line_is_lost_there_is_silence_and_nothing_else(tmp_path: Path, fault: str) -> None:
    cell, calm = (play_cell(tmp_path / f"{name}.db", name, Moment.LINE) for name in (fault, ""))
    lines = [row for row in cell.rows if row.seat == SEAT and row.step == "line"]
    silenced = [row for row in lines if row.failure]
    assert [row.key[-1] for row in silenced] == [1, 2] and len({row.key[:-1] for row in silenced}) == 1
    assert not any(row.say for row in silenced)
    assert any(row.say for row in lines), "it speaks again when the server is back"
    # Whatever was decided until then, in that beat too, is decided as without the fault.
    first = silenced[0].key[:2]
    before = [_moves_until(rows, first) for rows in (cell.rows, calm.rows)]
    assert before[0] == before[1] != []


def _moves_until(rows: list[TapeRow], last: tuple[int, str]) -> list[tuple[object, ...]]:
    """Every seat's moves up to this beat."""
    moves = [(row.key, row.moves, row.verdict) for row in rows if row.step != "line"]
    places = [place for place, (key, *_) in enumerate(moves) if key[:2] == last]
    return sorted(moves[: max(places) + 1])


@pytest.mark.parametrize("moment", [Moment.FIRST, Moment.LINE])
def test_without_faults_nobody_stands_in(tmp_path: Path, moment: Moment) -> None:
    cell = play_cell(tmp_path / "season.db", "", moment)
    assert cell.failures == {} and cell.harmed == 0 and cell.breaches == () and cell.replayed
    assert not any(row.step == "understudy" for row in cell.rows)
    assert (Task.SPEAK in cell.tasks) is (moment is Moment.LINE)


def test_the_table_in_the_docs_has_every_cell() -> None:
    text = (ROOT / "docs" / "faults.md").read_text("utf-8")
    rows = [line.split(" | ")[:2] for line in text.splitlines() if line.startswith("| ")]
    cells = [[f"| {fault}", moment.value] for fault in FAULTS for moment in Moment]
    assert [row for row in rows if row in cells] == cells
    assert "UNSOUND" not in text


def _table() -> None:
    """Print the matrix, played now."""
    print(
        "| fault | moment | calls | tries harmed | turns lost | of them moves | understudy turns | cause on the tape |"
    )
    print("| --- | --- | --: | --: | --: | --: | --: | --- |")
    for fault in FAULTS:
        for moment in Moment:
            with tempfile.TemporaryDirectory() as folder:
                cell = play_cell(Path(folder) / "season.db", fault, moment)
            lost = lost_turns(fault, moment, cell.tasks)
            sound = cell.failures == lost and cell.replayed and not cell.breaches
            stood_in = sum(row.step == "understudy" for row in cell.rows if row.seat == SEAT)
            figures = [len(cell.tasks), cell.harmed, len(lost), moves_lost(cell, lost), stood_in]
            words = f"{CAUSES[fault]}" if sound else "UNSOUND"
            print(f"| {fault} | {moment} | {' | '.join(map(str, figures))} | {words} |")


if __name__ == "__main__":
    _table()
