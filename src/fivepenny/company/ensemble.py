"""The company at the table: asks every seat of a beat, reads the replies, and gives out the lines.

Seats of a beat are asked at once and decide simultaneously. A reply that cannot be used is played by the seat's
understudy; each such turn is taped with its cause. In a cascade the larger mind is asked where the seat's own was
not sure, and its choice counts; where it gives none, the first choice stands. It knows observations and menus, never
the world behind them.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from fivepenny.clock import Beat
from fivepenny.company.budget import LARGER_PERCENT, SPENT, Spending
from fivepenny.company.cascade import joint_card
from fivepenny.company.decisions import CLEAN, REFUSED, Decision, decide
from fivepenny.company.human import HumanPlayer
from fivepenny.company.lines import clean_template, fill, line_fault
from fivepenny.company.players import Asked, Player
from fivepenny.company.tape import FIRST, LARGER, LINE, MOVES, UNDERSTUDY, Answer, Tape, make_key, taped
from fivepenny.journal import AskKey, TapeRow
from fivepenny.minds.meter import FREE, Price
from fivepenny.minds.mind import MindCard
from fivepenny.rng import Name, stream, stream_seed
from fivepenny.world import Line, Menu, Move, Observation, Option

LINE_ATTEMPTS = 2
SPOKEN_FROM = {Beat.ADDRESS: 4, Beat.ANSWER: 6, Beat.MARKET: 6, Beat.DUSK: 6, Beat.REMARK: 5}
"""How much there must be to say about a move before anyone speaks, by beat; who was just spoken to needs less."""
MOST_LINES = {Beat.ADDRESS: 1, Beat.ANSWER: 1, Beat.MARKET: 1, Beat.DUSK: 1, Beat.REMARK: 2}
"""How many lines a beat may bring: about sixty in a season of thirty days."""


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody who can be asked: the player (None on a replay), its reference, and its price (None: nobody knows)."""

    player: Player | None
    mind: str
    price: Price | None = FREE


@dataclass(frozen=True, slots=True)
class Chair:
    """A seat at the table: who plays it (None on a replay), who stands in, how it draws, what the others are called.

    `larger` is the second mind of a cascade, asked where the first was less sure than `unsure_below`.
    """

    seat: str
    player: Player | None
    understudy: Player
    steadiness: int
    mind: str
    names: Mapping[str, frozenset[str]]
    price: Price | None = FREE
    larger: Rung | None = None
    unsure_below: float = 0.0

    @property
    def own(self) -> Rung:
        """Who is asked first."""
        return Rung(self.player, self.mind, self.price)

    @property
    def card(self) -> MindCard | None:
        """Who sits here, both minds of a cascade together; None on a replay."""
        if self.player is None or self.larger is None or self.larger.player is None:
            return self.player.card if self.player else None
        return joint_card(self.player.card, self.larger.player.card)

    def passes_on(self, answer: Answer, decision: Decision) -> bool:
        """Whether the larger mind is to be asked after this answer of the first, and what it came to."""
        if self.larger is None or answer.cause == SPENT:
            return False
        return decision.phrases is None or answer.sureness is None or answer.sureness < self.unsure_below


