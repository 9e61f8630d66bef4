"""The drama of not paying: what is told of failings and estates is in the events, and what matters is told."""

from collections import Counter

import pytest

from dramas import Made, elements, moments, unfounded, unfounded_variants
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.drama.playbill import loan_rows
from fivepenny.drama.screenplay import Action, build_screenplay
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.stage.house import open_house
from insolvents import deep_in_debt


def played(seed: int) -> tuple[Header, tuple[Event, ...]]:
    play = deep_in_debt(seed)
    header = Header(seed, 16, play, None, company_references("null", play))
    with SeasonFile.create(IN_MEMORY, header) as file:
        with open_house(file) as (season, _):
            for _ in season.beats():
                pass
        return header, tuple(file.events())


def test_everything_that_can_be_told_of_failings_is_in_the_events_it_cites() -> None:
    """Every variant of every moment, not only those that a screenplay has room for."""
    met: Counter[str] = Counter()
    for seed in range(1, 7):
        header, events = played(seed)
        for moment in moments(header, events):
            met[moment.key] += 1
            assert unfounded_variants(moment, header, events) == []
    told = {"default", "default_called", "failed", "forced_sale", "estate_paid", "claim_lost", "discharged_lost"}
    assert told | {"discharged_paid"} <= met.keys()


def test_who_is_pulled_down_is_told_with_who_did_it() -> None:
    made = Made()
    made.add(hap.Owes(1, "marrow", "tansy", 2640, 1))
    made.add(hap.Defaulted(1, "marrow", "tansy", 0, 2640), Beat.DUSK)
    made.add(hap.Defaulted(2, "brock", "marrow", 100, 380), Beat.DUSK)
    made.add(fail.Failed("tansy", 1, "", 2640), Beat.DUSK)
    number = made.add(fail.Failed("marrow", 2, "tansy", 380), Beat.DUSK)
    told = [e for e in elements(build_screenplay(made.header, made.events)) if number in e.numbers]
    assert len(told) == 1 and "Marrow" in told[0].text and "Tansy" in told[0].text
    assert unfounded(Action(told[0].text, told[0].numbers), tuple(made.events), made.header.scenario.seat_names) == []


@pytest.mark.parametrize(("sellers", "sold", "key"), [(("quill",), (2,), "forced_sale"), ((), (), "forced_unsold")])
def test_a_forced_sale_is_told_as_one(sellers: tuple[str, ...], sold: tuple[int, ...], key: str) -> None:
    made = Made()
    made.add(fail.ForcedSale("quill", "wool", 4, 66), Beat.MARKET)
    made.add(hap.Ordered("brock", "buy", "wool", 2, 90), Beat.MARKET, ("brock",))
    buyers = ("brock",) if sold else ()
    made.add(hap.Cleared("wool", 70 if sold else None, sum(sold), buyers, sold, sellers, sold), Beat.MARKET)
    found = [moment.key for moment in moments(made.header, tuple(made.events))]
    assert key in found and "first_trade" not in found and "unfilled" not in found


def test_the_table_of_loans_says_what_came_of_a_default() -> None:
    made = Made(days=9)
    for loan, lender in ((1, "marrow"), (2, "brock")):
        made.add(hap.Owes(loan, lender, "tansy", 240, 1))
        made.add(hap.Defaulted(loan, lender, "tansy", 0, 240), Beat.DUSK)
    first = made.add(fail.EstatePaid("tansy", (1, 2), ("marrow", "brock"), (120, 120), 240), Beat.DUSK)
    made.add(fail.EstatePaid("tansy", (1,), ("marrow",), (120,), 120), Beat.DUSK)
    last = made.add(fail.ClaimLost(2, "brock", "tansy", 120), Beat.DUSK)
    paid, lost = loan_rows(made.header, made.events)
    assert paid.end == "default, day 1: £1 unpaid; £1 paid since"
    assert lost.end == "default, day 1: £1 unpaid; 10s paid since; 10s lost"
    assert lost.failed and lost.events.endswith(f"{first}, {last}")
