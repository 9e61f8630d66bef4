"""How the outside world acts: a chronicle's rows and shocks become news, claims, flows and credit. Never a price.

| kind | what a told row does |
| --- | --- |
| news | everyone hears it; its effect is a claim; a few outside buyers (up) or sellers (down) come for a day |
| peak, price | everyone hears it; its effect is a claim |
| rumour | those who hear first get it (where nobody does: one seat by lot), each with a claim of its own |
| panic | as news; outside buyers or sellers come in numbers, for two days |
| crash | as news; outside buyers or sellers come in numbers, for a day |
| default | as news, with more outside trade; the soonest bill on the outside world is worth nothing |
| intervention | everyone hears it; its effect is a claim; with effect up, the outside world lends to the poorest |
| law | as news, with more outside trade; claims on the asset that stand by its price are settled by it |

Rows that are not told change nothing. On an asset that is not traded, or without an effect, a row is heard by
everyone and brings no claim, no outside trade and no settlement; bills and credit it touches all the same.
"""

from dataclasses import dataclass

from fivepenny import happenings as hap
from fivepenny.chronicle import Effect, Row, RowKind
from fivepenny.claims import Basis, Claim, ClaimKind, Truth
from fivepenny.events import EVERYONE, Sealed
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market.orders import Side
from fivepenny.market.parley import loan_terms
from fivepenny.market.state import BILLS, Flow, Foretold, Market
from fivepenny.scenario import Scenario

CLAIM_DAYS = 3  # days that a price claim has to come true
SHOCK_AHEAD_DAYS = (2, 3)
SHOCK_DAYS = 4
SHOCK_PERCENTS = (25, 220)  # of the usual production
SHOCK_TRUE_PERCENT = 70
CREDIT_PENCE = 1800
LADDER_PERCENTS = ((-2, 1), (1, 4), (4, 8))
"""How far off the outside world's valuation its orders of a day stand, step by step, on either side."""
GOOD_UNITS = (0, 1, 1)  # what each step of the ladder brings, each as likely
SHARE_UNITS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Push:
    """The flow of one kind of row: units in percent of all at the table, reach past the price, days."""

    units_percent: int
    reach_percent: int
    days: int


PUSHES = {
    RowKind.NEWS: Push(5, 4, 1),
    RowKind.PANIC: Push(35, 20, 2),
    RowKind.CRASH: Push(25, 15, 1),
    RowKind.DEFAULT: Push(15, 10, 1),
    RowKind.LAW: Push(10, 6, 1),
}


def add_flow(market: Market, asset: str, side: Side, push: Push) -> None:
    """From today on, outside trade in an asset is pushed so."""
    units = pushed_units(market.scenario, asset, push)
    market.flows.append(Flow(asset, side, units, push.reach_percent, market.day + push.days - 1))


