"""What a seat could propose that binds it and another, what it could answer, and what it says of a pact that is broken.

Works from the seat's knowledge alone: it knows nobody's store but its own, and takes for a seller whoever was seen to
sell, and for no friend whoever was heard to be none.
"""

from collections.abc import Iterator

from fivepenny.clock import say_coming, say_past
from fivepenny.events import Seen
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import price_level, share_level
from fivepenny.market.pacts_standing import Pact
from fivepenny.market.pacts_terms import PactTerms, ReplyToPact
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import (
    expectation,
    feeling_fact,
    feeling_level,
    feeling_words,
    hope_level,
    say_pence,
    tone,
    trust_fact,
    trust_level,
)
from fivepenny.market.stalls import spare_level, spare_units
from fivepenny.market.terms import Rest
from fivepenny.pacts import PactBroken, PactProposed, Shape
from fivepenny.scenario import Scenario
from fivepenny.values import value
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option, Past

CUSTOM = "pacts"
PACT_DAYS = {Shape.FLOOR: 5, Shape.POOL: 6, Shape.SHUN: 8}
MOST_PACTS = 2  # that one seat is bound by at once
ASK_AGAIN_DAYS = 6  # of the same one
PUT_AGAIN_DAYS = 7  # about the same thing
LEAST_LEFT_DAYS = 3  # of a standing pact, for another to be asked into it
SELLER_DAYS = 4  # so long after a sale one passes for a seller
LOW_PRICE = 4  # level of a price at which sellers think of a floor
FLOOR_PERCENT, MOST_FLOOR_PERCENT = 102, 110  # of the last price: no floor is lower, or higher
PENALTY_UNITS = 8  # of the good at the last price: the penalty of a pact about it
SHUN_PENALTY_PENCE = 600
HOPE_TO_POOL = 7
POOL_PURSE_PENCE = 1500  # who has less does not think of a pool
FUND_PURSE_PENCE = 3600  # who has more puts in for the other
FUND_PARTS, FUND_STEP_PENCE, MOST_FUND_PENCE = 10, 120, 1200
FEELING_TO_SHUN = -3
TRUST_TO_BIND = 4  # level; nobody binds itself to one it trusts less


@value()
class _Plan:
    """A proposal and how much it matters this morning."""

    salience: int
    terms: PactTerms


def _join_terms(knowledge: Knowledge, pact: Pact, other: str) -> PactTerms | None:
    """The standing pact as another is asked into it, or None where it cannot be or is hardly worth it."""
    if other in pact.parties or not pact.has_room or pact.until_day - knowledge.day < LEAST_LEFT_DAYS:
        return None
    return PactTerms(
        other, pact.number, pact.shape, pact.about, pact.price_pence, pact.until_day, pact.penalty_pence, 0
    )


