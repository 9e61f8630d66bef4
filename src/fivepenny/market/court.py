"""Justice Pym's court: accusations, cases, oaths, verdicts, and what follows from them.

The magistrate has no seat and no mind. It is a rule of the world that works from what a court could have: the public
tape, accusations, letters that it seizes, what is sworn, and books that it has opened (`Roll`). The post is the
world's; the court sees of it what it seizes, by lot, when a case opens, and everybody hears that read out.

At dusk, when debts have been cleared, cases that opened the evening before are heard and decided, and new ones open.
At dawn the exiled leave and come back.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fivepenny import courts
from fivepenny.courts import Ground, Oath, Offence, Sentence
from fivepenny.events import EVERYONE, Sealed
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market.court_roll import CaseFile
from fivepenny.market.court_terms import AccuseTerms, OathTerms
from fivepenny.market.court_weigh import buys_up, may_be_tried, told_letters, weigh
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
        _open(market, body.accused, Offence.FALSE_REPORT, body)
    for good in market.scenario.good_names:
        for seat in market.scenario.seat_names:
            if buys_up(roll, seat, good):
                _open(market, seat, Offence.ENGROSSING, good)


def _open(market: Market, accused: str, offence: Offence, matter: courts.Accused | str) -> None:
    """Open a case on an accusation, or over a good that the tape shows bought up; name and summon witnesses."""
    court = market.court
    good = matter if isinstance(matter, str) else matter.good
    if court is None or len(court.roll.cases) >= courts.MOST_OPEN_CASES or not may_be_tried(court.roll, accused, good):
        return
    number = market.number("case")
    if isinstance(matter, str):
        since_day = max(1, market.day - courts.MATTER_DAYS + 1)
        opened = courts.CaseOpened(number, accused, offence, Ground.TAPE, "", good, True, since_day)
    else:
        told = (matter.accuser, good, matter.rises, matter.told_day)
        opened = courts.CaseOpened(number, accused, offence, Ground.ACCUSATION, *told)
    market.emit(EVERYONE, opened)
    court.seize(opened, market.lot("court", number))
    parties = [name for letter in court.seized[number] for name in (letter.hearer, letter.teller)]
    shorts: list[Any] = [seen.body for seen in court.roll.shorts if seen.day >= opened.since_day]
    parties += [body.seat for body in shorts if body.good == good and offence is Offence.ENGROSSING]
    named = [name for name in dict.fromkeys(parties) if name != accused and name not in court.roll.exiled]
    market.emit(EVERYONE, courts.Summoned(number, (accused, *named[: courts.MOST_WITNESSES])))


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
    for oath in contradicted(court.roll.cases[opened.case]):
        market.emit(EVERYONE, courts.Perjured(opened.case, oath.witness, oath.oath))
        _fine(market, opened.case, oath.witness, courts.PERJURY_FINE_PENCE)
    _decide(market, court.roll.cases[opened.case])


def contradicted(case: CaseFile) -> list[courts.Testified]:
    """The oaths of a case that its letters or the books contradict."""
    told = {letter.hearer for letter in told_letters(case)}
    return [
        oath
        for oath in case.oaths
        if (oath.oath is Oath.NOT_TOLD and oath.witness in told)
        or (oath.oath is Oath.HOLDS and oath.units != case.books_units)
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
    market.emit(EVERYONE, courts.Accused(seat, terms.accused, terms.good, terms.rises, terms.told_day))


def _swear(market: Market, seat: str, terms: OathTerms) -> None:
    note = courts.SWORN_TRUE if terms.true else courts.SWORN_FALSE
    market.emit(EVERYONE, courts.Testified(terms.case, seat, terms.oath, terms.units), Sealed(note=note))


EFFECTS: Mapping[type[Terms], Callable[[Market, str, Any], None]] = {AccuseTerms: _accuse, OathTerms: _swear}
"""What comes of words before the court."""
