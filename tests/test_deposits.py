"""Deposits: what is laid in a banker's keeping and asked for, interest, the town at the door, and a bank that fails."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banks import RESCUE, RUN, bank, deposit, eventful, legend
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import BEATS, Beat
from fivepenny.deposits import (
    FIRST_SLIP,
    NO_DAY,
    Credited,
    Deposited,
    DepositRefused,
    Kept,
    Queued,
    Rescued,
    Withdrew,
)
from fivepenny.errors import ScenarioError
from fivepenny.events import EVERYONE
from fivepenny.market.alarm import (
    HELP_CALMS,
    LOSS_STIRS,
    MOST_ALARM,
    MOST_PEOPLE,
    NEWS_STIRS,
    QUIET,
    WITHDRAWAL_STIRS,
    asked_by,
    people_in_queue,
    stirred,
)
from fivepenny.market.deposits import INTEREST_DAYS, INTEREST_PERCENT, RETURN_PERCENT, deposits_of
from fivepenny.market.deposits_terms import DepositTerms, WithdrawalTerms
from fivepenny.market.menus import list_menu
from fivepenny.market.sight import HOUSEKEEPING_PENCE, observe, wants_pence
from fivepenny.market.state import Market, Panic, move
from fivepenny.market.town import Town
from fivepenny.scenario import Debt, Scenario, read_scenario_json
from fivepenny.stage.lint import scenario_warnings
from fivepenny.world import Option
from insolvents import owes
from quiet_tables import quiet_table
from towns import act, at_dawn, at_dusk, bodies, legal, market_of, of_kind, opened, scenario, seat, spoken

SLIP = FIRST_SLIP + 1


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody from outside trades, unless a test plays a whole season."""
    monkeypatch.setattr("fivepenny.market.exchange.ordinary_flows", lambda market, good: [])


def standing(market: Market) -> dict[str, int]:
    """Deposits by holder."""
    return {item.lender: item.owed_pence for item in deposits_of(market)}


def alarmed(market: Market, points: int) -> None:
    """Everyone sees that the town is alarmed over birch's bank."""
    for knowledge in market.knowledge.values():
        knowledge.deposits.alarm["birch"] = points


# --- laying and asking ---------------------------------------------------------------------------------------------


def test_a_deposit_is_a_debt_without_a_day_that_counts_to_worths_and_is_known_to_two() -> None:
    market = opened(bank(deposit("amber", 700), deposit("outside", 5000)))
    plain = opened(bank())
    assert {name: market.worths()[name] - plain.worths()[name] for name in plain.worths()} == {
        "amber": 700, "birch": -5700, "clay": 0,
    }  # fmt: skip
    assert market.knowledge["amber"].deposits.held_pence("amber") == 700
    assert market.knowledge["birch"].deposits.kept_pence("birch") == 5700
    assert not market.knowledge["clay"].deposits.slips and not market.knowledge["amber"].loans
    assert "Others here owe you £2 18s 4d." in [f.text for f in observe(market.knowledge["amber"], BEATS[1]).standing]
    assert not of_kind(at_dusk(market, 9), hap.Repaid)


def test_money_laid_in_keeping_is_paid_at_once_and_added_to_what_lies_there() -> None:
    market = opened(bank(deposit("amber", 700)))
    events = act(market, amber=DepositTerms("birch", 300), clay=DepositTerms("birch", 500))
    assert bodies(events) == [Deposited(SLIP, "amber", "birch", 300), Deposited(SLIP + 1, "clay", "birch", 500)]
    assert [event.audience for event in events] == [("amber", "birch"), ("birch", "clay")]
    assert standing(market) == {"amber": 1000, "clay": 500} and market.free("birch") == 9800
    assert market.knowledge["birch"].pence == 9800 and market.knowledge["amber"].pence == 700


