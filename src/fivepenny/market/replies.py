"""The second beat of parley, and the remarks at dusk: what a seat could answer to what was put to it.

Works from the seat's knowledge alone: what was said to it this morning, what befell it today.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fivepenny import courts, papers, words
from fivepenny import happenings as hap
from fivepenny.claims import ClaimKind
from fivepenny.events import Body, Seen
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market import bribery_menu, hire_menu
from fivepenny.market.court_menu import protests
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import share_level
from fivepenny.market.pacts_menu import betrayed_remarks, pact_answers
from fivepenny.market.pacts_sight import pledge
from fivepenny.market.paper_replies import PAPER_ANSWERS
from fivepenny.market.parley import (
    debt_slots,
    loan_slots,
    loan_text,
    two_people,
)
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import (
    claim_facts,
    feeling_fact,
    foremost_past,
    lack,
    loans_by_other,
    say_pence,
    tone,
    trust_fact,
)
from fivepenny.market.terms import (
    EarlyPayment,
    LoanTerms,
    ReplyToLoan,
    ReplyToTip,
    Rest,
    Terms,
    WordTerms,
)
from fivepenny.market.words_bound import payment_word
from fivepenny.market.words_replies import ANSWERS as WORDS_ANSWERS
from fivepenny.pacts import PactBroken, PactProposed
from fivepenny.scenario import Scenario
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option, Past

ANSWERED = 20  # salience of an answer: what was put to a seat matters before all else
_WEIGHTS = {"accept": 6, "refuse": 6, "grant": 6, "deny": 7, "credit": 3, "doubt": 4, "pay": 6, "plead": 7,
            "answer": 4, "turn": 5}  # fmt: skip


def _reply(
    knowledge: Knowledge,
    act: str,
    other: str,
    text: str,
    facts: tuple[Fact, ...],
    terms: Terms,
    *,
    slots: dict[str, str] | None = None,
    past: dict[str, Past] | None = None,
    rivals: tuple[str, ...] = (),
) -> Choice:
    option = Option(
        phrase=f"{act} {other}",
        act=act,
        facts=facts,
        text=text,
        to=other,
        tone=tone(knowledge, other),
        weight=_WEIGHTS[act],
        slots=slots or two_people(knowledge, other),
        past=past or {},
        excludes=frozenset([f"{rival} {other}" for rival in rivals]),
    )
    return terms, option


def _to_loan(knowledge: Knowledge, body: hap.Offered) -> Iterator[Choice]:
    other = body.by
    terms = LoanTerms(body.lender, body.borrower, body.principal_pence, body.owed_pence, body.due_day)
    offered = body.lender == other
    yes, no = ("accept", "refuse") if offered else ("grant", "deny")
    slots = loan_slots(knowledge, terms, other)
    feelings = (trust_fact(knowledge, other), feeling_fact(knowledge, other))
    facts: tuple[Fact, ...]
    if offered:
        facts = (Fact("short", lack(knowledge), f"the loan: {loan_text(terms)}"), *feelings)
    else:
        cost = share_level(terms.principal_pence, knowledge.pence)
        facts = (Fact("cost", cost, f"the loan: {loan_text(terms)}"), *feelings, *pledge(knowledge, other))
    may_lend = knowledge.seat not in knowledge.failed
    if offered or (may_lend and knowledge.pence >= terms.principal_pence):
        text = f"{'take' if offered else 'grant'} the loan: {loan_text(terms)}"
        past = foremost_past(knowledge, other, kind=True)
        yield _reply(
            knowledge, yes, other, text, facts, ReplyToLoan(terms, True), slots=slots, past=past,
            rivals=(no, "turn", "counter"),
        )  # fmt: skip
    past = foremost_past(knowledge, other, kind=False)
    yield _reply(
        knowledge, no, other, f"refuse {other} the loan" if not offered else f"refuse {other}'s money", facts,
        ReplyToLoan(terms, False), slots=slots, past=past, rivals=(yes, "turn", "counter"),
    )  # fmt: skip
    yield _turn(knowledge, other, (yes, no, "counter"))


def _to_tip(knowledge: Knowledge, body: hap.Tipped) -> Iterator[Choice]:
    other, claim = body.teller, body.claim
    say = knowledge.say[claim.asset]
    motion = "rise" if claim.kind is ClaimKind.WILL_RISE else "fall"
    held = knowledge.beliefs.get(claim.number)
    facts = (
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
        *claim_facts(knowledge, claim, f"{say} will {motion}, says {other}"),
    )
    slots = {**two_people(knowledge, other), "good": say}
    past = {"rumour": Past(f"a {motion} in {say}", held.event)} if held else {}
    doubts = past | foremost_past(knowledge, other, kind=False)
    text = f"{other}'s word that {say} will {motion}"
    yield _reply(knowledge, "credit", other, f"believe {text}", facts, ReplyToTip(body, True),
                 slots=slots, past=past, rivals=("doubt", "turn"))  # fmt: skip
    yield _reply(knowledge, "doubt", other, f"doubt {text}", facts, ReplyToTip(body, False),
                 slots=slots, past=doubts, rivals=("credit", "turn"))  # fmt: skip
    yield _turn(knowledge, other, ("credit", "doubt"))


def _turn(knowledge: Knowledge, other: str, rivals: tuple[str, ...]) -> Choice:
    past = foremost_past(knowledge, other, kind=False)
    facts = (trust_fact(knowledge, other), feeling_fact(knowledge, other))
    return _reply(
        knowledge, "turn", other, f"turn away from {other}", facts, WordTerms("turn", other), past=past, rivals=rivals
    )


def _to_word(knowledge: Knowledge, body: hap.Spoken) -> Iterator[Choice]:
    other = body.speaker
    loan = loans_by_other(knowledge)[1].get(other) if body.act == "press" else None
    if loan is not None:
        slots, past = debt_slots(knowledge, loan, other)
        cost = share_level(loan.owed_pence, knowledge.pence)
        facts = (Fact("cost", cost, f"you owe {other} {say_pence(loan.owed_pence)}"), feeling_fact(knowledge, other))
        if knowledge.pence >= loan.owed_pence:
            yield _reply(knowledge, "pay", other, f"pay {other} {past['debt'].text} now",
                         (*facts, *payment_word(knowledge, loan.number)),
                         EarlyPayment(loan.number, other), slots=slots, past=past,
                         rivals=("plead", "turn"))  # fmt: skip
        yield _reply(knowledge, "plead", other, f"ask {other} to wait until the day", facts, WordTerms("plead", other),
                     slots=slots, past=past, rivals=("pay", "turn"))  # fmt: skip
        yield _turn(knowledge, other, ("pay", "plead"))
        return
    sting = TOP_LEVEL if body.act == "needle" else 0
    facts = (
        Fact("sting", sting, f"{other} wounded you" if sting else f"{other} spoke well of you", other),
        feeling_fact(knowledge, other),
    )
    yield _reply(knowledge, "answer", other, f"answer {other} civilly", facts, WordTerms("answer", other),
                 past=foremost_past(knowledge, other, kind=True), rivals=("turn",))  # fmt: skip
    yield _turn(knowledge, other, ("answer",))


def _made(choice: Choice) -> Choice:
    return choice


ANSWERS: Mapping[type[Body], Callable[[Knowledge, Any], Iterator[Choice]]] = {
    hap.Offered: _to_loan,
    hap.Tipped: _to_tip,
    hap.Spoken: _to_word,
    **hire_menu.ANSWERS,
    PactProposed: pact_answers,
    **PAPER_ANSWERS,
    words.SpokenSo: _to_word,
    **WORDS_ANSWERS,
    **bribery_menu.ANSWERS,
}
"""What can be answered to each kind of event that is put to a seat in the morning."""


def put_answers(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put everything that the seat could answer to what was put to it this morning."""
    for body in knowledge.heard:
        for choice in ANSWERS[type(body)](knowledge, body):
            shortlist.put(choice[1].act, ANSWERED + choice[1].weight, _made, choice)


