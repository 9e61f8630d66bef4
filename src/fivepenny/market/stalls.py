"""The market phase's candidates: what a seat could order today, with the figures worked out.

Sizes and limits are the world's rule, not a mind's: a buy takes at most a third of the purse, so that any three
orders of a menu go together, and a limit leans from the last price by need and by what the seat expects.
"""

from dataclasses import dataclass
from functools import partial

from fivepenny.clock import say_count
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import lack_level, level, price_level, share_level
from fivepenny.market.orders import MAX_LIMIT_PENCE, Side
from fivepenny.market.sight import hope_level, lack, strongest_belief
from fivepenny.market.terms import Candidate, OrderTerms, Rest
from fivepenny.money import format_pence
from fivepenny.scenario import Good, Seat
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option, Past

COVER_DAYS = 4  # days of need that a house likes to have in store
KEPT_DAYS = 3  # days of need that a house does not sell
PURSE_PARTS = 3  # a buy takes one of these: as many as the orders that a seat may choose
MOST_UNITS = 6
CRAFT_MOST_PERCENT = 92  # of a craft's earnings: the most that its good is worth to who works it
MOST_SHARES = 8
SHARE_SALIENCE = 10  # nobody needs a share, and everybody talks of it
WISH_LEAN_PERCENT = 1  # what one bids past the last price for a thing one does not need
_SPARE = (1, 2, 3, 4, 6, 8, 11, 15, 20)
_BID_LEAN = (-12, 30)  # percent of the last price
_ASK_LEAN = (-30, 15)


def daily_need(seat: Seat, good: str) -> int:
    """Units that a seat uses up a day: its house's and its craft's."""
    craft = seat.craft.up_to if seat.craft and seat.craft.good == good else 0
    return seat.needs.get(good, 0) + craft


def spare_units(knowledge: Knowledge, seat: Seat, good: str) -> int:
    """Units in stock beyond what the house keeps."""
    return max(0, knowledge.stock[good] - KEPT_DAYS * daily_need(seat, good))


def need_level(knowledge: Knowledge, seat: Seat, good: str) -> int:
    """How far the stock falls short of the days a house likes to have in store."""
    return lack_level(knowledge.stock[good], COVER_DAYS * daily_need(seat, good))


def spare_level(knowledge: Knowledge, seat: Seat, good: str) -> int:
    """How much there is to sell; a seat that makes a good parts with it more lightly."""
    return level(spare_units(knowledge, seat, good) + seat.makes.get(good, 0), _SPARE)


def _lean(price_pence: int, percent: int, bounds: tuple[int, int]) -> int:
    low, high = bounds
    leaned = price_pence * (100 + max(low, min(high, percent))) // 100
    return max(1, min(MAX_LIMIT_PENCE, leaned))


def say_quantity(quantity: int, good: Good) -> str:
    """'three sacks', 'one chaldron'."""
    return f"{say_count(quantity)} {good.unit if quantity == 1 else good.units}"


def _past(knowledge: Knowledge, good: Good) -> dict[str, Past]:
    belief = strongest_belief(knowledge, good.name)
    if belief is None:
        return {}
    motion = "rise" if belief.claim.kind.direction > 0 else "fall"
    past = {"rumour": Past(f"a {motion} in {good.say}", belief.event)}
    if belief.teller:
        past["third"] = Past(belief.teller.capitalize(), belief.event)
    return past


def _option(knowledge: Knowledge, good: Good, terms: OrderTerms, facts: tuple[Fact, ...], weight: int) -> Option:
    verb, other = ("buy", "sell") if terms.side is Side.BUY else ("sell", "buy")
    size = say_quantity(terms.quantity, good)
    bound = "at most" if terms.side is Side.BUY else "at least"
    return Option(
        phrase=f"{verb} {good.name}",
        act=verb,
        facts=facts,
        text=f"{verb} {size} of {good.say} at {bound} {format_pence(terms.limit_pence)} each",
        good=good.name,
        weight=weight,
        slots={
            "good": good.say,
            "qty": size,
            "price": format_pence(terms.limit_pence),
            "me": knowledge.seat.capitalize(),
        },
        past=_past(knowledge, good),
        excludes=frozenset({f"{other} {good.name}"}),
    )


@dataclass(frozen=True, slots=True)
class _Outlook:
    """How a good's price stands and where it is thought to go, as levels."""

    good: Good
    price: int
    hope: int


def _outlook(knowledge: Knowledge, good: Good) -> _Outlook:
    price = price_level(knowledge.last_pence[good.name], knowledge.usual_pence[good.name])
    return _Outlook(good, price, hope_level(knowledge, good.name))


