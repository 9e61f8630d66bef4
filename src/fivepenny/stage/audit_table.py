"""The audit of the table: what each seat was shown, what it answered, and what it then did.

For every seat a fresh `Knowledge` is fed only the events that the seat may see. From it come its menus and
observations again, from these the prompts; the taped replies are read anew over them by the company's own reader.
So a prompt or a menu that holds anything a seat had not seen is a breach, and so is a deed that nobody chose.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fivepenny import happenings as hap
from fivepenny.clock import BEATS, Beat
from fivepenny.company import cues, prose
from fivepenny.company.budget import Spending
from fivepenny.company.cascade import members
from fivepenny.company.cast import NULL
from fivepenny.company.ensemble import Ensemble
from fivepenny.company.human import HUMAN
from fivepenny.company.players import MEMORIES, Asked
from fivepenny.company.tape import LINE, NO_TASK, UNDERSTUDY, Answer, Tape
from fivepenny.errors import CheckFailed
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import AskKey, TapeRow
from fivepenny.market import sight
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.learning import learn
from fivepenny.market.menus import Listing, list_menu
from fivepenny.minds.mind import Task
from fivepenny.stage.audit_deeds import UNASKED, market_breach, talk_breach, unasked_breach
from fivepenny.stage.house import seated
from fivepenny.world import Menu, Move, Observation, Option

_COMPARED = ("verdict", "reason", "moves", "say", "aside")


def check_table(
    header: Header, events: Sequence[Event], tape: Sequence[TapeRow], counts: Counter[str]
) -> Iterator[str]:
    """Breaches at the table, beat by beat; they end where an answer is missing."""
    audit = _TableAudit(header, tape, counts)
    beats: dict[tuple[int, Beat], list[Event]] = {}
    for event in events:
        beats.setdefault((event.day, event.beat), []).append(event)
    last_day = events[-1].day if events else 0
    for day in range(1, last_day + 1):
        for beat in BEATS:
            try:
                for breach in audit.take(day, beat, beats.get((day, beat), [])):
                    yield f"day {day}, {beat}: {breach}"
            except CheckFailed as error:
                yield f"{error}; the table was not followed further"
                return
    for key in audit.unheard(last_day):
        yield f"reply {key}: nobody was asked for it"


@dataclass(slots=True)
class _Recital(Tape):
    """A tape that answers with what is stored and has every reading of it taped again, to be compared."""

    stored: dict[AskKey, TapeRow] = field(default_factory=dict)

    def answer(self, key: AskKey, mind: str, ask: Callable[[], Asked]) -> Answer:
        """The stored answer. Raises CheckFailed where there is none."""
        row = self.stored.get(key)
        if row is None:
            raise CheckFailed(f"reply {key}: it is not on the tape")
        return Answer(key, row.mind, row.task, row.raw, row.failure, None, row.sureness)


class _TableAudit:
    """The seats as the events and the tape make them."""

    def __init__(self, header: Header, tape: Sequence[TapeRow], counts: Counter[str]) -> None:
        self._header = header
        self._counts = counts
        self._stored = {row.key: row for row in tape}
        self._knowledge = {seat: Knowledge(seat, header.scenario) for seat in header.scenario.seat_names}
        self._read: list[TapeRow] = []
        self._heard: set[AskKey] = set()
        chairs = seated(header, None, header.parts[0])
        self._ensemble = Ensemble(header.seed, chairs, _Recital(stored=self._stored), self._read.append)

    def take(self, day: int, beat: Beat, events: Sequence[Event]) -> Iterator[str]:
        """Breaches of one beat."""
        part = self._header.part_on(day)
        if part.first_day == day:
            self._ensemble.go_on(part.seed, seated(self._header, None, part), Spending())
        listings = {
            seat: listing
            for seat, knowledge in self._knowledge.items()
            if (listing := list_menu(knowledge, self._header.scenario, part.seed, beat))
        }
        menus = {seat: listing.menu for seat, listing in listings.items()}
        views = {seat: sight.observe(self._knowledge[seat], beat) for seat in menus}
        self._counts["menus"] += len(menus)
        yield from self._off_the_menu(menus, events)
        moves = self._ensemble.play(day, beat, menus, lambda seat, _: views[seat])
        yield from self._check_replies(menus, views, moves)
        yield from self._check_deeds(beat, listings, moves, events)
        for event in events:
            for seat, knowledge in self._knowledge.items():
                if (seen := event.seen_by(seat)) is not None:
                    learn(knowledge, seen)

    def unheard(self, last_day: int) -> list[AskKey]:
        """Replies on the tape of days that were played, to which nothing was asked."""
        return [key for key in self._stored if key not in self._heard and key[0] <= last_day]

    def _off_the_menu(self, menus: Mapping[str, Menu], events: Sequence[Event]) -> Iterator[str]:
        """Decisions that could not be taken, whatever the tape says."""
        for event in events:
            body = event.body
            if not isinstance(body, hap.Decided):
                continue
            self._counts["decisions"] += 1
            menu = menus.get(body.seat)
            if menu is None:
                yield f"{body.seat} decided without being asked"
            elif not set(body.phrases) <= set(menu.phrases):
                yield f"{body.seat} chose {body.phrases}, not all of it on its menu"
            elif not 1 <= len(body.phrases) <= menu.max_moves or len(set(body.phrases)) < len(body.phrases):
                yield f"{body.seat} chose {len(body.phrases)} moves of at most {menu.max_moves}, or one twice"
            elif any(menu.option(phrase).excludes & set(body.phrases) for phrase in body.phrases):
                yield f"{body.seat} chose moves that exclude one another"

    def _check_replies(
        self, menus: Mapping[str, Menu], views: Mapping[str, Observation], moves: Mapping[str, Move]
    ) -> Iterator[str]:
        """The replies that this beat asked for: their prompts, and what was made of them."""
        for again in self._read:
            row = self._stored[again.key]
            self._heard.add(row.key)
            self._counts["replies"] += 1
            wrong = [name for name in _COMPARED if getattr(row, name) != getattr(again, name)]
            if wrong:
                yield f"reply {row.key}: read again, its {' and '.join(wrong)} differ from the tape"
            if not self._is_seats(row):
                yield f"reply {row.key}: {row.mind!r} does not play {row.seat}"
            menu = menus[row.seat]
            option = menu.option(moves[row.seat].phrases[0])
            if not self._prompt_is_due(row, views[row.seat], menu, option):
                yield f"reply {row.key}: its prompt is not the one that {row.seat} could be shown"
        self._read.clear()

    def _is_seats(self, row: TapeRow) -> bool:
        if row.step == UNDERSTUDY:
            return row.mind.startswith(f"{UNDERSTUDY}:")
        minds = members(self._header.part_on(row.day).minds[row.seat])
        if row.step == LINE:  # spoken by whoever's moves were taken
            return row.mind in minds
        return row.attempt <= len(minds) and row.mind == minds[row.attempt - 1]

    def _prompt_is_due(self, row: TapeRow, view: Observation, menu: Menu, option: Option) -> bool:
        """Whether a prompt is byte for byte one that could be built from what the seat had seen."""
        prompt = (row.system, row.prompt)
        if row.task == NO_TASK or row.mind in (NULL, HUMAN) or row.mind.startswith(f"{UNDERSTUDY}:"):
            return prompt == ("", "")
        self._counts["prompts"] += 1
        system = prose.system_text(self._header.scenario.seat(row.seat))
        match row.task:
            case Task.GRADE:
                return prompt == ("", cues.grade_cue(view, menu))
            case Task.REPLY:
                return any(prompt == (system, prose.turn_text(view, menu, told)) for told in range(MEMORIES, -1, -1))
            case Task.SPEAK:
                return prompt in (("", cues.line_cue(option)), (system, prose.line_text(view, option)))
            case _:
                return False

    def _check_deeds(
        self, beat: Beat, listings: Mapping[str, Listing], moves: Mapping[str, Move], events: Sequence[Event]
    ) -> Iterator[str]:
        """The events of a beat are what was chosen and said in it."""
        decided = [event for event in events if isinstance(event.body, hap.Decided)]
        due = [(hap.Decided(seat, move.phrases), move.aside or None) for seat, move in moves.items()]
        if [(event.body, event.sealed.aside) for event in decided] != due or decided != [*events[: len(decided)]]:
            yield "the decisions are not those of the replies"
            return
        bodies = [event.body for event in events[len(decided) :]]
        breach: str | None
        if beat in UNASKED:
            breach = unasked_breach(beat, moves, listings, bodies)
        elif beat is Beat.MARKET:
            breach = market_breach(moves, listings, bodies, self._header.scenario.good_names)
        else:
            breach = talk_breach(moves, listings, bodies)
        if breach:
            yield breach
        self._counts["lines"] += sum(isinstance(body, hap.Said) for body in bodies)
