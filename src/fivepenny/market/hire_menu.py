"""Hires on the menus: whom to ask for goods, whether to let them go, when to want them back, what to say when squeezed.

Everything is worked out from a seat's own knowledge: who has some of a good is a guess from what it makes and from
what it was seen selling, of shares also buying.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fivepenny import happenings as hap
from fivepenny import hires
from fivepenny.clock import say_coming, say_past
from fivepenny.events import Body, Seen
from fivepenny.market.hire_terms import (
    HIRE_DAYS,
    HireTerms,
    RecallTerms,
    ReplyToHire,
    StandingHire,
    fee_pence,
    margin_pence,
)
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import level, price_level, share_level
from fivepenny.market.pacts_sight import pledge
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import (
    feeling_fact,
    feeling_level,
    foremost_past,
    hope_level,
    lack,
    say_pence,
    tone,
    trust_fact,
    trust_level,
)
from fivepenny.market.stalls import MOST_SHARES, MOST_UNITS, need_level, say_quantity, spare_units
from fivepenny.market.terms import Rest
from fivepenny.scenario import Good, Scenario
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option, Past

HOPE_TO_HIRE = 3  # a seat that expects at least this much of a fall thinks of selling what is not its own
DEAR = 8  # a price from this level on may well fall, though nothing is heard of it
LEAST_HIRED = 2
PURSE_PARTS = 2  # fee and margin take one of these at most
ASK_AGAIN_DAYS = 6
REASON_TO_RECALL = 2  # see `_reason`
LACKING = 6  # from here on a seat may want goods back to sell them
RISE_PERCENT = 4  # a step of reason: who has them on hire can be made to pay
_SPARE = (1, 2, 3, 4, 6, 8, 11, 15, 20)
_FEE_PENCE = (10, 20, 30, 40, 60, 80, 110, 150, 200)


def _people(knowledge: Knowledge, other: str) -> dict[str, str]:
    return {"to": other.capitalize(), "me": knowledge.seat.capitalize()}


def _price_fact(knowledge: Knowledge, good: str) -> Fact:
    last_pence, usual_pence = knowledge.last_pence[good], knowledge.usual_pence[good]
    text = f"it last fetched {say_pence(last_pence)}, usually {say_pence(usual_pence)}"
    return Fact("price", price_level(last_pence, usual_pence), text, good)


def _hope_fact(knowledge: Knowledge, good: str) -> Fact:
    hope = hope_level(knowledge, good)
    words = "a fall is talked of" if hope < MIDDLE_LEVEL else "no fall is talked of"
    return Fact("hope", hope, words, good)


# --- asking for a hire ---------------------------------------------------------------------------------------------


def hire_terms(knowledge: Knowledge, good: Good, owner: str) -> HireTerms | None:
    """What this seat could ask of an owner: as many units as its purse bears, none where that is too few."""
    price_pence = knowledge.last_pence[good.name]
    each_pence = fee_pence(price_pence) + margin_pence(price_pence)
    most = MOST_SHARES if good.share else MOST_UNITS
    quantity = min(most, knowledge.pence // PURSE_PARTS // each_pence)
    if quantity < LEAST_HIRED:
        return None
    value_pence = quantity * price_pence
    due_day = knowledge.day + HIRE_DAYS
    return HireTerms(owner, good.name, quantity, fee_pence(value_pence), margin_pence(value_pence), due_day)


def _hire(knowledge: Knowledge, good: Good, terms: HireTerms) -> Choice:
    other, most_pence = terms.owner, terms.fee_pence + terms.margin_pence
    size, fee = say_quantity(terms.quantity, good), say_pence(terms.fee_pence)
    put_up = f"{fee} for the hire, {say_pence(terms.margin_pence)} put up until they are back"
    facts = (
        _hope_fact(knowledge, good.name),
        _price_fact(knowledge, good.name),
        Fact("cost", share_level(most_pence, knowledge.pence), put_up),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    slots = _people(knowledge, other) | {
        "good": good.say, "qty": size, "price": fee, "day": say_coming(terms.due_day, knowledge.day),
    }  # fmt: skip
    text = f"ask {other} for {size} of {good.say} on hire, to be sold and brought back by day {terms.due_day}: {put_up}"
    option = Option(
        phrase=f"hire {other} {good.name}", act="hire", facts=facts, text=text, to=other, good=good.name,
        tone=tone(knowledge, other), weight=6, slots=slots,
    )  # fmt: skip
    return terms, option


def _asked_lately(knowledge: Knowledge, owner: str, good: str) -> bool:
    last_day = knowledge.hiring.asked.get((owner, good))
    return last_day is not None and knowledge.day - last_day < ASK_AGAIN_DAYS


def _put_hires(knowledge: Knowledge, good: Good, shortlist: Shortlist) -> None:
    hiring = knowledge.hiring
    if good.spoils_percent or hiring.taken(knowledge.seat, good.name):
        return
    hope = hope_level(knowledge, good.name)
    price = price_level(knowledge.last_pence[good.name], knowledge.usual_pence[good.name])
    if hope > (MIDDLE_LEVEL if price >= DEAR else HOPE_TO_HIRE):
        return
    # Who has more of its own than it can sell in a day has no use for another's; who lacks it would use it up.
    spare = spare_units(knowledge, good.name)
    if spare > (MOST_SHARES if good.share else MOST_UNITS) or (not spare and need_level(knowledge, good.name)):
        return
    for other in knowledge.others:
        if other in knowledge.failed or (other, good.name) not in hiring.holders:
            continue
        terms = hire_terms(knowledge, good, other)
        if terms is not None and not _asked_lately(knowledge, other, good.name):
            salience = 6 + 2 * (MIDDLE_LEVEL - hope) + price // 2 + trust_level(knowledge, other) // 2
            shortlist.put("hire", salience, _hire, knowledge, good, terms)


# --- wanting it back -----------------------------------------------------------------------------------------------


def _reason(knowledge: Knowledge, hire: StandingHire) -> int:
    """How much speaks for having goods back: need of them or of money, hope, ill will, what they have risen by."""
    need = max(0, need_level(knowledge, hire.good) - MIDDLE_LEVEL) + max(0, lack(knowledge) - LACKING)
    hope = max(0, hope_level(knowledge, hire.good) - MIDDLE_LEVEL)
    ill_will = max(0, MIDDLE_LEVEL - feeling_level(knowledge, hire.hirer))
    risen_percent = knowledge.last_pence[hire.good] * 100 // hire.price_pence - 100
    return need + hope + ill_will + max(0, risen_percent // RISE_PERCENT)


def _recall(knowledge: Knowledge, good: Good, hire: StandingHire) -> Choice:
    other, size = hire.hirer, say_quantity(hire.quantity, good)
    value_pence = hire.quantity * knowledge.last_pence[good.name]
    facts = (
        Fact("need", need_level(knowledge, good.name), f"your store holds {knowledge.stock[good.name]}", good.name),
        _hope_fact(knowledge, good.name),
        _price_fact(knowledge, good.name),
        Fact("size", share_level(value_pence, knowledge.pence + value_pence), f"{other} has {size} of yours", other),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    since = Past(say_past(hire.made_day, knowledge.day), knowledge.hiring.events[hire.number])
    option = Option(
        phrase=f"recall {other} {good.name}", act="recall", facts=facts,
        text=f"have {other} bring back {size} of {good.say} by tomorrow night, or buy them in",
        to=other, good=good.name, tone=tone(knowledge, other), weight=7,
        slots=_people(knowledge, other) | {"good": good.say, "qty": size}, past={"since": since},
    )  # fmt: skip
    return RecallTerms(hire.number), option


def _put_recalls(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    for hire in knowledge.hiring.given(knowledge.seat):
        if hire.made_day == knowledge.day or hire.due_day <= knowledge.day + 1 or hire.forced:
            continue
        if hire.hirer not in knowledge.others:
            continue
        reason = _reason(knowledge, hire)
        if reason >= REASON_TO_RECALL:
            shortlist.put("recall", 8 + 2 * reason, _recall, knowledge, scenario.good(hire.good), hire)


def put_hires(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put what the seat could hire, and what it could want back of what it has hired out."""
    if not knowledge.hiring.is_custom:
        return
    if knowledge.seat not in knowledge.failed:
        for good in scenario.goods:
            _put_hires(knowledge, good, shortlist)
    _put_recalls(knowledge, scenario, shortlist)


