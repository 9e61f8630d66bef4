"""What a seat sees of its own aim: the fact that stands beside its purse and its debts.

Worked out from a `Knowledge`.
"""

from fivepenny.market.aims_known import AimKnown
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import percent_level
from fivepenny.money import format_pence
from fivepenny.world import TOP_LEVEL, Fact

NEARLY = TOP_LEVEL - 1
"""An aim that is still open is at most as near as this."""
AMPLE_PERCENT = 200  # of what must be held or can be called for: as safe as can be
RUIN_SEEN = 3  # nearness of another's ruin that was seen going short


def own_worth_pence(knowledge: Knowledge) -> int:
    """What the seat is worth by its own books, at the last prices: as `fivepenny.market.state` reckons worths."""
    seat, prices, deposits = knowledge.seat, knowledge.last_pence, knowledge.deposits
    total_pence = knowledge.pence + sum([units * prices[good] for good, units in knowledge.stock.items()])
    total_pence += knowledge.aim.bills_pence if knowledge.aim else 0
    for loan in (*knowledge.loans.values(), *knowledge.unpaid.values()):
        total_pence += loan.owed_pence if loan.lender == seat else -loan.owed_pence
    for number, pledge in knowledge.paper.pledges.items():
        if pledge.quantity and knowledge.loans[number].borrower == seat:
            total_pence += pledge.quantity * prices[pledge.good]
    for hire in knowledge.hiring.standing.values():
        value_pence = hire.quantity * prices[hire.good]
        total_pence += value_pence if hire.owner == seat else hire.margin_pence - value_pence
    return total_pence + deposits.held_pence(seat) - deposits.kept_pence(seat)


def aim_facts(knowledge: Knowledge) -> tuple[Fact, ...]:
    """How near the seat is to what it is after; nothing where it is after nothing."""
    known = knowledge.aim
    if known is None:
        return ()
    if known.reached is not None:
        text = "You have what you came for." if known.reached else "What you wanted above all is lost."
        return (Fact("aim", TOP_LEVEL if known.reached else 0, text),)
    percent, text = _nearness(knowledge, known)
    return (Fact("aim", min(NEARLY, percent_level(percent)), text),)


def _nearness(knowledge: Knowledge, known: AimKnown) -> tuple[int, str]:
    """How near, in percent, and in words with the figures."""
    aim, own = known.aim, knowledge.own
    match aim.sort:
        case "worth":
            have_pence = own_worth_pence(knowledge)
            text = f"You want to be worth {format_pence(aim.figure)}; by your books you are worth"
            return _way(known.opening_pence, have_pence, aim.figure), f"{text} {format_pence(have_pence)}."
        case "purse":
            text = f"You want {format_pence(aim.figure)} in hand and have {format_pence(knowledge.pence)}."
            return _way(own.purse_pence, knowledge.pence, aim.figure), text
        case "hold":
            have, say = knowledge.stock[aim.good], knowledge.say[aim.good]
            text = f"You want never to close a day with less than {aim.figure} of {say}; you have {have}."
            return have * 100 * 100 // (aim.figure * AMPLE_PERCENT), text
        case "honour":
            owed_pence = sum(loan.owed_pence for loan in knowledge.loans.values() if loan.borrower == knowledge.seat)
            text = f"You want never to fail to pay; you owe {format_pence(owed_pence)} here and have not failed yet."
            return knowledge.pence * 100 * 100 // max(1, owed_pence * AMPLE_PERCENT), text
        case "believed":
            text = f"You want to be believed {aim.figure} times in what comes true; so far {known.came_true} times."
            return known.came_true * 100 // aim.figure, text
        case "own":
            have, say = knowledge.stock[aim.good], knowledge.say[aim.good]
            return have * 100 // aim.figure, f"You want to have {aim.figure} of {say}; you have {have}."
        case _:
            seen = aim.other in knowledge.wants_seen
            told = "has been seen going short" if seen else "has not been seen going short"
            return RUIN_SEEN * 10 if seen else 0, f"You want {aim.other} to fail; {aim.other} {told}."


def _way(opening_pence: int, have_pence: int, want_pence: int) -> int:
    """How much of the way from the opening to what is wanted is behind one, in percent."""
    return (have_pence - opening_pence) * 100 // max(1, want_pence - opening_pence)
