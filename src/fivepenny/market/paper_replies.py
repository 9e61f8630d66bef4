"""What a seat could answer about paper: other terms for a loan, and a yes or no to what was put to it.

Works from the seat's knowledge alone. A counter-offer is answered on the next morning, among what the seat could put to
others; everything else at once.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fivepenny import happenings as hap
from fivepenny import papers
from fivepenny.clock import say_coming
from fivepenny.deposits import FIRST_SLIP
from fivepenny.events import Body
from fivepenny.market import pacts_sight
from fivepenny.market.knowledge import Knowledge, Loan
from fivepenny.market.levels import share_level
from fivepenny.market.paper_terms import (
    CounterTerms,
    DeclineDeal,
    ExtensionTerms,
    GrantExtension,
    PledgeTerms,
    SaleTerms,
    TakeCounter,
    TakeSale,
)
from fivepenny.market.parley import LOAN_STEP_PENCE, loan_slots, loan_text, two_people
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import feeling_fact, lack, say_pence, tone, trust_fact, want_of_money
from fivepenny.market.stalls import say_quantity, spare_units
from fivepenny.market.terms import LoanTerms, Terms
from fivepenny.papers import Deal
from fivepenny.scenario import Scenario
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option

KEEPS_PERCENT = 2  # a day: what spoils faster is no pledge
PLEDGE_PERCENT = 120  # of what is owed: what a lender wants a pledge to be worth
LEAST_PLEDGE_PERCENT = 40  # below this a pledge is not worth the string round it
DEARER_PERCENT, SHORTER_DAYS = 15, 5  # a lender's counter-offer without a pledge
PLEDGED_PERCENT, MILDER_PERCENT = 7, 8  # a borrower's, with a pledge and without
USUAL_PERCENT = 10
LEAST_COUNTER_PENCE = 240
LATE_LEVEL, EXTENDED_LEVELS = 6, 2  # how late it looks to ask for days, and how much more so each time again
STANDING = 20
"""Salience of what was put to the seat yesterday and waits for its word."""
_CLAIM_HOPE, _LOAN_HOPE = (15, 40), (62, 42)
"""What paper is thought to be worth in percent of its face: of a debtor that is not trusted, and what trust adds."""


def _clamp(level: int) -> int:
    return max(0, min(TOP_LEVEL, level))


def with_interest(principal_pence: int, percent: int) -> int:
    """What is owed for a principal."""
    return principal_pence * (100 + percent) // 100


# --- counter-offers -------------------------------------------------------------------------------------------


def _pledge(knowledge: Knowledge, scenario: Scenario, units: Mapping[str, int], owed_pence: int) -> PledgeTerms:
    """The dearest of these units as a pledge for a debt, no more of them than it takes; nothing where all are few."""
    best, best_pence = PledgeTerms(), owed_pence * LEAST_PLEDGE_PERCENT // 100
    for good in scenario.goods:
        each_pence = knowledge.last_pence[good.name]
        quantity = min(units.get(good.name, 0), owed_pence * PLEDGE_PERCENT // 100 // each_pence)
        if good.spoils_percent <= KEEPS_PERCENT and quantity * each_pence > best_pence:
            best, best_pence = PledgeTerms(good.name, quantity), quantity * each_pence
    return best


def _stepped(pence: int) -> int:
    return max(LEAST_COUNTER_PENCE, pence // LOAN_STEP_PENCE * LOAN_STEP_PENCE)


def _as_lender(knowledge: Knowledge, scenario: Scenario, body: hap.Offered) -> CounterTerms | None:
    """As asked against what the borrower was seen to buy; or else less of it, dearer, and sooner back."""
    if knowledge.seat in knowledge.failed:
        return None
    bought = {good: units for (seat, good), units in knowledge.paper.bought.items() if seat == body.borrower}
    may_pledge = body.borrower not in knowledge.failed
    pledge = _pledge(knowledge, scenario, bought if may_pledge else {}, body.owed_pence)
    if pledge.quantity:
        figures = (body.principal_pence, body.owed_pence, body.due_day)
    else:
        principal_pence = _stepped(body.principal_pence // 2)
        figures = (principal_pence, with_interest(principal_pence, DEARER_PERCENT), knowledge.day + SHORTER_DAYS)
    if figures[0] > knowledge.pence:
        return None
    return CounterTerms(LoanTerms(knowledge.seat, body.borrower, *figures), pledge)


def _as_borrower(knowledge: Knowledge, scenario: Scenario, body: hap.Offered) -> CounterTerms:
    """As offered but cheaper, against what the house can spare; or else less of it, at milder interest."""
    spare = {} if knowledge.seat in knowledge.failed else {name: spare_units(knowledge, name) for name in knowledge.say}
    principal_pence, percent = body.principal_pence, PLEDGED_PERCENT
    pledge = _pledge(knowledge, scenario, spare, with_interest(principal_pence, percent))
    if not pledge.quantity:
        principal_pence, percent = _stepped(principal_pence // 2), MILDER_PERCENT
    figures = (principal_pence, with_interest(principal_pence, percent), body.due_day)
    return CounterTerms(LoanTerms(body.lender, knowledge.seat, *figures), pledge)


def put_counters(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put other terms for each loan that was offered to the seat or asked of it, if the table keeps the custom."""
    if not knowledge.paper.is_kept:
        return
    for body in knowledge.heard:
        if isinstance(body, hap.Offered):
            lends = body.lender == knowledge.seat
            terms = (_as_lender if lends else _as_borrower)(knowledge, scenario, body)
            # It is answered tomorrow, and has to be a loan then.
            if terms is not None and terms.loan.due_day > knowledge.day + 1:
                shortlist.put("counter", STANDING + 6, _counter, knowledge, scenario, body.by, terms)


