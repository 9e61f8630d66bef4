"""Dawn: what comes in, what is used up, what goes bad, what the day brings to everyone's ears."""

from fivepenny import happenings as hap
from fivepenny.clock import weekday
from fivepenny.events import EVERYONE
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market.court import send_away
from fivepenny.market.deposits import open_deposits, play_deposits
from fivepenny.market.flows import foretell_shock, strike, tell_chronicle
from fivepenny.market.hire import take_back_of_failed
from fivepenny.market.larder import lay_table, need_on, turn_on
from fivepenny.market.legends import unfold_legends
from fivepenny.market.state import BILLS, Market, StandingBill, StandingLoan, move, two
from fivepenny.scenario import Seat

HARD_PRICE_PERCENT = 160  # what a house pays that has to send out for its dinner
USUAL_PERCENT = 100  # of the need of a good that the calendar has not turned yet
CRAFT_PERCENT = (92, 108)  # of the stated earnings: custom comes and goes
YIELD_PARTS = (-60, 60)  # hundredths of a unit by which a day's make is off the usual


def open_season(market: Market) -> None:
    """Everyone gets what the scenario says; old debts and deeds are entered."""
    scenario = market.scenario
    prices = tuple(good.price_pence for good in scenario.goods)
    opened = hap.SeasonOpened(market.seed, scenario.name, scenario.seat_names, scenario.good_names, prices)
    market.emit(EVERYONE, opened)
    for seat in scenario.seats:
        goods = tuple(seat.stock)
        quantities = tuple(seat.stock.values())
        transfers = [move(OUTSIDE, seat.name, seat.purse_pence)]
        transfers += [move(OUTSIDE, seat.name, seat.stock[good], good) for good in goods]
        market.emit((seat.name,), hap.Endowed(seat.name, seat.purse_pence, goods, quantities), market.post(*transfers))
    for bill in scenario.bills:
        number = market.number("bill")
        market.bills[number] = StandingBill(number, bill.seat, bill.pence, bill.due_day)
        sealed = market.pay(OUTSIDE, bill.seat, bill.pence, BILLS)
        market.emit((bill.seat,), hap.BillHeld(number, bill.seat, bill.pence, bill.due_day), sealed)
    for debt in scenario.debts:
        number = market.number("loan")
        market.loans[number] = StandingLoan(number, debt.lender, debt.borrower, debt.owed_pence, debt.due_day)
        body = hap.Owes(number, debt.lender, debt.borrower, debt.owed_pence, debt.due_day)
        market.emit(two(debt.lender, debt.borrower), body)
    for bond in scenario.bonds:
        audience = two(bond.doer, bond.to)
        market.emit(audience, hap.Remembered(bond.doer, bond.to, bond.strength, bond.deed, bond.since))
    open_deposits(market)


def _pay_bills(market: Market) -> None:
    for bill in [bill for bill in market.bills.values() if bill.due_day <= market.day]:
        del market.bills[bill.number]
        sealed = market.post(move(bill.seat, OUTSIDE, bill.pence, BILLS), move(OUTSIDE, bill.seat, bill.pence))
        market.emit((bill.seat,), hap.BillPaid(bill.number, bill.seat, bill.pence), sealed)


def _produce(market: Market, seat: Seat) -> None:
    if not seat.makes:
        return
    lot = market.lot("produce", seat.name)
    for good, usual in seat.makes.items():
        percent, until_day = market.shocks.get(good, (100, 0))
        if until_day < market.day:
            percent = 100
        # A part of a unit is a chance of a unit, so that small yields are right on average.
        whole, rest = divmod(usual * percent + lot.randint(*YIELD_PARTS), 100)
        quantity = max(0, whole + (lot.randrange(100) < rest))
        if quantity:
            sealed = market.pay(OUTSIDE, seat.name, quantity, good)
            market.emit((seat.name,), hap.Produced(seat.name, good, quantity), sealed)


