"""For the tests of the court: a table that keeps one, seasons of it, and cases made by hand."""

from functools import cache
from pathlib import Path
from typing import Any

from fivepenny import courts
from fivepenny import happenings as hap
from fivepenny.claims import Basis, Claim, ClaimKind
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.courts import Oath, Offence
from fivepenny.events import EVERYONE, Body, Event, Seen
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.market.court_roll import Roll
from fivepenny.market.court_terms import OathTerms
from fivepenny.market.court_weigh import weigh
from fivepenny.market.state import Market
from fivepenny.scenario import Scenario
from fivepenny.stage.house import open_house
from quiet_tables import quiet_table
from towns import act, at_dusk, opened, scenario

PLAIN, CHRONICLE = quiet_table("south-sea")
COURT = PLAIN.model_copy(update={"customs": ("court",)})


@cache
def played(seed: int, company: str = "understudies", play: Scenario | None = None) -> tuple[Header, tuple[Event, ...]]:
    """A season of a table that keeps a court."""
    play = play or COURT
    header = Header(seed, play.days, play, CHRONICLE, company_references(company, play))
    with SeasonFile.create(IN_MEMORY, header) as file:
        with open_house(file) as (season, _):
            for _ in season.beats():
                pass
        return header, tuple(file.events())


def judged(header: Header, events: tuple[Event, ...], blind: type[object] | None = None) -> list[bool]:
    """Of each verdict, whether public events alone lead to it; `blind` is a kind that is kept from the court."""
    roll, found = Roll(header.scenario), []
    for event in events:
        if event.audience != EVERYONE or (blind and isinstance(event.body, blind)):
            continue
        if isinstance(event.body, courts.CaseDecided):
            weighing = weigh(roll, roll.cases[event.body.case])
            found.append((weighing.items, weighing.points) == (event.body.items, event.body.points))
        roll.take(event.seen)
    return found


def on_file(path: Path, seed: int, company: str = "understudies") -> Path:
    """The same in a file of its own."""
    header = Header(seed, COURT.days, COURT, CHRONICLE, company_references(company, COURT))
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


def bench() -> Market:
    """A small market with a court on its first day; seats amber, birch, clay."""
    return opened(scenario(customs=("court",)))


def tell(market: Market, teller: str, hearer: str, rises: bool = True, good: str = "rye") -> int:
    """One tells another a tale that is its own; the number of the event."""
    kind = ClaimKind.WILL_RISE if rises else ClaimKind.WILL_FALL
    claim = market.make_claim(good, kind, market.day + 3, Basis.PRICE, {teller, hearer})
    market.emit(tuple(sorted((teller, hearer))), hap.Tipped(teller, hearer, claim))
    return market.log.next_number - 1


def trade(market: Market, price: int, buyers: dict[str, int], sellers: dict[str, int], good: str = "rye") -> None:
    """What the tape shows of a day; the books are left as they are."""
    volume = sum(buyers.values())
    sides = (tuple(buyers), tuple(buyers.values()), tuple(sellers), tuple(sellers.values()))
    market.emit(EVERYONE, hap.Cleared(good, price, volume, *sides))
    market.last_pence[good] = price


def accuse(market: Market, accuser: str, accused: str, told_day: int, rises: bool = True) -> None:
    """An accusation, and the dusk that opens the case."""
    market.emit(EVERYONE, courts.Accused(accuser, accused, "rye", rises, told_day, Offence.FALSE_REPORT))
    at_dusk(market)


def swear(market: Market, **oaths: tuple[Oath, bool]) -> None:
    """Oaths of the next evening, in case 1, each with whether it is so."""
    market.log.day += 1
    act(market, Beat.DUSK, **{seat: OathTerms(1, oath, 0, true) for seat, (oath, true) in oaths.items()})


def verdict(market: Market) -> courts.CaseDecided:
    """The verdict that the evening brings."""
    (found,) = [event.body for event in at_dusk(market) if isinstance(event.body, courts.CaseDecided)]
    return found


def seen(number: int, day: int, body: Body) -> Seen:
    """An event as somebody sees it."""
    return Seen(number, day, Beat.DUSK, body)


def claim(number: int, rises: bool = True, good: str = "rye", day: int = 1) -> Claim:
    """A claim."""
    kind: Any = ClaimKind.WILL_RISE if rises else ClaimKind.WILL_FALL
    return Claim(number, kind, good, day, day + 3, Basis.PRICE)
