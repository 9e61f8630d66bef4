"""What two agree stays between two: a pact, and the money in it, change nothing for who is not party to it.

Two worlds are played by the same players that differ in the secret alone. Everything a third is asked is byte-identical
until an event that it may see differs; and a party, or a builder that leaks, shows the difference.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from bound import at_close, bound_town, pact, sells, sign, with_pacts
from fivepenny.clock import Beat
from fivepenny.market.menus import list_menu
from fivepenny.market.sight import observe
from fivepenny.market.state import Market
from fivepenny.pacts import PactSigned, Shape
from fivepenny.scenario import Scenario
from fivepenny.stage.rehearsal import rehearse_scenario
from test_secrets import first_difference, honest, leaky, play, shown
from towns import seat

PLAY = with_pacts("corner")
SEATS = st.sampled_from(PLAY.seat_names)
ASKED = (Beat.ADDRESS, Beat.ANSWER, Beat.MARKET, Beat.REMARK)


def richer(owner: str, pence: int) -> Scenario:
    seats = tuple(
        item.model_copy(update={"purse_pence": item.purse_pence + pence}) if item.name == owner else item
        for item in PLAY.seats
    )
    return PLAY.model_copy(update={"seats": seats})


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), owner=SEATS, watcher=SEATS, pence=st.integers(1, 5_000))
def test_a_purse_is_secret_at_a_table_of_pacts(seed: int, owner: str, watcher: str, pence: int) -> None:
    if owner == watcher:
        return
    found = first_difference(PLAY, richer(owner, pence), seed, watcher, honest)
    assert found is None or found[0] == "events"


def sent_to(market: Market, name: str) -> list[str]:
    """Everything that a seat could be shown today, beat by beat."""
    knowledge = market.knowledge[name]
    listings = [(beat, list_menu(knowledge, market.scenario, market.seed, beat)) for beat in ASKED]
    return [shown(found.menu) + repr(observe(knowledge, beat)) for beat, found in listings if found]


def with_clause(fund_pence: int) -> Market:
    market = bound_town(seat("amber", purse_pence=4000))
    sign(market, "amber", pact("birch", Shape.POOL, fund_pence=fund_pence))
    sign(market, "birch", pact("clay", Shape.POOL, number=1))
    return market


def test_the_money_in_a_pact_is_known_to_two_though_a_third_is_party_to_it() -> None:
    one, other = with_clause(240), with_clause(1200)
    assert sent_to(one, "clay") == sent_to(other, "clay")
    assert all(sent_to(one, name) != sent_to(other, name) for name in ("amber", "birch"))


def test_a_pact_is_unknown_to_who_is_not_party_to_it_until_it_is_broken() -> None:
    one, other = bound_town(), bound_town()
    sign(one, "amber", pact("birch"))
    assert sent_to(one, "clay") == sent_to(other, "clay")
    assert sent_to(one, "amber") != sent_to(other, "amber")
    for market in (one, other):
        at_close(market, 2, amber=sells(1, 1))
    assert one.knowledge["clay"].trust != other.knowledge["clay"].trust


def test_the_third_of_a_shun_is_not_told() -> None:
    one, other = bound_town(), bound_town()
    sign(one, "amber", pact("birch", Shape.SHUN, "clay"))
    assert sent_to(one, "clay") == sent_to(other, "clay")


def first_funded(seed: int) -> PactSigned | None:
    """The first pact of a season with money in it."""
    events = rehearse_scenario(seed, 6, "understudies", PLAY, None).events
    return next((e.body for e in events if isinstance(e.body, PactSigned) and e.body.fund_pence), None)


def test_in_whole_seasons_the_money_in_a_pact_is_secret() -> None:
    """One who puts money into a pact is richer in another world, and puts in more: a third sees nothing of it."""
    seed, signed = next((seed, found) for seed in range(1, 60) if (found := first_funded(seed)))
    other = richer(signed.by, 2_400)
    for watcher in PLAY.seat_names:
        found = first_difference(PLAY, other, seed, watcher, honest)
        assert watcher == signed.by or found is None or found[0] == "events"
    seen = [body for _, bodies in play(other, seed, signed.to, honest) for body in bodies]
    assert signed not in seen


def test_a_builder_that_leaks_is_caught_at_a_table_of_pacts() -> None:
    """The positive control."""
    assert first_difference(PLAY, richer("brock", 3_000), 3, "tansy", leaky) == ("prompts", 0)
