"""The audit of bribery: each offer for an oath could be made, each letter was written, each counted sum was paid.

Reads the events with nothing left out, and counts by itself, from the law (`fivepenny.courts`). It is a part of the
audit of the court, which keeps the cases; which letters a seizure brings is a lot's affair, and not checked.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fivepenny import bribery, courts, words
from fivepenny import happenings as hap
from fivepenny.courts import Ground, Offence
from fivepenny.events import EVERYONE, Event
from fivepenny.market.orders import PENCE
from fivepenny.scenario import Scenario
from fivepenny.stage.audit_trials import Trial

MOST_OFFER_DAYS = courts.MATTER_DAYS


@dataclass(frozen=True, slots=True)
class _Offer:
    """Money that was offered, by whom to whom, and what became of it."""

    number: int
    day: int
    body: words.Bribed
    fate: bribery.Fate = "open"
    text: str = ""

    @property
    def about(self) -> int:
        return self.body.case if isinstance(self.body, bribery.OathSought) else 0

    @property
    def pair(self) -> set[str]:
        return {self.body.by, self.body.to}


class BriberyAudit:
    """Every offer of money and every private payment of the season; of today, what the court read and counted."""

    def __init__(self, scenario: Scenario, trials: Mapping[int, Trial]) -> None:
        """`trials` are those that are open, kept by the caller."""
        self._seats = set(scenario.seat_names)
        self._is_offence = {"court", "words"} <= set(scenario.customs)
        self._trials = trials
        self._offers: dict[int, _Offer] = {}
        self._paid: Counter[tuple[int, str, str]] = Counter()  # by day, who paid, and whom
        self._read: list[bribery.BribeRead] = []
        self._purses: list[bribery.PurseOpened] = []
        self._false: list[tuple[int, str]] = []  # oaths found false today that still want a look at the books

    # --- what happens ---

    def take(self, event: Event) -> None:
        """Enter an event when it has been checked."""
        body = event.body
        if event.audience != EVERYONE:
            for _, source, _, target, _, asset, amount in event.sealed.postings:
                if asset == PENCE and {source, target} <= self._seats and source != target:
                    self._paid[event.day, source, target] += amount
        match body:
            case hap.DayOpened():
                self._read, self._purses = [], []
            case words.Bribed():
                self._offers[body.bribe] = _Offer(event.number, event.day, body)
            case words.BribeTaken(bribe=number) | bribery.OathBought(bribe=number):
                self._offers[number] = replace(self._offers[number], fate="taken")
            case words.BribeSpurned(bribe=number):
                self._offers[number] = replace(self._offers[number], fate="spurned")
            case hap.Said(speaker=speaker, hearer=hearer, text=text):
                for number, offer in self._offers.items():
                    if (offer.number + 1, offer.body.by, offer.body.to) == (event.number, speaker, hearer):
                        self._offers[number] = replace(offer, text=text)
            case _:
                pass

    def check(self, event: Event) -> Iterator[str]:
        """Breaches of one event."""
        match event.body:
            case bribery.OathSought() as body:
                trial = self._trials.get(body.case)
                if trial is None or trial.day == event.day or body.to not in trial.witnesses[1:]:
                    yield f"{body.to} is no witness in a case {body.case} that is heard tonight"
                elif (body.good, body.by_day) != (trial.opened.good, event.day):
                    yield "that case is over another good, or not heard on that day"
            case bribery.OathBought(bribe=number, case=case):
                offer = self._offers.get(number)
                if offer is None or offer.about != case:
                    yield "it buys something else than was asked for"
            case bribery.BribeRead() as body:
                yield from self._check_letter(event, body)
            case bribery.PurseOpened() as body:
                yield from self._check_purse(event, body)
            case courts.Perjured(case=case, witness=witness):
                if witness != self._trials[case].opened.accused and self._payers(witness, event.day):
                    self._false.append((case, witness))
            case _:
                pass

    def _check_letter(self, event: Event, body: bribery.BribeRead) -> Iterator[str]:
        trial = self._trials[body.case]
        opened = trial.opened
        offer = next((item for item in self._offers.values() if item.number == body.letter), None)
        written = offer is not None and body == bribery.BribeRead(
            body.case, offer.number, offer.day, offer.body.by, offer.body.to, offer.body.good, offer.body.pence,
            offer.about, offer.fate, offer.text,
        )  # fmt: skip
        if not written:
            yield "no such offer of money was written"
        pair, old = {body.by, body.to}, body.offered_day < opened.since_day - courts.MATTER_DAYS
        if opened.accused not in pair or opened.accuser in pair or body.good != opened.good or old:
            yield "the letter is not for this case"
        if trial.day == event.day or body.offered_day > trial.day:
            yield "the letter was read too early"
        if any(item.letter == body.letter for item in trial.bribes):
            yield "the letter was read before"
        self._read.append(body)
        trial.bribes.append(body)

    def _check_purse(self, event: Event, body: bribery.PurseOpened) -> Iterator[str]:
        trial = self._trials[body.case]
        opened = trial.opened
        passed = self._paid[body.day, body.one, body.other] + self._paid[body.day, body.other, body.one]
        if body.pence != passed or body.good != opened.good:
            yield f"not {body.pence} but {passed} passed between {body.one} and {body.other} on day {body.day}"
        if (body.case, body.other) in self._false and body.day == event.day:
            self._false.remove((body.case, body.other))
            if body.one not in self._payers(body.other, event.day):
                yield f"{body.one} is not who paid {body.other} the most"
        elif opened.offence is Offence.BRIBERY and trial.purse is None and trial.day < event.day:
            if (body.one, body.other, body.day) != (opened.accused, opened.other, opened.since_day):
                yield "these are not the books that the case is about"
            trial.purse = body.pence
        else:
            yield "nothing asked for these books"
        self._purses.append(body)

    def _payers(self, seat: str, day: int) -> set[str]:
        """Who paid a seat the most on a day: more than one where they paid alike."""
        paid = {name: self._paid[day, name, seat] for name in self._seats}
        most = max(paid.values())
        return {name for name, pence in paid.items() if pence == most} if most and self._is_offence else set()

    # --- what the court is told ---

    def refused(self, by: str, to: str, good: str, day: int) -> bool:
        """Whether one refused another's money over a good on a day."""
        return self._is_offence and any(
            (item.body.by, item.body.to, item.body.good, item.day, item.fate) == (by, to, good, day, "spurned")
            for item in self._offers.values()
        )

    def charges(self, day: int) -> set[courts.CaseOpened]:
        """The cases of bribery that today's letters and false oaths ask for, none of them numbered."""
        found = set()
        for letter in self._read:
            guilty = [(letter.by, letter.to)] + ([(letter.to, letter.by)] if letter.fate == "taken" else [])
            if letter.offered_day >= day - MOST_OFFER_DAYS:
                found |= {
                    courts.CaseOpened(0, accused, Offence.BRIBERY, Ground.LETTER, "", letter.good, True,
                                      letter.offered_day, other)
                    for accused, other in guilty
                }  # fmt: skip
        return found | {
            courts.CaseOpened(0, purse.one, Offence.BRIBERY, Ground.OATH, "", purse.good, True, day, purse.other)
            for purse in self._purses
            if purse.day == day and purse.pence
        }

    def prepare(self, trial: Trial, heard: bool) -> None:
        """What is known already of a case of bribery; `heard`: the accused was itself, on the day of the bribe."""
        opened, pair = trial.opened, {trial.opened.accused, trial.opened.other}
        if opened.offence is not Offence.BRIBERY:
            return
        trial.stood = heard
        trial.bribes += [
            item for item in self._read
            if {item.by, item.to} == pair and (item.good, item.offered_day) == (opened.good, opened.since_day)
        ]  # fmt: skip
        sought = (pair, opened.since_day)
        trial.purse = next((item.pence for item in self._purses if ({item.one, item.other}, item.day) == sought), None)

    def could_know(self, opened: courts.CaseOpened) -> set[str]:
        """Who could be asked in a case of bribery."""
        near = [
            item.pair for item in self._offers.values()
            if opened.accused in item.pair and item.body.good == opened.good and opened.accuser not in item.pair
            and item.day >= opened.since_day - courts.MATTER_DAYS
        ]  # fmt: skip
        return {opened.other}.union(*near) - {opened.accuser}

    def left_over(self) -> list[str]:
        """At the close of a day: witnesses into whose books nobody has looked."""
        left, self._false = self._false, []
        return [witness for _, witness in left]