def _earn(market: Market, seat: Seat) -> None:
    if seat.income_pence:
        sealed = market.pay(OUTSIDE, seat.name, seat.income_pence)
        market.emit((seat.name,), hap.Earned(seat.name, seat.income_pence, "", 0), sealed)
    if seat.craft is None:
        return
    units = min(seat.craft.up_to, market.free(seat.name, seat.craft.good))
    if units:
        percent = market.lot("craft", seat.name).randint(*CRAFT_PERCENT)
        pence = units * seat.craft.earns_pence * percent // 100
        sealed = market.post(move(seat.name, OUTSIDE, units, seat.craft.good), move(OUTSIDE, seat.name, pence))
        market.emit((seat.name,), hap.Earned(seat.name, pence, seat.craft.good, units), sealed)


def _turn(market: Market) -> None:
    """The calendar's turns of today are felt in every house, and so known to all."""
    for turn in market.scenario.calendar:
        if turn.from_day == market.day:
            before = turn_on(market.scenario, turn.good, market.day - 1)
            body = hap.NeedTurned(turn.good, before.need_percent if before else USUAL_PERCENT, turn.need_percent)
            market.emit(EVERYONE, body)


def _use_up(market: Market, seat: Seat, good: str, used: int) -> None:
    if used:
        sealed = market.pay(seat.name, OUTSIDE, used, good)
        market.emit((seat.name,), hap.Consumed(seat.name, good, used), sealed)


def _send_out(market: Market, seat: Seat, good: str, short: int) -> None:
    """What is lacking comes from outside at a hard price, as far as the purse goes; the rest is gone without."""
    if short:
        each_pence = market.last_pence[good] * HARD_PRICE_PERCENT // 100
        bought = min(short, market.free(seat.name) // each_pence)
        paid_pence = bought * each_pence
        sealed = market.pay(seat.name, OUTSIDE, paid_pence)
        market.emit(EVERYONE, hap.Wanted(seat.name, good, bought, paid_pence, short - bought), sealed)


def _consume(market: Market, seat: Seat) -> None:
    for good in seat.needs:
        need = need_on(market.scenario, seat, good, market.day)
        used = min(need, market.free(seat.name, good))
        _use_up(market, seat, good, used)
        _send_out(market, seat, good, need - used)


def _eat(market: Market, seat: Seat) -> None:
    diet = market.scenario.diet
    if diet is None or not seat.eats:
        return
    stock = {food: market.free(seat.name, food) for food in diet.foods}
    meal = lay_table(diet, seat.eats, stock, market.last_pence)
    for food, units in meal.eaten.items():
        _use_up(market, seat, food, units)
    for food, units in meal.missing.items():
        _send_out(market, seat, food, units)


def _spoil(market: Market, seat: Seat) -> None:
    lot = market.lot("spoil", seat.name)
    for good in market.scenario.goods:
        stock = market.free(seat.name, good.name)
        if good.spoils_percent and stock:
            whole, rest = divmod(stock * good.spoils_percent, 100)
            lost = whole + (lot.randrange(100) < rest)
            if lost:
                sealed = market.pay(seat.name, OUTSIDE, lost, good.name)
                market.emit((seat.name,), hap.Spoiled(seat.name, good.name, lost), sealed)


def play_dawn(market: Market) -> None:
    """Play dawn; on the first day, the opening before it."""
    market.emit(EVERYONE, hap.DayOpened(weekday(market.day)))
    if market.day == 1:
        open_season(market)
    _turn(market)
    take_back_of_failed(market)
    send_away(market)
    strike(market)
    _pay_bills(market)
    for seat in market.scenario.seats:
        _produce(market, seat)
        _earn(market, seat)
        _consume(market, seat)
        _eat(market, seat)
        _spoil(market, seat)
    tell_chronicle(market)
    unfold_legends(market)
    foretell_shock(market)
    play_deposits(market)
