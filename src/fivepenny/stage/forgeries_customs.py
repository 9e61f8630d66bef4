"""Terms of the customs that no menu lists, forged for a workload of the world, each with what has to become of it.

Hires from oneself, pacts against a party of theirs, promises for ever, accusations without a letter, answers to what
was not put, paper that nobody owes. At a table without the custom all of them are refused for that; terms in another
beat than their own are out of phase at any table.
"""

from collections.abc import Callable, Mapping
from typing import cast

from fivepenny.bribery import OathSought
from fivepenny.claims import ClaimKind, Promise, PromiseKind
from fivepenny.clock import Beat
from fivepenny.courts import Oath
from fivepenny.hires import HireAsked
from fivepenny.market.bribery_terms import OathBribeTerms, ReplyToOathBribe
from fivepenny.market.court_terms import AccuseTerms, OathTerms
from fivepenny.market.deposits_terms import DepositTerms, WithdrawalTerms
from fivepenny.market.hire_terms import HireTerms, RecallTerms, ReplyToHire
from fivepenny.market.orders import Side
from fivepenny.market.pacts_terms import PactTerms, ReplyToPact
from fivepenny.market.paper_terms import (
    CounterTerms,
    DeclineDeal,
    ExtensionTerms,
    GrantExtension,
    PledgeTerms,
    SaleTerms,
    SoughtTerms,
    TakeCounter,
    TakeSale,
)
from fivepenny.market.terms import LoanTerms, OrderTerms, Terms, TipTerms, WordTerms
from fivepenny.market.words_terms import (
    BribeTerms,
    CarryOut,
    PromiseTerms,
    ReplyToBribe,
    ReplyToPromise,
    ReplyToThreat,
    ThreatTerms,
    TipInManner,
    WordInManner,
)
from fivepenny.pacts import PactProposed, Shape
from fivepenny.papers import Deal
from fivepenny.parts import Custom, Manner
from fivepenny.refusals import MoveFlaw
from fivepenny.stage.rough_moves import Table, Trick, Wrong
from fivepenny.words import Bribed, Threatened
from fivepenny.world import Menu

NO_NUMBER = 10**9  # of no loan, hire, pact, case or threat
SLY = cast(Manner, "sly")

Forge = Callable[[Table, str, str], Terms]
"""Makes terms of a seat and another who is at the table."""


def _whom(table: Table, seat: str) -> str | None:
    """Any other seat that is at the table."""
    here = [name for name in table.town.seats if name != seat and name not in table.standing["exiled"]]
    return table.chance.choice(here) if here else None


def _forged(custom: Custom, flaw: MoveFlaw, forge: Forge, *, solvent: bool = False) -> Trick:
    """A trick: terms of a custom that have to be refused so; `solvent`: for another cause where one of two failed."""

    def trick(table: Table, seat: str, menu: Menu) -> Wrong | None:
        other = _whom(table, seat)
        if other is None:
            return None
        due = flaw
        if solvent and table.failed & {seat, other}:
            due = MoveFlaw.HAS_FAILED
        if custom not in table.scenario.customs:
            due = MoveFlaw.NO_CUSTOM
        return table.town.forge(seat, forge(table, seat, other)), due, ()

    return trick


def _out_of_phase(forge: Forge) -> Trick:
    """A trick: terms in a beat that is not theirs."""

    def trick(table: Table, seat: str, menu: Menu) -> Wrong | None:
        other = _whom(table, seat)
        if other is None:
            return None
        return table.town.forge(seat, forge(table, seat, other)), MoveFlaw.OUT_OF_PHASE, ()

    return trick