def _pledge_text(scenario: Scenario, pledge: PledgeTerms) -> str:
    if not pledge.quantity:
        return ""
    good = scenario.good(pledge.good)
    return f", against {say_quantity(pledge.quantity, good)} of {good.say} in pledge"


def _covered(knowledge: Knowledge, loan: LoanTerms, pledge: PledgeTerms) -> Fact:
    worth_pence = pledge.quantity * knowledge.last_pence[pledge.good] if pledge.quantity else 0
    text = f"{say_pence(worth_pence) if worth_pence else 'nothing'} is put aside for it"
    return Fact("covered", share_level(worth_pence, loan.owed_pence) if worth_pence else 0, text, pledge.good)


def _counter(knowledge: Knowledge, scenario: Scenario, other: str, terms: CounterTerms) -> Choice:
    loan, pledge = terms.loan, terms.pledge
    told = loan_text(loan) + _pledge_text(scenario, pledge)
    lends = loan.lender == knowledge.seat
    own = Fact("cost", share_level(loan.principal_pence, knowledge.pence), told)
    facts = (
        own if lends else Fact("short", lack(knowledge), told),
        _covered(knowledge, loan, pledge),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
        *(pacts_sight.pledge(knowledge, other) if lends else ()),
    )
    slots = loan_slots(knowledge, loan, other)
    if pledge.quantity:
        good = scenario.good(pledge.good)
        slots |= {"good": good.say, "qty": say_quantity(pledge.quantity, good)}
    option = Option(
        phrase=f"counter {other}", act="counter", facts=facts, to=other, good=pledge.good,
        tone=tone(knowledge, other), weight=7, slots=slots,
        text=f"{'lend' if lends else 'borrow'} on other terms: {told}",
        excludes=frozenset([f"{act} {other}" for act in ("accept", "refuse", "grant", "deny", "turn")]),
    )  # fmt: skip
    return terms, option


# --- yes and no -----------------------------------------------------------------------------------------------


def _agree(
    knowledge: Knowledge, other: str, terms: Terms, text: str, facts: tuple[Fact, ...], pence: int, day: int = 0
) -> Choice:
    slots = {**two_people(knowledge, other), "price": say_pence(pence)}
    if day:
        slots["day"] = say_coming(day, knowledge.day)
    borrows = isinstance(terms, TakeCounter) and terms.loan.borrower == knowledge.seat
    shunned = () if borrows else pacts_sight.pledge(knowledge, other)
    option = Option(
        phrase=f"agree {other}", act="agree", facts=(*facts, *shunned), text=text, to=other,
        tone=tone(knowledge, other), weight=6, slots=slots, excludes=frozenset([f"decline {other}"]),
    )  # fmt: skip
    return terms, option


