"""The season loop: a world, a company, a season file. One code path plays, resumes and replays.

The stage knows a world only through `fivepenny.world.World`. To resume is to play again from the first day over
the tape, checking each day against what was committed, and to ask only what has no answer yet; to replay is the
same with nobody to ask.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fivepenny.aims import SeasonJudged
from fivepenny.clock import BEATS, Beat
from fivepenny.company.ensemble import Ensemble
from fivepenny.errors import CheckFailed
from fivepenny.events import Event
from fivepenny.journal import SeasonFile, chain, event_row
from fivepenny.world import World


@dataclass(frozen=True, slots=True)
class BeatPlayed:
    """What a beat brought."""

    day: int
    beat: Beat
    events: tuple[Event, ...]


class Season:
    """A season in play. Iterate `beats` to the end; the file then holds all of it."""

    def __init__(
        self,
        world: World,
        ensemble: Ensemble,
        file: SeasonFile,
        turns: Mapping[int, Callable[[], None]] = MappingProxyType({}),
    ) -> None:
        """The world and the company must be those of the file's header.

        `turns` are done before the first beat of a day: what a branch changes of world and company.
        """
        self._turns = turns
        self._world = world
        self._ensemble = ensemble
        self._file = file
        self._digest = file.header.root_hash()

    def beats(self) -> Iterator[BeatPlayed]:
        """Play beat after beat, to the last day or that on which the season is judged.

        A day is committed before its last beat is handed over.

        Raises CheckFailed where a day that was committed before comes out otherwise.
        """
        committed = self._file.last_day
        for day in range(1, self._file.header.days + 1):
            if turn := self._turns.get(day):
                turn()
            todays: list[Event] = []
            for beat in BEATS:
                menus = self._world.menus(beat)
                moves = self._ensemble.play(day, beat, menus, self._world.observe)
                events = self._world.apply(beat, moves)
                todays += events
                if beat is BEATS[-1]:
                    self._close_day(day, todays, committed)
                yield BeatPlayed(day, beat, events)
            if any(isinstance(event.body, SeasonJudged) for event in todays):
                break
        self._file.finish()

    def _close_day(self, day: int, events: list[Event], committed: int) -> None:
        if day > committed:
            self._file.commit_day(events)
            self._digest = self._file.digest
            return
        for event in events:
            self._digest = chain(self._digest, event_row(event))
        if self._file.hash_at(events[-1].number) != self._digest:
            raise CheckFailed(f"day {day} was played otherwise before: the tape does not lead to the events on file")
