"""Justice Pym's court: accusations, cases, oaths, verdicts, and what follows from them.

The magistrate has no seat and no mind. It is a rule of the world that works from what a court could have: the public
tape, accusations, letters that it seizes, what is sworn, and books that it has opened (`Roll`). The post is the
world's; the court sees of it what it seizes, by lot, when a case opens, and everybody hears that read out.

At dusk, when debts have been cleared, cases that opened the evening before are heard and decided, and new ones open.
At dawn the exiled leave and come back.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import courts
from fivepenny.bribery import shows_guilt
from fivepenny.courts import Ground, Oath, Offence, Sentence
from fivepenny.events import EVERYONE, Sealed
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market import bribery
from fivepenny.market.court_roll import CaseFile
from fivepenny.market.court_terms import AccuseTerms, OathTerms
from fivepenny.market.court_weigh import engrossers, may_be_tried, told_letters, weigh
from fivepenny.market.state import Market, StandingLoan
from fivepenny.market.terms import Terms


def sit(market: Market) -> None:
    """The court's evening: cases that opened before today are heard and decided, then new ones open."""
    if market.court is None:
        return
    roll = market.court.roll
    for case in [case for case in roll.cases.values() if case.opened_day < market.day]:
        _hear(market, case)
    for body in roll.accusations:
        _open(market, _charge(body))
    for charge in bribery.charges(market):
        _open(market, charge)
    since_day = max(1, market.day - courts.MATTER_DAYS + 1)
    for good, seat in engrossers(roll, since_day):
        told = (Offence.ENGROSSING, Ground.TAPE, "", good, True, since_day, "")
        _open(market, courts.CaseOpened(0, seat, *told))


def _charge(body: courts.Accused) -> courts.CaseOpened:
    """The case that an accusation asks for."""
    told = (body.accuser, body.good, body.rises, body.told_day)
    other = body.accuser if body.offence is Offence.BRIBERY else ""
    return courts.CaseOpened(0, body.accused, body.offence, Ground.ACCUSATION, *told, other)


def _open(market: Market, charge: courts.CaseOpened) -> None:
    """Open a case, if it can be opened now: number it, seize letters, name and summon witnesses."""
    court, offence, good = market.court, charge.offence, charge.good
    if court is None or len(court.roll.cases) >= courts.MOST_OPEN_CASES:
        return
    if not may_be_tried(court.roll, charge.accused, courts.matter_of(offence, good)):
        return
    opened = replace(charge, case=market.number("case"))
    number = opened.case
    market.emit(EVERYONE, opened)
    court.seize(opened, market.lot("court", number))
    parties = [name for letter in court.seized[number] for name in (letter.hearer, letter.teller)]
    if offence is Offence.BRIBERY:
        parties += bribery.parties(court, opened)
    shorts: list[Any] = [seen.body for seen in court.roll.shorts if seen.day >= opened.since_day]
    parties += [body.seat for body in shorts if body.good == good and offence is Offence.ENGROSSING]
    away = {opened.accused, opened.accuser, *court.roll.exiled}
    named = [name for name in dict.fromkeys(parties) if name not in away]
    market.emit(EVERYONE, courts.Summoned(number, (opened.accused, *named[: courts.MOST_WITNESSES])))


def _hear(market: Market, case: CaseFile) -> None:
    """Read the letters, open the books, strike out what they contradict, and decide."""
    court, opened = market.court, case.opened
    if court is None:
        return
    for letter in court.seized.pop(opened.case):
        told = (letter.day, letter.teller, letter.hearer, letter.good, letter.rises, letter.text)
        market.emit(EVERYONE, courts.LetterRead(opened.case, letter.number, *told))
    if opened.offence is Offence.ENGROSSING:
        units = market.free(opened.accused, opened.good)
        market.emit(EVERYONE, courts.BooksOpened(opened.case, opened.accused, opened.good, units))
    bribery.read_and_count(market, court, opened)
    for oath in contradicted(court.roll.cases[opened.case]):
        market.emit(EVERYONE, courts.Perjured(opened.case, oath.witness, oath.oath))
        _fine(market, opened.case, oath.witness, courts.PERJURY_FINE_PENCE)
        bribery.look_into(market, court, opened, oath.witness)
    _decide(market, court.roll.cases[opened.case])