def _floor_pence(knowledge: Knowledge, good: str) -> int:
    last, usual = knowledge.last_pence[good], knowledge.usual_pence[good]
    return max(last * FLOOR_PERCENT // 100, min(usual, last * MOST_FLOOR_PERCENT // 100))


@value()
class _Matters:
    """What a pact could be about this morning, whomever the seat asks: goods with what each matters, and a third."""

    to_floor: tuple[tuple[str, int], ...]
    to_pool: tuple[tuple[str, int], ...]
    to_shun: str | None


def _matters(knowledge: Knowledge, scenario: Scenario) -> _Matters:
    return _Matters(tuple(_cheap(knowledge, scenario)), tuple(_rising(knowledge, scenario)), _hated(knowledge))


def _cheap(knowledge: Knowledge, scenario: Scenario) -> Iterator[tuple[str, int]]:
    """The goods that are cheap and that the seat could sell."""
    for good in scenario.good_names:
        price = price_level(knowledge.last_pence[good], knowledge.usual_pence[good])
        if price <= LOW_PRICE and spare_units(knowledge, good):
            yield good, 3 + spare_level(knowledge, good) + 2 * (LOW_PRICE - price)


def _rising(knowledge: Knowledge, scenario: Scenario) -> Iterator[tuple[str, int]]:
    """The goods that are thought to rise, for one who has coin."""
    for good in scenario.good_names if knowledge.pence >= POOL_PURSE_PENCE else ():
        hope = hope_level(knowledge, good)
        if hope >= HOPE_TO_POOL:
            yield good, 2 * (hope - MIDDLE_LEVEL)


def _hated(knowledge: Knowledge) -> str | None:
    """The one whom the seat hates most, if it hates anybody so much, and shuns that one not yet."""
    third = min(knowledge.others, key=lambda name: knowledge.feeling[name], default="")
    if not third or knowledge.feeling[third] > FEELING_TO_SHUN or third in knowledge.failed:
        return None
    return third if knowledge.pacts.about(third) is None else None


def _floors(knowledge: Knowledge, matters: _Matters, other: str) -> Iterator[_Plan]:
    """A floor under each good that both sell and that is cheap."""
    for good, salience in matters.to_floor:
        if not knowledge.pacts.sold_since(good, other, knowledge.day - SELLER_DAYS):
            continue
        penalty_pence = knowledge.last_pence[good] * PENALTY_UNITS
        until_day = knowledge.day + PACT_DAYS[Shape.FLOOR]
        terms: PactTerms | None = PactTerms(
            other, 0, Shape.FLOOR, good, _floor_pence(knowledge, good), until_day, penalty_pence, 0
        )
        pact = knowledge.pacts.about(good)
        if pact is not None:
            terms = _join_terms(knowledge, pact, other) if pact.shape == Shape.FLOOR else None
        if terms is not None:
            yield _Plan(salience + trust_level(knowledge, other) // 2, terms)


def _fund_pence(knowledge: Knowledge) -> int:
    if knowledge.pence < FUND_PURSE_PENCE:
        return 0
    return min(MOST_FUND_PENCE, knowledge.pence // FUND_PARTS // FUND_STEP_PENCE * FUND_STEP_PENCE)


def _pools(knowledge: Knowledge, matters: _Matters, other: str) -> Iterator[_Plan]:
    """A pool of each good that is thought to rise."""
    for good, salience in matters.to_pool:
        penalty_pence = knowledge.last_pence[good] * PENALTY_UNITS
        until_day = knowledge.day + PACT_DAYS[Shape.POOL]
        terms: PactTerms | None = PactTerms(
            other, 0, Shape.POOL, good, 0, until_day, penalty_pence, _fund_pence(knowledge)
        )
        pact = knowledge.pacts.about(good)
        if pact is not None:
            terms = _join_terms(knowledge, pact, other) if pact.shape == Shape.POOL else None
        if terms is not None:
            yield _Plan(salience + trust_level(knowledge, other), terms)


def _shuns(knowledge: Knowledge, matters: _Matters, other: str) -> Iterator[_Plan]:
    """A shun of the one whom the seat hates most, with another who was not heard to love that one."""
    third = matters.to_shun
    if third is None or third == other:
        return
    hate, regard = -knowledge.feeling[third], knowledge.pacts.regard(other, third)
    if regard <= 0:
        until_day = knowledge.day + PACT_DAYS[Shape.SHUN]
        terms = PactTerms(other, 0, Shape.SHUN, third, 0, until_day, SHUN_PENALTY_PENCE, 0)
        yield _Plan(2 + hate - regard + trust_level(knowledge, other) // 2, terms)


def _plans(knowledge: Knowledge, matters: _Matters, other: str) -> Iterator[_Plan]:
    """What the seat could propose to one other, but for anything new that it has proposed to somebody of late."""
    put_days, since_day = knowledge.pacts.put_days, knowledge.day - PUT_AGAIN_DAYS
    for plans in (
        _floors(knowledge, matters, other),
        _pools(knowledge, matters, other),
        _shuns(knowledge, matters, other),
    ):
        for plan in plans:
            if plan.terms.pact or put_days.get(plan.terms.about, since_day) <= since_day:
                yield plan


def _partners(knowledge: Knowledge) -> Iterator[str]:
    """Those whom the seat could ask today, each day from another on, so that nobody is always asked first."""
    turned = knowledge.day % max(1, len(knowledge.others))  # the court may have sent all others away
    for other in (*knowledge.others[turned:], *knowledge.others[:turned]):
        last_day = knowledge.pacts.asked_days.get(other)
        waits = last_day is not None and knowledge.day - last_day < ASK_AGAIN_DAYS
        if not waits and other not in knowledge.failed and trust_level(knowledge, other) >= TRUST_TO_BIND:
            yield other


def put_pacts(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put the foremost pact of each shape that the seat could propose this morning."""
    if CUSTOM not in scenario.customs or knowledge.seat in knowledge.failed:
        return
    foremost: dict[str, _Plan] = {}
    bound = len(knowledge.pacts.standing) >= MOST_PACTS
    matters = _matters(knowledge, scenario)
    for other in _partners(knowledge):
        for plan in _plans(knowledge, matters, other):
            held = foremost.get(plan.terms.shape)
            if (plan.terms.pact or not bound) and (held is None or held.salience < plan.salience):
                foremost[plan.terms.shape] = plan
    for shape, plan in foremost.items():
        shortlist.put(f"pact_{shape}", plan.salience, _propose, knowledge, scenario, plan.terms)


def say_pact(say: str, shape: Shape, price_pence: int, until: str) -> str:
    """What a pact says, in English: 'sell no rye under 5s before Friday'."""
    match shape:
        case Shape.FLOOR:
            return f"sell no {say} under {say_pence(price_pence)} before {until}"
        case Shape.POOL:
            return f"buy {say} together and sell none before {until}"
        case Shape.SHUN:
            return f"give {say} no credit and deal with {say} in no paper before {until}"


def _called(knowledge: Knowledge, about: str) -> str:
    """What a good is called, or a third."""
    return knowledge.say.get(about, about.capitalize())


def _slots(knowledge: Knowledge, other: str, terms: PactTerms | PactProposed) -> dict[str, str]:
    """The slots of a pact that is put to another."""
    slots = {
        "to": other.capitalize(),
        "me": knowledge.seat.capitalize(),
        "third" if terms.shape == Shape.SHUN else "good": _called(knowledge, terms.about),
        "day": say_coming(terms.until_day, knowledge.day),
    }
    return slots | ({"price": say_pence(terms.price_pence)} if terms.shape == Shape.FLOOR else {})


def _gain_fact(knowledge: Knowledge, shape: Shape, about: str) -> Fact:
    """How far a pact would suit the seat: what it has to sell, what it hopes of a price, what it feels of a third."""
    called = _called(knowledge, about)
    match shape:
        case Shape.FLOOR:
            spare = spare_units(knowledge, about)
            return Fact("gain", spare_level(knowledge, about), f"you have {spare} to spare", about)
        case Shape.POOL:
            return Fact("gain", hope_level(knowledge, about), expectation(knowledge, about), about)
        case Shape.SHUN:
            gain = TOP_LEVEL - feeling_level(knowledge, about)
            return Fact("gain", gain, f"you feel {feeling_words(knowledge, about)} towards {called}", about)


def _price_fact(knowledge: Knowledge, shape: Shape, about: str) -> tuple[Fact, ...]:
    """What the good of a pact is worth now beside what it is usually worth."""
    if shape == Shape.SHUN:
        return ()
    last, usual = knowledge.last_pence[about], knowledge.usual_pence[about]
    words = f"{_called(knowledge, about)} last fetched {say_pence(last)}, usually {say_pence(usual)}"
    return (Fact("price", price_level(last, usual), words, about),)


def _facts(knowledge: Knowledge, other: str, terms: PactTerms | PactProposed) -> tuple[Fact, ...]:
    """What bears on binding oneself with another, whoever asked."""
    risk = share_level(terms.penalty_pence, knowledge.pence)
    return (
        _gain_fact(knowledge, terms.shape, terms.about),
        *_price_fact(knowledge, terms.shape, terms.about),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
        Fact("risk", risk, f"who breaks it owes {say_pence(terms.penalty_pence)}"),
    )


def _propose(knowledge: Knowledge, scenario: Scenario, terms: PactTerms) -> Choice:
    other, called = terms.to, _called(knowledge, terms.about)
    says = say_pact(called, terms.shape, terms.price_pence, say_coming(terms.until_day, knowledge.day))
    fund = f", and hand over {say_pence(terms.fund_pence)} to begin with" if terms.fund_pence else ""
    verb = f"ask {other} to join a pact" if terms.pact else f"propose a pact to {other}"
    option = Option(
        phrase=f"pact {terms.shape} {other} {terms.about}", act=f"pact_{terms.shape}",
        facts=_facts(knowledge, other, terms), text=f"{verb}: {says}{fund}", to=other,
        good="" if terms.shape == Shape.SHUN else terms.about, tone=tone(knowledge, other), weight=7,
        slots=_slots(knowledge, other, terms),
    )  # fmt: skip
    return terms, option


def pact_answers(knowledge: Knowledge, body: PactProposed) -> Iterator[Choice]:
    """To be bound as another asks, or not."""
    other, slots = body.by, _slots(knowledge, body.by, body)
    says = say_pact(_called(knowledge, body.about), body.shape, body.price_pence, slots["day"])
    facts = _facts(knowledge, other, body)
    if body.fund_pence:
        share = share_level(body.fund_pence, knowledge.pence)
        fund = Fact("fund", max(MIDDLE_LEVEL + 1, share), f"{other} would hand you {say_pence(body.fund_pence)}", other)
        facts = (*facts, fund)
    for act, rival, text in (("join", "reject", f"agree to {says}"), ("reject", "join", f"refuse to {says}")):
        option = Option(
            phrase=f"{act} {other}", act=act, facts=facts, text=text, to=other, tone=tone(knowledge, other),
            weight=7 if act == "join" else 6, slots=slots, excludes=frozenset({f"{rival} {other}"}),
        )  # fmt: skip
        yield ReplyToPact(body, act == "join"), option


def betrayed_remarks(knowledge: Knowledge, seen: Seen, body: PactBroken) -> Iterator[Choice]:
    """What a partner says at dusk to the one who broke their pact."""
    other, terms = body.seat, Rest()
    slots = {"to": other.capitalize(), "me": knowledge.seat.capitalize()}
    if body.shape != Shape.SHUN:
        slots["good"] = _called(knowledge, body.about)
    signed = knowledge.pacts.signed(body.pact)
    past = {} if signed is None else {"since": Past(say_past(signed[1], knowledge.day), signed[0])}
    loss = Fact("loss", share_level(body.penalty_pence, knowledge.pence), f"{other} broke your pact", other)
    option = Option(
        phrase=f"betrayed {other}", act="betrayed", facts=(loss,), text=f"say to {other} that your pact is broken",
        to=other, tone=tone(knowledge, other), weight=9, slots=slots, past=past,
    )  # fmt: skip
    yield terms, option
