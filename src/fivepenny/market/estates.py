"""The estates of those who could not pay: what is kept from creditors, what is sold for them, and how an estate ends.

A seat fails at the dusk at which it cannot pay (`fivepenny.market.dusk`). From the next day on, until it is
discharged:

* What it has beyond ALLOWANCE_DAYS of what its house and craft use is offered in every auction, at RESERVE_PERCENT
  of the last price or better.
* At dusk its money beyond LIVING_PENCE goes to the creditors of the estate, in proportion to what they lost, along
  with whatever new debts of its fall due. Money comes in from sales, from its trade, from bills and loans paid to it.
* It is discharged when all is paid; or when ESTATE_DAYS have passed and there is nothing left: nothing to sell, no
  bill to come, no loan or goods on hire owed to it. Then what is unpaid is lost. It does not wait for other estates.

A loan that it takes while insolvent is a debt like others, due on its day and of equal rank with the old ones.
"""

from fivepenny import failings as fail
from fivepenny.events import EVERYONE
from fivepenny.market.larder import Larder
from fivepenny.market.state import Estate, Market
from fivepenny.scenario import Scenario

ALLOWANCE_DAYS = 3
LIVING_PENCE = 360  # what a house at this table spends in some three days
RESERVE_PERCENT = 50
ESTATE_DAYS = 5


def surplus(scenario: Scenario, larder: Larder, stock: dict[str, int], day: int) -> dict[str, int]:
    """Units of each good that are sold of this stock for the creditors: what is beyond the allowance, if anything.

    Goods are gone through in the scenario's order, each beside what is left of those before it.
    """
    left = dict(stock)
    found: dict[str, int] = {}
    for good in scenario.good_names:
        spare = left[good] - larder.takes(good, left, day, ALLOWANCE_DAYS)
        if spare > 0:
            found[good] = spare
            left[good] -= spare
    return found


def reserve_pence(last_pence: int) -> int:
    """The least that a failed seat's goods are sold for, a unit."""
    return max(1, last_pence * RESERVE_PERCENT // 100)


def surplus_of(market: Market, seat: str) -> dict[str, int]:
    """What is sold today of a seat that has failed, by good."""
    stock = {good: market.free(seat, good) for good in market.last_pence}
    return surplus(market.scenario, market.knowledge[seat].larder, stock, market.day)


def means_pence(market: Market, seat: str) -> int:
    """What a seat pays debts from tonight."""
    kept_pence = LIVING_PENCE if seat in market.estates else 0
    return max(0, market.free(seat) - kept_pence)


def _is_spent(market: Market, estate: Estate) -> bool:
    """Whether nothing can come of an estate any more."""
    if market.day - estate.since_day < ESTATE_DAYS or surplus_of(market, estate.seat):
        return False
    expects = [bill.seat for bill in market.bills.values()] + [loan.lender for loan in market.loans.values()]
    expects += [hire.owner for hire in market.hires.values()]
    return estate.seat not in expects


def close_estates(market: Market) -> None:
    """Discharge those who have paid all that they could not pay, and those of whom nothing more can come."""
    for seat, estate in list(market.estates.items()):
        if estate.claims and not _is_spent(market, estate):
            continue
        del market.estates[seat]
        for claim in estate.claims:
            lost = fail.ClaimLost(claim.number, claim.lender, seat, claim.owed_pence)
            market.emit(EVERYONE, lost)
        market.emit(EVERYONE, fail.Discharged(seat, in_full=not estate.claims))
