"""The workload of the world: short runs without a breach, and faulty worlds that it has to find out."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.events import EVERYONE, Event
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market import dusk, gate
from fivepenny.market.exchange import play_market
from fivepenny.market.orders import Side
from fivepenny.market.state import Estate, Market
from fivepenny.market.talk import EFFECTS
from fivepenny.market.terms import LoanTerms, OrderTerms
from fivepenny.parts import Custom
from fivepenny.refusals import MoveFlaw
from fivepenny.scenario import load_scenario, shipped_scenarios
from fivepenny.stage.forgeries import FORGERIES, SOUND
from fivepenny.stage.rough_moves import PHRASE_TRICKS, RoughTown
from fivepenny.stage.town_workload import LEGAL, MOST_BREACHES, TownReport, run_town_workload
from fivepenny.world import Move
from quiet_tables import TABLES
from towns import act, listed, opened

MOVES = 12_000
SCENARIOS = (*shipped_scenarios(), str(TABLES / "south-sea.toml"))  # all customs, and none
SELDOM = {"order of what is bought in", "bribe to one who is away", "order of one who has failed"}
SELDOM_REFUSED = {MoveFlaw.HAS_FAILED.value, MoveFlaw.IS_AWAY.value, MoveFlaw.BOUGHT_IN.value}


@pytest.fixture(scope="module")
def report() -> TownReport:
    return run_town_workload(1, MOVES, SCENARIOS)


def test_moves_of_every_kind_and_not_one_breach(report: TownReport) -> None:
    assert (report.breach_count, report.breaches) == (0, [])
    assert report.moves == MOVES
    tables = [PHRASE_TRICKS, *FORGERIES.values(), *SOUND.values()]
    kinds = {kind for table in tables for kind in table} - SELDOM
    assert kinds <= set(report.sent)
    assert report.let_in[LEGAL] == report.sent[LEGAL] > MOVES / 4
    assert set(report.seasons) == set(shipped_scenarios())
    assert report.insolvencies and report.by_standing["failed"].total()


def test_refusals_have_names(report: TownReport) -> None:
    own = {flaw.value for flaw in MoveFlaw}
    assert own - set(report.refusals) <= SELDOM_REFUSED
    auctions = {"quantity not positive", "quantity too large", "limit not positive", "limit too high"}
    assert auctions | {"crosses own order", "insufficient funds"} <= set(report.refusals)
    refused = sum(count for cause, count in report.refusals.items() if cause in own)
    assert refused >= report.moves - report.let_in.total()


def test_the_same_seed_brings_the_same_moves() -> None:
    one, again, other = (run_town_workload(seed, 300, ("south-sea",)) for seed in (4, 4, 5))
    assert one == again
    assert one.digest != other.digest


def test_all_customs_at_one_table_go_without_a_breach() -> None:
    assert set(load_scenario("south-sea")[0].customs) == set(get_args(Custom))
    found = run_town_workload(1, 3000, ("south-sea",))
    assert (found.breach_count, found.breaches) == (0, [])


def test_it_tells_how_far_it_has_come() -> None:
    told: list[tuple[int, int]] = []
    run_town_workload(1, 1500, ("south-sea",), tell=lambda done, all_: told.append((done, all_)))
    assert told[-1] == (1500, 1500)
    assert len(told) == len(set(told)) > 1


class _NoGate(RoughTown):
    """A town that takes whatever it is sent, as it once did."""

    def apply(self, beat: Beat, moves: Mapping[str, Move]) -> tuple[Event, ...]:
        for seat, move in moves.items():
            if seat in self.listings and set(move.phrases) <= set(self.listings[seat].terms):
                self._market.emit((seat,), hap.Decided(seat, move.phrases))
        return super().apply(beat, {})


class _Generous(RoughTown):
    """A town that moves a penny beside the log."""

    def apply(self, beat: Beat, moves: Mapping[str, Move]) -> tuple[Event, ...]:
        if beat is Beat.ANSWER:
            self._market.pay(OUTSIDE, self.seats[0], 1)
        return super().apply(beat, moves)


class _Talkative(RoughTown):
    """A town in which words fall that nobody chose."""

    def apply(self, beat: Beat, moves: Mapping[str, Move]) -> tuple[Event, ...]:
        if beat is Beat.ANSWER:
            self._market.emit(EVERYONE, hap.Spoken("thank", self.seats[0], self.seats[1], 0))
        return super().apply(beat, moves)


class _Brittle(RoughTown):
    """A town that falls over what it does not know."""

    def apply(self, beat: Beat, moves: Mapping[str, Move]) -> tuple[Event, ...]:
        for seat, move in moves.items():
            for phrase in move.phrases:
                self.listings[seat].menu.option(phrase)
        return super().apply(beat, moves)


@pytest.mark.parametrize(
    ("town", "told"),
    [
        (_NoGate, "not foretold: Decided"),
        (_Generous, "the books posted"),
        (_Talkative, "nothing came of"),
        (_Brittle, "KeyError"),
    ],
)
def test_a_faulty_world_is_found_out(town: type[RoughTown], told: str) -> None:
    found = run_town_workload(1, 400, ("south-sea",), town)
    assert any(told in breach for breach in found.breaches)
    assert found.breach_count >= len(found.breaches)
    assert len(found.breaches) <= MOST_BREACHES


@pytest.mark.parametrize("terms", [LoanTerms, OrderTerms])
def test_a_gate_that_looks_at_no_terms_is_found_out(terms: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "FLAWS", {kind: judge for kind, judge in gate.FLAWS.items() if kind is not terms})
    assert run_town_workload(1, 1500, ("south-sea",)).breach_count


def test_a_loan_paid_out_twice_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The books stay balanced, and yet the season's audit sees it."""

    def pay_twice(market: Market, loan: Any, paid_pence: int) -> None:
        if market.free(loan.borrower) >= 2 * paid_pence:
            market.emit(
                (), fail.Bridged(loan.borrower, paid_pence, True), market.pay(loan.borrower, OUTSIDE, paid_pence)
            )
        pay_once(market, loan, paid_pence)

    pay_once = dusk._pay_loan
    monkeypatch.setattr(dusk, "_pay_loan", pay_twice)
    assert run_town_workload(1, 1500, ("south-sea",)).breach_count


def test_a_bid_of_the_failed_does_not_oust_the_sale_for_its_creditors() -> None:
    """Found by the workload: the ask came second, crossed the bid and was refused, and the bid had no money."""
    for funded in (1, 10**6):
        market = opened()
        act(market, Beat.ADDRESS)
        market.estates["amber"] = Estate("amber", 1, ())
        market.listings = {"amber": listed("amber", OrderTerms(Side.BUY, "rye", funded, 60))}
        market.log.beat = Beat.MARKET
        play_market(market, {"amber": Move(("x",))})
        events = [event.body for event in market.log.take()]
        sales = [body for body in events if isinstance(body, fail.ForcedSale)]
        assert [(sale.seat, sale.good) for sale in sales] == [("amber", "rye"), ("amber", "stock")]
        assert hap.OrderRefused("amber", "buy", "rye", "crosses own order") in events


def test_every_kind_of_effect_but_rest_has_a_judge() -> None:
    plain = {kind for kind in EFFECTS if kind.__module__ == "fivepenny.market.terms" and kind.__name__ != "Rest"}
    assert plain <= set(gate.FLAWS)
