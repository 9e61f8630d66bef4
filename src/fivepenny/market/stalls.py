"""The market phase's options: what a seat could order today, with the figures worked out.

Sizes and limits are the world's rule, not a mind's: a buy takes at most a third of the purse, so that any three
orders of a menu go together, and a limit leans from the last price by need and by what the seat expects.
"""

from functools import lru_cache

from fivepenny.aims import PATRON
from fivepenny.clock import say_count
from fivepenny.market.hire_plan import (
    PLAN_LEAN,
    PLAN_SALIENCE,
    cover_facts,
    is_bought_in,
    kept_units,
    lacking_units,
    unsold_units,
)
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import lack_level, level, price_level, share_level
from fivepenny.market.orders import MAX_LIMIT_PENCE, Side
from fivepenny.market.pacts_sight import (
    POOL_LEAN_PERCENT,
    POOL_SALIENCE,
    POOL_UNITS,
    as_undercut,
    pool_fact,
    rivals_of,
    ways_to_sell,
)
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import MOST_KEPT, hope_level, lack, say_pence, strongest_belief
from fivepenny.market.terms import OrderTerms, Rest
from fivepenny.market.words_bound import order_words
from fivepenny.money import format_pence
from fivepenny.scenario import Good, Scenario
from fivepenny.values import value
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


def spare_units(knowledge: Knowledge, good: str) -> int:
    """Units in stock beyond what the house keeps."""
    kept = knowledge.larder.takes(good, knowledge.stock, knowledge.day, KEPT_DAYS) + kept_units(knowledge, good)
    return max(0, knowledge.stock[good] - kept)


def _cover(knowledge: Knowledge, good: str) -> int:
    """Units of a good that the house likes to have in store: what the days to come will take, and what is hired."""
    used = knowledge.larder.takes(good, knowledge.stock, knowledge.day, COVER_DAYS)
    return used + lacking_units(knowledge, good, used)


def need_level(knowledge: Knowledge, good: str) -> int:
    """How far the stock falls short of the days a house likes to have in store."""
    return lack_level(knowledge.stock[good], _cover(knowledge, good))


def spare_level(knowledge: Knowledge, good: str) -> int:
    """How much there is to sell; a seat that makes a good parts with it more lightly."""
    return level(spare_units(knowledge, good) + knowledge.own.makes.get(good, 0), _SPARE)


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


@lru_cache(maxsize=MOST_KEPT)
def _phrases(*phrases: str) -> frozenset[str]:
    return frozenset(phrases)


def _option(knowledge: Knowledge, good: Good, terms: OrderTerms, facts: tuple[Fact, ...], weight: int) -> Option:
    verb, other = ("buy", "sell") if terms.side is Side.BUY else ("sell", "buy")
    size = say_quantity(terms.quantity, good)
    bound = "at most" if terms.side is Side.BUY else "at least"
    return Option(
        phrase=f"{verb} {good.name}",
        act=verb,
        facts=facts,
        text=f"{verb} {size} of {good.say} for {bound} {say_pence(terms.limit_pence)} each",
        good=good.name,
        weight=weight,
        slots={
            "good": good.say,
            "qty": size,
            "price": say_pence(terms.limit_pence),
            "me": knowledge.seat.capitalize(),
        },
        past=_past(knowledge, good),
        excludes=rivals_of(_phrases(f"{other} {good.name}"), knowledge, good.name),
    )


@value()
class _Outlook:
    """A good: units to have in store, and as levels its price, where that is thought to go, and the seat's own need."""

    good: Good
    cover: int
    price: int
    hope: int
    need: int


def _outlook(knowledge: Knowledge, good: Good) -> _Outlook:
    price = price_level(knowledge.last_pence[good.name], knowledge.usual_pence[good.name])
    cover = _cover(knowledge, good.name)
    return _Outlook(good, cover, price, hope_level(knowledge, good.name), lack_level(knowledge.stock[good.name], cover))


@lru_cache(maxsize=MOST_KEPT)
def _price_fact(say: str, good: str, last_pence: int, usual_pence: int) -> Fact:
    text = f"{say} last fetched {format_pence(last_pence)}, usually {format_pence(usual_pence)}"
    return Fact("price", price_level(last_pence, usual_pence), text, good)


@lru_cache(maxsize=MOST_KEPT)
def _hope_fact(good: str, hope: int) -> Fact:
    words = (
        "nothing is known of it"
        if hope == MIDDLE_LEVEL
        else "a rise is talked of"
        if hope > MIDDLE_LEVEL
        else "a fall is talked of"
    )
    return Fact("hope", hope, words, good)


def _outlook_facts(knowledge: Knowledge, outlook: _Outlook) -> tuple[Fact, Fact]:
    good = outlook.good
    price = _price_fact(good.say, good.name, knowledge.last_pence[good.name], knowledge.usual_pence[good.name])
    return price, _hope_fact(good.name, outlook.hope)


