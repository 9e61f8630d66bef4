"""What a seat could put to another about paper: more days for a debt, the sale of one, the purchase of one.

Figures are the table's rule, worked out from the seat's knowledge alone; of a debt between two others it knows no more
than that there is one.
"""

from fivepenny.clock import say_coming
from fivepenny.market.knowledge import Knowledge, Loan
from fivepenny.market.levels import percent_level, share_level
from fivepenny.market.pacts_sight import pledge
from fivepenny.market.paper_known import MOST_EXTENSIONS, Heard
from fivepenny.market.paper_replies import of_paper, put_counters_heard
from fivepenny.market.paper_terms import ExtensionTerms, SaleTerms, SoughtTerms
from fivepenny.market.parley import ASK_AGAIN_DAYS, LENDER_LEAST_PENCE, debt_slots, two_people
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import feeling_fact, feeling_level, lack, say_pence, tone, trust_fact, trust_level
from fivepenny.scenario import Scenario
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option, Past

EXTEND_AHEAD_DAYS = 3  # a debtor thinks of asking for days when there are no more than these left
EXTENSION_DAYS = 5
EXTENSION_PERCENT = 6
CEDE_PERCENTS = (80, 95)  # of its face: what a lender asks for paper of a debtor it does not trust, and fully trusts
CLAIM_PERCENT = 35  # the same of what an estate owes
CEDE_FROM_LACK = 4  # how short of money a lender is that sells what is owed to it
DISTRUST = 2  # a trust level at which it sells whether it is short or not
ASSUME_PERCENTS = (70, 90)
ASSUME_CLAIM_PERCENT = 25
HEARD_DAYS = 4  # how long a seat thinks of a debt between two others
ASSUME_PARTS = 3  # a buyer goes up to one of these of its purse


