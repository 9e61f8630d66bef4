"""The audit of the books: each event moved what it says, each auction cleared as its orders demand, each day adds up.

Keeps its own totals by way of the ledger's auditor and never sees a `Book`. It takes each event as one batch, since
that is how the market posts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from fivepenny import courts, hires, papers
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.deposits import FIRST_SLIP, Kept
from fivepenny.errors import CheckFailed
from fivepenny.events import Body, Event, Posting
from fivepenny.header import Header
from fivepenny.ledger.auditor import Auditor
from fivepenny.ledger.transfers import FREE, OUTSIDE, PLEDGED, RESERVED, Account, Kind, Transfer
from fivepenny.market.auction import clear
from fivepenny.market.orders import PENCE, Order, Side
from fivepenny.refusals import MoveRefused
from fivepenny.rng import stream
from fivepenny.scenario import Scenario
from fivepenny.stage.audit_customs import LOANS, MOVED, Moved, custom_audits, expects_goods, free
from fivepenny.stage.audit_estates import EstatesAudit
from fivepenny.stage.audit_larder import LarderAudit

BILLS = "bills"


def check_books(header: Header, events: Sequence[Event], counts: Counter[str]) -> Iterator[str]:
    """Breaches of the books in the order of the events."""
    audit = _BooksAudit(header, counts)
    for event in events:
        for breach in audit.take(event):
            yield f"event {event.number} ({event.body.kind}): {breach}"


def moved_by(body: Body) -> list[Moved]:
    """What an event with this body must have moved, amounts of zero included; an auction's is worked out apart."""
    custom = MOVED.get(type(body))
    if custom is not None:
        return custom(body)
    match body:
        case hap.Endowed(seat=seat, pence=pence):
            goods = zip(body.goods, body.quantities, strict=True)
            return [free(OUTSIDE, seat, pence), *(free(OUTSIDE, seat, units, good) for good, units in goods)]
        case hap.BillHeld(seat=seat, pence=pence):
            return [free(OUTSIDE, seat, pence, BILLS)]
        case hap.BillPaid(seat=seat, pence=pence):
            return [free(seat, OUTSIDE, pence, BILLS), free(OUTSIDE, seat, pence)]
        case hap.HouseFailed(seat=seat, pence=pence):
            return [free(seat, OUTSIDE, pence, BILLS)]
        case hap.Produced(seat=seat, good=good, quantity=quantity):
            return [free(OUTSIDE, seat, quantity, good)]
        case (
            hap.Spoiled(seat=seat, good=good, quantity=quantity) | hap.Consumed(seat=seat, good=good, quantity=quantity)
        ):
            return [free(seat, OUTSIDE, quantity, good)]
        case hap.Wanted(seat=seat, paid_pence=pence):
            return [free(seat, OUTSIDE, pence)]
        case hap.Earned(seat=seat, pence=pence, good=good, quantity=quantity):
            return [free(OUTSIDE, seat, pence), free(seat, OUTSIDE, quantity, good)]
        case hap.Lent(lender=lender, borrower=borrower, principal_pence=pence):
            return [free(lender, borrower, pence)]
        case hap.Repaid(lender=lender, borrower=borrower, pence=pence):
            return [free(borrower, lender, pence)]
        case hap.Defaulted(lender=lender, borrower=borrower, paid_pence=pence):
            return [free(borrower, lender, pence)]
        case fail.EstatePaid(seat=seat, lenders=lenders, paid_pence=parts):
            return [free(seat, lender, pence) for lender, pence in zip(lenders, parts, strict=True)]
        case fail.Bridged(seat=seat, pence=pence, back=back):
            return [free(seat, OUTSIDE, pence) if back else free(OUTSIDE, seat, pence)]
        case fail.ForcedSale(seat=seat, good=good, quantity=quantity):
            return [(seat, FREE, seat, RESERVED, good, quantity)]
        case hap.Ordered(seat=seat, side=side):
            buys = side == Side.BUY
            asset, amount = (PENCE, body.quantity * body.limit_pence) if buys else (body.good, body.quantity)
            return [(seat, FREE, seat, RESERVED, asset, amount)]
        case _:
            return []