def test_who_has_spent_the_money_is_refused_by_name() -> None:
    market = opened(bank())
    events = act(market, amber=DepositTerms("birch", 1001))
    assert bodies(events) == [DepositRefused("amber", "birch", 1001)] and not standing(market)


@given(pence=st.integers(1, 700))
def test_what_is_asked_for_is_said_to_all_and_paid_that_dusk(pence: int) -> None:
    market = opened(bank(deposit("amber", 700)))
    (event,) = act(market, amber=WithdrawalTerms(SLIP, "birch", pence))
    slip = SLIP if pence == 700 else SLIP + 1
    assert event.body == Withdrew(slip, SLIP, "amber", "birch", pence) and event.audience == EVERYONE
    assert market.free("amber") == 1000
    assert bodies(of_kind(at_dusk(market), hap.Repaid)) == [hap.Repaid(slip, "amber", "birch", pence, False)]
    assert market.free("amber") == 1000 + pence and standing(market) == ({} if pence == 700 else {"amber": 700 - pence})
    assert {name: known.pence for name, known in market.knowledge.items()} == {
        name: market.free(name) for name in market.knowledge
    }


def test_a_line_of_laying_is_for_two_and_one_of_asking_for_all() -> None:
    market = opened(bank())
    (laid,) = spoken(market, "amber", Option("deposit birch", "deposit", to="birch"))
    (asked,) = spoken(market, "amber", Option("withdraw birch", "withdraw", to="birch"))
    assert laid.audience == ("amber", "birch") and asked.audience == EVERYONE


# --- a bank that cannot pay ----------------------------------------------------------------------------------------


def test_a_bank_that_cannot_pay_has_failed_and_owes_every_deposit_at_once() -> None:
    market = opened(bank(deposit("amber", 600), deposit("clay", 300), deposit("outside", 900), purse_pence=300))
    act(market, amber=WithdrawalTerms(SLIP, "birch", 600))
    events = at_dusk(market)
    assert bodies(of_kind(events, hap.Defaulted)) == [
        hap.Defaulted(SLIP, "amber", "birch", 100, 500),
        hap.Defaulted(SLIP + 1, "clay", "birch", 50, 250),
        hap.Defaulted(SLIP + 2, "outside", "birch", 150, 750),
    ]
    assert bodies(of_kind(events, fail.Failed)) == [fail.Failed("birch", 1, "", 1500)]
    assert not standing(market)
    unpaid = {
        name: sum(loan.owed_pence for loan in market.knowledge[name].unpaid.values()) for name in ("clay", "birch")
    }
    assert unpaid == {"clay": 250, "birch": 1500}


def test_a_bank_is_pulled_down_by_a_debtor_and_pulls_down_a_depositor() -> None:
    def who_fails(*debts: Debt) -> list[tuple[str, str]]:
        market = opened(bank(deposit("amber", 1500), purse_pence=100, debts=debts))
        market.log.day = 9
        act(market, amber=WithdrawalTerms(SLIP, "birch", 1500))
        return [(item.seat, item.pulled_by) for item in bodies(of_kind(at_dusk(market, 9), fail.Failed))]

    assert who_fails(owes("birch", "clay", 4000)) == [("clay", ""), ("birch", "clay")]
    assert who_fails(owes("clay", "amber", 1900)) == [("birch", ""), ("amber", "birch")]


def test_what_a_failed_holder_has_in_keeping_is_asked_for_by_its_creditors() -> None:
    market = opened(bank(deposit("amber", 600), debts=(owes("clay", "amber", 5000, 2),)))
    at_dusk(market, 2)
    (called,) = of_kind(at_dawn(market, 3), Withdrew)
    assert called.body == Withdrew(SLIP, SLIP, "amber", "birch", 600) and called.audience == EVERYONE
    paid = bodies(of_kind(at_dusk(market, 3), hap.Repaid))
    assert paid == [hap.Repaid(SLIP, "amber", "birch", 600, False)]


