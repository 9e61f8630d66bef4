"""The first beat of parley: whom a seat could address, with what, and how much it matters now.

What is put to the shortlist is worked out from the seat's knowledge alone.
"""

from collections.abc import Iterable
from functools import lru_cache

from fivepenny.claims import ClaimKind
from fivepenny.clock import say_coming, say_past
from fivepenny.market.deeds import Deed, say_when
from fivepenny.market.knowledge import Belief, Knowledge, Loan
from fivepenny.market.levels import percent_level, share_level
from fivepenny.market.pacts_sight import pledge
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import (
    MOST_KEPT,
    deed_past,
    feeling_fact,
    feeling_level,
    foremost_past,
    lack,
    loans_by_other,
    say_pence,
    suits,
    tone,
    trust_fact,
    trust_level,
    wants_pence,
)
from fivepenny.market.stalls import need_level, spare_level
from fivepenny.market.terms import LoanTerms, Rest, TipTerms, WordTerms
from fivepenny.scenario import Good, Scenario
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
        "price": say_pence(terms.principal_pence),
        "day": say_coming(terms.due_day, knowledge.day),
    }


def debt_slots(knowledge: Knowledge, loan: Loan, other: str) -> tuple[dict[str, str], dict[str, Past]]:
    """The slots of a loan that stands: of the move, and of the past."""
    slots = {**two_people(knowledge, other), "day": say_coming(loan.due_day, knowledge.day)}
    past = {
        "debt": Past(say_pence(loan.owed_pence), loan.event),
        "since": Past(say_past(loan.lent_day, knowledge.day), loan.event),
    }
    return slots, past


def loan_text(terms: LoanTerms) -> str:
    """A loan in English."""
    return f"{say_pence(terms.principal_pence)} now, {say_pence(terms.owed_pence)} back on day {terms.due_day}"


