"""The truth of the market: the books, what stands between people, what is to come, and every seat's knowledge.

Beats of the day are modules of functions that work on a `Market`. Nothing a seat is shown is made from here:
events go out through `emit`, and each seat learns those of its audience alone.
"""

import hashlib
import random
from dataclasses import dataclass, field, replace

from fivepenny.chronicle import Chronicle, Row
from fivepenny.claims import Basis, Claim, ClaimKind
from fivepenny.clock import Beat
from fivepenny.errors import BrokenInvariant
from fivepenny.events import EVERYONE, NOTHING_SEALED, Body, EventLog, Posting, Sealed, canonical
from fivepenny.happenings import Lent
from fivepenny.ledger.book import Book
from fivepenny.ledger.transfers import OUTSIDE, PLEDGED, Refusal, Transfer, account
from fivepenny.market.court_post import Court
from fivepenny.market.hire_terms import StandingHire
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.learning import learn
from fivepenny.market.menus import Listing
from fivepenny.market.orders import PENCE, Side
from fivepenny.market.pacts_standing import NO_PACTS, PactBook
from fivepenny.market.reckoning import Reckoning, open_reckoning
from fivepenny.market.terms import LoanTerms
from fivepenny.market.words_state import Words
from fivepenny.rng import stream
from fivepenny.scenario import Scenario
from fivepenny.values import value

BILLS = "bills"
"""The asset of bills on the outside world, a unit a penny of their face."""


@dataclass(frozen=True, slots=True)
class StandingLoan:
    """A loan that is not yet settled. The lender may be the outside world."""

    number: int
    lender: str
    borrower: str
    owed_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class Estate:
    """What stands against a seat that failed: since when, and by the number of the loan what is unpaid of each."""

    seat: str
    since_day: int
    claims: tuple[StandingLoan, ...]


@dataclass(frozen=True, slots=True)
class StandingBill:
    """A bill on the outside world."""

    number: int
    seat: str
    pence: int
    due_day: int


@dataclass(slots=True)
class StandingClaim:
    """A claim that is not yet settled, the price of its asset when it was made, who has heard it (None: everyone)."""

    claim: Claim
    price_then_pence: int
    heard: set[str] | None


@dataclass(frozen=True, slots=True)
class Foretold:
    """A shock that is whispered about. Whether it will strike is known here alone."""

    claim: int
    good: str
    percent: int
    strike_day: int
    true: bool


@value()
class Flow:
    """Outside buyers or sellers who come each day up to `until_day`: units, and percent they reach past the price."""

    good: str
    side: Side
    quantity: int
    reach_percent: int
    until_day: int


@dataclass(frozen=True, slots=True)
class Unfolding:
    """A legend that has begun: on which day, and the numbers of the loans that it has brought."""

    begun_day: int
    loans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Panic:
    """So many people more of the town come to a banker for their money, each day up to `until_day`."""

    people: int
    until_day: int