def _remark(
    knowledge: Knowledge, act: str, other: str, weight: int, text: str, slots: dict[str, str],
    past: dict[str, Past], terms: Terms, fact: Fact,
) -> Choice:  # fmt: skip
    option = Option(
        phrase=f"{act} {other}", act=act, facts=(fact,), text=text, to=other if other in knowledge.others else "",
        tone=tone(knowledge, other), weight=weight, slots=slots, past=past,
    )  # fmt: skip
    return terms, option


def _on_default(knowledge: Knowledge, seen: Seen, body: hap.Defaulted) -> Iterator[Choice]:
    if OUTSIDE in (body.lender, body.borrower) or not body.lost_pence:
        return
    other = body.lender if body.borrower == knowledge.seat else body.borrower
    act = "default" if body.borrower == knowledge.seat else "collect"
    in_goods_pence = body.value_pence if isinstance(body, papers.Foreclosed) else 0
    debt = Past(say_pence(body.paid_pence + body.lost_pence + in_goods_pence), seen.number)
    text = f"own to {other} that you cannot pay" if act == "default" else f"tell {other} what you think"
    loss = share_level(body.lost_pence, body.lost_pence + knowledge.pence)
    fact = Fact("loss", loss, f"{say_pence(body.lost_pence)} is not paid", other)
    terms: Terms = WordTerms(act, other) if act == "collect" else Rest()
    yield _remark(knowledge, act, other, 9, text, two_people(knowledge, other), {"debt": debt}, terms, fact)


