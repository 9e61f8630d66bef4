"""What a mind may not know never reaches its prompt: worlds that differ in one secret look the same to others.

Two worlds are played side by side by the same players. For a seat that may not know the secret, everything it is
asked, menus and prompts in both wordings, is byte-identical until an event that it may see differs.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny.clock import Beat
from fivepenny.company import cues, prose
from fivepenny.company.players import Asked, Player, WrappedPlayer
from fivepenny.company.tape import Tape
from fivepenny.events import Event
from fivepenny.happenings import Whispered
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.scenario import Scenario, load_scenario
from fivepenny.stage.house import assemble, seated
from fivepenny.world import Menu, Observation
from insolvents import deep_in_debt

SCENARIO, CHRONICLE = load_scenario("south-sea")
DAYS = 6
Built = list[tuple[int, str, tuple[str, ...]]]
Builder = Callable[[Scenario, Observation, Menu], str]


def shown(menu: Menu) -> str:
    """A menu but for the numbers of the events that its slots cite: these are the log's, and no prompt has them."""
    return repr(
        [replace(option, past={name: past.text for name, past in option.past.items()}) for option in menu.options]
    )


def honest(scenario: Scenario, observation: Observation, menu: Menu) -> str:
    """Everything that a mind in this seat could be sent."""
    return "\n".join(
        (
            cues.grade_cue(observation, menu),
            prose.system_text(scenario.seat(observation.seat)),
            prose.turn_text(observation, menu, 8),
            shown(menu),
        )
    )


def leaky(scenario: Scenario, observation: Observation, menu: Menu) -> str:
    """The positive control: a builder that looks into another's purse."""
    return honest(scenario, observation, menu) + str(scenario.seat("brock").purse_pence)


class Watched(WrappedPlayer):
    """A player whose prompts are kept before it is asked."""

    def __init__(self, player: Player, keep: Callable[[Observation, Menu], None]) -> None:
        super().__init__(player)
        self._keep = keep

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        self._keep(observation, menu)
        return self._player.ask_moves(observation, menu, seed)


def play(scenario: Scenario, seed: int, watcher: str, build: Builder) -> Iterator[tuple[list[str], list[Any]]]:
    """Beat by beat: what the watcher was sent, and what it saw happen."""
    minds = {seat: f"understudy:{seat}" for seat in scenario.seat_names}
    with SeasonFile.create(IN_MEMORY, Header(seed, DAYS, scenario, CHRONICLE, minds)) as file:
        sent: list[str] = []
        chairs = seated(file.header, {})
        player = chairs[watcher].player
        assert player is not None
        chairs[watcher] = replace(
            chairs[watcher], player=Watched(player, lambda view, menu: sent.append(build(scenario, view, menu)))
        )
        for beat in assemble(file, chairs, Tape(), None).beats():
            yield list(sent), [event.seen_by(watcher).body for event in beat.events if event.seen_by(watcher)]
            sent.clear()


def first_difference(one: Scenario, other: Scenario, seed: int, watcher: str, build: Builder) -> tuple[str, int] | None:
    """Whether prompts or events differ first, and after how many prompts; None where nothing ever differs."""
    prompts = 0
    for (sent, seen), (sent_too, seen_too) in zip(
        play(one, seed, watcher, build), play(other, seed, watcher, build), strict=True
    ):
        if sent != sent_too:
            return "prompts", prompts
        prompts += len(sent)
        if seen != seen_too:
            return "events", prompts
    return None


def with_secret(seat: str, pence: int, good: str, units: int, plain: Scenario = SCENARIO) -> Scenario:
    """A scenario with another purse and stock for one seat."""
    seats = tuple(
        item.model_copy(
            update={
                "purse_pence": item.purse_pence + pence,
                "stock": {**item.stock, good: item.stock.get(good, 0) + units},
            }
        )
        if item.name == seat
        else item
        for item in plain.seats
    )
    return plain.model_copy(update={"seats": seats})


