"""Who may know of what: the one table of the audiences of all kinds of events, for the audit.

Written beside the market, not from it: the market says who hears an event as it happens, this says who should have.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter

from fivepenny import aims, bribery, courts, hires, papers
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny import pacts as pact
from fivepenny.claims import Claim
from fivepenny.deposits import Credited, Deposited, DepositRefused, Kept, Queued, Rescued, Withdrew
from fivepenny.events import EVERYONE, Body, Event
from fivepenny.header import Header
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.legends import Unfolded
from fivepenny.refusals import MoveRefused
from fivepenny.stage import audit_words_deeds

PUBLIC: frozenset[type[Body]] = frozenset(
    {
        hap.SeasonOpened, hap.DayOpened, hap.Wanted, hap.News, hap.Struck, hap.HouseFailed, hap.Spoken, hap.Defaulted,
        hap.Ruined, hap.Cleared, hap.NeedTurned,
        papers.Foreclosed,
        aims.WantReached, aims.WantLost, aims.GoalReached, aims.SeasonJudged,
        fail.Failed, fail.ForcedSale, fail.EstatePaid, fail.ClaimLost, fail.Discharged,
        hires.ForcedPurchase,
        Withdrew, Queued, Rescued,
        courts.Accused, courts.CaseOpened, courts.Summoned, courts.Testified, courts.LetterRead, courts.BooksOpened,
        courts.Perjured, courts.CaseDecided, courts.Fined, courts.Exiled, courts.Returned,
        bribery.BribeRead, bribery.PurseOpened,
        pact.PactBroken,
        *audit_words_deeds.PUBLIC,
    }
)  # fmt: skip
"""What the whole town learns."""

PRIVATE: dict[type[Body], tuple[str, ...]] = {
    hap.Endowed: ("seat",),
    hap.BillHeld: ("seat",),
    hap.BillPaid: ("seat",),
    hap.Produced: ("seat",),
    hap.Spoiled: ("seat",),
    hap.Consumed: ("seat",),
    hap.Earned: ("seat",),
    hap.Whispered: ("seat",),
    hap.Decided: ("seat",),
    hap.Ordered: ("seat",),
    hap.OrderRefused: ("seat",),
    hap.Remembered: ("doer", "to"),
    hap.Tipped: ("teller", "hearer"),
    hap.Weighed: ("hearer", "teller"),
    hap.Offered: ("lender", "borrower"),
    hap.Declined: ("by", "to"),
    hap.Lent: ("lender", "borrower"),
    hap.Owes: ("lender", "borrower"),
    hap.Repaid: ("lender", "borrower"),
    hap.PaymentRefused: ("lender", "borrower"),
    hap.Called: ("lender", "borrower"),
    fail.Bridged: ("seat",),
    hires.HireAsked: ("hirer", "owner"),
    hires.HireDeclined: ("owner", "hirer"),
    hires.HireFellThrough: ("owner", "hirer"),
    hires.Hired: ("owner", "hirer"),
    hires.HireRecalled: ("owner", "hirer"),
    hires.BroughtBack: ("owner", "hirer"),
    hires.HireOverdue: ("owner", "hirer"),
    hires.MarginCalled: ("owner", "hirer"),
    hires.MarginFreed: ("owner", "hirer"),
    hires.HireClosed: ("owner", "hirer"),
    pact.PactProposed: ("by", "to"),
    pact.PactSigned: ("by", "to"),
    pact.PactSpurned: ("by", "to"),
    pact.PactVoid: ("by", "to"),
    Kept: ("holder", "banker"),
    Deposited: ("holder", "banker"),
    DepositRefused: ("holder", "banker"),
    Credited: ("holder", "banker"),
    papers.Countered: ("lender", "borrower"),
    papers.CounterLent: ("lender", "borrower"),
    papers.Redeemed: ("lender", "borrower"),
    papers.ExtensionAsked: ("lender", "borrower"),
    papers.Extended: ("lender", "borrower"),
    papers.PaperOffered: ("seller", "buyer"),
    papers.PaperSought: ("buyer", "seller"),
    papers.PaperSold: ("seller", "buyer", "debtor"),
    papers.NotAgreed: ("by", "to"),
    bribery.OathSought: ("by", "to"),
    bribery.OathBought: ("by", "to"),
    Unfolded: (),
    hap.DayClosed: (),
    **audit_words_deeds.PRIVATE,
    MoveRefused: (),
}
"""What only those learn whom these fields of the body name; of no fields: the log alone."""

SHARED: dict[type[Body], str] = {pact.PactJoined: "parties", pact.PactKept: "parties"}
"""What only those learn whom this field of the body lists."""

ACTS_FOR_TWO = frozenset(
    {
        *("tip_up", "tip_down", "lend", "borrow", "accept", "refuse", "grant", "deny", "credit", "doubt"),
        *("agree", "decline", "counter", "extend", "cede", "assume", "hire", "recall", "deposit"),
        *("promise_pay", "promise_hold", "threaten", "yield", "defy", "bribe", "take", "spurn"),
        *("pact_floor", "pact_pool", "pact_shun", "join", "reject"),
    }
)
"""Lines that are said to one hearer and not across the table."""


class Ears:
    """Who has heard each claim so far; None: the whole town."""

    def __init__(self) -> None:
        """Nobody has heard anything."""
        self.heard: dict[int, set[str] | None] = {}

    def hear(self, body: Body) -> None:
        """Take in an event that tells a claim."""
        match body:
            case hap.News(claim=Claim() as claim):
                self.heard[claim.number] = None
            case hap.Whispered(seat=seat, claim=claim):
                self._add(claim, seat)
            case hap.Tipped(teller=teller, hearer=hearer, claim=claim):
                self._add(claim, teller, hearer)
            case _:
                pass

    def _add(self, claim: Claim, *seats: str) -> None:
        heard = self.heard.setdefault(claim.number, set())
        if heard is not None:
            heard |= set(seats)

    def due_audience(self, body: Body) -> tuple[str, ...] | None:
        """Who should learn of an event with this body; None for a kind without a rule."""
        if type(body) in PUBLIC:
            return EVERYONE
        if isinstance(body, hap.Said):
            return _seats(body.speaker, body.hearer) if body.act in ACTS_FOR_TWO and body.hearer else EVERYONE
        if isinstance(body, hap.Settled):
            heard = self.heard.get(body.claim.number, set())
            return EVERYONE if heard is None else _seats(*heard)
        fields = PRIVATE.get(type(body))
        if type(body) in SHARED:
            return _seats(*attrgetter(SHARED[type(body)])(body))
        return None if fields is None else _seats(*(attrgetter(name)(body) for name in fields))


def _seats(*names: str) -> tuple[str, ...]:
    return tuple(sorted({*names} - {OUTSIDE}))


def sealed_astray(event: Event) -> bool:
    """Whether the sealed part holds a truth, an aside or a note where events of its kind have none."""
    sealed, body = event.sealed, event.body
    return (
        (sealed.truth is not None and not isinstance(body, hap.Whispered))
        or (sealed.aside is not None and not isinstance(body, hap.Decided))
        or (sealed.note != "" and not isinstance(body, hap.Tipped | courts.Testified))
    )


def check_audiences(header: Header, events: Sequence[Event], counts: Counter[str]) -> Iterator[str]:
    """Breaches of the table, and of the hope that only seats of the scenario are named as ears."""
    seats, ears = set(header.scenario.seat_names), Ears()
    for event in events:
        due = ears.due_audience(event.body)
        counts["audiences"] += 1
        if due is None:
            yield f"event {event.number}: no rule says who may know of the kind {event.body.kind!r}"
        elif event.audience != due:
            told, should = (" ".join(names) or "nobody" for names in (event.audience, due))
            yield f"event {event.number} ({event.body.kind}): told to {told}; it is for {should}"
        elif sealed_astray(event):
            yield f"event {event.number} ({event.body.kind}): something is sealed in it that does not belong there"
        elif due != EVERYONE and not seats.issuperset(due):
            yield f"event {event.number} ({event.body.kind}): told to somebody who has no seat"
        ears.hear(event.body)
