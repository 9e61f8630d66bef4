"""What a seat could answer to what was told, promised, threatened or offered to it in the custom of words.

Also the facts that its own word adds to its orders and payments. Works from its knowledge alone.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fivepenny import words
from fivepenny.claims import ClaimKind, Promise, PromiseKind
from fivepenny.clock import say_coming
from fivepenny.events import Body
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import percent_level, share_level, signed_level
from fivepenny.market.manners import PUT_OFF, TEXTS, sway_of
from fivepenny.market.parley import debt_slots, two_people
from fivepenny.market.shortlist import Choice
from fivepenny.market.sight import claim_facts, feeling_fact, foremost_past, say_pence, tone, trust_fact
from fivepenny.market.terms import EarlyPayment, ReplyToTip, Terms, WordTerms
from fivepenny.market.words_learning import credence_in_promise
from fivepenny.market.words_terms import ReplyToBribe, ReplyToPromise, ReplyToThreat
from fivepenny.parts import Manner
from fivepenny.world import TOP_LEVEL, Fact, Option, Past, in_words

_WEIGHTS = {"credit": 4, "doubt": 4, "turn": 5, "yield": 8, "defy": 8, "take": 7, "spurn": 7}
FEARS = ("not likely", "possible", "likely", "as good as sure")
BRIBE_ANSWERS = ("take", "spurn", "turn")
_Facts = tuple[Fact, ...]
_Slots = dict[str, str]


def reply(
    knowledge: Knowledge, act: str, other: str, rivals: tuple[str, ...], text: str, facts: _Facts, terms: Terms,
    slots: _Slots | None = None, past: dict[str, Past] | None = None, good: str = "",
) -> Choice:  # fmt: skip
    """An answer to another. Of `rivals`, the acts that answer the same word, the others go with it on no evening."""
    option = Option(
        phrase=f"{act} {other}", act=act, facts=facts, text=text, to=other, good=good, tone=tone(knowledge, other),
        weight=_WEIGHTS[act], slots=slots or two_people(knowledge, other), past=past or {},
        excludes=frozenset([f"{rival} {other}" for rival in rivals if rival != act]),
    )  # fmt: skip
    return terms, option


def _turn(knowledge: Knowledge, other: str, rivals: tuple[str, ...]) -> Choice:
    facts = (trust_fact(knowledge, other), feeling_fact(knowledge, other))
    past = foremost_past(knowledge, other, kind=False)
    return reply(
        knowledge, "turn", other, rivals, f"turn away from {other}", facts, WordTerms("turn", other), past=past
    )


def _of_speaker(knowledge: Knowledge, other: str, manner: Manner) -> _Facts:
    """What bears on believing another: trust, feeling, how often it was right, and how it put the thing."""
    record = knowledge.words.record(other)
    told = record.right + record.wrong
    held = f"{record.right} of {told} words of {other} to you held" if told else f"no word of {other} to you is settled"
    swayed = signed_level(sway_of(knowledge.own, manner).credence, -PUT_OFF.credence)
    return (
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
        Fact("record", percent_level(record.percent), held, other),
        Fact("manner", swayed, f"{other} says it {TEXTS[manner].removeprefix(', ') or 'plainly'}", other),
    )


def _to_told(knowledge: Knowledge, body: words.ToldSo) -> Iterator[Choice]:
    other, claim = body.teller, body.claim
    say, motion = knowledge.say[claim.asset], "rise" if claim.kind is ClaimKind.WILL_RISE else "fall"
    held = knowledge.beliefs.get(claim.number)
    when = f" by {say_coming(claim.by_day, knowledge.day)}" + (", for sure" if body.sure else "")
    facts = (
        *_of_speaker(knowledge, other, body.manner),
        *claim_facts(knowledge, claim, f"{say} will {motion}{when}, says {other}"),
    )
    slots = {**two_people(knowledge, other), "good": say}
    past = {"rumour": Past(f"a {motion} in {say}", held.event)} if held else {}
    text, rivals = f"{other}'s word that {say} will {motion}{when}", ("credit", "doubt", "turn")
    yield reply(knowledge, "credit", other, rivals, f"believe {text}", facts, ReplyToTip(body, True), slots, past)
    doubts = past | foremost_past(knowledge, other, kind=False)
    yield reply(knowledge, "doubt", other, rivals, f"doubt {text}", facts, ReplyToTip(body, False), slots, doubts)
    yield _turn(knowledge, other, rivals)


def say_promise(knowledge: Knowledge, promise: Promise) -> str:
    """What was promised, in English: 'to sell no rye before Friday'."""
    match promise.kind:
        case PromiseKind.WILL_PAY:
            return f"to pay what is owed {say_coming(promise.by_day, knowledge.day)}"
        case PromiseKind.WILL_HOLD:
            verb = f"sell no {knowledge.say[promise.good]} before"
        case PromiseKind.WILL_LEAVE:
            verb = f"leave {knowledge.say[promise.good]} alone until"
    return f"to {verb} {say_coming(promise.by_day + 1, knowledge.day)}"


def _to_promise(knowledge: Knowledge, body: words.Promised) -> Iterator[Choice]:
    promise, other = body.promise, body.promise.by
    belief = percent_level(credence_in_promise(knowledge, promise, body.manner))
    facts = (
        *_of_speaker(knowledge, other, body.manner),
        Fact("belief", belief, f"{other} gives you its word {say_promise(knowledge, promise)}", other),
    )
    slots = two_people(knowledge, other)
    if promise.good:
        slots["good"] = knowledge.say[promise.good]
    text, rivals = f"{other}'s word {say_promise(knowledge, promise)}", ("credit", "doubt", "turn")
    for act in ("credit", "doubt"):
        verb, terms = "believe" if act == "credit" else "doubt", ReplyToPromise(promise, act == "credit")
        past = {} if act == "credit" else foremost_past(knowledge, other, kind=False)
        yield reply(knowledge, act, other, rivals, f"{verb} {text}", facts, terms, slots, past, promise.good)
    yield _turn(knowledge, other, rivals)


def _to_threat(knowledge: Knowledge, body: words.Threatened) -> Iterator[Choice]:
    other, rivals = body.by, ("yield", "defy", "turn")
    loan = knowledge.loans.get(body.loan)
    fear = knowledge.words.fear(other)
    harm = f"or {other} will {'call in its loan' if body.harm == 'call' else 'tell the room'} tomorrow"
    slots, past, say = two_people(knowledge, other), {}, ""
    if body.good:
        say = knowledge.say[body.good]
        slots["good"] = say
        wanted = f"leave {say} alone until {say_coming(body.by_day + 1, knowledge.day)}"
        cost = share_level(knowledge.stock[body.good] * knowledge.last_pence[body.good], knowledge.pence)
    else:
        past = {"debt": debt_slots(knowledge, loan, other)[1]["debt"]} if loan else {}
        cost, wanted = share_level(body.owed_pence, knowledge.pence), f"pay {say_pence(body.owed_pence)} now"
    facts = (
        Fact("fear", fear, f"that {other} does what it threatens is {in_words(fear, FEARS)}", other),
        Fact("cost", cost, f"you are to {wanted}, {harm}", body.good),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    if body.good:
        yield reply(knowledge, "yield", other, rivals, f"give way to {other}: {wanted}", facts,
                    ReplyToThreat(body, True), slots, past, body.good)  # fmt: skip
    elif loan is not None and knowledge.pence >= loan.owed_pence:
        yield reply(knowledge, "yield", other, rivals, f"give way to {other}: {wanted}", facts,
                    EarlyPayment(loan.number, other), slots, past)  # fmt: skip
    yield reply(knowledge, "defy", other, rivals, f"defy {other}, who wants you to {wanted}", facts,
                ReplyToThreat(body, False), slots, past, body.good)  # fmt: skip


def _to_bribe(knowledge: Knowledge, body: words.Bribed) -> Iterator[Choice]:
    other, say, rivals = body.by, knowledge.say[body.good], BRIBE_ANSWERS
    price, until = say_pence(body.pence), say_coming(body.by_day + 1, knowledge.day)
    cost = share_level(knowledge.stock[body.good] * knowledge.last_pence[body.good], knowledge.pence)
    facts = (
        Fact("gain", share_level(body.pence, knowledge.pence + body.pence), f"{price} for you", other),
        Fact("cost", cost, f"you are to leave {say} alone until {until}", body.good),
        Fact("bribe", TOP_LEVEL, "it is money for doing nothing", other),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    slots = {**two_people(knowledge, other), "price": price}
    text = f"{other}'s {price} for leaving {say} alone until {until}"
    yield reply(knowledge, "take", other, rivals, f"take {text}", facts, ReplyToBribe(body, True), slots,
                good=body.good)  # fmt: skip
    yield reply(knowledge, "spurn", other, rivals, f"refuse {text}", facts, ReplyToBribe(body, False), slots,
                good=body.good)  # fmt: skip


ANSWERS: Mapping[type[Body], Callable[[Knowledge, Any], Iterator[Choice]]] = {
    words.ToldSo: _to_told,
    words.Promised: _to_promise,
    words.Threatened: _to_threat,
    words.Bribed: _to_bribe,
}
"""What can be answered to each kind of event of the custom."""
