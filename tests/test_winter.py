"""A winter: needs that change with the calendar, a diet that asks for variety, and the audit that knows both."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny import happenings as hap
from fivepenny.arena.season_bench import bench_season
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.drama.screenplay import Action, build_screenplay
from fivepenny.events import EVERYONE, Body, Event
from fivepenny.header import Header
from fivepenny.journal import SeasonFile
from fivepenny.market.larder import Larder, lay_table, need_on
from fivepenny.market.stalls import need_level, spare_units
from fivepenny.scenario import Diet, Good, Scenario, Turn, load_scenario
from fivepenny.stage.audit import audit_season
from fivepenny.stage.audit_larder import LarderAudit
from fivepenny.stage.house import open_house
from fivepenny.stage.lint import scenario_warnings
from fivepenny.stage.rehearsal import rehearse
from seasons import Events, forged
from towns import RYE, SHARE, at_dawn, bodies, of_kind, opened, scenario, seat

WINTER = "long-winter"
FOODS = ("rye", "fish", "kale")
PRICES = {"rye": 60, "fish": 30, "kale": 20}
FISH = Good(name="fish", say="fish", unit="string", units="strings", price_pence=30)
KALE = Good(name="kale", say="kale", unit="basket", units="baskets", price_pence=20)
TURNS = (Turn(good="rye", from_day=5, need_percent=150), Turn(good="rye", from_day=9, need_percent=300))
MEALS = st.fixed_dictionaries({food: st.integers(0, 9) for food in FOODS})


def house(usual: int = 1, **changes: Any) -> Scenario:
    """A scenario in which amber needs rye by the calendar and the others need nothing."""
    return scenario(seat("amber", needs={"rye": usual}), calendar=TURNS, **changes)


def diner(kinds: int = 2, **changes: Any) -> Scenario:
    """A scenario in which amber eats three portions a day."""
    mine = {"eats": 3, "stock": {"rye": 20}} | changes
    diet = Diet(foods=FOODS, kinds=kinds)
    return scenario(seat("amber", **mine), goods=(RYE, FISH, KALE, SHARE), diet=diet)


# --- the calendar ----------------------------------------------------------------------------------------------


@given(usual=st.integers(0, 9), days=st.integers(1, 4))
def test_a_turn_keeps_its_percent_over_its_days_and_no_part_of_a_unit_is_lost(usual: int, days: int) -> None:
    play = house(usual)
    amber = play.seat("amber")
    assert [need_on(play, amber, "rye", day) for day in range(1, 5)] == [usual] * 4
    assert sum(need_on(play, amber, "rye", day) for day in range(5, 5 + days)) == usual * days * 150 // 100
    assert need_on(play, amber, "rye", 40) == 3 * usual
    assert need_on(play, play.seat("birch"), "rye", 40) == 0


def test_dawn_takes_what_the_calendar_asks_and_says_when_it_turns() -> None:
    market = opened(house())
    dawns = {day: at_dawn(market, day) for day in range(2, 10)}
    used = {day: sum(event.body.quantity for event in of_kind(dawn, hap.Consumed)) for day, dawn in dawns.items()}
    turns = {day: event for day, dawn in dawns.items() for event in of_kind(dawn, hap.NeedTurned)}
    assert [used[day] for day in (4, 5, 6, 7, 8, 9)] == [1, 1, 2, 1, 2, 3]
    assert {day: event.body for day, event in turns.items()} == {
        5: hap.NeedTurned("rye", 100, 150),
        9: hap.NeedTurned("rye", 150, 300),
    }
    assert all(event.audience == EVERYONE for event in turns.values())


def test_menus_look_ahead_to_what_the_calendar_will_ask() -> None:
    play = house()
    quiet, soon = opened(play).knowledge["amber"], opened(play).knowledge["amber"]
    for knowledge in (quiet, soon):
        knowledge.stock["rye"] = 5
    soon.day = 8
    assert need_level(soon, "rye") > need_level(quiet, "rye")
    assert spare_units(soon, "rye") < spare_units(quiet, "rye")


# --- the diet --------------------------------------------------------------------------------------------------


@given(stock=MEALS, kinds=st.integers(1, 3), portions=st.integers(3, 9))
def test_every_table_has_its_portions_and_its_kinds(stock: dict[str, int], kinds: int, portions: int) -> None:
    meal = lay_table(Diet(foods=FOODS, kinds=kinds), portions, stock, PRICES)
    held = [food for food in FOODS if stock[food]]
    assert sum(meal.eaten.values()) + sum(meal.missing.values()) == portions
    assert len(meal.eaten.keys() | meal.missing.keys()) >= kinds
    assert all(0 < units <= stock[food] for food, units in meal.eaten.items())
    if sum(stock.values()) >= portions and len(held) >= kinds:
        assert not meal.missing
    if sum(stock.values()) >= portions and len(held) < kinds:
        assert list(meal.missing.values()) == [1] * (kinds - len(held))
        assert not meal.missing.keys() & set(held)


def test_a_table_by_hand() -> None:
    two = Diet(foods=FOODS, kinds=2)
    whole = lay_table(two, 3, {"rye": 5, "fish": 1, "kale": 0}, PRICES)
    assert (whole.eaten, whole.missing) == ({"rye": 2, "fish": 1}, {})
    plain = lay_table(two, 3, {"rye": 5, "fish": 0, "kale": 0}, PRICES)
    assert (plain.eaten, plain.missing) == ({"rye": 2}, {"kale": 1})
    bare = lay_table(two, 3, {"rye": 0, "fish": 0, "kale": 0}, PRICES)
    assert (bare.eaten, bare.missing) == ({}, {"fish": 1, "kale": 2})


def test_a_day_of_one_food_costs_the_hard_price_of_another_in_the_books() -> None:
    market = opened(diner())
    events = at_dawn(market, 2)
    assert [body for body in bodies(events) if isinstance(body, hap.Consumed)] == [hap.Consumed("amber", "rye", 2)]
    (wanted,) = of_kind(events, hap.Wanted)
    assert wanted.body == hap.Wanted("amber", "kale", 1, 32, 0) and wanted.audience == EVERYONE
    assert (market.free("amber"), market.free("amber", "rye")) == (1000 - 32, 18)


def test_who_cannot_pay_for_variety_goes_without_it() -> None:
    (wanted,) = of_kind(at_dawn(opened(diner(purse_pence=31)), 2), hap.Wanted)
    assert wanted.body == hap.Wanted("amber", "kale", 0, 0, 1)


def test_a_second_food_is_wanted_as_long_as_it_is_the_second() -> None:
    larder = Larder(diner(), "amber")
    plain = {"rye": 20, "fish": 0, "kale": 0, "stock": 0}
    assert [larder.takes(food, plain, 1, 4) for food in FOODS] == [12, 4, 4]
    varied = plain | {"fish": 4}
    assert [larder.takes(food, varied, 1, 4) for food in FOODS] == [8, 4, 0]
    assert larder.takes("stock", varied, 1, 4) == 0


def test_menus_want_what_the_table_lacks() -> None:
    knowledge = opened(diner()).knowledge["amber"]
    assert need_level(knowledge, "fish") > need_level(knowledge, "rye")
    knowledge.stock["kale"] = 40
    assert need_level(knowledge, "fish") == 0 and spare_units(knowledge, "kale") > 20


# --- what a scenario without them is -----------------------------------------------------------------------------


def test_a_scenario_that_uses_neither_is_written_as_it_always_was() -> None:
    text = load_scenario("south-sea")[0].model_dump_json()
    assert not any(f'"{key}"' in text for key in ("calendar", "diet", "eats"))
    winter = load_scenario(WINTER)[0].model_dump(mode="json", exclude={"seats": {"__all__": {"mind"}}})
    assert winter["calendar"] and winter["diet"]["kinds"] and all(seat["eats"] for seat in winter["seats"])
    assert not any("mind" in seat for seat in winter["seats"])


# --- the winter that is shipped ----------------------------------------------------------------------------------


def play_winter(path: Path, seed: int, company: str = "understudies") -> Path:
    """A season of the shipped winter."""
    play, news = load_scenario(WINTER)
    header = Header(seed, play.days, play, news, company_references(company, play))
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A winter of players of no intelligence, in which houses run short of everything."""
    return play_winter(tmp_path_factory.mktemp("winter") / "season.db", 1, "null")


