"""Seasons with a court: every case comes to its end, the court is alive, and a table without it has none."""

from hypothesis import given, settings
from hypothesis import strategies as st

from courtrooms import COURT, PLAIN, played
from fivepenny import courts
from fivepenny import happenings as hap
from fivepenny.justice import read_records
from fivepenny.market.town import Town
from towns import market_of


def test_without_the_custom_there_is_no_court() -> None:
    town, plain = Town(3, 5, COURT, None), Town(3, 5, PLAIN, None)
    assert market_of(town).court is not None and market_of(plain).court is None
    assert all(knowledge.court is None for knowledge in market_of(plain).knowledge.values())


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(1, 400), company=st.sampled_from(("null", "understudies")))
def test_every_case_is_decided_on_the_morrow_and_adds_up(seed: int, company: str) -> None:
    _, events = played(seed, company)
    opened: dict[int, int] = {}
    for event in events:
        match event.body:
            case courts.CaseOpened(case=case):
                opened[case] = event.day
                assert len(opened) <= courts.MOST_OPEN_CASES
            case courts.CaseDecided(case=case) as body:
                assert opened.pop(case) == event.day - 1
                assert body.guilty is (sum(body.points) >= body.bar)
            case hap.DayClosed():
                assert all(day == event.day for day in opened.values())
            case _:
                pass


def test_the_court_is_alive_and_not_always_right() -> None:
    trials = [trial for seed in range(1, 26) for trial in read_records(played(seed)[1]).trials]
    assert 10 <= len(trials) <= 45
    assert 0 < sum(trial.decided.guilty for trial in trials) < len(trials)
    assert 0 < sum(trial.wrong for trial in trials) < len(trials) // 2
    assert all(bool(trial.cause) is trial.wrong for trial in trials)