def _to_one_away(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """Money for somebody whom the court has sent away."""
    away = sorted(table.standing["exiled"] - {seat})
    if not away or "words" not in table.scenario.customs:
        return None
    terms = BribeTerms(table.chance.choice(away), 5, table.good(shares=True), table.town.day)
    return table.town.forge(seat, terms), MoveFlaw.IS_AWAY, ()


def _order_of_what_is_bought_in(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """An order of one's own for a good that is bought in for one."""
    goods = sorted(good for name, good in table.bought_in if name == seat)
    if not goods:
        return None
    terms = OrderTerms(table.chance.choice(tuple(Side)), table.chance.choice(goods), 1, 9)
    return table.town.forge(seat, terms), MoveFlaw.BOUGHT_IN, ()


def _deposit_with_nobody(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """Money for one who keeps no bank."""
    plain = [name for name in table.town.seats if name not in (seat, *table.scenario.bankers)]
    here = [name for name in plain if name not in table.standing["exiled"]]
    if not here or "deposits" not in table.scenario.customs:
        return None
    return table.town.forge(seat, DepositTerms(table.chance.choice(here), 5)), MoveFlaw.UNKNOWN_OTHER, ()


def _oath_bought_in_no_case(table: Table, seat: str, menu: Menu) -> Wrong | None:
    other, kept = _whom(table, seat), {"court", "words"} <= set(table.scenario.customs)
    if other is None:
        return None
    terms = OathBribeTerms(other, 5, NO_NUMBER, table.good(shares=True))
    return table.town.forge(seat, terms), MoveFlaw.NO_SUCH_CASE if kept else MoveFlaw.NO_CUSTOM, ()


def _loan(lender: str, borrower: str, table: Table) -> LoanTerms:
    return LoanTerms(lender, borrower, 5, 6, table.town.day + 3)


def _hire(table: Table, owner: str, quantity: int) -> HireTerms:
    return HireTerms(owner, table.good(shares=True), quantity, 1, 1, table.town.day + 1)


def _asked(table: Table, owner: str, hirer: str) -> HireAsked:
    return HireAsked(hirer, owner, table.good(shares=True), NO_NUMBER, 1, 1, table.town.day + 1)


def _pact(
    table: Table, to: str, *, about: str = "", shape: Shape = Shape.POOL, days: int = 3, number: int = 0,
    penalty_pence: int = 9, fund_pence: int = 0,
) -> PactTerms:  # fmt: skip
    about = about or table.good(shares=True)
    return PactTerms(to, number, shape, about, 0, table.town.day + days, penalty_pence, fund_pence)


def _proposed(table: Table, by: str, to: str) -> PactProposed:
    return PactProposed(by, to, 0, Shape.POOL, table.good(shares=True), 0, table.town.day + 3, NO_NUMBER, 0)


def _promise(to: str, table: Table, days: int, manner: Manner = "plain") -> PromiseTerms:
    return PromiseTerms(PromiseKind.WILL_HOLD, to, table.good(shares=True), 0, table.town.day + days, manner)


def _given(table: Table, by: str, to: str) -> Promise:
    day = table.town.day
    return Promise(NO_NUMBER, PromiseKind.WILL_HOLD, by, to, table.good(shares=True), 0, day, day)


def _threat(by: str, to: str, table: Table) -> Threatened:
    return Threatened(NO_NUMBER, by, to, 0, 0, table.good(shares=True), table.town.day, "room", "plain")


def _offered(table: Table, by: str, to: str) -> Bribed:
    return Bribed(NO_NUMBER, by, to, 5, table.good(shares=True), table.town.day, "plain")


def _sought(table: Table, by: str, to: str) -> OathSought:
    return OathSought(NO_NUMBER, by, to, 5, table.good(shares=True), table.town.day, "plain", NO_NUMBER)


def _sale(table: Table, seller: str, buyer: str, debtor: str = "") -> SaleTerms:
    thirds = [name for name in table.town.seats if name not in (seller, buyer)]
    return SaleTerms(NO_NUMBER, seller, buyer, debtor or table.chance.choice(thirds), 9, table.town.day + 3, 5, False)


def _days(table: Table, lender: str, borrower: str) -> ExtensionTerms:
    day = table.town.day
    return ExtensionTerms(NO_NUMBER, lender, borrower, 5, day + 1, 6, day + 5)


def _tip(table: Table, hearer: str) -> TipTerms:
    return TipTerms(hearer, table.good(shares=True), ClaimKind.WILL_RISE, None, 0)


def _oath() -> OathTerms:
    return OathTerms(NO_NUMBER, Oath.TOLD, 0, True)


_SELF, _NOT_PUT, _BELOW = MoveFlaw.DEALS_WITH_ITSELF, MoveFlaw.NOT_PUT_TO_IT, MoveFlaw.AMOUNT_NOT_POSITIVE

ADDRESSED: Mapping[str, Trick] = {
    "hire from oneself": _forged("hire", _SELF, lambda t, me, you: _hire(t, me, 1)),
    "hire of -3": _forged("hire", _BELOW, lambda t, me, you: _hire(t, you, -3)),
    "recall of what is not out": _forged("hire", MoveFlaw.NO_SUCH_HIRE, lambda t, me, you: RecallTerms(NO_NUMBER)),
    "deposit with oneself": _forged("deposits", _SELF, lambda t, me, you: DepositTerms(me, 5)),
    "deposit with no banker": _deposit_with_nobody,
    "deposit asked for below zero": _forged("deposits", _BELOW, lambda t, me, you: WithdrawalTerms(1, you, -5)),
    "deposit asked for that is not there": _forged(
        "deposits", MoveFlaw.NO_SUCH_LOAN, lambda t, me, you: WithdrawalTerms(NO_NUMBER, you, 5)
    ),
    "pact with oneself": _forged("pacts", _SELF, lambda t, me, you: _pact(t, me)),
    "pact against its own party": _forged(
        "pacts", _SELF, lambda t, me, you: _pact(t, you, about=you, shape=Shape.SHUN)
    ),
    "pact about nothing known": _forged(
        "pacts", MoveFlaw.UNKNOWN_GOOD, lambda t, me, you: _pact(t, you, about="tulips")
    ),
    "pact that is over": _forged("pacts", MoveFlaw.DAY_IS_PAST, lambda t, me, you: _pact(t, you, days=-1)),
    "pact with a penalty below zero": _forged("pacts", _BELOW, lambda t, me, you: _pact(t, you, penalty_pence=-1)),
    "pact at no price": _forged("pacts", MoveFlaw.OTHER_TERMS, lambda t, me, you: _pact(t, you, shape=Shape.FLOOR)),
    "pact with more money than one has": _forged(
        "pacts", MoveFlaw.MORE_THAN_IT_HAS, lambda t, me, you: _pact(t, you, fund_pence=t.holds(me) + 1)
    ),
    "pact that nobody signed": _forged(
        "pacts", MoveFlaw.NO_SUCH_PACT, lambda t, me, you: _pact(t, you, number=NO_NUMBER)
    ),
    "promise to oneself": _forged("words", _SELF, lambda t, me, you: _promise(me, t, 0)),
    "promise for ever": _forged("words", MoveFlaw.OTHER_TERMS, lambda t, me, you: _promise(you, t, 99)),
    "promise in no manner": _forged("words", MoveFlaw.UNKNOWN_WORD, lambda t, me, you: _promise(you, t, 0, SLY)),
    "promise to pay no debt": _forged(
        "words", MoveFlaw.NO_SUCH_LOAN,
        lambda t, me, you: PromiseTerms(PromiseKind.WILL_PAY, you, "", NO_NUMBER, t.town.day + 1),
    ),
    "threat over no debt": _forged(
        "words", MoveFlaw.NO_SUCH_LOAN, lambda t, me, you: ThreatTerms(you, NO_NUMBER, 5, "", 0, "call")
    ),
    "threat that nobody made": _forged(
        "words", MoveFlaw.NO_SUCH_THREAT, lambda t, me, you: CarryOut(_threat(me, you, t), t.town.day + 1)
    ),
    "bribe to oneself": _forged("words", _SELF, lambda t, me, you: BribeTerms(me, 5, t.good(shares=True), t.town.day)),
    "bribe of nothing": _forged(
        "words", _BELOW, lambda t, me, you: BribeTerms(you, 0, t.good(shares=True), t.town.day)
    ),
    "bribe to one who is away": _to_one_away,
    "tip in no manner": _forged(
        "words", MoveFlaw.UNKNOWN_WORD, lambda t, me, you: TipInManner(_tip(t, you), SLY)
    ),
    "tip to oneself in a manner": _forged("words", _SELF, lambda t, me, you: TipInManner(_tip(t, me), "warm")),
    "accusation of oneself": _forged(
        "court", _SELF, lambda t, me, you: AccuseTerms(me, t.good(shares=True), True, t.town.day)
    ),
    "accusation without a letter": _forged(
        "court", _NOT_PUT, lambda t, me, you: AccuseTerms(you, t.good(shares=True), True, NO_NUMBER)
    ),
    "oath bought in no case": _oath_bought_in_no_case,
    "oath in the morning": _out_of_phase(lambda t, me, you: _oath()),
    "paper that nobody owes": _forged(
        "paper", MoveFlaw.NO_SUCH_LOAN, lambda t, me, you: _sale(t, me, you), solvent=True
    ),
    "paper sold to its debtor": _forged("paper", MoveFlaw.NOT_A_PARTY, lambda t, me, you: _sale(t, me, you, you)),
    "paper sought of oneself": _forged("paper", _SELF, lambda t, me, you: SoughtTerms(me, you, 50, 9)),
    "more days for no loan": _forged("paper", MoveFlaw.NO_SUCH_LOAN, lambda t, me, you: _days(t, you, me)),
    "counter-offer taken that was not made": _forged(
        "paper", _NOT_PUT, lambda t, me, you: TakeCounter(you, _loan(you, me, t), PledgeTerms())
    ),
}  # fmt: skip
"""What can be put behind a phrase in the first beat of parley."""

ANSWERED: Mapping[str, Trick] = {
    "hire that nobody asked for": _forged(
        "hire", _NOT_PUT, lambda t, me, you: ReplyToHire(_asked(t, me, you), t.chance.random() < 0.5)
    ),
    "pact that was not put to one": _forged(
        "pacts", _NOT_PUT, lambda t, me, you: ReplyToPact(_proposed(t, you, me), t.chance.random() < 0.5)
    ),
    "promise that was not given": _forged(
        "words", _NOT_PUT, lambda t, me, you: ReplyToPromise(_given(t, you, me), True)
    ),
    "threat that was not made": _forged("words", _NOT_PUT, lambda t, me, you: ReplyToThreat(_threat(you, me, t), True)),
    "bribe that was not offered": _forged(
        "words", _NOT_PUT, lambda t, me, you: ReplyToBribe(_offered(t, you, me), True)
    ),
    "oath that nobody would buy": _forged(
        "words", _NOT_PUT, lambda t, me, you: ReplyToOathBribe(_sought(t, you, me), True)
    ),
    "days that nobody asked for": _forged(
        "paper", _NOT_PUT, lambda t, me, you: GrantExtension(_days(t, me, you))
    ),
    "paper that was not offered": _forged("paper", _NOT_PUT, lambda t, me, you: TakeSale(_sale(t, you, me))),
    "other terms for a loan of others": _forged(
        "paper", MoveFlaw.NOT_A_PARTY, lambda t, me, you: CounterTerms(_loan(you, you, t), PledgeTerms())
    ),
    "no to what was not put": _forged("paper", _NOT_PUT, lambda t, me, you: DeclineDeal(Deal.SALE, me)),
    "recall in answer": _out_of_phase(lambda t, me, you: RecallTerms(NO_NUMBER)),
    "word in no manner": _forged(
        "words", MoveFlaw.UNKNOWN_WORD, lambda t, me, you: WordInManner(WordTerms("turn", you), SLY)
    ),
}  # fmt: skip
"""The same in answer."""

CUSTOM_FORGERIES: Mapping[Beat, Mapping[str, Trick]] = {
    Beat.ADDRESS: ADDRESSED,
    Beat.ANSWER: ANSWERED,
    Beat.MARKET: {"order of what is bought in": _order_of_what_is_bought_in},
    Beat.DUSK: {"oath in no case": _forged("court", MoveFlaw.NO_SUCH_CASE, lambda t, me, you: _oath())},
}
"""What can be put behind a phrase of a custom in a beat; joined in `forgeries`."""