def _outlook_facts(knowledge: Knowledge, outlook: _Outlook) -> tuple[Fact, Fact]:
    good, hope = outlook.good, outlook.hope
    last, usual = format_pence(knowledge.last_pence[good.name]), format_pence(knowledge.usual_pence[good.name])
    words = (
        "nothing is known of it"
        if hope == MIDDLE_LEVEL
        else "a rise is talked of"
        if hope > MIDDLE_LEVEL
        else "a fall is talked of"
    )
    return (
        Fact("price", outlook.price, f"{good.say} last fetched {last}, usually {usual}", good.name),
        Fact("hope", hope, words, good.name),
    )


def _weight(pressing: int, outlook: _Outlook) -> int:
    """How much there is to say about an order: of its need or plenty, of its price, of what is hoped."""
    return min(
        TOP_LEVEL, max(pressing, abs(2 * outlook.price - TOP_LEVEL) // 2 + 1, abs(outlook.hope - MIDDLE_LEVEL) + 2)
    )


def _buy(knowledge: Knowledge, seat: Seat, outlook: _Outlook) -> Candidate | None:
    good, hope = outlook.good, outlook.hope
    daily = daily_need(seat, good.name)
    need = need_level(knowledge, seat, good.name)
    lean = (need - 5) * 3 if daily else WISH_LEAN_PERCENT
    limit_pence = _lean(knowledge.last_pence[good.name], lean + (hope - MIDDLE_LEVEL) * 4, _BID_LEAN)
    if seat.craft and seat.craft.good == good.name and good.name not in seat.needs:
        # Nobody works a good at a loss: its craft's earnings bound what a seat will pay.
        limit_pence = max(1, min(limit_pence, seat.craft.earns_pence * CRAFT_MOST_PERCENT // 100))
    wanted = COVER_DAYS * daily + 1 - knowledge.stock[good.name]
    most = MOST_SHARES if good.share else MOST_UNITS
    quantity = min(most, max(wanted, 1 + max(0, hope - MIDDLE_LEVEL)), knowledge.pence // PURSE_PARTS // limit_pence)
    if quantity < 1:
        return None
    terms = OrderTerms(Side.BUY, good.name, quantity, limit_pence)
    salience = need * 3 + (TOP_LEVEL - outlook.price) + max(0, hope - MIDDLE_LEVEL) * 3 + SHARE_SALIENCE * good.share
    return Candidate("buy", salience, terms, partial(_buy_option, knowledge, outlook, terms, need, daily))


def _buy_option(knowledge: Knowledge, outlook: _Outlook, terms: OrderTerms, need: int, daily: int) -> Option:
    good, most_pence = outlook.good, terms.quantity * terms.limit_pence
    cost = share_level(most_pence, knowledge.pence)
    store = Fact("need", need, f"your store holds {knowledge.stock[good.name]}", good.name)
    facts = (
        *((store,) if daily else ()),
        *_outlook_facts(knowledge, outlook),
        Fact("cost", cost, f"it takes up to {format_pence(most_pence)} of your purse"),
    )
    return _option(knowledge, good, terms, facts, _weight(need - 2, outlook))


def _sell(knowledge: Knowledge, seat: Seat, outlook: _Outlook) -> Candidate | None:
    good, hope = outlook.good, outlook.hope
    spare = spare_units(knowledge, seat, good.name)
    if spare < 1:
        return None
    spare_step, short = spare_level(knowledge, seat, good.name), lack(knowledge)
    lean = (hope - MIDDLE_LEVEL) * 3 - (spare_step - 3) * 2 - (short - MIDDLE_LEVEL) * 2
    limit_pence = _lean(knowledge.last_pence[good.name], lean, _ASK_LEAN)
    most = MOST_SHARES if good.share else MOST_UNITS
    terms = OrderTerms(Side.SELL, good.name, min(most, max(1, spare // 2)), limit_pence)
    salience = spare_step * 2 + outlook.price + max(0, MIDDLE_LEVEL - hope) * 3 + short + SHARE_SALIENCE * good.share
    return Candidate("sell", salience, terms, partial(_sell_option, knowledge, outlook, terms, spare, spare_step))


def _sell_option(knowledge: Knowledge, outlook: _Outlook, terms: OrderTerms, spare: int, spare_step: int) -> Option:
    store = Fact("spare", spare_step, f"you can spare {spare}", outlook.good.name)
    facts = (store, *_outlook_facts(knowledge, outlook))
    return _option(knowledge, outlook.good, terms, facts, _weight(spare_step - 4, outlook))


def _hold_option(knowledge: Knowledge) -> Option:
    return Option(phrase="hold", act="hold", text="trade nothing more today", weight=1,
                  slots={"me": knowledge.seat.capitalize()})  # fmt: skip


def market_candidates(knowledge: Knowledge, seat: Seat, goods: tuple[Good, ...]) -> list[Candidate]:
    """Everything the seat could order today, `hold` last."""
    outlooks = [_outlook(knowledge, good) for good in goods]
    found = [
        candidate for outlook in outlooks for make in (_buy, _sell) if (candidate := make(knowledge, seat, outlook))
    ]
    return [*found, Candidate("hold", 0, Rest(), partial(_hold_option, knowledge))]
