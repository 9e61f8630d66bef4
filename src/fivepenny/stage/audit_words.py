"""The audit of words: whether each promise, threat and bribe could be made, was answered as it says, and came out so.

Works from the events alone. By whom a tale came to its teller, and what it was before it was told otherwise, is worked
out again from earlier tellings and held against what is sealed beside it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fivepenny import bribery, hires, papers, words
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.claims import Basis, Claim, Promise, PromiseKind
from fivepenny.events import Body, Event
from fivepenny.scenario import Scenario

_NOTE = re.compile(
    r"the teller believes it (\d+) in 100(?:; it came by ([\w ]+))?(?:; told otherwise than claim (\d+))?"
)
SOONER_DAYS, LATER_DAYS = 1, 2
"""What is told otherwise falls due so many days from its telling, or so many after it was to."""
CALL_DAYS = 1
MOST_BOUND_DAYS = 3

Found = Iterator[str]
_Answered = words.BribeTaken | words.BribeSpurned | words.BribeUnpaid | bribery.OathBought


class WordsAudit:
    """The words as the events make them."""

    def __init__(self, scenario: Scenario, loans: Mapping[int, hap.Lent | hap.Owes], call: Callable[..., None]) -> None:
        """`loans` are those that stand; `call` is told a loan's number and its new last day."""
        self._seats, self._goods = set(scenario.seat_names), set(scenario.good_names)
        self._shares = {good.name for good in scenario.goods if good.share}
        self._loans, self._call = loans, call
        self._made: dict[str, int] = {}
        self._promises: dict[int, Promise] = {}
        self._broken: set[int] = set()
        self._bought_in: set[str] = set()  # for whom the good that is cleared next is bought in
        self._ended: dict[int, bool] = {}  # loans that a promise is about: whether they were paid
        self._due_before: dict[int, int] = {}  # days on which loans that were called in today had been due
        self._failed: set[str] = set()
        self._threats: dict[int, tuple[int, words.Threatened]] = {}
        self._bribes: dict[int, words.Bribed] = {}
        self._claims: dict[int, Claim] = {}
        self._chains: dict[int, dict[str, tuple[str, ...]]] = {}

    def take(self, event: Event, held: Callable[..., int], last_pence: Mapping[str, int]) -> Found:
        """Breaches of one event."""
        check = _CHECKS.get(type(event.body))
        if check is not None:
            yield from check(self, event, event.body)
        if isinstance(event.body, words.BribeUnpaid) and held(event.body.by) >= event.body.pence:
            yield f"{event.body.by} had the money that it offered"

    def worth(self, seat: str, last_pence: Mapping[str, int]) -> int:
        """Words are worth nothing."""
        return 0

    def _next(self, what: str, number: int) -> Found:
        self._made[what] = self._made.get(what, 0) + 1
        if number != self._made[what]:
            yield f"{what} {number} should be {what} {self._made[what]}"

    def _is_loan(self, number: int, lender: str, borrower: str) -> bool:
        loan = self._loans.get(number)
        return loan is not None and (loan.lender, loan.borrower) == (lender, borrower)

    # --- tales ---

    def _hear(self, event: Event, body: hap.News | hap.Whispered) -> Found:
        if body.claim is not None:
            self._claims[body.claim.number] = body.claim
            seats = self._seats if isinstance(body, hap.News) else {body.seat}
            self._chains[body.claim.number] = dict.fromkeys(seats, ())
        yield from ()

    def _tell(self, event: Event, body: words.ToldSo) -> Found:
        claim, teller = body.claim, body.teller
        note = _NOTE.fullmatch(event.sealed.note)
        if note is None:
            yield "nothing is sealed beside it that says how it came to its teller"
            return
        percent, came, before = note.groups()
        number = int(before) if before else claim.number
        chain = self._chains.get(number, {}).get(teller)
        made_up = not before and claim.number not in self._claims
        if chain is None and not made_up:
            yield f"{teller} tells of claim {number}, which never came to it"
        if tuple((came or "").split()) != (chain or ()):
            yield f"it came to {teller} by {' '.join(chain or ()) or 'nobody'}, not as is sealed"
        if made_up and int(percent):
            yield "it was made up, and yet it is believed"
        if body.sure != (bool(before) and claim.by_day == event.day + SOONER_DAYS):
            yield "it is told more surely, or less, than it was changed"
        if before:
            yield from self._check_change(event, claim, self._claims.get(number))
        self._claims.setdefault(claim.number, claim)
        heard = self._chains.setdefault(claim.number, {})
        heard.setdefault(teller, chain or ())
        heard.setdefault(body.hearer, (*(chain or ()), teller))

    def _check_change(self, event: Event, claim: Claim, before: Claim | None) -> Found:
        if before is None or claim.number in self._claims:
            yield "what was told otherwise is not open, or is no new claim"
            return
        days = {event.day + SOONER_DAYS, before.by_day + LATER_DAYS} - {before.by_day}
        same = (before.asset, before.kind, Basis.PRICE) == (claim.asset, claim.kind, before.basis)
        if not same or claim.by_day not in days:
            yield f"it is not claim {before.number} told sooner or later"

    def _forget(self, event: Event, body: hap.Settled) -> Found:
        self._claims.pop(body.claim.number, None)
        self._chains.pop(body.claim.number, None)
        yield from ()

    # --- promises ---

    def _promise(self, event: Event, body: words.Promised) -> Found:
        promise = body.promise
        yield from self._bind(event, promise)
        loan = self._loans.get(promise.loan)
        match promise.kind:
            case PromiseKind.WILL_PAY:
                owed = self._is_loan(promise.loan, promise.to, promise.by)
                # Who promises a day and whose loan is called in the same morning had not heard it.
                days = () if loan is None else (loan.due_day, self._due_before.get(promise.loan))
                if not owed or promise.by_day not in days or promise.good:
                    yield "no such loan is due on that day"
            case PromiseKind.WILL_HOLD:
                yield from self._check_good(event, promise.good, promise.by_day)
            case PromiseKind.WILL_LEAVE:
                yield "nobody leaves a good alone unasked"

    def _bind(self, event: Event, promise: Promise) -> Found:
        yield from self._next("promise", promise.number)
        if promise.made_day != event.day or promise.by == promise.to or {promise.by, promise.to} - self._seats:
            yield "it is of another day, or not between two seats"
        self._promises[promise.number] = promise

    def _check_good(self, event: Event, good: str, by_day: int) -> Found:
        if good not in self._goods or not event.day <= by_day < event.day + MOST_BOUND_DAYS:
            yield f"nobody can be bound so over {good!r} up to day {by_day}"

    def _weigh(self, event: Event, body: words.PromiseWeighed) -> Found:
        promise = self._promises.get(body.promise)
        if promise is None or (promise.by, promise.to, promise.made_day) != (body.promiser, body.hearer, event.day):
            yield f"{body.hearer} was promised no such thing today"

    def _trade(self, event: Event, body: hap.Cleared) -> Found:
        for number, promise in self._promises.items():
            bought = promise.by in body.buyers and promise.good in self._shares and promise.by not in self._bought_in
            sold = promise.by in body.sellers and promise.by not in self._failed
            if promise.good == body.good and (sold or (bought and promise.kind is PromiseKind.WILL_LEAVE)):
                self._broken.add(number)
        self._bought_in.clear()
        yield from ()

    def _buy_in(self, event: Event, body: hires.ForcedPurchase) -> Found:
        self._bought_in.add(body.seat)
        yield from ()

    def _end_loan(self, event: Event, body: hap.Repaid | hap.Defaulted) -> Found:
        if any(promise.loan == body.loan for promise in self._promises.values()):
            # A pledge that covers the whole of it pays it too.
            self._ended[body.loan] = isinstance(body, hap.Repaid) or body.lost_pence == 0
        yield from ()

    def _due(self, promise: Promise, day: int) -> bool | None:
        """How a promise has come out by the end of a day; None: it is open."""
        if promise.kind is PromiseKind.WILL_PAY:
            return self._ended.get(promise.loan)
        return False if promise.number in self._broken else True if promise.by_day <= day else None

    def _settle(self, event: Event, body: words.PromiseSettled) -> Found:
        promise = self._promises.pop(body.promise.number, None)
        if promise != body.promise:
            yield f"no such promise {body.promise.number} stands"
        elif self._due(promise, event.day) is not body.kept:
            yield f"promise {promise.number} did not come out so"

    # --- threats ---

    def _threaten(self, event: Event, body: words.Threatened) -> Found:
        yield from self._next("threat", body.threat)
        loan = self._loans.get(body.loan)
        if body.by == body.to or {body.by, body.to} - self._seats or (body.loan and loan is None):
            yield "it is not between two seats, or is about no loan that stands"
        if loan is not None and not self._is_loan(body.loan, body.by, body.to):
            yield f"loan {body.loan} is not {body.by}'s to {body.to}"
        if body.good:
            yield from self._check_good(event, body.good, body.by_day)
        elif loan is None or loan.owed_pence != body.owed_pence:
            yield "that is not what is owed"
        if body.harm == "call" and loan is None:
            yield "there is nothing to call in"
        self._threats[body.threat] = (event.day, body)

    def _threat(self, number: int, day: int, by: str, to: str) -> tuple[words.Threatened | None, list[str]]:
        """The threat of this number, and what is wrong with it where it was not made on this day by this to that."""
        made, threat = self._threats.get(number, (0, None))
        fits = threat is not None and (made, threat.by, threat.to) == (day, by, to)
        return threat, [] if fits else [f"{by} made no such threat {number} to {to} on day {day}"]

    def _defy(self, event: Event, body: words.Defied) -> Found:
        yield from self._threat(body.threat, event.day, body.by, body.to)[1]

    def _give_way(self, event: Event, body: words.Yielded) -> Found:
        promise = body.promise
        threat, wrong = self._threat(body.threat, event.day, promise.to, promise.by)
        yield from wrong
        yield from self._bind(event, promise)
        bound = (promise.kind, promise.good, promise.loan, promise.by_day)
        if threat is not None and bound != (PromiseKind.WILL_LEAVE, threat.good, 0, threat.by_day):
            yield "it gives way to something else than was asked"
        self._threats.pop(body.threat, None)

    def _tell_room(self, event: Event, body: words.ToldRoom) -> Found:
        threat, wrong = self._threat(body.threat, event.day - 1, body.by, body.to)
        yield from wrong
        if threat is not None and (threat.harm, threat.owed_pence) != ("room", body.owed_pence):
            yield "that is not what was threatened"
        self._threats.pop(body.threat, None)

    def _call_in(self, event: Event, body: words.CalledIn) -> Found:
        threat, wrong = self._threat(body.threat, event.day - 1, body.lender, body.borrower)
        yield from wrong
        if threat is not None and (threat.harm, threat.loan) != ("call", body.loan):
            yield "that is not what was threatened"
        loan = self._loans.get(body.loan)
        due_day = event.day + CALL_DAYS
        if loan is None or (loan.owed_pence, due_day) != (body.owed_pence, body.due_day) or loan.due_day <= due_day:
            yield f"no such loan {body.loan} stands that could be called in to that day"
        else:
            self._due_before[body.loan] = loan.due_day
            self._call(body.loan, body.due_day)
        self._threats.pop(body.threat, None)

    def _lapse(self, event: Event, body: words.ThreatLapsed) -> Found:
        threat, wrong = self._threat(body.threat, event.day - 1, body.by, body.to)
        yield from wrong
        if threat is not None and threat.loan and threat.loan not in self._loans:
            yield "what it was about has been paid"
        self._threats.pop(body.threat, None)

    # --- bribes ---

    def _bribe(self, event: Event, body: words.Bribed) -> Found:
        yield from self._next("bribe", body.bribe)
        yield from self._check_good(event, body.good, body.by_day)
        if body.by == body.to or {body.by, body.to} - self._seats or body.pence < 1:
            yield "it is not between two seats, or of nothing"
        self._bribes[body.bribe] = body

    def _answer_bribe(self, event: Event, body: _Answered) -> Found:
        bribe = self._bribes.pop(body.bribe, None)
        bought = isinstance(bribe, bribery.OathSought)
        wrong = isinstance(body, words.BribeTaken) if bought else isinstance(body, bribery.OathBought)
        if bribe is None or wrong or (bribe.by, bribe.to, bribe.pence) != (body.by, body.to, body.pence):
            yield f"no such bribe {body.bribe} was offered today"
        if isinstance(body, words.BribeTaken):
            promise = body.promise
            yield from self._bind(event, promise)
            bound = (promise.kind, promise.by, promise.to, promise.good, promise.loan, promise.by_day)
            due = bribe and (PromiseKind.WILL_LEAVE, bribe.to, bribe.by, bribe.good, 0, bribe.by_day)
            if bound != due:
                yield "it buys something else than was asked for"

    # --- days ---

    def _fail(self, event: Event, body: fail.Failed | fail.Discharged) -> Found:
        (self._failed.add if isinstance(body, fail.Failed) else self._failed.discard)(body.seat)
        yield from ()

    def _close(self, event: Event, body: hap.DayClosed) -> Found:
        """At the close of a day nothing is open that has come out, and no threat is left from yesterday."""
        for promise in list(self._promises.values()):
            if self._due(promise, event.day) is not None:
                yield f"promise {promise.number} should have been settled"
            if promise.by_day <= event.day:
                del self._promises[promise.number]
        for number, (made, threat) in list(self._threats.items()):
            met = threat.loan != 0 and threat.loan not in self._loans
            if made < event.day and not met:
                yield f"threat {number} was neither carried out nor let lapse"
            if made < event.day or met:
                del self._threats[number]
        self._broken.clear()
        self._ended.clear()
        self._due_before.clear()
        self._bribes.clear()