def _lend(knowledge: Knowledge, other: str, want: int) -> Choice:
    terms = loan_terms(knowledge.seat, other, knowledge.pence // 5, knowledge.day)
    seen = "was seen going short" if other in knowledge.wants_seen else "has not been seen going short"
    facts = (
        Fact("cost", share_level(terms.principal_pence, knowledge.pence), f"the loan: {loan_text(terms)}"),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
        Fact("want", want, f"{other} {seen}", other),
        *pledge(knowledge, other),
    )
    option = Option(
        phrase=f"lend {other}", act="lend", facts=facts, text=f"offer {other} a loan: {loan_text(terms)}", to=other,
        tone=tone(knowledge, other), weight=6, slots=loan_slots(knowledge, terms, other),
        past=foremost_past(knowledge, other, kind=True),
    )  # fmt: skip
    return terms, option


def _borrow(knowledge: Knowledge, other: str, short: int) -> Choice:
    wish = wants_pence(knowledge) - knowledge.pence
    terms = loan_terms(other, knowledge.seat, wish, knowledge.day)
    facts = (
        Fact("short", short, f"the loan: {loan_text(terms)}"),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    option = Option(
        phrase=f"borrow {other}", act="borrow", facts=facts, text=f"ask {other} for a loan: {loan_text(terms)}",
        to=other, tone=tone(knowledge, other), weight=6, slots=loan_slots(knowledge, terms, other),
        past=foremost_past(knowledge, other, kind=True),
    )  # fmt: skip
    return terms, option


_TIP_ACTS = {ClaimKind.WILL_RISE: "tip_up", ClaimKind.WILL_FALL: "tip_down"}


def _gain(knowledge: Knowledge, good: str, kind: ClaimKind) -> int:
    """How far it would suit the seat if a rise or fall of a good were believed, as a level."""
    return (spare_level if kind is ClaimKind.WILL_RISE else need_level)(knowledge, good)


@lru_cache(maxsize=MOST_KEPT)
def _gain_fact(gain: int, good: str) -> Fact:
    return Fact("gain", gain, suits(gain), good)


def _tell(knowledge: Knowledge, good: Good, other: str, belief: Belief) -> Choice:
    claim = belief.claim
    return _tip(knowledge, good, TipTerms(other, good.name, claim.kind, claim.number, belief.credence), belief)


def _make_up(knowledge: Knowledge, good: Good, other: str, kind: ClaimKind) -> Choice:
    return _tip(knowledge, good, TipTerms(other, good.name, kind, None, 0), None)


def _tip(knowledge: Knowledge, good: Good, terms: TipTerms, belief: Belief | None) -> Choice:
    other, kind = terms.hearer, terms.kind
    up = kind is ClaimKind.WILL_RISE
    motion = "rise" if up else "fall"
    held = percent_level(terms.credence)
    source = f"you believe it ({terms.credence} in 100)" if belief else "you have made it up"
    past: dict[str, Past] = {}
    if belief:
        past["rumour"] = Past(f"a {motion} in {good.say}", belief.event)
        if belief.teller:
            past["third"] = Past(belief.teller.capitalize(), belief.event)
    option = Option(
        phrase=f"tip {other} {good.name} {'up' if up else 'down'}",
        act=_TIP_ACTS[kind],
        facts=(
            Fact("belief", held, source, good.name),
            _gain_fact(_gain(knowledge, good.name, kind), good.name),
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
    return terms, option


class _Tales:
    """What the seat could tell this morning, true or not: worked out once, whoever hears it."""

    def __init__(self, knowledge: Knowledge, goods: tuple[Good, ...]) -> None:
        """The claims that still stand, and the falsehoods that are worth telling."""
        beliefs = knowledge.beliefs.values()
        heard = {belief.claim.asset for belief in beliefs}
        self.made_up = [
            (good, kind, gain)
            for good in goods
            if good.name not in heard
            for kind in (ClaimKind.WILL_RISE, ClaimKind.WILL_FALL)
            if (gain := _gain(knowledge, good.name, kind)) >= GAIN_TO_PLANT
        ]
        self.goods = {good.name: good for good in goods}
        self._held = [
            belief for belief in beliefs if belief.claim.asset in self.goods and belief.claim.by_day > knowledge.day
        ]
        self._told = {name for belief in self._held for name in (*belief.told, belief.teller)}
        self._for_the_rest = _strongest(self._held)

    def held(self, other: str) -> list[Belief]:
        """What the seat could tell another: of claims that say the same, the one it believes most, the first of equals.

        Who has been told a claim, or told it, does not hear it again.
        """
        if other not in self._told:
            return self._for_the_rest
        return _strongest([belief for belief in self._held if other not in belief.told and belief.teller != other])


def _strongest(beliefs: Iterable[Belief]) -> list[Belief]:
    strongest: dict[tuple[str, ClaimKind], Belief] = {}
    for belief in beliefs:
        claim = belief.claim
        held = strongest.get((claim.asset, claim.kind))
        if held is None or belief.credence > held.credence:
            strongest[claim.asset, claim.kind] = belief
    return list(strongest.values())


def press(knowledge: Knowledge, loan: Loan, due: int) -> Choice:
    """Reminding a debtor of a loan; `due`: how soon it is due, as a level."""
    other = loan.borrower
    slots, past = debt_slots(knowledge, loan, other)
    facts = (
        Fact("size", share_level(loan.owed_pence, knowledge.pence + loan.owed_pence),
             f"{other} owes you {say_pence(loan.owed_pence)}", other),
        Fact("due", due, f"it is due {say_coming(loan.due_day, knowledge.day)}", other),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )  # fmt: skip
    option = Option(
        phrase=f"press {other}", act="press", facts=facts, text=f"press {other} for {past['debt'].text}", to=other,
        tone=tone(knowledge, other), weight=7, slots=slots, past=past,
    )  # fmt: skip
    return WordTerms("press", other), option


def _freshness(knowledge: Knowledge, deed: Deed) -> int:
    return max(0, TOP_LEVEL - (knowledge.day - deed.day))


def _word(knowledge: Knowledge, act: str, deed: Deed) -> Choice:
    other, kind = deed.doer, act == "thank"
    facts = (
        Fact("deed", min(TOP_LEVEL, abs(deed.strength)), deed.text, other),
        Fact("fresh", _freshness(knowledge, deed), say_when(deed, knowledge.day), other),
        feeling_fact(knowledge, other),
    )
    option = Option(
        phrase=f"{act} {other}", act=act, facts=facts, text=f"{'thank' if kind else 'wound'} {other} over {deed.text}",
        to=other, tone=tone(knowledge, other), weight=5 if kind else 7, slots=two_people(knowledge, other),
        past=deed_past(knowledge, deed),
    )  # fmt: skip
    return WordTerms(act, other, deed.event), option


def rest(knowledge: Knowledge) -> Choice:
    """Saying nothing, which stands on every menu of talk."""
    slots = {"me": knowledge.seat.capitalize()}
    return Rest(), Option(phrase=REST, act="rest", text="say nothing", slots=slots)


def put_addresses(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put everything that the seat could say to another this morning: loans, tips, reminders and words, by hearer."""
    day, put, deeds = knowledge.day, shortlist.put, knowledge.deeds
    by_borrower, by_lender = loans_by_other(knowledge)
    tales, short = _Tales(knowledge, scenario.goods), lack(knowledge)
    lends = knowledge.pence >= LENDER_LEAST_PENCE and knowledge.seat not in knowledge.failed
    borrows = short >= LACK_TO_BORROW
    for other in knowledge.others:
        trust = trust_level(knowledge, other) // 2
        loan, last_day = by_borrower.get(other), knowledge.offers_made.get(other)
        if last_day is None or day - last_day >= ASK_AGAIN_DAYS:
            if lends and loan is None:
                seen_day = knowledge.wants_seen.get(other)
                want = 0 if seen_day is None else max(0, TOP_LEVEL - 2 * (day - seen_day))
                put("lend", 2 + trust + want, _lend, knowledge, other, want)
            if borrows and other not in by_lender and other not in knowledge.failed:
                put("borrow", 2 * short + trust, _borrow, knowledge, other, short)
        for belief in tales.held(other):
            claim = belief.claim
            salience = percent_level(belief.credence) + trust
            put(_TIP_ACTS[claim.kind], salience, _tell, knowledge, tales.goods[claim.asset], other, belief)
        if tales.made_up:
            feeling = feeling_level(knowledge, other) // 2
            for good, kind, gain in tales.made_up:
                put(_TIP_ACTS[kind], gain - feeling, _make_up, knowledge, good, other, kind)
        if loan is not None and loan.due_day - day <= PRESS_DAYS:
            due = max(0, TOP_LEVEL - (loan.due_day - day) * 3 // 2)
            put("press", 3 + due, press, knowledge, loan, due)
        for act, kindness in (("thank", True), ("needle", False)):
            deed = deeds.unanswered(other, kind=kindness)
            if deed is not None:
                put(act, abs(deed.strength) + _freshness(knowledge, deed) // 2, _word, knowledge, act, deed)
