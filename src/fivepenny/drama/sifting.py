"""Sifting: which events of a day matter, how much, and why.

A day's events become `Moment`s: a kind, a weight, the words of the kind, the events they come from. What is said
aloud needs no narration, unless it is what an answer answers. Trades are sifted in `fivepenny.drama.trading`.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.aims import SeasonJudged
from fivepenny.claims import Claim, Truth
from fivepenny.clock import Beat, say_past
from fivepenny.deposits import FIRST_SLIP
from fivepenny.drama.customs import CUSTOM_MOMENTS
from fivepenny.drama.failing import failing_moments
from fivepenny.drama.houses import need_moments, want_moments
from fivepenny.drama.lies import LIE_AT_MOST, credence_of
from fivepenny.drama.moments import GROUPS, KINDS, LEAST_WEIGHT, MOST_OF_GROUP, Moment, moment_of
from fivepenny.drama.names import OUTSIDE, Names, Word, join_words, money, portion, say_day
from fivepenny.drama.names import worth as say_worth
from fivepenny.drama.past import Fortunes, Past, rank
from fivepenny.drama.trading import trade_moments
from fivepenny.events import Event
from fivepenny.header import Header

MOST_ACTIONS = 4
LEAST_ACTIONS = 2
WEIGHT_BESIDE_TALK = 38  # where much is said, a second action has to weigh this
SWING_PERCENT = 10
ANSWERED = 45  # added to what a spoken line answers
SLIP_PAID = -28  # added where the town had of a bank what it had asked for that morning

_TIP_ACTS = ("tip_down", "", "tip_up")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Who said something with what act to whom, today."""

    speaker: str
    hearer: str
    act: str


def choose(
    moments: Sequence[Moment],
    lines: int,
    room: int = 0,
    least: int = LEAST_WEIGHT,
    without: Collection[str] = (),
) -> list[Moment]:
    """The moments that are narrated, in order: what a line leaves open, and the weightiest few, fewer beside talk.

    `room` is how many there may be (0: as many as suit a day with so many lines), `least` what they must weigh.
    """
    room = room or max(LEAST_ACTIONS, MOST_ACTIONS - lines)
    kept: list[Moment] = []
    groups: Counter[str] = Counter()
    for moment in sorted(moments, key=lambda item: (-item.weight, item.numbers[-1])):
        group = GROUPS.get(moment.key, "")
        full = group != "" and groups[group] >= MOST_OF_GROUP[group]
        floor = WEIGHT_BESIDE_TALK if lines > 1 and kept else least
        if moment.told or moment.key in without:
            continue
        if not moment.needed and (full or moment.weight < floor or len(kept) >= room):
            continue
        groups[group] += 1
        kept.append(moment)
    return sorted(kept, key=lambda item: (item.place, item.numbers))


class Sifter:
    """Reads a season's events in order, a beat or a day at a time."""

    def __init__(self, header: Header) -> None:
        """Begins before the first day."""
        self.names = Names(header.scenario)
        self.past = Past()
        self._last_day = header.days

    def read(self, events: Sequence[Event]) -> list[Moment]:
        """What matters in these events, in their order; they have to follow on those read before."""
        said = {
            Spoken(event.body.speaker, event.body.hearer, event.body.act): event.number
            for event in events
            if isinstance(event.body, hap.Said)
        }
        reading = _Reading(self.names, self.past, self._last_day, events, said)
        found: list[Moment] = []
        for event in events:
            found += reading.moments(event)
            self.past.take(event)
        return found