def test_nothing_in_it_is_doubtful() -> None:
    assert scenario_warnings(*load_scenario(WINTER)) == ()


@pytest.mark.parametrize(("seed", "company"), [(1, "understudies"), (2, "understudies"), (3, "null")])
def test_the_audit_passes_it(tmp_path: Path, seed: int, company: str) -> None:
    found = audit_season(play_winter(tmp_path / "season.db", seed, company))
    assert found.breaches == () and found.checked["days"] == 30


def test_fuel_grows_dear_as_its_need_rises() -> None:
    early: list[int] = []
    late: list[int] = []
    for seed in range(1, 6):
        for event in rehearse(seed, 30, "understudies", scenario=WINTER).events:
            match event.body:
                case hap.Cleared(good="coal", price_pence=int(price_pence)) if event.day <= 5:
                    early.append(price_pence)
                case hap.Cleared(good="coal", price_pence=int(price_pence)) if 20 <= event.day <= 27:
                    late.append(price_pence)
    assert sum(late) * len(early) > 1.3 * sum(early) * len(late)


def test_the_bench_measures_the_scenario_it_is_given() -> None:
    found = bench_season(1, "null", 3, WINTER)
    assert found["scenario"] == WINTER
    assert any("herring" in row["measure"] for row in found["table"])


