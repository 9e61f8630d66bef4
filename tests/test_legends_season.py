"""Legends in whole seasons: they play, replay and pass the audit, forgeries are found, what comes is unknown."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.arena.crash_bench import bench_crash, deepest_fall, fall_of, medians
from fivepenny.arena.intervals import wilson
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.drama.screenplay import Action, build_screenplay
from fivepenny.errors import WrongUse
from fivepenny.events import EVERYONE, NOTHING_SEALED, Body, Event
from fivepenny.header import Header
from fivepenny.journal import SeasonFile
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.legends import Legend, Unfolded
from fivepenny.scenario import Scenario, load_scenario
from fivepenny.stage.audit import audit_season
from fivepenny.stage.house import open_house, replay
from fivepenny.stage.rehearsal import rehearse_scenario
from seasons import Events, forged
from test_secrets import first_difference, honest

BUBBLE = load_scenario("bubble")[0]
DAYS = 18
SIDE_STORY = Legend.model_validate_json(
    """{"name": "wreck", "asset": "coal", "from_day": 3, "to_day": 5, "chance_percent": 100, "steps": [
    {"does": "whisper", "headline": "A collier is late", "effect": "up", "to": ["quill", "brock"]},
    {"does": "stock", "percent": 30, "days": 4, "after_days": 1},
    {"does": "sellers", "units_percent": 10, "reach_percent": 5, "days": 2, "after_days": 4}]}"""
)
EVERY_STEP = BUBBLE.model_copy(update={"legends": (*BUBBLE.legends, SIDE_STORY)})


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season in which a step of each kind is played."""
    path = tmp_path_factory.mktemp("legends") / "season.db"
    header = Header(2, DAYS, EVERY_STEP, None, company_references("understudies", EVERY_STEP))
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


def events_of(path: Path) -> list[Event]:
    with SeasonFile.open(path) as file:
        return list(file.events())


def test_a_step_of_each_kind_plays_and_the_audit_passes(season: Path) -> None:
    events = events_of(season)
    legends = {legend.name: legend for legend in EVERY_STEP.legends}
    marks = [event.body for event in events if isinstance(event.body, Unfolded)]
    kinds = {legends[mark.legend].steps[mark.step - 1].does for mark in marks}
    assert kinds == {"news", "whisper", "buyers", "sellers", "credit", "call", "stock"}
    assert any(isinstance(event.body, hap.Called) for event in events)
    assert audit_season(season).breaches == ()


def test_it_replays_to_the_same_digest_and_another_seed_begins_elsewhere(season: Path) -> None:
    replay(season)
    begun = set()
    for seed in range(1, 9):
        events = rehearse_scenario(seed, 6, "null", BUBBLE, None).events
        begun.add(next(event.day for event in events if isinstance(event.body, Unfolded)))
    assert begun <= {2, 3, 4, 5} and len(begun) > 1


# --- the audit -----------------------------------------------------------------------------------------------------


def numbered(events: Events) -> Events:
    """Events and their postings numbered as they stand."""
    found, last = [], 0
    for number, event in enumerate(events, 1):
        rows = tuple((last + place, *row[1:]) for place, row in enumerate(event.sealed.postings, 1))
        last += len(rows)
        found.append(replace(event, number=number, sealed=replace(event.sealed, postings=rows)))
    return found


def place_of(events: Events, kind: type[Body], where: Callable[[Any], bool] = lambda _: True) -> int:
    return next(n for n, event in enumerate(events) if isinstance(event.body, kind) and where(event.body))


def changed(kind: type[Body], make: Callable[[Any], Body], where: Callable[[Any], bool] = lambda _: True) -> Any:
    """The first event of a kind that fits, with another body."""

    def forge(events: Events) -> Events:
        place = place_of(events, kind, where)
        events[place] = replace(events[place], body=make(events[place].body))
        return events

    return forge


def without(kind: type[Body], where: Callable[[Any], bool] = lambda _: True) -> Any:
    def forge(events: Events) -> Events:
        place = place_of(events, kind, where)
        return numbered([*events[:place], *events[place + 1 :]])

    return forge


def twice(kind: type[Body]) -> Any:
    def forge(events: Events) -> Events:
        place = place_of(events, kind)
        return numbered([*events[: place + 1], *events[place:]])

    return forge


def unfolded(step: str) -> Callable[[Unfolded], bool]:
    """Whether a mark is that of a step that does this."""
    legends = {legend.name: legend for legend in EVERY_STEP.legends}
    return lambda mark: bool(legends[mark.legend].steps[mark.step - 1].does == step)


def from_town(body: hap.Lent) -> bool:
    return body.lender == OUTSIDE


def called_for_nothing(events: Events) -> Events:
    """A loan between two seats that the town calls in, which no legend lent."""
    place = place_of(events, hap.Called)
    owes = events[place_of(events, hap.Owes)].body
    assert isinstance(owes, hap.Owes)
    body = hap.Called(owes.loan, owes.lender, owes.borrower, owes.owed_pence, events[place].day)
    audience = tuple(sorted((owes.lender, owes.borrower)))
    strange = replace(events[place], body=body, audience=audience, sealed=NOTHING_SEALED)
    return numbered([*events[:place], strange, *events[place:]])