@dataclass(slots=True)
class _Reading:
    """One reading: the events being read, and what is said among them."""

    names: Names
    past: Past
    last_day: int
    events: Sequence[Event]
    said: Mapping[Spoken, int]

    def moments(self, event: Event) -> Iterator[Moment]:
        """The moments of one event, before it is added to the past."""
        if type(event.body) in CUSTOM_MOMENTS and not isinstance(event.body, hap.Spoken | hap.Tipped):
            yield from self._custom(event)
            return
        match event.body:
            case hap.SeasonOpened() | hap.Struck() | hap.NeedTurned() | hap.News() | hap.Whispered() | hap.Wanted():
                yield from self._dawn(event)
            case hap.BillPaid(seat=seat, pence=pence) | hap.HouseFailed(seat=seat, pence=pence):
                words = {"seat": self.names.person(seat), "sum": money(pence)}
                yield moment_of(event.body.kind, words, event.number)
            case hap.Owes() | hap.Offered() | hap.Lent() | hap.Called() | hap.Declined() | hap.Repaid():
                yield from self._credit(event)
            case hap.Decided() as body if event.beat is Beat.ANSWER:
                yield from self._silence(event, body)
            case hap.Spoken() as body:
                yield from self._word(event, body)
                yield from self._custom(event)
            case hap.Tipped() as body:
                yield from self._tip(event, body)
                yield from self._custom(event)
            case hap.Settled(claim=claim, truth=Truth.FALSE):
                yield from self._exposed(event, claim)
            case hap.Cleared() as body:
                yield from trade_moments(self.names, self.past, self.events, event, body)
            case hap.Defaulted() | fail.Failed() | fail.EstatePaid() | fail.ClaimLost() | fail.Discharged():
                yield from failing_moments(self.names, self.past, self.events, event)
            case hap.Ruined(seat=seat):
                yield moment_of("ruined", {"seat": self.names.person(seat)}, event.number)
            case hap.DayClosed() as body:
                yield from self._close(event, rank(event, body))
            case _:
                pass

    def _custom(self, event: Event) -> Iterator[Moment]:
        """What a custom makes of an event; of a word or a tip, besides what these are at any table."""
        sift = CUSTOM_MOMENTS.get(type(event.body))
        if sift is not None:
            yield from sift(self.names, self.past, self.events, event)

    # --- dawn ------------------------------------------------------------------------------------------------

    def _dawn(self, event: Event) -> Iterator[Moment]:
        number, names = event.number, self.names
        match event.body:
            case hap.SeasonOpened(goods=goods, prices_pence=prices):
                listed = [f"{names.good(g).text} at {money(p).text}" for g, p in zip(goods, prices, strict=True)]
                yield moment_of("season_opened", {"prices": Word(join_words(listed), True)}, number)
            case hap.Struck(good=good, percent=percent, until_day=until):
                words = {
                    "good": names.good(good), "part": portion(percent), "day": say_day(until, event.day)
                }  # fmt: skip
                yield moment_of("struck_less" if percent < 100 else "struck_more", words, number)
            case hap.NeedTurned() as body:
                yield from need_moments(names, event, body)
            case hap.News(headline=headline, sort=sort):
                yield moment_of("news", {"headline": Word(headline)}, number, extra=0 if sort == "news" else 15)
            case hap.Whispered(seat=seat, headline=headline):
                words = {"seat": names.person(seat), "headline": Word(headline)}
                yield moment_of("whispered", words, number)
            case hap.Wanted() as body:
                yield from want_moments(names, self.events, event, body)
            case _:
                pass

    # --- credit ----------------------------------------------------------------------------------------------

    def _credit(self, event: Event) -> Iterator[Moment]:
        match event.body:
            case hap.Owes() as body:
                words = self._loan_words(body.lender, body.borrower, body.owed_pence, body.due_day, event.day)
                penalty = event.beat is not Beat.DAWN  # told with the pact that was broken
                yield moment_of("owes", words, event.number, told=penalty)
            case hap.Called() as body:
                words = self._loan_words(body.lender, body.borrower, body.owed_pence, body.due_day, event.day)
                yield moment_of("called", words, event.number)
            case hap.Offered() as body:
                yield from self._offered(event, body)
            case hap.Lent() as body:
                yield from self._lent(event, body)
            case hap.Declined(by=by, to=to, principal_pence=pence, asked=asked):
                words = {"by": self.names.person(by), "to": self.names.person(to), "sum": money(pence)}
                told = bool(self._is_said(by, to, "deny" if asked else "refuse"))
                put = bool(self._is_said(to, by, "borrow" if asked else "lend"))
                key = ("refused_loan" if asked else "refused_money") + ("_said" if put else "")
                yield moment_of(key, words, event.number, told=told, needed=put)
            case hap.Repaid() as body:
                words = self._pair(body.lender, body.borrower) | {"sum": money(body.pence)}
                numbers = self._with_loan(body.loan, event)
                debt = self.past.debts.get(body.loan)
                key = "repaid_early" if body.early and (debt is None or debt.due_day > event.day) else "repaid"
                line = self._is_said(body.borrower, body.lender, *(("pay",) if body.early else ()), "repay")
                extra = SLIP_PAID if body.loan >= FIRST_SLIP and body.lender == OUTSIDE else 0
                key = f"{key}_said" if line else key
                yield moment_of(key, words, *numbers, after=line, needed=bool(line), extra=extra)
            case _:
                pass

    def _pair(self, lender: str, borrower: str) -> dict[str, Word]:
        return {"lender": self.names.person(lender), "borrower": self.names.person(borrower)}

    def _loan_words(self, lender: str, borrower: str, owed: int, due: int, today: int) -> dict[str, Word]:
        return self._pair(lender, borrower) | {"owed": money(owed), "day": say_day(due, today)}

    def _with_loan(self, loan: int, event: Event) -> tuple[int, ...]:
        debt = self.past.debts.get(loan)
        return (event.number,) if debt is None else (debt.number, event.number)

    def _is_said(self, speaker: str, hearer: str, *acts: str) -> int:
        """The number of the line with which this was said; 0 where nothing was."""
        return next((n for act in acts if (n := self.said.get(Spoken(speaker, hearer, act), 0))), 0)

    def _answered(self, speaker: str, hearer: str) -> int:
        """The line with which the hearer answers, by number, or 0: what it answers has to be told."""
        for event in self.events:
            body = event.body
            if event.beat is not Beat.ANSWER or not isinstance(body, hap.Said):
                continue
            if (body.speaker, body.hearer) == (hearer, speaker):
                return event.number
        return 0

    def _silence(self, event: Event, body: hap.Decided) -> Iterator[Moment]:
        """Money was asked for or offered this morning, and the one it was put to let it lie."""
        for (by, to), sum_asked in self.past.asked.items():
            if to != body.seat or not _ignores(body, by):
                continue
            words = {"by": self.names.person(by), "to": self.names.person(to), "sum": money(sum_asked.figure)}
            put = bool(self._is_said(by, to, "borrow", "lend"))
            silent = "asked_in_vain" if sum_asked.borrows else "offered_in_vain"
            yield moment_of("unanswered" if put else silent, words, sum_asked.number, event.number, needed=put)

    def _offered(self, event: Event, body: hap.Offered) -> Iterator[Moment]:
        other = body.borrower if body.by == body.lender else body.lender
        asks = body.by == body.borrower
        if self._is_said(body.by, other, "borrow" if asks else "lend"):
            return
        settled = any(
            isinstance(item.body, hap.Lent | hap.Declined)
            and {body.lender, body.borrower}
            == (
                {item.body.lender, item.body.borrower}
                if isinstance(item.body, hap.Lent)
                else {item.body.by, item.body.to}
            )
            for item in self.events
        )
        ignored = any(
            isinstance(item.body, hap.Decided) and item.beat is Beat.ANSWER and item.body.seat == other
            and _ignores(item.body, body.by)
            for item in self.events
        )  # fmt: skip
        answered = self._answered(body.by, other)
        if (settled or ignored) and not answered:
            return  # how it ends is told, and that tells this
        words = self._loan_words(body.lender, body.borrower, body.owed_pence, body.due_day, event.day)
        words["sum"] = money(body.principal_pence)
        extra = ANSWERED if answered else 0
        key = "asked_loan" if asks else "offered_loan"
        yield moment_of(key, words, event.number, extra=extra, after=_before(answered))

    def _lent(self, event: Event, body: hap.Lent) -> Iterator[Moment]:
        words = self._loan_words(body.lender, body.borrower, body.owed_pence, body.due_day, event.day)
        words["sum"] = money(body.principal_pence)
        if body.lender == OUTSIDE:
            yield moment_of("lent_by_town", words, event.number)
            return
        line = self._is_said(body.lender, body.borrower, "grant") or self._is_said(body.borrower, body.lender, "accept")
        put = bool(line or self._is_said(body.lender, body.borrower, "lend"))
        put = put or bool(self._is_said(body.borrower, body.lender, "borrow"))
        once = self.past.loans_made.get((body.borrower, body.lender))
        if once is not None:
            then = {"then": Word(say_past(once.day, event.day)), "then_sum": money(once.figure)}
            yield moment_of("kindness_repaid", words | then, once.number, event.number, after=line, needed=put)
        else:
            yield moment_of("lent_said" if line else "lent", words, event.number, after=line, needed=put)

    # --- talk ------------------------------------------------------------------------------------------------

    def _word(self, event: Event, body: hap.Spoken) -> Iterator[Moment]:
        words = {"speaker": self.names.person(body.speaker), "hearer": self.names.person(body.hearer)}
        told = bool(self._is_said(body.speaker, body.hearer, body.act))
        answered = 0 if told else self._answered(body.speaker, body.hearer)
        extra = ANSWERED if answered else 0
        numbers = [event.number]
        if body.act in ("press", "plead"):
            pair = (body.speaker, body.hearer) if body.act == "press" else (body.hearer, body.speaker)
            debt = self.past.debt_between(*pair)
            if debt is None:
                return
            words |= {"owed": money(debt.owed_pence), "day": say_day(debt.due_day, event.day)}
            numbers.insert(0, debt.number)
        if body.act in KINDS:
            yield moment_of(body.act, words, *numbers, told=told, extra=extra, after=_before(answered))

    def _tip_words(self, body: hap.Tipped) -> dict[str, Word]:
        up = body.claim.kind.direction > 0
        return {
            "teller": self.names.person(body.teller),
            "hearer": self.names.person(body.hearer),
            "good": self.names.good(body.claim.asset),
            "motion": Word("rise" if up else "fall"),
        }

    def _tip(self, event: Event, body: hap.Tipped) -> Iterator[Moment]:
        credence = credence_of(event.sealed)
        lie = credence is not None and credence <= LIE_AT_MOST
        told = bool(self._is_said(body.teller, body.hearer, _TIP_ACTS[1 + body.claim.kind.direction]))
        answered = self._answered(body.teller, body.hearer)
        words, numbers, key = self._tip_words(body), [event.number], "lie" if lie else "tip"
        answer = next((item for item in self.events if _weighs(item, body)), None)
        if lie and not answered and answer is not None and isinstance(answer.body, hap.Weighed):
            numbers.append(answer.number)
            key = "lie_believed" if answer.body.believed else "lie_doubted"
            if told:
                key += "_said"
            told = False
        answered = 0 if told else answered
        extra = ANSWERED if answered else 0
        yield moment_of(key, words, *numbers, told=told, extra=extra, after=_before(answered))

    def _exposed(self, event: Event, claim: Claim) -> Iterator[Moment]:
        tips = self.past.tips.get(claim.number, ())
        lie = next((tip for tip in tips if tip.credence is not None and tip.credence <= LIE_AT_MOST), None)
        tip = lie or next((tip for tip in tips if tip.believed), None)
        if tip is None:
            return
        numbers = [tip.event.number, *([tip.weighed] if tip.believed else []), event.number]
        key = ("lie_exposed_believed" if tip.believed else "lie_exposed") if lie else "tip_failed"
        then = {"then": Word(say_past(tip.event.day, event.day))}
        yield moment_of(key, self._tip_words(tip.body) | then, *numbers)

    # --- dusk ------------------------------------------------------------------------------------------------

    def _close(self, event: Event, now: Fortunes) -> Iterator[Moment]:
        before = self.past.fortunes
        over = any(isinstance(item.body, SeasonJudged) for item in self.events)
        if over or event.day == self.last_day:
            ends = {"worth": say_worth(now.worths_pence[0]), "least": say_worth(now.worths_pence[-1])}
            people = {"first": self.names.person(now.seats[0]), "last": self.names.person(now.seats[-1])}
            yield moment_of("season_closed", people | ends, event.number)
        elif before is not None:
            yield from self._turns(event, before, now)
            yield from self._swings(event, before, now)

    def _turns(self, event: Event, before: Fortunes, now: Fortunes) -> Iterator[Moment]:
        """Who stands first, last, or above another, and did not the night before."""
        for place, seat in enumerate(now.seats):
            passed = [other for other in now.seats[place + 1 :] if before.above(other, seat) and now.above(seat, other)]
            if not passed:
                continue
            lowest = now.seats[-1] if now.seats[-1] in passed and before.seats[-1] == seat else ""
            key = "new_first" if place == 0 else "new_last" if lowest else "passes"
            words = {"seat": self.names.person(seat), "other": self.names.person(passed[0])}
            words |= {"worth": say_worth(now.worths_pence[place])}
            if lowest:
                words = {"seat": self.names.person(lowest), "other": self.names.person(seat)}
                words |= {"least": say_worth(now.worths_pence[-1])}
            yield moment_of(key, words, before.number, event.number)

    def _swings(self, event: Event, before: Fortunes, now: Fortunes) -> Iterator[Moment]:
        """Whose fortune moved most of all since last night, if it moved by a tenth."""
        held = before.of()
        swings = [
            ((worth - held[seat]) * 100 // held[seat], seat, worth)
            for seat, worth in zip(now.seats, now.worths_pence, strict=True)
            if held.get(seat, 0) > 0
        ]
        if not swings:
            return
        percent, seat, worth = max(swings, key=lambda swing: abs(swing[0]))
        if abs(percent) >= SWING_PERCENT:
            words = {"seat": self.names.person(seat), "before": say_worth(held[seat]), "worth": say_worth(worth)}
            key = "richer" if percent > 0 else "poorer"
            yield moment_of(key, words, before.number, event.number, extra=abs(percent))


def _ignores(body: hap.Decided, other: str) -> bool:
    return not any(phrase.endswith(f" {other}") for phrase in body.phrases)


def _before(line: int) -> int:
    """The place right before a line; 0, which is a moment's own place, where there is no line."""
    return max(0, line - 1)


def _weighs(event: Event, tip: hap.Tipped) -> bool:
    body = event.body
    return isinstance(body, hap.Weighed) and (body.teller, body.hearer, body.claim) == (
        tip.teller, tip.hearer, tip.claim.number
    )  # fmt: skip
