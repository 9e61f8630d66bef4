"""Words over days: manners are drawn and work, books and knowledge keep up, and everything is said by somebody."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny import words
from fivepenny.clock import Beat
from fivepenny.drama.lies import credence_of
from fivepenny.market.menus import list_menu
from fivepenny.market.terms import Rest, WordTerms
from fivepenny.market.words_terms import WordInManner
from fivepenny.parts import Manner
from insolvents import owes
from talkers import talked, tell, towns
from towns import act, market_of, opened, scenario, seat

# --- manners -------------------------------------------------------------------------------------------------


def test_a_manner_moves_who_it_moves_and_puts_off_who_it_puts_off() -> None:
    birch = seat("birch", moved_by=("flattering",), put_off_by=("menacing",))
    found = {}
    manners: tuple[Manner, ...] = ("plain", "flattering", "menacing")
    for manner in manners:
        market = opened(scenario(birch, customs=("words",)))
        tell(market, "amber", "birch", None, manner)
        knowledge = market.knowledge["birch"]
        found[manner] = (knowledge.beliefs[1].credence, knowledge.trust["amber"], knowledge.feeling["amber"])
        act(market, amber=WordInManner(WordTerms("thank", "birch"), manner))
        assert bool(knowledge.feeling["amber"] > 2) == (manner == "flattering")
    assert found["menacing"] < found["plain"] < found["flattering"]


def test_manners_are_drawn_for_what_addresses_somebody_and_nowhere_else() -> None:
    drawn: Counter[str] = Counter()
    for town, beat, moves in towns(3):
        for listing in market_of(town).listings.values():
            for option in listing.menu.options:
                assert bool(option.manner) == bool(option.to and beat is not Beat.MARKET)
                drawn[option.manner] += 1
        town.apply(beat, moves)
    assert all(drawn[manner] > 10 for manner in ("plain", "warm", "flattering", "evasive", "menacing"))


def test_a_manner_does_not_give_a_falsehood_away() -> None:
    """Any manner of a tip is oftener a truth's than a falsehood's; plain is a falsehood's too."""
    told: Counter[tuple[str, bool]] = Counter()
    for seed in range(1, 9):
        for event in talked("understudies", seed)[1]:
            if isinstance(event.body, words.ToldSo) and event.body.manner != "menacing":
                told[event.body.manner, credence_of(event.sealed) == 0] += 1
    assert all(told[manner, True] for manner in ("plain", "warm", "flattering", "evasive"))
    assert all(told[manner, False] > told[manner, True] for manner, _ in told)


def test_without_the_custom_nothing_of_it_is_there() -> None:
    market = opened(scenario(debts=(owes("amber", "birch", 600, 3),)))
    for name in market.knowledge:
        for beat in Beat:
            listing = list_menu(market.knowledge[name], market.scenario, 1, beat)
            options = listing.menu.options if listing else ()
            assert not any(option.manner or option.act in ("threaten", "bribe", "promise_pay") for option in options)
    assert market.digest() == opened(scenario(debts=(owes("amber", "birch", 600, 3),))).digest()


# --- whole towns ---------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_purses_are_known_to_the_penny_and_forks_go_the_same_way(seed: int) -> None:
    for town, beat, moves in towns(seed, days=8):
        copy = town.fork()
        events = town.apply(beat, moves)
        assert copy.apply(beat, moves) == events and copy.digest() == town.digest()
        market = market_of(town)
        for name, knowledge in market.knowledge.items():
            assert knowledge.pence == market.free(name)
            standing = {number: item for number, item in market.words.promises.items() if name in (item.by, item.to)}
            assert standing.items() <= knowledge.words.promises.items()


def test_every_act_is_chosen_and_none_by_everybody() -> None:
    kinds: Counter[str] = Counter()
    for seed in range(1, 11):
        kinds.update({event.body.kind for event in talked("understudies", seed)[1]})
    for kind in ("promised", "promise_settled", "threatened", "yielded", "defied", "bribed", "bribe_taken"):
        assert kinds[kind] >= 5, kind
    assert kinds["told_room"] and kinds["threat_lapsed"]


def test_resting_stands_on_every_menu() -> None:
    for town, beat, moves in towns(5, days=4):
        for listing in market_of(town).listings.values():
            assert isinstance(listing.terms[listing.menu.rest], Rest)
        town.apply(beat, moves)
