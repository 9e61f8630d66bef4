"""The live telling: what a beat brought, for a terminal, as it happens.

Takes events beat by beat and gives lines of styled text. Knows nothing of the future: a lie is told as it was
heard. Texts of minds are put in as text, never as markup. Who has no terminal gets the same words plain.
"""

import re
from collections.abc import Iterable, Sequence

from rich.text import Text

from fivepenny import happenings as hap
from fivepenny.clock import Beat, weekday
from fivepenny.drama.moments import GROUPS, KINDS, Moment
from fivepenny.drama.names import OUTSIDE, Names
from fivepenny.drama.narration import Narrator
from fivepenny.drama.sifting import Sifter, choose
from fivepenny.events import EVERYONE, Event
from fivepenny.header import Header
from fivepenny.money import format_pence

WORDS_A_SECOND = 4.5
SECONDS_A_LINE = 0.2
SECONDS_A_PRICE = 0.4
"""A row of the slate is glanced at, not read."""
MOST_A_BEAT = 4
TOLD_FROM = 22
"""Moments that weigh less are left out of the telling."""

_COLOURS = ("yellow", "cyan", "magenta", "green", "blue", "bright_red", "bright_cyan", "bright_yellow")
_SLATE_MARGIN = "  "
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_LEFT_TO_THE_SLATE = frozenset({"first_trade", "corner", "all", "run", "trade"})


def printed(text: str) -> str:
    """The text with control and direction marks as spaces: nothing in it can move a terminal's cursor."""
    return _UNPRINTED.sub(" ", text)


def reading_seconds(lines: Iterable[Text]) -> float:
    """How long these lines take to read, in seconds."""
    return sum(_seconds(line.plain) for line in lines if line.plain.strip())


def _seconds(plain: str) -> float:
    if plain.startswith(_SLATE_MARGIN):
        return SECONDS_A_PRICE
    return SECONDS_A_LINE + len(plain.split()) / WORDS_A_SECOND


class Teller:
    """Tells one season; feed it every beat from the first on."""

    def __init__(self, header: Header) -> None:
        """Begins before the first day."""
        self._names = Names(header.scenario)
        self._sifter = Sifter(header)
        self._narrator = Narrator(header.seed)
        self._widest = max(len(good.say) for good in header.scenario.goods)
        self._colours = {seat: _COLOURS[place % len(_COLOURS)] for place, seat in enumerate(header.scenario.seat_names)}
        self._opened = 0

    def tell(self, day: int, beat: Beat, events: Sequence[Event]) -> list[Text]:
        """What this beat brought; empty where nothing worth telling did. The day's heading comes with its first."""
        moments = self._sifter.read(events)
        kept = choose(moments, lines=0, room=MOST_A_BEAT, least=TOLD_FROM, without=_LEFT_TO_THE_SLATE)
        told = [(event.number, self._said(event, event.body)) for event in events if isinstance(event.body, hap.Said)]
        told += [(moment.place, self._narrated(moment)) for moment in kept]
        if beat is Beat.MARKET:
            told += [(events[-1].number, line) for line in self._slate(events)]
        lines = [line for _, line in sorted(told, key=lambda pair: pair[0])]
        if day != self._opened:
            self._opened = day
            lines = [Text(""), self._heading(day), *lines]
        return lines

    def _heading(self, day: int) -> Text:
        return Text(f"{weekday(day)}, day {day}", "bold underline")

    def _narrated(self, moment: Moment) -> Text:
        text = printed(self._narrator.tell(moment.key, moment.words, moment.numbers[-1]))
        grave = KINDS[moment.key].weight >= KINDS["repaid"].weight
        turned = GROUPS.get(moment.key) == "fortune"
        return Text(text.strip(), "bold" if turned else "italic" if grave else "dim italic")

    def _said(self, event: Event, body: hap.Said) -> Text:
        line = Text()
        line.append(self._names.cue(body.speaker), f"bold {self._colours.get(body.speaker, 'white')}")
        hearer = self._names.person(body.hearer).text if body.hearer else ""
        if event.audience != EVERYONE:
            line.append(f" (aside to {hearer})" if hearer else " (low)", "dim")
        elif hearer:
            line.append(f" (to {hearer})", "dim")
        line.append(f": {printed(body.text)}")
        return line

    def _slate(self, events: Sequence[Event]) -> list[Text]:
        """One line a good that was traded: the price, who bought, who sold."""
        lines = []
        for event in events:
            body = event.body
            if not isinstance(body, hap.Cleared) or body.price_pence is None:
                continue
            line = Text(_SLATE_MARGIN)
            line.append(f"{printed(self._names.good(body.good).text):<{self._widest}}", "dim")
            line.append(f" {format_pence(body.price_pence):>10}", "bold")
            line.append(f"  {self._side(body.sellers, body.sold)} to {self._side(body.buyers, body.bought)}", "dim")
            lines.append(line)
        return lines

    def _side(self, seats: Sequence[str], quantities: Sequence[int]) -> str:
        pairs = sorted(zip(seats, quantities, strict=True), key=lambda pair: pair[0] == OUTSIDE)
        return ", ".join(f"{self._names.person(seat).text} {quantity}" for seat, quantity in pairs)
