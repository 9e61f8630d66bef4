"""Pacts on menus: who proposes what to whom, what a pact changes for markets and loans, what is said of a breach."""

from random import Random

import pytest

from bound import at_close, bound_town, pact, propose, sells, sign, with_pacts
from fivepenny import happenings as hap
from fivepenny.claims import Basis, Claim, ClaimKind
from fivepenny.clock import BEATS, Beat
from fivepenny.events import EVERYONE, Body
from fivepenny.market.menus import Listing, list_menu
from fivepenny.market.pacts_menu import FUND_PURSE_PENCE, PENALTY_UNITS, PUT_AGAIN_DAYS
from fivepenny.market.pacts_sight import MOST_HONEST_PERCENT
from fivepenny.market.state import Market
from fivepenny.market.terms import LoanTerms, OrderTerms
from fivepenny.market.town import Town
from fivepenny.pacts import PactProposed, PactSigned, Shape
from fivepenny.policies.temperaments import TEMPERAMENTS
from fivepenny.policies.understudy import grade_option
from fivepenny.world import MIDDLE_LEVEL, Fact, Observation, Option
from quiet_tables import quiet_table
from towns import act, legal, market_of, of_kind, seat

ACTS = {"pact_floor", "pact_pool", "pact_shun", "join", "reject", "undercut", "betrayed"}


def listing(market: Market, name: str, beat: Beat) -> Listing:
    found = list_menu(market.knowledge[name], market.scenario, 1, beat)
    assert found is not None
    return found


def of_act(market: Market, name: str, beat: Beat, act: str) -> list[Option]:
    found = list_menu(market.knowledge[name], market.scenario, 1, beat)
    return [option for option in found.menu.options if option.act == act] if found else []


def facts(option: Option) -> dict[str, int]:
    return {fact.key: fact.level for fact in option.facts}


def tell(market: Market, body: Body) -> None:
    market.emit(EVERYONE, body)


# --- proposing -----------------------------------------------------------------------------------------------


def sold(market: Market, *sellers: str, price_pence: int = 60) -> None:
    units = len(sellers)
    tell(market, hap.Cleared("rye", price_pence, units, ("outside",), (units,), sellers, (1,) * units))


def test_sellers_of_a_cheap_good_think_of_a_floor() -> None:
    market = bound_town()
    assert not of_act(market, "amber", Beat.ADDRESS, "pact_floor")
    sold(market, "amber", "birch", price_pence=50)
    (option,) = of_act(market, "amber", Beat.ADDRESS, "pact_floor")
    terms = listing(market, "amber", Beat.ADDRESS).terms[option.phrase]
    assert (option.to, option.good, option.phrase) == ("birch", "rye", "pact floor birch rye")
    assert set(option.slots) == {"to", "me", "good", "price", "day"}
    assert terms == pact("birch", price_pence=55, penalty_pence=50 * PENALTY_UNITS)
    assert not of_act(market, "clay", Beat.ADDRESS, "pact_shun")


def test_nobody_has_a_floor_for_a_good_that_is_dear() -> None:
    market = bound_town()
    sold(market, "amber", "birch", price_pence=70)
    assert not of_act(market, "amber", Beat.ADDRESS, "pact_floor")


def hopeful(pence: int) -> Market:
    market = bound_town(seat("amber", purse_pence=pence))
    for number in (1, 2):
        claim = Claim(number, ClaimKind.WILL_RISE, "rye", 1, 4, Basis.PRICE)
        market.emit(("amber",), hap.News("Blight", "rye", "news", claim))
    return market


def test_who_believes_in_a_rise_and_has_coin_thinks_of_a_pool_and_puts_in_for_the_other() -> None:
    market = hopeful(FUND_PURSE_PENCE)
    (option,) = of_act(market, "amber", Beat.ADDRESS, "pact_pool")
    terms = listing(market, "amber", Beat.ADDRESS).terms[option.phrase]
    assert terms == pact(option.to, Shape.POOL, until_day=7, penalty_pence=60 * PENALTY_UNITS, fund_pence=360)
    assert set(option.slots) == {"to", "me", "good", "day"} and "3" not in option.phrase
    assert not of_act(hopeful(400), "amber", Beat.ADDRESS, "pact_pool")