def _decline(
    knowledge: Knowledge, other: str, deal: Deal, text: str, facts: tuple[Fact, ...], pence: int, day: int = 0
) -> Choice:
    slots = {**two_people(knowledge, other), "price": say_pence(pence)}
    if day:
        slots["day"] = say_coming(day, knowledge.day)
    option = Option(
        phrase=f"decline {other}", act="decline", facts=facts, text=text, to=other, tone=tone(knowledge, other),
        weight=6, slots=slots, excludes=frozenset([f"agree {other}"]),
    )  # fmt: skip
    return DeclineDeal(deal, other), option


def put_counters_heard(knowledge: Knowledge, shortlist: Shortlist) -> None:
    """Put a yes and a no to each counter-offer that was made to the seat yesterday."""
    for other, (body, heard) in knowledge.paper.counters.items():
        if heard.day != knowledge.day - 1 or other not in knowledge.others:
            continue
        if _can_take(knowledge, body):
            shortlist.put("agree", STANDING + 6, _take, knowledge, other, body)
        shortlist.put("decline", STANDING + 6, _leave, knowledge, other, body)


def _can_take(knowledge: Knowledge, body: papers.Countered) -> bool:
    if body.lender in knowledge.failed or (body.quantity and body.borrower in knowledge.failed):
        return False
    if body.lender == knowledge.seat:
        return knowledge.pence >= body.principal_pence
    return not body.quantity or knowledge.stock[body.good] >= body.quantity


def _terms_of(body: papers.Countered) -> tuple[LoanTerms, PledgeTerms]:
    figures = (body.principal_pence, body.owed_pence, body.due_day)
    return LoanTerms(body.lender, body.borrower, *figures), PledgeTerms(body.good, body.quantity)


def _counter_facts(knowledge: Knowledge, other: str, body: papers.Countered, text: str) -> tuple[Fact, ...]:
    loan, pledge = _terms_of(body)
    percent = (loan.owed_pence - loan.principal_pence) * 100 // loan.principal_pence
    lends = loan.lender == knowledge.seat
    worth = MIDDLE_LEVEL + (percent - USUAL_PERCENT if lends else USUAL_PERCENT - percent) // 2
    taken = f"it takes {say_pence(loan.principal_pence)} of your purse"
    own = Fact("cost", share_level(loan.principal_pence, knowledge.pence), taken)
    return (
        Fact("worth", _clamp(worth), f"the loan: {text}"),
        own if lends else Fact("short", lack(knowledge), want_of_money(knowledge)),
        *((_covered(knowledge, loan, pledge),) if lends else ()),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
        Fact("waits", TOP_LEVEL, f"{other} waits for a word since yesterday", other),
    )


def _counter_text(knowledge: Knowledge, body: papers.Countered) -> str:
    loan, pledge = _terms_of(body)
    pledged = f", against {pledge.quantity} of {knowledge.say[pledge.good]} in pledge" if pledge.quantity else ""
    return loan_text(loan) + pledged


def _take(knowledge: Knowledge, other: str, body: papers.Countered) -> Choice:
    text = _counter_text(knowledge, body)
    facts = _counter_facts(knowledge, other, body, text)
    terms = TakeCounter(other, *_terms_of(body))
    return _agree(knowledge, other, terms, f"agree to {other}'s terms: {text}", facts, body.principal_pence,
                  body.due_day)  # fmt: skip


def _leave(knowledge: Knowledge, other: str, body: papers.Countered) -> Choice:
    text = _counter_text(knowledge, body)
    facts = _counter_facts(knowledge, other, body, text)
    return _decline(knowledge, other, Deal.COUNTER, f"decline {other}'s terms: {text}", facts, body.principal_pence,
                    body.due_day)  # fmt: skip