def opening_bodies(scenario: Scenario) -> Iterator[Body]:
    """What the scenario says that everyone starts with, in the order in which it is entered."""
    for seat in scenario.seats:
        yield hap.Endowed(seat.name, seat.purse_pence, tuple(seat.stock), tuple(seat.stock.values()))
    for number, bill in enumerate(scenario.bills, 1):
        yield hap.BillHeld(number, bill.seat, bill.pence, bill.due_day)
    for number, debt in enumerate(scenario.debts, 1):
        yield hap.Owes(number, debt.lender, debt.borrower, debt.owed_pence, debt.due_day)
    for bond in scenario.bonds:
        yield hap.Remembered(bond.doer, bond.to, bond.strength, bond.deed, bond.since)
    for number, deposit in enumerate(scenario.deposits, 1):
        yield Kept(FIRST_SLIP + number, deposit.holder, deposit.banker, deposit.pence)


def transfer_of(row: Posting) -> Transfer:
    """A posting as the ledger's auditor takes it."""
    number, source, source_kind, target, target_kind, asset, amount = row
    # A kind that there is not is refused by the auditor as an unknown account.
    return Transfer(
        source=Account(source, cast(Kind, source_kind)),
        target=Account(target, cast(Kind, target_kind)),
        asset=asset,
        amount=amount,
        number=number,
    )


