"""Sifting what comes before the court: accusations, oaths, letters read out, verdicts, and who goes away and returns.

Knows the events of the day alone. What a whole case came to stands in its file (`fivepenny.drama.court_file`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from fivepenny import courts
from fivepenny.courts import Ground, Oath, Offence, Sentence
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import Names, Word, count, money, say_day
from fivepenny.drama.past import Past
from fivepenny.drama.spoken import line_of
from fivepenny.events import Body, Event

_SWORN = {
    Oath.TOLD: "sworn_told",
    Oath.NOT_TOLD: "sworn_not_told",
    Oath.HAD_IT: "sworn_had_it",
    Oath.MADE_IT: "sworn_made_it",
    Oath.HOLDS: "sworn_holds",
    Oath.MONEY: "sworn_money",
    Oath.NO_MONEY: "sworn_no_money",
    Oath.OWNS_TO_IT: "sworn_owns",
    Oath.DENIES_IT: "sworn_denies",
}
_VERDICTS = {
    Sentence.ACQUITTAL: "acquitted",
    Sentence.FINE: "verdict_fine",
    Sentence.FREEZE: "verdict_freeze",
    Sentence.EXILE: "verdict_exile",
}


_OPENINGS = {
    Ground.ACCUSATION: "case_opened",
    Ground.TAPE: "case_of_tape",
    Ground.LETTER: "case_of_letter",
    Ground.OATH: "case_of_oath",
}


def motion(rises: bool) -> Word:
    """What a tale says of a price."""
    return Word("rise" if rises else "fall")


def court_moments(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    """The moment of an event of the court, if it is worth one."""
    number = event.number
    match event.body:
        case courts.Accused(accuser=accuser, accused=accused, good=good, rises=rises):
            words = {"accuser": names.person(accuser), "accused": names.person(accused), "good": names.good(good)}
            told = bool(line_of(todays, accuser, accused, "accuse"))
            if event.body.offence is Offence.BRIBERY:
                yield moment_of("accused_bribe", words, number, told=told)
            else:
                yield moment_of("accused", words | {"motion": motion(rises)}, number, told=told)
        case courts.CaseOpened(accused=accused, good=good, ground=ground, case=case, other=other):
            words = {"accused": names.person(accused), "good": names.good(good)}
            if other:
                words["other"] = names.person(other)
            summons = [item.number for item in todays if _is_summons(item, case)]
            witnesses = [
                name for item in todays if isinstance(item.body, courts.Summoned) and item.body.case == case
                for name in item.body.witnesses if name != accused
            ]  # fmt: skip
            if witnesses:
                words["witnesses"] = names.people(witnesses)
            yield moment_of(_OPENINGS[ground], words, number, *summons)
        case courts.Testified(witness=witness, oath=oath, units=units):
            words = {"witness": names.person(witness)} | ({"units": count(units)} if units else {})
            yield moment_of(_SWORN[oath], words, number)
        case courts.LetterRead(teller=teller, hearer=hearer, good=good, rises=rises):
            words = {"teller": names.person(teller), "hearer": names.person(hearer), "good": names.good(good)}
            yield moment_of("letter_read", words | {"motion": motion(rises)}, number)
        case courts.BooksOpened(seat=seat, good=good, units=units):
            yield moment_of(
                "books_opened", {"seat": names.person(seat), "amount": names.amount_of(good, units)}, number
            )
        case courts.Perjured(witness=witness):
            yield moment_of("perjured", {"witness": names.person(witness)}, number)
        case courts.CaseDecided() as body:
            yield _verdict(names, event, body)
        case courts.Exiled(seat=seat, back_day=back_day):
            yield moment_of("gone", {"seat": names.person(seat), "day": say_day(back_day, event.day)}, number)
        case courts.Returned(seat=seat):
            yield moment_of("returned", {"seat": names.person(seat)}, number)
        case _:
            pass


def _is_summons(event: Event, case: int) -> bool:
    return isinstance(event.body, courts.Summoned) and event.body.case == case


def _verdict(names: Names, event: Event, body: courts.CaseDecided) -> Moment:
    words = {"accused": names.person(body.accused), "good": names.good(body.good)}
    if body.guilty:
        words["sum"] = money(body.fine_pence)
    if body.until_day:
        words["day"] = say_day(body.until_day, event.day)
    return moment_of(_VERDICTS[body.sentence], words, event.number)


_KINDS: tuple[type[Body], ...] = (
    courts.Accused,
    courts.CaseOpened,
    courts.Testified,
    courts.LetterRead,
    courts.BooksOpened,
    courts.Perjured,
    courts.CaseDecided,
    courts.Exiled,
    courts.Returned,
)
MOMENTS: Mapping[type[Body], Callable[[Names, Past, Sequence[Event], Event], Iterator[Moment]]] = dict.fromkeys(
    _KINDS, court_moments
)
"""What is worth telling of the court, by the kind of its event."""
