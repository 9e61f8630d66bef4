"""The drama of paper: all that is told of it is in the events, no line is told twice, the playbill follows a debt."""

from collections import Counter

from dramas import Made, elements, moments, unfounded, unfounded_variants
from fivepenny import happenings as hap
from fivepenny import papers
from fivepenny.clock import Beat
from fivepenny.drama.moments import KINDS
from fivepenny.drama.narration import load_grammar
from fivepenny.drama.paper import PAPER_MOMENTS
from fivepenny.drama.playbill import loan_rows
from fivepenny.drama.screenplay import Action, build_screenplay
from fivepenny.events import Body
from fivepenny.papers import Cause, Deal
from paper_towns import played

TOLD = frozenset(
    {
        *("countered", "countered_pledge", "lent_on_terms", "lent_on_pledge", "redeemed", "foreclosed"),
        *("foreclosed_whole", "extension_asked", "extended", "paper_offered", "paper_sought", "paper_sold"),
        *("claim_sold", "deal_declined", "deal_off"),
    }
)
SEASONS = [("long-winter", seed, 24, company) for seed in (2, 4, 9) for company in ("null", "understudies")]
SEASONS += [("pinched", 15, 24, "null")]
SEASONS += [("debt", seed, 16, "null") for seed in (1, 2, 3, 4, 5)]


def test_every_kind_of_event_has_its_moments_and_every_moment_its_words() -> None:
    made = {kind for kind in Body.registry.values() if kind.__module__ == "fivepenny.papers"}
    assert PAPER_MOMENTS.keys() == made
    assert KINDS.keys() >= TOLD and all(len(load_grammar()[key]) >= 4 for key in TOLD)


def test_everything_that_can_be_told_of_paper_is_in_the_events_it_cites() -> None:
    """Every variant of every moment, not only those that a screenplay has room for."""
    met: Counter[str] = Counter()
    for season in SEASONS:
        header, events = played(*season)
        for moment in moments(header, events):
            if moment.key not in TOLD:
                continue
            met[moment.key] += 1
            assert unfounded_variants(moment, header, events) == []
    assert len(met) >= len(TOLD) - 3, TOLD - met.keys()


def test_a_pledge_that_is_taken_is_told_with_what_it_came_to() -> None:
    made = Made()
    made.add(hap.Owes(1, "marrow", "tansy", 600, 1))
    body = papers.Foreclosed(1, "marrow", "tansy", 100, 80, "wool", 3, 420, 2)
    number = made.add(body, Beat.DUSK)
    (told,) = [e for e in elements(build_screenplay(made.header, made.events)) if number in e.numbers]
    assert "three" in told.text and "6s 8d" in told.text
    assert unfounded(Action(told.text, told.numbers), tuple(made.events), made.header.scenario.seat_names) == []


def test_a_bargain_that_is_answered_aloud_is_not_told_again() -> None:
    made = Made()
    made.add(papers.PaperOffered(1, "marrow", "brock", "tansy", 600, 9, 500, False), Beat.ADDRESS)
    made.say("marrow", "brock", "cede", "Tansy owes me, and you may have it.", private=True)
    made.log.beat = Beat.ANSWER
    refused = made.add(papers.NotAgreed(Deal.SALE, "brock", "marrow", Cause.DECLINED), Beat.ANSWER)
    told = [e for e in elements(build_screenplay(made.header, made.events)) if isinstance(e, Action)]
    assert not any("Tansy" in action.text for action in told)
    assert [action for action in told if refused in action.numbers]


def test_the_table_of_loans_follows_a_paper() -> None:
    made = Made(days=9)
    first = made.add(hap.Owes(1, "marrow", "tansy", 240, 1))
    given = made.add(papers.Extended(1, "marrow", "tansy", 255, 6), Beat.ANSWER)
    sold = made.add(papers.PaperSold(1, "marrow", "brock", "tansy", 255, 6, 200, False, "", 0), Beat.ANSWER)
    (row,) = loan_rows(made.header, made.events)
    assert row.end == "open; £1 1s 3d on day 6 agreed, day 1; sold to Brock, day 1"
    assert row.events == f"{first}, {given}, {sold}"