SEATS = st.sampled_from(SCENARIO.seat_names)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    owner=SEATS,
    watcher=SEATS,
    pence=st.integers(1, 5_000),
    good=st.sampled_from(SCENARIO.good_names),
    units=st.integers(0, 9),
)
def test_a_purse_and_a_stock_are_secret(seed: int, owner: str, watcher: str, pence: int, good: str, units: int) -> None:
    if owner == watcher:
        return
    # The seat's own stock keeps its place in the file, so that only the figures differ.
    found = first_difference(SCENARIO, with_secret(owner, pence, good, units), seed, watcher, honest)
    assert found is None or found[0] == "events"


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), owner=SEATS, watcher=SEATS, pence=st.integers(1, 5_000))
def test_a_purse_is_secret_among_those_who_cannot_pay(seed: int, owner: str, watcher: str, pence: int) -> None:
    """What a failing lets the town see of a purse, it sees in events."""
    if owner == watcher:
        return
    one = deep_in_debt(seed % 8)
    other = with_secret(owner, pence, "coal", 0, one)
    found = first_difference(one, other, seed, watcher, honest)
    assert found is None or found[0] == "events"


def test_the_property_has_something_to_look_at() -> None:
    found = first_difference(SCENARIO, with_secret("brock", 3_000, "coal", 9), 3, "tansy", honest)
    assert found is not None and found[0] == "events" and found[1] >= 1


def test_a_leaky_builder_is_caught() -> None:
    found = first_difference(SCENARIO, with_secret("brock", 3_000, "coal", 0), 3, "tansy", leaky)
    assert found == ("prompts", 0)


def test_the_owner_itself_sees_the_difference() -> None:
    found = first_difference(SCENARIO, with_secret("brock", 3_000, "coal", 0), 3, "brock", honest)
    assert found is not None and found[0] in ("events", "prompts")


def tampered(monkeypatch: pytest.MonkeyPatch, truth: int) -> list[tuple[list[str], list[Any]]]:
    """A season in which every shock that is whispered about is true, or none is."""
    monkeypatch.setattr("fivepenny.market.flows.SHOCK_TRUE_PERCENT", truth)
    scenario = SCENARIO.model_copy(update={"shock_percent": 100})
    return list(play(scenario, 7, "quill", honest))


def test_the_truth_of_a_claim_is_secret_until_it_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    all_true, none_true = tampered(monkeypatch, 100), tampered(monkeypatch, 0)
    heard = prompts = 0
    for (sent, seen), (sent_too, seen_too) in zip(all_true, none_true, strict=True):
        assert sent == sent_too
        prompts += len(sent)
        heard += sum(isinstance(body, Whispered) for body in seen)
        if seen != seen_too:
            break
    else:
        pytest.fail("the truths never came out: the two worlds were the same")
    assert prompts >= 2 and heard + prompts > 2


def test_an_aside_is_secret(tmp_path: Path) -> None:
    """The log holds an aside in a sealed part, and no seat sees it, the one that thought it included."""
    from fivepenny.market.town import Town
    from fivepenny.world import Move

    def day_of(aside: str) -> tuple[list[Event], list[str]]:
        town = Town(5, 3, SCENARIO, CHRONICLE)
        events: list[Event] = []
        sent: list[str] = []
        for _ in range(2):
            for beat in Beat:
                menus = town.menus(beat)
                sent += [honest(SCENARIO, town.observe(seat, beat), menu) for seat, menu in menus.items()]
                moves = {seat: Move((menu.phrases[0],), aside=aside) for seat, menu in menus.items()}
                events += town.apply(beat, moves)
        return events, sent

    events, sent = day_of("He will not pay.")
    others, sent_too = day_of("He will pay twice.")
    assert sent == sent_too
    assert any(event.sealed.aside == "He will not pay." for event in events)
    assert all("not pay" not in repr(event.seen_by(seat)) for event in events for seat in SCENARIO.seat_names)
    assert len(events) == len(others)
