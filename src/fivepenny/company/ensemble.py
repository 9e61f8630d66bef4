"""The company at the table: asks every seat of a beat, reads the replies, and gives out the lines.

Seats of a beat are asked at once and decide simultaneously. A reply that cannot be used is played by the seat's
understudy; each such turn is taped with its cause. It knows observations and menus, never the world behind them.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from fivepenny.clock import Beat
from fivepenny.company.decisions import CLEAN, REFUSED, Decision, decide
from fivepenny.company.lines import clean_template, fill, line_fault
from fivepenny.company.players import Asked, Player
from fivepenny.company.tape import LINE, MOVES, UNDERSTUDY, Answer, Tape, make_key
from fivepenny.journal import TapeRow
from fivepenny.rng import Name, stream, stream_seed
from fivepenny.world import Line, Menu, Move, Observation, Option

LINE_ATTEMPTS = 2
SPOKEN_FROM = {Beat.ADDRESS: 4, Beat.ANSWER: 6, Beat.MARKET: 6, Beat.REMARK: 5}
"""How much there must be to say about a move before anyone speaks, by beat; who was just spoken to needs less."""
MOST_LINES = {Beat.ADDRESS: 1, Beat.ANSWER: 1, Beat.MARKET: 1, Beat.REMARK: 2}
"""How many lines a beat may bring: about sixty in a season of thirty days."""


@dataclass(frozen=True, slots=True)
class Chair:
    """A seat at the table: who plays it (None on a replay), who stands in, how it draws, what the others are called."""

    seat: str
    player: Player | None
    understudy: Player
    steadiness: int
    mind: str
    names: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A seat's turn in a beat: what it saw, and what its reply came to."""

    chair: Chair
    observation: Observation
    menu: Menu
    decision: Decision

    @property
    def first(self) -> Option:
        """The option chosen first, which a line goes with."""
        return self.menu.option(self.phrases[0])

    @property
    def phrases(self) -> tuple[str, ...]:
        """What was chosen; nothing but the rest where not even the understudy's reply could be read."""
        return self.decision.phrases or (self.menu.rest,)

    def turned_to(self, other: str) -> "Turn":
        """The same turn with what it does towards this other, if it does anything, put first."""
        phrases = sorted(self.phrases, key=lambda phrase: self.menu.option(phrase).to != other)
        return replace(self, decision=replace(self.decision, phrases=tuple(phrases)))