def _to_extension(knowledge: Knowledge, body: papers.ExtensionAsked) -> Iterator[Choice]:
    other = body.borrower
    extended = knowledge.paper.extensions.get(body.loan, 0)
    gain_pence = body.later_pence - body.owed_pence
    percent = gain_pence * 100 // body.owed_pence
    text = f"{say_pence(body.later_pence)} on day {body.later_day} in place of {say_pence(body.owed_pence)}"
    facts = (
        Fact("worth", _clamp(MIDDLE_LEVEL + percent // 3), text, other),
        Fact("cost", lack(knowledge), want_of_money(knowledge)),
        Fact("late", _clamp(LATE_LEVEL + EXTENDED_LEVELS * extended), f"{other} has had more days {extended} times"),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    figures = (body.owed_pence, body.due_day, body.later_pence, body.later_day)
    terms = GrantExtension(ExtensionTerms(body.loan, knowledge.seat, other, *figures))
    told = (facts, body.later_pence, body.later_day)
    yield _agree(knowledge, other, terms, f"give {other} more days: {text}", *told)
    yield _decline(knowledge, other, Deal.EXTENSION, f"give {other} no more days", *told)


def _hope_percent(knowledge: Knowledge, debtor: str, unpaid: bool) -> int:
    """What the seat thinks a debtor's paper is worth, in percent of its face."""
    least, more = _CLAIM_HOPE if unpaid else _LOAN_HOPE
    return least + more * knowledge.trust[debtor] // 100


def _sale_facts(knowledge: Knowledge, sale: SaleTerms) -> tuple[Fact, ...]:
    buys, debtor = sale.buyer == knowledge.seat, sale.debtor
    over = _hope_percent(knowledge, debtor, sale.unpaid) - sale.price_pence * 100 // sale.owed_pence
    worth = MIDDLE_LEVEL + (over if buys else -over) // 4
    price, owed = say_pence(sale.price_pence), say_pence(sale.owed_pence)
    due = "who could not pay" if sale.unpaid else f"due on day {sale.due_day}"
    cost = share_level(sale.price_pence, knowledge.pence)
    spent = Fact("cost", cost, f"it takes {price} of your purse")
    return (
        Fact("worth", _clamp(worth), f"{price} for {owed} of {debtor}'s, {due}", debtor),
        spent if buys else Fact("short", lack(knowledge), want_of_money(knowledge)),
        feeling_fact(knowledge, debtor),
    )


def _to_sale(knowledge: Knowledge, other: str, sale: SaleTerms, affordable: bool) -> Iterator[Choice]:
    facts = _sale_facts(knowledge, sale)
    verb, price = ("buy" if other == sale.seller else "sell"), say_pence(sale.price_pence)
    text = f"{verb} {sale.debtor}'s paper of {say_pence(sale.owed_pence)} for {price}"
    if affordable:
        yield _agree(knowledge, other, TakeSale(sale), text, facts, sale.price_pence)
    yield _decline(knowledge, other, Deal.SALE, f"do not {text}", facts, sale.price_pence)


def of_paper(loans: Mapping[int, Loan]) -> list[Loan]:
    """Those of these loans that there is paper of: what lies with a banker is owed on a slip, which nobody buys."""
    return [loan for number, loan in loans.items() if number < FIRST_SLIP]


def _to_offer(knowledge: Knowledge, body: papers.PaperOffered) -> Iterator[Choice]:
    figures = (body.owed_pence, body.due_day, body.price_pence)
    sale = SaleTerms(body.loan, body.seller, knowledge.seat, body.debtor, *figures, body.unpaid)
    affordable = knowledge.pence >= body.price_pence and knowledge.seat not in knowledge.failed
    yield from _to_sale(knowledge, body.seller, sale, affordable)


def _to_bid(knowledge: Knowledge, body: papers.PaperSought) -> Iterator[Choice]:
    """The paper that falls due first, or the first of an estate's; who has none can only decline."""
    open_, unpaid = (
        [loan for loan in of_paper(stand) if (loan.lender, loan.borrower) == (knowledge.seat, body.debtor)]
        for stand in (knowledge.loans, knowledge.unpaid)
    )
    first = min(open_ or [loan for loan in unpaid if loan.owed_pence], key=lambda loan: (loan.due_day, loan.number),
                default=None)  # fmt: skip
    if first is None:
        facts = (feeling_fact(knowledge, body.buyer),)
        yield _decline(knowledge, body.buyer, Deal.SALE, f"{body.debtor} owes you nothing", facts, body.most_pence)
        return
    price_pence = max(1, first.owed_pence * body.percent // 100)
    figures = (first.owed_pence, first.due_day, price_pence)
    sale = SaleTerms(first.number, knowledge.seat, body.buyer, body.debtor, *figures, not open_)
    affordable = price_pence <= body.most_pence and knowledge.seat not in knowledge.failed
    yield from _to_sale(knowledge, body.buyer, sale, affordable)


PAPER_ANSWERS: Mapping[type[Body], Callable[[Knowledge, Any], Iterator[Choice]]] = {
    papers.ExtensionAsked: _to_extension,
    papers.PaperOffered: _to_offer,
    papers.PaperSought: _to_bid,
}
"""What can be answered at once to each kind of event of paper that is put to a seat."""