class _BooksAudit:
    """The books as the events make them."""

    def __init__(self, header: Header, counts: Counter[str]) -> None:
        scenario = header.scenario
        prices = tuple(good.price_pence for good in scenario.goods)
        self._header = header
        self._seats = scenario.seat_names
        self._counts = counts
        self._auditor = Auditor(scenario.seat_names, (PENCE, BILLS, *scenario.good_names))
        self._astray = False  # a batch was refused: no balance after it means anything
        self._opening: list[Body] = [
            hap.SeasonOpened(header.seed, scenario.name, scenario.seat_names, scenario.good_names, prices),
            *opening_bodies(scenario),
        ]
        self._last_pence = dict(zip(scenario.good_names, prices, strict=True))
        self._larders = LarderAudit(scenario)
        self._loans: dict[int, hap.Lent | hap.Owes] = {}
        self._bills: dict[int, hap.BillHeld] = {}
        self._offers: list[hap.Offered] = []
        self._customs = custom_audits(scenario, self._loans, header)
        self._estates = EstatesAudit(
            scenario, self._loans, self._bills, lambda seat: expects_goods(self._customs, seat)
        )
        self._orders: list[tuple[Side, hap.Ordered | fail.ForcedSale | hires.ForcedPurchase]] = []
        self._ruined: set[str] = set()
        self._loans_made = 0

    def take(self, event: Event) -> Iterator[str]:
        body = event.body
        if isinstance(body, MoveRefused):
            if event.sealed.postings:
                yield "a move that was refused moved something"
            return
        yield from self._check_opening(event)
        if not self._astray:
            yield from self._larders.take(event, self._held, self._last_pence)
            yield from self._estates.take(event, self._held, self._last_pence)
            for custom in self._customs:
                yield from custom.take(event, self._held, self._last_pence)
        if isinstance(body, hap.Cleared):
            yield from self._check_auction(event, body)
        elif Counter(row[1:] for row in event.sealed.postings) != Counter(row for row in moved_by(body) if row[-1]):
            yield "the books did not move what it says"
        if event.sealed.postings and not self._astray:
            yield from self._post(event)
        match body:
            case hap.Ordered(side=side):
                self._orders.append((Side(side), body))
            case fail.ForcedSale():
                self._orders.append((Side.SELL, body))
            case hires.ForcedPurchase():
                self._orders.append((Side.BUY, body))
            case hap.Offered():
                self._offers.append(body)
            case hap.BillHeld() | hap.BillPaid() | hap.HouseFailed():
                yield from self._check_bill(event, body)
            case hap.Owes() | hap.Lent():
                yield from self._check_new_loan(event, body)
            case courts.Fined(loan=loan, seat=seat, owed_pence=pence, due_day=due_day):
                yield from self._check_new_loan(event, hap.Owes(loan, OUTSIDE, seat, pence, due_day))
            case hap.Called():
                yield from self._check_call(body)
            case hap.Repaid() | hap.Defaulted():
                yield from self._check_end_of_loan(event, body)
            case hap.DayClosed():
                yield from self._check_day(event, body)
            case hap.Ruined(seat=seat):
                if seat in self._ruined or (self._worth(seat) > 0 and not self._astray):
                    yield f"{seat} was ruined before, or is worth something"
                self._ruined.add(seat)
            case _:
                owed = LOANS[type(body)](body) if type(body) in LOANS else None
                yield from self._check_new_loan(event, owed) if owed else ()

    def _check_opening(self, event: Event) -> Iterator[str]:
        """The first day begins with what the scenario says, and nothing else ever begins so."""
        kinds = hap.SeasonOpened | hap.Endowed | hap.BillHeld | hap.Owes | hap.Remembered | Kept
        opening = isinstance(event.body, kinds)
        if event.beat is Beat.MARKET and isinstance(event.body, hap.Owes):
            opening = False  # a penalty: whether it fell due is audited with the pacts
        if opening and (not self._opening or self._opening.pop(0) != event.body):
            yield "it is not what the scenario has to open the season with"
        if self._opening and not opening and not isinstance(event.body, hap.DayOpened):
            yield "the season goes on before everything of the scenario has been entered"
            self._opening.clear()

    def _post(self, event: Event) -> Iterator[str]:
        try:
            self._auditor.post([transfer_of(row) for row in event.sealed.postings])
            self._counts["transfers"] += len(event.sealed.postings)
        except CheckFailed as error:
            self._astray = True
            yield f"{error}; the balances were not followed further"

    def _check_auction(self, event: Event, body: hap.Cleared) -> Iterator[str]:
        """Hold the auction again over the orders that stand, then compare its outcome and all it moved."""
        orders = [
            Order(number=number, seat=order.seat, side=side, quantity=order.quantity, limit_pence=order.limit_pence)
            for number, (side, order) in enumerate(self._orders, 1)
        ]
        if any(order.good != body.good for _, order in self._orders):
            yield f"orders for other goods stand as {body.good} is cleared"
        self._orders.clear()
        self._counts["auctions"] += 1
        lot = stream(self._header.part_on(event.day).seed, "market", event.day, "auction", body.good)
        clearing = clear(orders, self._last_pence[body.good], lot)
        bought, sold = Counter[str](), Counter[str]()
        for fill in clearing.fills:
            (bought if fill.side is Side.BUY else sold)[fill.seat] += fill.quantity
        held_again = hap.Cleared(body.good, clearing.price_pence, clearing.volume, *_columns(bought), *_columns(sold))
        if body != held_again:
            yield f"its orders clear {clearing.volume} at {clearing.price_pence}, not as it says"
        if _net(event.sealed.postings) != _due_net(orders, body):
            yield "the books did not move its units at its price, or orders kept something back"
        if body.price_pence is not None:
            self._last_pence[body.good] = body.price_pence

    def _check_bill(self, event: Event, body: hap.BillHeld | hap.BillPaid | hap.HouseFailed) -> Iterator[str]:
        if isinstance(body, hap.BillHeld):
            self._bills[body.bill] = body
            return
        held = self._bills.pop(body.bill, None)
        if held is None or (held.seat, held.pence) != (body.seat, body.pence):
            yield f"no bill {body.bill} of {body.seat} over {body.pence} pence is open"
        elif isinstance(body, hap.BillPaid) and held.due_day > event.day:
            yield f"bill {body.bill} is not due before day {held.due_day}"

    def _check_new_loan(self, event: Event, body: hap.Owes | hap.Lent) -> Iterator[str]:
        self._loans_made += 1
        if body.loan != self._loans_made:
            yield f"loan {body.loan} should be loan {self._loans_made}"
        if type(body) is hap.Lent and body.lender != OUTSIDE and not any(_same(body, o) for o in self._offers):
            yield "nobody offered or asked for this loan today"
        self._loans[body.loan] = body
        self._counts["loans"] += 1

    def _check_call(self, body: hap.Called) -> Iterator[str]:
        loan = self._loans.get(body.loan)
        called = None if loan is None else (loan.lender, loan.borrower, loan.owed_pence)
        if loan is None or called != (body.lender, body.borrower, body.owed_pence) or loan.due_day <= body.due_day:
            yield f"no loan {body.loan} of {body.lender} to {body.borrower} is open that is due later"
            return
        self._loans[body.loan] = replace(loan, due_day=body.due_day)

    def _check_end_of_loan(self, event: Event, body: hap.Repaid | hap.Defaulted) -> Iterator[str]:
        loan = self._loans.pop(body.loan, None)
        pence = body.pence if isinstance(body, hap.Repaid) else body.paid_pence + body.lost_pence
        pence += body.value_pence if isinstance(body, papers.Foreclosed) else 0
        parties = (body.lender, body.borrower)
        if loan is None or (loan.lender, loan.borrower) != parties or loan.owed_pence != pence:
            yield f"no loan {body.loan} of {body.lender} to {body.borrower} over {pence} pence is open"
            return
        early = isinstance(body, hap.Repaid) and body.early
        if early != (event.beat is Beat.ANSWER):
            yield f"loan {body.loan} is due on day {loan.due_day}"

    def _check_day(self, event: Event, body: hap.DayClosed) -> Iterator[str]:
        self._offers.clear()
        self._counts["days"] += 1
        overdue = [loan.loan for loan in self._loans.values() if loan.due_day <= event.day]
        overdue += [bill.bill for bill in self._bills.values() if bill.due_day <= event.day]
        if overdue:
            yield f"the loans or bills {overdue} were due and are still open"
        if self._astray:
            return
        purses = tuple(self._held(seat) for seat in self._seats)
        worths = tuple(self._worth(seat) for seat in self._seats)
        if (body.seats, body.purses_pence, body.worths_pence) != (self._seats, purses, worths):
            yield f"recomputed purses are {purses}, worths {worths}; it says otherwise"
        unsung = [
            seat for seat, worth in zip(self._seats, worths, strict=True) if worth <= 0 and seat not in self._ruined
        ]
        if unsung:
            yield f"{', '.join(unsung)}: ruined without a word of it"
        reserved = [(h.owner, h.asset) for h in self._auditor.holdings() if h.kind == RESERVED and h.amount]
        if reserved:
            yield f"something stays reserved over night: {reserved}"

    def _held(self, seat: str, asset: str = PENCE) -> int:
        return self._auditor.balance(Account(seat), asset)

    def _worth(self, seat: str) -> int:
        """Money, bills at their face, goods at the last clearing prices, loans and claims owed to it less its own.

        What is pledged is counted as its owner's. What customs add (goods hired, deposits) each knows itself.
        """
        prices = {PENCE: 1, BILLS: 1, **self._last_pence}
        goods = sum(
            (self._held(seat, asset) + self._auditor.balance(Account(seat, PLEDGED), asset)) * price
            for asset, price in prices.items()
        )
        credit = sum(loan.owed_pence for loan in self._loans.values() if loan.lender == seat)
        debt = sum(loan.owed_pence for loan in self._loans.values() if loan.borrower == seat)
        customs = sum(custom.worth(seat, self._last_pence) for custom in self._customs)
        return goods + credit - debt + self._estates.owed(seat) + customs


