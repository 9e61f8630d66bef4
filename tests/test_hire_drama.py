"""The drama of hires: what is told of them is in the events, and what matters is told."""

from collections import Counter

from dramas import Made, elements, moments, unfounded, unfounded_variants
from fivepenny import happenings as hap
from fivepenny import hires
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.drama.hire import MOMENTS
from fivepenny.drama.narration import fill, load_grammar
from fivepenny.drama.playbill import loan_rows
from fivepenny.drama.screenplay import Action, build_screenplay
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.scenario import Scenario
from fivepenny.stage.house import open_house
from hirers import owing, short_of_money, with_custom
from quiet_tables import quiet_table

TWO = ("marrow", "vesper")
HIRES = (*MOMENTS, hires.ForcedPurchase)
SEASONS = [
    *((seed, short_of_money("bubble")) for seed in (17, 39)),
    (15, short_of_money("south-sea")), (36, short_of_money("south-sea")), (56, owing("south-sea", 56)),
    (1, with_custom("long-winter")),
]  # fmt: skip


def played(seed: int, play: Scenario) -> tuple[Header, tuple[Event, ...]]:
    header = Header(seed, play.days, play, quiet_table(play.name)[1], company_references("understudies", play))
    with SeasonFile.create(IN_MEMORY, header) as file:
        with open_house(file) as (season, _):
            for _ in season.beats():
                pass
        return header, tuple(file.events())


def test_everything_that_can_be_told_of_hires_is_in_the_events_it_cites() -> None:
    """Every variant of every moment, not only those that a screenplay has room for."""
    met: Counter[str] = Counter()
    for seed, play in SEASONS:
        header, events = played(seed, play)
        for moment in moments(header, events):
            if not any(isinstance(event.body, HIRES) for event in events if event.number in moment.numbers):
                continue
            met[moment.key] += 1
            assert unfounded_variants(moment, header, events) == []
    told = {"hired", "hire_declined", "hire_recalled", "brought_back", "hire_overdue", "margin_met", "bought_in"}
    assert told | {"squeeze", "hire_closed", "hire_unanswered"} <= met.keys()


def test_every_event_of_a_hire_is_sifted_but_the_freeing_of_a_margin() -> None:
    """A forced purchase is sifted with its auction."""
    kinds = {kind for kind in vars(hires).values() if isinstance(kind, type) and kind.__module__ == hires.__name__}
    assert kinds - MOMENTS.keys() == {hires.MarginFreed, hires.ForcedPurchase}


def bought_in(price_pence: int | None) -> list[str]:
    made = Made()
    made.add(hires.ForcedPurchase("quill", "wool", 4, 198), Beat.MARKET)
    traded = (("quill",), (4,), ("brock",), (4,)) if price_pence else ((), (), (), ())
    made.add(hap.Cleared("wool", price_pence, 4 if price_pence else 0, *traded), Beat.MARKET)
    return [moment.key for moment in moments(made.header, tuple(made.events))]


def test_a_forced_purchase_is_told_by_its_price_and_nothing_else_of_its_auction() -> None:
    """Wool opens at 132."""
    assert bought_in(140)[1:] == ["bought_in"] and bought_in(None)[1:] == ["buy_in_missed"]
    made = Made()
    made.add(hap.Cleared("wool", 132, 1, ("brock",), (1,), ("quill",), (1,)), Beat.MARKET)
    made.add(hires.ForcedPurchase("quill", "wool", 4, 198), Beat.MARKET)
    number = made.add(hap.Cleared("wool", 150, 4, ("quill",), (4,), ("brock",), (4,)), Beat.MARKET)
    found = [moment for moment in moments(made.header, tuple(made.events)) if number in moment.numbers]
    assert [moment.key for moment in found] == ["squeeze"] and found[0].words["was"].text == "11s"


def test_a_margin_that_cannot_be_met_is_told_with_what_was_laid_down() -> None:
    made = Made()
    number = made.add(hires.MarginCalled(1, *TWO, "tin", 240, 120), Beat.DUSK, TWO)
    (told,) = [moment for moment in moments(made.header, tuple(made.events)) if number in moment.numbers]
    assert told.key == "margin_short" and told.words["met"].text == "10s"


def test_a_hire_that_came_to_nothing_is_told_with_who_was_short() -> None:
    made = Made()
    number = made.add(hires.HireFellThrough(*TWO, "tin", 4, "vesper"), Beat.ANSWER, TWO)
    (told,) = [moment for moment in moments(made.header, tuple(made.events)) if number in moment.numbers]
    for variant in load_grammar()[told.key]:
        action = Action(fill(variant, told.words), told.numbers)
        assert unfounded(action, tuple(made.events), made.header.scenario.seat_names) == [] and "Vesper" in action.text


def test_a_debt_for_hired_goods_stands_in_the_table_of_loans_and_is_told_when_it_is_not_paid() -> None:
    made = Made(days=9)
    first = made.add(hires.HireClosed(1, *TWO, "tin", 4, 200, 0, 1, 480, 1), Beat.DUSK, TWO)
    last = made.add(hap.Defaulted(1, *TWO, 240, 240), Beat.DUSK)
    (row,) = loan_rows(made.header, made.events)
    assert (row.lent, row.failed, row.events) == ("for hired goods, day 1", True, f"{first}, {last}")
    told = [e for e in elements(build_screenplay(made.header, made.events)) if last in e.numbers]
    assert told and first in told[0].numbers