def hating() -> Market:
    """Amber and birch cannot bear clay, and have let it be heard."""
    market = bound_town()
    for name in ("amber", "birch"):
        tell(market, hap.Spoken("needle", "clay", name, 0))
        tell(market, hap.Spoken("needle", "clay", name, 0))
    return market


def test_who_hates_one_looks_for_another_who_does_not_love_that_one() -> None:
    market = hating()
    (option,) = of_act(market, "amber", Beat.ADDRESS, "pact_shun")
    assert (option.to, option.good, option.slots["third"]) == ("birch", "", "Clay")
    assert not of_act(market, "clay", Beat.ADDRESS, "pact_shun")
    tell(market, hap.Spoken("thank", "birch", "clay", 0))
    assert not of_act(market, "amber", Beat.ADDRESS, "pact_shun")


def test_nobody_asks_about_the_same_thing_again_too_soon() -> None:
    market = hating()
    (option,) = of_act(market, "amber", Beat.ADDRESS, "pact_shun")
    market.listings = {"amber": listing(market, "amber", Beat.ADDRESS)}
    terms = market.listings["amber"].terms[option.phrase]
    act(market, Beat.ADDRESS, amber=terms)
    for day, asks in ((2, False), (PUT_AGAIN_DAYS, False), (1 + PUT_AGAIN_DAYS, True)):
        market.log.day = day
        tell(market, hap.DayOpened("Monday"))
        tell(market, hap.Spoken("needle", "clay", "amber", 0))
        assert bool(of_act(market, "amber", Beat.ADDRESS, "pact_shun")) == asks


def test_a_party_asks_a_third_into_what_stands() -> None:
    market = bound_town()
    sold(market, "amber", "birch", "clay", price_pence=50)
    sign(market, "amber", pact("birch"))
    (option,) = of_act(market, "amber", Beat.ADDRESS, "pact_floor")
    assert listing(market, "amber", Beat.ADDRESS).terms[option.phrase] == pact("clay", number=1)


# --- answering -----------------------------------------------------------------------------------------------


def test_what_is_proposed_can_be_joined_or_rejected_and_money_speaks_for_it() -> None:
    market = bound_town()
    propose(market, "amber", pact("birch", Shape.POOL, fund_pence=500))
    (join,), (reject,) = (of_act(market, "birch", Beat.ANSWER, name) for name in ("join", "reject"))
    assert (join.phrase, reject.phrase) == ("join amber", "reject amber")
    assert join.excludes == {"reject amber"} and reject.excludes == {"join amber"}
    assert facts(join)["fund"] > MIDDLE_LEVEL and set(join.slots) == {"to", "me", "good", "day"}
    propose(market, "birch", pact("clay", Shape.SHUN, "amber"))
    (join,) = of_act(market, "clay", Beat.ANSWER, "join")
    assert join.slots["third"] == "Amber" and "good" not in join.slots


# --- what it changes -----------------------------------------------------------------------------------------


def test_under_a_floor_there_is_the_breach_and_the_honest_offer() -> None:
    market = bound_town()
    sign(market, "amber", pact("birch", price_pence=62))
    menu = listing(market, "amber", Beat.MARKET)
    breach, honest = (menu.menu.option(f"{name} rye") for name in ("undercut", "sell"))
    terms = menu.terms["undercut rye"]
    assert isinstance(terms, OrderTerms) and terms.limit_pence < 62
    assert facts(breach)["pledge"] > MIDDLE_LEVEL and "pledge" not in facts(honest)
    assert menu.terms[honest.phrase] == OrderTerms(terms.side, "rye", terms.quantity, 62)
    assert breach.excludes == {"buy rye", "sell rye"}
    assert all("undercut rye" in o.excludes for o in menu.menu.options if o.phrase in ("buy rye", "sell rye"))
    assert set(breach.slots) == {"me", "qty", "good", "price"} and breach.to == ""