# --- interest ------------------------------------------------------------------------------------------------------


@given(pence=st.integers(1, 9999))
def test_interest_is_written_up_each_seventh_day_in_whole_pence(pence: int) -> None:
    market = opened(bank(deposit("amber", pence)))
    for day in range(2, 2 * INTEREST_DAYS + 1):
        due = pence * INTEREST_PERCENT // 100 if day in (7, 14) else 0
        found = bodies(of_kind(at_dawn(market, day), Credited))
        assert found == ([Credited(SLIP, "amber", "birch", due)] if due else [])
        pence += due
    assert standing(market) == {"amber": pence}
    assert {known.deposits.slips[SLIP].pence for name, known in market.knowledge.items() if name != "clay"} == {pence}


# --- the town ------------------------------------------------------------------------------------------------------


@given(alarm=st.integers(0, MOST_ALARM), called=st.integers(0, 50), seed=st.integers(0, 99))
def test_few_come_to_a_quiet_bank_and_never_more_than_the_door_holds(alarm: int, called: int, seed: int) -> None:
    people = people_in_queue(alarm, called, Random(seed))
    assert min(called, MOST_PEOPLE) <= people <= MOST_PEOPLE
    assert people == min(called, MOST_PEOPLE) if alarm < QUIET else people >= min(MOST_PEOPLE, called + alarm // 4)
    assert 0 <= asked_by(people, 777) <= 777 * people / 100
    assert stirred(alarm, called) == min(MOST_ALARM, alarm + called) and stirred(alarm, -MOST_ALARM) == 0


def test_the_town_comes_to_an_alarmed_bank_and_each_queue_alarms_it_more() -> None:
    market = opened(bank(deposit("outside", 5000)))
    assert not of_kind(at_dawn(market, 2), Queued)
    alarmed(market, 60)
    (event,) = of_kind(at_dawn(market, 3), Queued)
    people, pence = event.body.people, event.body.pence
    assert 7 <= people <= 22 and pence == 50 * people and event.audience == EVERYONE
    assert market.knowledge["clay"].deposits.alarm_over("birch") == 30 + people
    assert market.knowledge["clay"].deposits.queues["birch"] == event.body
    at_dusk(market, 3)
    assert market.free("birch") == 9000 - pence and standing(market) == {"outside": 5000 - pence}
    assert market.knowledge["birch"].pence == market.free("birch")


def test_who_left_comes_back_when_the_town_is_quiet() -> None:
    market = opened(bank(deposit("outside", 5000)))
    alarmed(market, 40)
    at_dawn(market, 2)
    at_dusk(market, 2)
    away = 5000 - standing(market)["outside"]
    assert away > 5000 * RETURN_PERCENT // 100
    days = iter(range(3, 60))
    while market.knowledge["amber"].deposits.alarm_over("birch"):
        at_dawn(market, next(days))
    back = [bodies(of_kind(at_dawn(market, day), Deposited)) for day in days]
    assert back[0] == [Deposited(SLIP, "outside", "birch", 5000 * RETURN_PERCENT // 100)]
    assert back[-1] == [] and standing(market)["outside"] >= 5000


def test_what_everyone_can_see_alarms_and_calms() -> None:
    def alarm_after(*events: Any) -> int:
        market = opened(bank(deposit("outside", 5000)))
        for body in events:
            market.emit(EVERYONE, body)
        found = {known.deposits.alarm_over("birch") for known in market.knowledge.values()}
        assert len(found) == 1
        return found.pop()

    bad, helped = hap.News("x", "banks", "panic", None), hap.News("x", "banks", "intervention", None)
    assert alarm_after(bad, bad) == 2 * NEWS_STIRS and alarm_after(hap.News("x", "rye", "news", None)) == 0
    assert alarm_after(bad, bad, helped) == 2 * NEWS_STIRS - HELP_CALMS and alarm_after(helped) == 0
    assert alarm_after(hap.Defaulted(1, "birch", "clay", 0, 9)) == LOSS_STIRS
    assert alarm_after(hap.Defaulted(1, "clay", "amber", 0, 9)) == 0
    assert alarm_after(Withdrew(8, 8, "amber", "birch", 9)) == WITHDRAWAL_STIRS
    assert alarm_after(Withdrew(8, 8, "amber", "birch", 9), Rescued("birch", 900)) == 0


def test_a_run_sends_people_for_some_days_and_a_rescue_is_told_to_all() -> None:
    play = quiet_table("knickerbocker")[0].model_copy(
        update={"legends": (legend(RUN, from_day=2), legend(RESCUE, from_day=3))}
    )
    market = opened(play)
    found = {day: at_dawn(market, day) for day in range(2, 7)}
    assert [max([body.people for body in bodies(of_kind(found[day], Queued))], default=0) >= 12 for day in found] == [
        True, True, True, False, False,
    ]  # fmt: skip
    (rescued,) = of_kind(found[3], Rescued)
    assert rescued.body == Rescued("marrow", 3600) and rescued.audience == EVERYONE
    assert hap.Lent(len(play.debts) + 1, "outside", "marrow", 3600, 3780, 6) in bodies(of_kind(found[3], hap.Lent))


def test_nobody_rescues_a_bank_that_has_failed() -> None:
    play = quiet_table("knickerbocker")[0].model_copy(update={"legends": (legend(RESCUE, from_day=3),)})
    market = opened(play.model_copy(update={"debts": (owes("brock", "marrow", 90_000, 2),)}))
    at_dusk(market, 2)
    assert not of_kind(at_dawn(market, 3), Rescued) and "marrow" in market.estates


# --- menus ---------------------------------------------------------------------------------------------------------


def acts(market: Market, name: str) -> dict[str, Option]:
    listing = list_menu(market.knowledge[name], market.scenario, 1, Beat.ADDRESS)
    return {option.phrase: option for option in listing.menu.options} if listing else {}


def test_who_has_money_to_spare_may_lay_some_by_and_takes_it_out_only_for_a_reason() -> None:
    rich = bank(deposit("amber", 700), deposit("clay", 900))
    market = opened(rich)
    market.post(move("outside", "amber", 4000))
    market.knowledge["amber"].pence += 4000
    option = acts(market, "amber")["deposit birch"]
    assert option.slots == {"to": "Birch", "me": "Amber", "price": "£8 10s"}
    assert "withdraw birch" not in acts(market, "amber")
    alarmed(market, 20)
    assert "deposit birch" not in acts(market, "amber")
    fetched = acts(market, "amber")["withdraw birch"]
    assert fetched.slots["price"] == "£2 18s 4d" and fetched.past["since"].text == "this morning"
    assert not [phrase for phrase in acts(market, "birch") if phrase.startswith(("deposit", "withdraw"))]


def test_nothing_of_it_shows_where_it_is_no_custom_or_the_banker_has_failed() -> None:
    plain = opened(scenario(seat("birch", banker=True)))
    failed = opened(bank(deposit("amber", 700)))
    for known in failed.knowledge.values():
        known.failed.add("birch")
    for market in (plain, failed):
        market.knowledge["amber"].pence = 9000
        alarmed(market, 90)
        assert not [phrase for phrase in acts(market, "amber") if phrase.startswith(("deposit", "withdraw"))]
    assert plain.scenario.bankers == () and plain.knowledge["amber"].deposits.bankers == ()


def test_a_banker_wants_what_may_be_asked_for_and_presses_before_the_day() -> None:
    market = opened(bank(deposit("outside", 5000), debts=(owes("birch", "clay", 900, 15),)))
    assert wants_pence(market.knowledge["birch"]) == HOUSEKEEPING_PENCE + 200
    assert wants_pence(market.knowledge["clay"]) == HOUSEKEEPING_PENCE
    assert "press clay" not in acts(market, "birch")
    alarmed(market, 40)
    assert wants_pence(market.knowledge["birch"]) == HOUSEKEEPING_PENCE + 2000 and "press clay" in acts(market, "birch")


# --- seasons -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seed", "purse_pence"), [(1, 20_000), (2, 20_000), (3, 2_000)])
def test_knowledge_books_and_forks_keep_up_with_a_bank(
    monkeypatch: pytest.MonkeyPatch, seed: int, purse_pence: int
) -> None:
    """Players who do anything that is legal; purses and slips are known to the penny, and a copy goes the same way."""
    monkeypatch.undo()
    town, lot, seen = Town(seed, 14, eventful(purse_pence), quiet_table("knickerbocker")[1]), Random(seed), set()
    failed: set[str] = set()
    for _ in range(14):
        for beat in BEATS:
            moves = {name: legal(menu, lot, 1) for name, menu in town.menus(beat).items()}
            copy = town.fork()
            events = town.apply(beat, moves)
            assert copy.apply(beat, moves) == events and copy.digest() == town.digest()
            seen |= {type(event.body) for event in events}
            failed |= {event.body.seat for event in of_kind(events, fail.Failed)}
            market = market_of(town)
            slips = {loan.number: loan for loan in deposits_of(market)}
            for name, knowledge in market.knowledge.items():
                assert knowledge.pence == market.free(name)
                mine = {n: loan.owed_pence for n, loan in slips.items() if name in (loan.lender, loan.borrower)}
                assert {slip.number: slip.pence for slip in knowledge.deposits.slips.values()} == mine
                assert len({known.deposits.alarm_over("marrow") for known in market.knowledge.values()}) == 1
    assert {Kept, Withdrew, Queued} <= seen and ({Credited, Rescued} <= seen) != ("marrow" in failed)


def test_no_slip_bears_the_number_of_a_loan_and_none_falls_due_by_itself() -> None:
    market = opened(bank(deposit("amber", 700), debts=(owes("clay", "amber", 9),)))
    assert sorted(market.loans) == [1, SLIP] and market.loans[SLIP].due_day == NO_DAY
    before = market.digest()
    market.panics["birch"] = Panic(3, 9)
    assert market.digest() != before


# --- the scenario --------------------------------------------------------------------------------------------------


def refused(play: Scenario) -> str:
    with pytest.raises(ScenarioError) as error:
        read_scenario_json(play.model_dump_json(), "x.toml")
    return str(error.value)


def test_a_deposit_that_cannot_be_is_refused() -> None:
    assert "takes no deposits" in refused(bank(deposit("amber", 9), customs=()))
    assert "takes no deposits" in refused(bank(deposit("amber", 9, "clay")))
    assert "another seat" in refused(bank(deposit("birch", 9)))
    assert "another seat" in refused(bank(deposit("nobody", 9)))
    assert "twice" in refused(bank(deposit("amber", 9), deposit("amber", 8)))
    stray = legend(RUN).model_copy(update={"asset": "rye"})
    assert "'marrow' takes no deposits" in refused(bank(legends=(stray,)))


def test_a_bank_that_cannot_be_used_is_doubted() -> None:
    found = "\n".join(scenario_warnings(bank(customs=()), None))
    assert "customs do not hold" in found and "nothing in keeping" not in found
    assert "nothing in keeping" in "\n".join(scenario_warnings(bank(), None))
    assert "keeping" not in "\n".join(scenario_warnings(bank(deposit("outside", 9)), None))


def test_a_scenario_without_a_bank_is_written_as_it_was() -> None:
    text = quiet_table("south-sea")[0].model_dump_json()
    assert '"banker"' not in text and '"deposits"' not in text
    play = quiet_table("knickerbocker")[0]
    assert read_scenario_json(play.model_dump_json(), "x") == play and play.bankers == ("marrow",)