def test_the_screenplay_tells_the_turns_and_the_plain_tables(winter: Path) -> None:
    with SeasonFile.open(winter) as file:
        header, events = file.header, tuple(file.events())
    wanted = {event.number for event in events if isinstance(event.body, hap.Wanted | hap.NeedTurned)}
    scenes = build_screenplay(header, events).scenes
    reasons = {reason.what for scene in scenes for reason in scene.reasons if wanted & set(reason.numbers)}
    assert {"every house needs more of a good", "a house sends out for another kind of food"} <= reasons
    texts = [item.text for scene in scenes for item in scene.elements if isinstance(item, Action)]
    assert any("coal" in text for text in texts)


# --- forgeries -----------------------------------------------------------------------------------------------------


def first(events: Events, kind: type[Any], fits: Callable[[Any], bool] = lambda _: True) -> tuple[int, Any]:
    """The place and the body of the first event of a kind whose body fits."""
    return next((n, event.body) for n, event in enumerate(events) if isinstance(event.body, kind) and fits(event.body))


def moving(event: Event, body: Body, asset: str, units: int) -> Event:
    """The event with another body, its one posting changed to fit."""
    (posting,) = event.sealed.postings
    return replace(event, body=body, sealed=replace(event.sealed, postings=((*posting[:5], asset, units),)))


def spare_coal(events: Events) -> Events:
    """A house burned a creel less than the calendar asks, and the books agree."""
    place, body = first(events, hap.Consumed, lambda body: body.good == "coal" and body.quantity > 1)
    less = replace(body, quantity=body.quantity - 1)
    events[place] = moving(events[place], less, "coal", less.quantity)
    return events


def cheap_dish(events: Events) -> Events:
    """What a house lacked was had for less than the hard price."""
    place, body = first(events, hap.Wanted, lambda body: body.paid_pence > 1)
    less = replace(body, paid_pence=body.paid_pence - 1)
    events[place] = moving(events[place], less, "pence", less.paid_pence)
    return events


def other_dish(events: Events) -> Events:
    """A house ate of another food than it had to."""
    place, body = first(events, hap.Consumed, lambda body: body.good == "rye")
    events[place] = moving(events[place], replace(body, good="cheese"), "cheese", body.quantity)
    return events


def milder(events: Events) -> Events:
    """The calendar is said to have turned by less."""
    place, body = first(events, hap.NeedTurned)
    events[place] = replace(events[place], body=replace(body, percent=110))
    return events


def unturned(events: Events) -> Events:
    """A turn of the calendar is kept from everyone."""
    del events[first(events, hap.NeedTurned)[0]]
    return [replace(event, number=number) for number, event in enumerate(events, 1)]


@pytest.mark.parametrize("forge", [spare_coal, cheap_dish, other_dish, milder, unturned])
def test_a_house_that_did_not_keep_the_calendar_or_the_diet_is_found(
    winter: Path, tmp_path: Path, forge: Callable[[Events], Events]
) -> None:
    with SeasonFile.open(winter) as file:
        before = list(file.events())
    after = forge(list(before))
    place = next(n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new)
    found = audit_season(forged(winter, tmp_path / "forged.db", forge))
    named = f"event {after[place].number} ({after[place].body.kind})"
    assert any(breach.startswith(named) and "due" in breach for breach in found.breaches), found.breaches


def test_a_house_that_is_passed_over_is_found() -> None:
    audit = LarderAudit(house())
    closed = hap.DayClosed((), (), ())
    found = [breach for body in (hap.DayOpened("Friday"), closed) for breach in audit.take(dawned(body), held, PRICES)]
    assert len(found) == 1 and "amber" in found[0]
    fed = [hap.DayOpened("Friday"), hap.Consumed("amber", "rye", 1), closed]
    assert not [breach for body in fed for breach in audit.take(dawned(body), held, PRICES)]


def dawned(body: Body) -> Event:
    """An event of the third day, heard by all."""
    return Event(1, 3, Beat.DAWN, EVERYONE, body)


def held(seat: str, asset: str) -> int:
    """Everyone holds twenty of everything."""
    return 20