@dataclass(frozen=True, slots=True)
class Turn:
    """A seat's turn in a beat: what it saw, what the reply came to, and whose reply it was."""

    chair: Chair
    observation: Observation
    menu: Menu
    decision: Decision
    rung: Rung

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
    """The company of one season. `record` takes each fresh reply as it arrives; `spending` holds to the budget."""

    seed: int
    chairs: Mapping[str, Chair]
    tape: Tape
    record: Callable[[TapeRow], None]
    pool: ThreadPoolExecutor | None = None
    spending: Spending = field(default_factory=Spending)
    said: set[str] = field(default_factory=set)
    addressed: tuple[str, str] | None = None
    last_spoken_day: int = 0

    def go_on(self, seed: int, chairs: Mapping[str, Chair], spending: Spending) -> None:
        """From the next beat on, draw everything from this seed, ask these chairs and hold to this budget."""
        self.seed, self.chairs, self.spending = seed, chairs, spending

    def play(
        self, day: int, beat: Beat, menus: Mapping[str, Menu], observe: Callable[[str, Beat], Observation]
    ) -> dict[str, Move]:
        """The moves of all seats that are asked in this beat, with the lines of those who speak."""
        if beat is Beat.ADDRESS:
            self.addressed = None
        if not menus:
            return {}
        views = {seat: observe(seat, beat) for seat in menus}
        turns = self._decide(day, beat, views, menus)
        if beat is Beat.ANSWER and self.addressed and self.addressed[1] in turns:
            speaker, hearer = self.addressed
            turns[hearer] = turns[hearer].turned_to(speaker)
        lines = self._voice(day, beat, turns)
        return {seat: Move(turn.phrases, lines.get(seat), turn.decision.aside) for seat, turn in turns.items()}

    def _decide(
        self, day: int, beat: Beat, views: Mapping[str, Observation], menus: Mapping[str, Menu]
    ) -> dict[str, Turn]:
        """The turns of all seats: those of their own minds, of the larger ones, and of the understudies."""
        turns: dict[str, Turn] = {}
        unsure: dict[str, Rung] = {}
        own = {seat: self.chairs[seat].own for seat in menus}
        for seat, answer, decision in self._round(day, beat, FIRST, own, views, menus):
            chair = self.chairs[seat]
            turns[seat] = Turn(chair, views[seat], menus[seat], decision, own[seat])
            if chair.larger and chair.passes_on(answer, decision):
                unsure[seat] = chair.larger
        for seat, _, decision in self._round(day, beat, LARGER, unsure, views, menus):
            if decision.phrases is not None:
                turns[seat] = replace(turns[seat], decision=decision, rung=unsure[seat])
        return {seat: self._or_understudy(day, beat, turns[seat]) for seat in menus}

    def _round(
        self,
        day: int,
        beat: Beat,
        attempt: int,
        rungs: Mapping[str, Rung],
        views: Mapping[str, Observation],
        menus: Mapping[str, Menu],
    ) -> Iterator[tuple[str, Answer, Decision]]:
        """Ask these minds, at most one a seat, all at once; each answer as it arrives, with what it comes to."""
        jobs: dict[str, Callable[[], Answer]] = {}
        for seat in (seat for seat in menus if seat in rungs):
            key, player = make_key(day, beat, seat, MOVES, attempt), self._player(seat, rungs[seat])

            def ask(seat: str = seat, player: Player = player, key: AskKey = key) -> Asked:
                return player.ask_moves(views[seat], menus[seat], self._seed(*key))

            percent = LARGER_PERCENT if attempt == LARGER else 100
            jobs[seat] = self._job(key, rungs[seat], player, ask, percent)
        for seat, answer in self._arriving(jobs):
            decision = self._decided(self.chairs[seat], menus[seat], answer)
            self._tape(answer, decision, rungs[seat].price)
            yield seat, answer, decision
        self.spending.settle()

    def _player(self, seat: str, rung: Rung) -> Player:
        """Who is asked; on a replay nobody is, and the understudy only holds the place."""
        return rung.player or self.chairs[seat].understudy

    def _job(
        self, key: AskKey, rung: Rung, player: Player, ask: Callable[[], Asked], percent: int = 100
    ) -> Callable[[], Answer]:
        """The call to be made, or the refusal of the budget in its place."""
        reason = "" if self.tape.strict else self.spending.promise(player.tokens_max, rung.price, percent)
        if reason:
            return lambda: self.tape.refused(key, rung.mind, reason)
        return lambda: self.tape.answer(key, rung.mind, ask)

    def _arriving(self, jobs: Mapping[str, Callable[[], Answer]]) -> Iterator[tuple[str, Answer]]:
        """The answers of all seats as they arrive: asked side by side where there is a pool, else in turn."""
        in_person = {seat for seat in jobs if self.pool is None or isinstance(self.chairs[seat].player, HumanPlayer)}
        pool = self.pool
        futures = {pool.submit(job): seat for seat, job in jobs.items() if pool and seat not in in_person}
        # A person is asked here, while the others think: whoever waits for a key to be pressed can be interrupted.
        yield from ((seat, jobs[seat]()) for seat in jobs if seat in in_person)
        for future in as_completed(futures):
            yield futures[future], future.result()

    def _seed(self, *path: Name) -> int:
        return stream_seed(self.seed, "mind", *path) % 2**32

    def _or_understudy(self, day: int, beat: Beat, turn: Turn) -> Turn:
        """The turn; where no reply could be used, with what the understudy does instead."""
        if turn.decision.phrases is not None:
            return turn
        chair, menu = turn.chair, turn.menu
        key = make_key(day, beat, menu.seat, UNDERSTUDY, 1)
        name = f"{UNDERSTUDY}:{chair.understudy.card.name}"
        seed = self._seed(*key)
        stand_in = self.tape.answer(key, name, lambda: chair.understudy.ask_moves(turn.observation, menu, seed))
        decision = self._decided(chair, menu, stand_in)
        self._tape(stand_in, decision, FREE)
        return replace(turn, decision=decision)

    def _decided(self, chair: Chair, menu: Menu, answer: Answer) -> Decision:
        if answer.failure:
            return Decision(None, None, None, REFUSED, answer.cause)
        lot = stream(self.seed, "draw", *answer.key)
        return decide(answer.asked_task, answer.raw, menu, chair.steadiness, lot)

    def _tape(self, answer: Answer, decision: Decision, price: Price | None) -> None:
        """Keep a fresh answer; count what any answer has cost."""
        row = self.tape.rows.get(answer.key)
        if row is None:
            row = taped(answer, decision, price)
            self.record(row)
        self.spending.add(row.prompt_tokens + row.completion_tokens, row.seconds, row.cost_nanodollars or 0)

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
        player = self._player(chair.seat, turn.rung)
        for attempt in range(1, LINE_ATTEMPTS + 1):
            key = make_key(day, beat, chair.seat, LINE, attempt)
            seed = self._seed(*key)

            def ask(seed: int = seed, attempt: int = attempt) -> Asked:
                return player.ask_line(turn.observation, option, self.said, seed, attempt)

            answer = self._job(key, turn.rung, player, ask)()
            self.spending.settle()
            template = clean_template(answer.raw)
            silent = not template and not answer.failure
            fault = None if answer.failure or silent else line_fault(template, option, self.said, unnamed)
            verdict = REFUSED if answer.failure or fault else CLEAN
            reason = answer.cause or (fault.value if fault else "")
            kept = template if verdict == CLEAN and not silent else None
            self._tape(answer, Decision(None, kept, None, verdict, reason), turn.rung.price)
            if kept or silent:
                return kept
        return None
