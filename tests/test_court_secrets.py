"""What the court may not know never reaches it, and what its seats may not know never reaches them.

Every verdict is worked out again from what everybody saw; worlds that differ in what is sealed are judged alike.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import test_secrets
from courtrooms import COURT, bench, judged, played, swear, tell, trade
from fivepenny import courts
from fivepenny import happenings as hap
from fivepenny.claims import ClaimKind
from fivepenny.clock import Beat
from fivepenny.courts import Oath, Offence
from fivepenny.events import EVERYONE
from fivepenny.market.court_terms import OathTerms
from fivepenny.market.state import Market
from fivepenny.market.terms import TipTerms
from fivepenny.scenario import Scenario
from fivepenny.world import Option
from test_secrets import first_difference, honest, leaky
from towns import act, at_dusk, spoken

SEATS = st.sampled_from(COURT.seat_names)
DAYS = 14


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(1, 300))
def test_every_verdict_follows_from_public_events_alone(seed: int) -> None:
    assert all(judged(*played(seed)))


def test_a_court_that_misses_something_judges_otherwise() -> None:
    assert not all(judged(*played(18), courts.LetterRead))


def trial_of(credence: int, sworn_true: bool) -> tuple[Market, list[object]]:
    """A case in which the seal of the tale, or of an oath, differs; what everybody saw of it."""
    market = bench()
    terms = TipTerms("birch", "rye", ClaimKind.WILL_RISE, None, credence)
    events = act(market, Beat.ADDRESS, amber=terms)
    assert f"{credence} in 100" in events[0].sealed.note
    tell(market, "amber", "clay")
    trade(market, 60, {"birch": 4}, {"amber": 4})
    for day in (2, 3, 4, 5):
        market.log.day = day
        trade(market, 60, {"birch": 1}, {"clay": 1})
    market.emit(EVERYONE, courts.Accused("birch", "amber", "rye", True, 1, Offence.FALSE_REPORT))
    shown = [event.seen for event in at_dusk(market) if event.audience == EVERYONE]
    market.log.day = 6
    said = act(market, Beat.DUSK, clay=OathTerms(1, Oath.TOLD, 0, sworn_true))
    shown += [event.seen for event in (*said, *at_dusk(market)) if event.audience == EVERYONE]
    return market, [item.body for item in shown]


@pytest.mark.parametrize(("credence", "sworn_true"), [(90, True), (0, False), (90, False)])
def test_what_is_sealed_of_a_tale_or_an_oath_changes_no_verdict(credence: int, sworn_true: bool) -> None:
    one, seen = trial_of(0, True)
    other, seen_too = trial_of(credence, sworn_true)
    assert seen == seen_too
    assert one.court is not None and other.court is not None
    assert one.court.standing() == other.court.standing()


def test_what_is_public_does_change_it() -> None:
    market = bench()
    tell(market, "amber", "birch")
    trade(market, 60, {"birch": 4}, {"clay": 4})
    market.emit(EVERYONE, courts.Accused("birch", "amber", "rye", True, 1, Offence.FALSE_REPORT))
    at_dusk(market)
    swear(market)
    (verdict,) = [event.body for event in at_dusk(market) if isinstance(event.body, courts.CaseDecided)]
    assert courts.Item.TRADED not in verdict.items


def test_false_testimony_sounds_as_any_other() -> None:
    market = bench()
    for act_name in ("testify", "perjure"):
        (line,) = spoken(market, "clay", Option("x", act_name))
        assert isinstance(line.body, hap.Said) and line.body.act == "testify" and line.audience == EVERYONE


def with_purse(owner: str, pence: int) -> Scenario:
    """The table with another purse for one seat."""
    seats = tuple(
        seat.model_copy(update={"purse_pence": seat.purse_pence + pence * (seat.name == owner)}) for seat in COURT.seats
    )
    return COURT.model_copy(update={"seats": seats})


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), owner=SEATS, watcher=SEATS, pence=st.integers(1, 5_000))
def test_a_purse_is_secret_at_a_table_with_a_court(seed: int, owner: str, watcher: str, pence: int) -> None:
    if owner == watcher:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(test_secrets, "DAYS", DAYS)
        found = first_difference(COURT, with_purse(owner, pence), seed, watcher, honest)
    assert found is None or found[0] == "events"


def test_a_leaky_builder_is_caught_at_a_table_with_a_court() -> None:
    assert first_difference(COURT, with_purse("brock", 3_000), 3, "tansy", leaky) == ("prompts", 0)


def test_a_letter_is_secret_until_it_is_read_out() -> None:
    """Who has not been told sees nothing of a tale, seized or not, before the hearing."""
    one, other = bench(), bench()
    for market, rises in ((one, True), (other, False)):
        tell(market, "amber", "birch")
        tell(market, "clay", "amber", rises=rises)
        market.emit(EVERYONE, courts.Accused("birch", "amber", "rye", True, 1, Offence.FALSE_REPORT))
    shown = [[event.seen_by("birch") for event in at_dusk(market)] for market in (one, other)]
    assert shown[0] == shown[1]
    assert one.court is not None and other.court is not None
    assert one.court.roll.standing() == other.court.roll.standing()