def _on_payment(knowledge: Knowledge, seen: Seen, body: hap.Repaid) -> Iterator[Choice]:
    if body.lender == OUTSIDE:
        return
    lender = body.lender
    debt = Past(say_pence(body.pence), seen.number)
    fact = Fact("loss", 0, f"you paid {lender} {debt.text}", lender)
    text = f"say a word to {lender} as you pay"
    yield _remark(knowledge, "repay", lender, 6, text, two_people(knowledge, lender), {"debt": debt}, Rest(), fact)


def _on_want(knowledge: Knowledge, seen: Seen, body: hap.Wanted) -> Iterator[Choice]:
    say = knowledge.say[body.good]
    slots = {"good": say, "me": knowledge.seat.capitalize()}
    loss = TOP_LEVEL if body.without else MIDDLE_LEVEL
    fact = Fact("loss", loss, f"your house went short of {say}", body.good)
    weight = 6 if body.without else 3
    yield _remark(knowledge, "want", body.good, weight, f"speak of going short of {say}", slots, {}, Rest(), fact)


REMARKS: Mapping[type[Body], Callable[[Knowledge, Seen, Any], Iterator[Choice]]] = {
    hap.Defaulted: _on_default,
    hap.Repaid: _on_payment,
    hap.Wanted: _on_want,
    **hire_menu.REMARKS,
    courts.CaseDecided: protests,
    PactBroken: betrayed_remarks,
    papers.Foreclosed: _on_default,
    papers.Redeemed: _on_payment,
}
"""What can be said at dusk of each kind of event that befell a seat."""


def put_remarks(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put what the seat could say at dusk of what befell it today.

    Nobody talks to the outside world. Of two things that call for the same remark (two debts to one lender) the
    first gets it.
    """
    found: dict[str, Choice] = {}
    for seen in knowledge.befell:
        for choice in REMARKS[type(seen.body)](knowledge, seen, seen.body):
            found.setdefault(choice[1].phrase, choice)
    for choice in found.values():
        shortlist.put(choice[1].act, choice[1].weight, _made, choice)