_CHECKS: Mapping[type[Body], Callable[[WordsAudit, Event, Any], Found]] = {
    hap.News: WordsAudit._hear,
    hap.Whispered: WordsAudit._hear,
    words.ToldSo: WordsAudit._tell,
    hap.Settled: WordsAudit._forget,
    words.Promised: WordsAudit._promise,
    words.PromiseWeighed: WordsAudit._weigh,
    hires.ForcedPurchase: WordsAudit._buy_in,
    hap.Cleared: WordsAudit._trade,
    hap.Repaid: WordsAudit._end_loan,
    hap.Defaulted: WordsAudit._end_loan,
    papers.Redeemed: WordsAudit._end_loan,
    papers.Foreclosed: WordsAudit._end_loan,
    words.PromiseSettled: WordsAudit._settle,
    words.Threatened: WordsAudit._threaten,
    words.Defied: WordsAudit._defy,
    words.Yielded: WordsAudit._give_way,
    words.ToldRoom: WordsAudit._tell_room,
    words.CalledIn: WordsAudit._call_in,
    words.ThreatLapsed: WordsAudit._lapse,
    words.Bribed: WordsAudit._bribe,
    bribery.OathSought: WordsAudit._bribe,
    bribery.OathBought: WordsAudit._answer_bribe,
    words.BribeTaken: WordsAudit._answer_bribe,
    words.BribeSpurned: WordsAudit._answer_bribe,
    words.BribeUnpaid: WordsAudit._answer_bribe,
    fail.Failed: WordsAudit._fail,
    fail.Discharged: WordsAudit._fail,
    hap.DayClosed: WordsAudit._close,
}