def _same(lent: hap.Lent, offer: hap.Offered) -> bool:
    terms = (lent.lender, lent.borrower, lent.principal_pence, lent.owed_pence, lent.due_day)
    return terms == (offer.lender, offer.borrower, offer.principal_pence, offer.owed_pence, offer.due_day)


def _columns(units: Counter[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    seats = tuple(sorted(units))
    return seats, tuple(units[seat] for seat in seats)


_Net = Mapping[tuple[str, str, str], int]
"""Owner, kind of account and asset to what came in less what went out; nothing where that is zero."""


def _net(postings: Sequence[Posting]) -> _Net:
    net: Counter[tuple[str, str, str]] = Counter()
    for _, source, source_kind, target, target_kind, asset, amount in postings:
        net[source, source_kind, asset] -= amount
        net[target, target_kind, asset] += amount
    return {place: amount for place, amount in net.items() if amount}


def _due_net(orders: Sequence[Order], body: hap.Cleared) -> _Net:
    """What an auction moves in sum: every reservation is given up, and each trade is made at the one price."""
    net: Counter[tuple[str, str, str]] = Counter()
    for order in orders:
        buys = order.side is Side.BUY
        asset, amount = (PENCE, order.quantity * order.limit_pence) if buys else (body.good, order.quantity)
        net[order.seat, RESERVED, asset] -= amount
        net[order.seat, FREE, asset] += amount
    price_pence = body.price_pence or 0
    for sign, seats, units in ((1, body.buyers, body.bought), (-1, body.sellers, body.sold)):
        for seat, quantity in zip(seats, units, strict=True):
            net[seat, FREE, body.good] += sign * quantity
            net[seat, FREE, PENCE] -= sign * quantity * price_pence
    return {place: amount for place, amount in net.items() if amount}