def _weight(pressing: int, outlook: _Outlook) -> int:
    """How much there is to say about an order: of its need or plenty, of its price, of what is hoped."""
    return min(
        TOP_LEVEL, max(pressing, abs(2 * outlook.price - TOP_LEVEL) // 2 + 1, abs(outlook.hope - MIDDLE_LEVEL) + 2)
    )


def _put_buy(knowledge: Knowledge, outlook: _Outlook, shortlist: Shortlist) -> None:
    good, hope, need, cover = outlook.good, outlook.hope, outlook.need, outlook.cover
    craft = knowledge.own.craft
    pool = len(pool_fact(knowledge, good.name))
    lean = ((need - 5) * 3 if cover else WISH_LEAN_PERCENT) + POOL_LEAN_PERCENT * pool
    limit_pence = _lean(knowledge.last_pence[good.name], lean + (hope - MIDDLE_LEVEL) * 4, _BID_LEAN)
    if craft and craft.good == good.name and good.name not in knowledge.own.needs:
        # Nobody works a good at a loss: its craft's earnings bound what a seat will pay.
        limit_pence = max(1, min(limit_pence, craft.earns_pence * CRAFT_MOST_PERCENT // 100))
    most = MOST_SHARES if good.share else MOST_UNITS
    # The Patron keeps no house: it buys to hold, as much as one order may be of.
    store = max(cover + 1 - knowledge.stock[good.name], POOL_UNITS * pool)
    wanted = most if knowledge.seat == PATRON else store
    quantity = min(most, max(wanted, 1 + max(0, hope - MIDDLE_LEVEL)), knowledge.pence // PURSE_PARTS // limit_pence)
    if knowledge.seat in knowledge.failed:
        # What is beyond its house's use would be sold for its creditors tomorrow.
        kept = knowledge.larder.takes(good.name, knowledge.stock, knowledge.day, KEPT_DAYS)
        quantity = 0 if good.share else min(quantity, kept - knowledge.stock[good.name])
    if quantity < 1:
        return
    terms = OrderTerms(Side.BUY, good.name, quantity, limit_pence)
    salience = need * 3 + (TOP_LEVEL - outlook.price) + max(0, hope - MIDDLE_LEVEL) * 3 + SHARE_SALIENCE * good.share
    salience += POOL_SALIENCE * pool
    shortlist.put("buy", salience, _buy, knowledge, outlook, terms)


def _buy(knowledge: Knowledge, outlook: _Outlook, terms: OrderTerms) -> Choice:
    good, need, most_pence = outlook.good, outlook.need, terms.quantity * terms.limit_pence
    cost = share_level(most_pence, knowledge.pence)
    store = Fact("need", need, f"your store holds {knowledge.stock[good.name]}", good.name)
    facts = (
        *((store,) if outlook.cover else ()),
        *_outlook_facts(knowledge, outlook),
        Fact("cost", cost, f"it takes up to {say_pence(most_pence)} of your purse"),
        *cover_facts(knowledge, good.name),
        *pool_fact(knowledge, good.name),
        *order_words(knowledge, good, sells=False, cost_pence=most_pence),
    )
    return terms, _option(knowledge, good, terms, facts, _weight(need - 2, outlook))


def _put_sell(knowledge: Knowledge, outlook: _Outlook, short: int, shortlist: Shortlist) -> None:
    good, hope = outlook.good, outlook.hope
    spare = spare_units(knowledge, good.name)
    if spare < 1:
        return
    spare_step = level(spare + knowledge.own.makes.get(good.name, 0), _SPARE)
    lean = (hope - MIDDLE_LEVEL) * 3 - (spare_step - 3) * 2 - (short - MIDDLE_LEVEL) * 2
    most, unsold = MOST_SHARES if good.share else MOST_UNITS, min(spare, unsold_units(knowledge, good.name))
    limit_pence = _lean(knowledge.last_pence[good.name], lean + PLAN_LEAN * bool(unsold), _ASK_LEAN)
    quantity = min(most, max(1, spare // 2, unsold))
    salience = spare_step * 2 + outlook.price + max(0, MIDDLE_LEVEL - hope) * 3 + short + SHARE_SALIENCE * good.share
    salience += PLAN_SALIENCE * bool(unsold)
    for act, least_pence in ways_to_sell(knowledge, good.name, limit_pence):
        terms = OrderTerms(Side.SELL, good.name, quantity, least_pence)
        maker = _sell if act == "sell" else _undercut
        shortlist.put(act, salience, maker, knowledge, outlook, terms, spare, spare_step)


def _sell(knowledge: Knowledge, outlook: _Outlook, terms: OrderTerms, spare: int, spare_step: int) -> Choice:
    store = Fact("spare", spare_step, f"you can spare {spare}", outlook.good.name)
    facts = (store, *_outlook_facts(knowledge, outlook), *order_words(knowledge, outlook.good, sells=True))
    return terms, _option(knowledge, outlook.good, terms, facts, _weight(spare_step - 4, outlook))


def _undercut(knowledge: Knowledge, outlook: _Outlook, terms: OrderTerms, spare: int, spare_step: int) -> Choice:
    _, option = _sell(knowledge, outlook, terms, spare, spare_step)
    return terms, as_undercut(knowledge, option)


def hold(knowledge: Knowledge) -> Choice:
    """Trading nothing, which stands on every menu of the market."""
    slots = {"me": knowledge.seat.capitalize()}
    return Rest(), Option(phrase="hold", act="hold", text="trade nothing more today", weight=1, slots=slots)


def put_orders(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put everything that the seat could order today."""
    short = lack(knowledge)
    for good in scenario.goods:
        if is_bought_in(knowledge, good.name):
            continue
        outlook = _outlook(knowledge, good)
        _put_buy(knowledge, outlook, shortlist)
        if knowledge.seat not in knowledge.failed:  # what it could sell is sold for its creditors
            _put_sell(knowledge, outlook, short, shortlist)