def pushed_units(scenario: Scenario, asset: str, push: Push) -> int:
    """Units that a push brings a day."""
    total = sum(seat.stock.get(asset, 0) for seat in scenario.seats)
    return max(1, total * push.units_percent // 100)


def _moves_a_price(market: Market, row: Row) -> bool:
    return row.asset in market.last_pence and row.effect is not Effect.NONE


def _foretells(row: Row) -> ClaimKind:
    return ClaimKind.WILL_RISE if row.effect is Effect.UP else ClaimKind.WILL_FALL


def _claim_of(market: Market, row: Row, heard: set[str] | None) -> Claim:
    return market.make_claim(row.asset, _foretells(row), market.day + CLAIM_DAYS, Basis.PRICE, heard)


def settle(market: Market, number: int, truth: Truth) -> None:
    """Settle a claim and let those who heard it know."""
    standing = market.claims.pop(number)
    audience = EVERYONE if standing.heard is None else tuple(sorted(standing.heard))
    market.emit(audience, hap.Settled(standing.claim, truth))


def _settle_by_law(market: Market, row: Row) -> None:
    for number, standing in list(market.claims.items()):
        if standing.claim.asset == row.asset and standing.claim.basis is Basis.PRICE:
            settle(market, number, Truth.TRUE if standing.claim.kind is _foretells(row) else Truth.FALSE)


def _fail_a_house(market: Market) -> None:
    bill = min(market.bills.values(), key=lambda bill: (bill.due_day, bill.number), default=None)
    if bill is None:
        return
    del market.bills[bill.number]
    sealed = market.pay(bill.seat, OUTSIDE, bill.pence, BILLS)
    market.emit(EVERYONE, hap.HouseFailed(bill.number, bill.seat, bill.pence), sealed)


def _lend_from_outside(market: Market) -> None:
    seat = min(market.scenario.seat_names, key=lambda name: (market.free(name), name))
    terms = loan_terms(OUTSIDE, seat, CREDIT_PENCE, market.day)
    market.grant_loan(terms, market.pay(OUTSIDE, seat, terms.principal_pence))


def _tell(market: Market, row: Row) -> None:
    """One told row."""
    moves = _moves_a_price(market, row)
    if row.kind is RowKind.RUMOUR and moves:
        for seat in market.scenario.hears_first or (market.lot("rumour").choice(market.scenario.seat_names),):
            market.emit((seat,), hap.Whispered(seat, row.headline, _claim_of(market, row, {seat})))
        return
    if row.kind is RowKind.LAW and moves:
        _settle_by_law(market, row)
    claim = _claim_of(market, row, None) if moves else None
    market.emit(EVERYONE, hap.News(row.headline, row.asset, row.kind.value, claim))
    if row.kind is RowKind.DEFAULT:
        _fail_a_house(market)
    if row.kind is RowKind.INTERVENTION and row.effect is Effect.UP:
        _lend_from_outside(market)
    push = PUSHES.get(row.kind)
    if push and moves:
        add_flow(market, row.asset, Side.BUY if row.effect is Effect.UP else Side.SELL, push)


def tell_chronicle(market: Market) -> None:
    """What the chronicle has for today."""
    for row in market.rows.get(market.day, ()):
        if row.told:
            _tell(market, row)


def foretell_shock(market: Market) -> None:
    """Perhaps a rumour of something to come reaches one seat; perhaps it is true."""
    lot = market.lot("shock")
    goods = sorted({good for seat in market.scenario.seats for good in seat.makes})
    if not goods or lot.randrange(100) >= market.scenario.shock_percent:
        return
    good, percent = lot.choice(goods), lot.choice(SHOCK_PERCENTS)
    seat = lot.choice(market.scenario.seat_names)
    strike_day = market.day + lot.choice(SHOCK_AHEAD_DAYS)
    true = lot.randrange(100) < SHOCK_TRUE_PERCENT
    scarce = percent < 100
    kind = ClaimKind.WILL_RISE if scarce else ClaimKind.WILL_FALL
    claim = market.make_claim(good, kind, strike_day, Basis.SHOCK, {seat})
    market.foretold.append(Foretold(claim.number, good, percent, strike_day, true))
    say = market.scenario.good(good).say
    amount = "Less" if scarce else "More"
    headline = f"{amount} {say} is said to be on the road than anybody at the table looks for"
    truth = Truth.TRUE if true else Truth.FALSE
    market.emit((seat,), hap.Whispered(seat, headline, claim), Sealed(truth=truth))


def strike(market: Market) -> None:
    """What was foretold for today strikes, or does not; either way the claim is settled."""
    for shock in [item for item in market.foretold if item.strike_day == market.day]:
        market.foretold.remove(shock)
        if shock.true:
            until_day = market.day + SHOCK_DAYS - 1
            market.shocks[shock.good] = (shock.percent, until_day)
            market.emit(EVERYONE, hap.Struck(shock.good, shock.percent, until_day))
        settle(market, shock.claim, Truth.TRUE if shock.true else Truth.FALSE)


def pushed_flows(market: Market, good: str) -> list[Flow]:
    """The outside trade in a good that was pushed here and still comes today."""
    return [flow for flow in market.flows if flow.good == good and flow.until_day >= market.day]


def ordinary_flows(market: Market, good: str) -> list[Flow]:
    """The outside trade in a good that is usual on any day, as today's lot has it."""
    lot = market.lot("flow", good)
    flows: list[Flow] = []
    share = market.scenario.good(good).share
    for side in Side:
        for step in LADDER_PERCENTS:
            quantity = lot.choice(SHARE_UNITS if share else GOOD_UNITS)
            if quantity:
                flows.append(Flow(good, side, quantity, -lot.randint(*step), market.day))
    return flows
