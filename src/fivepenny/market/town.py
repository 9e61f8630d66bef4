"""The finance drama as a world: joins books, auction, credit, talk and menus behind the stage's protocol."""

from collections.abc import Mapping

from fivepenny import happenings as hap
from fivepenny.chronicle import Chronicle
from fivepenny.clock import Beat
from fivepenny.events import Event, Sealed
from fivepenny.market import sight
from fivepenny.market.dawn import play_dawn
from fivepenny.market.dusk import play_dusk
from fivepenny.market.exchange import play_market
from fivepenny.market.menus import list_menu
from fivepenny.market.state import open_market
from fivepenny.market.talk import play_talk
from fivepenny.scenario import Scenario
from fivepenny.world import Menu, Move, Observation, Option


class Town:
    """The world of Fivepenny. See `fivepenny.world.World`."""

    def __init__(self, seed: int, days: int, scenario: Scenario, chronicle: Chronicle | None) -> None:
        """A town before its first dawn."""
        self._market = open_market(seed, days, scenario, chronicle)
        self._options: dict[tuple[str, str], Option] = {}

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats in the order of the scenario."""
        return self._market.scenario.seat_names

    def observe(self, seat: str, beat: Beat) -> Observation:
        """What this seat may know now."""
        return sight.observe(self._market.knowledge[seat], beat)

    def menus(self, beat: Beat) -> Mapping[str, Menu]:
        """The menus of this beat; their terms are kept until the next are listed."""
        market = self._market
        market.terms.clear()
        self._options.clear()
        menus: dict[str, Menu] = {}
        for seat in self.seats:
            listing = list_menu(market.knowledge[seat], market.scenario, market.seed, beat)
            if listing is None:
                continue
            menus[seat] = listing.menu
            for option in listing.menu.options:
                market.terms[seat, option.phrase] = listing.terms[option.phrase]
                self._options[seat, option.phrase] = option
        return menus

    def apply(self, beat: Beat, moves: Mapping[str, Move]) -> tuple[Event, ...]:
        """Play the beat. Moves are those of the menus last listed."""
        market = self._market
        market.log.beat = beat
        ordered = {seat: moves[seat] for seat in self.seats if seat in moves}
        for seat, move in ordered.items():
            market.emit((seat,), hap.Decided(seat, move.phrases), Sealed(aside=move.aside or None))
        match beat:
            case Beat.DAWN:
                play_dawn(market)
            case Beat.MARKET:
                play_market(market, ordered, self._options)
            case Beat.DUSK:
                play_dusk(market)
            case _:
                play_talk(market, ordered, self._options)
        if beat is Beat.REMARK:
            market.book.verify()
            market.log.day += 1
        return market.log.take()

    def digest(self) -> str:
        """A digest of the whole state."""
        return self._market.digest()