@dataclass(slots=True)
class Ensemble:
    """The company of one season. `record` takes each fresh reply as it arrives."""

    seed: int
    chairs: Mapping[str, Chair]
    tape: Tape
    record: Callable[[TapeRow], None]
    pool: ThreadPoolExecutor | None = None
    said: set[str] = field(default_factory=set)
    addressed: tuple[str, str] | None = None
    last_spoken_day: int = 0

    def play(
        self, day: int, beat: Beat, menus: Mapping[str, Menu], observe: Callable[[str, Beat], Observation]
    ) -> dict[str, Move]:
        """The moves of all seats that are asked in this beat, with the lines of those who speak."""
        if beat is Beat.ADDRESS:
            self.addressed = None
        if not menus:
            return {}
        views = {seat: observe(seat, beat) for seat in menus}
        jobs = {seat: self._ask_moves_job(day, beat, views[seat], menus[seat]) for seat in menus}
        read = {seat: self._read(day, beat, views[seat], menus[seat], answer) for seat, answer in self._arriving(jobs)}
        turns = {seat: read[seat] for seat in menus}
        if beat is Beat.ANSWER and self.addressed and self.addressed[1] in turns:
            speaker, hearer = self.addressed
            turns[hearer] = turns[hearer].turned_to(speaker)
        lines = self._voice(day, beat, turns)
        return {seat: Move(turn.phrases, lines.get(seat), turn.decision.aside) for seat, turn in turns.items()}

    def _arriving(self, jobs: Mapping[str, Callable[[], Answer]]) -> Iterator[tuple[str, Answer]]:
        """The answers of all seats as they arrive: asked side by side where there is a pool, else in turn."""
        if self.pool is None:
            yield from ((seat, job()) for seat, job in jobs.items())
            return
        futures = {self.pool.submit(job): seat for seat, job in jobs.items()}
        for future in as_completed(futures):
            yield futures[future], future.result()

    def _seed(self, *path: Name) -> int:
        return stream_seed(self.seed, "mind", *path) % 2**32

    def _ask_moves_job(self, day: int, beat: Beat, view: Observation, menu: Menu) -> Callable[[], Answer]:
        chair = self.chairs[menu.seat]
        key = make_key(day, beat, menu.seat, MOVES, 1)

        def job() -> Answer:
            player = chair.player or chair.understudy
            return self.tape.answer(key, chair.mind, lambda: player.ask_moves(view, menu, self._seed(*key)))

        return job

    def _read(self, day: int, beat: Beat, view: Observation, menu: Menu, answer: Answer) -> Turn:
        """What an answer comes to; where it is refused, what the understudy does instead."""
        chair = self.chairs[menu.seat]
        decision = self._decided(chair, menu, answer)
        if decision.phrases is None:
            key = make_key(day, beat, menu.seat, UNDERSTUDY, 1)
            name = f"{UNDERSTUDY}:{chair.understudy.card.name}"
            seed = self._seed(*key)
            stand_in = self.tape.answer(key, name, lambda: chair.understudy.ask_moves(view, menu, seed))
            decision = self._decided(chair, menu, stand_in)
        return Turn(chair, view, menu, decision)

    def _decided(self, chair: Chair, menu: Menu, answer: Answer) -> Decision:
        lot = stream(self.seed, "draw", *answer.key)
        if answer.failure:
            decision = Decision(None, None, None, REFUSED, answer.cause)
        else:
            decision = decide(answer.asked_task, answer.raw, menu, chair.steadiness, lot)
        self._tape(answer, decision)
        return decision

    def _tape(self, answer: Answer, decision: Decision) -> None:
        if answer.key in self.tape.rows:
            return
        asked = answer.fresh
        self.record(
            TapeRow(
                *answer.key,
                task=answer.task,
                mind=answer.mind,
                system=asked.system if asked else "",
                prompt=asked.prompt if asked else "",
                raw=answer.raw,
                failure=answer.failure,
                verdict=decision.verdict,
                reason=decision.reason,
                moves=None if decision.phrases is None else "|".join(decision.phrases),
                say=decision.say,
                aside=decision.aside,
                prompt_tokens=asked.completion.prompt_tokens if asked else 0,
                completion_tokens=asked.completion.completion_tokens if asked else 0,
                seconds=asked.completion.seconds if asked else 0.0,
            )
        )

    def _speakers(self, day: int, beat: Beat, turns: Mapping[str, Turn]) -> list[Turn]:
        """Who speaks in this beat: whoever was just spoken to, then those with most to say, ties by lot.

        A bid is called out only on a day on which nobody has spoken yet.
        """
        if beat is Beat.MARKET and self.last_spoken_day == day:
            return []
        lot = stream(self.seed, "voice", day, beat)

        def answers(turn: Turn) -> bool:
            return beat is Beat.ANSWER and (turn.first.to, turn.menu.seat) == self.addressed

        ready = [turn for turn in turns.values() if turn.first.weight >= (1 if answers(turn) else SPOKEN_FROM[beat])]

        def urgency(turn: Turn) -> tuple[bool, int, float]:
            return (not answers(turn), -turn.first.weight, lot.random())

        return sorted(ready, key=urgency)[: MOST_LINES[beat]]

    def _voice(self, day: int, beat: Beat, turns: Mapping[str, Turn]) -> dict[str, Line]:
        """The lines of a beat. A faulty line is asked for once more, then there is silence."""
        lines: dict[str, Line] = {}
        for turn in self._speakers(day, beat, turns):
            template = self._line(day, beat, turn)
            if template is not None:
                self.said.add(template)
                lines[turn.menu.seat] = fill(template, turn.first)
                self.last_spoken_day = day
                if beat is Beat.ADDRESS:
                    self.addressed = (turn.menu.seat, turn.first.to)
        return lines

    def _line(self, day: int, beat: Beat, turn: Turn) -> str | None:
        chair, option = turn.chair, turn.first
        given = turn.decision.say
        unnamed = frozenset().union(*(names for seat, names in chair.names.items() if seat != option.to))
        if given and line_fault(given, option, self.said, unnamed) is None:
            return given
        player = chair.player or chair.understudy
        for attempt in range(1, LINE_ATTEMPTS + 1):
            key = make_key(day, beat, chair.seat, LINE, attempt)
            seed = self._seed(*key)

            def ask(seed: int = seed, attempt: int = attempt) -> Asked:
                return player.ask_line(turn.observation, option, self.said, seed, attempt)

            answer = self.tape.answer(key, chair.mind, ask)
            template = clean_template(answer.raw)
            silent = not template and not answer.failure
            fault = None if answer.failure or silent else line_fault(template, option, self.said, unnamed)
            verdict = REFUSED if answer.failure or fault else CLEAN
            reason = answer.cause or (fault.value if fault else "")
            kept = template if verdict == CLEAN and not silent else None
            self._tape(answer, Decision(None, kept, None, verdict, reason))
            if kept or silent:
                return kept
        return None