@dataclass(slots=True)
class Market:
    """All that is so. Made by `open_market`; changed by the beats alone."""

    seed: int
    scenario: Scenario
    rows: dict[int, tuple[Row, ...]]
    book: Book
    knowledge: dict[str, Knowledge]
    last_pence: dict[str, int]
    fair_pence: dict[str, int]
    log: EventLog = field(default_factory=EventLog)
    loans: dict[int, StandingLoan] = field(default_factory=dict)
    estates: dict[str, Estate] = field(default_factory=dict)
    hires: dict[int, StandingHire] = field(default_factory=dict)
    bills: dict[int, StandingBill] = field(default_factory=dict)
    claims: dict[int, StandingClaim] = field(default_factory=dict)
    foretold: list[Foretold] = field(default_factory=list)
    shocks: dict[str, tuple[int, int]] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    unfolding: dict[str, Unfolding] = field(default_factory=dict)
    pacts: PactBook = NO_PACTS
    panics: dict[str, Panic] = field(default_factory=dict)
    ruined: set[str] = field(default_factory=set)
    listings: dict[str, Listing] = field(default_factory=dict)
    asked: Beat | None = None  # in which these listings are answered
    numbers: dict[str, int] = field(default_factory=dict)
    court: Court | None = None  # where the custom is kept
    reckoning: Reckoning | None = None
    words: Words = field(default_factory=Words)

    @property
    def day(self) -> int:
        """The day that is being played."""
        return self.log.day

    def lot(self, *path: str | int) -> random.Random:
        """The random stream of this day with this path."""
        return stream(self.seed, "market", self.log.day, *path)

    def number(self, what: str) -> int:
        """The next number of a loan, bill, claim or order, from 1."""
        number = self.numbers[what] = self.numbers.get(what, 0) + 1
        return number

    def emit(self, audience: tuple[str, ...], body: Body, sealed: Sealed = NOTHING_SEALED) -> None:
        """Log an event and let its audience learn it."""
        event = self.log.add(audience, body, sealed)
        if self.reckoning is not None:
            self.reckoning.take(body)
        if self.pacts.standing:
            self.pacts = self.pacts.after(body, self.log.day)
        if audience:
            seen = event.seen
            if self.court is not None:
                self.court.hear(seen, audience == EVERYONE)
                if sealed.postings and audience != EVERYONE:
                    self.court.enter(event)
            knowledge = self.knowledge
            for seat in knowledge if audience == EVERYONE else audience:
                learn(knowledge[seat], seen)

    def free(self, owner: str, asset: str = PENCE) -> int:
        """What an owner has at its disposal."""
        return self.book.balance(owner, asset)

    def try_post(self, *transfers: Transfer) -> Sealed | Refusal:
        """Post a batch; its postings for the event that it belongs to, or the refusal. Zero amounts are left out."""
        batch = [transfer for transfer in transfers if transfer.amount]
        if not batch:
            return NOTHING_SEALED
        outcome = self.book.append(batch)
        if isinstance(outcome, Refusal):
            return outcome
        if len(batch) == 1:
            return Sealed((posting(outcome, batch[0]),))
        return Sealed(tuple([posting(number, transfer) for number, transfer in enumerate(batch, outcome)]))

    def post(self, *transfers: Transfer) -> Sealed:
        """Post a batch that cannot be refused. Raises BrokenInvariant where it is."""
        outcome = self.try_post(*transfers)
        if isinstance(outcome, Refusal):
            raise BrokenInvariant(f"day {self.day}, {self.log.beat}: the books refused a sure posting: {outcome.cause}")
        return outcome

    def pay(self, source: str, target: str, amount: int, asset: str = PENCE) -> Sealed:
        """Post one sure transfer between free accounts."""
        return self.post(move(source, target, amount, asset))

    def make_claim(self, asset: str, kind: ClaimKind, by_day: int, basis: Basis, heard: set[str] | None) -> Claim:
        """A new claim, which stands until it is settled."""
        claim = Claim(self.number("claim"), kind, asset, self.day, by_day, basis)
        self.claims[claim.number] = StandingClaim(claim, self.last_pence[asset], heard)
        return claim

    def grant_loan(self, terms: LoanTerms, sealed: Sealed) -> None:
        """Enter a loan whose money has been paid out."""
        number = self.number("loan")
        self.loans[number] = StandingLoan(number, terms.lender, terms.borrower, terms.owed_pence, terms.due_day)
        body = Lent(number, terms.lender, terms.borrower, terms.principal_pence, terms.owed_pence, terms.due_day)
        self.emit(two(terms.lender, terms.borrower), body, sealed)

    def worths(self) -> dict[str, int]:
        """Each seat's worth in pence: money, bills and goods at the last prices, what is owed to it less its debts.

        What is unpaid of an estate's loans counts as they did, in full, until it is lost; goods on hire count as their
        owner's.
        """
        balance, prices = self.book.balance, {PENCE: 1, BILLS: 1, **self.last_pence}
        found = {
            seat: sum(
                [(balance(seat, asset) + balance(seat, asset, PLEDGED)) * price for asset, price in prices.items()]
            )
            for seat in self.knowledge
        }
        claims = [claim for estate in self.estates.values() for claim in estate.claims]
        for loan in (*self.loans.values(), *claims):
            if loan.lender in found:
                found[loan.lender] += loan.owed_pence
            found[loan.borrower] -= loan.owed_pence
        for hire in self.hires.values():
            found[hire.owner] += hire.quantity * self.last_pence[hire.good]
            found[hire.hirer] -= hire.quantity * self.last_pence[hire.good]
        return found

    def fork(self) -> "Market":
        """The same market, to go its own way: what can change is copied, values are shared."""
        claims = {
            number: StandingClaim(item.claim, item.price_then_pence, None if item.heard is None else set(item.heard))
            for number, item in self.claims.items()
        }
        return replace(
            self,
            book=self.book.fork(),
            knowledge={seat: knowledge.fork() for seat, knowledge in self.knowledge.items()},
            last_pence=dict(self.last_pence),
            fair_pence=dict(self.fair_pence),
            log=replace(self.log, fresh=list(self.log.fresh)),
            loans=dict(self.loans),
            estates=dict(self.estates),
            hires=dict(self.hires),
            bills=dict(self.bills),
            claims=claims,
            foretold=list(self.foretold),
            shocks=dict(self.shocks),
            flows=list(self.flows),
            unfolding=dict(self.unfolding),
            panics=dict(self.panics),
            ruined=set(self.ruined),
            listings=dict(self.listings),
            numbers=dict(self.numbers),
            court=self.court.fork() if self.court else None,
            reckoning=self.reckoning.fork() if self.reckoning else None,
            words=self.words.fork(),
        )

    def digest(self) -> str:
        """SHA-256 over the books, prices and everything that stands."""
        parts = [
            self.book.digest(),
            self.last_pence,
            self.fair_pence,
            self.numbers,
            self.log.next_number,
            [[repr(item.claim), item.price_then_pence, sorted(item.heard or ())] for item in self.claims.values()],
            sorted(self.ruined),
            [repr(self.loans), repr(self.bills), repr(self.foretold), repr(self.shocks), repr(self.flows)],
            repr(self.estates),
            repr(self.unfolding),
            *([repr(self.hires)] if self.hires else []),
            *([repr(self.panics)] if self.panics else []),
            *([self.court.standing()] if self.court else []),
            *([repr(self.reckoning)] if self.reckoning else []),
            *self.words.digest_parts(),
        ]
        parts += [repr(self.pacts)] if self.pacts != NO_PACTS else []
        return hashlib.sha256(canonical(parts).encode()).hexdigest()


