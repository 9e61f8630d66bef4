"""The audit of the court: each accusation could be shown, each case had its ground, each verdict adds up.

Reads the events with nothing left out, as the court could not, and asks of each whether it could happen: a letter that
is read must have been written, an oath must be a witness's, the books must say what was counted. The points it counts
again by itself, from the law (`fivepenny.courts`). Which letters a seizure brings is a lot's affair, and not checked.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from fivepenny import courts
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.courts import Ground, Oath, Offence, Sentence
from fivepenny.events import Event
from fivepenny.scenario import Scenario
from fivepenny.stage.audit_bribery import BriberyAudit
from fivepenny.stage.audit_trials import Tape, Trial, verdict_of

Held = Callable[..., int]
_TOLD_OR_NOT = frozenset({Oath.TOLD, Oath.NOT_TOLD})
_ASKED: Mapping[tuple[Offence, bool], frozenset[Oath]] = {
    (Offence.FALSE_REPORT, True): frozenset({Oath.HAD_IT, Oath.MADE_IT}),
    (Offence.FALSE_REPORT, False): _TOLD_OR_NOT,
    (Offence.ENGROSSING, True): frozenset({Oath.HOLDS}),
    (Offence.ENGROSSING, False): _TOLD_OR_NOT,
    (Offence.BRIBERY, True): frozenset({Oath.OWNS_TO_IT, Oath.DENIES_IT}),
    (Offence.BRIBERY, False): frozenset({Oath.MONEY, Oath.NO_MONEY}),
}
"""What can be sworn in a case of each offence by the accused (True), and by a witness."""


@dataclass(slots=True)
class _Post:
    """Every letter by its event, and the words that went with it."""

    letters: dict[int, tuple[int, hap.Tipped]] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    last: int = 0

    def take(self, event: Event) -> None:
        body = event.body
        if isinstance(body, hap.Tipped):
            self.letters[event.number] = (event.day, body)
            self.last = event.number
        elif isinstance(body, hap.Said) and event.number == self.last + 1 and self.last:
            tip = self.letters[self.last][1]
            if (body.speaker, body.hearer) == (tip.teller, tip.hearer):
                self.words[self.last] = body.text

    def wrote(self, teller: str, hearer: str, good: str, rises: bool, day: int) -> bool:
        """Whether such a letter was written on a day."""
        return any(
            (tip.teller, tip.hearer, tip.claim.asset, tip.claim.kind.direction > 0, then)
            == (teller, hearer, good, rises, day)
            for then, tip in self.letters.values()
        )


class CourtAudit:
    """The court as the events make it."""

    def __init__(self, scenario: Scenario) -> None:
        """Before the first event."""
        self._scenario = scenario
        self._tape = Tape(scenario)
        self._post = _Post()
        self._trials: dict[int, Trial] = {}
        self._money = BriberyAudit(scenario, self._trials)
        self._heard: set[tuple[int, str, str]] = set()
        self._made = 0
        self._accusations: list[courts.Accused] = []
        self._tried: dict[tuple[str, str], int] = {}
        self._record: Counter[str] = Counter()
        self._away: dict[str, int] = {}
        self._leaving: dict[str, tuple[int, int]] = {}
        self._frozen: dict[str, int] = {}
        self._fines: Counter[tuple[int, str, int]] = Counter()
        self._sworn: dict[tuple[str, str], str] = {}

    def worth(self, seat: str, last_pence: Mapping[str, int]) -> int:
        """A fine is a loan, and counted with the loans."""
        del seat, last_pence
        return 0

    def take(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        """Breaches of one event."""
        del last_pence
        yield from self._money.check(event)
        match event.body:
            case hap.DayOpened():
                self._accusations.clear()
            case hap.Decided(seat=seat, phrases=phrases):
                yield from self._check_presence(event, seat)
                self._note_oaths(event, seat, phrases)
            case hap.Ordered(seat=seat) if seat in self._away or self._frozen.get(seat, 0) >= event.day:
                yield f"{seat} may not trade: the court has barred it"
            case courts.Accused() as body:
                yield from self._check_accusation(event, body)
            case courts.CaseOpened() as body:
                yield from self._check_opening(event, body)
            case courts.Summoned() as body:
                yield from self._check_summons(body)
            case courts.Testified() as body:
                yield from self._check_oath(event, body)
            case courts.LetterRead() | courts.BooksOpened() | courts.Perjured() | courts.CaseDecided():
                yield from self._check_hearing(event, held)
            case courts.Fined() as body:
                yield from self._check_fine(event, body)
            case courts.Exiled() | courts.Returned():
                yield from self._check_exile(event)
            case hap.DayClosed():
                yield from self._check_left(event)
            case _:
                pass
        self._post.take(event)
        self._tape.take(event)
        self._money.take(event)

    # --- before the hearing ---------------------------------------------------------------------------------------

    def _check_presence(self, event: Event, seat: str) -> Iterator[str]:
        if seat in self._away:
            yield f"{seat} is away, and asked"
        if event.beat is Beat.MARKET and self._frozen.get(seat, 0) >= event.day:
            yield f"{seat} may not trade: the court has barred it"

    def _note_oaths(self, event: Event, seat: str, phrases: tuple[str, ...]) -> None:
        if event.beat is Beat.DUSK:
            for phrase in phrases:
                act, _, accused = phrase.partition(" ")
                self._sworn[seat, accused] = courts.SWORN_FALSE if act == "perjure" else courts.SWORN_TRUE

    def _check_accusation(self, event: Event, body: courts.Accused) -> Iterator[str]:
        told = (body.good, body.told_day)
        if body.offence is Offence.BRIBERY:
            shown = self._money.refused(body.accused, body.accuser, *told) and body.rises
        else:
            shown = self._post.wrote(body.accused, body.accuser, body.good, body.rises, body.told_day)
        if not shown or body.offence is Offence.ENGROSSING:
            yield f"{body.accuser} has no such letter of {body.accused}"
        if {body.accuser, body.accused} & self._away.keys():
            yield "one of the two is away"
        self._accusations.append(body)

    def _may_be_tried(self, seat: str, matter: str, day: int) -> bool:
        busy = any(trial.opened.accused == seat for trial in self._trials.values())
        lately = day - self._tried.get((seat, matter), -courts.REST_DAYS) < courts.REST_DAYS
        return not (busy or lately or seat in self._away or seat in self._leaving)

    def _is_grounded(self, event: Event, body: courts.CaseOpened) -> bool:
        if body.ground is Ground.TAPE:
            since_day = max(1, event.day - courts.MATTER_DAYS + 1)
            fixed = (body.offence, body.accuser, body.rises, body.since_day, body.other) == (
                Offence.ENGROSSING, "", True, since_day, "",
            )  # fmt: skip
            return fixed and self._tape.buys_up(body.accused, body.good, event.day)
        if body.ground is not Ground.ACCUSATION:
            return replace(body, case=0) in self._money.charges(event.day)
        charge = courts.Accused(body.accuser, body.accused, body.good, body.rises, body.since_day, body.offence)
        return charge in self._accusations and body.other == (body.offence is Offence.BRIBERY) * body.accuser

    def _check_opening(self, event: Event, body: courts.CaseOpened) -> Iterator[str]:
        self._made += 1
        if body.case != self._made:
            yield f"case {body.case} should be case {self._made}"
        if not self._is_grounded(event, body):
            yield "nobody gave ground for such a case today, nor did the tape"
        matter = courts.matter_of(body.offence, body.good)
        if not self._may_be_tried(body.accused, matter, event.day) or len(self._trials) >= courts.MOST_OPEN_CASES:
            yield f"{body.accused} could not be tried over {body.good} now"
        self._trials[body.case] = Trial(body, event.day)
        self._money.prepare(self._trials[body.case], (body.since_day, body.accused, body.good) in self._heard)
        self._tried[body.accused, matter] = event.day

    def _could_know(self, trial: Trial) -> set[str]:
        opened = trial.opened
        found = {
            name
            for day, tip in self._post.letters.values()
            if opened.accused in (tip.teller, tip.hearer) and tip.claim.asset == opened.good
            and opened.accuser not in (tip.teller, tip.hearer) and day >= opened.since_day - courts.MATTER_DAYS
            for name in (tip.teller, tip.hearer)
        }  # fmt: skip
        if opened.offence is Offence.ENGROSSING:
            found |= self._tape.went_short(opened.good, opened.since_day)
        if opened.offence is Offence.BRIBERY:
            found = self._money.could_know(opened)
        return found - {opened.accused} - self._away.keys()

    def _check_summons(self, body: courts.Summoned) -> Iterator[str]:
        trial = self._trials[body.case]
        first, others = body.witnesses[:1], body.witnesses[1:]
        if trial.witnesses or first != (trial.opened.accused,) or len(set(others)) < len(others):
            yield "a summons names the accused first, and everybody once"
        if len(others) > courts.MOST_WITNESSES or not set(others) <= self._could_know(trial):
            yield "it summons who could know nothing, or too many"
        trial.witnesses = body.witnesses

    def _check_oath(self, event: Event, body: courts.Testified) -> Iterator[str]:
        trial = self._trials[body.case]
        own = body.witness == trial.opened.accused
        fit = _ASKED[trial.opened.offence, own]
        if body.witness not in trial.witnesses or trial.day == event.day or trial.sworn(body.witness):
            yield f"{body.witness} was not to be asked in case {body.case} tonight"
        if body.oath not in fit or (body.units != 0 and body.oath is not Oath.HOLDS):
            yield f"{body.witness} was asked something else"
        if event.sealed.note != self._sworn.get((body.witness, trial.opened.accused)):
            yield "what is sealed of the oath is not what was chosen"
        trial.oaths.append(body)

    # --- the hearing ----------------------------------------------------------------------------------------------

    def _check_hearing(self, event: Event, held: Held) -> Iterator[str]:
        match event.body:
            case courts.LetterRead() as body:
                yield from self._check_letter(event, body)
            case courts.BooksOpened(case=case, seat=seat, good=good, units=units):
                trial = self._trials[case]
                if (seat, good) != (trial.opened.accused, trial.opened.good) or units != held(seat, good):
                    yield f"{seat} does not hold {units} of {good}, or it was not asked"
                trial.books = units
            case courts.Perjured(case=case, witness=witness, oath=oath):
                trial = self._trials[case]
                if (witness, oath) not in trial.contradicted():
                    yield f"nothing contradicts what {witness} swore"
                trial.perjured.add(witness)
                self._fines[case, witness, courts.PERJURY_FINE_PENCE] += 1
            case courts.CaseDecided() as body:
                yield from self._check_verdict(event, body)
            case _:
                pass

    def _check_letter(self, event: Event, body: courts.LetterRead) -> Iterator[str]:
        trial = self._trials[body.case]
        opened = trial.opened
        day, tip = self._post.letters.get(body.letter, (0, None))
        written = tip is not None and body == courts.LetterRead(
            body.case, body.letter, day, tip.teller, tip.hearer, tip.claim.asset, tip.claim.kind.direction > 0,
            self._post.words.get(body.letter, ""),
        )  # fmt: skip
        if not written:
            yield "no such letter was written"
        fits = opened.accused in (body.teller, body.hearer) and body.good == opened.good
        old = body.told_day < opened.since_day - courts.MATTER_DAYS or day > trial.day
        twice = body.letter in [letter.letter for letter in trial.letters]
        if not fits or old or twice or opened.accuser in (body.teller, body.hearer) or trial.day == event.day:
            yield "the letter is not for this case, or was read before"
        trial.letters.append(body)

    def _check_verdict(self, event: Event, body: courts.CaseDecided) -> Iterator[str]:
        trial = self._trials.pop(body.case)
        self._heard.add((event.day, body.accused, body.good))
        if trial.opened.offence is Offence.BRIBERY and trial.purse is None:
            yield "nobody has counted what passed between the two"
        unfound = set(trial.contradicted()) - {(name, trial.sworn(name)) for name in trial.perjured}
        if unfound:
            yield f"the oaths of {', '.join(sorted(name for name, _ in unfound))} are contradicted, without a word"
        due = verdict_of(trial, self._tape, event.day, self._record[trial.opened.accused])
        if trial.day == event.day or body != due:
            yield f"it should be {due.sentence} with {sum(due.points)} points of {due.bar}"
        if body.guilty:
            self._record[body.accused] += 1
            self._fines[body.case, body.accused, body.fine_pence] += 1
        if body.sentence is Sentence.FREEZE:
            self._frozen[body.accused] = body.until_day
        elif body.sentence is Sentence.EXILE:
            self._leaving[body.accused] = (body.case, body.until_day)

    def _check_fine(self, event: Event, body: courts.Fined) -> Iterator[str]:
        fine = (body.case, body.seat, body.owed_pence)
        if not self._fines[fine] or body.due_day != event.day + courts.FINE_DAYS:
            yield f"{body.seat} was not fined so"
            return
        self._fines[fine] -= 1

    def _check_exile(self, event: Event) -> Iterator[str]:
        match event.body:
            case courts.Exiled(case=case, seat=seat, back_day=back_day):
                if self._leaving.pop(seat, None) != (case, back_day):
                    yield f"{seat} was not sent away so"
                self._away[seat] = back_day
            case courts.Returned(seat=seat):
                if self._away.pop(seat, None) != event.day:
                    yield f"{seat} was not away, or not until today"
            case _:
                pass

    def _check_left(self, event: Event) -> Iterator[str]:
        """At the close of a day: what was to be heard, opened, fined or carried out has been."""
        for trial in self._trials.values():
            if trial.day < event.day:
                yield f"case {trial.opened.case} should have been decided"
            if not trial.witnesses:
                yield f"nobody was summoned in case {trial.opened.case}"
        due = [(body.accused, courts.matter_of(body.offence, body.good)) for body in self._accusations]
        due += [(c.accused, courts.matter_of(c.offence, c.good)) for c in self._money.charges(event.day)]
        due += [
            (seat, good)
            for good in self._scenario.good_names
            for seat in self._scenario.seat_names
            if self._tape.buys_up(seat, good, event.day)
        ]
        for seat, matter in due:
            if len(self._trials) < courts.MOST_OPEN_CASES and self._may_be_tried(seat, matter, event.day):
                yield f"a case should have been opened against {seat} over {matter}"
        for witness in self._money.left_over():
            yield f"nobody has looked who paid {witness} today"
        if +self._fines:
            yield "a fine was not entered"
        overdue = [seat for seat, back_day in self._away.items() if back_day <= event.day]
        overdue += [seat for seat, (_, back_day) in self._leaving.items() if back_day - courts.EXILE_DAYS <= event.day]
        if overdue:
            yield f"{', '.join(overdue)} should be back, or gone"
        self._fines.clear()
        self._sworn.clear()
