"""Bribery before the court: money for testimony, and how the court comes upon bribes and looks into them.

Where a table keeps both a court and the custom of words, offering money or taking it, for leaving a good alone or for
a convenient memory, is an offence. A case opens on the word of who was offered and refused, on a letter that is read
out in another case, or on a false oath that is found where its witness had money of somebody on the same day.

What was bought is an oath, and nobody is kept from swearing another.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fivepenny import courts, words
from fivepenny.bribery import BribeRead, OathBought, OathSought, PurseOpened, shows_guilt
from fivepenny.courts import Ground, Offence
from fivepenny.events import EVERYONE
from fivepenny.ledger.transfers import Refusal
from fivepenny.market.bribery_terms import OathBribeTerms, ReplyToOathBribe
from fivepenny.market.court_post import Court
from fivepenny.market.state import Market, move, two
from fivepenny.market.terms import Terms

CUSTOMS = frozenset({"court", "words"})
"""Without either of these at a table there is no such offence."""


def _seek(market: Market, seat: str, terms: OathBribeTerms) -> None:
    number = market.number("bribe")
    body = OathSought(number, seat, terms.to, terms.pence, terms.good, market.day, terms.manner, terms.case)
    market.emit(two(seat, terms.to), body)


def _answer(market: Market, seat: str, terms: ReplyToOathBribe) -> None:
    bribe, audience = terms.bribe, two(seat, terms.bribe.by)
    told = (bribe.bribe, bribe.by, seat, bribe.pence)
    if not terms.taken:
        market.emit(audience, words.BribeSpurned(*told))
        return
    sealed = market.try_post(move(bribe.by, seat, bribe.pence))
    if isinstance(sealed, Refusal):
        # Who offered it has spent the money since.
        market.emit(audience, words.BribeUnpaid(*told))
        return
    market.emit(audience, OathBought(*told, bribe.case), sealed)


EFFECTS: Mapping[type[Terms], Callable[[Market, str, Any], None]] = {OathBribeTerms: _seek, ReplyToOathBribe: _answer}
"""What comes of money for testimony."""


# --- before the court -------------------------------------------------------------------------------------------------


def parties(court: Court, opened: courts.CaseOpened) -> list[str]:
    """Who may know something in a case of bribery: the other of the two, and whom seized letters name."""
    return [opened.other, *(name for letter in court.money.held(opened.case) for name in (letter.by, letter.to))]


def read_and_count(market: Market, court: Court, opened: courts.CaseOpened) -> None:
    """Read out the letters with money in them; in a case of bribery count what passed between the two on that day.

    The letter that brought the case has been read already.
    """
    known = [letter.letter for letter in court.roll.cases[opened.case].bribes]
    for held in [letter for letter in court.money.held(opened.case) if letter.event not in known]:
        letter = (held.event, held.day, held.by, held.to, held.good, held.pence, held.about, held.fate, held.text)
        market.emit(EVERYONE, BribeRead(opened.case, *letter))
    court.money = court.money.release(opened.case)
    if opened.offence is Offence.BRIBERY and court.roll.cases[opened.case].purse is None:
        pence = court.money.between(opened.accused, opened.other, opened.since_day)
        body = PurseOpened(opened.case, opened.accused, opened.other, opened.good, opened.since_day, pence)
        market.emit(EVERYONE, body)


def look_into(market: Market, court: Court, opened: courts.CaseOpened, witness: str) -> None:
    """A false oath has been found: the clerks look who paid its witness today."""
    payer = court.money.payer_of(witness, market.day)
    if witness == opened.accused or not payer or not CUSTOMS.issubset(market.scenario.customs):
        return
    pence = court.money.between(payer, witness, market.day)
    market.emit(EVERYONE, PurseOpened(opened.case, payer, witness, opened.good, market.day, pence))


def charges(market: Market) -> Iterator[courts.CaseOpened]:
    """The cases of bribery that today's hearings ask for: over letters read out first, then over false oaths."""
    court = market.court
    if court is None:
        return
    day, roll = market.day, court.roll
    for letter in roll.bribes:
        for accused, other in ((letter.by, letter.to), (letter.to, letter.by)):
            if shows_guilt(letter, accused) and day - letter.offered_day <= courts.MATTER_DAYS:
                told = (letter.good, True, letter.offered_day, other)
                yield courts.CaseOpened(0, accused, Offence.BRIBERY, Ground.LETTER, "", *told)
    for purse in roll.purses:
        if purse.day == day and purse.pence:
            told = (purse.good, True, day, purse.other)
            yield courts.CaseOpened(0, purse.one, Offence.BRIBERY, Ground.OATH, "", *told)