def move(source: str, target: str, amount: int, asset: str = PENCE) -> Transfer:
    """A transfer between free accounts."""
    return Transfer(source=account(source), target=account(target), asset=asset, amount=amount)


def posting(number: int, transfer: Transfer) -> Posting:
    """A transfer as an event carries it."""
    source, target = transfer.source, transfer.target
    return (number, source.owner, source.kind, target.owner, target.kind, transfer.asset, transfer.amount)


def two(one: str, other: str) -> tuple[str, ...]:
    """An audience of two; the outside world is nobody's ears."""
    return tuple(sorted({one, other} - {OUTSIDE}))


def open_market(seed: int, days: int, scenario: Scenario, chronicle: Chronicle | None) -> Market:
    """A market before its first dawn. Nothing is owned yet: the opening is made of events too."""
    prices = {good.name: good.price_pence for good in scenario.goods}
    return Market(
        seed=seed,
        scenario=scenario,
        rows=chronicle.by_day(days) if chronicle else {},
        book=Book(scenario.seat_names, (PENCE, BILLS, *scenario.good_names)),
        knowledge={seat: Knowledge(seat, scenario) for seat in scenario.seat_names},
        last_pence=prices,
        fair_pence=dict(prices),
        court=Court(scenario) if "court" in scenario.customs else None,
        reckoning=open_reckoning(scenario, days),
    )