def put_paper(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put everything that the seat could do about paper this morning, if the table keeps the custom."""
    if not knowledge.paper.is_kept:
        return
    put_counters_heard(knowledge, shortlist)
    if knowledge.seat in knowledge.failed:
        return
    short = lack(knowledge)
    asked: set[str] = set()  # a lender is asked for more days over one debt a morning
    for loan in of_paper(knowledge.loans):
        if loan.borrower == knowledge.seat:
            if loan.lender not in asked and _may_be_extended(knowledge, loan):
                asked.add(loan.lender)
                shortlist.put("extend", 6 + short - (loan.due_day - knowledge.day), _extend, knowledge, loan, short)
        else:
            _put_sale(knowledge, loan, short, shortlist, unpaid=False)
    for claim in of_paper(knowledge.unpaid):
        if claim.lender == knowledge.seat and claim.owed_pence:
            _put_sale(knowledge, claim, short, shortlist, unpaid=True)
    if knowledge.pence >= LENDER_LEAST_PENCE:
        _put_purchases(knowledge, shortlist)


def _asked_lately(knowledge: Knowledge, act: str, about: str) -> bool:
    last_day = knowledge.paper.asked.get((act, about))
    return last_day is not None and knowledge.day - last_day < ASK_AGAIN_DAYS


# --- more days ------------------------------------------------------------------------------------------------


def _may_be_extended(knowledge: Knowledge, loan: Loan) -> bool:
    """Whether it makes sense to ask for more days: it is due soon, cannot be paid, and was not asked for lately."""
    left = loan.due_day - knowledge.day
    if loan.lender not in knowledge.others or left > EXTEND_AHEAD_DAYS or knowledge.pence >= loan.owed_pence:
        return False
    if loan.lender in knowledge.failed or knowledge.paper.extensions.get(loan.number, 0) >= MOST_EXTENSIONS:
        return False
    return not _asked_lately(knowledge, "extend", loan.lender)


def _extend(knowledge: Knowledge, loan: Loan, short: int) -> Choice:
    other = loan.lender
    later_pence = loan.owed_pence * (100 + EXTENSION_PERCENT) // 100 + 1
    later_day = max(loan.due_day, knowledge.day) + EXTENSION_DAYS
    terms = ExtensionTerms(
        loan.number, other, knowledge.seat, loan.owed_pence, loan.due_day, later_pence, later_day
    )  # fmt: skip
    slots, past = debt_slots(knowledge, loan, other)
    due = max(0, TOP_LEVEL - 2 * (loan.due_day - knowledge.day))
    facts = (
        Fact("short", short, f"you owe {other} {say_pence(loan.owed_pence)} and have not got it"),
        Fact("due", due, f"it is due {slots['day']}", other),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    option = Option(
        phrase=f"extend {other}", act="extend", facts=facts, to=other, tone=tone(knowledge, other), weight=6,
        text=f"ask {other} for more days: {say_pence(later_pence)} on day {later_day}",
        slots={**slots, "day": say_coming(later_day, knowledge.day)}, past=past,
    )  # fmt: skip
    return terms, option


# --- the sale of a debt ---------------------------------------------------------------------------------------


def _put_sale(knowledge: Knowledge, loan: Loan, short: int, shortlist: Shortlist, *, unpaid: bool) -> None:
    debtor = loan.borrower
    trust = trust_level(knowledge, debtor) if debtor in knowledge.others else 0
    pressing = max(short - MIDDLE_LEVEL, (TOP_LEVEL - trust) // 2 - 1)
    stays = not unpaid and loan.due_day <= knowledge.day
    if stays or (short < CEDE_FROM_LACK and trust > DISTRUST) or _asked_lately(knowledge, "cede", debtor):
        return
    for other in knowledge.others:
        if other != debtor and other not in knowledge.failed:
            salience = 3 + pressing + trust_level(knowledge, other) // 3
            shortlist.put("cede", salience, _cede, knowledge, loan, other, short, unpaid)


def _cede(knowledge: Knowledge, loan: Loan, other: str, short: int, unpaid: bool) -> Choice:
    debtor = loan.borrower
    low, high = CEDE_PERCENTS
    percent = CLAIM_PERCENT if unpaid else low + (high - low) * knowledge.trust[debtor] // 100
    price_pence = max(1, loan.owed_pence * percent // 100)
    figures = (loan.owed_pence, loan.due_day, price_pence)
    terms = SaleTerms(loan.number, knowledge.seat, other, debtor, *figures, unpaid)
    owed = f"{debtor} {'could not pay you' if unpaid else 'owes you'} {say_pence(loan.owed_pence)}"
    facts = (
        Fact("short", short, f"you would have {say_pence(price_pence)} at once"),
        Fact("size", share_level(loan.owed_pence, knowledge.pence + loan.owed_pence), owed, debtor),
        trust_fact(knowledge, debtor),
        feeling_fact(knowledge, debtor),
        *pledge(knowledge, other),
    )
    option = Option(
        phrase=f"cede {other} {debtor}", act="cede", facts=facts, to=other, tone=tone(knowledge, other), weight=7,
        text=f"offer {other} {debtor}'s paper of {say_pence(loan.owed_pence)} for {say_pence(price_pence)}",
        slots={**two_people(knowledge, other), "price": say_pence(price_pence)},
        past={"debt": Past(say_pence(loan.owed_pence), loan.event), "third": Past(debtor.capitalize(), loan.event)},
    )  # fmt: skip
    return terms, option


# --- the purchase of one --------------------------------------------------------------------------------------


def _put_purchases(knowledge: Knowledge, shortlist: Shortlist) -> None:
    for (lender, debtor), heard in knowledge.paper.owing.items():
        sells = lender in knowledge.others and lender not in knowledge.failed and debtor in knowledge.others
        fresh = heard.day >= knowledge.day - HEARD_DAYS
        if sells and fresh and not _asked_lately(knowledge, "assume", debtor):
            # A debt is bought of somebody one dislikes, to hold, or of somebody one trusts, to gain by.
            felt = abs(feeling_level(knowledge, debtor) - MIDDLE_LEVEL)
            salience = 3 + felt + heard.day - knowledge.day + HEARD_DAYS
            shortlist.put("assume", salience, _assume, knowledge, lender, debtor, heard)


def _assume(knowledge: Knowledge, lender: str, debtor: str, heard: Heard) -> Choice:
    trust = knowledge.trust[debtor]
    low, high = ASSUME_PERCENTS
    failed = debtor in knowledge.failed
    percent = ASSUME_CLAIM_PERCENT if failed else low + (high - low) * trust // 100
    most_pence = knowledge.pence // ASSUME_PARTS
    terms = SoughtTerms(lender, debtor, percent, most_pence)
    bid = f"{percent} in the hundred, up to {say_pence(most_pence)}"
    facts = (
        Fact("worth", percent_level(trust) if not failed else MIDDLE_LEVEL, f"you would give {bid}", debtor),
        trust_fact(knowledge, debtor),
        feeling_fact(knowledge, debtor),
        *pledge(knowledge, lender),
    )
    option = Option(
        phrase=f"assume {lender} {debtor}", act="assume", facts=facts, to=lender, tone=tone(knowledge, lender),
        weight=7, text=f"ask {lender} to sell you {debtor}'s paper at {bid}",
        slots=two_people(knowledge, lender), past={"third": Past(debtor.capitalize(), heard.event)},
    )  # fmt: skip
    return terms, option