def contradicted(case: CaseFile) -> list[courts.Testified]:
    """The oaths of a case that its letters or the books contradict."""
    told = {letter.hearer for letter in told_letters(case)}
    paid = {name for letter in case.bribes for name in (letter.by, letter.to)}
    shown = any(shows_guilt(letter, case.opened.accused) for letter in case.bribes)
    return [
        oath
        for oath in case.oaths
        if (oath.oath is Oath.NOT_TOLD and oath.witness in told)
        or (oath.oath is Oath.HOLDS and oath.units != case.books_units)
        or (oath.oath is Oath.NO_MONEY and oath.witness in paid)
        or (oath.oath is Oath.DENIES_IT and shown)
    ]


def _decide(market: Market, case: CaseFile) -> None:
    if market.court is None:
        return
    opened, roll = case.opened, market.court.roll
    weighing, bar = weigh(roll, case), courts.STATUTES[opened.offence].bar
    guilty = weighing.total >= bar
    record, gain_pence = roll.record.get(opened.accused, 0), weighing.gain_pence
    sentence = courts.sentence_of(gain_pence, record) if guilty else Sentence.ACQUITTAL
    fine_pence = courts.fine_pence(opened.offence, gain_pence, record) if guilty else 0
    until_day = {
        Sentence.FREEZE: market.day + courts.FREEZE_DAYS,
        Sentence.EXILE: market.day + 1 + courts.EXILE_DAYS,
    }.get(sentence, 0)
    body = courts.CaseDecided(
        case=opened.case,
        accused=opened.accused,
        offence=opened.offence,
        good=opened.good,
        items=weighing.items,
        points=weighing.points,
        bar=bar,
        guilty=guilty,
        gain_pence=gain_pence,
        sentence=sentence,
        fine_pence=fine_pence,
        until_day=until_day,
    )
    market.emit(EVERYONE, body)
    if guilty:
        _fine(market, opened.case, opened.accused, fine_pence)


def _fine(market: Market, case: int, seat: str, owed_pence: int) -> None:
    number, due_day = market.number("loan"), market.day + courts.FINE_DAYS
    market.loans[number] = StandingLoan(number, OUTSIDE, seat, owed_pence, due_day)
    market.emit(EVERYONE, courts.Fined(number, case, seat, owed_pence, due_day))


def send_away(market: Market) -> None:
    """At dawn those come back whose exile is over, and those leave whom the court sent away last night."""
    if market.court is None:
        return
    roll = market.court.roll
    for seat in [seat for seat, back_day in roll.exiled.items() if back_day <= market.day]:
        market.emit(EVERYONE, courts.Returned(seat))
    for seat, (case, back_day) in list(roll.sentenced.items()):
        market.emit(EVERYONE, courts.Exiled(case, seat, back_day))


def _accuse(market: Market, seat: str, terms: AccuseTerms) -> None:
    body = courts.Accused(seat, terms.accused, terms.good, terms.rises, terms.told_day, terms.offence)
    market.emit(EVERYONE, body)


def _swear(market: Market, seat: str, terms: OathTerms) -> None:
    note = courts.SWORN_TRUE if terms.true else courts.SWORN_FALSE
    market.emit(EVERYONE, courts.Testified(terms.case, seat, terms.oath, terms.units), Sealed(note=note))


EFFECTS: Mapping[type[Terms], Callable[[Market, str, Any], None]] = {
    AccuseTerms: _accuse,
    OathTerms: _swear,
    **bribery.EFFECTS,
}
"""What comes of words before the court."""
