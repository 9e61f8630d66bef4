"""What a seat's own word adds to its menus: a fact "word" beside whatever would break it.

Works from its knowledge alone. A word given freely weighs most, one that was bought or forced less.
"""

from fivepenny.claims import Promise, PromiseKind
from fivepenny.clock import say_coming
from fivepenny.market.knowledge import Knowledge
from fivepenny.scenario import Good
from fivepenny.world import TOP_LEVEL, Fact

GIVEN, BOUGHT = TOP_LEVEL, TOP_LEVEL - 1
"""How much it weighs, as a level."""


def order_words(knowledge: Knowledge, good: Good, *, sells: bool, cost_pence: int = 0) -> tuple[Fact, ...]:
    """The word that an order to sell or buy a good would break, if there is one: not to, or to have the money left."""
    known = knowledge.words
    if not known.promises:
        return ()
    kinds = (PromiseKind.WILL_HOLD, PromiseKind.WILL_LEAVE) if sells else (PromiseKind.WILL_LEAVE,) * good.share
    held = known.binding(knowledge.seat, good.name, knowledge.day, *kinds)
    if held is not None:
        return (_word(knowledge, held),)
    promised = () if sells else known.given(knowledge.seat, knowledge.day)
    for promise in promised:
        loan = knowledge.loans.get(promise.loan)
        if loan is not None and knowledge.pence - cost_pence < loan.owed_pence:
            return (_word(knowledge, promise),)
    return ()


def payment_word(knowledge: Knowledge, loan: int) -> tuple[Fact, ...]:
    """The word that paying a loan would keep, if there is one."""
    given = [item for item in knowledge.words.given(knowledge.seat, knowledge.day) if loan and item.loan == loan]
    return tuple([_word(knowledge, promise) for promise in given[:1]])


def _word(knowledge: Knowledge, promise: Promise) -> Fact:
    until = say_coming(promise.by_day + (promise.kind is not PromiseKind.WILL_PAY), knowledge.day)
    match promise.kind:
        case PromiseKind.WILL_PAY:
            what = f"to pay {until}"
        case PromiseKind.WILL_HOLD:
            what = f"to sell none before {until}"
        case PromiseKind.WILL_LEAVE:
            what = f"to leave it alone until {until}"
    weight = BOUGHT if promise.kind is PromiseKind.WILL_LEAVE else GIVEN
    return Fact("word", weight, f"{promise.to} has your word {what}", promise.to)
