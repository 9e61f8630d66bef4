"""The finance drama as a world: joins books, auction, credit, talk and menus behind the stage's protocol."""

from collections.abc import Mapping

from fivepenny import happenings as hap
from fivepenny.chronicle import Chronicle
from fivepenny.clock import Beat
from fivepenny.errors import BrokenInvariant
from fivepenny.events import Event, Sealed
from fivepenny.market import sight
from fivepenny.market.dawn import play_dawn
from fivepenny.market.dusk import play_dusk
from fivepenny.market.exchange import play_market
from fivepenny.market.gate import let_in
from fivepenny.market.menus import list_menu
from fivepenny.market.state import open_market
from fivepenny.market.talk import play_talk
from fivepenny.scenario import Scenario
from fivepenny.world import Menu, Move, Observation


class Town:
    """The world of Fivepenny. See `fivepenny.world.World`."""

    def __init__(self, seed: int, days: int, scenario: Scenario, chronicle: Chronicle | None) -> None:
        """A town before its first dawn."""
        self._market = open_market(seed, days, scenario, chronicle)

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats in the order of the scenario."""
        return tuple(self._market.knowledge)

    @property
    def day(self) -> int:
        """The day that is being played; between two days, the one to come."""
        return self._market.day

    def fork(self) -> "Town":
        """A town that stands as this one does and goes its own way; what never changes is shared."""
        twin = object.__new__(Town)
        twin._market = self._market.fork()
        return twin

    def reseed(self, seed: int) -> None:
        """From the next dawn on, draw everything from this seed.

        Streams are named by seed and day, so this is all that a fork needs to go another way; with the seed that a
        season has already, nothing changes. Raises BrokenInvariant within a day, whose menus could not be worked out
        again from one seed.
        """
        log = self._market.log
        if log.next_number > 1 and log.beat is not Beat.REMARK:
            raise BrokenInvariant(f"day {self.day}, {log.beat}: a town changes its seed between two days alone")
        self._market.seed = seed

    def observe(self, seat: str, beat: Beat) -> Observation:
        """What this seat may know now."""
        return sight.observe(self._market.knowledge[seat], beat)

    def menus(self, beat: Beat) -> Mapping[str, Menu]:
        """The menus of this beat; their terms are kept until the next are listed."""
        market = self._market
        market.listings = {
            seat: listing
            for seat, knowledge in market.knowledge.items()
            if (listing := list_menu(knowledge, market.scenario, market.seed, beat)) is not None
        }
        market.asked = beat
        return {seat: listing.menu for seat, listing in market.listings.items()}

    def apply(self, beat: Beat, moves: Mapping[str, Move]) -> tuple[Event, ...]:
        """Play the beat. A move that does not stand on the menus last listed is refused by a named event."""
        market = self._market
        market.log.beat = beat
        ordered, refused = let_in(market, beat, moves)
        market.asked = None
        for seat, move in ordered.items():
            market.emit((seat,), hap.Decided(seat, move.phrases), Sealed(aside=move.aside or None))
        match beat:
            case Beat.DAWN:
                play_dawn(market)
            case Beat.MARKET:
                play_market(market, ordered)
            case Beat.DUSK:
                play_talk(market, ordered)  # what is sworn before the court
                play_dusk(market)
            case _:
                play_talk(market, ordered)
        for body in refused:
            market.emit((), body)
        if beat is Beat.REMARK:
            market.book.verify()
            market.log.day += 1
        return market.log.take()

    def digest(self) -> str:
        """A digest of the whole state."""
        return self._market.digest()
