"""Aims: what is reached, what is lost, how a season is judged and ends, and that who wants nothing notices nothing."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny import aims
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.aims import PATRON, Goal, Patron, Want
from fivepenny.claims import ClaimKind
from fivepenny.clock import BEATS, Beat
from fivepenny.company.cast import company_references
from fivepenny.company.cues import grade_cue
from fivepenny.company.tape import Tape
from fivepenny.errors import ScenarioError
from fivepenny.events import EVERYONE, Event
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.market.aims_sight import aim_facts, own_worth_pence
from fivepenny.market.state import Market
from fivepenny.market.terms import LoanTerms, ReplyToTip, TipTerms
from fivepenny.market.town import Town
from fivepenny.outcomes import outcome_of
from fivepenny.patron import with_patron
from fivepenny.scenario import Scenario, load_scenario, parse_scenario, shipped_scenarios
from fivepenny.stage.forks import play_on, seat_understudies
from fivepenny.stage.house import assemble, seated
from fivepenny.stage.rehearsal import rehearse_scenario
from fivepenny.world import Move
from insolvents import owes
from patrons import CHRONICLE, chair, with_chair
from towns import act, at_dusk, market_of, of_kind, opened, scenario, seat

AIMS = (aims.WantReached, aims.WantLost, aims.GoalReached, aims.SeasonJudged)


def told(events: tuple[Event, ...]) -> list[Any]:
    """What is said of aims in these events."""
    return [event.body for event in events if isinstance(event.body, AIMS)]


def wanting(*debts: Any, **want: Any) -> Scenario:
    """The small scenario, amber wanting this."""
    return scenario(seat("amber", want=Want(**want)), debts=debts)


# --- reached and lost ---


def test_a_worth_is_reached_at_the_close_of_the_day_on_which_it_is_so_and_once() -> None:
    market = opened(wanting(worth_pence=1000 + 20 * 60 + 40 * 300 + 1))
    assert told(at_dusk(market)) == []
    market.last_pence["rye"] += 1
    assert told(at_dusk(market, 2)) == [aims.WantReached("amber", "worth", 14201, "")]
    assert told(at_dusk(market, 3)) == []
    assert aim_facts(market.knowledge["amber"])[0].level == 9


def test_a_purse_is_coin_in_hand_whoever_lent_it() -> None:
    market = opened(wanting(purse_pence=1500))
    assert told(at_dusk(market)) == []
    terms = LoanTerms("birch", "amber", 500, 550, 9)
    market.grant_loan(terms, market.pay("birch", "amber", 500))
    assert told(at_dusk(market)) == [aims.WantReached("amber", "purse", 1500, "")]


def test_what_must_be_held_is_lost_below_it_and_reached_at_the_end_alone() -> None:
    market = opened(wanting(hold="rye", units=20))
    assert told(at_dusk(market)) == []
    kept = market.fork()
    market.pay("amber", "birch", 1, "rye")
    assert told(at_dusk(market, 2)) == [aims.WantLost("amber", "hold", 20, "rye")]
    market.pay("birch", "amber", 9, "rye")
    assert told(at_dusk(market, 20)) == [aims.SeasonJudged(("amber",), (False,), None)]
    reached = [aims.WantReached("amber", "hold", 20, "rye"), aims.SeasonJudged(("amber",), (True,), None)]
    assert told(at_dusk(kept, 20)) == reached


def test_honour_is_lost_with_the_first_debt_that_is_not_paid() -> None:
    market = opened(wanting(owes("birch", "amber", 900, 1), owes("clay", "amber", 900, 2), honour=True))
    assert told(at_dusk(market, 1)) == []
    events = at_dusk(market, 2)
    assert told(events) == [aims.WantLost("amber", "honour", 0, "")]
    assert [event.audience for event in of_kind(events, aims.WantLost)] == [EVERYONE]
    assert aim_facts(market.knowledge["amber"])[0].level == 0
    assert told(at_dusk(market, 20)) == [aims.SeasonJudged(("amber",), (False,), None)]


def test_to_be_believed_counts_those_who_believed_what_came_true_and_nobody_else() -> None:
    market = opened(wanting(believed=1))
    fall = tipped(market, "clay", "stock", ClaimKind.WILL_FALL)
    rise = tipped(market, "clay", "stock", ClaimKind.WILL_RISE)
    doubted = tipped(market, "birch", "rye", ClaimKind.WILL_RISE)
    act(market, Beat.ANSWER, clay=ReplyToTip(fall, True), birch=ReplyToTip(doubted, False))
    market.last_pence |= {"rye": 90, "stock": 400}
    events = at_dusk(market, 2)
    assert len(of_kind(events, hap.Settled)) == 2 and told(events) == []  # one was doubted, one nobody weighed
    again = tipped(market, "birch", "rye", ClaimKind.WILL_RISE)
    act(market, Beat.ANSWER, birch=ReplyToTip(again, True), clay=ReplyToTip(rise, True))
    market.last_pence["rye"] = 120
    assert told(at_dusk(market, 3)) == [aims.WantReached("amber", "believed", 1, "")]


def tipped(market: Market, hearer: str, good: str, said: ClaimKind) -> hap.Tipped:
    """Amber tells another of a rise or a fall."""
    events = act(market, Beat.ADDRESS, amber=TipTerms(hearer, good, said, None, 0))
    (event,) = of_kind(events, hap.Tipped)
    body: hap.Tipped = event.body
    return body


def test_to_own_and_to_ruin_are_goals() -> None:
    small = scenario(debts=(owes("clay", "birch", 5000, 2),))
    for goal, reached in (
        (Goal(own="rye", units=3), aims.GoalReached(PATRON, "own", 3, "rye", "")),
        (Goal(ruin="birch"), aims.GoalReached(PATRON, "ruin", 0, "", "birch")),
    ):
        market = opened(with_patron(small.model_copy(update={"patron": Patron(purse_pence=600, goal=goal)})))
        assert told(at_dusk(market)) == []
        market.pay("amber", PATRON, 3, "rye")
        assert told(at_dusk(market, 2)) == [reached]


# --- the end ---


def sat(seed: int, days: int, play: Scenario, company: str = "understudies") -> tuple[Event, ...]:
    """A season of this scenario."""
    return rehearse_scenario(seed, days, company, play, CHRONICLE).events


def score_of(play: Scenario, events: tuple[Event, ...]) -> int:
    """The Patron's score the long way round: from the first evening's figures of money, words and failings."""
    assert play.patron
    opening = play.patron.purse_pence + sum(play.good(g).price_pence * n for g, n in play.patron.stock.items())
    seen = [event.body for event in events]
    closing = [body for body in seen if isinstance(body, hap.DayClosed)][-1]
    now = dict(zip(closing.seats, closing.worths_pence, strict=True))[PATRON]
    words = Counter(body.act for body in seen if isinstance(body, hap.Spoken) and body.hearer == PATRON)
    unpaid = sum(isinstance(body, hap.Defaulted) and body.borrower == PATRON for body in seen)
    failed = sum(isinstance(body, fail.Failed) and body.seat == PATRON for body in seen)
    reached = any(isinstance(body, aims.GoalReached) for body in seen)
    spoken = 2 * words["thank"] - 2 * words["needle"] - 2 * words["turn"]
    return (now - opening) * 100 // opening + spoken - 20 * unpaid - 30 * failed + 50 * reached


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("company", ["understudies", "null"])
def test_the_score_is_what_the_events_make_it(seed: int, company: str) -> None:
    play = with_patron(chair())
    events = sat(seed, 20, play, company)
    (judged,) = [body for body in told(events) if isinstance(body, aims.SeasonJudged)]
    assert judged.score == score_of(play, events)
    assert judged.seats == play.seat_names
    outcome = outcome_of(play, events)
    assert tuple(row.end == "reached" for row in outcome.rows) == judged.reached
    assert outcome.score == judged.score


def test_a_season_ends_with_a_goal_that_ends_it_and_with_no_other() -> None:
    goal = "worth_pence = 18200"
    for ends in (False, True):
        play = with_patron(chair(f"{goal}\nends = {str(ends).lower()}"))
        events = sat(3, 30, play)
        (day,) = [event.day for event in events if isinstance(event.body, aims.GoalReached)]
        assert day < 20
        assert events[-1].day == (day if ends else 30)
        assert [event.day for event in events if isinstance(event.body, aims.SeasonJudged)] == [events[-1].day]


def test_a_fork_that_goes_on_after_the_end_is_judged_once() -> None:
    town = Town(1, 3, with_patron(chair()), CHRONICLE)
    judged = 0
    for day in range(1, 6):
        for beat in BEATS:
            if day == 2 and beat is Beat.DUSK:
                town = town.fork()
            moves = {seat: Move((menu.rest,)) for seat, menu in town.menus(beat).items()}
            judged += sum(isinstance(event.body, aims.SeasonJudged) for event in town.apply(beat, moves))
    assert judged == 1


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), company=st.sampled_from(["understudies", "null"]))
def test_an_aim_is_settled_once_and_what_lasts_at_the_end_alone(seed: int, company: str) -> None:
    play = with_patron(chair())
    events = sat(seed, 12, play, company)
    names = [body.seat for body in told(events) if not isinstance(body, aims.SeasonJudged)]
    assert len(set(names)) == len(names)
    for event in of_kind(events, aims.WantReached):
        assert event.body.sort not in ("hold", "honour") or event.day == 12


# --- who sees what ---


def test_a_seat_sees_how_near_it_is_and_its_own_books_are_right() -> None:
    play = with_patron(chair())
    town = Town(4, 30, play, CHRONICLE)
    for _ in range(8):
        for beat in BEATS:
            moves = {seat: Move((menu.phrases[0],)) for seat, menu in town.menus(beat).items()}
            town.apply(beat, moves)
        worths = market_of(town).worths()
        for name in play.aims:
            knowledge = market_of(town).knowledge[name]
            assert own_worth_pence(knowledge) == worths[name]
            (fact,) = [fact for fact in town.observe(name, Beat.ADDRESS).standing if fact.key == "aim"]
            assert 0 <= fact.level <= 9


@settings(max_examples=6, deadline=None)
@given(name=st.sampled_from(shipped_scenarios()), seed=st.integers(1, 300))
def test_what_a_seat_reckons_itself_worth_is_what_it_is_judged_by(name: str, seed: int) -> None:
    """Beat by beat, with deposits, hires, pledges and unpaid claims among what it has."""
    found, chronicle = load_scenario(name)
    play = with_patron(found)
    town = Town(seed, play.days, play, chronicle)
    known, beat = market_of(town).knowledge, None
    for event in play_on(town, seat_understudies(play), seed, 15):
        if event.beat is beat:
            continue
        beat = event.beat
        assert {who: own_worth_pence(known[who]) for who in play.aims} == {
            who: pence for who, pence in market_of(town).worths().items() if who in play.aims
        }


def test_who_wants_nothing_is_shown_what_it_was_shown() -> None:
    plain, wanted = scenario(), wanting(purse_pence=9000)
    for name in ("amber", "birch"):
        cues = []
        for play in (plain, wanted):
            town = Town(1, 20, play, None)
            town.apply(Beat.DAWN, {})
            menu = town.menus(Beat.ADDRESS)[name]
            cues.append(grade_cue(town.observe(name, Beat.ADDRESS), menu))
        assert (cues[0] == cues[1]) == (name == "birch")


def digest_of(play: Scenario, days: int = 5) -> str:
    header = Header(2, days, play, CHRONICLE, company_references("understudies", play))
    with SeasonFile.create(IN_MEMORY, header) as file:
        for _ in assemble(file, seated(header, {}), Tape(), None).beats():
            pass
        return file.digest


def test_an_empty_chair_changes_nothing() -> None:
    plain = chair(wants={}).model_copy(update={"patron": None})
    assert digest_of(chair(wants={})) == digest_of(plain)
    assert digest_of(with_patron(chair(wants={}))) != digest_of(plain)
    assert digest_of(chair()) != digest_of(plain)


# --- what a file may say ---


@pytest.mark.parametrize(
    ("goal", "wants", "fault"),
    [
        ("ends = true", {}, "says nothing"),
        ('worth_pence = 9\nruin = "quill"', {}, "several"),
        ('own = "gold"', {}, "'gold' is not one of"),
        ('ruin = "patron"', {}, "'patron' is not one of"),
        ("worth_pence = 9\nunits = 4", {}, "units"),
        ("worth_pence = 0", {}, "greater"),
        ("worth_pence = 9", {"quill": 'hold = "gold"'}, "'gold'"),
        ("worth_pence = 9", {"quill": "honour = false"}, "says nothing"),
        ("worth_pence = 9", {"quill": "believed = 2\nhonour = true"}, "several"),
    ],
)
def test_what_cannot_be_wanted_is_refused(goal: str, wants: dict[str, str], fault: str) -> None:
    with pytest.raises(ScenarioError, match=fault):
        chair(goal, wants)


def test_the_chair_is_the_patrons_alone_and_its_stock_is_of_goods() -> None:
    text = with_chair(wants={})
    with pytest.raises(ScenarioError, match="chair of its own"):
        parse_scenario(text.replace('"tansy"', '"patron"'), "x.toml")
    with pytest.raises(ScenarioError, match="'gold'"):
        parse_scenario(text.replace("{ southsea = 10 }", "{ gold = 10 }"), "x.toml")