# --- answers and remarks -------------------------------------------------------------------------------------------


def _reply(
    knowledge: Knowledge, act: str, rival: str, body: hires.HireAsked, facts: tuple[Fact, ...], text: str
) -> Choice:
    other, agreed = body.hirer, act == "agree"
    slots = _people(knowledge, other) | {
        "price": say_pence(body.fee_pence), "day": say_coming(body.due_day, knowledge.day),
    }  # fmt: skip
    option = Option(
        phrase=f"{act} {other}", act=act, facts=facts, text=text, to=other, good=body.good,
        tone=tone(knowledge, other), weight=6, slots=slots,
        past=foremost_past(knowledge, other, kind=agreed), excludes=frozenset([f"{rival} {other}"]),
    )  # fmt: skip
    return ReplyToHire(body, agreed), option


def _to_hire(knowledge: Knowledge, body: hires.HireAsked) -> Iterator[Choice]:
    other, spare = body.hirer, spare_units(knowledge, body.good) - body.quantity
    goods = f"{body.quantity} of your {knowledge.say[body.good]}"
    fee = say_pence(body.fee_pence)
    facts = (
        Fact("gain", level(body.fee_pence, _FEE_PENCE), f"{fee} for the hire of {goods}"),
        Fact("spare", level(spare, _SPARE), f"you could spare {max(0, spare)} beside", body.good),
        _hope_fact(knowledge, body.good),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    if knowledge.stock[body.good] >= body.quantity and knowledge.seat not in knowledge.failed:
        back = f"back by day {body.due_day}, {say_pence(body.margin_pence)} put up for it"
        yield _reply(
            knowledge,
            "agree",
            "decline",
            body,
            (*facts, *pledge(knowledge, other)),
            f"let {other} have {goods} on hire for {fee}, {back}",
        )
    yield _reply(knowledge, "decline", "agree", body, facts, f"keep what {other} wants on hire, {goods}")


ANSWERS: Mapping[type[Body], Callable[[Knowledge, Any], Iterator[Choice]]] = {hires.HireAsked: _to_hire}
"""What can be answered to one who asks for a hire."""


def _on_buy_in(knowledge: Knowledge, seen: Seen, body: hap.Cleared) -> Iterator[Choice]:
    price_pence = body.price_pence or 0
    say = knowledge.say[body.good]
    slots = {"me": knowledge.seat.capitalize(), "good": say, "price": say_pence(price_pence)}
    paid_pence = price_pence * body.bought[body.buyers.index(knowledge.seat)]
    loss = min(TOP_LEVEL, MIDDLE_LEVEL + share_level(paid_pence, paid_pence + knowledge.pence) // 2)
    fact = Fact("loss", loss, f"{say} was bought in for you at {say_pence(price_pence)}", body.good)
    option = Option(
        phrase=f"squeezed {body.good}", act="squeezed", facts=(fact,),
        text=f"speak of what you had to pay for {say}", good=body.good, weight=8, slots=slots,
    )  # fmt: skip
    yield Rest(), option


REMARKS: Mapping[type[Body], Callable[[Knowledge, Seen, Any], Iterator[Choice]]] = {hap.Cleared: _on_buy_in}
"""What can be said at dusk by one for whom goods were bought in."""