def test_an_offer_for_show_is_not_on_the_menu() -> None:
    market = bound_town()
    sign(market, "amber", pact("birch", price_pence=60 * MOST_HONEST_PERCENT // 100 + 1))
    phrases = listing(market, "amber", Beat.MARKET).menu.phrases
    assert "undercut rye" in phrases and "sell rye" not in phrases


def test_in_a_pool_every_sale_is_a_breach_and_buying_goes_on() -> None:
    market, free = bound_town(), bound_town()
    sign(market, "amber", pact("birch", Shape.POOL))
    bound, plain = listing(market, "amber", Beat.MARKET), listing(free, "amber", Beat.MARKET)
    assert "undercut rye" in bound.menu.phrases and "sell rye" not in bound.menu.phrases
    more, less = bound.terms["buy rye"], plain.terms["buy rye"]
    assert isinstance(more, OrderTerms) and isinstance(less, OrderTerms)
    assert more.limit_pence > less.limit_pence and more.quantity >= less.quantity
    assert facts(bound.menu.option("buy rye"))["pool"] > MIDDLE_LEVEL
    assert "pool" not in facts(plain.menu.option("buy rye"))


def test_a_loan_to_one_who_is_shunned_says_what_it_breaks() -> None:
    rich = seat("amber", purse_pence=9000)
    market, free = bound_town(rich), bound_town(rich)
    sign(market, "amber", pact("birch", Shape.SHUN, "clay"))
    for one, pledged in ((market, True), (free, False)):
        act(one, clay=LoanTerms("amber", "clay", 480, 528, 9))
        (grant,) = of_act(one, "amber", Beat.ANSWER, "grant")
        assert ("pledge" in facts(grant)) == pledged
        lends = [option for option in of_act(one, "amber", Beat.ADDRESS, "lend") if option.to == "clay"]
        assert all(("pledge" in facts(option)) == pledged for option in lends)


def test_the_betrayed_can_say_so_at_dusk() -> None:
    market = bound_town()
    (signed,) = sign(market, "amber", pact("birch"))
    at_close(market, 2, amber=sells(1, 1))
    (option,) = of_act(market, "birch", Beat.REMARK, "betrayed")
    assert option.to == "amber" and option.slots["good"] == "rye"
    assert (option.past["since"].event, option.past["since"].text) == (signed.number, "yesterday")
    assert not of_act(market, "clay", Beat.REMARK, "betrayed")
    assert not of_act(market, "amber", Beat.REMARK, "betrayed")


# --- temperaments and whole seasons --------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEMPERAMENTS)
def test_every_temperament_weighs_a_pledge_against_and_a_pool_for(name: str) -> None:
    def grade(act_of: str, key: str, level: int) -> int:
        option = Option("x", act_of, (Fact(key, level, "."),))
        return grade_option(TEMPERAMENTS[name], Observation("x", 1, Beat.MARKET, ()), option)

    for act_of in ("lend", "grant", "undercut"):
        assert grade(act_of, "pledge", 9) <= grade(act_of, "pledge", 5) <= grade(act_of, "pledge", 4)
    assert grade("buy", "pool", 9) > grade("buy", "pool", 4)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", ["south-sea", "corner"])
def test_knowledge_and_forks_keep_up_at_a_table_of_pacts(name: str, seed: int) -> None:
    """Players who do anything that is legal; a seat knows its own pacts, and a copy goes the same way."""
    play, news = with_pacts(name), quiet_table(name)[1]
    town, lot, signed = Town(seed, 18, play, news), Random(seed), 0
    for _ in range(18):
        for beat in BEATS:
            menus = town.menus(beat)
            moves = {seat: legal(menu, lot, lot.randint(1, menu.max_moves)) for seat, menu in menus.items()}
            copy = town.fork()
            events = town.apply(beat, moves)
            assert copy.apply(beat, moves) == events and copy.digest() == town.digest()
            signed += len(of_kind(events, PactSigned))
            market = market_of(town)
            for name_of, knowledge in market.knowledge.items():
                own = [item for item in market.pacts.standing if name_of in item.parties]
                known = knowledge.pacts.standing
                assert {n: (p.parties, p.about) for n, p in known.items()} == {
                    p.number: (p.parties, p.about) for p in own
                }
                assert len({p.about for p in own}) == len(own)
                assert knowledge.pence == market.free(name_of)
                assert all(units == market.free(name_of, good) for good, units in knowledge.stock.items())
    assert signed


def test_without_the_custom_there_is_nothing_of_it() -> None:
    play, news = quiet_table("south-sea")
    town, lot = Town(5, 15, play, news), Random(5)
    for _ in range(15):
        for beat in BEATS:
            menus = town.menus(beat)
            assert not {option.act for menu in menus.values() for option in menu.options} & ACTS
            events = town.apply(beat, {seat: legal(menu, lot, 2) for seat, menu in menus.items()})
            assert not of_kind(events, PactProposed)
