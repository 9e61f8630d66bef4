"""The first beat of parley: whom a seat could address, with what, and how much it matters now.

Candidates are worked out from the seat's knowledge alone.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from fivepenny.claims import ClaimKind
from fivepenny.clock import say_coming, say_past
from fivepenny.market.knowledge import Belief, Deed, Knowledge, Loan
from fivepenny.market.levels import percent_level, share_level
from fivepenny.market.sight import (
    deed_past,
    feeling_fact,
    feeling_level,
    foremost_deed,
    foremost_past,
    lack,
    loan_from,
    loan_to,
    say_when,
    tone,
    trust_fact,
    trust_level,
    wants_pence,
)
from fivepenny.market.stalls import need_level, spare_level
from fivepenny.market.terms import Candidate, LoanTerms, Rest, TipTerms, WordTerms
from fivepenny.money import format_pence
from fivepenny.scenario import Good, Seat
from fivepenny.world import TOP_LEVEL, Fact, Option, Past

REST = "say nothing"
LOAN_DAYS = 8
INTEREST_PERCENT = 10
LEAST_LOAN_PENCE, MOST_LOAN_PENCE, LOAN_STEP_PENCE = 480, 2400, 120
LENDER_LEAST_PENCE = 2400  # who has less does not think of lending
ASK_AGAIN_DAYS = 4
LACK_TO_BORROW = 4
GAIN_TO_PLANT = 5  # gain from which a falsehood is worth telling
PRESS_DAYS = 5


def loan_terms(lender: str, borrower: str, wish_pence: int, day: int) -> LoanTerms:
    """A loan of about this size, at the table's interest, due after the table's term."""
    stepped = wish_pence // LOAN_STEP_PENCE * LOAN_STEP_PENCE
    principal = max(LEAST_LOAN_PENCE, min(MOST_LOAN_PENCE, stepped))
    return LoanTerms(lender, borrower, principal, principal * (100 + INTEREST_PERCENT) // 100, day + LOAN_DAYS)


def two_people(knowledge: Knowledge, other: str) -> dict[str, str]:
    """The slots that name speaker and hearer."""
    return {"to": other.capitalize(), "me": knowledge.seat.capitalize()}


def loan_slots(knowledge: Knowledge, terms: LoanTerms, other: str) -> dict[str, str]:
    """The slots of a loan put to another."""
    return {
        **two_people(knowledge, other),
        "price": format_pence(terms.principal_pence),
        "day": say_coming(terms.due_day, knowledge.day),
    }


def debt_slots(knowledge: Knowledge, loan: Loan, other: str) -> tuple[dict[str, str], dict[str, Past]]:
    """The slots of a loan that stands: of the move, and of the past."""
    slots = {**two_people(knowledge, other), "day": say_coming(loan.due_day, knowledge.day)}
    past = {
        "debt": Past(format_pence(loan.owed_pence), loan.event),
        "since": Past(say_past(loan.lent_day, knowledge.day), loan.event),
    }
    return slots, past


def loan_text(terms: LoanTerms) -> str:
    """A loan in English."""
    return f"{format_pence(terms.principal_pence)} now, {format_pence(terms.owed_pence)} back on day {terms.due_day}"


def _recently(knowledge: Knowledge, other: str) -> bool:
    return knowledge.day - knowledge.offers_made.get(other, -ASK_AGAIN_DAYS) < ASK_AGAIN_DAYS


def _lend(knowledge: Knowledge, other: str) -> Iterator[Candidate]:
    if knowledge.pence < LENDER_LEAST_PENCE or loan_to(knowledge, other) or _recently(knowledge, other):
        return
    terms = loan_terms(knowledge.seat, other, knowledge.pence // 5, knowledge.day)
    seen = knowledge.wants_seen.get(other)
    want = 0 if seen is None else max(0, TOP_LEVEL - 2 * (knowledge.day - seen))
    salience = 2 + trust_level(knowledge, other) // 2 + want
    yield Candidate("lend", salience, terms, partial(_lend_option, knowledge, terms, want))


def _lend_option(knowledge: Knowledge, terms: LoanTerms, want: int) -> Option:
    other = terms.borrower
    seen = "was seen going short" if other in knowledge.wants_seen else "has not been seen going short"
    facts = (
        Fact("cost", share_level(terms.principal_pence, knowledge.pence), f"the loan: {loan_text(terms)}"),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
        Fact("want", want, f"{other} {seen}", other),
    )
    return Option(
        phrase=f"lend {other}", act="lend", facts=facts, text=f"offer {other} a loan: {loan_text(terms)}", to=other,
        tone=tone(knowledge, other), weight=6, slots=loan_slots(knowledge, terms, other),
        past=foremost_past(knowledge, other, 1),
    )  # fmt: skip


def _borrow(knowledge: Knowledge, other: str) -> Iterator[Candidate]:
    short = lack(knowledge)
    if short < LACK_TO_BORROW or loan_from(knowledge, other) or _recently(knowledge, other):
        return
    wish = wants_pence(knowledge) - knowledge.pence
    terms = loan_terms(other, knowledge.seat, wish, knowledge.day)
    salience = 2 * short + trust_level(knowledge, other) // 2
    yield Candidate("borrow", salience, terms, partial(_borrow_option, knowledge, terms, short))


def _borrow_option(knowledge: Knowledge, terms: LoanTerms, short: int) -> Option:
    other = terms.lender
    facts = (
        Fact("short", short, f"the loan: {loan_text(terms)}"),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    return Option(
        phrase=f"borrow {other}", act="borrow", facts=facts, text=f"ask {other} for a loan: {loan_text(terms)}",
        to=other, tone=tone(knowledge, other), weight=6, slots=loan_slots(knowledge, terms, other),
        past=foremost_past(knowledge, other, 1),
    )  # fmt: skip


def _tip_act(kind: ClaimKind) -> str:
    return "tip_up" if kind is ClaimKind.WILL_RISE else "tip_down"


def _tip_option(knowledge: Knowledge, good: Good, terms: TipTerms, gain: int, belief: Belief | None) -> Option:
    other = terms.hearer
    up = terms.kind is ClaimKind.WILL_RISE
    motion = "rise" if up else "fall"
    held = percent_level(terms.credence)
    source = f"you believe it ({terms.credence} in 100)" if belief else "you have made it up"
    past: dict[str, Past] = {}
    if belief:
        past["rumour"] = Past(f"a {motion} in {good.say}", belief.event)
        if belief.teller:
            past["third"] = Past(belief.teller.capitalize(), belief.event)
    return Option(
        phrase=f"tip {other} {good.name} {'up' if up else 'down'}",
        act=_tip_act(terms.kind),
        facts=(
            Fact("belief", held, source, good.name),
            Fact("gain", gain, "how far it would suit you if it were believed", good.name),
            trust_fact(knowledge, other),
            feeling_fact(knowledge, other),
        ),
        text=f"tell {other} in private that {good.say} will {motion}",
        to=other,
        good=good.name,
        tone=tone(knowledge, other),
        weight=4 + (held == 0),
        slots={**two_people(knowledge, other), "good": good.say},
        past=past,
    )


Gains = Mapping[tuple[str, ClaimKind], int]
"""How far it would suit the seat if a rise or fall of a good were believed, as a level."""


def _gains(knowledge: Knowledge, seat: Seat, goods: tuple[Good, ...]) -> Gains:
    levels = {ClaimKind.WILL_RISE: spare_level, ClaimKind.WILL_FALL: need_level}
    return {(good.name, kind): levels[kind](knowledge, seat, good.name) for good in goods for kind in ClaimKind}


def _to_tell(knowledge: Knowledge, assets: Collection[str], other: str) -> list[Belief]:
    """What the seat could tell another: of claims that say the same, the one it believes most, the first of equals."""
    strongest: dict[tuple[str, ClaimKind], Belief] = {}
    for belief in knowledge.beliefs.values():
        claim = belief.claim
        if claim.asset not in assets or claim.by_day <= knowledge.day or other in belief.told or belief.teller == other:
            continue
        held = strongest.get((claim.asset, claim.kind))
        if held is None or belief.credence > held.credence:
            strongest[claim.asset, claim.kind] = belief
    return list(strongest.values())


def _tips(knowledge: Knowledge, goods: tuple[Good, ...], gains: Gains, other: str) -> Iterator[Candidate]:
    by_name = {good.name: good for good in goods}
    trust, feeling = trust_level(knowledge, other), feeling_level(knowledge, other)
    for belief in _to_tell(knowledge, by_name, other):
        claim = belief.claim
        terms = TipTerms(other, claim.asset, claim.kind, claim.number, belief.credence)
        make = partial(_tip_option, knowledge, by_name[claim.asset], terms, gains[claim.asset, claim.kind], belief)
        yield Candidate(_tip_act(claim.kind), percent_level(belief.credence) + trust // 2, terms, make)
    heard = {belief.claim.asset for belief in knowledge.beliefs.values()}
    for (asset, kind), gain in gains.items():
        if gain >= GAIN_TO_PLANT and asset not in heard:
            terms = TipTerms(other, asset, kind, None, 0)
            make = partial(_tip_option, knowledge, by_name[asset], terms, gain, None)
            yield Candidate(_tip_act(kind), gain - feeling // 2, terms, make)


def _press(knowledge: Knowledge, other: str) -> Iterator[Candidate]:
    loan = loan_to(knowledge, other)
    if loan is None or loan.due_day - knowledge.day > PRESS_DAYS:
        return
    left = loan.due_day - knowledge.day
    due = max(0, TOP_LEVEL - left * 3 // 2)
    make = partial(_press_option, knowledge, loan, due)
    yield Candidate("press", 3 + due, WordTerms("press", other), make)


def _press_option(knowledge: Knowledge, loan: Loan, due: int) -> Option:
    other = loan.borrower
    slots, past = debt_slots(knowledge, loan, other)
    facts = (
        Fact("size", share_level(loan.owed_pence, knowledge.pence + loan.owed_pence),
             f"{other} owes you {format_pence(loan.owed_pence)}", other),
        Fact("due", due, f"it is due {say_coming(loan.due_day, knowledge.day)}", other),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )  # fmt: skip
    return Option(
        phrase=f"press {other}", act="press", facts=facts, text=f"press {other} for {past['debt'].text}", to=other,
        tone=tone(knowledge, other), weight=7, slots=slots, past=past,
    )  # fmt: skip


def _words(knowledge: Knowledge, other: str) -> Iterator[Candidate]:
    for act, sign in (("thank", 1), ("needle", -1)):
        deed = foremost_deed(knowledge, other, sign, unanswered=True)
        if deed is not None:
            salience = abs(deed.strength) + _freshness(knowledge, deed) // 2
            terms = WordTerms(act, other, deed.event)
            yield Candidate(act, salience, terms, partial(_word_option, knowledge, act, deed))


def _freshness(knowledge: Knowledge, deed: Deed) -> int:
    return max(0, TOP_LEVEL - (knowledge.day - deed.day))


def _word_option(knowledge: Knowledge, act: str, deed: Deed) -> Option:
    other, kind = deed.doer, act == "thank"
    facts = (
        Fact("deed", min(TOP_LEVEL, abs(deed.strength)), deed.text, other),
        Fact("fresh", _freshness(knowledge, deed), say_when(knowledge, deed), other),
        feeling_fact(knowledge, other),
    )
    return Option(
        phrase=f"{act} {other}", act=act, facts=facts, text=f"{'thank' if kind else 'wound'} {other} over {deed.text}",
        to=other, tone=tone(knowledge, other), weight=5 if kind else 7, slots=two_people(knowledge, other),
        past=deed_past(knowledge, deed),
    )  # fmt: skip


def rest_candidate(knowledge: Knowledge) -> Candidate:
    """Saying nothing, which stands on every menu of talk."""
    return Candidate("rest", 0, Rest(), partial(_rest_option, knowledge))


def _rest_option(knowledge: Knowledge) -> Option:
    return Option(phrase=REST, act="rest", text="say nothing", slots={"me": knowledge.seat.capitalize()})


def address_candidates(knowledge: Knowledge, seat: Seat, goods: tuple[Good, ...]) -> list[Candidate]:
    """Everything the seat could put to another this morning, silence last."""
    found: list[Candidate] = []
    gains = _gains(knowledge, seat, goods)
    for other in knowledge.others:
        found += _lend(knowledge, other)
        found += _borrow(knowledge, other)
        found += _tips(knowledge, goods, gains, other)
        found += _press(knowledge, other)
        found += _words(knowledge, other)
    found.append(rest_candidate(knowledge))
    return found