FORGERIES: dict[str, Callable[[Events], Events]] = {
    "another step than was due": changed(Unfolded, lambda body: replace(body, step=body.step + 1)),
    "a step of a legend that there is not": changed(Unfolded, lambda body: replace(body, legend="ghost")),
    "a mark left out": without(Unfolded, unfolded("buyers")),
    "a mark of credit left out": without(Unfolded, unfolded("credit")),
    "a mark twice": twice(Unfolded),
    "other news": changed(hap.News, lambda body: replace(body, headline="The lamp is out")),
    "news of another kind": changed(hap.News, lambda body: replace(body, sort="panic")),
    "a whisper into another ear": changed(hap.Whispered, lambda body: replace(body, seat="tansy"),
                                          lambda body: body.seat == "brock"),
    "a loan due later": changed(hap.Lent, lambda body: replace(body, due_day=body.due_day + 1), from_town),
    "a loan on easier terms": changed(hap.Lent, lambda body: replace(body, owed_pence=body.principal_pence), from_town),
    "a call on another day": changed(hap.Called, lambda body: replace(body, due_day=body.due_day - 1)),
    "a call left out": without(hap.Called),
    "a call for nothing": called_for_nothing,
    "a smaller shock": changed(hap.Struck, lambda body: replace(body, percent=90)),
    "fewer buyers": changed(hap.Ordered, lambda body: replace(body, quantity=body.quantity - 1),
                            lambda body: body.seat == OUTSIDE and body.good == "longwick" and body.quantity > 8),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_legend_is_found(season: Path, tmp_path: Path, forgery: str) -> None:
    found = audit_season(forged(season, tmp_path / "forged.db", FORGERIES[forgery])).breaches
    assert any("legend" in breach for breach in found)


# --- what is to come ------------------------------------------------------------------------------------------------


def short_of(play: Scenario, after_days: int) -> Scenario:
    """The scenario with a legend that ends after so many days."""
    tale = play.legends[0]
    steps = tuple(step for step in tale.steps if step.after_days < after_days)
    return play.model_copy(update={"legends": (tale.model_copy(update={"steps": steps}),)})


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), watcher=st.sampled_from(BUBBLE.seat_names), after=st.integers(1, 4))
def test_no_seat_knows_of_a_step_to_come(seed: int, watcher: str, after: int) -> None:
    found = first_difference(BUBBLE, short_of(BUBBLE, after), seed, watcher, honest)
    assert found is None or found[0] == "events"


def test_the_steps_to_come_do_come() -> None:
    found = first_difference(BUBBLE, short_of(BUBBLE, 1), 3, "tansy", honest)
    assert found is not None and found[0] == "events" and found[1] >= 1


def test_no_seat_knows_that_a_legend_may_come() -> None:
    never = BUBBLE.model_copy(update={"legends": ()})
    for seed in (1, 2, 3):
        found = first_difference(BUBBLE, never, seed, "quill", honest)
        assert found is not None and found[0] == "events"


# --- the crash -----------------------------------------------------------------------------------------------------


def test_wilson_by_hand() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 10)[0] == 0 and wilson(10, 10)[1] == pytest.approx(1)
    with pytest.raises(ValueError):
        wilson(1, 0)


def test_the_deepest_fall_is_that_of_medians_and_of_no_single_day() -> None:
    prices = [100, 100, 100, 10, 100, 100, 300, 200, 200, 200, 90, 100, 100, 110]
    assert medians(prices)[:4] == [100, 100, 100, 100]
    assert deepest_fall(prices) == (8, 12)
    assert deepest_fall([5, 5, 5]) == (3, 3)
    with pytest.raises(ValueError):
        deepest_fall([5, 5])


def test_a_fall_tells_own_orders_from_forced_sales_and_the_town() -> None:
    def day(number: int, price: int | None, *bodies: Body, **sold: int) -> list[Event]:
        cleared = hap.Cleared("lamp", price, sum(sold.values()), (), (), tuple(sold), tuple(sold.values()))
        return [Event(1, number, Beat.MARKET, EVERYONE, body, NOTHING_SEALED) for body in (*bodies, cleared)]

    forced = fail.ForcedSale("vesper", "lamp", 9, 50)
    events = [
        *day(1, 100, quill=9), *day(2, 100), *day(3, None, quill=9), *day(4, 60, quill=2, vesper=3),
        *day(5, 40, forced, quill=1, vesper=4, outside=5), *day(6, 40, vesper=7), *day(7, 45, quill=9),
    ]  # fmt: skip
    fall = fall_of(events, "lamp", 100)
    assert (fall.peak_day, fall.trough_day, fall.peak_pence, fall.trough_pence) == (3, 6, 100, 40)
    assert (fall.own_units, fall.forced_units, fall.outside_units) == (13, 4, 5) and fall.crashed


def test_the_bubble_bursts_and_without_its_legend_there_is_none() -> None:
    found = bench_crash(4, "bubble")
    ours, without_it = found["tables"]["Seasons in which the three-day median falls by half or more"]
    assert ours["crashed"] >= 3 and without_it["crashed"] == 0
    own = next(iter(found["tables"]["Who sold, from peak to trough, in the seasons that crashed with the legends"]))
    assert own["units"] > 0
    with pytest.raises(WrongUse):
        bench_crash(1, "south-sea")


def test_the_screenplay_tells_of_a_call(season: Path) -> None:
    with SeasonFile.open(season) as file:
        play = build_screenplay(file.header, list(file.events()))
        called = {event.number for event in file.events() if isinstance(event.body, hap.Called)}
    actions = [item for scene in play.scenes for item in scene.elements if isinstance(item, Action)]
    told = {number for item in actions for number in item.numbers}
    assert called & told
