"""Listings of a menu: no phrase means two things, and what a phrase shows is what it brings about."""

from collections.abc import Mapping

import pytest

from fivepenny import happenings as hap
from fivepenny.claims import Basis, Claim, ClaimKind
from fivepenny.clock import Beat
from fivepenny.events import Body, Seen
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.learning import learn
from fivepenny.market.menus import MOST_OPTIONS, Listing, list_menu
from fivepenny.market.terms import OrderTerms, TipTerms
from fivepenny.market.town import Town
from fivepenny.scenario import Craft, Scenario
from fivepenny.stage.rehearsal import rehearse
from fivepenny.world import Menu
from quiet_tables import quiet_table

SCENARIO = quiet_table("south-sea")[0]


def known(seat: str, *bodies: Body, scenario: Scenario = SCENARIO) -> Knowledge:
    """The knowledge of a seat that has seen this on day 2."""
    knowledge = Knowledge(seat, scenario)
    for number, body in enumerate(bodies, 1):
        learn(knowledge, Seen(number, 2, Beat.DAWN, body))
    return knowledge


def listing_of(knowledge: Knowledge, beat: Beat, scenario: Scenario = SCENARIO) -> Listing:
    found = list_menu(knowledge, scenario, 1, beat)
    assert found is not None
    return found


def claim(number: int) -> Claim:
    """A claim that rye will rise."""
    return Claim(number, ClaimKind.WILL_RISE, "rye", 2, 5, Basis.PRICE)


@pytest.mark.parametrize("company", ["null", "understudies"])
def test_no_phrase_stands_twice_on_a_menu(monkeypatch: pytest.MonkeyPatch, company: str) -> None:
    listed: list[Menu] = []
    menus_of = Town.menus

    def watched(town: Town, beat: Beat) -> Mapping[str, Menu]:
        menus = menus_of(town, beat)
        listed.extend(menus.values())
        return menus

    monkeypatch.setattr(Town, "menus", watched)
    rehearse(1, 30, company)
    assert len(listed) > 300
    for menu in listed:
        assert len(set(menu.phrases)) == len(menu.phrases) <= MOST_OPTIONS
        assert menu.rest in menu.phrases


def test_of_two_claims_that_say_the_same_the_one_believed_more_is_told() -> None:
    rumour, news = hap.Whispered("quill", "Rye is short", claim(1)), hap.News("Rye is short", "rye", "news", claim(2))
    listing = listing_of(known("quill", rumour, news), Beat.ADDRESS)
    tips = [phrase for phrase in listing.menu.phrases if phrase.endswith("rye up")]
    assert tips
    for phrase in tips:
        terms = listing.terms[phrase]
        assert isinstance(terms, TipTerms)
        assert terms.claim == listing.menu.option(phrase).past["rumour"].event == 2


def test_two_debts_to_one_lender_call_for_one_remark() -> None:
    debts = (hap.Defaulted(1, "marrow", "vesper", 0, 90), hap.Defaulted(2, "marrow", "vesper", 0, 10))
    menu = listing_of(known("vesper", *debts), Beat.REMARK).menu
    assert sorted(menu.phrases) == ["default marrow", "say nothing"]
    assert menu.option("default marrow").past["debt"].event == 1


def test_every_phrase_of_a_menu_has_terms() -> None:
    listing = listing_of(known("brock", hap.Endowed("brock", 3600, ("rye",), (12,))), Beat.MARKET)
    assert set(listing.terms) == set(listing.menu.phrases)
    assert listing.menu.option(listing.menu.rest).act == "hold"


def test_a_craft_that_earns_nothing_is_fed_at_a_penny_and_no_less() -> None:
    idle = Craft(good="tin", up_to=2, earns_pence=0)
    seats = (seat.model_copy(update={"craft": idle}) if seat.name == "marrow" else seat for seat in SCENARIO.seats)
    scenario = SCENARIO.model_copy(update={"seats": tuple(seats)})
    knowledge = known("marrow", hap.Endowed("marrow", 9000, (), ()), scenario=scenario)
    terms = listing_of(knowledge, Beat.MARKET, scenario).terms["buy tin"]
    assert isinstance(terms, OrderTerms)
    assert terms.limit_pence == 1
